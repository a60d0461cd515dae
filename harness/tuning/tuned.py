"""Tuned arms: trials with validation rows in view, the choice, and the runs that are compared.

    trials    every arm on every dataset, with each point of the search (search.py): `seeds` trainings a trial
    choice    for each arm and dataset the trial with the best mean of the validation metric; the first of several
    runs      every arm with its chosen values, on the study's seeds, as in any study

A trial's trainings have seeds of their own, which are no seeds of the study: what is compared is never what was chosen by. They draw their
own splits of the dataset, so that rows which test in one of the study's splits train or validate in a trial's. The interval then speaks of the
recipe *given the tuned values*; how a search would do on rows that it has never seen, it does not say. With `repeat = true` it does: every
replicate is tuned on its own training and validation rows (the same split, fresh weights, order and masks), and its test rows are for its final
run alone.

A diverged training scores what a constant prediction scores on the validation rows. A trial with a failed training cannot be chosen;
where all have failed, the first is, and fails again in view.

The outcome after 1, 2, 4, ... trials is known as well: the runs with what so many would have chosen are made too, few of them different.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..designs.design import Arm
from ..inference.judgement import rounding
from ..metrics import METRICS
from ..outcome import Validated
from ..planning import Job, Prepared, block, prepared, replicate, shifted
from ..replication import Streams
from .search import budgets

if TYPE_CHECKING:
    from ..arrays import Floats
    from ..study import Study
    from .keys import Tuning

FRESH = 2**80
"""Added to the seeds of trials: beyond every seed of a study, and what is drawn afresh alone (replication.py)."""
MOST = 1000
"""Seeds of a trial: so many lie between the first of two replicates."""

LOOKS = 4
"""At a training of a trial, of which only the end counts: often enough that one which has diverged does not go on for long."""

TRIAL, BUDGET, WAITING = "trial ", "budget ", "untuned "


class Trained(NamedTuple):
    """One training of a trial, by its validation rows."""

    dataset: str
    arm: str
    replicate: int
    """The seed of the replicate that is tuned; `EVERY` where one choice is for all."""
    trial: int
    metric: str
    score: float
    """NaN where there is no result."""
    diverged: bool = False


class Searched(NamedTuple):
    """The trials of one arm: each one's mean validation score, oriented so that more is better, NaN where a training is missing."""

    means: Floats
    diverged: NDArray[np.bool_]
    """Whether one of its trainings diverged."""

    def best(self, budget: int | None = None) -> int:
        """The best of the first `budget` trials."""
        return best(self.means[:budget], self.diverged[:budget])


EVERY = -1
Scores = dict[tuple[str, str, int], Searched]
"""By dataset, arm and replicate."""


def trials(study: Study, tuning: Tuning, arms: Sequence[Arm], first_seed: int | None = None) -> list[Job]:
    """Every training of every trial, those of one split side by side."""
    seeds = shifted(study, first_seed)
    return [job for dataset in study.datasets for job in _trials_on(dataset, study, tuning, arms, seeds)]


def _trials_on(dataset: str, study: Study, tuning: Tuning, arms: Sequence[Arm], seeds: Sequence[int]) -> Iterator[Job]:
    numbers = range(1, tuning.trials + 1)
    shared = prepared(study, [Arm(arm.name, tuning.recipe(number, arm.recipe)) for number in numbers for arm in arms], dataset, looks=LOOKS)
    for seed in seeds if tuning.repeat else seeds[:1]:
        for place in range(tuning.seeds):
            fresh = FRESH + MOST * seed + place
            kept = Streams.varying(seed, seeds[0], study.vary).split if tuning.repeat or "split" not in study.vary else fresh
            for number in numbers:
                arms_of_it = shared[(number - 1) * len(arms) : number * len(arms)]
                yield from block(arms_of_it, seed if tuning.repeat else place, Streams(kept, fresh, fresh, fresh), f"{TRIAL}{number}")


def values(tuning: Tuning, arms: Sequence[Arm]) -> dict[str, list[dict[str, float]]]:
    """By arm, what each trial gives its hyperparameters: plain values, for the store."""
    return {arm.name: [tuning.values(number, arm.recipe) for number in range(1, tuning.trials + 1)] for arm in arms}


def trained(jobs: Iterable[Job], results: Mapping[str, Validated], tuning: Tuning) -> Iterator[Trained]:
    """The trainings of trials, with what they scored; `results` by key."""
    for job in jobs:
        ended = results.get(job.key)
        score, diverged = (float("nan"), False) if ended is None else (score_of(ended), ended.status == "diverged")
        yield Trained(job.dataset, job.arm, job.seed if tuning.repeat else EVERY, trial_of(job.purpose), job.metric, score, diverged)


def trial_of(purpose: str) -> int:
    """The number of the trial that a run belongs to."""
    return int(purpose.removeprefix(TRIAL))


def score_of(ended: Validated) -> float:
    """Chance level, on validation rows, if it diverged; NaN without a result."""
    return {"done": ended.metric, "diverged": ended.chance}.get(ended.status, float("nan"))


def scores(trainings: Iterable[Trained], number: int) -> Scores:
    """The mean of each of the trials, whose number is given. The order in which the trainings come changes no bit."""
    found: dict[tuple[str, str, int], dict[int, list[float]]] = {}
    diverged: dict[tuple[str, str, int], NDArray[np.bool_]] = {}
    for each in trainings:
        diverged.setdefault((each.dataset, each.arm, each.replicate), np.zeros(number, bool))[each.trial - 1] |= each.diverged
        oriented = each.score if METRICS[each.metric].higher_is_better else -each.score
        found.setdefault((each.dataset, each.arm, each.replicate), {}).setdefault(each.trial, []).append(oriented)
    means = {
        place: np.array([float(np.mean(sorted(by_trial[trial]))) if trial in by_trial else np.nan for trial in range(1, number + 1)])
        for place, by_trial in found.items()
    }
    return {place: Searched(values, diverged[place]) for place, values in means.items()}


def best(oriented: Floats, diverged: NDArray[np.bool_] | None = None) -> int:
    """The trial (from 1) with the greatest score, the first of several; the first of all where none has one.

    A trial of which a training diverged comes after all others, whatever they score: chance level is no merit.
    """
    known = np.flatnonzero(~np.isnan(oriented))
    sound = known if diverged is None else known[~diverged[known]]
    known = sound if len(sound) else known
    if not len(known):
        return 1
    greatest = float(oriented[known].max())
    within = rounding(abs(greatest)) if np.isfinite(greatest) else 0.0  # means of the same scores in another order differ by so much
    return 1 + int(known[np.argmax(oriented[known] >= greatest - within)])


def waiting(jobs: Iterable[Job]) -> list[Job]:
    """The runs of a tuned study before its values are chosen: keys under which nothing is ever found."""
    return [job._replace(key=f"{WAITING}{job.key}") for job in jobs]


def chosen(study: Study, tuning: Tuning, arms: Sequence[Arm], found: Scores, first_seed: int | None = None) -> list[Job]:
    """The runs that are compared, and those with what fewer trials would have chosen."""
    seeds = shifted(study, first_seed)
    return [job for dataset in study.datasets for job in _Chosen(study, tuning, arms, found, dataset).jobs(seeds)]


class _Chosen:
    """The runs on one dataset; arms with the same values share what is worked out for them."""

    def __init__(self, study: Study, tuning: Tuning, arms: Sequence[Arm], found: Scores, dataset: str) -> None:
        self.study, self.tuning, self.arms, self.found, self.dataset = study, tuning, arms, found, dataset
        self.known: dict[tuple[str, int], Prepared] = {}

    def jobs(self, seeds: Sequence[int]) -> Iterator[Job]:
        *smaller, everything = budgets(self.tuning.trials)
        for number, seed in enumerate(seeds):
            kept = Streams.varying(seed, seeds[0], self.study.vary)
            for budget in smaller:
                yield from block(self._tuned(seed, budget), seed, kept, f"{BUDGET}{budget}")
            yield from replicate(self.study, self._tuned(seed, everything), number, seed, seeds[0])

    def _tuned(self, seed: int, budget: int) -> list[Prepared]:
        place = seed if self.tuning.repeat else EVERY
        picked = [(arm, self.found[self.dataset, arm.name, place].best(budget)) for arm in self.arms]
        missing = [(arm, trial) for arm, trial in picked if (arm.name, trial) not in self.known]
        recipes = [Arm(arm.name, self.tuning.recipe(trial, arm.recipe)) for arm, trial in missing]
        self.known |= {(arm.name, trial): each for (arm, trial), each in zip(missing, prepared(self.study, recipes, self.dataset), strict=True)}
        return [self.known[arm.name, trial] for arm, trial in picked]
