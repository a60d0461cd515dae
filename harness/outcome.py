"""What one run gave: a status, figures, the history of its epochs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from .arrays import Floats

Status = Literal["done", "diverged", "failed", "timeout"]


class Validated(NamedTuple):
    """A finished run by its validation rows: what is chosen by it knows no test row."""

    status: str
    metric: float
    chance: float
    """Of a constant prediction, `metrics.chance`."""


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
    """Of a constant prediction, `metrics.chance`, on the test rows; the next one on the validation rows, for choices that may not know the former."""
    chance_validation_metric: float = float("nan")
    parameters_digest: str = ""
    """sha256 of the returned parameters' bits."""

    @property
    def validated(self) -> Validated:
        """The run by its validation rows."""
        return Validated(self.status, (self.figures or {}).get("validation_metric", float("nan")), self.chance_validation_metric)
