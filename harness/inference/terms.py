"""What a study fixes before anything is run, so that no verdict depends on what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Estimand = Literal["this dataset", "new datasets"]
ESTIMANDS: tuple[Estimand, ...] = get_args(Estimand)

MEANING: dict[Estimand, str] = {
    "this dataset": "the expected difference over fresh random splits and seeds of this dataset",
    "new datasets": "the expected difference over fresh datasets of this size from the same source",
}

EQUIVALENCE = {"accuracy": 0.01, "error": 0.01, "r2": 0.02, "rmse": 0.02, "mae": 0.02}
"""The half-width of the region of practical equivalence, in each metric's own unit, unless a study says otherwise."""

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Terms:
    """The terms of a study's verdicts."""

    confidence: float = CONFIDENCE
    """Of a whole family: the chance that all of its intervals hold."""
    estimand: Estimand = "this dataset"
    equivalence: Mapping[str, float] = field(default_factory=lambda: dict(EQUIVALENCE))
    """By metric: differences smaller than this do not matter to whoever asks."""
    family: tuple[str, ...] = ()
    """The tricks whose comparisons share the confidence; all of the study's, if none is named."""
