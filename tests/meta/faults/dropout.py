"""Faulty forms of dropout. Numbers come from a generator of their own, so that nothing but the fault is at fault."""

from typing import ClassVar

import numpy as np

from ..collection import fault

INVERTED_CLAIMS = (
    "dropout.test-scaling",
    "dropout.inverted-equivalent",
    "dropout.ensemble",
    "erratum.dropout-percent",
    "erratum.dropout-all-parameters",
)


def refuse(rate):
    if not 0 <= rate < 1:
        raise ValueError(f"The rate is {rate}; give one in [0, 1).")


def generator(key, step, layer):
    words = [int(number) >> shift & 0xFFFFFFFF for number in (key, step, layer) for shift in (0, 32)]  # each in two words: no two lists are one
    return np.random.Generator(np.random.PCG64(words))


class Right:
    """Right, in small methods for faulty forms to replace."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        mask[:] = self.dropped(self.random(key, step, layer), rate, mask.shape)
        mask[:] = np.where(mask, 0, self.factor(rate))

    def random(self, key, step, layer):
        return generator(key, step, layer)

    def dropped(self, random, rate, shape):
        return random.random(shape) < rate

    def factor(self, rate):
        return 1 / (1 - rate)

    def test_scale(self, rate):
        return 1.0


class RightTestTime(Right):
    conventions: ClassVar = {"scaling": "test_time"}

    def factor(self, rate):
        return 1.0

    def test_scale(self, rate):
        return 1 - rate


class RightPerUpdate(Right):
    conventions: ClassVar = {"mask_reach": "update"}

    def dropped(self, random, rate, shape):
        return np.broadcast_to(random.random(shape[1]) < rate, shape)


@fault("dropout", *INVERTED_CLAIMS, "dropout.rate", seen="BUG CSTR-Edinburgh/mlpractical#32 (drop-double-scale)")
class DoubleScale(Right):
    """What is kept is scaled twice."""

    def factor(self, rate):
        return 1 / (1 - rate) ** 2


@fault("dropout", *INVERTED_CLAIMS, "dropout.test-deterministic", seen="REP ddbourgin/numpy-ml (drop-scale-after-affine)")
class ScaledInBoth(Right):
    """What is kept is scaled in training and outputs are scaled in testing too."""

    def test_scale(self, rate):
        return 1 - rate


@fault("dropout", *INVERTED_CLAIMS, "dropout.rate")
class ScaledInNeither(Right):
    """Neither training nor testing scales."""

    def factor(self, rate):
        return 1.0


@fault("dropout", "dropout.resampled", "dropout.thins-network", seen="REP state-spaces/mamba#1023 (drop-backward-new-mask)")
class BackwardNewMask(Right):
    """Every call draws anew: the backward pass does not get the mask of the forward pass."""

    calls = 0

    def random(self, key, step, layer):
        type(self).calls += 1
        return generator(key, step, layer + 1000 * self.calls)


@fault("dropout", "dropout.test-deterministic", seen="BUG fartashf/vsepp#4 (drop-train-mode-not-restored)")
class StaysInTesting(Right):
    """After a look at testing nothing is dropped any more."""

    testing = False

    def draw(self, key, step, layer, rate, mask):
        super().draw(key, step, layer, rate, mask)
        if self.testing:
            mask[:] = 1

    def test_scale(self, rate):
        self.testing = True
        return 1.0


@fault("dropout", "dropout.resampled", "dropout.rate", seen="BUG PaddlePaddle/Paddle#7796 (drop-fixed-seed-every-call)")
class FixedSeed(Right):
    """The generator has the same seed at every call."""

    def random(self, key, step, layer):
        return generator(0, 0, 0)


@fault("dropout", "dropout.rate", seen="drop-mask-shared-in-batch, not declared (keras-team/keras#217)")
class SharedInBatch(Right):
    """One mask for all rows, and it declares one for each."""

    def dropped(self, random, rate, shape):
        return np.broadcast_to(random.random(shape[1]) < rate, shape)


@fault("dropout", "dropout.rate")
class DeclaresToShare(Right):
    """Declares one mask an update and draws one a row."""

    conventions: ClassVar = {"mask_reach": "update"}


@fault("dropout", "dropout.edge-rates", seen="UNC drop-p-zero-not-identity")
class ZeroStillDrops(Right):
    """Eight random bits, of which 0 is dropped even at p = 0."""

    def dropped(self, random, rate, shape):
        return random.integers(0, 256, shape) <= rate * 255


@fault("dropout", "dropout.rate", seen="UNC drop-p-zero-not-identity (scale from a sampled count)")
class ScaledByCount(Right):
    """What is kept is scaled by the share that happens to be kept."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        kept = self.random(key, step, layer).random(mask.shape) >= rate
        mask[:] = kept / max(kept.mean(), 1e-9)


@fault("dropout", "dropout.rate", seen="UNC p and 1-p exchanged")
class KeepProbability(Right):
    """Takes p for the probability of keeping: of the drops, not of the scale."""

    def dropped(self, random, rate, shape):
        return random.random(shape) < 1 - rate


@fault("dropout", "dropout.rate", *INVERTED_CLAIMS)
class KeepProbabilityThroughout(Right):
    """Takes p for the probability of keeping, scale and all."""

    def dropped(self, random, rate, shape):
        return random.random(shape) >= rate

    def factor(self, rate):
        return 1 / rate if rate else 1.0


@fault("dropout", "dropout.rate", *INVERTED_CLAIMS)
class ScaleExchanged(Right):
    """Scales what is kept by 1/p."""

    def factor(self, rate):
        return 1 / rate if rate else 1.0


@fault("dropout", "dropout.test-deterministic", *INVERTED_CLAIMS)
class TestScaleExchanged(RightTestTime):
    """Scales by p in testing."""

    def test_scale(self, rate):
        return rate


@fault("dropout", "dropout.test-deterministic", *INVERTED_CLAIMS)
class TestTimeUnscaled(RightTestTime):
    """Forgets to scale in testing."""

    def test_scale(self, rate):
        return 1.0


@fault("dropout", "dropout.rate", "dropout.test-deterministic")
class DeclaresTestTime(Right):
    """Declares test-time scaling and scales in training."""

    conventions: ClassVar = {"scaling": "test_time"}


@fault("dropout", "dropout.rate", "dropout.test-deterministic")
class DeclaresInverted(RightTestTime):
    """Declares inverted dropout and scales in testing."""

    conventions: ClassVar = {"scaling": "inverted"}


@fault("dropout", "dropout.test-deterministic", *INVERTED_CLAIMS)
class SquareRootScale(RightTestTime):
    """Keeps the variance instead of the mean in testing."""

    def test_scale(self, rate):
        return np.sqrt(1 - rate)


@fault("dropout", "dropout.test-deterministic", "erratum.dropout-percent")
class AsPrinted(RightTestTime):
    """Scales by (1-p)% of percent p, as the notes print it."""

    def test_scale(self, rate):
        return (1 - 100 * rate) / 100


@fault("dropout", "dropout.test-deterministic", "erratum.dropout-when")
class DropsInTesting(Right):
    """The factor in testing is random."""

    going_on = np.random.default_rng(0)  # random from call to call, and the same in every run

    def test_scale(self, rate):
        return float(self.going_on.random() >= rate) / (1 - rate)


@fault("dropout", "dropout.rate", "erratum.dropout-when", "dropout.thins-network")
class NoDropoutInTraining(Right):
    """Drops nothing in training, as the notes say."""

    def dropped(self, random, rate, shape):
        return np.zeros(shape, bool)

    def factor(self, rate):
        return 1.0


@fault("dropout", "dropout.rate", "dropout.thins-network")
class Leaks(Right):
    """A dropped unit keeps a thousandth."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(key, step, layer, rate, mask)
        if rate:
            mask[mask == 0] = 1e-3


@fault("dropout", "dropout.rate")
class LeaksNextToNothing(Right):
    """A dropped unit keeps 1e-20."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(key, step, layer, rate, mask)
        if rate:
            mask[mask == 0] = 1e-20


@fault("dropout", "dropout.rate")
class Gaussian(Right):
    """Gaussian noise of the same variance instead of masks."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        mask[:] = 1 + np.sqrt(rate / (1 - rate)) * self.random(key, step, layer).normal(size=mask.shape)


@fault("dropout", "dropout.rate")
class ExactShare(Right):
    """Drops exactly the share p of each row: units are not independent."""

    def dropped(self, random, rate, shape):
        return random.permuted(np.broadcast_to(np.arange(shape[1]) < round(rate * shape[1]), shape), axis=1)


@fault("dropout", "dropout.rate")
class ExactShareOfAll(Right):
    """Drops exactly the share p of each unit's examples."""

    def dropped(self, random, rate, shape):
        return random.permuted(np.broadcast_to((np.arange(shape[0]) < round(rate * shape[0]))[:, np.newaxis], shape), axis=0)


@fault("dropout", "dropout.rate")
class WholeRows(Right):
    """Drops whole examples."""

    def dropped(self, random, rate, shape):
        return np.broadcast_to(random.random((shape[0], 1)) < rate, shape)


@fault("dropout", "dropout.rate")
class Pairs(Right):
    """Neighbouring units share their fate."""

    def dropped(self, random, rate, shape):
        return np.repeat(random.random((shape[0], shape[1] // 2 + 1)) < rate, 2, axis=1)[:, : shape[1]]


@fault("dropout", "dropout.rate")
class OppositePairs(Right):
    """Every second unit has the number of its neighbour, mirrored."""

    def dropped(self, random, rate, shape):
        half = random.random((shape[0], shape[1] // 2 + 1))
        return np.stack([half, 1 - half], axis=2).reshape(shape[0], -1)[:, : shape[1]] < rate


@fault("dropout", "dropout.rate")
class Mirrored(Right):
    """The second half of a mask is the first in reverse."""

    def dropped(self, random, rate, shape):
        numbers = random.random(shape).ravel()
        numbers[-(numbers.size // 2) :] = numbers[: numbers.size // 2][::-1]
        return numbers.reshape(shape) < rate


@fault("dropout", "dropout.rate")
class Tiled(Right):
    """The rows of a larger batch repeat the first 64."""

    def dropped(self, random, rate, shape):
        return np.resize(random.random((min(64, shape[0]), shape[1])), shape) < rate


@fault("dropout", "dropout.rate")
class ShortTable(Right):
    """Numbers come from a table of 1000, read round and round."""

    def dropped(self, random, rate, shape):
        return np.resize(random.random(1000), shape) < rate


@fault("dropout", "dropout.rate")
class RowsShifted(Right):
    """Every row is the one before, moved by one unit."""

    def dropped(self, random, rate, shape):
        numbers = random.random(shape[0] + shape[1])
        return numbers[np.add.outer(np.arange(shape[0]), np.arange(shape[1]))] < rate


@fault("dropout", "dropout.rate")
class SparesTheFirst(Right):
    """The first unit is never dropped."""

    def dropped(self, random, rate, shape):
        found = random.random(shape) < rate
        found[:, 0] = False
        return found


@fault("dropout", "dropout.rate")
class SparesTheLast(Right):
    """The last unit of the last row is never dropped."""

    def dropped(self, random, rate, shape):
        found = random.random(shape) < rate
        found[-1, -1] = False
        return found


@fault("dropout", "dropout.rate")
class SparesFullRows(Right):
    """Where a row would lose all its units it keeps the first."""

    def dropped(self, random, rate, shape):
        found = random.random(shape) < rate
        found[found.all(axis=1), 0] = False
        return found


@fault("dropout", "dropout.rate")
class FadesOut(Right):
    """Later rows are dropped less."""

    def dropped(self, random, rate, shape):
        return random.random(shape) < rate * np.linspace(1.05, 0.95, shape[0])[:, np.newaxis]


@fault("dropout", "dropout.rate")
class UnitsDiffer(Right):
    """Units are dropped with rates of their own, p on average."""

    def dropped(self, random, rate, shape):
        return random.random(shape) < rate * np.linspace(0.9, 1.1, shape[1])


@fault("dropout", "dropout.rate")
class EightBits(Right):
    """The rate is met to 1/256: small ones never."""

    def dropped(self, random, rate, shape):
        return random.integers(0, 256, shape) < int(rate * 256)


@fault("dropout", "dropout.rate")
class TwoDecimals(Right):
    """The rate is rounded to two decimals."""

    def dropped(self, random, rate, shape):
        return random.random(shape) < round(rate, 2)


@fault("dropout", "dropout.rate")
class FivePercentOff(Right):
    """Drops five percent too many."""

    def dropped(self, random, rate, shape):
        return random.random(shape) < 1.05 * rate


@fault("dropout", "dropout.rate")
class AlwaysHalf(Right):
    """Drops half of the units whatever p is."""

    def dropped(self, random, rate, shape):
        return random.random(shape) < 0.5 * (rate > 0)


@fault("dropout", "dropout.rate")
class CappedRate(Right):
    """p above 0.9 counts as 0.9."""

    def dropped(self, random, rate, shape):
        return random.random(shape) < min(rate, 0.9)


@fault("dropout", "dropout.resampled", "dropout.rate")
class StepIgnored(Right):
    """The mask of the first step serves all."""

    def random(self, key, step, layer):
        return generator(key, 1, layer)


@fault("dropout", "dropout.resampled", seen="UNC seeds shared between layers")
class LayerIgnored(Right):
    """All layers have the same mask."""

    def random(self, key, step, layer):
        return generator(key, step, 0)


@fault("dropout", "dropout.resampled", seen="found here: a list of seeds is one string of 32-bit words to NumPy")
class ListOfSeeds(Right):
    """Seeds NumPy with the list of key, step and layer: a key above 2³² runs into the step's word."""

    def random(self, key, step, layer):
        return np.random.default_rng([int(key), step, layer])


@fault("dropout", "dropout.resampled")
class KeyIgnored(Right):
    """All runs have the same masks."""

    def random(self, key, step, layer):
        return generator(0, step, layer)


@fault("dropout", "dropout.resampled")
class KeyCut(Right):
    """Only 32 bits of the key count."""

    def random(self, key, step, layer):
        return generator(int(key) & 0xFFFFFFFF, step, layer)


@fault("dropout", "dropout.resampled")
class KeyLowBitLost(Right):
    """The key goes through a double, which holds 53 bits of it: keys 2⁶³ and 2⁶³ + 1 are one."""

    def random(self, key, step, layer):
        return generator(int(float(int(key))) >> 1, step, layer)


@fault("dropout", "dropout.resampled")
class StepPlusLayer(Right):
    """Step and layer are added: layer 1 has the mask that layer 0 has a step later."""

    def random(self, key, step, layer):
        return generator(key, step + layer, 0)


@fault("dropout", "dropout.resampled")
class KeyPlusStep(Right):
    """Key and step are added."""

    def random(self, key, step, layer):
        return generator((int(key) + step) % 2**64, 0, layer)


@fault("dropout", "dropout.resampled")
class StepTimesLayers(Right):
    """Step times ten plus layer: the eleventh layer has the next step's mask."""

    def random(self, key, step, layer):
        return generator(key, 10 * step + layer, 0)


@fault("dropout", "dropout.resampled")
class KeyXorStep(Right):
    """Key and step are combined bit by bit."""

    def random(self, key, step, layer):
        return generator(int(key) ^ step, 0, layer)


@fault("dropout", "dropout.resampled")
class StepByte(Right):
    """The step is kept in a byte."""

    def random(self, key, step, layer):
        return generator(key, step & 0xFF, layer)


@fault("dropout", "dropout.resampled")
class StepShort(Right):
    """The step is kept in 16 bits."""

    def random(self, key, step, layer):
        return generator(key, step & 0xFFFF, layer)


@fault("dropout", "dropout.resampled")
class EveryHundredSteps(Right):
    """Masks recur every hundred steps."""

    def random(self, key, step, layer):
        return generator(key, step % 100, layer)


@fault("dropout", "dropout.resampled")
class EverySecondStep(Right):
    """A new mask every second step."""

    def random(self, key, step, layer):
        return generator(key, step // 2, layer)


@fault("dropout", "dropout.resampled")
class Sliding(Right):
    """Each step reads the stream a row further on."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        random = generator(key, 0, layer)
        random.bit_generator.advance((step % 1000) * mask.shape[1])
        mask[:] = np.where(random.random(mask.shape) < rate, 0, 1 / (1 - rate))


@fault("dropout", "dropout.resampled")
class Antithetic(Right):
    """Even steps mirror the numbers of the step before."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        numbers = generator(key, (step + 1) // 2, layer).random(mask.shape)
        mask[:] = np.where((numbers if step % 2 else 1 - numbers) < rate, 0, 1 / (1 - rate))


@fault("dropout", "dropout.resampled")
class ReversedStep(Right):
    """Even steps read the numbers of the step before in reverse."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        numbers = generator(key, (step + 1) // 2, layer).random(mask.size)
        mask[:] = np.where((numbers if step % 2 else numbers[::-1]).reshape(mask.shape) < rate, 0, 1 / (1 - rate))


@fault("dropout", "dropout.resampled")
class OneStream(Right):
    """Draws from one stream, on and on: a step's mask depends on what was drawn before."""

    def __init__(self):
        self.stream = np.random.default_rng(0)

    def random(self, key, step, layer):
        return self.stream


@fault("dropout", "dropout.resampled", "dropout.thins-network")
class Unseeded(Right):
    """Draws from the system's entropy: a run cannot be repeated."""

    def random(self, key, step, layer):
        return np.random.default_rng()


@fault("dropout", "conformance.dropout.rows-stand-alone")
class ByColumns(Right):
    """Numbers are drawn unit by unit: the last, smaller batch has other masks."""

    def dropped(self, random, rate, shape):
        return rate > random.random(shape[::-1]).T


@fault("dropout", "conformance.dropout.rows-stand-alone")
class SeededByRows(Right):
    """The number of rows enters the seed."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(key, step, layer + 100 * mask.shape[0], rate, mask)


@fault("dropout", "dropout.edge-rates")
class AcceptsOne(Right):
    """p = 1 gives zeros, undeclared."""

    def draw(self, key, step, layer, rate, mask):
        if rate == 1:
            mask[:] = 0
        else:
            super().draw(key, step, layer, rate, mask)


@fault("dropout", "dropout.edge-rates")
class ClampsTheRate(Right):
    """Rates outside [0, 1] are quietly moved inside."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(key, step, layer, min(max(rate, 0), 1 - 1e-12), mask)


@fault("dropout", "dropout.edge-rates")
class AcceptsNan(Right):
    """A rate of NaN drops nothing and scales by NaN."""

    def draw(self, key, step, layer, rate, mask):
        if np.isnan(rate):
            mask[:] = rate
        else:
            super().draw(key, step, layer, rate, mask)


@fault("dropout", "dropout.edge-rates")
class AcceptsNegative(Right):
    """A negative rate is taken as it is."""

    def draw(self, key, step, layer, rate, mask):
        if rate < 0:
            mask[:] = 1 / (1 - rate)
        else:
            super().draw(key, step, layer, rate, mask)


@fault("dropout", "dropout.edge-rates")
class Percent(Right):
    """Rates above 1 are percent."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(key, step, layer, rate / 100 if 1 < rate < 100 else rate, mask)


@fault("dropout", "dropout.edge-rates")
class Speechless(Right):
    """Refuses without a word."""

    def draw(self, key, step, layer, rate, mask):
        if not 0 <= rate < 1:
            raise ValueError
        super().draw(key, step, layer, rate, mask)


@fault("dropout", "dropout.edge-rates")
class DividesByZero(Right):
    """p = 1 ends in a division by 0."""

    def draw(self, key, step, layer, rate, mask):
        if rate == 1:
            1 / (1 - rate)
        super().draw(key, step, layer, rate, mask)


@fault("dropout", "dropout.edge-rates", "dropout.rate")
class OverflowsNearOne(Right):
    """1 - p is computed in half precision, 0 for p near 1, and 0 / 0 is NaN."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        with np.errstate(all="ignore"):
            mask[:] = (self.random(key, step, layer).random(mask.shape) >= rate) / np.float64(np.float16(1 - rate))


@fault("dropout", "dropout.edge-rates")
class ZeroOnceInAWhile(Right):
    """At p = 0 one unit in ten thousand is dropped."""

    def dropped(self, random, rate, shape):
        return random.random(shape) <= max(rate, 1e-4)


@fault("dropout", "dropout.rate")
class FactorOfThePercent(Right):
    """The scale is computed from p in whole percent."""

    def factor(self, rate):
        return 1 / (1 - int(100 * rate) / 100)


@fault("dropout", "dropout.rate")
class EpsilonInFactor(Right):
    """A small number keeps the scale from dividing by 0."""

    def factor(self, rate):
        return 1 / (1 - rate + 1e-5)


@fault("dropout", "dropout.rate")
class PerUpdateDrawsRows(RightPerUpdate):
    """Rows share a mask only within blocks of 16."""

    def dropped(self, random, rate, shape):
        return np.repeat(random.random((shape[0] // 16 + 1, shape[1])), 16, axis=0)[: shape[0]] < rate


@fault("dropout", "dropout.rate")
class PerUpdateFirstRowOnly(RightPerUpdate):
    """Only the first row of an update is masked."""

    def dropped(self, random, rate, shape):
        found = np.zeros(shape, bool)
        found[0] = random.random(shape[1]) < rate
        return found


@fault("dropout", "dropout.rate")
class HalfUnwritten(Right):
    """The last element of an odd mask is not written."""

    def draw(self, key, step, layer, rate, mask):
        last = mask[-1, -1]
        super().draw(key, step, layer, rate, mask)
        if mask.size % 2:
            mask[-1, -1] = last


@fault("dropout", "dropout.rate")
class NothingAtFirst(Right):
    """Drops nothing for the first ten steps."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(key, step, layer, rate if step > 10 else 0.0, mask)


@fault("dropout", "dropout.rate")
class NotInDeepLayers(Right):
    """Drops nothing from the third hidden layer on."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(key, step, layer, rate if layer < 2 else 0.0, mask)


@fault("dropout", "dropout.rate")
class Scheduled(Right):
    """The rate falls in the course of training."""

    def draw(self, key, step, layer, rate, mask):
        refuse(rate)
        super().draw(key, step, layer, rate * 0.999**step, mask)
