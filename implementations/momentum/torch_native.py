"""Momentum as PyTorch has it, `torch.optim.SGD`: the learning rate stays outside the velocity. Without momentum it keeps no velocity."""

from typing import Any, ClassVar

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

torch = require("torch")


class Momentum(Native):
    state_rows = 1
    adopted_for = TECHNIQUE
    conventions: ClassVar = {"learning_rate_in": "update"}

    @staticmethod
    def original() -> Any:
        return torch.optim.SGD
