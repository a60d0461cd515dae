"""`trickbench run STUDY --until-decided`: seeds are added, look by look, to the arms of the comparisons that are not decided yet.

The first look has 5 seeds of everything. What is then open on a dataset gets its arms the seeds up to the next look, and so on, until nothing is
open or the last look is reached. The study's seeds come first, in their order, then the numbers after the greatest. So an arm has the same
first n seeds on a dataset whatever n became, and the plan is known from how many each has: that number is noted, and when the same study
is started again after its end, nothing is looked at anew.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .analysis.blocks import scores
from .analysis.looks import TIED, Comparison, Looks
from .analysis.resampling import Resampling
from .designs.contrast import Contrast
from .designs.design import arms, left_out
from .errors import InputError
from .inference.sequential import STEP, Sequential
from .planning import Job, jobs
from .study import Study
from .words import counted

if TYPE_CHECKING:
    import pandas as pd

Undecided = Literal["open", "spent", "tied", "without results"]
"""Why a comparison has no verdict: it gets more seeds, it has had all of them, its scores are tied, or its last seeds gave no result."""

Counts = dict[str, dict[str, int]]
"""By dataset and arm: how many seeds."""


def check(study: Study) -> None:
    """Refuse studies whose verdicts cannot be taken look by look. Raises `InputError`."""
    folds = [dataset for dataset in study.datasets if Resampling.of(dataset).folds]
    for given, reason in (
        (study.estimand == "new datasets" and 'estimand = "new datasets"', "the corrected resampled t has no levels for several looks"),
        (folds and f"folds ({', '.join(folds)})", "folds are no independent replicates"),
        (study.sources and "sources", "sources are compared over a number of seeds that is fixed before"),
        (study.tuning and "[tuning]", "tune first, and give the baseline the values that were chosen"),
    ):
        if given:
            raise InputError(f"--until-decided does not go with {given}: {reason}; run the study without --until-decided, or leave that out.")


def numbered(seeds: Sequence[int], count: int) -> tuple[int, ...]:
    """The first `count` seeds: those given, then the numbers after the greatest. Raises `InputError` where these run out."""
    missing = max(0, count - len(seeds))
    if max(seeds) + missing >= 2**63:
        raise InputError(f"There are no {missing} seeds after {max(seeds)} (the greatest is 2^63 - 1); give smaller ones.")
    return (*seeds[:count], *range(max(seeds) + 1, max(seeds) + 1 + missing))


@dataclass
class Growth:
    """A study's plan on its way."""

    study: Study
    compared: list[Contrast]
    sequential: Sequential
    first_seed: int | None = None
    """Takes the place of the smallest seed of the study."""
    counts: Counts = field(default_factory=Counts)
    looks: Looks | None = None

    def __post_init__(self) -> None:
        shift = 0 if self.first_seed is None else self.first_seed - min(self.study.seeds)
        self.seeds = tuple(seed + shift for seed in self.study.seeds)
        self._arms = {arm.name: arm for arm in arms(self.compared)}
        self.counts = self.counts or {dataset: dict.fromkeys(self._arms, STEP) for dataset in self.study.datasets}

    @property
    def planned_seeds(self) -> tuple[int, ...]:
        """All that some arm has on some dataset."""
        return numbered(self.seeds, max(count for counts in self.counts.values() for count in counts.values()))

    def jobs(self) -> list[Job]:
        """The plan: every arm with its first seeds."""
        return [job for dataset, counts in self.counts.items() for job in self._jobs_on(dataset, counts)]

    def _jobs_on(self, dataset: str, counts: Mapping[str, int]) -> list[Job]:
        seeds = numbered(self.seeds, max(counts.values()))
        study = self.study.model_copy(update={"datasets": (dataset,), "seeds": seeds})
        place = {seed: number for number, seed in enumerate(seeds)}
        return [job for job in jobs(study, list(self._arms.values())) if place[job.seed] < counts[job.arm]]

    def grown(self, before: Sequence[Job]) -> list[Job]:
        """The plan, which must hold what it held before. Raises `InputError`."""
        plan = self.jobs()
        if not {job.key for job in before} <= {job.key for job in plan}:
            raise InputError("The data or the source of an implementation were changed while the study ran; start it again.")
        return plan

    @property
    def taken(self) -> int:
        """How many looks were taken."""
        return self.looks.taken if self.looks else 0

    def look(self, runs: pd.DataFrame) -> bool:
        """Look at the runs of the plan, which have all ended; whether there is more to do. If so, the plan has grown."""
        scored = runs.assign(score=scores(runs))
        if self.looks is None:
            contrasts = [contrast.record() for contrast in self.compared]
            terms = replace(self.study.terms, left_out=tuple(left_out(self.study, self.compared)))
            self.looks = Looks(scored, contrasts, terms, self.sequential)
        self.looks.take(scored, self.planned_seeds)
        if self.looks.taken == len(self.sequential.looks):
            return False
        for each in self.looks.open:
            on_dataset = self.counts[each.blocks.dataset]
            on_dataset.update({arm: self.sequential.looks[self.looks.taken] for arm, _ in each.blocks.contrast["weights"]})
        return bool(self.looks.open)

    def summary(self) -> dict[str, Any]:
        """What the command line says at the end, and what a second start goes by."""
        if self.looks is None:
            return {}
        return {
            "counts": self.counts, "of": len(self.looks.awaited), "decided": sum(each.decided for each in self.looks.awaited),
            "looks": list(self.sequential.looks[: self.looks.taken]), "capped": self.sequential.most is None and bool(self.looks.open),
            "undecided": Counter(filter(None, map(self._why_undecided, self.looks.awaited))),
        }  # fmt: skip

    def _why_undecided(self, comparison: Comparison) -> Undecided | None:
        """None for a comparison that is decided."""
        if comparison.decided:
            return None
        if comparison.stuck:
            return "tied" if comparison.withheld >= TIED else "without results"
        if self.taken < len(self.sequential.looks):
            return "open"
        return "tied" if comparison.withheld else "spent"


class Asked(NamedTuple):
    """Hashes of what was asked: all of it, and all but when is looked."""

    whole: str
    besides: str


def asked(noted: Mapping[str, Any]) -> Asked:
    """Of the record of a study, but for what differs from start to start; its seeds are those that it names."""
    kept = {key: value for key, value in noted.items() if key not in ("command", "text")}
    return Asked(*(_hash(each) for each in (kept, kept | {"sequential": None})))


def _hash(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def sentence(summary: Mapping[str, Any]) -> str:
    """How far it is, or how and why it ended, for people."""
    decided, of, looks = summary["decided"], summary["of"], summary["looks"]
    after = f"after {', '.join(map(str, looks[:6]))}{', ...' if len(looks) > 6 else ''} seeds"
    found = f"{counted(len(looks), 'look')}, {after}: {decided:,} of {counted(of, 'comparison')} decided."
    undecided: Mapping[Undecided, int] = summary.get("undecided", {})  # which an earlier version did not note
    if "open" in undecided:
        return f"{found} {undecided['open']:,} {'gets' if undecided['open'] == 1 else 'get'} more seeds."
    reasons = [f"{undecided[why]:,} {words}" for why, words in REASONS.items() if why in undecided]
    rest = f"stopped with {of - decided:,} undecided{': ' if reasons else ''}{'; '.join(reasons)}"
    ended = "stopped since all are decided" if decided == of else rest.format(most=looks[-1])
    capped = " No more are ever added; --max-seeds N, fixed before the first look, gives narrower intervals." if summary["capped"] else ""
    return f"{found} It {ended}.{capped}"


REASONS: Mapping[Undecided, str] = {
    "spent": "after {most} seeds, the most that there may be",
    "tied": "that no seeds settle, since scores are tied: a finer metric or more test rows are needed",
    "without results": "whose last seeds gave no result: see the failures",
}
