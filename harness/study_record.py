"""A study as its results remember it: what was asked, in plain values, so that a report needs neither the study file nor its implementations."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from .designs.design import Contrast, described, left_out
from .inference.sequential import Sequential
from .inference.terms import CONFIDENCE, EQUIVALENCE, Estimand, Terms
from .replication import STREAMS, Stream
from .study import Study
from .tuning.keys import Tuning


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
    vary: list[Stream] = field(default_factory=lambda: list(STREAMS))
    sources: int = 0
    target: dict[str, float] = field(default_factory=dict[str, float])
    tuning: dict[str, Any] | None = None
    contrasts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    arrangement: list[str] = field(default_factory=list[str])
    """Sentences on factorial designs: how many combinations, which, and what cannot be told apart."""
    left_out: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """Contrasts that `--only` left out; those of the family still share its confidence."""
    sequential: dict[str, Any] | None = None
    """Where seeds were added until comparisons were decided: the most that there might be."""

    @property
    def terms(self) -> Terms:
        """What fixed the verdicts."""
        scope = Tuning(**self.tuning).scope if self.tuning else ""
        sequential = Sequential(**self.sequential) if self.sequential else None
        return Terms(
            self.confidence, self.estimand, self.equivalence, tuple(self.family), tuple(self.vary), scope, sequential, tuple(self.left_out)
        )  # fmt: skip


def record(
    study: Study, seeds: tuple[int, ...], compared: list[Contrast], text: str, command: str, sequential: Sequential | None = None
) -> dict[str, Any]:
    """The JSON that `StudyRecord` is read from."""
    further = {
        "arrangement": described(study), "seeds": seeds, "contrasts": [item.record() for item in compared], "text": text, "command": command,
        "sequential": asdict(sequential) if sequential else None, "left_out": left_out(study, compared),
    }  # fmt: skip
    return study.model_dump(mode="json", exclude={"limits"}) | further
