"""Which elements of a mask are kept, in two forms that agree bit for bit: an array at once, and a loop."""

import numpy as np
from numpy.typing import NDArray

from ...harness.arrays import Key, Matrix
from ...harness.kernel import kernel
from ._stream import GAMMA, mixed, numbers_of, seed, threshold

BLOCK = 256
"""Words that are drawn before their halves are compared: two loops, each over numbers of one width, fill a vector register whole, and what
lies between them stays in the first cache."""


def kept(key: Key, step: int, layer: int, rate: float, size: int) -> NDArray[np.bool_]:
    """For each of `size` elements, whether it is kept."""
    words = mixed(seed(key, step, layer) + GAMMA * np.arange(1, size // 2 + 2, dtype=np.uint64))
    return numbers_of(words)[:size] >= threshold(rate)


@kernel
def fill(key: Key, step: int, layer: int, rate: float, share: float, mask: Matrix) -> None:
    """Write 1 / `share` where an element is kept and 0 where it is dropped, two elements a word."""
    real = mask.dtype.type
    lowest, dropped, passed = threshold(rate), real(0), real(1 / share)
    elements = mask.reshape(mask.size)
    position = seed(key, step, layer)
    words = np.empty(BLOCK, np.uint64)
    numbers = numbers_of(words)
    for first in range(0, elements.size, 2 * BLOCK):
        part = elements[first : first + 2 * BLOCK]
        for word in range((part.size + 1) // 2):
            position = np.add(position, GAMMA)
            words[word] = mixed(position)
        for element in range(part.size):
            part[element] = passed if numbers[element] >= lowest else dropped
