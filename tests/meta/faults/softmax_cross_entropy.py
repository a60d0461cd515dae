"""Faulty forms of softmax cross-entropy. Each changes one thing of a plain form in float64."""

import numpy as np

from ..collection import fault


def log_softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def softmax(z):
    return np.exp(log_softmax(z))


def by_class(targets, logarithm):
    return -np.multiply(targets, logarithm, out=np.zeros_like(logarithm), where=targets != 0)


class Plain:
    """`rows` is each row's loss, `slopes` its derivative, `share` each row's share, `mean` what becomes of both."""

    def rows(self, z, targets):
        return by_class(targets, log_softmax(z)).sum(axis=1)

    def slopes(self, z, targets):
        return softmax(z) * targets.sum(axis=1, keepdims=True) - targets

    def share(self, weight):
        return weight / weight.sum()

    def value(self, z, targets, sample_weight):
        z, targets, weight = (each.astype(np.float64) for each in (z, targets, sample_weight))
        return float((self.share(weight) * self.rows(z, targets)).sum())

    def gradient(self, z, targets, sample_weight, dz):
        z, targets, weight = (each.astype(np.float64) for each in (z, targets, sample_weight))
        dz[:] = self.slopes(z, targets) * self.share(weight)[:, None]


VALUE = ("softmax_cross_entropy.value",)
GRADIENT = ("softmax_cross_entropy.gradient",)
EXTREME = ("softmax_cross_entropy.extreme-logits",)
MEAN = ("loss.weighted-mean",)


@fault("softmax_cross_entropy", *GRADIENT, "softmax_cross_entropy.entropy-bound", seen="BUG deeplearning4j/libnd4j#440 (sm-diagonal-jacobian)")
class DiagonalJacobian(Plain):
    """Multiplies the derivative by p into the logits' with the diagonal s(1 - s) of softmax's Jacobian alone."""

    def slopes(self, z, targets):
        return -targets * (1 - softmax(z))


@fault("softmax_cross_entropy", *GRADIENT, seen="BUG deeplearning4j/libnd4j#440 (sm-diagonal-jacobian)")
class DiagonalTimesDifference(Plain):
    """Multiplies p - t by the diagonal s(1 - s) once more."""

    def slopes(self, z, targets):
        p = softmax(z)
        return (p - targets) * p * (1 - p)


@fault("softmax_cross_entropy", *GRADIENT, seen="BUG mlpack/mlpack#3469 (sm-logsoftmax-drop-upstream-sum)")
class UpstreamPlusSoftmax(Plain):
    """Takes log-softmax's derivative for upstream plus softmax whatever the upstream gradient sums to: rows' shares are lost on the softmax."""

    def gradient(self, z, targets, sample_weight, dz):
        dz[:] = softmax(z.astype(np.float64)) - targets * (sample_weight / sample_weight.sum())[:, None]


@fault("softmax_cross_entropy", "softmax_cross_entropy.any-targets", seen="BUG mlpack/mlpack#2364 (sm-logsoftmax-drop-upstream-sum)")
class TargetsSumLost(Plain):
    """Takes softmax - t for the derivative although the targets do not sum to 1."""

    def slopes(self, z, targets):
        return softmax(z) - targets


@fault("softmax_cross_entropy", "softmax_cross_entropy.any-targets")
class LogSumCountsOnce(Plain):
    """Adds log Σ exp z once although the targets do not sum to 1."""

    def rows(self, z, targets):
        largest = z.max(axis=1)
        return largest + np.log(np.exp(z - largest[:, None]).sum(axis=1)) - (np.where(targets != 0, targets * z, 0)).sum(axis=1)


@fault("softmax_cross_entropy", "softmax_cross_entropy.any-targets")
class NormalisedTargets(Plain):
    """Divides the targets by their sum."""

    def rows(self, z, targets):
        return super().rows(z, targets / targets.sum(axis=1, keepdims=True))

    def slopes(self, z, targets):
        return super().slopes(z, targets / targets.sum(axis=1, keepdims=True))


@fault("softmax_cross_entropy", *VALUE, *GRADIENT, seen="BUG tflearn/tflearn#562 (ce-double-softmax)")
class DoubleSoftmax(Plain):
    """Applies softmax to probabilities."""

    def rows(self, z, targets):
        return super().rows(softmax(z), targets)

    def slopes(self, z, targets):
        p = softmax(z)
        inner = super().slopes(p, targets)
        return p * (inner - (p * inner).sum(axis=1, keepdims=True))


@fault("softmax_cross_entropy", *VALUE, seen="BUG jaehong31/CGES#1 (ce-double-softmax)")
class DoubleSoftmaxInValue(Plain):
    """Applies softmax twice in the loss, not in its derivative."""

    def rows(self, z, targets):
        return super().rows(softmax(z), targets)


@fault("softmax_cross_entropy", *VALUE, *EXTREME, seen="REP tiny-dnn/tiny-dnn#410 (ce-zero-log-zero)")
class ZeroLogZero(Plain):
    """Takes the logarithm of probabilities that have become 0: 0 log 0 is NaN, and a wrong class costs infinitely much."""

    def rows(self, z, targets):
        return -(targets * np.log(softmax(z))).sum(axis=1)


@fault("softmax_cross_entropy", "softmax_cross_entropy.impossible-class", seen="REP apache/mxnet#4594 (ce-zero-log-zero)")
class ZeroTimesInfinity(Plain):
    """Multiplies a logarithm of minus infinity by a target of 0."""

    def rows(self, z, targets):
        return -(targets * log_softmax(z)).sum(axis=1)


@fault("softmax_cross_entropy", *VALUE, seen="REP snipsco/ntm-lasagne#5 (ce-zero-log-zero)")
class Binary(Plain):
    """Adds the binary cross-entropy's part for the classes that are no target."""

    def rows(self, z, targets):
        p = softmax(z)
        return -(np.where(targets > 0, targets * np.log(p), 0) + np.where(targets < 1, (1 - targets) * np.log(1 - p), 0)).sum(axis=1)


@fault("softmax_cross_entropy", *MEAN, "loss.batches-combine", seen="BUG huggingface/transformers#34191 (ce-accum-mean-of-means)")
class MeanOfMeans(Plain):
    """Averages the means of pieces of the batch of up to four rows, although the last one is shorter."""

    def share(self, weight):
        pieces = [weight[at : at + 4] for at in range(0, len(weight), 4)]
        return np.concatenate([np.where(piece.sum() > 0, piece / (piece.sum() or 1), 0) / len(pieces) for piece in pieces])


@fault("softmax_cross_entropy", *MEAN, "loss.batches-combine", seen="BUG karpathy/nanoGPT#206 (ce-accum-not-divided)")
class SumOfMeans(Plain):
    """Adds up the means of pieces of the batch of up to four rows."""

    def share(self, weight):
        pieces = [weight[at : at + 4] for at in range(0, len(weight), 4)]
        return np.concatenate([np.where(piece.sum() > 0, piece / (piece.sum() or 1), 0) for piece in pieces])


@fault("softmax_cross_entropy", *VALUE, *GRADIENT, *MEAN)
class SumOverRows(Plain):
    """Adds the rows up in place of averaging them."""

    def share(self, weight):
        return weight


@fault("softmax_cross_entropy", *VALUE, *MEAN)
class DividesByRows(Plain):
    """Divides by the number of rows in place of the sum of the sample weights."""

    def share(self, weight):
        return weight / len(weight)


@fault("softmax_cross_entropy", *MEAN, "loss.weightless-rows")
class DividesByPositive(Plain):
    """Ignores the size of the sample weights: a row counts or does not."""

    def share(self, weight):
        return (weight > 0) / len(weight)


@fault("softmax_cross_entropy", *VALUE, *MEAN, "loss.weightless-rows")
class WeightsIgnored(Plain):
    """Ignores the sample weights."""

    def share(self, weight):
        return np.ones_like(weight) / len(weight)


@fault("softmax_cross_entropy", *MEAN)
class WeightsSquared(Plain):
    """Applies the sample weights twice."""

    def share(self, weight):
        return weight**2 / (weight**2).sum()


@fault("softmax_cross_entropy", *MEAN)
class WeightsOfMeanOne(Plain):
    """Adds 1e-8 to the sum of the sample weights, which very small weights do not survive."""

    def share(self, weight):
        return weight / (weight.sum() + 1e-8)


@fault("softmax_cross_entropy", *MEAN)
class FirstWeightForAll(Plain):
    """Takes the first row's weight for all."""

    def share(self, weight):
        return weight[:1] / weight.sum() * np.ones_like(weight)


@fault("softmax_cross_entropy", *GRADIENT, *MEAN)
class GradientSummed(Plain):
    """Averages the loss and adds up the gradient."""

    def gradient(self, z, targets, sample_weight, dz):
        dz[:] = self.slopes(z.astype(np.float64), targets.astype(np.float64)) * sample_weight[:, None]


@fault("softmax_cross_entropy", *GRADIENT, *MEAN)
class GradientByRows(Plain):
    """Divides the gradient by the number of rows, whatever the weights."""

    def gradient(self, z, targets, sample_weight, dz):
        dz[:] = self.slopes(z.astype(np.float64), targets.astype(np.float64)) * (sample_weight / len(z))[:, None]


@fault("softmax_cross_entropy", *GRADIENT, *MEAN)
class GradientUnweighted(Plain):
    """Weights the loss of the rows and not their gradient."""

    def gradient(self, z, targets, sample_weight, dz):
        dz[:] = self.slopes(z.astype(np.float64), targets.astype(np.float64)) / len(z)


@fault("softmax_cross_entropy", *VALUE, *GRADIENT)
class MeanOverClasses(Plain):
    """Averages over the classes as well."""

    def rows(self, z, targets):
        return super().rows(z, targets) / z.shape[1]

    def slopes(self, z, targets):
        return super().slopes(z, targets) / z.shape[1]


@fault("softmax_cross_entropy", *VALUE, "softmax_cross_entropy.entropy-bound")
class Bits(Plain):
    """Measures in bits."""

    def rows(self, z, targets):
        return super().rows(z, targets) / np.log(2)


@fault("softmax_cross_entropy", *VALUE, *GRADIENT, *EXTREME)
class NoShift(Plain):
    """Takes exponentials of the logits as they are."""

    def rows(self, z, targets):
        return (targets * (np.log(np.exp(z).sum(axis=1, keepdims=True)) - z)).sum(axis=1)

    def slopes(self, z, targets):
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return p * targets.sum(axis=1, keepdims=True) - targets


@fault("softmax_cross_entropy", *EXTREME, "softmax_cross_entropy.shift-invariant")
class BatchShift(Plain):
    """Takes off the largest logit of the batch, so that rows far below it underflow."""

    def rows(self, z, targets):
        shifted = z - z.max()
        return by_class(targets, shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))).sum(axis=1)

    def slopes(self, z, targets):
        p = np.exp(z - z.max())
        return p / p.sum(axis=1, keepdims=True) * targets.sum(axis=1, keepdims=True) - targets


@fault("softmax_cross_entropy", *EXTREME, "softmax_cross_entropy.shift-invariant")
class ShiftByPositive(Plain):
    """Takes off the largest logit only if it is positive, as a search that starts at 0 does: very negative rows underflow."""

    def rows(self, z, targets):
        shifted = z - np.maximum(z.max(axis=1, keepdims=True), 0)
        return by_class(targets, shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))).sum(axis=1)

    def slopes(self, z, targets):
        p = np.exp(z - np.maximum(z.max(axis=1, keepdims=True), 0))
        return p / p.sum(axis=1, keepdims=True) * targets.sum(axis=1, keepdims=True) - targets


@fault("softmax_cross_entropy", *EXTREME)
class ShiftByMean(Plain):
    """Takes off the mean in place of the largest."""

    def slopes(self, z, targets):
        p = np.exp(z - z.mean(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True) * targets.sum(axis=1, keepdims=True) - targets


@fault("softmax_cross_entropy", *GRADIENT, *EXTREME)
class ShiftBySize(Plain):
    """Takes off the largest size in place of the largest logit."""

    def slopes(self, z, targets):
        p = np.exp(z - np.abs(z).max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True) * targets.sum(axis=1, keepdims=True) - targets


@fault("softmax_cross_entropy", *VALUE, *EXTREME)
class ShiftNotGivenBack(Plain):
    """Takes the largest logit off inside the logarithm, and does not add it again."""

    def rows(self, z, targets):
        total = np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
        return (targets * (np.log(total) - z)).sum(axis=1)


@fault("softmax_cross_entropy", *VALUE, *EXTREME)
class LogitsClipped(Plain):
    """Clips logits to [-50, 50]."""

    def rows(self, z, targets):
        return super().rows(np.clip(z, -50, 50), targets)

    def slopes(self, z, targets):
        return super().slopes(np.clip(z, -50, 50), targets)


@fault("softmax_cross_entropy", *VALUE, *EXTREME)
class ProbabilitiesClipped(Plain):
    """Clips probabilities to [1e-12, 1], so that no error costs more than 27.6."""

    def rows(self, z, targets):
        return -(targets * np.log(np.clip(softmax(z), 1e-12, 1))).sum(axis=1)


@fault("softmax_cross_entropy", *VALUE, *EXTREME)
class ProbabilityPlusEpsilon(Plain):
    """Adds 1e-8 to the probability inside the logarithm."""

    def rows(self, z, targets):
        return -(targets * np.log(softmax(z) + 1e-8)).sum(axis=1)


@fault("softmax_cross_entropy", *VALUE, *GRADIENT)
class Smoothed(Plain):
    """Smooths the targets unasked."""

    def rows(self, z, targets):
        return super().rows(z, 0.9 * targets + 0.1 * targets.sum(axis=1, keepdims=True) / z.shape[1])

    def slopes(self, z, targets):
        return super().slopes(z, 0.9 * targets + 0.1 * targets.sum(axis=1, keepdims=True) / z.shape[1])


@fault("softmax_cross_entropy", *VALUE)
class HardTargets(Plain):
    """Takes the largest target for the only one."""

    def rows(self, z, targets):
        return super().rows(z, np.eye(z.shape[1])[targets.argmax(axis=1)])

    def slopes(self, z, targets):
        return super().slopes(z, np.eye(z.shape[1])[targets.argmax(axis=1)])


@fault("softmax_cross_entropy", *GRADIENT)
class HardGradient(Plain):
    """Subtracts 1 at the largest target, which is right for one-hot targets only."""

    def slopes(self, z, targets):
        return softmax(z) - np.eye(z.shape[1])[targets.argmax(axis=1)]


@fault("softmax_cross_entropy", *VALUE, *GRADIENT, "softmax_cross_entropy.entropy-bound")
class SoftmaxOverRows(Plain):
    """Normalises over the rows of the batch."""

    def rows(self, z, targets):
        return by_class(targets, log_softmax(z.T).T).sum(axis=1)

    def slopes(self, z, targets):
        return softmax(z.T).T * targets.sum(axis=1, keepdims=True) - targets


@fault("softmax_cross_entropy", *VALUE, *GRADIENT)
class SoftmaxOverAll(Plain):
    """Normalises over the whole batch."""

    def rows(self, z, targets):
        return by_class(targets, log_softmax(z.reshape(1, -1)).reshape(z.shape)).sum(axis=1)

    def slopes(self, z, targets):
        return softmax(z.reshape(1, -1)).reshape(z.shape) * targets.sum(axis=1, keepdims=True) - targets


@fault("softmax_cross_entropy", *VALUE, *GRADIENT)
class WrongSign(Plain):
    """Gives the log-probability in place of the negative one, and its derivative."""

    def rows(self, z, targets):
        return -super().rows(z, targets)

    def slopes(self, z, targets):
        return -super().slopes(z, targets)


@fault("softmax_cross_entropy", *GRADIENT)
class AscendingGradient(Plain):
    """Gives t - softmax for the gradient."""

    def slopes(self, z, targets):
        return -super().slopes(z, targets)


@fault("softmax_cross_entropy", *GRADIENT)
class TwiceTheGradient(Plain):
    """Doubles the gradient."""

    def slopes(self, z, targets):
        return 2 * super().slopes(z, targets)


@fault("softmax_cross_entropy", *GRADIENT)
class NoTarget(Plain):
    """Forgets to take the targets off."""

    def slopes(self, z, targets):
        return softmax(z) * targets.sum(axis=1, keepdims=True)


@fault("softmax_cross_entropy", *GRADIENT)
class LogSoftmaxInGradient(Plain):
    """Takes log-softmax for softmax."""

    def slopes(self, z, targets):
        return log_softmax(z) - targets


@fault("softmax_cross_entropy", *GRADIENT)
class SigmoidInGradient(Plain):
    """Takes each class's sigmoid for softmax."""

    def slopes(self, z, targets):
        return 1 / (1 + np.exp(-z)) - targets


@fault("softmax_cross_entropy", *GRADIENT)
class ClippedGradient(Plain):
    """Clips the gradient to a tenth."""

    def gradient(self, z, targets, sample_weight, dz):
        super().gradient(z, targets, sample_weight, dz)
        np.clip(dz, -0.1, 0.1, out=dz)


@fault("softmax_cross_entropy", *VALUE)
class SquaredDistance(Plain):
    """Measures the squared distance between probabilities and targets."""

    def rows(self, z, targets):
        return ((softmax(z) - targets) ** 2).sum(axis=1)


@fault("softmax_cross_entropy", *VALUE)
class Divergence(Plain):
    """Takes the targets' entropy off, which is 0 for one-hot targets only."""

    def rows(self, z, targets):
        return super().rows(z, targets) + np.where(targets > 0, targets * np.log(np.where(targets > 0, targets, 1)), 0).sum(axis=1)


@fault("softmax_cross_entropy", *VALUE)
class Hot(Plain):
    """Doubles the logits, as a temperature of one half does."""

    def rows(self, z, targets):
        return super().rows(2 * z, targets)

    def slopes(self, z, targets):
        return super().slopes(2 * z, targets) * 2


@fault("softmax_cross_entropy", *VALUE)
class Focal(Plain):
    """Weighs rows by how wrong they are."""

    def rows(self, z, targets):
        return (by_class(targets, log_softmax(z)) * (1 - softmax(z)) ** 2).sum(axis=1)


@fault("softmax_cross_entropy", *VALUE)
class HalfPrecision(Plain):
    """Computes in half the digits."""

    def value(self, z, targets, sample_weight):
        shorter = np.float16 if z.dtype == np.float32 else np.float32
        return super().value(z.astype(shorter), targets.astype(shorter), sample_weight)


@fault("softmax_cross_entropy", *GRADIENT, *MEAN)
class LastRowForgotten(Plain):
    """Writes no gradient of the last row of several."""

    def gradient(self, z, targets, sample_weight, dz):
        super().gradient(z, targets, sample_weight, dz)
        if len(z) > 1:
            dz[-1] = 0


@fault("softmax_cross_entropy", *GRADIENT)
class AddsUp(Plain):
    """Adds to what stands in the output."""

    def gradient(self, z, targets, sample_weight, dz):
        before = dz.copy()
        super().gradient(z, targets, sample_weight, dz)
        dz += before


@fault("softmax_cross_entropy", "softmax_cross_entropy.impossible-class")
class ImpossibleIsUnlikely(Plain):
    """Turns a logit of minus infinity into -1e4, so that an impossible target costs a finite amount."""

    def rows(self, z, targets):
        return super().rows(np.maximum(z, -1e4 + z.max(axis=1, keepdims=True)) if np.isinf(z).any() else z, targets)


@fault("softmax_cross_entropy", "softmax_cross_entropy.impossible-class")
class InfiniteIsZero(Plain):
    """Turns an infinite loss into 0."""

    def rows(self, z, targets):
        found = super().rows(z, targets)
        return np.where(np.isfinite(found), found, 0)


@fault("softmax_cross_entropy", "loss.weightless-rows")
class WeightlessRowsInTheGradient(Plain):
    """Gives a row of weight 0 the gradient of a row of weight 1e-3."""

    def gradient(self, z, targets, sample_weight, dz):
        z, targets, weight = (each.astype(np.float64) for each in (z, targets, sample_weight))
        dz[:] = self.slopes(z, targets) * np.where(weight > 0, self.share(weight), 1e-3)[:, None]
