"""Which elements of a mask are kept, in two forms that agree bit for bit: an array at once, and a loop."""

import numpy as np
from numpy.typing import NDArray

from ...harness.arrays import Key, Matrix
from ...harness.kernel import kernel
from ._stream import GAMMA, HALF, LOW, mixed, seed, threshold


def kept(key: Key, step: int, layer: int, rate: float, size: int) -> NDArray[np.bool_]:
    """For each of `size` elements, whether it is kept."""
    positions = np.arange(1, size // 2 + 2, dtype=np.uint64)
    words = mixed(seed(key, step, layer) + GAMMA * positions)
    numbers = np.stack([words & LOW, words >> HALF], axis=1).reshape(-1)[:size]
    return numbers >= threshold(rate)


@kernel
def fill(key: Key, step: int, layer: int, rate: float, share: float, mask: Matrix) -> None:
    """Write 1 / `share` where an element is kept and 0 where it is dropped, two elements a word."""
    real = mask.dtype.type
    lowest, dropped, passed = threshold(rate), real(0), real(1 / share)
    elements = mask.reshape(mask.size)
    position = seed(key, step, layer)
    for pair in range(elements.size // 2):
        position = np.add(position, GAMMA)
        word = mixed(position)
        elements[2 * pair] = passed if (word & LOW) >= lowest else dropped
        elements[2 * pair + 1] = passed if (word >> HALF) >= lowest else dropped
    if elements.size % 2:
        elements[elements.size - 1] = passed if (mixed(np.add(position, GAMMA)) & LOW) >= lowest else dropped
