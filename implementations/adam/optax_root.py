"""optax.adam with its other epsilon, `eps_root`, which stands inside the root."""

from typing import Any, ClassVar

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

optax = require("optax")


class Adam(Native):
    conventions: ClassVar = {"epsilon_at": "inside", "zero_over_zero": "nan"}
    adopted_for = TECHNIQUE
    state_rows = 2

    @staticmethod
    def original() -> Any:
        return _adam


def _adam(learning_rate: Any, beta1: Any, beta2: Any, epsilon: Any) -> Any:
    return optax.adam(learning_rate, beta1, beta2, eps=0.0, eps_root=epsilon)
