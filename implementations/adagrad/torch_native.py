"""Adagrad as PyTorch has it: `torch.optim.Adagrad`."""

from typing import Any, ClassVar

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

torch = require("torch")


class Adagrad(Native):
    state_rows = 1
    adopted_for = TECHNIQUE
    conventions: ClassVar = {"zero_over_zero": "nan"}

    @staticmethod
    def original() -> Any:
        return torch.optim.Adagrad
