"""Results on disk: what is written into a study's database (`database.py`) and read from it, every finished run at once.

| table        | one row                                                                                  |
|--------------|------------------------------------------------------------------------------------------|
| runs         | a run, under its key: status, figures, and the history as float64 bytes with its columns |
| plan         | a run of the study as last started: key, arm, dataset, seed, and what it is for          |
| record       | what the report needs besides: the study, its contrasts, times (JSON under a name)       |
| environments | a machine with its library versions; runs refer to it                                    |

Results of an earlier version of the study or its sources stay in the file under their own keys and are not shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .database import FIGURES, Database
from .outcome import Outcome, Validated
from .planning import Job

if TYPE_CHECKING:
    import pandas as pd

FINAL = ("done", "diverged")
"""Statuses that are results. Failed and timed-out runs have none: a second start tries them again."""


class Store(Database):
    """The results of one study. Used by one thread; a context manager that closes the file."""

    def environment(self, facts: dict[str, str]) -> int:
        """The number of an environment, noted when first met."""
        text = json.dumps(facts, sort_keys=True)
        with self.explained():
            self.connection.execute("INSERT OR IGNORE INTO environments (json) VALUES (?)", (text,))
            return int(self.connection.execute("SELECT id FROM environments WHERE json = ?", (text,)).fetchone()[0])

    def set_plan(self, jobs: Sequence[Job]) -> None:
        """Replace the plan."""
        rows = [(position, job.key, job.arm, job.dataset, job.task, job.metric, job.seed, job.purpose) for position, job in enumerate(jobs)]
        with self.explained():
            self.connection.execute("BEGIN")
            self.connection.execute("DELETE FROM plan")
            self.connection.executemany("INSERT INTO plan VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self.connection.execute("COMMIT")

    def set_record(self, **values: Any) -> None:
        """Note things under their names, as JSON."""
        with self.explained():
            rows = [(name, json.dumps(value)) for name, value in values.items()]
            self.connection.executemany("INSERT OR REPLACE INTO record VALUES (?, ?)", rows)

    def record(self, name: str) -> Any:
        """What is noted under a name, None if nothing is."""
        with self.explained():
            row = self.connection.execute("SELECT json FROM record WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def finished(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys that have a result."""
        with self.explained():
            rows = self.connection.execute(f"SELECT run FROM runs WHERE status IN {FINAL}").fetchall()  # noqa: S608  our own constant
        return {str(row[0]) for row in rows} & set(keys)

    def validated(self, keys: Iterable[str]) -> dict[str, Validated]:
        """How those of the keys that have a result did on validation rows."""
        wanted = set(keys)
        query = f"SELECT run, status, validation_metric, chance_validation_metric FROM runs WHERE status IN {FINAL}"  # noqa: S608  as above
        with self.explained():
            return {str(row[0]): Validated(row[1], *_numbers(row[2:])) for row in self.connection.execute(query) if row[0] in wanted}

    def add(self, job: Job, outcome: Outcome, environment: int) -> None:
        """Write one run, at once."""
        figures: dict[str, float] = outcome.figures or {}
        history = None if outcome.history is None else np.ascontiguousarray(outcome.history, np.float64).tobytes()
        row = (
            job.key, job.recipe.model_dump_json(), job.dataset, job.task, job.metric, job.seed, outcome.status, outcome.message, outcome.epochs,
            outcome.updates, outcome.best_epoch, outcome.seconds, *(figures.get(name) for name in FIGURES), outcome.chance_metric,
            outcome.chance_validation_metric, outcome.parameters_digest, json.dumps(outcome.columns), history, environment,
        )  # fmt: skip
        with self.explained():
            self.connection.execute(INSERT if outcome.status in FINAL else INSERT_UNLESS_THERE, row)

    def counts(self) -> dict[str, int]:
        """How many runs of the plan have each status, those that are there."""
        return self._counts("coalesce(runs.status, 'pending')")

    def purposes(self) -> dict[str, int]:
        """How many runs of the plan have each purpose, in its order."""
        return self._counts("plan.purpose")

    def _counts(self, what: str) -> dict[str, int]:
        query = f"SELECT {what}, count(*) FROM plan LEFT JOIN runs ON runs.run = plan.run GROUP BY 1 ORDER BY min(plan.position)"  # noqa: S608
        with self.explained():
            return dict(self.connection.execute(query).fetchall())

    def failures(self) -> dict[str, int]:
        """Why runs of the plan failed, and how many for each reason, the most frequent first."""
        query = f"""SELECT runs.message, count(*) FROM plan JOIN runs ON runs.run = plan.run WHERE runs.status NOT IN {FINAL}
            GROUP BY 1 ORDER BY 2 DESC, min(plan.position)"""  # noqa: S608
        with self.explained():
            return dict(self.connection.execute(query).fetchall())

    def fingerprint(self) -> str:
        """A hash of the plan with its results and of everything noted. Figures and history are not read: a run's key and its time stand for them."""
        ended = ", ".join(f"runs.{name}" for name in ("status", "message", "seconds", "parameters_digest", "environment", "finished"))
        results = f"SELECT plan.*, {ended} FROM plan LEFT JOIN runs ON runs.run = plan.run ORDER BY plan.position"  # noqa: S608
        digest = hashlib.sha256()
        with self.explained():
            for query in (results, "SELECT * FROM record ORDER BY name", "SELECT * FROM environments ORDER BY id"):
                for row in self.connection.execute(query):
                    digest.update(repr(row).encode())
        return digest.hexdigest()

    def runs(self) -> pd.DataFrame:
        """The runs that are compared, with their results; status `pending` where there is none yet."""
        return self._runs("plan.purpose = ''").drop(columns="purpose")

    def runs_for(self, *purposes: str) -> pd.DataFrame:
        """The runs with one of these purposes, which stands in a last column."""
        return self._runs(f"plan.purpose IN ({', '.join('?' * len(purposes))})", purposes)

    def _runs(self, where: str, values: Sequence[str] = ()) -> pd.DataFrame:
        import pandas as pd

        query = f"""SELECT plan.run, plan.arm, plan.dataset, plan.task, plan.metric, plan.seed, coalesce(runs.status, 'pending') AS status,
            {", ".join(f"runs.{name}" for name in SHOWN[1:])}, plan.purpose FROM plan LEFT JOIN runs ON runs.run = plan.run
            WHERE {where} ORDER BY plan.position"""  # noqa: S608
        with self.explained():
            cursor = self.connection.execute(query, values)
            rows = cursor.fetchall()
        frame = pd.DataFrame(rows, columns=pd.Index([column[0] for column in cursor.description]))
        frame["message"] = frame["message"].fillna("")
        return frame.astype(dict.fromkeys([*FIGURES, "chance_metric", "seconds"], float))

    def epochs(self, dataset: str | None = None) -> pd.DataFrame:
        """Every epoch of every compared run that was looked at, one row each; of one dataset, if it is named."""
        import pandas as pd

        query = f"""SELECT plan.run, plan.arm, plan.dataset, plan.seed, runs.columns, runs.history FROM plan JOIN runs ON runs.run = plan.run
            WHERE plan.purpose = '' AND runs.history IS NOT NULL {"" if dataset is None else "AND plan.dataset = ?"} ORDER BY plan.position"""  # noqa: S608
        with self.explained():
            rows = self.connection.execute(query, () if dataset is None else (dataset,)).fetchall()
        groups: dict[str, list[tuple[Any, ...]]] = {}
        for row in rows:
            groups.setdefault(row[4], []).append(row)
        return pd.concat([_long(json.loads(columns), group) for columns, group in groups.items()], ignore_index=True) if groups else pd.DataFrame()

    def environment_of_runs(self) -> list[dict[str, str]]:
        """The environments in which the plan's runs were made."""
        query = (
            """SELECT DISTINCT environments.json FROM plan JOIN runs ON runs.run = plan.run JOIN environments ON environments.id = runs.environment"""
        )
        with self.explained():
            return [json.loads(row[0]) for row in self.connection.execute(query).fetchall()]


SHOWN = ("status", "message", "epochs", "updates", "best_epoch", "seconds", *FIGURES, "chance_metric", "parameters_digest")
HIDDEN = ("chance_validation_metric",)
"""For trials only: a store that cannot be written, of an earlier version, is shown without it."""
COLUMNS = ("run", "recipe", "dataset", "task", "metric", "seed", *SHOWN[:-1], *HIDDEN, SHOWN[-1], "columns", "history", "environment")
INSERT = f"INSERT OR REPLACE INTO runs ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608  our own constants
INSERT_UNLESS_THERE = INSERT.replace("REPLACE", "IGNORE")
"""A failure never replaces a result."""


def _numbers(values: Iterable[float | None]) -> list[float]:
    """What SQLite gives back: it has no NaN."""
    return [float("nan") if value is None else value for value in values]


def _long(columns: list[str], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Runs that recorded the same columns, as one long table."""
    import pandas as pd

    histories = [np.frombuffer(row[5], np.float64).reshape(-1, len(columns)) for row in rows]
    frame = pd.DataFrame(np.concatenate(histories), columns=pd.Index(columns))
    lengths = [len(history) for history in histories]
    for position, name in enumerate(("run", "arm", "dataset", "seed")):
        frame.insert(position, name, np.repeat(np.array([row[position] for row in rows], dtype=object), lengths))
    return frame.astype({"epoch": int, "seed": int})
