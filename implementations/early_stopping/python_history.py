"""Early stopping by its definition: the whole curve is kept and read from its beginning after every epoch."""

import math

from ...harness.arrays import Floats


class EarlyStopping:
    def __init__(self, *, patience: int = 10, min_delta: float = 0.0) -> None:
        self.patience, self.min_delta = patience, min_delta
        self._scores: list[float] = []
        self._epochs: list[int] = []
        self._parameters: Floats | None = None

    def observe(self, epoch: int, score: float, parameters: Floats) -> bool:
        self._scores.append(score)
        self._epochs.append(epoch)
        improvements = self._improvements()
        if improvements and improvements[-1] == len(self._scores) - 1:
            self._parameters = parameters.copy()
        since = len(self._scores) - (improvements[-1] + 1 if improvements else 0)
        return since >= self.patience

    def best(self) -> tuple[int, Floats] | None:
        return None if self._parameters is None else (self._epochs[self._improvements()[-1]], self._parameters.copy())

    def _improvements(self) -> list[int]:
        """The positions on the curve at which it improved."""
        found: list[int] = []
        for position, score in enumerate(self._scores):
            if math.isfinite(score) and (not found or score < self._scores[found[-1]] - self.min_delta):
                found.append(position)
        return found
