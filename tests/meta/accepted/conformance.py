# ruff: noqa: N805  kernels take no self
"""Classes that look as if they broke what their family owes, and keep it."""

import copy
import functools
import threading
from typing import ClassVar

import numpy as np

from trickbench.harness.arrays import Matrix, Vector
from trickbench.harness.kernel import kernel

from ..collection import sound


@sound("relu")
class ReturnsWhatItWrites:
    """Returns its output as well as writing it, in the manner of NumPy's `out`."""

    def forward(self, z, a):
        return np.maximum(z, 0, out=a)

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z <= 0, 0, da)
        return dz


@sound("relu")
class MeasuresFromTheOutput:
    """Reads the derivative off the output, and writes the output as scratch before it is right."""

    def forward(self, z, a):
        a[:] = 7
        np.copyto(a, z)
        a[z <= 0] = 0

    def backward(self, da, z, a, dz):
        np.copyto(dz, da)
        dz[a == 0] = 0


@sound("sigmoid")
class BufferAThread:
    """Keeps a buffer: one a thread."""

    local = threading.local()

    def room(self, size):
        if getattr(self.local, "room", np.empty(0)).size < size:
            self.local.room = np.empty(size)
        return self.local.room[:size]

    def forward(self, z, a):
        decay = self.room(z.size).reshape(z.shape)
        np.exp(-np.abs(z), out=decay)
        a[:] = np.where(z >= 0, 1, decay) / (1 + decay)

    def backward(self, da, z, a, dz):
        np.multiply(da, a * (1 - a), out=dz)


@sound("sigmoid")
class BufferUnderALock:
    """Shares a buffer of the class's, and lets one thread in at a time."""

    lock, room = threading.Lock(), np.empty(2**20)

    def forward(self, z, a):
        with self.lock:
            decay = self.room[: z.size].reshape(z.shape)
            np.exp(-np.abs(z), out=decay)
            a[:] = np.where(z >= 0, 1, decay) / (1 + decay)

    def backward(self, da, z, a, dz):
        np.multiply(da, a * (1 - a), out=dz)


@sound("sigmoid")
class WiderInside:
    """Computes in extended precision whatever comes in, and rounds at the end."""

    def forward(self, z, a):
        decay = np.exp(-np.abs(z.astype(np.longdouble)))
        a[:] = np.where(z >= 0, 1, decay) / (1 + decay)

    def backward(self, da, z, a, dz):
        dz[:] = da.astype(np.longdouble) * a * (1 - a.astype(np.longdouble))


@sound("maxout")
class RowByRow:
    """Loops over rows in Python."""

    def forward(self, z, a):
        for row, out in zip(z, a, strict=True):
            out[:] = row.reshape(-1, len(out)).max(axis=0) if len(out) else 0

    def backward(self, da, z, a, dz):
        for upstream, row, out in zip(da, z, dz, strict=True):
            pieces = row.reshape(-1, len(upstream))
            winner = pieces.argmax(axis=0)
            out[:] = 0
            out.reshape(pieces.shape)[winner, np.arange(len(upstream))] = upstream


@functools.cache
def correction(beta, step):
    return 1 - beta**step


@sound("adam")
class CachesPowers:
    """Caches the corrections of the module's, by base and step: what is remembered depends on nothing but the arguments."""

    state_rows = 2
    conventions: ClassVar = {"zero_over_zero": "nan"}

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] += (1 - beta1) * (gradient - state[0])
        state[1] += (1 - beta2) * (gradient**2 - state[1])
        mean, square = state[0] / correction(float(beta1), step), state[1] / correction(float(beta2), step)
        parameters -= learning_rate * mean / (np.sqrt(square) + epsilon)


@sound("adam")
class CountsForTheRecord:
    """Counts its calls and logs them, and uses neither."""

    state_rows = 2
    conventions: ClassVar = {"zero_over_zero": "nan"}

    def __init__(self):
        self.calls, self.seen = 0, []

    def update(self, parameters, gradient, state, hyperparameters, step):
        self.calls += 1
        self.seen.append((step, copy.copy(hyperparameters)))
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] = beta1 * state[0] + (1 - beta1) * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * gradient**2
        mean, square = state[0] / (1 - float(beta1) ** step), state[1] / (1 - float(beta2) ** step)
        parameters -= learning_rate * mean / (np.sqrt(square) + epsilon)


@sound("momentum")
class StateOnItsHead:
    """Keeps the velocity with the other sign, and says what its row holds."""

    state_rows = 1
    state_holds: ClassVar = ("descent",)

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, momentum = hyperparameters
        state[0] *= momentum
        state[0] += learning_rate * gradient
        parameters -= state[0]


@sound("momentum")
class SpareRow:
    """Keeps a second row for a movement that nobody reads."""

    state_rows = 2

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, momentum = hyperparameters
        state[1] = state[0]
        state[0] = momentum * state[0] - learning_rate * gradient
        parameters += state[0]


@sound("sgd")
class ScratchOfItsOwn:
    """Changes a copy of the gradient as it likes."""

    state_rows = 0

    def update(self, parameters, gradient, state, hyperparameters, step):
        movement = gradient.copy()
        movement *= -hyperparameters[0]
        parameters += movement
        movement[:] = 0


@sound("sgd")
class OneByOneInTurn:
    """A loop over numbers, in a kernel that also knows what to do with none."""

    state_rows = 0

    @kernel
    def update(parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        i = parameters.size
        while i > 0:
            i -= 1
            parameters[i] += -(gradient[i] * hyperparameters[0])


@sound("l2")
class PicklesItself:
    """Has something that cannot be pickled, and says how to do without."""

    def __init__(self):
        self.half = lambda values: values / 2

    def __reduce__(self):
        return type(self), ()

    def value(self, weights, strength):
        return float(strength) * self.half(float(np.square(weights, dtype=np.float64).sum()))

    def add_gradient(self, weights, strength, gradient):
        np.add(gradient, strength * weights, out=gradient)

    def after_update(self, weights, strength, learning_rate):
        return weights


@sound("softmax_cross_entropy")
class RefusesOtherLayouts:
    """Refuses what is not contiguous or of another dtype, in words of its own."""

    def value(self, z, targets, sample_weight):
        self.check(z, targets, sample_weight)
        shifted = z.astype(np.float64) - z.max(axis=1, keepdims=True)
        chosen = np.multiply(targets, shifted, out=np.zeros_like(shifted), where=targets != 0).sum(axis=1)
        loss = np.log(np.exp(shifted).sum(axis=1)) * targets.sum(axis=1, dtype=np.float64) - chosen
        return np.float64((loss * sample_weight).sum() / sample_weight.sum(dtype=np.float64))

    def gradient(self, z, targets, sample_weight, dz):
        self.check(z, targets, sample_weight, dz)
        np.subtract(z, z.max(axis=1, keepdims=True), out=dz)
        np.exp(dz, out=dz)
        dz *= targets.sum(axis=1, keepdims=True) / dz.sum(axis=1, keepdims=True)
        dz -= targets
        dz *= (sample_weight / sample_weight.sum(dtype=np.float64))[:, None]

    def check(self, *arrays):
        if len({array.dtype for array in arrays}) > 1 or any(array.dtype.kind != "f" or not array.flags.c_contiguous for array in arrays):
            raise TypeError("give contiguous arrays of one float dtype")


@sound("dropout")
class OneGeneratorAMask:
    """Makes a generator of NumPy's for every mask: another stream than the project's, and it declares none."""

    def draw(self, key, step, layer, rate, mask):
        if not 0 <= rate < 1:
            raise ValueError("give a rate of at least 0 and below 1")
        random = np.random.default_rng([int(key) % 2**32, int(key) >> 32, step, layer])
        mask[:] = (random.random(mask.shape) >= rate) / (1 - rate)

    def test_scale(self, rate):
        return 1.0


@sound("he")
class DrawsAllAtOnce:
    """Draws in another order than the project's forms, and declares no stream."""

    def fill(self, weights, fan_in, fan_out, random):
        weights.T[:] = np.sqrt(2 / fan_in) * random.standard_normal(weights.shape[::-1])


@sound("early_stopping")
class KeepsEveryEpochAtHand:
    """Keeps a copy of every epoch's parameters, and looks for the best when it is asked."""

    def __init__(self, *, patience=10, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.epochs = []
        self.at = -1

    def observe(self, epoch, score, parameters):
        self.epochs.append((epoch, score, np.array(parameters)))
        if np.isfinite(score) and (self.at < 0 or score < self.epochs[self.at][1] - self.min_delta):
            self.at = len(self.epochs) - 1
        return np.bool_(len(self.epochs) - 1 - self.at >= self.patience)

    def best(self):
        return None if self.at < 0 else (np.int64(self.epochs[self.at][0]), self.epochs[self.at][2].copy())
