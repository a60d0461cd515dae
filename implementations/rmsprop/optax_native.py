"""optax.rmsprop as it comes: from a zero average, epsilon inside the root."""

from typing import Any, ClassVar

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

optax = require("optax")


class RMSProp(Native):
    conventions: ClassVar = {"start": "zero", "epsilon_at": "inside", "zero_over_zero": "nan"}
    adopted_for = TECHNIQUE
    state_rows = 1

    @staticmethod
    def original() -> Any:
        return optax.rmsprop
