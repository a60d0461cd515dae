"""Faulty forms of squared error. Each changes one thing of a plain form in float64."""

import numpy as np

from ..collection import fault


class Plain:
    """`rows` is each row's loss, `slopes` its derivative, `share` each row's share."""

    def rows(self, z, targets):
        return ((z - targets) ** 2).sum(axis=1) / 2

    def slopes(self, z, targets):
        return z - targets

    def share(self, weight):
        return weight / weight.sum()

    def value(self, z, targets, sample_weight):
        z, targets, weight = (each.astype(np.float64) for each in (z, targets, sample_weight))
        return float((self.share(weight) * self.rows(z, targets)).sum())

    def gradient(self, z, targets, sample_weight, dz):
        z, targets, weight = (each.astype(np.float64) for each in (z, targets, sample_weight))
        dz[:] = self.slopes(z, targets) * self.share(weight)[:, None]


VALUE, GRADIENT, BEST = ("squared_error.value",), ("squared_error.gradient",), ("squared_error.best-constant",)
BOTH, MEAN = (*VALUE, *GRADIENT), ("loss.weighted-mean",)


@fault("squared_error", *VALUE, *BEST)
class ValueNotHalved(Plain):
    """Halves the gradient and not the loss."""

    def rows(self, z, targets):
        return 2 * super().rows(z, targets)


@fault("squared_error", *GRADIENT)
class GradientNotHalved(Plain):
    """Halves the loss and not the gradient."""

    def slopes(self, z, targets):
        return 2 * super().slopes(z, targets)


@fault("squared_error", *BOTH)
class DeclaresOne(Plain):
    """Declares the squared distance and gives half of it."""

    conventions = {"factor": "one"}  # noqa: RUF012


@fault("squared_error", *BOTH)
class One(Plain):
    """Gives the squared distance and declares half of it."""

    def rows(self, z, targets):
        return 2 * super().rows(z, targets)

    def slopes(self, z, targets):
        return 2 * super().slopes(z, targets)


@fault("squared_error", *BOTH)
class MeanOverOutputs(Plain):
    """Averages over the outputs as well."""

    def rows(self, z, targets):
        return super().rows(z, targets) / z.shape[1]

    def slopes(self, z, targets):
        return super().slopes(z, targets) / z.shape[1]


@fault("squared_error", *GRADIENT)
class GradientMeanOverOutputs(Plain):
    """Averages the gradient over the outputs, and the loss over the rows only."""

    def slopes(self, z, targets):
        return super().slopes(z, targets) / z.shape[1]


@fault("squared_error", *GRADIENT)
class Ascends(Plain):
    """Takes targets minus outputs for the gradient."""

    def slopes(self, z, targets):
        return targets - z


@fault("squared_error", *VALUE, *BEST, "squared_error.scales")
class AbsoluteDistance(Plain):
    """Measures the absolute distance."""

    def rows(self, z, targets):
        return np.abs(z - targets).sum(axis=1)

    def slopes(self, z, targets):
        return np.sign(z - targets)


@fault("squared_error", *VALUE, "squared_error.scales")
class Root(Plain):
    """Takes the root of the squared distance."""

    def rows(self, z, targets):
        return np.sqrt(super().rows(z, targets))


@fault("squared_error", *BOTH, *BEST)
class Huber(Plain):
    """Measures large differences by their size, as Huber's loss does, so that outliers pull less."""

    def rows(self, z, targets):
        size = np.abs(z - targets)
        return np.where(size < 1, size**2 / 2, size - 0.5).sum(axis=1)

    def slopes(self, z, targets):
        return np.clip(z - targets, -1, 1)


@fault("squared_error", *VALUE, *BEST)
class ClippedDifference(Plain):
    """Clips differences to 1000 in the loss."""

    def rows(self, z, targets):
        return (np.clip(z - targets, -1000, 1000) ** 2).sum(axis=1) / 2


@fault("squared_error", *GRADIENT)
class ClippedGradient(Plain):
    """Clips the gradient to 1000."""

    def slopes(self, z, targets):
        return np.clip(z - targets, -1000, 1000)


@fault("squared_error", *GRADIENT)
class SmallDifferencesIgnored(Plain):
    """Hands no gradient on where outputs are near their targets."""

    def slopes(self, z, targets):
        return np.where(np.abs(z - targets) < 1e-6, 0, z - targets)


@fault("squared_error", *VALUE)
class LogCosh(Plain):
    """Measures by log cosh, which is half the square near 0 only."""

    def rows(self, z, targets):
        return (np.logaddexp(z - targets, targets - z) - np.log(2)).sum(axis=1)


@fault("squared_error", *VALUE)
class Expanded(Plain):
    """Expands the square, z² - 2zt + t², which loses small differences of large numbers."""

    def rows(self, z, targets):
        return (z**2 - 2 * z * targets + targets**2).sum(axis=1) / 2


@fault("squared_error", *VALUE)
class SquareOfTheSum(Plain):
    """Squares the sum of the differences."""

    def rows(self, z, targets):
        return (z - targets).sum(axis=1) ** 2 / 2


@fault("squared_error", *VALUE)
class FirstOutput(Plain):
    """Measures the first output only."""

    def rows(self, z, targets):
        return (z[:, 0] - targets[:, 0]) ** 2 / 2


@fault("squared_error", *BOTH, *MEAN)
class SumOverRows(Plain):
    """Adds the rows up."""

    def share(self, weight):
        return weight


@fault("squared_error", *BOTH, *MEAN, *BEST)
class DividesByRows(Plain):
    """Divides by the number of rows in place of the sum of the sample weights."""

    def share(self, weight):
        return weight / len(weight)


@fault("squared_error", *BOTH, *MEAN, *BEST, "loss.weightless-rows")
class WeightsIgnored(Plain):
    """Ignores the sample weights."""

    def share(self, weight):
        return np.ones_like(weight) / len(weight)


@fault("squared_error", *MEAN, "loss.batches-combine", seen="BUG unslothai/unsloth-zoo#6 (ce-accum-mean-of-means)")
class MeanOfMeans(Plain):
    """Averages the means of the two halves of a batch, although one has a row more."""

    def share(self, weight):
        halves = np.array_split(weight, min(2, len(weight)))
        return np.concatenate([half / (half.sum() or 1) / len(halves) for half in halves])


@fault("squared_error", *MEAN, seen="BUG hirofumi0810/neural_sp#168 (ce-accum-not-divided)")
class SumOfMeans(Plain):
    """Adds up the means of the two halves of a batch."""

    def share(self, weight):
        return np.concatenate([half / (half.sum() or 1) for half in np.array_split(weight, min(2, len(weight)))])


@fault("squared_error", *VALUE, *MEAN)
class WeightsBeforeTheSquare(Plain):
    """Multiplies the differences by the weights before squaring."""

    def value(self, z, targets, sample_weight):
        weight = sample_weight.astype(np.float64)
        return float(((weight[:, None] * (z.astype(np.float64) - targets)) ** 2).sum() / 2 / weight.sum())


@fault("squared_error", *GRADIENT, *BEST)
class GradientUnweighted(Plain):
    """Weights the loss of the rows and not their gradient."""

    def gradient(self, z, targets, sample_weight, dz):
        dz[:] = self.slopes(z, targets) / len(z)


@fault("squared_error", *BOTH)
class OnClasses(Plain):
    """Squashes the outputs first."""

    def rows(self, z, targets):
        return super().rows(np.tanh(z), targets)

    def slopes(self, z, targets):
        return (np.tanh(z) - targets) * (1 - np.tanh(z) ** 2)


@fault("squared_error", *VALUE, "squared_error.scales")
class PlusEpsilon(Plain):
    """Adds 1e-8 to the distance, so that equal outputs and targets cost something."""

    def rows(self, z, targets):
        return super().rows(z, targets) + 1e-8


@fault("squared_error", *VALUE)
class HalfPrecision(Plain):
    """Computes in half the digits."""

    def value(self, z, targets, sample_weight):
        shorter = np.float16 if z.dtype == np.float32 else np.float32
        return super().value(z.astype(shorter), targets.astype(shorter), sample_weight)


@fault("squared_error", *GRADIENT)
class OtherGradientRow(Plain):
    """Reads the row before for the gradient."""

    def slopes(self, z, targets):
        return np.roll(z - targets, 1, axis=0)


@fault("squared_error", *VALUE, *BEST)
class VarianceOnly(Plain):
    """Takes the mean difference off, so that a constant offset costs nothing."""

    def rows(self, z, targets):
        difference = z - targets
        return ((difference - difference.mean(axis=0)) ** 2).sum(axis=1) / 2
