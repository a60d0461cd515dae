"""optax.sgd without momentum."""

from typing import Any

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

optax = require("optax")


class SGD(Native):
    adopted_for = TECHNIQUE
    state_rows = 0

    @staticmethod
    def original() -> Any:
        return optax.sgd
