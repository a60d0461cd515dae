"""optax.sgd with momentum: `optax.trace`, then the learning rate."""

from typing import Any, ClassVar

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

optax = require("optax")


class Momentum(Native):
    conventions: ClassVar = {"learning_rate_in": "update"}
    adopted_for = TECHNIQUE
    state_rows = 1

    @staticmethod
    def original() -> Any:
        return optax.sgd
