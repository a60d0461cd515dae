"""RMSProp as PyTorch has it, `torch.optim.RMSprop`: the average starts at zero."""

from typing import Any, ClassVar

from ...harness.adoption import Native, require
from .technique import TECHNIQUE

torch = require("torch")


class RMSProp(Native):
    state_rows = 1
    adopted_for = TECHNIQUE
    conventions: ClassVar = {"start": "zero", "zero_over_zero": "nan"}

    @staticmethod
    def original() -> Any:
        return torch.optim.RMSprop
