"""Forms of Adam that look wrong and are right, in other orders of operations, and other conventions that say so."""

from typing import ClassVar

import numpy as np

from ..collection import sound


def quotient(numerator, divisor):
    return np.divide(numerator, divisor, out=np.zeros_like(divisor), where=divisor != 0)


class Averages:
    state_rows = 2

    def averages(self, state, gradient, beta1, beta2):
        state[0] = beta1 * state[0] + (1 - beta1) * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * gradient**2
        return state

    def corrections(self, beta1, beta2, step, dtype):
        return dtype.type(1 - np.float64(beta1) ** step), dtype.type(1 - np.float64(beta2) ** step)


@sound("adam", seen="EQUIV BVLC/caffe#4224 (eq-adam-folded-bias-correction)")
class FoldedWithEpsilonScaled(Averages):
    """Seems not to correct: the corrections are folded into the learning rate, and into ε."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        mean, square = self.averages(state, gradient, beta1, beta2)
        of_mean, of_square = 1 - np.float64(beta1) ** step, 1 - np.float64(beta2) ** step
        rate = parameters.dtype.type(learning_rate * np.sqrt(of_square) / of_mean)
        parameters -= quotient(rate * mean, np.sqrt(square) + parameters.dtype.type(epsilon * np.sqrt(of_square)))


@sound("adam")
class Lerp(Averages):
    """Moves averages towards the new value: m + (1 - β) (g - m)."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] += (1 - beta1) * (gradient - state[0])
        state[1] += (1 - beta2) * (gradient * gradient - state[1])
        of_mean, of_square = self.corrections(beta1, beta2, step, parameters.dtype)
        parameters += quotient(-learning_rate / of_mean * state[0], np.sqrt(state[1]) / np.sqrt(of_square) + epsilon)


@sound("adam")
class InPlace(Averages):
    """Works in place: scales the state, then adds."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] *= beta1
        state[0] += gradient * (1 - beta1)
        state[1] *= beta2
        state[1] += gradient * (1 - beta2) * gradient
        of_mean, of_square = self.corrections(beta1, beta2, step, parameters.dtype)
        divisor = np.sqrt(state[1] / of_square)
        divisor += epsilon
        parameters -= learning_rate * quotient(state[0] / of_mean, divisor)


@sound("adam")
class OneParameterAtATime(Averages):
    """A plain loop in double precision that rounds at the end."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = (float(each) for each in hyperparameters)
        for i in range(len(parameters)):
            g = float(gradient[i])
            m, v = beta1 * float(state[0, i]) + (1 - beta1) * g, beta2 * float(state[1, i]) + (1 - beta2) * g * g
            state[0, i], state[1, i] = m, v
            divisor = (v / (1 - beta2**step)) ** 0.5 + epsilon
            parameters[i] -= learning_rate * m / (1 - beta1**step) / divisor if divisor else 0.0


@sound("adam")
class PowersInTheDtype(Averages):
    """Takes the powers of the betas in the arrays' own dtype, as JAX does."""

    def corrections(self, beta1, beta2, step, dtype):
        return 1 - beta1 ** dtype.type(step), 1 - beta2 ** dtype.type(step)

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        mean, square = self.averages(state, gradient, beta1, beta2)
        of_mean, of_square = self.corrections(beta1, beta2, step, parameters.dtype)
        parameters -= quotient(learning_rate * (mean / of_mean), np.sqrt(square / of_square) + epsilon)


@sound("adam")
class RunningProducts(Averages):
    """Never looks at the step: keeps the powers of the betas as running products in two rows more."""

    state_rows = 4

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        mean, square = self.averages(state[:2], gradient, beta1, beta2)
        fresh = state[2] == 0 if beta1 else np.full(len(parameters), step == 1)
        state[2] = np.where(fresh, 1 - beta1, beta1 * state[2] + (1 - beta1))
        state[3] = np.where(fresh, 1 - beta2, beta2 * state[3] + (1 - beta2))
        parameters -= quotient(learning_rate * (mean / state[2]), np.sqrt(square / state[3]) + epsilon)


@sound("adam")
class Unnormalised(Averages):
    """Keeps sums, not averages: momentum in the library form, and 1 - β comes in when they are used."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] = beta1 * state[0] + gradient
        state[1] = beta2 * state[1] + gradient**2
        of_mean, of_square = self.corrections(beta1, beta2, step, parameters.dtype)
        root = np.sqrt((1 - beta2) / of_square * state[1])
        parameters -= quotient(learning_rate * ((1 - beta1) / of_mean) * state[0], root + epsilon)


@sound("adam")
class CorrectedInTheState(Averages):
    """Keeps m̂ and v̂ themselves, and undoes the last correction before the next."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        for row, beta, new in ((0, beta1, gradient), (1, beta2, gradient**2)):
            before, now = 1 - np.float64(beta) ** (step - 1), 1 - np.float64(beta) ** step
            kept = parameters.dtype.type(beta * before / now)
            state[row] = kept * state[row] + parameters.dtype.type((1 - beta) / now) * new
        parameters -= quotient(learning_rate * state[0], np.sqrt(state[1]) + epsilon)


@sound("adam")
class NegativeMean(Averages):
    """Adds its step, because it averages negative gradients."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] = beta1 * state[0] - (1 - beta1) * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * gradient**2
        of_mean, of_square = self.corrections(beta1, beta2, step, parameters.dtype)
        parameters += quotient(learning_rate * (state[0] / of_mean), np.sqrt(state[1] / of_square) + epsilon)


@sound("adam")
class RootInTheState(Averages):
    """Keeps the root of v, as the lecture's σ."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] = beta1 * state[0] + (1 - beta1) * gradient
        state[1] = np.sqrt(beta2 * state[1] ** 2 + (1 - beta2) * gradient**2)
        of_mean, of_square = self.corrections(beta1, beta2, step, parameters.dtype)
        parameters -= quotient(learning_rate * (state[0] / of_mean), state[1] / np.sqrt(of_square) + epsilon)


class Conventional(Averages):
    """Every combination of conventions, as declared."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        mean, square = self.averages(state, gradient, beta1, beta2)
        of_mean, of_square = self.corrections(beta1, beta2, step, parameters.dtype)
        if self.conventions.get("bias_correction") == "no":
            of_mean = of_square = parameters.dtype.type(1)
        place = self.conventions.get("epsilon_at")
        if place == "folded":
            numerator, divisor = learning_rate * np.sqrt(of_square) / of_mean * mean, np.sqrt(square) + epsilon
        elif place == "inside":
            numerator, divisor = learning_rate * (mean / of_mean), np.sqrt(square / of_square + epsilon)
        else:
            numerator, divisor = learning_rate * (mean / of_mean), np.sqrt(square / of_square) + epsilon
        undefined = self.conventions.get("zero_over_zero") == "nan"
        parameters -= numerator / divisor if undefined else quotient(numerator, divisor)


@sound("adam", seen="CONV ml-explore/mlx#1640 (adam-no-bias-correction)")
class NoBiasCorrection(Conventional):
    """Declares no bias correction."""

    conventions: ClassVar = {"bias_correction": "no"}


@sound("adam", seen="CONV tensorflow/tensorflow#35102 (adam-eps-hat-convention)")
class Folded(Conventional):
    """Declares ε̂: corrections folded into the learning rate, ε beside the uncorrected root."""

    conventions: ClassVar = {"epsilon_at": "folded"}


@sound("adam")
class Inside(Conventional):
    """Declares ε under the root."""

    conventions: ClassVar = {"epsilon_at": "inside"}


@sound("adam")
class Nan(Conventional):
    """Declares that 0/0 is NaN."""

    conventions: ClassVar = {"zero_over_zero": "nan"}


@sound("adam")
class FoldedNan(Conventional):
    """Declares ε̂, and that 0/0 is NaN."""

    conventions: ClassVar = {"epsilon_at": "folded", "zero_over_zero": "nan"}


@sound("adam")
class FoldedUncorrected(Conventional):
    """Declares ε̂ and no correction, which is the same as ε beside the root."""

    conventions: ClassVar = {"epsilon_at": "folded", "bias_correction": "no"}


@sound("adam")
class InsideUncorrected(Conventional):
    """Declares ε under the root of the uncorrected average."""

    conventions: ClassVar = {"epsilon_at": "inside", "bias_correction": "no"}


@sound("adam")
class InsideNan(Conventional):
    """Declares ε under the root, and that 0/0 is NaN."""

    conventions: ClassVar = {"epsilon_at": "inside", "zero_over_zero": "nan"}


@sound("adam")
class UncorrectedNan(Conventional):
    """Declares no correction, and that 0/0 is NaN."""

    conventions: ClassVar = {"bias_correction": "no", "zero_over_zero": "nan"}


@sound("adam")
class FoldedUncorrectedNan(Conventional):
    """Declares ε̂, no correction, and that 0/0 is NaN."""

    conventions: ClassVar = {"epsilon_at": "folded", "bias_correction": "no", "zero_over_zero": "nan"}


@sound("adam")
class InsideUncorrectedNan(Conventional):
    """Declares ε under the root, no correction, and that 0/0 is NaN."""

    conventions: ClassVar = {"epsilon_at": "inside", "bias_correction": "no", "zero_over_zero": "nan"}
