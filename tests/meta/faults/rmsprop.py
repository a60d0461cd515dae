"""Faulty forms of RMSProp: of its average first, then of what is done with it.

Each writes `average(square, gradient, decay, rate, step)`, which changes the average in place, or `root(square, epsilon)`, the divisor, or
`update` itself.
"""

from typing import ClassVar

import numpy as np

from ..collection import fault

AVERAGE = ("rmsprop.recurrence", "rmsprop.memory", "rmsprop.adapts-adagrad-does-not")
DIVISOR = ("rmsprop.recurrence", "rmsprop.memory", "rmsprop.bounded-step")


class Rule:
    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay, epsilon = hyperparameters
        self.average(state[0], gradient, decay, rate, step)
        parameters += self.quotient(-rate * gradient, self.root(state[0], epsilon))

    def average(self, square, gradient, decay, rate, step):
        square[:] = gradient**2 if step == 1 else decay * square + (1 - decay) * gradient**2

    def root(self, square, epsilon):
        return np.sqrt(square) + epsilon

    @staticmethod
    def quotient(product, divisor):
        return np.divide(product, divisor, out=np.zeros_like(divisor), where=divisor != 0)


class ZeroStart(Rule):
    conventions: ClassVar = {"start": "zero"}


@fault("rmsprop", *AVERAGE, "rmsprop.bounded-step")
class WeightsExchanged(Rule):
    """Weighs the past by 1 - decay and the present by decay."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = gradient**2 if step == 1 else (1 - decay) * square + decay * gradient**2


@fault("rmsprop", *AVERAGE)
class PresentInFull(Rule):
    """Adds the whole square to the decayed average."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = (0 if step == 1 else decay) * square + gradient**2


@fault("rmsprop", *AVERAGE)
class PastInFull(Rule):
    """Adds 1 - decay of the square to the whole average, which never shrinks."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = gradient**2 if step == 1 else square + (1 - decay) * gradient**2


@fault("rmsprop", *AVERAGE, seen="BUG raskr/rust-autograd#16 (adam-moments-not-stored), as RMSProp's")
class NotStored(Rule):
    """Never stores the average: every step divides by the present gradient alone."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = gradient**2


@fault("rmsprop", *AVERAGE, "rmsprop.bounded-step")
class NeverLearns(Rule):
    """Keeps the first gradient's square for ever."""

    def average(self, square, gradient, decay, rate, step):
        if step == 1:
            square[:] = gradient**2


@fault("rmsprop", "rmsprop.recurrence", "rmsprop.memory")
class AveragesSizes(Rule):
    """Averages sizes instead of squares."""

    def average(self, square, gradient, decay, rate, step):
        size = np.abs(gradient) if step == 1 else decay * np.sqrt(square) + (1 - decay) * np.abs(gradient)
        square[:] = size**2


@fault("rmsprop", "rmsprop.recurrence")
class SquareOfTheAverage(Rule):
    """Squares the average of gradients: opposite ones cancel."""

    def average(self, square, gradient, decay, rate, step):
        mean = gradient if step == 1 else decay * square + (1 - decay) * gradient
        square[:] = mean

    def root(self, square, epsilon):
        return np.abs(square) + epsilon


@fault("rmsprop", "rmsprop.recurrence", "rmsprop.memory")
class RateInTheAverage(Rule):
    """Averages the squares of learning rate times gradient."""

    def average(self, square, gradient, decay, rate, step):
        super().average(square, rate * gradient, decay, rate, step)


@fault("rmsprop", *AVERAGE, "rmsprop.bounded-step", seen="BUG frgfm/holocron#1 (adam-bias-correction-in-place), as RMSProp's")
class CorrectedInPlace(ZeroStart):
    """Writes the average, divided by 1 minus decay to the step, back into the state."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = (decay * square + (1 - decay) * gradient**2) / (1 - decay**step)


@fault("rmsprop", *AVERAGE)
class BiasCorrected(ZeroStart):
    """Divides the average by 1 minus decay to the step, as Adam does."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay, epsilon = hyperparameters
        self.average(state[0], gradient, decay, rate, step)
        parameters += self.quotient(-rate * gradient, self.root(state[0] / (1 - decay**step), epsilon))


@fault("rmsprop", *AVERAGE)
class DeclaresFirstGradientStartsAtZero(Rule):
    """Says nothing, and starts its average at 0."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = decay * square + (1 - decay) * gradient**2


@fault("rmsprop", *AVERAGE)
class DeclaresZeroStartsWithFirstGradient(ZeroStart):
    """Declares that its average starts at 0, and takes the first gradient in full."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = gradient**2 if step == 1 else decay * square + (1 - decay) * gradient**2


@fault("rmsprop", *AVERAGE, seen="CONV google-deepmind/optax#49 (rmsprop-init-ones), undeclared")
class StartsAtOne(ZeroStart):
    """Starts its average at 1, and declares 0."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = decay * (square if step > 1 else np.ones_like(square)) + (1 - decay) * gradient**2


@fault("rmsprop", "rmsprop.recurrence")
class FirstWhereEmpty(Rule):
    """Takes a gradient in full wherever the average is 0, not only at the first step: wrong after a first gradient of 0."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = np.where(square == 0, gradient**2, decay * square + (1 - decay) * gradient**2)


@fault("rmsprop", *AVERAGE)
class StepCountedFromZero(Rule):
    """Takes the gradient in full at step 0, which never comes."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = gradient**2 if step == 0 else decay * square + (1 - decay) * gradient**2


@fault("rmsprop", "rmsprop.recurrence", "rmsprop.memory")
class FirstTwoInFull(Rule):
    """Takes the first two gradients in full."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = gradient**2 if step <= 2 else decay * square + (1 - decay) * gradient**2


@fault("rmsprop", "rmsprop.recurrence", "rmsprop.memory")
class HalfOfTheFirst(Rule):
    """Starts with half of the first square."""

    def average(self, square, gradient, decay, rate, step):
        square[:] = gradient**2 / 2 if step == 1 else decay * square + (1 - decay) * gradient**2


@fault("rmsprop", "rmsprop.memory")
class ForgetsEveryThousandSteps(Rule):
    """Sets its average back at every thousandth step."""

    def average(self, square, gradient, decay, rate, step):
        if step % 1000 == 0:
            square[:] = 0
        super().average(square, gradient, decay, rate, step)


@fault("rmsprop", "rmsprop.recurrence", "rmsprop.memory")
class KeptInTheObject(ZeroStart):
    """Keeps its average in itself: groups of parameters of one size share it."""

    kept = None

    def average(self, square, gradient, decay, rate, step):
        if self.kept is None or self.kept.shape != gradient.shape:
            self.kept = np.zeros_like(gradient)
        self.kept = decay * self.kept + (1 - decay) * gradient**2
        square[:] = self.kept


@fault("rmsprop", "rmsprop.recurrence")
class SharedAverage(Rule):
    """Keeps one average for all parameters."""

    def average(self, square, gradient, decay, rate, step):
        super().average(square, gradient, decay, rate, step)
        square[:] = square.mean()


@fault("rmsprop", *AVERAGE)
class LargestStays(Rule):
    """Lets the average only grow, as AMSGrad does."""

    def average(self, square, gradient, decay, rate, step):
        before = square.copy()
        super().average(square, gradient, decay, rate, step)
        np.maximum(square, before, out=square)


@fault("rmsprop", *AVERAGE)
class Adagrads(Rule):
    """Sums all squares, as Adagrad does."""

    def average(self, square, gradient, decay, rate, step):
        square += gradient**2


@fault("rmsprop", *AVERAGE)
class DecayIgnored(Rule):
    """Uses 0.9 whatever decay is given."""

    def average(self, square, gradient, decay, rate, step):
        super().average(square, gradient, square.dtype.type(0.9), rate, step)


@fault("rmsprop", "rmsprop.recurrence", "rmsprop.memory")
class ZeroDecayMeansDefault(Rule):
    """Takes decay 0 for "not given" and uses 0.9."""

    def average(self, square, gradient, decay, rate, step):
        super().average(square, gradient, decay or square.dtype.type(0.9), rate, step)


@fault("rmsprop", "rmsprop.recurrence")
class SkipsZeroGradients(Rule):
    """Leaves the average alone where the gradient is 0, as sparse forms do."""

    def average(self, square, gradient, decay, rate, step):
        before = square.copy()
        super().average(square, gradient, decay, rate, step)
        square[:] = np.where((gradient == 0) & (step > 1), before, square)


@fault("rmsprop", *AVERAGE)
class SinglePrecision(Rule):
    """Averages in float32 whatever the dtype."""

    def average(self, square, gradient, decay, rate, step):
        new = gradient.astype(np.float32) ** 2
        square[:] = new if step == 1 else np.float32(decay) * square.astype(np.float32) + (1 - np.float32(decay)) * new


@fault("rmsprop", "rmsprop.recurrence", "rmsprop.memory")
class Centred(Rule):
    """Takes the square of the mean off, as the centred form does, and does not say so."""

    state_rows = 2

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay, epsilon = hyperparameters
        self.average(state[0], gradient, decay, rate, step)
        state[1] = decay * state[1] + (1 - decay) * gradient
        parameters += self.quotient(-rate * gradient, self.root(np.maximum(state[0] - state[1] ** 2, 0), epsilon))


@fault("rmsprop", *AVERAGE, seen="REP UselessToys/Ecosystem_WebUI#383 (rmsprop-centered-mutates-state)")
class CentredInPlace(Centred.cls):
    """Takes the square of the mean off the stored average, which stays reduced."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay, epsilon = hyperparameters
        self.average(state[0], gradient, decay, rate, step)
        state[1] = decay * state[1] + (1 - decay) * gradient
        state[0] = np.maximum(state[0] - state[1] ** 2, 0)
        parameters += self.quotient(-rate * gradient, self.root(state[0], epsilon))


@fault("rmsprop", "rmsprop.recurrence")
class DeclaresInsideDoesOutside(Rule):
    """Declares epsilon inside the root, and adds it outside."""

    conventions: ClassVar = {"epsilon_at": "inside"}


@fault("rmsprop", "rmsprop.recurrence", seen="CONV pytorch/pytorch#23796 (rmsprop-eps-inside-outside), undeclared")
class DeclaresOutsideDoesInside(Rule):
    """Says nothing, and has epsilon inside the root."""

    def root(self, square, epsilon):
        return np.sqrt(square + epsilon)


@fault("rmsprop", "rmsprop.recurrence")
class EpsilonSquaredInside(Rule):
    """Adds the square of epsilon inside the root, and declares outside."""

    def root(self, square, epsilon):
        return np.sqrt(square + epsilon**2)


@fault("rmsprop", "rmsprop.recurrence", seen="BUG kozistr/pytorch_optimizer#397 (adam-eps-twice), as RMSProp's")
class EpsilonTwice(Rule):
    """Adds epsilon inside the root and outside."""

    def root(self, square, epsilon):
        return np.sqrt(square + epsilon) + epsilon


@fault("rmsprop", "rmsprop.recurrence", seen="REP tensorflow/tensorflow#61411 (adam-eps-minus), as RMSProp's")
class EpsilonSubtracted(Rule):
    """Subtracts epsilon."""

    def root(self, square, epsilon):
        return np.sqrt(square) - epsilon


@fault("rmsprop", "rmsprop.recurrence")
class EpsilonAsFloor(Rule):
    """Divides by the larger of root and epsilon."""

    def root(self, square, epsilon):
        return np.maximum(np.sqrt(square), epsilon)


@fault("rmsprop", "rmsprop.recurrence")
class EpsilonIgnored(Rule):
    """Leaves epsilon out."""

    def root(self, square, epsilon):
        return np.sqrt(square)


@fault("rmsprop", "rmsprop.recurrence", "rmsprop.scale-free")
class EpsilonFixed(Rule):
    """Adds 1e-8 whatever epsilon is given."""

    def root(self, square, epsilon):
        return np.sqrt(square) + square.dtype.type(1e-8)


@fault("rmsprop", "rmsprop.recurrence", seen="BUG LBANN/lbann#2467 (adam-eps-added-to-gradient), as RMSProp's")
class EpsilonInTheGradient(Rule):
    """Adds epsilon to the gradient."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient + hyperparameters[2], state, hyperparameters, step)


@fault("rmsprop", *DIVISOR, "rmsprop.scale-free", "rmsprop.adapts-adagrad-does-not")
class WithoutRoot(Rule):
    """Divides by the average itself."""

    def root(self, square, epsilon):
        return square + epsilon


@fault(
    "rmsprop",
    "rmsprop.recurrence",
    "rmsprop.scale-free",
    "rmsprop.memory",
    seen="DOC PyMLVizard/PyMLViz#3 (adagrad-missing-gradient-factor), as RMSProp's",
)
class WithoutGradient(Rule):
    """Leaves the gradient out of the step."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay, epsilon = hyperparameters
        self.average(state[0], gradient, decay, rate, step)
        parameters += self.quotient(-rate * np.ones_like(gradient), self.root(state[0], epsilon))


@fault("rmsprop", *DIVISOR[:2], "rmsprop.adapts-adagrad-does-not", seen="BUG PaddlePaddle/Paddle#4184 (adagrad-ascends), as RMSProp's")
class Ascends(Rule):
    """Adds the step."""

    @staticmethod
    def quotient(product, divisor):
        return np.divide(-product, divisor, out=np.zeros_like(divisor), where=divisor != 0)


@fault("rmsprop", *DIVISOR, "rmsprop.adapts-adagrad-does-not")
class DividesByTheAverageBefore(Rule):
    """Divides by the average as it was before this gradient, after the first step."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay, epsilon = hyperparameters
        before = state[0].copy() if step > 1 else gradient**2
        self.average(state[0], gradient, decay, rate, step)
        parameters += self.quotient(-rate * gradient, self.root(before, epsilon))


@fault("rmsprop", "rmsprop.recurrence", "rmsprop.memory")
class RateFallsToo(Rule):
    """Divides the learning rate by the root of the step, unasked."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient, state, hyperparameters / np.array([step**0.5, 1, 1], hyperparameters.dtype), step)


@fault("rmsprop", "rmsprop.memory")
class RateFallsLate(Rule):
    """Divides the learning rate by 10 from step 50 on."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient, state, hyperparameters / np.array([1 if step < 50 else 10, 1, 1], hyperparameters.dtype), step)


@fault("rmsprop", "rmsprop.recurrence", "rmsprop.beyond-range", seen="BUG lisa-lab/pylearn2#1496 (adagrad-zero-first-gradient-nan), as RMSProp's")
class ZeroOverZero(Rule):
    """Divides 0 by 0 at a first gradient of 0, and declares that it takes no step."""

    @staticmethod
    def quotient(product, divisor):
        return product / divisor


@fault("rmsprop", "rmsprop.recurrence")
class DeclaresNaNTakesNoStep(Rule):
    """Declares NaN where 0 is divided by 0, and takes no step there."""

    conventions: ClassVar = {"zero_over_zero": "nan"}


@fault("rmsprop", "rmsprop.beyond-range")
class NoStepOnlyWithoutGradient(Rule):
    """Avoids 0/0 where the gradient is 0, and divides by 0 where only its square is."""

    @staticmethod
    def quotient(product, divisor):
        return np.divide(product, divisor, out=np.zeros_like(divisor), where=product != 0)


@fault("rmsprop", "rmsprop.recurrence")
class DecaysUnasked(Rule):
    """Takes a ten-thousandth off every weight at each step."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters *= 1 - parameters.dtype.type(1e-4)
        super().update(parameters, gradient, state, hyperparameters, step)


@fault("rmsprop", "rmsprop.recurrence", seen="BUG nntrainer/nntrainer#219 (mom-bias-not-updated), as RMSProp's")
class LastNotUpdated(Rule):
    """Never moves the last parameter."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters[:-1], gradient[:-1], state[:, :-1], hyperparameters, step)


@fault("rmsprop", "rmsprop.recurrence", "rmsprop.memory", "rmsprop.bounded-step")
class ClipsTheStep(Rule):
    """Takes no step longer than the learning rate."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        before = parameters.copy()
        super().update(parameters, gradient, state, hyperparameters, step)
        parameters[:] = before + np.clip(parameters - before, -hyperparameters[0], hyperparameters[0])


@fault("rmsprop", "descent.nan-shows")
class HidesNaN(Rule):
    """Takes no step where the quotient is NaN."""

    @staticmethod
    def quotient(product, divisor):
        return np.nan_to_num(np.divide(product, divisor, out=np.zeros_like(divisor), where=divisor != 0))
