"""Inverted dropout as PyTorch has it: `bernoulli_` and a division, as `torch.nn.functional.dropout` does, but from a generator of its own.

The library's function draws from the generator that all of a process shares, so its masks depend on who drew before. PyTorch takes 32 bits of
a seed: about one pair of masks in four billion is the same.
"""

from ...harness.adoption import require
from ...harness.arrays import Key, Matrix
from ._stream import seed, threshold

torch = require("torch")


class Dropout:
    def draw(self, key: Key, step: int, layer: int, rate: float, mask: Matrix) -> None:
        threshold(rate)  # refuses what is no rate
        generator = torch.Generator().manual_seed(int(seed(key, step, layer)) >> 32)
        kept = torch.empty(mask.shape, dtype=torch.float64).bernoulli_(1 - rate, generator=generator)
        mask[:] = kept.div_(1 - rate).numpy()

    def test_scale(self, rate: float) -> float:
        return 1.0
