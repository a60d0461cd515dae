"""Faulty forms of Adam: each changes one of its parts, the two averages, their corrections, or the step."""

from typing import ClassVar

import numpy as np

from ..collection import fault


def quotient(numerator, divisor):
    return np.divide(numerator, divisor, out=np.zeros_like(divisor), where=divisor != 0)


class Right:
    """Adam in parts, to be replaced one at a time."""

    state_rows = 2

    def averages(self, mean, square, gradient, beta1, beta2):
        return beta1 * mean + (1 - beta1) * gradient, beta2 * square + (1 - beta2) * gradient**2

    def corrections(self, beta1, beta2, step):
        return 1 - np.float64(beta1) ** step, 1 - np.float64(beta2) ** step

    def movement(self, learning_rate, mean, square, epsilon):
        return quotient(learning_rate * mean, np.sqrt(square) + epsilon)

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0], state[1] = self.averages(state[0].copy(), state[1].copy(), gradient, beta1, beta2)
        of_mean, of_square = (parameters.dtype.type(each) for each in self.corrections(beta1, beta2, step))
        parameters -= self.movement(learning_rate, state[0] / of_mean, state[1] / of_square, epsilon)


EVERY = ("adam.recurrence", "adam.is-rmsprop-plus-momentum", "adam.bias-correction", "adam.bounded-step")


# The corrections


@fault("adam", *EVERY, "adam.paper-bound", seen="BUG eriklindernoren/ML-From-Scratch#35 (adam-bias-correction-no-power)")
class NoPower(Right):
    """Corrects by 1 - β without the power t."""

    def corrections(self, beta1, beta2, step):
        return 1 - beta1, 1 - beta2


@fault("adam", *EVERY, "adam.paper-bound", seen="BUG allenai/OLMo-core#317 (adam-step-frozen-at-one)")
class FrozenStep(Right):
    """Its step counter stays at 1."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient, state, hyperparameters, 1)


@fault("adam", *EVERY, "adam.paper-bound", seen="BUG frgfm/holocron#1 (adam-bias-correction-in-place)")
class CorrectedInPlace(Right):
    """Writes the corrected averages back into the state, so corrections compound."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0], state[1] = self.averages(*state, gradient, beta1, beta2)
        state[0] /= 1 - beta1**step
        state[1] /= 1 - beta2**step
        parameters -= self.movement(learning_rate, *state, epsilon)


@fault("adam", *EVERY, "adam.first-step", seen="BUG kozistr/pytorch_optimizer#308 (adam-double-minus-one)")
class OneMinusTwice(Right):
    """Takes "one minus" twice, which divides by βᵗ."""

    def corrections(self, beta1, beta2, step):
        return np.float64(beta1) ** step, np.float64(beta2) ** step


@fault("adam", *EVERY, "adam.first-step")
class Uncorrected(Right):
    """Declares bias correction and does none."""

    def corrections(self, beta1, beta2, step):
        return 1, 1


@fault("adam", *EVERY, "adam.first-step")
class CorrectedAllTheSame(Right):
    """Declares no bias correction and corrects."""

    conventions: ClassVar = {"bias_correction": "no"}


@fault("adam", *EVERY)
class CountsFromZero(Right):
    """Takes the step to count from 0: corrects by 1 - β to the power t + 1."""

    def corrections(self, beta1, beta2, step):
        return super().corrections(beta1, beta2, step + 1)


@fault("adam", *EVERY)
class OneStepBehind(Right):
    """Corrects by the power t - 1, and by the first power at the first step."""

    def corrections(self, beta1, beta2, step):
        return super().corrections(beta1, beta2, max(step - 1, 1))


@fault("adam", *EVERY, "adam.first-step")
class MeanUncorrected(Right):
    """Corrects v alone."""

    def corrections(self, beta1, beta2, step):
        return 1, 1 - np.float64(beta2) ** step


@fault("adam", *EVERY, "adam.first-step")
class SquareUncorrected(Right):
    """Corrects m alone."""

    def corrections(self, beta1, beta2, step):
        return 1 - np.float64(beta1) ** step, 1


@fault("adam", *EVERY, "adam.first-step")
class CorrectionsExchanged(Right):
    """Corrects m with β₂ and v with β₁."""

    def corrections(self, beta1, beta2, step):
        return super().corrections(beta2, beta1, step)


@fault("adam", *EVERY, "adam.first-step")
class FirstBetaForBoth(Right):
    """Corrects v with β₁ too."""

    def corrections(self, beta1, beta2, step):
        return super().corrections(beta1, beta1, step)


@fault("adam", *EVERY)
class ProductForPower(Right):
    """Corrects by 1 - β t, where it is positive, for 1 - βᵗ."""

    def corrections(self, beta1, beta2, step):
        return (max(1 - beta * step, 1 - beta) for beta in (beta1, beta2))


@fault("adam", *EVERY)
class CorrectsAtFirst(Right):
    """Corrects in the first ten steps only."""

    def corrections(self, beta1, beta2, step):
        return super().corrections(beta1, beta2, step) if step <= 10 else (1, 1)


@fault("adam", "adam.recurrence")
class StopsCorrecting(Right):
    """Stops correcting at step 1 000, when 1 - β₂ᵗ is 0.63."""

    def corrections(self, beta1, beta2, step):
        return super().corrections(beta1, beta2, step) if step < 1000 else (1, 1)


@fault("adam", "adam.recurrence")
class CountsToAByte(Right):
    """Keeps the step in one byte, so that the corrections begin anew at 256."""

    def corrections(self, beta1, beta2, step):
        return super().corrections(beta1, beta2, (step - 1) % 256 + 1)


@fault("adam", "adam.paper-bound")
class CountsToFourteenBits(Right):
    """Keeps the step in fourteen bits, so that the corrections begin anew at 16 385."""

    def corrections(self, beta1, beta2, step):
        return super().corrections(beta1, beta2, (step - 1) % 2**14 + 1)


@fault("adam", *EVERY, "adam.first-step")
class SquareRootForgotten(Right):
    """Folds the corrections into the learning rate without the root of v's."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0], state[1] = self.averages(*state, gradient, beta1, beta2)
        parameters -= self.movement(learning_rate * (1 - beta2**step) / (1 - beta1**step), *state, epsilon)


@fault("adam", *EVERY, "adam.first-step")
class FoldedUpsideDown(Right):
    """Folds the corrections into the learning rate upside down."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0], state[1] = self.averages(*state, gradient, beta1, beta2)
        parameters -= self.movement(learning_rate * (1 - beta1**step) / np.sqrt(1 - beta2**step), *state, epsilon)


@fault("adam", "adam.recurrence")
class OneCounterForAllArrays(Right):
    """Counts its own calls, so that a second array starts in the middle."""

    def __init__(self):
        self.calls = 0

    def corrections(self, beta1, beta2, step):
        self.calls += 1
        return super().corrections(beta1, beta2, self.calls)


# The averages


@fault("adam", *EVERY, "adam.paper-bound", seen="BUG raskr/rust-autograd#16 (adam-moments-not-stored)")
class NotStored(Right):
    """Computes the averages on copies and never stores them."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient, state.copy(), hyperparameters, step)


@fault("adam", *EVERY, "adam.paper-bound")
class MeanNotStored(Right):
    """Stores v and forgets m."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        state[0] = 0
        super().update(parameters, gradient, state, hyperparameters, step)


@fault("adam", "adam.recurrence", "adam.bias-correction", "adam.bounded-step")
class SquareNotStored(Right):
    """Stores m and forgets v."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        state[1] = 0
        super().update(parameters, gradient, state, hyperparameters, step)


@fault("adam", *EVERY, "adam.first-step")
class Undamped(Right):
    """Adds the whole gradient to β₁ m."""

    def averages(self, mean, square, gradient, beta1, beta2):
        return beta1 * mean + gradient, beta2 * square + (1 - beta2) * gradient**2


@fault("adam", *EVERY, "adam.first-step")
class UndampedSquare(Right):
    """Adds the whole squared gradient to β₂ v."""

    def averages(self, mean, square, gradient, beta1, beta2):
        return beta1 * mean + (1 - beta1) * gradient, beta2 * square + gradient**2


@fault("adam", *EVERY)
class WeightsExchanged(Right):
    """Gives the past the weight 1 - β and the present β."""

    def averages(self, mean, square, gradient, beta1, beta2):
        return super().averages(mean, square, gradient, 1 - beta1, 1 - beta2)


@fault("adam", *EVERY)
class BetasExchanged(Right):
    """Averages gradients with β₂ and squares with β₁."""

    def averages(self, mean, square, gradient, beta1, beta2):
        return super().averages(mean, square, gradient, beta2, beta1)


@fault("adam", *EVERY)
class OneBeta(Right):
    """Averages squares with β₁ as well."""

    def averages(self, mean, square, gradient, beta1, beta2):
        return super().averages(mean, square, gradient, beta1, beta1)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum", "adam.bounded-step")
class Adamax(Right):
    """Keeps the largest square for the average."""

    def averages(self, mean, square, gradient, beta1, beta2):
        return beta1 * mean + (1 - beta1) * gradient, np.maximum(beta2 * square, (1 - beta2) * gradient**2)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum", "adam.bounded-step")
class Nadam(Right):
    """Looks ahead: weighs the gradient in once more."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0], state[1] = self.averages(*state, gradient, beta1, beta2)
        of_mean, of_square = (parameters.dtype.type(each) for each in self.corrections(beta1, beta2, step))
        ahead = beta1 * state[0] / of_mean + (1 - beta1) * gradient / of_mean
        parameters -= self.movement(learning_rate, ahead, state[1] / of_square, epsilon)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class AdaBelief(Right):
    """Averages the square of g - m for that of g."""

    def averages(self, mean, square, gradient, beta1, beta2):
        mean = beta1 * mean + (1 - beta1) * gradient
        return mean, beta2 * square + (1 - beta2) * (gradient - mean) ** 2


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class AMSGrad(Right):
    """Never lets v fall."""

    def averages(self, mean, square, gradient, beta1, beta2):
        mean, new = super().averages(mean, square, gradient, beta1, beta2)
        return mean, np.maximum(square, new)


@fault("adam", "adam.recurrence", "adam.bounded-step")
class SquareOfTheMean(Right):
    """Averages m² for g²."""

    def averages(self, mean, square, gradient, beta1, beta2):
        mean = beta1 * mean + (1 - beta1) * gradient
        return mean, beta2 * square + (1 - beta2) * mean**2


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class AbsoluteValue(Right):
    """Averages sizes and squares the average, for the average of squares."""

    def averages(self, mean, square, gradient, beta1, beta2):
        mean, _ = super().averages(mean, square, gradient, beta1, beta2)
        return mean, (beta2 * np.sqrt(square) + (1 - beta2) * np.abs(gradient)) ** 2


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class Centred(Right):
    """Divides by the standard deviation: takes the square of m̂ off v̂."""

    def movement(self, learning_rate, mean, square, epsilon):
        return super().movement(learning_rate, mean, np.maximum(square - mean**2, 0), epsilon)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class OneDenominator(Right):
    """Keeps one v for the whole array, the mean over its parameters."""

    def averages(self, mean, square, gradient, beta1, beta2):
        mean, square = super().averages(mean, square, gradient, beta1, beta2)
        return mean, np.full_like(square, square.mean())


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class FirstSquareInFull(Right):
    """Starts v at the first squared gradient, and corrects it too."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        if step == 1:
            state[1] = gradient**2
        super().update(parameters, gradient, state, hyperparameters, step)


@fault("adam", "adam.recurrence")
class StartsAnew(Right):
    """Clears its state every hundred steps."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        if step % 100 == 0:
            state[:] = 0
        super().update(parameters, gradient, state, hyperparameters, step)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class SkipsZeroGradients(Right):
    """Leaves a parameter and its averages alone when its gradient is 0, as lazy forms for sparse gradients do."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        before, kept = parameters.copy(), state.copy()
        super().update(parameters, gradient, state, hyperparameters, step)
        still = gradient == 0
        parameters[still], state[:, still] = before[still], kept[:, still]


@fault("adam", "adam.bias-correction", "adam.paper-bound")
class SkipsRepeatedGradients(Right):
    """Takes a gradient equal to the last one for the same one, and does nothing."""

    state_rows = 3

    def update(self, parameters, gradient, state, hyperparameters, step):
        if step == 1 or (gradient.any() and not np.array_equal(state[2], gradient)) or not gradient.any():
            super().update(parameters, gradient, state, hyperparameters, step)
        state[2] = gradient


# The place of epsilon


@fault("adam", "adam.recurrence", seen="REP tensorflow/tensorflow#61411 (adam-eps-minus)")
class EpsilonSubtracted(Right):
    """Subtracts ε."""

    def movement(self, learning_rate, mean, square, epsilon):
        return quotient(learning_rate * mean, np.sqrt(square) - epsilon)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum", seen="BUG kozistr/pytorch_optimizer#397 (adam-eps-twice)")
class EpsilonTwice(Right):
    """Adds ε inside the root and outside."""

    def movement(self, learning_rate, mean, square, epsilon):
        return quotient(learning_rate * mean, np.sqrt(square + epsilon) + epsilon)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum", seen="BUG LBANN/lbann#2467 (adam-eps-added-to-gradient)")
class EpsilonInGradient(Right):
    """Adds ε to the gradient."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient + hyperparameters[3], state, hyperparameters, step)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class EpsilonInside(Right):
    """Declares ε outside the root and adds it inside."""

    def movement(self, learning_rate, mean, square, epsilon):
        return quotient(learning_rate * mean, np.sqrt(square + epsilon))


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class EpsilonOutside(Right):
    """Declares ε inside the root and adds it outside."""

    conventions: ClassVar = {"epsilon_at": "inside"}


@fault("adam", "adam.recurrence")
class EpsilonSquaredInside(Right):
    """Adds ε² under the root."""

    def movement(self, learning_rate, mean, square, epsilon):
        return quotient(learning_rate * mean, np.sqrt(square + epsilon * epsilon))


@fault("adam", "adam.recurrence")
class EpsilonAsFloor(Right):
    """Divides by ε or by the root, whichever is larger."""

    def movement(self, learning_rate, mean, square, epsilon):
        return quotient(learning_rate * mean, np.maximum(np.sqrt(square), epsilon))


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class EpsilonOfItsOwn(Right):
    """Uses 1e-8 whatever ε is given."""

    def movement(self, learning_rate, mean, square, epsilon):
        return super().movement(learning_rate, mean, square, square.dtype.type(1e-8))


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class EpsilonForgotten(Right):
    """Uses no ε."""

    def movement(self, learning_rate, mean, square, epsilon):
        return super().movement(learning_rate, mean, square, square.dtype.type(0))


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class DeclaredCorrectedIsFolded(Right):
    """Declares ε beside the corrected root and folds the corrections into the learning rate."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0], state[1] = self.averages(*state, gradient, beta1, beta2)
        folded = parameters.dtype.type(np.sqrt(1 - np.float64(beta2) ** step) / (1 - np.float64(beta1) ** step))
        parameters -= self.movement(learning_rate * folded, *state, epsilon)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class DeclaredFoldedIsCorrected(Right):
    """Declares corrections folded into the learning rate and adds ε to the corrected root."""

    conventions: ClassVar = {"epsilon_at": "folded"}


@fault("adam", "adam.recurrence")
class InsideTheUncorrectedRoot(Right):
    """Adds ε under the root before v is corrected."""

    conventions: ClassVar = {"epsilon_at": "inside"}

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0], state[1] = self.averages(*state, gradient, beta1, beta2)
        of_mean, of_square = (parameters.dtype.type(each) for each in self.corrections(beta1, beta2, step))
        parameters -= quotient(learning_rate * state[0] / of_mean, np.sqrt((state[1] + epsilon) / of_square))


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class EpsilonInTheSquare(Right):
    """Adds ε to v itself, at every step anew."""

    def averages(self, mean, square, gradient, beta1, beta2):
        mean, square = super().averages(mean, square, gradient, beta1, beta2)
        return mean, square + square.dtype.type(1e-8)


@fault("adam", "adam.recurrence")
class NumeratorToo(Right):
    """Adds ε to m̂ as well."""

    def movement(self, learning_rate, mean, square, epsilon):
        return super().movement(learning_rate, mean + epsilon, square, epsilon)


@fault("adam", "adam.first-step", "adam.recurrence")
class NotANumber(Right):
    """Declares that nothing happens where 0 is divided by 0, and makes NaN."""

    def movement(self, learning_rate, mean, square, epsilon):
        return learning_rate * mean / (np.sqrt(square) + epsilon)


@fault("adam", "adam.first-step", "adam.recurrence")
class StandsStill(Right):
    """Declares that 0/0 is NaN, and stands still."""

    conventions: ClassVar = {"zero_over_zero": "nan"}


# The step


@fault("adam", *EVERY, "adam.first-step")
class Ascends(Right):
    """Adds the step."""

    def movement(self, learning_rate, mean, square, epsilon):
        return -super().movement(learning_rate, mean, square, epsilon)


@fault("adam", *EVERY, "adam.first-step")
class NoRoot(Right):
    """Divides by v̂ instead of its root."""

    def movement(self, learning_rate, mean, square, epsilon):
        return quotient(learning_rate * mean, square + epsilon)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class NoMomentum(Right):
    """Moves by the gradient itself, as RMSProp does."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        without = np.array([hyperparameters[0], 0, *hyperparameters[2:]], hyperparameters.dtype)
        super().update(parameters, gradient, state, without, step)


@fault("adam", *EVERY, "adam.first-step")
class NoDenominator(Right):
    """Moves by η m̂ alone."""

    def movement(self, learning_rate, mean, square, epsilon):
        return learning_rate * mean


@fault("adam", "adam.recurrence", "adam.first-step", "adam.bias-correction", "adam.bounded-step", "adam.paper-bound")
class OldAverages(Right):
    """Moves by the averages of the step before."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        of_mean, of_square = (parameters.dtype.type(each) for each in self.corrections(beta1, beta2, max(step - 1, 1)))
        parameters -= self.movement(learning_rate, state[0] / of_mean, state[1] / of_square, epsilon)
        state[0], state[1] = self.averages(*state, gradient, beta1, beta2)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum", "adam.bounded-step")
class OldSquare(Right):
    """Divides by v before this gradient is in it, but at the first step."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        mean, square = self.averages(*state, gradient, beta1, beta2)
        of_mean, _ = self.corrections(beta1, beta2, step)
        _, of_square = self.corrections(beta1, beta2, max(step - 1, 1))
        old = square if step == 1 else state[1]
        parameters -= self.movement(learning_rate, mean / parameters.dtype.type(of_mean), old / parameters.dtype.type(of_square), epsilon)
        state[0], state[1] = mean, square


@fault("adam", "adam.recurrence", "adam.bias-correction", "adam.first-step")
class LearningRateInTheMean(Right):
    """Lets the learning rate into m, where a schedule is remembered, and into v."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        without = np.array([1, *hyperparameters[1:]], hyperparameters.dtype)
        super().update(parameters, hyperparameters[0] * gradient, state, without, step)


@fault("adam", "adam.recurrence")
class RemembersTheLearningRate(Right):
    """Averages η g for g, so that a schedule comes late."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] = beta1 * state[0] + (1 - beta1) * learning_rate * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * gradient**2
        of_mean, of_square = (parameters.dtype.type(each) for each in self.corrections(beta1, beta2, step))
        parameters -= self.movement(parameters.dtype.type(1), state[0] / of_mean, state[1] / of_square, epsilon)


@fault("adam", "adam.recurrence")
class DecaysTheLearningRate(Right):
    """Divides the learning rate by the root of the step, as the paper's theorem does."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        scaled = hyperparameters.copy()
        scaled[0] /= np.sqrt(step)
        super().update(parameters, gradient, state, scaled, step)


@fault("adam", "adam.recurrence")
class DecaysTheFirstBeta(Right):
    """Lets β₁ fall by a factor 1 - 1e-8 a step, as the paper's theorem does, and by 0.999 here."""

    def averages(self, mean, square, gradient, beta1, beta2):
        return super().averages(mean, square, gradient, beta1 * beta1.dtype.type(0.999), beta2)


@fault("adam", "adam.recurrence")
class SmallLearningRate(Right):
    """Takes no learning rate above 1."""

    def movement(self, learning_rate, mean, square, epsilon):
        return super().movement(min(learning_rate, learning_rate.dtype.type(1)), mean, square, epsilon)


@fault("adam", "adam.recurrence", "adam.first-step", "adam.bounded-step")
class GradientClipped(Right):
    """Clips gradients at 1, or so it seems when none is larger."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, np.clip(gradient, -1, 1) + (gradient == 0), state, hyperparameters, step)


@fault("adam", "adam.recurrence", "adam.is-rmsprop-plus-momentum")
class GradientNormClipped(Right):
    """Scales the gradients of an array down to a norm of at most 1."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        norm = np.sqrt(np.sum(gradient**2))
        super().update(parameters, gradient / max(norm, norm.dtype.type(1)), state, hyperparameters, step)


@fault("adam", "adam.first-step")
class HugeGradientsClipped(Right):
    """Clips gradients at 1e10, and squares at 1e20."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] = beta1 * state[0] + (1 - beta1) * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * np.minimum(gradient**2, 1e20)
        of_mean, of_square = (parameters.dtype.type(each) for each in self.corrections(beta1, beta2, step))
        parameters -= self.movement(learning_rate, state[0] / of_mean, state[1] / of_square, epsilon)


@fault("adam", "adam.first-step", "adam.bias-correction")
class TinyGradientsIgnored(Right):
    """Takes gradients below 1e-12 for 0."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, np.where(np.abs(gradient) < 1e-12, 0, gradient).astype(gradient.dtype), state, hyperparameters, step)


@fault("adam", "adam.recurrence", "adam.first-step")
class SingleInDouble(Right):
    """Computes in float32 where float64 is asked for."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0], state[1] = self.averages(*state, gradient, beta1, beta2)
        of_mean, of_square = (parameters.dtype.type(each) for each in self.corrections(beta1, beta2, step))
        parameters -= self.movement(learning_rate, state[0] / of_mean, state[1] / of_square, epsilon).astype(np.float32)


@fault("adam", "adam.recurrence")
class LastOneLeftOut(Right):
    """Leaves out the last parameter of an array of more than sixteen."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        last = parameters[-1]
        super().update(parameters, gradient, state, hyperparameters, step)
        if parameters.size > 16:
            parameters[-1] = last


@fault("adam", "adam.recurrence")
class MultiplesOfFour(Right):
    """Moves four parameters at a time and forgets the rest."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rest = parameters[len(parameters) // 4 * 4 :].copy()
        super().update(parameters, gradient, state, hyperparameters, step)
        parameters[len(parameters) // 4 * 4 :] = rest


@fault("adam", "adam.recurrence")
class HiddenDecay(Right):
    """Shrinks parameters by a hundredth of the learning rate that nobody asked for."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters *= 1 - hyperparameters[0] / 100
        super().update(parameters, gradient, state, hyperparameters, step)


@fault("adam", "adam.recurrence")
class HiddenPenalty(Right):
    """Adds a hundredth of the parameters to the gradient."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient + parameters / 100, state, hyperparameters, step)


@fault("adam", "adam.recurrence")
class Bounded(Right):
    """Keeps parameters between -10 and 10."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient, state, hyperparameters, step)
        np.clip(parameters, -10, 10, out=parameters)


@fault("adam", "adam.paper-bound", "adam.bounded-step", "adam.recurrence")
class StepClipped(Right):
    """Clips each step at the bound that the paper states."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, _ = hyperparameters
        before = parameters.copy()
        super().update(parameters, gradient, state, hyperparameters, step)
        most = learning_rate * max(1, (1 - beta1) / np.sqrt(1 - beta2))
        parameters[:] = before + np.clip(parameters - before, -most, most)


@fault("adam", "l2.not-decay-in-adam", "adam.first-step", seen="BUG PaddlePaddle/Paddle#2088 (adam-l2-ignored)")
class SmallGradientsDropped(Right):
    """Drops what is small against the largest gradient of the array, as the gradient of a small weight's penalty is."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        heard = np.where(np.abs(gradient) >= 1e-3 * np.abs(gradient).max(), gradient, 0).astype(gradient.dtype)
        super().update(parameters, heard, state, hyperparameters, step)


@fault("adam", "adam.peers-agree", "adam.recurrence")
class LearningRateOffByAMillionth(Right):
    """Moves a ten-millionth too far, which float32 hardly shows."""

    def movement(self, learning_rate, mean, square, epsilon):
        return super().movement(learning_rate * learning_rate.dtype.type(1 + 1e-7), mean, square, epsilon)
