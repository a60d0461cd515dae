"""optax.adam."""

from typing import Any, ClassVar

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

optax = require("optax")


class Adam(Native):
    conventions: ClassVar = {"zero_over_zero": "nan"}
    adopted_for = TECHNIQUE
    state_rows = 2

    @staticmethod
    def original() -> Any:
        return optax.adam
