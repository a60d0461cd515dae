"""What a study fixed before it ran, as a report reads it; a study that says nothing of a term has the usual one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .result import Study

STREAMS = {"split": "the split", "weights": "the initial weights", "order": "the batch order", "masks": "the dropout masks"}
"""The sources of randomness, and how they are called."""


@dataclass(frozen=True)
class Terms:
    """The terms of a study's verdicts."""

    confidence: float
    estimand: str
    equivalence: Mapping[str, float]
    family: Sequence[str]
    vary: Sequence[str]
    tuning: Mapping[str, Any] | None
    sources: int
    not_shown: int
    """Comparisons of the family that `--only` left out: they share its confidence all the same."""


def terms(study: Study) -> Terms:
    """Those of a study."""
    family: Sequence[str] = getattr(study, "family", ())
    left_out: Sequence[Mapping[str, Any]] = getattr(study, "left_out", ())
    inside = [contrast for contrast in left_out if not family or all(trick in family for trick in contrast["tricks"])]
    return Terms(
        confidence=getattr(study, "confidence", 0.95),
        estimand=getattr(study, "estimand", "this dataset"),
        equivalence=getattr(study, "equivalence", {}),
        family=family,
        vary=getattr(study, "vary", tuple(STREAMS)),
        tuning=getattr(study, "tuning", None),
        sources=getattr(study, "sources", 0),
        not_shown=len(inside) * len(study.datasets),
    )
