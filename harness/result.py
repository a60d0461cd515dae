"""What a study gave: pandas tables over its store. Reading one needs the folder only, neither the study file nor its implementations."""

from __future__ import annotations

import functools
import hashlib
import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .analysis.costs import costs
from .analysis.effects import effects, scores
from .analysis.interactions import interaction_means, interactions, simple_effects
from .analysis.looks import Looks, looks, no_looks
from .analysis.overall import overall
from .analysis.ranking import profiles, standings
from .analysis.sources_of_variance import sources_of_variance
from .analysis.stopped import Stopped, first_look
from .errors import InputError
from .planning import versions
from .purposes import sizes
from .sources import source_digest
from .store import Store
from .study_record import StudyRecord
from .tuning.keys import Tuning
from .tuning.tables import budgets, sensitivity, trials

if TYPE_CHECKING:
    import pandas as pd


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
            if any("weights" not in contrast for contrast in noted["contrasts"]) or isinstance(noted.get("left_out"), int):
                raise InputError(f"{store.path} was written by an earlier version; start `trickbench run` again: finished runs are kept.")
            self.study = StudyRecord(**noted)
            self.seconds: dict[str, float] = store.record("seconds") or {}
            self.grown: dict[str, Any] = (store.record("grown") or {}) if self.study.sequential else {}
            """How adding seeds ended: see `until_decided.sentence`."""
            self.environments = store.environment_of_runs()
            self.statuses = store.counts()
            purposes = store.purposes()
            self.compares_all = set(purposes) <= {""}
            """Whether no run has another purpose than to be compared."""
            self.size = sizes(purposes, self.study.epochs)
            """How many runs the plan has, and what for, in words."""
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
        return self._looks.effects() if self._looks else effects(self.runs, self.study.contrasts, self.study.terms)

    @functools.cached_property
    def simple_effects(self) -> pd.DataFrame:
        """What each trick of an interaction does with and without the other, outside the study's family; empty without a factorial design."""
        judged = self._stopped.effects if self._stopped else functools.partial(effects, self.runs)
        return simple_effects(self.study.contrasts, self.study.terms, judged)

    @functools.cached_property
    def interactions(self) -> pd.DataFrame:
        """Each interaction of two tricks on each dataset in a sentence."""
        return interactions(self.effects, self.simple_effects, self.study.contrasts)

    @functools.cached_property
    def cells(self) -> pd.DataFrame:
        """The mean scores that an interaction is made of: with both tricks, with each alone, with none."""
        made = self._stopped.means if self._stopped else functools.partial(interaction_means, self.runs)
        return made(self.study.contrasts, self.study.terms)

    @property
    def looks(self) -> pd.DataFrame:
        """Each comparison at each look at it, where seeds were added until it was decided; empty elsewhere."""
        return self._looks.table() if self._looks else no_looks()

    @functools.cached_property
    def _looks(self) -> Looks | None:
        terms = self.study.terms
        return looks(self.runs, self.study.contrasts, terms, terms.sequential, self.study.seeds) if terms.sequential else None

    @property
    def _stopped(self) -> Stopped | None:
        return Stopped(self._looks, self.runs, self.study.seeds) if self._looks else None

    @functools.cached_property
    def _of_every_arm(self) -> pd.DataFrame:
        """The runs that no verdict has led to, so that datasets and arms may be compared by them."""
        return first_look(self.runs, self.study.seeds) if self.study.sequential else self.runs

    @functools.cached_property
    def overall(self) -> pd.DataFrame:
        """Each contrast over all datasets that share a metric; empty where none do."""
        return overall(self._of_every_arm, self.study.contrasts, self.study.terms)

    @functools.cached_property
    def standings(self) -> pd.DataFrame:
        """The arms ranked over datasets; empty below six of them."""
        return standings(self._of_every_arm, self.study.terms)

    @functools.cached_property
    def profiles(self) -> pd.DataFrame:
        """How often each arm reaches each normalised score; empty for one dataset."""
        return profiles(self._of_every_arm, self.study.terms)

    @functools.cached_property
    def costs(self) -> pd.DataFrame:
        """Epochs, updates and seconds of each arm until the validation score reaches the target."""
        return costs(self.runs, self.epochs_on, self.study.target, self.study.measure_every)

    @functools.cached_property
    def remedies(self) -> pd.DataFrame:
        """Which of the lecture's remedies worked against what the flow chart says of each reference arm; empty where none was compared."""
        from .diagnosis.of_results import no_remedies, remedies

        return remedies(self) if self.runs["status"].isin(("done", "diverged")).any() else no_remedies()

    @functools.cached_property
    def sources(self) -> pd.DataFrame:
        """How much of the variance of each difference and of each arm's score is due to each source of randomness; empty unless studied."""
        purposes = self.study.vary if self.study.sources else ()
        with self._store() as store:
            redrawn = store.runs_for(*purposes)
        redrawn["score"] = scores(redrawn)
        return sources_of_variance(self.runs, redrawn, self.study.contrasts, self.study.terms)

    @functools.cached_property
    def trials(self) -> pd.DataFrame:
        """Every trial of a tuned study with its values and its validation score; empty unless the study is tuned."""
        with self._store() as store:
            return trials(store, self._tuning)

    @functools.cached_property
    def budgets(self) -> pd.DataFrame:
        """Each effect with what fewer trials would have chosen; empty unless the study is tuned."""
        with self._store() as store:
            return budgets(store, self._tuning, self.effects, self.study.contrasts, self.study.terms)

    @functools.cached_property
    def sensitivity(self) -> pd.DataFrame:
        """How much the tuned values of each arm matter: where trials score within the margin of the best. Empty unless the study is tuned."""
        return sensitivity(self.trials, self.study.equivalence)

    @property
    def _tuning(self) -> Tuning | None:
        return Tuning(**self.study.tuning) if self.study.tuning else None

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
