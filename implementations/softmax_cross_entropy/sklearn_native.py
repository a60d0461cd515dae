"""Softmax cross-entropy as scikit-learn's networks have it: probabilities by `softmax`, then `log_loss`, which clips them to [eps, 1 - eps]."""

from typing import ClassVar

import numpy as np

from ...harness.adoption import require
from ...harness.arrays import Matrix, Vector

base = require("sklearn.neural_network._base", "LOSS_FUNCTIONS", "log_loss", "inplace_softmax", "sample_weight")


class SoftmaxCrossEntropy:
    departures: ClassVar = {
        "agreement.loss.same-values": "log_loss clips probabilities to [eps, 1 - eps], so no row costs more than 36",
        "softmax_cross_entropy.value": "log_loss clips probabilities, and takes a single class for the second of two",
        "softmax_cross_entropy.any-targets": "the gradient is softmax minus targets, which is the loss's only where a row's targets sum to 1",
        "gradient.finite-difference": "where log_loss clips a probability its value is flat, and the gradient goes on",
        "softmax_cross_entropy.extreme-logits": "log_loss clips probabilities to [eps, 1 - eps], so no row costs more than 36",
        "softmax_cross_entropy.impossible-class": "a class of probability 0 costs 36, not infinity",
    }

    def value(self, z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        probabilities = z.astype(np.float64)
        base.ACTIVATIONS["softmax"](probabilities)
        return float(base.LOSS_FUNCTIONS["log_loss"](targets, probabilities, sample_weight))

    def gradient(self, z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        dz[:] = z
        base.ACTIVATIONS["softmax"](dz)
        dz -= targets  # what `MLPClassifier._backprop` writes in one line
        dz *= (sample_weight / sample_weight.sum(dtype=np.float64))[:, None]
