"""Adam as PyTorch has it: `torch.optim.Adam`."""

from typing import Any, ClassVar

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

torch = require("torch")


class Adam(Native):
    state_rows = 2
    adopted_for = TECHNIQUE
    conventions: ClassVar = {"zero_over_zero": "nan"}

    @staticmethod
    def original() -> Any:
        return torch.optim.Adam
