"""What a study gave: pandas tables over its store. Reading one needs the folder only, neither the study file nor its implementations."""

from __future__ import annotations

import functools
import hashlib
import html
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .design import Contrast
from .errors import InputError
from .inference.terms import CONFIDENCE, EQUIVALENCE, Estimand, Terms
from .planning import versions
from .replication import STREAMS
from .sources import source_digest
from .statistics import effects, scores
from .store import Store
from .study import Study

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class StudyRecord:
    """A study as its results remember it: plain values."""

    name: str
    question: str
    design: list[str]
    datasets: list[str]
    seeds: list[int]
    epochs: int
    metric: dict[str, str]
    baseline: dict[str, Any]
    full: dict[str, str]
    factors: dict[str, dict[str, dict[str, Any]]]
    text: str = ""
    command: str = ""
    measure_every: int = 1
    confidence: float = CONFIDENCE
    estimand: Estimand = "this dataset"
    equivalence: dict[str, float] = field(default_factory=lambda: dict(EQUIVALENCE))
    family: list[str] = field(default_factory=list[str])
    resolution: str = "IV"
    vary: list[str] = field(default_factory=lambda: list(STREAMS))
    sources: int = 0
    target: dict[str, float] = field(default_factory=dict[str, float])
    tuning: dict[str, Any] | None = None
    contrasts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def terms(self) -> Terms:
        """What fixed the verdicts."""
        return Terms(self.confidence, self.estimand, self.equivalence, tuple(self.family))


def record(study: Study, seeds: tuple[int, ...], compared: list[Contrast], text: str, command: str) -> dict[str, Any]:
    """The JSON that `StudyRecord` is read from."""
    contrasts = [item.record() for item in compared]
    return study.model_dump(mode="json", exclude={"limits"}) | {"seeds": seeds, "contrasts": contrasts, "text": text, "command": command}


class Result:
    """The tables of one study. `runs` has one row a run, `epochs` one an epoch, `effects` one a trick and dataset.

    A table is read when it is first asked for: whether a report is still true, and how the runs ended, is known without pandas.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        with self._store() as store:
            self._stored = store.fingerprint()  # before anything else is read: whatever comes in between makes a report look stale, never fresh
            noted = store.record("study")
            if noted is None:
                raise InputError(f"{store.path} holds no study; give a folder in which `trickbench run` has begun.")
            if any("weights" not in contrast for contrast in noted["contrasts"]):
                raise InputError(f"{store.path} was written by an earlier version; start `trickbench run` again: finished runs are kept.")
            self.study = StudyRecord(**noted)
            self.sizes: dict[str, dict[str, int]] = store.record("sizes") or {}
            """Rows of each part by dataset: train, validation, test."""
            self.seconds: dict[str, float] = store.record("seconds") or {}
            self.environments = store.environment_of_runs()
            self.statuses = store.counts()
            self.failures = store.failures()
            """Why runs failed, and how many for each reason, the most frequent first."""

    def _store(self) -> Store:
        return Store(self.folder, create=False)

    @functools.cached_property
    def runs(self) -> pd.DataFrame:
        """Every run of the plan, with its score."""
        with self._store() as store:
            runs = store.runs()
        runs["score"] = scores(runs)
        return runs

    @functools.cached_property
    def effects(self) -> pd.DataFrame:
        """The paired difference of each trick on each dataset, with interval and verdict."""
        ratios = {dataset: sizes["test"] / sizes["train"] for dataset, sizes in self.sizes.items()}
        return effects(self.runs, self.study.contrasts, self.study.terms, ratios)

    @functools.cached_property
    def epochs(self) -> pd.DataFrame:
        """Every epoch of every run that was looked at."""
        with self._store() as store:
            return store.epochs()

    def epochs_on(self, dataset: str) -> pd.DataFrame:
        """Every epoch of every run on one dataset that was looked at: what a report holds at a time."""
        with self._store() as store:
            return store.epochs(dataset)

    def fingerprint(self) -> str:
        """A hash of all that the tables are made from: what is stored, and the source and the libraries that make tables of it."""
        made_with = versions("numpy", "scipy", "pandas")
        return hashlib.sha256(f"{self._stored} {source_digest(__name__)} {made_with}".encode()).hexdigest()

    @property
    def environment(self) -> dict[str, str]:
        """Where the runs were made; a fact in which they differ shows every value."""
        names = dict.fromkeys(name for facts in self.environments for name in facts)
        merged = {name: " | ".join(dict.fromkeys(facts.get(name, "none") for facts in self.environments)) for name in names}
        return merged | {"command": self.study.command}

    def count(self, *status: str) -> int:
        """How many runs have one of these statuses; of all, if none is named."""
        return sum(self.statuses.get(name, 0) for name in status or self.statuses)

    def __repr__(self) -> str:
        return f"<{self.study.name}: {self.count('done')} of {self.count()} runs done, {self.count('diverged')} diverged, in {self.folder}>"

    def _repr_html_(self) -> str:
        """How a notebook shows it: the question and the effects."""
        shown = self.effects[["design", "trick", "dataset", "metric", "difference", "low", "high", "seeds", "verdict", "note"]]
        table = shown.to_html(index=False, float_format="{:.3f}".format)
        return f"<p><b>{html.escape(self.study.question)}</b></p>{table}<p>{html.escape(repr(self))}</p>"
