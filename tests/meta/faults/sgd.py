"""Faulty forms of gradient descent: each writes `step_of(gradient, rate, step)`, what is added to the parameters, or `update` itself."""

import numpy as np

from ..collection import fault

BOTH = ("sgd.definition", "sgd.stateless")


class Rule:
    state_rows = 0

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters += self.step_of(gradient, hyperparameters[0], step)


@fault("sgd", "sgd.definition", "descent.right-rate")
class Ascends(Rule):
    """Adds the gradient."""

    def step_of(self, gradient, rate, step):
        return rate * gradient


@fault("sgd", "sgd.definition", "descent.right-rate")
class WithoutRate(Rule):
    """Forgets the learning rate."""

    def step_of(self, gradient, rate, step):
        return -gradient


@fault("sgd", "sgd.definition", "descent.right-rate")
class TwiceTheRate(Rule):
    """Moves twice as far, as for a loss without its factor 1/2."""

    def step_of(self, gradient, rate, step):
        return -2 * rate * gradient


@fault("sgd", "sgd.definition", "descent.right-rate")
class HalfTheRate(Rule):
    """Moves half as far: it cannot diverge where it should."""

    def step_of(self, gradient, rate, step):
        return -rate / 2 * gradient


@fault("sgd", "sgd.definition")
class RateSquared(Rule):
    """Multiplies by the learning rate twice."""

    def step_of(self, gradient, rate, step):
        return -rate * rate * gradient


@fault("sgd", "sgd.definition", "descent.right-rate")
class CapsTheRate(Rule):
    """Uses no learning rate above 1."""

    def step_of(self, gradient, rate, step):
        return -min(rate, 1) * gradient


@fault("sgd", "sgd.definition")
class RateFallsWithTheStep(Rule):
    """Divides the learning rate by the root of the step, unasked."""

    def step_of(self, gradient, rate, step):
        return -rate / np.sqrt(gradient.dtype.type(step)) * gradient


@fault("sgd", "sgd.stateless")
class RateFallsLate(Rule):
    """Divides the learning rate by 10 from step 50 on."""

    def step_of(self, gradient, rate, step):
        return -(rate if step < 50 else rate / 10) * gradient


@fault("sgd", "sgd.stateless")
class WarmsUpAgain(Rule):
    """Takes no step at every millionth."""

    def step_of(self, gradient, rate, step):
        return -rate * (step % 1_000_000 > 0) * gradient


@fault("sgd", *BOTH)
class KeepsMomentum(Rule):
    """Remembers a hundredth of its last step in itself."""

    last = 0.0

    def step_of(self, gradient, rate, step):
        before = self.last if np.shape(self.last) == gradient.shape else np.zeros_like(gradient)
        self.last = gradient.dtype.type(0.01) * before - rate * gradient
        return self.last


@fault("sgd", *BOTH)
class UsesTheLastGradient(Rule):
    """Moves by the gradient of the step before."""

    last = None

    def step_of(self, gradient, rate, step):
        before, self.last = self.last, gradient.copy()
        return -rate * (gradient if before is None or before.shape != gradient.shape else before)


@fault("sgd", "sgd.definition")
class DecaysUnasked(Rule):
    """Takes a share of every weight off, unasked."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters *= 1 - parameters.dtype.type(1e-4)
        parameters -= hyperparameters[0] * gradient


@fault("sgd", "sgd.definition", seen="BUG nntrainer/nntrainer#219 (mom-bias-not-updated)")
class LastNotUpdated(Rule):
    """Never moves the last parameter."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters[:-1] -= hyperparameters[0] * gradient[:-1]


@fault("sgd", "sgd.definition", "sgd.stateless")
class FirstForAll(Rule):
    """Moves the second half of the parameters by the gradients of the first."""

    def step_of(self, gradient, rate, step):
        half = gradient.size // 2
        return -rate * np.concatenate([gradient[: gradient.size - half], gradient[:half]])


@fault("sgd", "sgd.definition", "sgd.stateless")
class Centred(Rule):
    """Takes the mean off the gradients."""

    def step_of(self, gradient, rate, step):
        return -rate * (gradient - gradient.mean())


@fault("sgd", "sgd.definition")
class ClipsTheNorm(Rule):
    """Scales the gradient down where its norm exceeds a thousand."""

    def step_of(self, gradient, rate, step):
        norm = np.sqrt((gradient.astype(np.float64) ** 2).sum())
        return -rate * (gradient * gradient.dtype.type(min(1.0, 1e3 / max(norm, 1e-300))))


@fault("sgd", "sgd.definition")
class IgnoresTinyGradients(Rule):
    """Takes gradients below 1e-20 for 0."""

    def step_of(self, gradient, rate, step):
        return -rate * np.where(np.abs(gradient) < 1e-20, 0, gradient)


@fault("sgd", "sgd.definition", "descent.right-rate")
class SignsOnly(Rule):
    """Uses the gradient's sign alone."""

    def step_of(self, gradient, rate, step):
        return -rate * np.sign(gradient)


@fault("sgd", "sgd.definition")
class DividesByTheCount(Rule):
    """Divides by the number of parameters."""

    def step_of(self, gradient, rate, step):
        return -rate * gradient / gradient.dtype.type(gradient.size)


@fault("sgd", "sgd.definition")
class SinglePrecision(Rule):
    """Computes in float32 whatever the dtype."""

    def step_of(self, gradient, rate, step):
        return -np.float32(rate) * gradient.astype(np.float32)


@fault("sgd", "sgd.definition")
class DefaultRate(Rule):
    """Uses the default learning rate whatever is given."""

    def step_of(self, gradient, rate, step):
        return gradient.dtype.type(-0.1) * gradient


@fault("sgd", "descent.nan-shows")
class HidesNaN(Rule):
    """Replaces NaN gradients by 0."""

    def step_of(self, gradient, rate, step):
        return -rate * np.where(np.isnan(gradient), 0, gradient)


@fault("sgd", "descent.nan-shows")
class HidesInfinity(Rule):
    """Replaces infinite gradients by the largest number there is."""

    def step_of(self, gradient, rate, step):
        largest = np.finfo(gradient.dtype).max
        return -rate * np.clip(gradient, -largest, largest)


@fault("sgd", "descent.nan-shows")
class SpreadsNaN(Rule):
    """Adds 0 times the sum of all gradients: nothing, unless one of them is not finite."""

    def step_of(self, gradient, rate, step):
        return -rate * (gradient + 0 * gradient.sum())
