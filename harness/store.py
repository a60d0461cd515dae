"""Results on disk: one SQLite file a study, in which every finished run is written at once.

| table        | one row                                                                                  |
|--------------|------------------------------------------------------------------------------------------|
| runs         | a run, under its key: status, figures, and the history as float64 bytes with its columns |
| plan         | a run of the study as last started: key, arm, dataset, seed, and what it is for          |
| record       | what the report needs besides: the study, its contrasts, times (JSON under a name)       |
| environments | a machine with its library versions; runs refer to it                                    |

Write-ahead logging with synchronous NORMAL: 0.07 ms a run, and whatever kills the process loses at most the runs under way. Results of an
earlier version of the study or its sources stay in the file under their own keys and are not shown. A folder that cannot be written is read
as it stands.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from .errors import InputError, StorageError
from .outcome import Outcome, Validated
from .planning import Job

if TYPE_CHECKING:
    import pandas as pd

FILE = "results.sqlite"
FIGURES = ("train_loss", "validation_loss", "test_loss", "train_metric", "validation_metric", "test_metric")
FINAL = ("done", "diverged")
"""Statuses that are results. Failed and timed-out runs have none: a second start tries them again."""
NEEDED = {True: "name a folder that can be made and written with --output", False: "give a folder that can be read"}
ADVICE = {
    "full": "free some room",
    "I/O": "free some room, or choose another folder with --output",
    "": "make the folder writable, or choose another one with --output",
}
"""By a word of SQLite's reason for not writing: what helps."""

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS runs (
    run TEXT PRIMARY KEY, recipe TEXT, dataset TEXT, task TEXT, metric TEXT, seed INTEGER, status TEXT, message TEXT, epochs INTEGER,
    updates INTEGER, best_epoch INTEGER, seconds REAL, {", ".join(f"{name} REAL" for name in FIGURES)}, chance_metric REAL,
    chance_validation_metric REAL, parameters_digest TEXT, columns TEXT, environment INTEGER, finished TEXT DEFAULT CURRENT_TIMESTAMP,
    history BLOB
);
CREATE TABLE IF NOT EXISTS plan (position INTEGER PRIMARY KEY, run TEXT, arm TEXT, dataset TEXT, task TEXT, metric TEXT, seed INTEGER,
    purpose TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS record (name TEXT PRIMARY KEY, json TEXT);
CREATE TABLE IF NOT EXISTS environments (id INTEGER PRIMARY KEY, json TEXT UNIQUE);
"""
"""The history stands last, and rows have numbers: what comes before it is then read without it, twenty times as fast."""
ADDED = (
    ("plan", "purpose", "ALTER TABLE plan ADD COLUMN purpose TEXT NOT NULL DEFAULT ''"),
    ("runs", "chance_validation_metric", "ALTER TABLE runs ADD COLUMN chance_validation_metric REAL"),
)


class Store:
    """The results of one study. Used by one thread; a context manager that closes the file."""

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self.path = folder / FILE
        if not create and not self.path.is_file():
            raise InputError(f"There are no results in {folder} ({FILE} is missing); give the folder that `trickbench run` names at its end.")
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{folder} is a file; give a folder.")
        try:
            if create:
                folder.mkdir(parents=True, exist_ok=True)
            read_only = not create and not os.access(folder, os.W_OK)
            self.connection = self._reader() if read_only else sqlite3.connect(self.path, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            reason = (isinstance(error, OSError) and error.strerror) or error
            raise StorageError(f"Results cannot be {'kept' if create else 'read'} in {folder} ({reason}); {NEEDED[create]}.") from error
        try:
            if not read_only:
                self._prepare()
        except BaseException:
            self.connection.close()
            raise

    def _reader(self) -> sqlite3.Connection:
        """A connection that writes nothing, not even the file of locks that write-ahead logging needs, unless a log waits to be read."""
        log = self.path.with_name(f"{FILE}-wal")
        waits = log.is_file() and log.stat().st_size > 0
        return sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro{'' if waits else '&immutable=1'}", uri=True, isolation_level=None)

    def _prepare(self) -> None:
        with self._explained():
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=NORMAL")
            self.connection.executescript(SCHEMA)
            for table, column, addition in ADDED:  # which an earlier version's file lacks
                if column not in {row[1] for row in self.connection.execute(f"PRAGMA table_info({table})")}:
                    self.connection.execute(addition)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.connection.close()

    @contextmanager
    def _explained(self) -> Generator[None]:
        """SQLite's complaints as sentences."""
        try:
            yield
        except sqlite3.OperationalError as error:
            advice = next(
                (words for reason, words in ADVICE.items() if reason in str(error)), "make the folder writable, or choose another with --output"
            )
            raise StorageError(f"{self.path} cannot be written ({error}); {advice} and start again: every finished run is kept.") from error
        except sqlite3.DatabaseError as error:
            raise InputError(f"{self.path} is no results file ({error}); move it away, or choose another folder with --output.") from error

    def environment(self, facts: dict[str, str]) -> int:
        """The number of an environment, noted when first met."""
        text = json.dumps(facts, sort_keys=True)
        with self._explained():
            self.connection.execute("INSERT OR IGNORE INTO environments (json) VALUES (?)", (text,))
            return int(self.connection.execute("SELECT id FROM environments WHERE json = ?", (text,)).fetchone()[0])

    def set_plan(self, jobs: Sequence[Job]) -> None:
        """Replace the plan."""
        rows = [(position, job.key, job.arm, job.dataset, job.task, job.metric, job.seed, job.purpose) for position, job in enumerate(jobs)]
        with self._explained():
            self.connection.execute("BEGIN")
            self.connection.execute("DELETE FROM plan")
            self.connection.executemany("INSERT INTO plan VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self.connection.execute("COMMIT")

    def set_record(self, **values: Any) -> None:
        """Note things under their names, as JSON."""
        with self._explained():
            rows = [(name, json.dumps(value)) for name, value in values.items()]
            self.connection.executemany("INSERT OR REPLACE INTO record VALUES (?, ?)", rows)

    def record(self, name: str) -> Any:
        """What is noted under a name, None if nothing is."""
        with self._explained():
            row = self.connection.execute("SELECT json FROM record WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def finished(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys that have a result."""
        with self._explained():
            rows = self.connection.execute(f"SELECT run FROM runs WHERE status IN {FINAL}").fetchall()  # noqa: S608  our own constant
        return {str(row[0]) for row in rows} & set(keys)

    def validated(self, keys: Iterable[str]) -> dict[str, Validated]:
        """How those of the keys that have a result did on validation rows."""
        wanted = set(keys)
        query = f"SELECT run, status, validation_metric, chance_validation_metric FROM runs WHERE status IN {FINAL}"  # noqa: S608  as above
        with self._explained():
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
        with self._explained():
            self.connection.execute(INSERT if outcome.status in FINAL else INSERT_UNLESS_THERE, row)

    def counts(self) -> dict[str, int]:
        """How many runs of the plan have each status, those that are there."""
        return self._counts("coalesce(runs.status, 'pending')")

    def purposes(self) -> dict[str, int]:
        """How many runs of the plan have each purpose, in its order."""
        return self._counts("plan.purpose")

    def _counts(self, what: str) -> dict[str, int]:
        query = f"SELECT {what}, count(*) FROM plan LEFT JOIN runs ON runs.run = plan.run GROUP BY 1 ORDER BY min(plan.position)"  # noqa: S608
        with self._explained():
            return dict(self.connection.execute(query).fetchall())

    def failures(self) -> dict[str, int]:
        """Why runs of the plan failed, and how many for each reason, the most frequent first."""
        query = f"""SELECT runs.message, count(*) FROM plan JOIN runs ON runs.run = plan.run WHERE runs.status NOT IN {FINAL}
            GROUP BY 1 ORDER BY 2 DESC, min(plan.position)"""  # noqa: S608
        with self._explained():
            return dict(self.connection.execute(query).fetchall())

    def fingerprint(self) -> str:
        """A hash of the plan with its results and of everything noted. Figures and history are not read: a run's key and its time stand for them."""
        ended = ", ".join(f"runs.{name}" for name in ("status", "message", "seconds", "parameters_digest", "environment", "finished"))
        results = f"SELECT plan.*, {ended} FROM plan LEFT JOIN runs ON runs.run = plan.run ORDER BY plan.position"  # noqa: S608
        digest = hashlib.sha256()
        with self._explained():
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
        with self._explained():
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
        with self._explained():
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
        with self._explained():
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
