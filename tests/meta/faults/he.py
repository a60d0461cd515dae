"""Faulty forms of He's initial weights; `glorot.py` and `lecun.py` hold what is particular to those."""

import numpy as np

from ..collection import fault

VARIANCE = ("initializer.variance",)
STREAM = ("initializer.own-stream",)
INDEPENDENT = ("initializer.independent",)
DISTRIBUTION = ("initializer.distribution",)


def he(weights, fan_in, random):
    weights[:] = np.sqrt(2 / max(fan_in, 1)) * random.standard_normal(weights.shape)


class Scaled:
    """Standard draws (inputs, pre-activations) times a deviation."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / max(fan_in, 1))

    def draws(self, shape, random):
        return random.standard_normal(shape)

    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = self.deviation(fan_in, fan_out) * self.draws(weights.shape, random)


@fault("he", *STREAM, "initializer.layers-independent", seen="BUG netket/netket#241 (init-same-seed-all-layers)")
class SameSeed(Scaled):
    """Makes a generator of its own, of the same seed for every layer."""

    def draws(self, shape, random):
        return np.random.default_rng(0).standard_normal(shape)


@fault("he", *STREAM, "initializer.layers-independent", seen="BUG nntile/nntile#21 (init-same-seed-all-layers)")
class SeedOfTheRun(Scaled):
    """Seeds itself by the run's seed, which all layers' streams have in common."""

    def draws(self, shape, random):
        return np.random.default_rng(random.bit_generator.seed_seq.entropy).standard_normal(shape)


@fault("he", *STREAM)
class StreamNotAdvanced(Scaled):
    """Draws from a copy of the generator, so that a second layer gets the same."""

    def draws(self, shape, random):
        import copy

        return copy.deepcopy(random).standard_normal(shape)


@fault("he", *STREAM)
class GlobalStream(Scaled):
    """Draws from NumPy's global generator."""

    def draws(self, shape, random):
        return np.random.standard_normal(shape)  # noqa: NPY002


@fault("he", *STREAM)
class SeedsTheGlobalStream(Scaled):
    """Seeds NumPy's global generator from the given one, and draws from it."""

    def draws(self, shape, random):
        np.random.seed(random.integers(2**31))  # noqa: NPY002
        return np.random.standard_normal(shape)  # noqa: NPY002


@fault("he", *STREAM)
class FreshEntropy(Scaled):
    """Draws anew at every call, whatever generator is given."""

    def draws(self, shape, random):
        return np.random.default_rng().standard_normal(shape)


@fault("he", *STREAM)
class FewSeeds(Scaled):
    """Seeds itself by a draw of one digit."""

    def draws(self, shape, random):
        return np.random.default_rng(int(random.integers(2))).standard_normal(shape)


@fault("he", *STREAM)
class CountsCalls(Scaled):
    """Seeds itself by a counter of its own, and not by the generator alone."""

    calls = 0

    def draws(self, shape, random):
        CountsCalls.calls += 1
        return np.random.default_rng([int(random.integers(2**32)), CountsCalls.calls]).standard_normal(shape)


@fault("he", "initializer.layers-independent")
class OverlappingStreams(Scaled):
    """Reads all layers and calls off one long stream, a few numbers further on each time: all but those are shared."""

    def draws(self, shape, random):
        sequence = random.bit_generator.seed_seq
        ahead = 7 * sum(sequence.spawn_key) + int(random.integers(1000))
        return np.random.default_rng(sequence.entropy).standard_normal(ahead + int(np.prod(shape)))[ahead:].reshape(shape)


@fault("he", *VARIANCE, *STREAM, seen="REP ShahariarRabby/deeplearning.ai#9 (init-floor-division-zero)")
class FloorDivision(Scaled):
    """Divides whole numbers: the deviation is 0 for more than two inputs."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 // max(fan_in, 1))


@fault("he", *VARIANCE)
class DeviationForVariance(Scaled):
    """Takes the variance for the deviation."""

    def deviation(self, fan_in, fan_out):
        return 2 / max(fan_in, 1)


@fault("he", *VARIANCE)
class LeCuns(Scaled):
    """Takes 1 / n for the variance, LeCun's."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(1 / max(fan_in, 1))


@fault("he", *VARIANCE)
class FanOut(Scaled):
    """Takes the number of units for that of inputs."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / max(fan_out, 1))


@fault("he", *VARIANCE)
class FanSum(Scaled):
    """Adds the units to the inputs."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / max(fan_in + fan_out, 1))


@fault("he", *VARIANCE)
class FanMean(Scaled):
    """Takes the mean of inputs and units."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(4 / max(fan_in + fan_out, 1))


@fault("he", *VARIANCE)
class FanProduct(Scaled):
    """Takes the number of weights for that of inputs."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / max(fan_in * fan_out, 1))


@fault("he", *VARIANCE)
class OneInputMore(Scaled):
    """Counts the bias as an input."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / (fan_in + 1))


@fault("he", *VARIANCE)
class OneInputLess(Scaled):
    """Counts one input less than there are."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / max(fan_in - 1, 1))


@fault("he", *VARIANCE)
class RootForgotten(Scaled):
    """Divides by the root of the inputs, and takes no root of 2."""

    def deviation(self, fan_in, fan_out):
        return 2 / np.sqrt(max(fan_in, 1))


@fault("he", *VARIANCE)
class Constant(Scaled):
    """Takes 0.05 for the deviation, whatever the layer."""

    def deviation(self, fan_in, fan_out):
        return 0.05


@fault("he", *VARIANCE)
class Leaky(Scaled):
    """Allows for a leak of slope √5, as a library's default does."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / 6 / max(fan_in, 1))


@fault("he", *VARIANCE)
class TruncatedNotWidened(Scaled):
    """Cuts the normal distribution off at two deviations and does not widen it again."""

    conventions = {"distribution": "truncated_normal"}  # noqa: RUF012

    def draws(self, shape, random):
        from scipy.special import ndtri

        return ndtri(random.uniform(0.022750131948179195, 0.9772498680518208, shape))


@fault("he", *DISTRIBUTION)
class DeclaresTruncated(Scaled):
    """Declares a truncated normal distribution and draws a whole one."""

    conventions = {"distribution": "truncated_normal"}  # noqa: RUF012


@fault("he", *DISTRIBUTION)
class TruncatedUndeclared(Scaled):
    """Draws a truncated normal distribution and declares a whole one."""

    def draws(self, shape, random):
        from scipy.special import ndtri

        return ndtri(random.uniform(0.022750131948179195, 0.9772498680518208, shape)) / 0.87962566103423978


@fault("he", *DISTRIBUTION)
class UniformUndeclared(Scaled):
    """Draws uniform numbers and declares normal ones."""

    def draws(self, shape, random):
        return random.uniform(-np.sqrt(3), np.sqrt(3), shape)


@fault("he", *DISTRIBUTION)
class DeclaresUniform(Scaled):
    """Draws normal numbers and declares uniform ones."""

    conventions = {"distribution": "uniform"}  # noqa: RUF012


@fault("he", *VARIANCE)
class UniformOfTheWrongWidth(Scaled):
    """Takes the deviation for the limit of a uniform distribution."""

    conventions = {"distribution": "uniform"}  # noqa: RUF012

    def draws(self, shape, random):
        return random.uniform(-1, 1, shape)


@fault("he", "initializer.mean-zero", *DISTRIBUTION)
class UniformFromZero(Scaled):
    """Draws from 0 to the limit, never a negative weight."""

    conventions = {"distribution": "uniform"}  # noqa: RUF012

    def draws(self, shape, random):
        return random.uniform(0, np.sqrt(3), shape)


@fault("he", *DISTRIBUTION)
class Laplace(Scaled):
    """Draws from Laplace's distribution."""

    def draws(self, shape, random):
        return random.laplace(0, np.sqrt(0.5), shape)


@fault("he", *DISTRIBUTION)
class HeavyTails(Scaled):
    """Draws from Student's distribution of 5 degrees of freedom, of the right variance."""

    def draws(self, shape, random):
        return random.standard_t(5, shape) * np.sqrt(3 / 5)


@fault("he", *DISTRIBUTION)
class ThreeUniform(Scaled):
    """Adds three uniform numbers up for a normal one."""

    def draws(self, shape, random):
        return 2 * (random.random((3, *shape)).sum(axis=0) - 1.5)


@fault("he", *DISTRIBUTION)
class Signs(Scaled):
    """Draws signs alone, of the right variance."""

    def draws(self, shape, random):
        return random.choice([-1.0, 1.0], shape)


@fault("he", *DISTRIBUTION)
class Outlier(Scaled):
    """Sets one weight to a hundred deviations."""

    def draws(self, shape, random):
        found = random.standard_normal(shape)
        if found.size > 5000:
            found.flat[3] = 12
        return found


@fault("he", "initializer.mean-zero")
class Shifted(Scaled):
    """Adds a tenth of a deviation to every weight."""

    def draws(self, shape, random):
        return random.standard_normal(shape) * np.sqrt(0.99) + 0.1


@fault("he", "initializer.mean-zero", *INDEPENDENT)
class ShiftedUnits(Scaled):
    """Adds to each unit's weights a number of its own, a fifth of a deviation."""

    def draws(self, shape, random):
        return random.standard_normal(shape) * np.sqrt(0.96) + 0.2 * random.standard_normal((1, shape[1]))


@fault("he", "initializer.mean-zero", *DISTRIBUTION)
class Positive(Scaled):
    """Takes absolute values."""

    def draws(self, shape, random):
        return np.abs(random.standard_normal(shape))


@fault("he", *INDEPENDENT)
class SameUnits(Scaled):
    """Draws one unit's weights and gives them to all."""

    def draws(self, shape, random):
        return np.broadcast_to(random.standard_normal((shape[0], 1)), shape)


@fault("he", *INDEPENDENT)
class SameInputs(Scaled):
    """Draws one input's weights and gives them to all."""

    def draws(self, shape, random):
        return np.broadcast_to(random.standard_normal((1, shape[1])), shape)


@fault("he", *INDEPENDENT)
class SamePieces:
    """Draws one piece and gives its weights to the others."""

    def fill(self, weights, fan_in, fan_out, random):
        pieces = weights.shape[1] // max(fan_out, 1)
        weights[:] = np.tile(np.sqrt(2 / max(fan_in, 1)) * random.standard_normal((fan_in, fan_out)), (1, pieces))


@fault("he", *INDEPENDENT)
class MirroredUnits(Scaled):
    """Gives half of the units the others' weights with their sign turned."""

    def draws(self, shape, random):
        half = random.standard_normal((shape[0], (shape[1] + 1) // 2))
        return np.concatenate([half, -half], axis=1)[:, : shape[1]]


@fault("he", *INDEPENDENT)
class Product(Scaled):
    """Multiplies a number of the input by one of the unit."""

    def draws(self, shape, random):
        return random.standard_normal((shape[0], 1)) * random.standard_normal((1, shape[1]))


@fault("he", *INDEPENDENT)
class Ordered(Scaled):
    """Hands the draws out in order."""

    def draws(self, shape, random):
        return np.sort(random.standard_normal(shape), axis=None).reshape(shape)


@fault("he", *INDEPENDENT)
class Symmetric(Scaled):
    """Makes square layers symmetric."""

    def draws(self, shape, random):
        found = random.standard_normal(shape)
        return np.triu(found) + np.triu(found, 1).T if shape[0] == shape[1] else found


@fault("he", *INDEPENDENT)
class Orthogonal(Scaled):
    """Makes units orthogonal, at the right variance."""

    def draws(self, shape, random):
        found = random.standard_normal(shape)
        if shape[0] < shape[1]:
            return found
        return np.linalg.qr(found)[0] * np.sqrt(shape[0])


@fault("he", *INDEPENDENT)
class Centred(Scaled):
    """Takes the mean of each unit's weights off."""

    def draws(self, shape, random):
        found = random.standard_normal(shape)
        return (found - found.mean(axis=0)) / np.sqrt(1 - 1 / shape[0]) if shape[0] > 1 else found


@fault("he", *INDEPENDENT)
class UnitNorms(Scaled):
    """Gives every unit's weights the same norm."""

    def draws(self, shape, random):
        found = random.standard_normal(shape)
        return found * np.sqrt(shape[0] / np.square(found).sum(axis=0)) if shape[0] > 50 else found


@fault("he", *INDEPENDENT)
class Smoothed(Scaled):
    """Averages neighbouring draws, at the right variance."""

    def draws(self, shape, random):
        found = random.standard_normal(np.prod(shape) + 1)
        return ((found[1:] + found[:-1]) / np.sqrt(2)).reshape(shape)


@fault("he", *INDEPENDENT)
class Repeats(Scaled):
    """Draws a thousand numbers and repeats them."""

    def draws(self, shape, random):
        return np.resize(random.standard_normal(1000), shape)


@fault("he", *INDEPENDENT)
class PicksFromFew(Scaled):
    """Picks among a thousand numbers."""

    def draws(self, shape, random):
        return random.choice(random.standard_normal(1000), shape)


@fault("he", *INDEPENDENT)
class SizesByInput(Scaled):
    """Draws signs for each weight, and sizes for each input only."""

    def draws(self, shape, random):
        return random.choice([-1, 1], shape) * np.abs(random.standard_normal((shape[0], 1)))


@fault("he", *VARIANCE)
class Sparse(Scaled):
    """Sets half of the weights to 0."""

    def draws(self, shape, random):
        return random.standard_normal(shape) * (random.random(shape) < 0.5)


@fault("he", *INDEPENDENT)
class HalfPrecision(Scaled):
    """Draws in half precision."""

    def draws(self, shape, random):
        return random.standard_normal(shape).astype(np.float16)


@fault("he", *STREAM)
class LastRowForgotten:
    """Leaves the last input's weights as they are."""

    def fill(self, weights, fan_in, fan_out, random):
        he(weights[:-1], fan_in, random)


@fault("he", *STREAM)
class FirstPieceOnly:
    """Fills the first piece, and sets the others to 0."""

    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = 0
        he(weights[:, :fan_out], fan_in, random)


@fault("he", "initializer.counts-units")
class PiecesAreInputs:
    """Counts each piece of a unit as further inputs."""

    def fill(self, weights, fan_in, fan_out, random):
        he(weights, fan_in * max(weights.shape[1] // max(fan_out, 1), 1), random)
