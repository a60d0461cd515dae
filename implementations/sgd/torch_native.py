"""Gradient descent as PyTorch has it: `torch.optim.SGD` without momentum."""

from typing import Any

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

torch = require("torch")


class SGD(Native):
    state_rows = 0
    adopted_for = TECHNIQUE

    @staticmethod
    def original() -> Any:
        return torch.optim.SGD
