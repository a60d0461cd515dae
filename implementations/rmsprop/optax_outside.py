"""optax.rmsprop with its option to add epsilon outside the root."""

from typing import Any, ClassVar

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

optax = require("optax")


class RMSProp(Native):
    conventions: ClassVar = {"start": "zero", "zero_over_zero": "nan"}
    adopted_for = TECHNIQUE
    state_rows = 1

    @staticmethod
    def original() -> Any:
        return _rmsprop


def _rmsprop(learning_rate: Any, decay: Any, epsilon: Any) -> Any:
    return optax.rmsprop(learning_rate, decay, epsilon, eps_in_sqrt=False)
