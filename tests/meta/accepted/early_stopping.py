"""What looks wrong in early stopping and is right, and the other way to count patience, declared."""

import copy
import math
from typing import ClassVar

from ..collection import sound


class ByEpochs:
    """No counter: the distance from the best epoch."""

    def __init__(self, *, patience=10, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.score, self.epoch, self.parameters = None, 0, None

    def observe(self, epoch, score, parameters):
        if -math.inf < score < math.inf and (self.score is None or self.score - score > self.min_delta):
            self.score, self.epoch, self.parameters = score, epoch, copy.deepcopy(parameters)
        return self.late(epoch - self.epoch)

    def late(self, checks):
        return checks >= self.patience

    def best(self):
        return None if self.parameters is None else (self.epoch, self.parameters.copy())


@sound("early_stopping")
class Difference(ByEpochs):
    """Improvement is a difference above min_delta, and patience a distance of epochs."""


@sound("early_stopping", seen="CONV patience counted as scikit-learn does")
class Tolerates(ByEpochs):
    """Ends when one check more than patience has not improved, as declared."""

    conventions: ClassVar = {"patience_counts": "epochs_tolerated"}

    def late(self, checks):
        return checks > self.patience


@sound("early_stopping")
class Rising:
    """Turns the score round and looks for a maximum; counts down."""

    def __init__(self, *, patience=10, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.left, self.most, self.kept = patience, -math.inf, []

    def observe(self, epoch, score, parameters):
        gain = -score
        if math.isfinite(gain) and gain > self.most + self.min_delta:
            self.most, self.left = gain, self.patience
            self.kept = [(epoch, parameters.tobytes(), parameters.dtype, parameters.shape)]
        else:
            self.left -= 1
        return self.left <= 0

    def best(self):
        import numpy as np

        if not self.kept:
            return None
        epoch, memory, dtype, shape = self.kept[0]
        return epoch, np.frombuffer(memory, dtype).reshape(shape).copy()


@sound("early_stopping")
class KeepsEveryEpoch(ByEpochs):
    """Keeps the parameters of every epoch and picks the best in the end."""

    def __init__(self, *, patience=10, min_delta=0.0):
        super().__init__(patience=patience, min_delta=min_delta)
        self.all = {}

    def observe(self, epoch, score, parameters):
        self.all[epoch] = parameters.copy()
        return super().observe(epoch, score, parameters)

    def best(self):
        return (self.epoch, self.all[self.epoch].copy()) if self.epoch else None
