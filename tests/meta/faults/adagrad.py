"""Faulty forms of Adagrad.

Each writes `accumulate(squares, gradient, rate, step)`, which changes the sum in place, or `movement(squares, gradient, rate, epsilon, step)`,
or `update` itself where the fault lies outside of both.
"""

from typing import ClassVar

import numpy as np

from ..collection import fault

EVERY = ("adagrad.recurrence", "rmsprop.adapts-adagrad-does-not")


class Rule:
    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, epsilon = hyperparameters
        self.accumulate(state[0], gradient, rate, step)
        parameters += self.movement(state[0], gradient, rate, epsilon, step)

    def accumulate(self, squares, gradient, rate, step):
        squares += gradient**2

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, np.sqrt(squares) + epsilon)

    @staticmethod
    def quotient(product, divisor):
        return np.divide(product, divisor, out=np.zeros_like(divisor), where=divisor != 0)


@fault("adagrad", *EVERY, "adagrad.bounded-step", seen="BUG PaddlePaddle/Paddle#4184 (adagrad-ascends)")
class Ascends(Rule):
    """Adds the step."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(rate * gradient, np.sqrt(squares) + epsilon)


@fault(
    "adagrad",
    "adagrad.recurrence",
    "adagrad.forgets-nothing",
    "adagrad.bounded-step",
    *EVERY[1:],
    seen="REP stanfordnlp/GloVe#134 (adagrad-lr-in-accumulator)",
)
class RateInTheSum(Rule):
    """Multiplies the gradient by the learning rate before it is squared and summed."""

    def accumulate(self, squares, gradient, rate, step):
        squares += (rate * gradient) ** 2


@fault("adagrad", "adagrad.recurrence", "rmsprop.scale-free", *EVERY[1:], seen="DOC PyMLVizard/PyMLViz#3 (adagrad-missing-gradient-factor)")
class WithoutGradient(Rule):
    """Leaves the gradient out of the step."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * np.ones_like(gradient), np.sqrt(squares) + epsilon)


@fault("adagrad", "adagrad.recurrence", "rmsprop.beyond-range", seen="BUG lisa-lab/pylearn2#1496 (adagrad-zero-first-gradient-nan)")
class ZeroOverZero(Rule):
    """Divides 0 by 0 at a first gradient of 0, and declares that it takes no step."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return -rate * gradient / (np.sqrt(squares) + epsilon)


@fault("adagrad", "adagrad.recurrence")
class DeclaresNaNTakesNoStep(Rule):
    """Declares NaN where 0 is divided by 0, and takes no step there."""

    conventions: ClassVar = {"zero_over_zero": "nan"}


@fault("adagrad", "adagrad.recurrence")
class DeclaresInsideDoesOutside(Rule):
    """Declares epsilon inside the root, and adds it outside."""

    conventions: ClassVar = {"epsilon_at": "inside"}


@fault("adagrad", "adagrad.recurrence")
class DeclaresOutsideDoesInside(Rule):
    """Says nothing, and has epsilon inside the root."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, np.sqrt(squares + epsilon))


@fault("adagrad", "adagrad.recurrence", seen="BUG kozistr/pytorch_optimizer#397 (adam-eps-twice), as Adagrad's")
class EpsilonTwice(Rule):
    """Adds epsilon inside the root and outside."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, np.sqrt(squares + epsilon) + epsilon)


@fault("adagrad", "adagrad.recurrence", seen="REP tensorflow/tensorflow#61411 (adam-eps-minus), as Adagrad's")
class EpsilonSubtracted(Rule):
    """Subtracts epsilon."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, np.sqrt(squares) - epsilon)


@fault("adagrad", "adagrad.recurrence")
class EpsilonAsFloor(Rule):
    """Divides by the larger of root and epsilon."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, np.maximum(np.sqrt(squares), epsilon))


@fault("adagrad", "adagrad.recurrence", seen="BUG LBANN/lbann#2467 (adam-eps-added-to-gradient), as Adagrad's")
class EpsilonInTheGradient(Rule):
    """Adds epsilon to the gradient."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient + hyperparameters[1], state, hyperparameters, step)


@fault("adagrad", "adagrad.recurrence", "rmsprop.scale-free")
class EpsilonFixed(Rule):
    """Adds 1e-8 whatever epsilon is given."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return -rate * gradient / (np.sqrt(squares) + gradient.dtype.type(1e-8))


@fault("adagrad", "adagrad.recurrence")
class EpsilonIgnored(Rule):
    """Leaves epsilon out."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, np.sqrt(squares))


@fault("adagrad", "adagrad.recurrence")
class EpsilonSummed(Rule):
    """Adds epsilon to the sum at every step."""

    conventions: ClassVar = {"epsilon_at": "inside"}

    def update(self, parameters, gradient, state, hyperparameters, step):
        state[0] += gradient**2 + hyperparameters[1]
        parameters -= self.quotient(hyperparameters[0] * gradient, np.sqrt(state[0]))


@fault("adagrad", *EVERY, "adagrad.forgets-nothing")
class Averages(Rule):
    """Divides the sum by the step: the step does not get shorter."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, np.sqrt(squares / gradient.dtype.type(step)) + epsilon)


@fault("adagrad", *EVERY)
class Forgets(Rule):
    """Keeps 0.999 of the sum at each step, as RMSProp does."""

    def accumulate(self, squares, gradient, rate, step):
        squares *= squares.dtype.type(0.999)
        squares += gradient**2


@fault("adagrad", *EVERY, "adagrad.bounded-step")
class SumOfTheStepsBefore(Rule):
    """Adds the present square only after it has divided."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, epsilon = hyperparameters
        parameters += self.movement(state[0], gradient, rate, epsilon, step)
        state[0] += gradient**2


@fault("adagrad", *EVERY, "rmsprop.scale-free", "adagrad.bounded-step")
class WithoutRoot(Rule):
    """Divides by the sum itself."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, squares + epsilon)


@fault("adagrad", "adagrad.recurrence", "rmsprop.scale-free", *EVERY[1:])
class SizesNotSquares(Rule):
    """Sums sizes instead of squares, and takes the root."""

    def accumulate(self, squares, gradient, rate, step):
        squares += np.abs(gradient)


@fault("adagrad", *EVERY)
class SumOfSizes(Rule):
    """Divides by the sum of sizes: steps fall as 1/t."""

    def accumulate(self, squares, gradient, rate, step):
        squares += np.abs(gradient)

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, squares + epsilon)


@fault("adagrad", "adagrad.recurrence", "adagrad.forgets-nothing")
class SquareOfTheSum(Rule):
    """Squares the sum of gradients: opposite ones cancel."""

    def accumulate(self, squares, gradient, rate, step):
        squares += gradient

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, np.abs(squares) + epsilon)


@fault("adagrad", *EVERY)
class OnlyTheLargest(Rule):
    """Keeps the largest square instead of the sum."""

    def accumulate(self, squares, gradient, rate, step):
        np.maximum(squares, gradient**2, out=squares)


@fault("adagrad", *EVERY, seen="BUG raskr/rust-autograd#16 (adam-moments-not-stored), as Adagrad's")
class NotStored(Rule):
    """Computes the sum on a copy and never stores it."""

    def accumulate(self, squares, gradient, rate, step):
        pass

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, np.sqrt(squares + gradient**2) + epsilon)


@fault("adagrad", *EVERY, seen="CONV of TensorFlow (initial accumulator 0.1), undeclared")
class StartsAtATenth(Rule):
    """Starts the sum at 0.1."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return -rate * gradient / (np.sqrt(squares + gradient.dtype.type(0.1)) + epsilon)


@fault("adagrad", "adagrad.recurrence")
class SharedSum(Rule):
    """Divides every parameter by the norm of all."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return self.quotient(-rate * gradient, np.full_like(gradient, np.sqrt(squares.sum())) + epsilon)


@fault("adagrad", "adagrad.recurrence", "adagrad.forgets-nothing")
class KeptInTheObject(Rule):
    """Keeps the sum in itself: groups of parameters of one size share it."""

    kept = None

    def accumulate(self, squares, gradient, rate, step):
        if self.kept is None or self.kept.shape != gradient.shape:
            self.kept = np.zeros_like(gradient)
        self.kept = self.kept + gradient**2
        squares[:] = self.kept


@fault("adagrad", "adagrad.forgets-nothing")
class StartsAnewEveryHundredSteps(Rule):
    """Sets the sum back at every hundredth step."""

    def accumulate(self, squares, gradient, rate, step):
        if step % 100 == 0:
            squares[:] = 0
        squares += gradient**2


@fault("adagrad", "adagrad.forgets-nothing")
class LongerStepsLater(Rule):
    """Halves the sum from step 60 on."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return super().movement(squares * (1 if step < 60 else gradient.dtype.type(0.5)), gradient, rate, epsilon, step)


@fault("adagrad", "adagrad.recurrence")
class DecaysUnasked(Rule):
    """Takes a ten-thousandth off every weight at each step."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters *= 1 - parameters.dtype.type(1e-4)
        super().update(parameters, gradient, state, hyperparameters, step)


@fault("adagrad", "adagrad.recurrence")
class RateFallsToo(Rule):
    """Divides the learning rate by the root of the step as well, unasked."""

    def movement(self, squares, gradient, rate, epsilon, step):
        return super().movement(squares, gradient, rate / np.sqrt(gradient.dtype.type(step)), epsilon, step)


@fault("adagrad", "adagrad.recurrence", seen="BUG nntrainer/nntrainer#219 (mom-bias-not-updated), as Adagrad's")
class LastNotUpdated(Rule):
    """Never moves the last parameter."""

    def movement(self, squares, gradient, rate, epsilon, step):
        moved = super().movement(squares, gradient, rate, epsilon, step)
        moved[-1] = 0
        return moved


@fault("adagrad", "adagrad.recurrence")
class SinglePrecision(Rule):
    """Sums squares in float32 whatever the dtype."""

    def accumulate(self, squares, gradient, rate, step):
        squares[:] = squares.astype(np.float32) + gradient.astype(np.float32) ** 2


@fault("adagrad", "rmsprop.beyond-range")
class NoStepOnlyWithoutGradient(Rule):
    """Avoids 0/0 where the gradient is 0, and divides by 0 where only its square is."""

    def movement(self, squares, gradient, rate, epsilon, step):
        divisor = np.sqrt(squares) + epsilon
        return np.divide(-rate * gradient, divisor, out=np.zeros_like(divisor), where=gradient != 0)


@fault("adagrad", "descent.nan-shows")
class HidesNaN(Rule):
    """Takes no step where the quotient is NaN."""

    def movement(self, squares, gradient, rate, epsilon, step):
        moved = super().movement(squares, gradient, rate, epsilon, step)
        return np.where(np.isnan(moved), 0, moved)
