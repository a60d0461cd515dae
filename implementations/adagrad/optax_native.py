"""optax.adagrad, its sum started at 0 (its own default is 0.1); epsilon is inside the root, and what has no gradient yet stays."""

from typing import Any, ClassVar

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

optax = require("optax")


class Adagrad(Native):
    conventions: ClassVar = {"epsilon_at": "inside"}
    adopted_for = TECHNIQUE
    state_rows = 1

    @staticmethod
    def original() -> Any:
        return _adagrad


def _adagrad(learning_rate: Any, epsilon: Any) -> Any:
    return optax.adagrad(learning_rate, initial_accumulator_value=0.0, eps=epsilon)
