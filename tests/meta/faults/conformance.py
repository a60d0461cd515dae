# ruff: noqa: N805  kernels take no self
"""Classes that compute the right thing in a loop of one's own, and break what their family owes."""

import pickle
import random as python_random
import threading
from typing import ClassVar

import numpy as np

from trickbench.harness.arrays import Key, Matrix, Real, Vector
from trickbench.harness.kernel import kernel

from ..collection import fault


class SGD:
    state_rows = 0

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters -= hyperparameters[0] * gradient


class Momentum:
    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, momentum = hyperparameters
        state[0] = momentum * state[0] - learning_rate * gradient
        parameters += state[0]


class Adam:
    state_rows = 2

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] = beta1 * state[0] + (1 - beta1) * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * gradient**2
        mean, square = state[0] / (1 - float(beta1) ** step), state[1] / (1 - float(beta2) ** step)
        parameters -= learning_rate * mean / (np.sqrt(square) + epsilon)


class ReLU:
    def forward(self, z, a):
        a[:] = np.where(z <= 0, 0, z)

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z <= 0, 0, da)


class Sigmoid:
    def forward(self, z, a):
        decay = np.exp(-np.abs(z))
        a[:] = np.where(z >= 0, 1, decay) / (1 + decay)

    def backward(self, da, z, a, dz):
        dz[:] = da * a * (1 - a)


class Softmax:
    def value(self, z, targets, sample_weight):
        shifted = z - z.max(axis=1, keepdims=True)
        loss = np.log(np.exp(shifted).sum(axis=1)) * targets.sum(axis=1) - (targets * shifted).sum(axis=1)
        return float(np.average(loss, weights=sample_weight))

    def gradient(self, z, targets, sample_weight, dz):
        exponential = np.exp(z - z.max(axis=1, keepdims=True))
        softmax = exponential / exponential.sum(axis=1, keepdims=True)
        dz[:] = (softmax * targets.sum(axis=1, keepdims=True) - targets) * (sample_weight / sample_weight.sum())[:, None]


class L2:
    def value(self, weights, strength):
        return float(strength / 2 * np.square(weights).sum())

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * weights

    def after_update(self, weights, strength, learning_rate):
        pass


class Dropout:
    def draw(self, key, step, layer, rate, mask):
        random = np.random.default_rng([int(key) % 2**32, int(key) >> 32, step, layer])
        mask[:] = (random.random(mask.shape) >= rate) / (1 - rate)

    def test_scale(self, rate):
        return 1.0


class He:
    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = np.sqrt(2 / fan_in) * random.standard_normal(weights.shape)


class EarlyStopping:
    def __init__(self, *, patience=10, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.least, self.waited, self.kept = np.inf, 0, None

    def observe(self, epoch, score, parameters):
        self.waited += 1
        if np.isfinite(score) and score < self.least - self.min_delta:
            self.least, self.waited, self.kept = score, 0, (epoch, parameters.copy())
        return self.waited >= self.patience

    def best(self):
        return None if self.kept is None else (self.kept[0], self.kept[1].copy())


# Outputs and inputs


@fault("momentum", "conformance.optimizer.writes-only-outputs", seen="BUG apache/mxnet#15759, pytorch/pytorch#30257 (opt-gradient-mutated)")
class ScalesTheGradient(Momentum):
    """Multiplies the caller's gradient by the learning rate in place."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        gradient *= hyperparameters[0]
        state[0] = hyperparameters[1] * state[0] - gradient
        parameters += state[0]


@fault("momentum", "agreement.optimizer.same-path", seen="BUG yangluo7/CAME#2, pytorch/pytorch#194664 (opt-update-scales-state-in-place)")
class ScalesTheState:
    """The update is the velocity itself, and is multiplied by the learning rate in place."""

    conventions: ClassVar = {"learning_rate_in": "update"}
    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        update = state[0]
        update *= hyperparameters[1]
        update += gradient
        update *= hyperparameters[0]
        parameters -= update


@fault("adam", "conformance.optimizer.writes-only-outputs", seen="BUG raskr/rust-autograd#16 (adam-moments-not-stored)")
class KeepsNothing(Adam):
    """Advances copies of the averages and never stores them."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient, state.copy(), hyperparameters, step)


@fault("adam", "conformance.optimizer.writes-only-outputs")
class Rebinds(Adam):
    """Gives a local name to the new state instead of writing it."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state = np.stack([beta1 * state[0] + (1 - beta1) * gradient, beta2 * state[1] + (1 - beta2) * gradient**2])
        parameters -= learning_rate * state[0] / (np.sqrt(state[1]) + epsilon)


@fault("sgd", "conformance.optimizer.writes-only-outputs")
class ReturnsTheParameters(SGD):
    """Returns new parameters, as functional libraries do, and leaves the old ones."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        return parameters - hyperparameters[0] * gradient


@fault("sgd", "conformance.optimizer.writes-only-outputs")
class SchedulesTheRate(SGD):
    """Writes a smaller learning rate into the hyperparameters."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters -= hyperparameters[0] * gradient
        hyperparameters[0] *= 0.99


@fault("relu", "conformance.activation.writes-only-outputs")
class ClipsItsInput(ReLU):
    """Uses the pre-activations as scratch."""

    def forward(self, z, a):
        z[z <= 0] = 0
        a[:] = z


@fault("relu", "conformance.activation.writes-only-outputs")
class MasksTheUpstream(ReLU):
    """Backward masks the upstream derivative in place."""

    def backward(self, da, z, a, dz):
        da[z <= 0] = 0
        dz[:] = da


@fault("relu", "conformance.activation.writes-only-outputs")
class WritesPositivesOnly(ReLU):
    """Leaves what stood in the output where the unit is silent."""

    def forward(self, z, a):
        np.copyto(a, z, where=z > 0)


@fault("sigmoid", "conformance.activation.writes-only-outputs")
class AccumulatesDerivatives(Sigmoid):
    """Adds to the derivative that stood there, as libraries do with parameters' gradients."""

    def backward(self, da, z, a, dz):
        dz += da * a * (1 - a)


@fault("relu", "conformance.activation.writes-only-outputs")
class ReturnsTheActivation(ReLU):
    """Returns the activation."""

    def forward(self, z, a):
        return np.maximum(z, 0)


@fault("relu", "conformance.activation.writes-only-outputs", unguarded=True)
class WritesBeyondTheEnd(ReLU):
    """A kernel whose inner loop goes one too far, into whatever lies after the array."""

    @kernel
    def forward(z: Matrix, a: Matrix) -> None:
        flat, source = a.reshape(a.size), z.reshape(z.size)
        for i in range(source.size + 1):
            flat[i] = source[i] if source[min(i, source.size - 1)] > 0 else z.dtype.type(0)


@fault("relu", "conformance.activation.writes-only-outputs", by_chance=("conformance.activation.threads",))
class WritesBehindItsOwnBack(ReLU):
    """Keeps the last output and clears it at the next call, when it is another's."""

    last = None

    def forward(self, z, a):
        if self.last is not None:
            self.last[:] = 0
        super().forward(z, a)
        self.last = a


@fault("softmax_cross_entropy", "conformance.loss.writes-only-outputs")
class NormalisesTheWeights(Softmax):
    """Divides the caller's sample weights by their sum."""

    def gradient(self, z, targets, sample_weight, dz):
        sample_weight /= sample_weight.sum()
        super().gradient(z, targets, sample_weight, dz)


@fault("softmax_cross_entropy", "conformance.loss.writes-only-outputs")
class ShiftsTheLogits(Softmax):
    """Takes the largest logit off in place."""

    def value(self, z, targets, sample_weight):
        z -= z.max(axis=1, keepdims=True)
        return super().value(z, targets, sample_weight)


@fault("l2", "conformance.penalty.writes-only-outputs")
class DecaysAtOnce(L2):
    """Shrinks the weights when asked for a gradient."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * weights
        weights *= 1 - strength


@fault("l2", "conformance.penalty.writes-only-outputs")
class RebindsTheGradient(L2):
    """`gradient = gradient + ...` where `+=` was meant."""

    def add_gradient(self, weights, strength, gradient):
        gradient = gradient + strength * weights


@fault("dropout", "conformance.dropout.writes-only-outputs", "conformance.dropout.any-size")
class FillsPairs(Dropout):
    """Draws two elements at a time and forgets the last one of an odd number."""

    def draw(self, key, step, layer, rate, mask):
        full = np.empty(mask.shape)
        super().draw(key, step, layer, rate, full)
        end = mask.size // 2 * 2
        mask.reshape(-1)[:end] = full.reshape(-1)[:end]


@fault("sigmoid", "conformance.activation.writes-only-outputs", unguarded=True)
class ReadsBeyondTheEnd(Sigmoid):
    """A kernel that looks at the next number, the last time at what lies after the array."""

    @kernel
    def backward(da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        flat, upstream, slope = dz.reshape(dz.size), da.reshape(da.size), a.reshape(a.size)
        for i in range(flat.size):
            flat[i] = upstream[i] * slope[i] * (z.dtype.type(1) - slope[i]) + z.dtype.type(1e-3) * upstream[i + 1]


# Memory


@fault("adam", "conformance.optimizer.no-hidden-state")
class CountsSteps(Adam):
    """Counts its own steps: weights and biases share the counter, and a saved state cannot be taken up again."""

    count = 0

    def update(self, parameters, gradient, state, hyperparameters, step):
        self.count += 1
        super().update(parameters, gradient, state, hyperparameters, self.count)


@fault("adam", "conformance.optimizer.no-hidden-state")
class CountsForAll(Adam):
    """Counts on the class: a second instance goes on where the first one stopped."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        type(self).count = getattr(type(self), "count", 0) + 1
        super().update(parameters, gradient, state, hyperparameters, type(self).count)


@fault("momentum", "conformance.optimizer.no-hidden-state", "conformance.optimizer.writes-only-outputs")
class KeepsItsOwnVelocity(Momentum):
    """Keeps the velocity in an attribute, by the number of parameters, and leaves the state alone."""

    def __init__(self):
        self.velocity = {}

    def update(self, parameters, gradient, state, hyperparameters, step):
        kept = self.velocity.setdefault(parameters.size, np.zeros_like(parameters))
        kept *= hyperparameters[1]
        kept -= hyperparameters[0] * gradient
        parameters += kept


@fault("momentum", "conformance.optimizer.no-hidden-state")
class RemembersTheFirstRate(Momentum):
    """Takes the hyperparameters of its first step for ever."""

    chosen = None

    def update(self, parameters, gradient, state, hyperparameters, step):
        if self.chosen is None:
            self.chosen = hyperparameters.copy()
        super().update(parameters, gradient, state, self.chosen, step)


@fault("adam", "conformance.optimizer.no-hidden-state")
class KeepsPowersByStep(Adam):
    """A cache of powers that does not know of which base."""

    def __init__(self):
        self.powers = {}

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        powers = self.powers.setdefault(step, (float(beta1) ** step, float(beta2) ** step))
        state[0] = beta1 * state[0] + (1 - beta1) * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * gradient**2
        parameters -= learning_rate * (state[0] / (1 - powers[0])) / (np.sqrt(state[1] / (1 - powers[1])) + epsilon)


@fault("adam", "conformance.optimizer.no-hidden-state")
class CountsByArray(Adam):
    """Counts steps by the identity of the array, so that it is right only while nobody copies the parameters."""

    def __init__(self):
        self.counts, self.held = {}, []

    def update(self, parameters, gradient, state, hyperparameters, step):
        self.held.append(parameters)
        count = self.counts[id(parameters)] = self.counts.get(id(parameters), step - 1) + 1
        super().update(parameters, gradient, state, hyperparameters, count)


@fault("relu", "conformance.activation.no-hidden-state", by_chance=("conformance.activation.threads",))
class MasksOfTheLastPass(ReLU):
    """Backward uses the mask of the last forward pass, whichever layer's it was."""

    silent = None

    def forward(self, z, a):
        self.silent = z <= 0
        super().forward(z, a)

    def backward(self, da, z, a, dz):
        silent = self.silent if self.silent is not None and self.silent.shape == z.shape else z <= 0
        dz[:] = np.where(silent, 0, da)


@fault("l2", "conformance.penalty.no-hidden-state")
class Warms(L2):
    """The strength grows with the number of calls."""

    calls = 0

    def add_gradient(self, weights, strength, gradient):
        self.calls += 1
        gradient += strength * weights * min(1, self.calls / 10)


@fault("softmax_cross_entropy", "conformance.loss.no-hidden-state")
class KeepsTheWeightOfTheFirstBatch(Softmax):
    """Divides by the total weight of its first batch."""

    total = None

    def gradient(self, z, targets, sample_weight, dz):
        super().gradient(z, targets, sample_weight, dz)
        self.total = self.total or sample_weight.sum()
        dz *= sample_weight.sum() / self.total


@fault("dropout", "conformance.dropout.no-hidden-state")
class DrawsOn(Dropout):
    """Draws from a generator of its own, which goes on from call to call."""

    def __init__(self):
        self.random = np.random.default_rng(0)

    def draw(self, key, step, layer, rate, mask):
        mask[:] = (self.random.random(mask.shape) >= rate) / (1 - rate)


@fault("dropout", "conformance.dropout.no-hidden-state")
class DrawsFromTheSystem(Dropout):
    """Seeds every mask from the system's entropy: no training can be repeated."""

    def draw(self, key, step, layer, rate, mask):
        mask[:] = (np.random.default_rng().random(mask.shape) >= rate) / (1 - rate)


@fault("early_stopping", "conformance.stopper.no-hidden-state")
class SharesItsBest(EarlyStopping):
    """Keeps the best score on the class: the second training never improves on the first."""

    least = np.inf

    def __init__(self, *, patience=10, min_delta=0.0):
        self.patience, self.min_delta, self.waited, self.kept = patience, min_delta, 0, None

    def observe(self, epoch, score, parameters):
        self.waited += 1
        if np.isfinite(score) and score < type(self).least - self.min_delta:
            type(self).least, self.waited, self.kept = score, 0, (epoch, parameters.copy())
        return self.waited >= self.patience


# Global random numbers


@fault("dropout", "conformance.dropout.no-global-state")
class SeedsTheGlobalGenerator(Dropout):
    """Seeds NumPy's global generator for every mask: the same bits each time, and everyone else's too."""

    def draw(self, key, step, layer, rate, mask):
        np.random.seed((int(key) + 7 * step + layer) % 2**32)  # noqa: NPY002
        mask[:] = (np.random.random(mask.shape) >= rate) / (1 - rate)  # noqa: NPY002


@fault("dropout", "conformance.dropout.no-global-state")
class ShufflesWithPython(Dropout):
    """Puts a global seed of Python's into the key."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(int(key) + python_random.getrandbits(8), step, layer, rate, mask)


@fault("he", "conformance.initializer.no-global-state")
class DrawsGlobally(He):
    """`np.random.randn` instead of the generator that is given."""

    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = np.sqrt(2 / fan_in) * np.random.randn(*weights.shape)  # noqa: NPY002


@fault("sigmoid", "conformance.activation.no-global-state")
class SilencesNumPy(Sigmoid):
    """Turns NumPy's warnings off for the whole process."""

    def forward(self, z, a):
        np.seterr(all="ignore", divide="raise")
        super().forward(z, a)


@fault("dropout", "conformance.dropout.draws-afresh", seen="BUG PaddlePaddle/Paddle#7796, mcgillmrl/prob_mbrl#8 (drop-fixed-seed-every-call)")
class FixedSeedForAll(Dropout):
    """The same seed, hence the same mask, at every call."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(0, 0, 0, rate, mask)


@fault("dropout", "conformance.dropout.draws-afresh")
class OneMaskForAllLayers(Dropout):
    """The layer does not enter the seed."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(key, step, 0, rate, mask)


@fault("he", "conformance.initializer.draws-afresh", seen="BUG netket/netket#241, nntile/nntile#21 (init-same-seed-all-layers)")
class SameSeedForAllLayers(He):
    """Every layer from a generator of the same seed."""

    def fill(self, weights, fan_in, fan_out, random):
        super().fill(weights, fan_in, fan_out, np.random.default_rng(0))


@fault("he", "conformance.initializer.draws-afresh")
class SeedsFromTheFanIn(He):
    """Layers of the same width start from the same weights."""

    def fill(self, weights, fan_in, fan_out, random):
        super().fill(weights, fan_in, fan_out, np.random.default_rng(random.bit_generator.seed_seq.entropy))


@fault("he", "conformance.initializer.draws-afresh")
class OnePieceForAll(He):
    """Draws one piece and repeats it: all pieces of a unit stay equal for ever."""

    def fill(self, weights, fan_in, fan_out, random):
        piece = np.sqrt(2 / fan_in) * random.standard_normal((fan_in, fan_out))
        weights[:] = np.tile(piece, weights.shape[1] // fan_out)


@fault("dropout", "conformance.dropout.draws-afresh")
class HalfTheKey(Dropout):
    """Seeds with 32 bits of the key."""

    def draw(self, key, step, layer, rate, mask):
        super().draw(int(key) % 2**32, step, layer, rate, mask)


# Precision and sizes


@fault("sigmoid", "conformance.activation.both-dtypes")
class ComputesInSingle(Sigmoid):
    """Rounds to float32 on the way, as wrappers of tensor libraries do."""

    def forward(self, z, a):
        decay = np.exp(-np.abs(z.astype(np.float32)))
        a[:] = np.where(z >= 0, 1, decay) / (1 + decay)


@fault("adam", "conformance.optimizer.both-dtypes")
class KeepsHalfPrecision(Adam):
    """Rounds the averages to float16."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient, state, hyperparameters, step)
        state[0] = (state[0] * 2.0**-6).astype(np.float16).astype(state.dtype) * 2.0**6


@fault("softmax_cross_entropy", "conformance.loss.both-dtypes")
class OneDtype(Softmax):
    """Takes float64 only."""

    def gradient(self, z, targets, sample_weight, dz):
        if z.dtype != np.float64:
            raise TypeError("float64 is wanted")
        super().gradient(z, targets, sample_weight, dz)


@fault("early_stopping", "conformance.stopper.both-dtypes")
class Upcasts(EarlyStopping):
    """Keeps the parameters in float64, whatever they were."""

    def observe(self, epoch, score, parameters):
        return super().observe(epoch, score, parameters.astype(np.float64))


@fault("relu", "conformance.activation.any-size")
class EvenWidths(ReLU):
    """Views the columns in pairs."""

    def forward(self, z, a):
        pairs = z.reshape(len(z), -1, 2)
        a[:] = np.where(pairs <= 0, 0, pairs).reshape(z.shape)


@fault("softmax_cross_entropy", "conformance.loss.any-size", "conformance.loss.rows-stand-alone")
class Squeezes(Softmax):
    """Squeezes axes of one away: a batch of one row loses its rows."""

    def gradient(self, z, targets, sample_weight, dz):
        z = np.squeeze(z)
        exponential = np.exp(z - z.max(axis=1, keepdims=True))
        dz[:] = (exponential / exponential.sum(axis=1, keepdims=True) - targets) * (sample_weight / sample_weight.sum())[:, None]


@fault("sigmoid", "conformance.activation.any-size")
class ScalesByTheLargest(Sigmoid):
    """Asks for the largest of an empty batch."""

    def forward(self, z, a):
        assert z.max() <= np.inf
        super().forward(z, a)


@fault("adam", "conformance.optimizer.any-size", "conformance.optimizer.rows-stand-alone")
class UnbiasedSpread(Adam):
    """Standardises the gradient over the parameters: NaN for one, and each depends on the others."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        spread = gradient.std(ddof=1) if gradient.size else 1
        super().update(parameters, gradient / (spread + 1), state, hyperparameters, step)


@fault("sigmoid", "conformance.activation.rows-stand-alone")
class CentresTheBatch(Sigmoid):
    """Takes the batch's mean off first."""

    def forward(self, z, a):
        super().forward(z - z.mean(axis=0, keepdims=True) if len(z) else z, a)


@fault("softmax_cross_entropy", "conformance.loss.rows-stand-alone")
class DividesByTheRows(Softmax):
    """Divides by the number of rows instead of their weight."""

    def gradient(self, z, targets, sample_weight, dz):
        super().gradient(z, targets, sample_weight, dz)
        dz *= sample_weight.sum() / max(len(z), 1)


@fault("momentum", "conformance.optimizer.rows-stand-alone", "conformance.optimizer.nan-and-infinity")
class ClipsTogether(Momentum):
    """Clips the gradient by its norm over all parameters."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        norm = np.sqrt(np.square(gradient).sum())
        super().update(parameters, gradient / max(1, norm), state, hyperparameters, step)


@fault("l2", "conformance.penalty.rows-stand-alone")
class MeansTheWeights(L2):
    """Divides by the number of weights."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * weights / max(weights.size, 1)


@fault("dropout", "conformance.dropout.rows-stand-alone")
class ColumnByColumn(Dropout):
    """Draws column by column, so that a last, smaller batch of the same step has other masks."""

    def draw(self, key, step, layer, rate, mask):
        random = np.random.default_rng([int(key) % 2**32, int(key) >> 32, step, layer])
        uniform = random.random(mask.shape[::-1]).T
        mask[:] = (uniform >= rate) / (1 - rate)


@fault("sigmoid", "conformance.activation.any-size")
class RoomForLittle(Sigmoid):
    """Has room for four thousand numbers."""

    def forward(self, z, a):
        decay = np.empty(4096)[: z.size].reshape(z.shape)
        np.exp(-np.abs(z), out=decay)
        a[:] = np.where(z >= 0, 1, decay) / (1 + decay)


# NaN and infinity


@fault("sgd", "conformance.optimizer.nan-and-infinity")
class CleansTheCallersGradient(SGD):
    """Replaces infinity in the caller's own gradient."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        gradient[np.isinf(gradient)] = 0
        super().update(parameters, gradient, state, hyperparameters, step)


@fault("relu", "conformance.activation.nan-and-infinity")
class SwallowsNaN(ReLU):
    """`z * (z > 0)` with NaN replaced: an explosion looks like a dead unit."""

    def forward(self, z, a):
        a[:] = np.where(z > 0, z, 0)


@fault("sigmoid", "conformance.activation.nan-and-infinity")
class SpreadsNaN(Sigmoid):
    """Shifts by the row's largest and back: one NaN makes the row NaN."""

    def forward(self, z, a):
        shift = z.max(axis=1, keepdims=True, initial=-100)
        super().forward(z - shift + shift, a)


@fault("adam", "conformance.optimizer.nan-and-infinity")
class CleansGradients(Adam):
    """Replaces NaN in the gradient by 0: a broken training goes on in silence."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, np.nan_to_num(gradient), state, hyperparameters, step)


@fault("sgd", "conformance.optimizer.nan-and-infinity")
class SkipsTheStep(SGD):
    """Leaves all parameters where they are if one gradient is not finite."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        if np.isfinite(gradient).all():
            super().update(parameters, gradient, state, hyperparameters, step)


@fault("sgd", "conformance.optimizer.nan-and-infinity")
class RaisesOnNaN(SGD):
    """Raises where the contract lets NaN through."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        if not np.isfinite(gradient).all():
            raise FloatingPointError("the gradient is not finite")
        super().update(parameters, gradient, state, hyperparameters, step)


@fault("softmax_cross_entropy", "conformance.loss.nan-and-infinity")
class ClipsTheLogits(Softmax):
    """Replaces NaN and infinity in the logits by large numbers."""

    def value(self, z, targets, sample_weight):
        return super().value(np.nan_to_num(z), targets, sample_weight)


@fault("l1", "conformance.penalty.nan-and-infinity")
class NoSignOfNaN:
    """(w > 0) - (w < 0) is 0 where w is NaN."""

    def value(self, weights, strength):
        return float(strength * np.abs(weights).sum())

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * ((weights > 0).astype(weights.dtype) - (weights < 0))

    def after_update(self, weights, strength, learning_rate):
        pass


@fault("early_stopping", "conformance.stopper.nan-and-infinity")
class TakesNaNForTheBest(EarlyStopping):
    """`not score >= least` is true of NaN, and nothing is below NaN ever after."""

    def observe(self, epoch, score, parameters):
        self.waited += 1
        if not score >= self.least - self.min_delta:
            self.least, self.waited, self.kept = score, 0, (epoch, parameters.copy())
        return self.waited >= self.patience


# Layouts


@fault("relu", "conformance.activation.refuses-or-right")
class WritesACopy(ReLU):
    """Flattens the output first, which is a copy where it is not contiguous: nothing is written."""

    def forward(self, z, a):
        a.reshape(-1)[:] = np.where(z <= 0, 0, z).reshape(-1)


@fault("sigmoid", "conformance.activation.refuses-or-right")
class ReadsRawMemory(Sigmoid):
    """Reads the bytes of its input as what it expects them to be."""

    def backward(self, da, z, a, dz):
        slope = a * (1 - a)
        dz[:] = np.resize(np.frombuffer(da.tobytes(), dz.dtype), dz.shape) * slope


@fault("sigmoid", "conformance.activation.refuses-or-right")
class TruncatesWholeNumbers(Sigmoid):
    """Makes its temporary array like its input: of whole numbers, if that is."""

    def forward(self, z, a):
        decay = np.zeros_like(z)
        decay[:] = np.exp(-np.abs(z))
        a[:] = np.where(z >= 0, 1, decay) / (1 + decay)


@fault("early_stopping", "conformance.stopper.refuses-or-right", by_chance=("early.validation-only",))
class KeepsABuffer(EarlyStopping):
    """Keeps the memory that starts where the parameters do."""

    def observe(self, epoch, score, parameters):
        base = parameters if parameters.base is None else parameters.base
        return super().observe(epoch, score, base.reshape(-1)[: parameters.size])


# Use


@fault("relu", "conformance.activation.pickles")
class HoldsALambda(ReLU):
    """A function without a name in an attribute cannot be pickled."""

    def __init__(self):
        self.silent = lambda z: z <= 0

    def forward(self, z, a):
        a[:] = np.where(self.silent(z), 0, z)


@fault("adam", "conformance.optimizer.pickles")
class HoldsALock(Adam):
    """Neither can a lock."""

    def __init__(self):
        self.lock = threading.Lock()

    def update(self, parameters, gradient, state, hyperparameters, step):
        with self.lock:
            super().update(parameters, gradient, state, hyperparameters, step)


@fault("early_stopping", "conformance.stopper.pickles")
class ForgetsWhenPickled(EarlyStopping):
    """Comes back from pickling as it was made."""

    def __reduce__(self):
        return (pickle.loads, (pickle.dumps({}),)) if self.kept is None else super().__reduce__()

    def __getstate__(self):
        return {"patience": self.patience, "min_delta": self.min_delta, "least": np.inf, "waited": 0, "kept": None}


ROOM = np.empty(2**20)


@fault("sigmoid", "conformance.activation.threads")
class OneBufferForAll(Sigmoid):
    """A buffer of the module's for what is in between: two threads write into it."""

    def forward(self, z, a):
        decay = ROOM[: z.size].reshape(z.shape)
        np.exp(-np.abs(z), out=decay)
        a[:] = np.where(z >= 0, 1, decay) / (1 + decay)


@fault("momentum", "conformance.optimizer.threads")
class PassesThroughItself(Momentum):
    """Hands a value from one line to the next through an attribute."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        self.movement = hyperparameters[1] * state[0] - hyperparameters[0] * gradient
        state[0] = self.movement
        parameters += self.movement


@fault("dropout", "conformance.dropout.threads")
class SeedsASharedGenerator(Dropout):
    """Seeds one generator of the class anew for every mask."""

    shared = np.random.RandomState(0)

    def draw(self, key, step, layer, rate, mask):
        self.shared.seed([int(key) % 2**32, step, layer])
        uniform = self.shared.random_sample(mask.shape)
        mask[:] = (uniform >= rate) / (1 - rate)


CURRENT: list = [None]


@fault("early_stopping", "conformance.stopper.threads")
class CurrentStopper(EarlyStopping):
    """Speaks of the current stopper, one for the whole module."""

    def observe(self, epoch, score, parameters):
        CURRENT[0] = self
        return EarlyStopping.observe(CURRENT[0], epoch, score, parameters)


@fault("sgd", "conformance.optimizer.follows-contract")
class WantsALearningRate(SGD):
    """Takes the learning rate when it is made."""

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate


@fault("sgd", "conformance.optimizer.follows-contract")
class ForgetsTheStep(SGD):
    """`update` takes no step."""

    def update(self, parameters, gradient, state, hyperparameters):
        parameters -= hyperparameters[0] * gradient


@fault("l2", "conformance.penalty.follows-contract")
class PricesEachWeight(L2):
    """The value is one number a weight."""

    def value(self, weights, strength):
        return strength / 2 * np.square(weights)


@fault("softmax_cross_entropy", "conformance.loss.follows-contract")
class PrintsTheLoss(Softmax):
    """The value is printed and not returned."""

    def value(self, z, targets, sample_weight):
        super().value(z, targets, sample_weight)


@fault("early_stopping", "conformance.stopper.follows-contract")
class OtherWords(EarlyStopping):
    """Calls patience by another name."""

    def __init__(self, *, n_iter_no_change=10, min_delta=0.0):
        super().__init__(patience=n_iter_no_change, min_delta=min_delta)


@fault("early_stopping", "conformance.stopper.follows-contract")
class AnswersNothing(EarlyStopping):
    """Remembers that it should stop, and does not say so."""

    def observe(self, epoch, score, parameters):
        self.stopped = super().observe(epoch, score, parameters)


@fault("early_stopping", "conformance.stopper.follows-contract")
class CountsEpochs(EarlyStopping):
    """Counts its calls instead of taking the epoch that it is given."""

    seen = 0

    def observe(self, epoch, score, parameters):
        self.seen += 1
        return super().observe(self.seen, score, parameters)


@fault("early_stopping", "conformance.stopper.writes-only-outputs")
class KeepsAReference(EarlyStopping):
    """Keeps the parameters of the best epoch by reference: they go on being trained."""

    def observe(self, epoch, score, parameters):
        self.waited += 1
        if np.isfinite(score) and score < self.least - self.min_delta:
            self.least, self.waited, self.kept = score, 0, (epoch, parameters)
        return self.waited >= self.patience


@fault("early_stopping", "conformance.stopper.writes-only-outputs")
class HandsOutItsOwnArray(EarlyStopping):
    """`best` gives away the array itself."""

    def best(self):
        return self.kept


@fault("early_stopping", "conformance.stopper.writes-only-outputs")
class RestoresInPlace(EarlyStopping):
    """Puts the best parameters back into the training's array when it stops."""

    def observe(self, epoch, score, parameters):
        stop = super().observe(epoch, score, parameters)
        if stop and self.kept is not None:
            parameters[:] = self.kept[1]
        return stop


@fault("early_stopping", "conformance.stopper.any-size")
class BestFromTheStart(EarlyStopping):
    """Has a best epoch before any."""

    def best(self):
        return (0, np.zeros(3)) if self.kept is None else super().best()


# Two forms of a kernel, and others that should agree


@kernel
def overflowing(number: int) -> float:
    return 1.0 if number**64 > 0 else 0.5


@fault("relu", "conformance.activation.interpreted-agrees")
class PowersThatOverflow(ReLU):
    """A whole power that fits into Python's numbers and not into 64 bits."""

    @kernel
    def forward(z: Matrix, a: Matrix) -> None:
        for i in range(z.shape[0]):
            for j in range(z.shape[1]):
                a[i, j] = max(z[i, j], z.dtype.type(0)) * z.dtype.type(overflowing(2))


@fault("l2", "conformance.penalty.interpreted-agrees")
class PowersInAPrice(L2):
    """The same in a penalty."""

    @kernel
    def add_gradient(weights: Vector, strength: Real, gradient: Vector) -> None:
        factor = weights.dtype.type(overflowing(2))
        for i in range(weights.size):
            gradient[i] += factor * strength * weights[i]


@fault("softmax_cross_entropy", "conformance.loss.interpreted-agrees")
class PowersInALoss(Softmax):
    """The same in a loss."""

    @kernel
    def value(z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        return overflowing(2) * np.float64((z * targets).sum())


@fault("dropout", "conformance.dropout.interpreted-agrees")
class MultipliesWithoutBounds(Dropout):
    """A congruential generator that counts on 64 bits: Python's numbers have more."""

    @kernel
    def draw(key: Key, step: int, layer: int, rate: float, mask: Matrix) -> None:
        word = 1 + step + 7 * layer
        flat = mask.reshape(mask.size)
        for i in range(flat.size):
            word = word * 6364136223846793005 + 1442695040888963407
            flat[i] = mask.dtype.type(0) if (word >> 33) % 1000 < 1000 * rate else mask.dtype.type(1 / (1 - rate))


@fault("he", "conformance.initializer.interpreted-agrees", "conformance.initializer.no-hidden-state")
class DrawsFromTheCompilersGenerator(He):
    """`np.random` inside a kernel is a generator of numba's own, that nothing seeds."""

    @kernel
    def fill(weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
        for i in range(weights.shape[0]):
            for j in range(weights.shape[1]):
                weights[i, j] = np.sqrt(2.0 / fan_in) * np.random.standard_normal()  # noqa: NPY002


@fault("he", "conformance.initializer.both-dtypes")
class DrawsInPlace(He):
    """Draws float64 into whatever array there is."""

    def fill(self, weights, fan_in, fan_out, random):
        random.standard_normal(out=weights)
        weights *= np.sqrt(2 / fan_in)


@fault("he", "conformance.initializer.any-size")
class FanLessOne(He):
    """Divides by n - 1, as variances are: infinite weights for one input."""

    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = np.sqrt(np.float64(2) / (fan_in - 1)) * random.standard_normal(weights.shape)


@fault("l2", "conformance.penalty.any-size")
class ScalesByTheLargestWeight(L2):
    """Asks for the largest of no weights."""

    def value(self, weights, strength):
        largest = np.abs(weights).max()
        return float(strength / 2 * largest**2 * np.square(weights / largest).sum())


@fault("dropout", "conformance.dropout.follows-contract")
class NoTestScale(Dropout):
    """Returns nothing as the factor at test time, for there is nothing to do."""

    def test_scale(self, rate):
        return None


@fault("he", "conformance.initializer.follows-contract")
class OnlyTheWeights(He):
    """Reads the fans off the weights, and takes no others."""

    def fill(self, weights, random):
        super().fill(weights, *weights.shape, random)


@fault("momentum", "agreement.optimizer.same-path")
class Nesterov(Momentum):
    """Looks ahead, and does not say so."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, momentum = hyperparameters
        state[0] = momentum * state[0] - learning_rate * gradient
        parameters += momentum * state[0] - learning_rate * gradient


@fault("adam", "agreement.optimizer.same-path")
class WrongDeclaration(Adam):
    """Declares ε in the folded place and has it in the paper's."""

    conventions: ClassVar = {"epsilon_at": "folded", "zero_over_zero": "nan"}


@fault("softmax_cross_entropy", "agreement.loss.same-values")
class Smooths(Softmax):
    """Smooths the targets a little."""

    def gradient(self, z, targets, sample_weight, dz):
        super().gradient(z, 0.999 * targets + 0.001 / targets.shape[1], sample_weight, dz)


@fault("l2", "agreement.penalty.same-values")
class NotHalved(L2):
    """Prices the square, not its half."""

    def value(self, weights, strength):
        return 2 * super().value(weights, strength)


@fault("relu", "agreement.activation.same-values")
class OneAtZeroOnly(ReLU):
    """Lets the gradient through at 0, and does not say so."""

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z < 0, 0, da)


@fault("dropout", "agreement.dropout.same-factors")
class KeepsTheRate(Dropout):
    """Keeps with probability p."""

    def draw(self, key, step, layer, rate, mask):
        random = np.random.default_rng([int(key) % 2**32, int(key) >> 32, step, layer])
        mask[:] = (random.random(mask.shape) < rate) / (1 - rate)


@fault("dropout", "agreement.dropout.same-bits")
class ClaimsTheStream(Dropout):
    """Declares a stream that it does not draw from."""

    stream = "splitmix64"


@fault("he", "agreement.initializer.same-distribution")
class HalfTheVariance(He):
    """LeCun's variance."""

    def fill(self, weights, fan_in, fan_out, random):
        super().fill(weights, 2 * fan_in, fan_out, random)


@fault("he", "agreement.initializer.same-distribution")
class FansExchanged(He):
    """Divides by the number of units instead of inputs."""

    def fill(self, weights, fan_in, fan_out, random):
        super().fill(weights, fan_out, fan_in, random)


@fault("he", "agreement.initializer.same-bits")
class OtherOrder(He):
    """Declares NumPy's order of draws and fills column by column."""

    stream = "numpy"

    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = np.sqrt(2 / fan_in) * random.standard_normal(weights.shape[::-1]).T


@fault("early_stopping", "agreement.stopper.same-stop")
class OneTooMany(EarlyStopping):
    """Waits one epoch longer than it declares."""

    def observe(self, epoch, score, parameters):
        super().observe(epoch, score, parameters)
        return self.waited > self.patience


@fault("early_stopping", "agreement.stopper.same-stop")
class TiesCount(EarlyStopping):
    """Takes an equal score for an improvement."""

    def observe(self, epoch, score, parameters):
        self.waited += 1
        if np.isfinite(score) and score <= self.least - self.min_delta:
            self.least, self.waited, self.kept = score, 0, (epoch, parameters.copy())
        return self.waited >= self.patience


# The same in the other families


@fault("softmax_cross_entropy", "conformance.loss.pickles")
class LossOfALambda(Softmax):
    """Holds a function without a name."""

    def __init__(self):
        self.log = lambda values: np.log(values + 0)


@fault("l2", "conformance.penalty.pickles")
class PriceOfAGenerator(L2):
    """Holds a generator of strengths that are still to come."""

    def __init__(self):
        self.schedule = (0.9**epoch for epoch in range(10))


@fault("dropout", "conformance.dropout.pickles")
class MasksUnderALock(Dropout):
    """Holds a lock."""

    def __init__(self):
        self.lock = threading.Lock()


@fault("he", "conformance.initializer.pickles")
class GainOfALambda(He):
    """Holds its gain as a function without a name."""

    def __init__(self):
        self.gain = lambda: 2


@fault("softmax_cross_entropy", "conformance.loss.threads")
class SharedExponentials(Softmax):
    """Keeps the exponentials in a buffer of the module's from one line to the next."""

    def gradient(self, z, targets, sample_weight, dz):
        exponential = ROOM[: z.size].reshape(z.shape)
        np.exp(z - z.max(axis=1, keepdims=True), out=exponential)
        total = targets.sum(axis=1, keepdims=True) / exponential.sum(axis=1, keepdims=True)
        dz[:] = (exponential * total - targets) * (sample_weight / sample_weight.sum())[:, None]


@fault("l2", "conformance.penalty.threads")
class StrengthInAnAttribute(L2):
    """Puts the strength where the next call finds it."""

    def add_gradient(self, weights, strength, gradient):
        self.strength = strength
        gradient += self.strength * weights


@fault("he", "conformance.initializer.threads")
class FanInAnAttribute(He):
    """Puts the fan where another layer's call replaces it."""

    def fill(self, weights, fan_in, fan_out, random):
        self.deviation = np.sqrt(2 / fan_in)
        draws = random.standard_normal(weights.shape)
        weights[:] = self.deviation * draws


@fault("dropout", "conformance.dropout.no-hidden-state")
class KeepsMasksByStep(Dropout):
    """Keeps the first mask of each step, layer and shape, and forgets to ask for which key."""

    def __init__(self):
        self.masks = {}

    def draw(self, key, step, layer, rate, mask):
        if (step, layer, mask.shape) not in self.masks:
            super().draw(key, step, layer, rate, mask)
            self.masks[step, layer, mask.shape] = mask.copy()
        mask[:] = self.masks[step, layer, mask.shape]


@fault("relu", "conformance.activation.no-hidden-state")
class KnowsItsArrays(ReLU):
    """Keeps results by the identity of the array, which a training fills again and again."""

    def __init__(self):
        self.known = {}

    def forward(self, z, a):
        found = self.known.setdefault(id(z), (z, np.where(z <= 0, 0, z)))
        a[:] = found[1]


@fault("he", "conformance.initializer.no-hidden-state")
class Narrows(He):
    """Each layer that it fills gets smaller weights than the one before, whichever network it belongs to."""

    layers = 0

    def fill(self, weights, fan_in, fan_out, random):
        self.layers += 1
        weights[:] = np.sqrt(2 / fan_in / self.layers) * random.standard_normal(weights.shape)


@fault("l2", "conformance.penalty.no-global-state")
class SamplesGlobally(L2):
    """Estimates its price from weights that the global generator picks."""

    def value(self, weights, strength):
        some = np.random.randint(0, max(weights.size, 1), 5)  # noqa: NPY002
        return float(strength / 2 * weights.size * np.mean(np.square(weights[some]))) if weights.size else 0.0


@fault("l2", "conformance.penalty.both-dtypes")
class PriceInSingle(L2):
    """Adds a gradient that was rounded to float32."""

    def add_gradient(self, weights, strength, gradient):
        gradient += (strength * weights).astype(np.float32)


@fault("squared_error", "conformance.loss.refuses-or-right")
class DifferenceOfWholeNumbers:
    """Writes the difference into an array like the targets', which may be of whole numbers."""

    def value(self, z, targets, sample_weight):
        return float(np.average(np.square(z - targets).sum(axis=1) / 2, weights=sample_weight))

    def gradient(self, z, targets, sample_weight, dz):
        share = np.empty_like(sample_weight)
        share[:] = sample_weight / sample_weight.sum()
        dz[:] = (z - targets) * share[:, None]


@fault("momentum", "conformance.optimizer.refuses-or-right")
class StateByAddress(Momentum):
    """Takes the state's memory for one row after the other."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, momentum = hyperparameters
        velocity = np.ravel(state)
        velocity *= momentum
        velocity -= learning_rate * gradient
        parameters += velocity


@fault("relu", "conformance.activation.follows-contract")
class WantsASlope(ReLU):
    """Its constructor wants an argument that nobody gives."""

    def __init__(self, slope):
        self.slope = slope


@fault("dropout", "conformance.dropout.both-dtypes")
class FillsDoublesOnly(Dropout):
    """Leaves masks of float32 as they are."""

    def draw(self, key, step, layer, rate, mask):
        if mask.dtype == np.float64:
            super().draw(key, step, layer, rate, mask)


@fault("dropout", "conformance.dropout.refuses-or-right")
class FlattensTheMask(Dropout):
    """Writes into the flattened mask, which is a copy where the mask is not contiguous."""

    def draw(self, key, step, layer, rate, mask):
        drawn = np.empty(mask.shape, mask.dtype)
        super().draw(key, step, layer, rate, drawn)
        mask.ravel()[:] = drawn.ravel()


@fault("he", "conformance.initializer.refuses-or-right")
class FlattensTheWeights(He):
    """Writes into the flattened weights, which are a copy where the weights are not contiguous."""

    def fill(self, weights, fan_in, fan_out, random):
        drawn = np.empty(weights.shape, weights.dtype)
        super().fill(drawn, fan_in, fan_out, random)
        weights.ravel()[:] = drawn.ravel()


@fault("he", "conformance.initializer.writes-only-outputs")
class ReturnsTheWeights(He):
    """Returns new weights and leaves the given ones as they are."""

    def fill(self, weights, fan_in, fan_out, random):
        drawn = weights.copy()
        super().fill(drawn, fan_in, fan_out, random)
        return drawn


@fault("l2", "conformance.penalty.refuses-or-right")
class FlattensTheGradient(L2):
    """Adds to the flattened gradient, which is a copy where the gradient is not contiguous."""

    def add_gradient(self, weights, strength, gradient):
        gradient.ravel()[:] += strength * weights


@fault("softmax_cross_entropy", "conformance.loss.no-global-state")
class SeedsForAll(Softmax):
    """Seeds NumPy's global generator."""

    def value(self, z, targets, sample_weight):
        np.random.seed(0)  # noqa: NPY002  the fault
        return super().value(z, targets, sample_weight)


@fault("sgd", "conformance.optimizer.no-global-state")
class DrawsForNothing(SGD):
    """Draws from NumPy's global generator and does nothing with it."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        np.random.random()  # noqa: NPY002  the fault
        super().update(parameters, gradient, state, hyperparameters, step)


@fault("early_stopping", "conformance.stopper.no-global-state")
class LooksAtChance(EarlyStopping):
    """Draws from Python's global generator at every epoch."""

    def observe(self, epoch, score, parameters):
        python_random.random()  # noqa: S311  the fault
        return super().observe(epoch, score, parameters)


@fault("sgd", "conformance.optimizer.interpreted-agrees")
class CountsBeyondTheWord:
    """A product of integers that wraps around when compiled and does not when interpreted."""

    state_rows = 0

    @kernel
    def update(parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        wrapped = step * 4611686018427387904 * 4
        rate = hyperparameters[0] if wrapped == 0 else hyperparameters[0] * 2
        for i in range(parameters.size):
            parameters[i] -= rate * gradient[i]
