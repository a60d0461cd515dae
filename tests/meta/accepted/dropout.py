"""What looks wrong in dropout and is right, and honestly declared conventions, from other generators and with other roundings."""

from typing import ClassVar

import numpy as np

from ..collection import sound


def refuse(rate):
    if not 0 <= rate < 1:
        raise ValueError(f"The rate is {rate}; give one in [0, 1).")


def generator(key, step, layer):
    words = [int(number) >> shift & 0xFFFFFFFF for number in (key, step, layer) for shift in (0, 32)]  # each in two words: no two lists are one
    return np.random.Generator(np.random.PCG64(words))


class Inverted:
    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        mask[:] = np.where(generator(key, step, layer).random(mask.shape) < rate, 0, 1 / (1 - rate))

    def test_scale(self, rate):
        return 1.0


@sound("dropout")
class KeepsBelow(Inverted):
    """Keeps what lies below 1 - p instead of dropping what lies below p."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        mask[:] = generator(key, step, layer).random(mask.shape) < 1 - rate
        mask /= 1 - rate


@sound("dropout")
class SinglePrecisionNumbers(Inverted):
    """Random numbers, rate and scale rounded to the mask's own precision."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        real = mask.dtype.type
        numbers = generator(key, step, layer).random(mask.shape).astype(mask.dtype)
        mask[:] = numbers >= real(rate)
        mask *= real(1) / max(real(1) - real(rate), np.finfo(mask.dtype).epsneg)


@sound("dropout")
class FromUniformOfEitherSign(Inverted):
    """Rounds numbers to 0 and 1: floor(u + 1 - p)."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        mask[:] = np.floor(generator(key, step, layer).random(mask.shape) + (1 - rate)) * (1 / (1 - rate)) if rate else 1


class Unscaled(Inverted):
    conventions: ClassVar = {"scaling": "test_time"}

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        mask[:] = generator(key, step, layer).binomial(1, 1 - rate, mask.shape)

    def test_scale(self, rate):
        return 1 - rate


@sound("dropout", seen="CONV test-time scaling")
class TestTime(Unscaled):
    """Masks of 0 and 1."""


@sound("dropout", seen="CONV joaopauloschuler/neural-api#6 (drop-mask-shared-in-batch)")
class SharedInBatch(Inverted):
    """One mask for the whole batch, declared."""

    conventions: ClassVar = {"mask_reach": "update"}

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        mask[:] = np.where(generator(key, step, layer).random(mask.shape[1]) < rate, 0, 1 / (1 - rate))


@sound("dropout", seen="CONV the lecture's: one thinned network an update, scaled in testing")
class AsInTheLecture(Unscaled):
    """One mask an update, and outputs scaled in testing."""

    conventions: ClassVar = {"scaling": "test_time", "mask_reach": "update"}

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        mask[:] = generator(key, step, layer).random(mask.shape[1]) >= rate


@sound("dropout")
class NegatedZeros(Inverted):
    """A dropped unit's factor is -0."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(key, step, layer, rate, mask)
        mask[mask == 0] = -0.0


@sound("dropout")
class LayersSpawned(Inverted):
    """Layers and steps have spawned seed sequences."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        random = np.random.Generator(np.random.Philox(np.random.SeedSequence(int(key), spawn_key=(int(layer), int(step)))))
        mask[:] = np.where(random.random(mask.shape) < rate, 0, 1 / (1 - rate))


@sound("dropout")
class RememberedMasks(Inverted):
    """Keeps the masks that it has drawn and hands them out again: nothing that one can see."""

    def __init__(self):
        self.drawn = {}

    def draw(self, key, step, layer, rate, mask):
        name = int(key), step, layer, rate, mask.shape, mask.dtype.str
        if name not in self.drawn:
            super().draw(key, step, layer, rate, mask)
            self.drawn = {**dict(list(self.drawn.items())[-4:]), name: mask.copy()}
        mask[:] = self.drawn[name]
