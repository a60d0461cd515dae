"""Early stopping with a counter: the best so far, and how long ago it was."""

import math

from ...harness.arrays import Floats


class EarlyStopping:
    def __init__(self, *, patience: int = 10, min_delta: float = 0.0) -> None:
        self.patience, self.min_delta = patience, min_delta
        self._least = math.inf
        self._waited = 0
        self._best: tuple[int, Floats] | None = None

    def observe(self, epoch: int, score: float, parameters: Floats) -> bool:
        self._waited += 1
        if math.isfinite(score) and score < self._least - self.min_delta:
            self._least, self._waited, self._best = score, 0, (epoch, parameters.copy())
        return self._waited >= self.patience

    def best(self) -> tuple[int, Floats] | None:
        return self._best and (self._best[0], self._best[1].copy())
