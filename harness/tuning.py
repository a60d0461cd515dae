"""`[tuning]` in a study file: every arm gets the same number of trials to find its hyperparameters, chosen on validation rows.

[tuning]
trials = 16                                  # of each arm on each dataset
space = { learning_rate = [1e-4, 1.0] }      # logarithmic; the default
seeds = 3                                    # of each trial, fresh ones: none of them is a seed of the study
repeat = false                               # true: tuned anew within each replicate
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

SPACE = {"learning_rate": (1e-4, 1.0)}


class Tuning(BaseModel, frozen=True, extra="forbid"):
    """How arms are tuned."""

    trials: Annotated[int, Field(ge=1, le=10_000)] = 16
    space: Annotated[dict[str, tuple[float, float]], Field(min_length=1)] = Field(default_factory=lambda: dict(SPACE))
    """By hyperparameter of the optimiser: the least and the greatest value, searched on a logarithmic scale."""
    seeds: Annotated[int, Field(ge=1, le=1000)] = 1
    """Trainings of each trial; their mean is what is compared."""
    repeat: bool = False
    """Whether each replicate is tuned on its own: the interval then speaks of the tuned recipe, else of the recipe *given the tuned value*."""
