"""One diagnosis of many trainings that differ in their seed alone: what most of them have.

Each training is diagnosed by itself. More than half must have the same diagnosis, else the seeds disagree and nobody can tell; its kind is the
commonest among those that have it. The evidence is that of the training in the middle: of those with this diagnosis and kind, the one with the
median training result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .curves import History
from .diagnosed import Diagnosed, told


@dataclass(frozen=True)
class Trainings:
    """Histories of one arm on one dataset, one for each seed; a file holds one arm of no study."""

    arm: str
    dataset: str
    histories: tuple[History, ...]

    @property
    def name(self) -> str:
        """The arm, and the dataset where there is one."""
        return f"{self.arm} on {self.dataset}" if self.dataset else self.arm


@dataclass(frozen=True)
class Pooled:
    """What most of some trainings have, and what each of them has."""

    trainings: Trainings
    diagnosed: Diagnosed
    counts: Counter[str]
    """Titles of all diagnoses, the commonest first."""

    @property
    def words(self) -> str:
        """The counts in words."""
        return ", ".join(f"{title} in {count} of {self.counts.total()}" for title, count in self.counts.most_common())

    def record(self) -> dict[str, object]:
        """Plain values, for machines."""
        return {"arm": self.trainings.arm, "dataset": self.trainings.dataset, "counts": dict(self.counts)} | self.diagnosed.record()


def pooled(trainings: Trainings, diagnose: Callable[[History], Diagnosed]) -> Pooled:
    """The diagnosis of trainings, at least one."""
    each = [diagnose(history) for history in trainings.histories]
    counts = Counter(sorted(found.title for found in each))
    if len(each) == 1:
        return Pooled(trainings, each[0], counts)
    diagnosis, most = Counter(found.diagnosis for found in each).most_common(1)[0]
    if 2 * most <= len(each):
        words = Pooled(trainings, each[0], counts).words
        return Pooled(trainings, told("cannot tell", evidence=[f"the seeds disagree: {words}"], missing="more seeds"), counts)
    having = [found for found in each if found.diagnosis == diagnosis]
    kind = Counter(found.kind for found in having).most_common(1)[0][0]
    middle = _middle([found for found in having if found.kind == kind])
    found = Pooled(trainings, middle, counts)
    return replace(found, diagnosed=replace(middle, evidence=(f"{found.words} seeds; of the one in the middle:", *middle.evidence)))


def _middle(found: Sequence[Diagnosed]) -> Diagnosed:
    """The one with the median training result; NaN counts as the largest."""
    ranked = sorted(found, key=lambda each: (each.numbers.get("train", 0.0) != each.numbers.get("train", 0.0), each.numbers.get("train", 0.0)))
    return ranked[len(ranked) // 2]
