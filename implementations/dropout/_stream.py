"""Random bits by position: SplitMix64 (Steele, Lea and Flood 2014), read at random access instead of in sequence.

    word j = mixed(seed + (j + 1) γ)        seed = mixed(mixed(mixed(key) ^ step) ^ layer)        all modulo 2⁶⁴

`mixed` is the generator's finaliser; γ is 2⁶⁴ over the golden ratio, made odd. The finaliser is one-to-one, so two steps of one key, or two
layers of one step, never share a seed. Element i is the lower half of word i / 2 if i is even, the upper half if it is odd.

It is a published generator that passes TestU01's BigCrush (Vigna 2015), and stands the battery in `tests/implementations/dropout/`, along elements,
steps, layers and keys. Streams are stretches of one cycle of 2⁶⁴ words that begin at random places: among s streams of w words some two overlap
with probability s² w / 2⁶⁴, which is 10⁻⁷ for a run of 10,000 steps with 3 layers of 4,000 elements. No word occurs twice within a stream.

`np.multiply` and `np.add` stand for * and +, because they wrap around without a warning for numbers as well as for arrays. Every constant is
an unsigned integer: to numba, a signed one beside an unsigned one makes a float.
"""

import numpy as np
from numpy.typing import NDArray

from ...harness.arrays import Key
from ...harness.kernel import kernel

GAMMA = np.uint64(0x9E3779B97F4A7C15)
FIRST_FACTOR, SECOND_FACTOR = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
FIRST_SHIFT, SECOND_SHIFT, THIRD_SHIFT = np.uint64(30), np.uint64(27), np.uint64(31)


@kernel
def mixed(word: Key) -> Key:
    """SplitMix64's finaliser: every bit of the result depends on every bit of the word, or of each word of an array."""
    word = np.multiply(word ^ (word >> FIRST_SHIFT), FIRST_FACTOR)
    word = np.multiply(word ^ (word >> SECOND_SHIFT), SECOND_FACTOR)
    return word ^ (word >> THIRD_SHIFT)


@kernel
def seed(key: Key, step: int, layer: int) -> Key:
    """Where the stream of one step and layer begins."""
    return mixed(mixed(mixed(np.uint64(key)) ^ np.uint64(step)) ^ np.uint64(layer))


@kernel
def numbers_of(words: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The halves of each word, the lower one first, in the same memory: processors that numba compiles for keep the lower half first."""
    return words.view(np.uint32)


@kernel
def threshold(rate: float) -> np.uint32:
    """The number below which an element is dropped; raises ValueError for a rate outside [0, 1)."""
    if not 0 <= rate < 1:  # NaN is neither
        raise ValueError("The drop rate is outside [0, 1); give a rate of at least 0 and below 1.")
    return np.uint32(np.floor(rate * 2.0**32))
