"""What one run gave: a status, figures, the history of its epochs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .arrays import Floats

Status = Literal["done", "diverged", "failed", "timeout"]


@dataclass(frozen=True)
class Outcome:
    """What one run gave. The figures are those of the parameters that it returns: the last epoch's, or the stopper's best."""

    status: Status
    message: str = ""
    epochs: int = 0
    updates: int = 0
    best_epoch: int = 0
    seconds: float = 0.0
    columns: tuple[str, ...] = ()
    history: Floats | None = None
    """One row for each epoch that was looked at, float64; see `columns`."""
    figures: dict[str, float] | None = None
    chance_metric: float = float("nan")
    parameters_digest: str = ""
    """sha256 of the returned parameters' bits."""
