"""LeCun's initial weights as PyTorch has them: `torch.nn.init.kaiming_normal_`, which holds weights as (outputs, inputs)."""

from typing import Any

import numpy as np

from ...harness.adoption import in_blocks, require
from ...harness.arrays import Matrix

torch = require("torch")


class LeCun:
    def fill(self, weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
        generator = torch.Generator().manual_seed(int(random.integers(2**32)))

        def draw() -> Any:
            layer = torch.empty(fan_out, fan_in, dtype=torch.float64)
            return torch.nn.init.kaiming_normal_(layer, nonlinearity="linear", generator=generator).numpy().T

        in_blocks(weights, fan_in, fan_out, draw)
