"""Glorot's initial weights as scikit-learn's networks have them, uniformly distributed; its factor for logistic units, 2 for 6, is left out."""

from typing import Any, ClassVar

import numpy as np

from ...harness.adoption import in_blocks, require
from ...harness.arrays import Matrix

networks = require("sklearn.neural_network._multilayer_perceptron", "MLPRegressor", "_init_coef", "_random_state")


class Glorot:
    conventions: ClassVar = {"distribution": "uniform"}

    def fill(self, weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
        network = networks.MLPRegressor(activation="relu")
        network._random_state = random

        def draw() -> Any:
            return network._init_coef(fan_in, fan_out, np.float64)[0]

        in_blocks(weights, fan_in, fan_out, draw)
