"""A generator of numbers by key, step, layer and element; the project's own, and faulty ones that the battery must catch.

A faulty one says in `caught_by` which kind of test catches it; it was named before the battery was run.
"""

from typing import ClassVar

import numpy as np

from trickbench.implementations.dropout import _stream
from trickbench.implementations.dropout._stream import GAMMA, mixed

LOW, HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


def whole(values):
    """Unsigned integers in an array, even a single one: arrays wrap around without a warning."""
    return np.atleast_1d(np.asarray(values, np.uint64))


class SplitMix:
    """The project's stream. Every argument may be an array; they are broadcast."""

    caught_by: ClassVar[tuple[str, ...]] = ()

    def seed(self, key, step, layer):
        return _stream.seed(whole(key), whole(step), whole(layer))

    def word(self, seed, index):
        """Word `index`, counted from 0."""
        return mixed(seed + GAMMA * (index + np.uint64(1)))

    def words(self, key, step, layer, index):
        return self.word(self.seed(key, step, layer), whole(index))

    def numbers(self, key, step, layer, element):
        """32 bits for each element: the lower half of a word if the element is even, the upper half if it is odd."""
        element = whole(element)
        words = self.words(key, step, layer, element >> np.uint64(1))
        return (np.where(element & np.uint64(1), words >> HALF, words) & LOW).astype(np.uint32)


FAULTS: list[type[SplitMix]] = []


def fault(cls):
    FAULTS.append(cls)
    return cls


@fault
class LowBitStuck(SplitMix):
    """The lowest bit of each number is 0."""

    caught_by = ("bits", "bytes")

    def numbers(self, key, step, layer, element):
        return super().numbers(key, step, layer, element) & np.uint32(0xFFFFFFFE)


@fault
class SparesSmallBytes(SplitMix):
    """Half of the numbers whose lowest byte is below 16 have its bits turned over."""

    caught_by = ("bytes",)

    def numbers(self, key, step, layer, element):
        found = super().numbers(key, step, layer, element)
        chosen = ((found & np.uint32(255)) < 16) & (found >> np.uint32(31) == 1)
        return np.where(chosen, found ^ np.uint32(255), found)


@fault
class LinearCongruential(SplitMix):
    """The lower half of a congruential generator of 64 bits (Knuth's MMIX): bit b has a period of 2^(b + 1)."""

    caught_by = ("bits in succession",)

    def numbers(self, key, step, layer, element):
        count = whole(element)
        power, total, result = whole(6364136223846793005), whole(1442695040888963407), self.seed(key, step, layer) + np.zeros_like(count)
        for bit in range(20):  # the state after so many steps, by repeated squaring
            jump = (count >> np.uint64(bit)) & np.uint64(1) == 1
            result = np.where(jump, result * power + total, result)
            total, power = total * (power + np.uint64(1)), power * power
        return (result & LOW).astype(np.uint32)


@fault
class XorShift(SplitMix):
    """One xorshift of 32 bits from word to word is linear: every number is a sum, bit by bit, of earlier ones."""

    caught_by = ("ranks",)

    def numbers(self, key, step, layer, element):
        """The numbers of 24 bits of state, in blocks of 64 that each begin at a random state."""
        element = whole(element)
        block, steps = element >> np.uint64(6), (element & np.uint64(63)).astype(int)
        state = (self.word(self.seed(key, step, layer), block) & np.uint64(0xFFFFFF)).astype(np.uint32) | np.uint32(1)
        state = state * np.ones_like(steps, np.uint32)
        for index in range(64):
            moved = state ^ (state << np.uint32(13))
            moved ^= moved >> np.uint32(17)
            moved ^= moved << np.uint32(5)
            state = np.where(steps > index, moved & np.uint32(0xFFFFFF), state)
        return state | (state << np.uint32(24))


@fault
class NotMixedAtAll(SplitMix):
    """The words are the multiples of γ themselves."""

    caught_by = ("serial correlation", "pairs", "birthday spacings", "avalanche of the element")

    def word(self, seed, index):
        return seed + GAMMA * (index + np.uint64(1))


@fault
class EqualHalves(SplitMix):
    """The upper half of each word is the lower one over again."""

    caught_by = ("serial correlation", "pairs", "birthday spacings", "ranks")

    def word(self, seed, index):
        word = super().word(seed, index) & LOW
        return word | word << HALF


@fault
class Mirrored(SplitMix):
    """The upper half of each word is the lower one, turned over: a high number follows a low one."""

    caught_by = ("serial correlation", "runs")

    def word(self, seed, index):
        word = super().word(seed, index) & LOW
        return word | (word ^ LOW) << HALF


@fault
class Ascending(SplitMix):
    """The larger half of each word comes second: every number by itself is as it should be, over all of them."""

    caught_by = ("runs", "pairs")

    def word(self, seed, index):
        word = super().word(seed, index)
        low, high = word & LOW, word >> HALF
        return np.minimum(low, high) | np.maximum(low, high) << HALF


@fault
class ShortPeriod(SplitMix):
    """After 4096 words they come round again."""

    caught_by = ("serial correlation", "repeated words")

    def word(self, seed, index):
        return super().word(seed, index % np.uint64(4096))


@fault
class NeverTheSameNumberTwice(SplitMix):
    """The upper 24 bits are a permutation of the element's place: numbers that are never equal are too even."""

    caught_by = ("equal numbers",)

    def numbers(self, key, step, layer, element):
        """Four rounds of Feistel's, on two halves of 12 bits."""
        right = (whole(element) & whole(0xFFF)) + whole(0) * self.seed(key, step, layer)
        left = (whole(element) >> whole(12)) & whole(0xFFF)
        for turn in range(4):
            left, right = right, left ^ (mixed(self.seed(key, step, layer) + right + whole(turn << 12)) & whole(0xFFF))
        lowest = super().numbers(key, step, layer, element) & np.uint32(0xFF)
        return ((left << whole(20)) | (right << whole(8))).astype(np.uint32) | lowest


@fault
class StepForgotten(SplitMix):
    """The step does not enter the seed."""

    caught_by = ("avalanche of the step", "repeated words")

    def seed(self, key, step, layer):
        return super().seed(key, 0 * whole(step), layer)


@fault
class StepSlides(SplitMix):
    """Each step begins one word further on in one stream."""

    caught_by = ("repeated words",)

    def seed(self, key, step, layer):
        return super().seed(key, 0 * whole(step), layer) + GAMMA * whole(step)


@fault
class StepPlusLayer(SplitMix):
    """Step and layer are added."""

    caught_by = ("repeated words",)

    def seed(self, key, step, layer):
        return super().seed(key, whole(step) + whole(layer), 0 * whole(layer))


@fault
class KeyXorStep(SplitMix):
    """Key and step are combined bit by bit, and only then mixed: a bit of one undoes a bit of the other."""

    caught_by = ("repeated words",)

    def seed(self, key, step, layer):
        return mixed(mixed(whole(key) ^ whole(step)) ^ whole(layer))


@fault
class KeyNotMixed(SplitMix):
    """The key itself is the seed: keys that differ by γ, or a multiple of it, share their words."""

    caught_by = ("repeated words",)

    def seed(self, key, step, layer):
        return whole(key) + mixed(mixed(whole(step)) ^ whole(layer))


@fault
class KeyCut(SplitMix):
    """Only the lower 32 bits of the key count."""

    caught_by = ("avalanche of the key", "repeated words")

    def seed(self, key, step, layer):
        return super().seed(whole(key) & LOW, step, layer)


@fault
class KeyLosesItsLowestBit(SplitMix):
    """Keys 2 and 3 are one."""

    caught_by = ("avalanche of the key", "repeated words")

    def seed(self, key, step, layer):
        return super().seed(whole(key) >> np.uint64(1), step, layer)


@fault
class KeyHardlyMixed(SplitMix):
    """A key that differs in one of its upper bits changes only the upper bits of every word, and adds nothing else."""

    caught_by = ("avalanche of the key",)

    def words(self, key, step, layer, index):
        key = whole(key)
        return super().words(key & LOW, step, layer, index) ^ (key >> HALF << HALF)


@fault
class LayersAgreeALittle(SplitMix):
    """One number in eight is the same in all layers."""

    caught_by = ("avalanche of the layer", "streams in pairs")

    def numbers(self, key, step, layer, element):
        own, common = super().numbers(key, step, layer, element), super().numbers(key, step, 0 * whole(layer), element)
        return np.where(whole(element) % np.uint64(8) == 0, common, own)
