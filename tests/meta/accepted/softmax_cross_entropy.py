"""Forms of softmax cross-entropy that round elsewhere than ours, and are right."""

import numpy as np

from ..collection import sound


@sound("softmax_cross_entropy")
class LogSumExpFirst:
    """log Σ exp z in whole, then its difference from the logits; all in the dtype of the logits."""

    def logarithm(self, z):
        largest = z.max(axis=1, keepdims=True)
        return largest + np.log(np.exp(z - largest).sum(axis=1, keepdims=True))

    def value(self, z, targets, sample_weight):
        cost = np.where(targets == 0, z.dtype.type(0), targets * (self.logarithm(z) - z))
        return float((sample_weight * cost.sum(axis=1)).sum() / sample_weight.sum())

    def gradient(self, z, targets, sample_weight, dz):
        softmax = np.exp(z - self.logarithm(z))
        dz[:] = (softmax * targets.sum(axis=1, keepdims=True) - targets) * sample_weight[:, None] / sample_weight.sum()


@sound("softmax_cross_entropy")
class SciPy:
    """SciPy's log_softmax, softmax and xlogy-like product, with the rows' weights applied before the sums."""

    def value(self, z, targets, sample_weight):
        from scipy.special import log_softmax

        share = sample_weight / sample_weight.sum()
        return float(-np.multiply(share[:, None] * targets, log_softmax(z, axis=1), where=targets != 0, out=np.zeros_like(z)).sum())

    def gradient(self, z, targets, sample_weight, dz):
        from scipy.special import softmax

        share = (sample_weight / sample_weight.sum())[:, None]
        weighted = share * targets
        dz[:] = softmax(z, axis=1) * weighted.sum(axis=1, keepdims=True) - weighted


@sound("softmax_cross_entropy")
class PairByPair:
    """Σⱼ exp(zⱼ - zₖ) for each target class, as logaddexp has it, and softmax by its reciprocal; the mean by two running sums."""

    def value(self, z, targets, sample_weight):
        loss = whole = 0.0
        for row, target, weight in zip(z.astype(np.float64), targets, sample_weight, strict=True):
            costs = [
                np.inf if logit == -np.inf else float(t) * float(np.logaddexp.reduce(row - logit)) for t, logit in zip(target, row, strict=True) if t
            ]
            loss, whole = loss + float(weight) * sum(costs), whole + float(weight)
        return loss / whole

    def gradient(self, z, targets, sample_weight, dz):
        with np.errstate(over="ignore"):
            distances = np.where(np.isneginf(z)[:, :, None], np.inf, z[:, None, :] - z[:, :, None])
            softmax = 1 / np.exp(distances).sum(axis=2)
        dz[:] = softmax * targets.sum(axis=1, keepdims=True) - targets
        dz *= (sample_weight / sample_weight.sum())[:, None]


@sound("softmax_cross_entropy")
class ByJacobian:
    """The whole Jacobian of log-softmax, multiplied by the targets: nothing is simplified."""

    def value(self, z, targets, sample_weight):
        shifted = z - z.max(axis=1, keepdims=True)
        loss = np.log(np.exp(shifted).sum(axis=1)) * targets.sum(axis=1) - np.where(targets != 0, targets * shifted, 0).sum(axis=1)
        return float(loss @ sample_weight / sample_weight.sum())

    def gradient(self, z, targets, sample_weight, dz):
        softmax = np.exp(z - z.max(axis=1, keepdims=True))
        softmax /= softmax.sum(axis=1, keepdims=True)
        jacobian = np.eye(z.shape[1], dtype=z.dtype) - softmax[:, None, :]
        dz[:] = -np.einsum("rk,rkj->rj", targets * (sample_weight / sample_weight.sum())[:, None], jacobian)


@sound("softmax_cross_entropy")
class LogOnePlus:
    """log1p of the other classes' exponentials, exact where the target wins by far."""

    def value(self, z, targets, sample_weight):
        z = z.astype(np.float64)
        largest = z.argmax(axis=1)[:, None]
        shifted = z - np.take_along_axis(z, largest, axis=1)
        others = np.exp(shifted)
        np.put_along_axis(others, largest, 0, axis=1)
        logarithm = np.log1p(others.sum(axis=1))
        loss = logarithm * targets.sum(axis=1) - np.where(targets != 0, targets * shifted, 0).sum(axis=1)
        return float(np.average(loss, weights=sample_weight))

    def gradient(self, z, targets, sample_weight, dz):
        probability = np.exp(z.astype(np.float64) - z.max(axis=1, keepdims=True))
        probability /= probability.sum(axis=1, keepdims=True)
        dz[:] = (probability * targets.sum(axis=1, keepdims=True) - targets) * (sample_weight / np.float64(sample_weight.sum()))[:, None]
