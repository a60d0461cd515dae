"""What will be run: a study that is read, checked and laid out, with what it compares and every run of it. Nothing is run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import until_decided as growing
from .designs.design import Contrast, arms, contrasts
from .errors import InputError
from .inference.sequential import Sequential
from .mistakes import of_file
from .outcome import Validated
from .planning import Job, jobs
from .program import program
from .remarks import remarks
from .study import Study
from .study_file import read
from .tuning import tuned
from .until_decided import Growth


@dataclass(frozen=True)
class Planned:
    """A study with what it compares and every run of it."""

    study: Study
    text: str
    contrasts: list[Contrast]
    jobs: list[Job]
    """The runs that are compared. Those of a tuned study wait for their values, under keys of no result, until `with_values` knows them."""
    trials: list[Job] = field(default_factory=list[Job])
    """The trainings by which values are chosen; none unless the study is tuned."""
    first_seed: int | None = None
    sequential: Sequential | None = None
    """Where seeds are added until comparisons are decided; the jobs are then those of the first look."""
    command: str = ""
    """What plans and runs the same again: a line of the command line, or a program in Python."""
    where: str = ""
    """The file of the study, for errors."""

    @property
    def every(self) -> list[Job]:
        """All that is performed."""
        return [*self.trials, *self.jobs]

    @property
    def remarks(self) -> list[str]:
        """Sentences on what the plan does that nobody might expect of its study."""
        return remarks(self.study, self.contrasts, self.jobs)

    def with_values(self, results: Mapping[str, Validated]) -> Planned:
        """The same with the values that the results of its trials, by key, choose."""
        tuning = self.study.tuning
        if tuning is None:
            return self
        found = tuned.scores(tuned.trained(self.trials, results, tuning), tuning.trials)
        return replace(self, jobs=tuned.chosen(self.study, tuning, arms(self.contrasts), found, self.first_seed))


def plan(
    study: Study | str | Path, *, seed: int | None = None, only: Sequence[str] = (), until_decided: bool = False, max_seeds: int | None = None
) -> Planned:
    """Check a study and lay out its runs; nothing is run. `seed` takes the place of the smallest seed, `only` the tricks to keep, as FACTOR=LEVEL.

    With `until_decided` seeds are added to comparisons that are not, up to `max_seeds` of them (until_decided.py).
    """
    if seed is not None and not 0 <= seed < 2**62:
        raise InputError(f"seed is {seed!r}; accepted is a whole number from 0.")
    only = [only] if isinstance(only, str) else only
    asked, text, where = study, "", ""
    if not isinstance(study, Study):
        text, name, where = read(study)
        study = Study.parse(text, name, where)
    sequential = _looks(until_decided, max_seeds)
    with of_file(where):
        compared, runs, trials = _laid_out(study, only, sequential, seed)
    return Planned(study, text, compared, runs, trials, seed, sequential, program(asked, seed, only, until_decided, max_seeds), where)


def _laid_out(study: Study, only: Sequence[str], sequential: Sequential | None, seed: int | None) -> tuple[list[Contrast], list[Job], list[Job]]:
    """What is compared, the runs for it, and the trials before them."""
    compared = contrasts(study, only)
    if not compared:
        raise InputError(f"{', '.join(only)} is in none of the study's designs ({', '.join(study.design)}): nothing to compare.")
    if sequential:
        growing.check(study)
        return compared, Growth(study, compared, sequential, seed).jobs(), []
    runs = jobs(study, arms(compared), seed)
    if study.tuning is None:
        return compared, runs, []
    return compared, tuned.waiting(runs), tuned.trials(study, study.tuning, arms(compared), seed)


def _looks(asked: bool, most: int | None) -> Sequential | None:
    if not asked and most is not None:
        raise InputError(f"max-seeds is {most}, but nothing asks for seeds to be added; give --until-decided too.")
    return Sequential(most) if asked else None
