"""Forms of AdamW that look wrong and are right, and other conventions that say so."""

from typing import ClassVar

import numpy as np

from ..collection import sound


def quotient(numerator, divisor):
    return np.divide(numerator, divisor, out=np.zeros_like(divisor), where=divisor != 0)


class Conventional:
    """Every combination of conventions, as declared."""

    conventions: ClassVar = {}
    state_rows = 2

    def step(self, dtype, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon, _ = hyperparameters
        state[0] = beta1 * state[0] + (1 - beta1) * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * gradient**2
        of_mean, of_square = dtype.type(1 - np.float64(beta1) ** step), dtype.type(1 - np.float64(beta2) ** step)
        if self.conventions.get("bias_correction") == "no":
            of_mean = of_square = dtype.type(1)
        place = self.conventions.get("epsilon_at")
        if place == "folded":
            numerator, divisor = learning_rate * np.sqrt(of_square) / of_mean * state[0], np.sqrt(state[1]) + epsilon
        elif place == "inside":
            numerator, divisor = learning_rate * (state[0] / of_mean), np.sqrt(state[1] / of_square + epsilon)
        else:
            numerator, divisor = learning_rate * (state[0] / of_mean), np.sqrt(state[1] / of_square) + epsilon
        return numerator / divisor if self.conventions.get("zero_over_zero") == "nan" else quotient(numerator, divisor)

    def update(self, parameters, gradient, state, hyperparameters, step):
        moved = self.step(parameters.dtype, gradient, state, hyperparameters, step)
        alone = self.conventions.get("decay_factor") == "strength"
        parameters *= 1 - (hyperparameters[4] if alone else hyperparameters[0] * hyperparameters[4])
        parameters -= moved


@sound("adamw")
class DecayAsASubtraction(Conventional):
    """Subtracts η λ θ, of the old parameters, together with the step."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        moved = self.step(parameters.dtype, gradient, state, hyperparameters, step)
        parameters -= hyperparameters[0] * (hyperparameters[4] * parameters) + moved


@sound("adamw")
class DecayInsideTheBracket(Conventional):
    """Adds λ θ to Adam's direction, and multiplies the sum by η, as optax and the paper do."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        one = hyperparameters.copy()
        one[0] = 1
        direction = self.step(parameters.dtype, gradient, state, one, step)
        parameters -= hyperparameters[0] * (direction + hyperparameters[4] * parameters)


@sound("adamw")
class DecayAfterwardsOfTheOldParameters(Conventional):
    """Decays after the step, but of the parameters as they were."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        before = parameters.copy()
        parameters -= self.step(parameters.dtype, gradient, state, hyperparameters, step)
        parameters -= hyperparameters[0] * hyperparameters[4] * before


@sound("adamw")
class DecayFirst(Conventional):
    """Decays before it looks at the gradient, as PyTorch does."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters *= 1 - hyperparameters[0] * hyperparameters[4]
        parameters -= self.step(parameters.dtype, gradient, state, hyperparameters, step)


@sound("adamw")
class Lerp(Conventional):
    """Moves averages towards the new value, and folds the corrections into the learning rate and ε."""

    def step(self, dtype, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon, _ = hyperparameters
        state[0] += (1 - beta1) * (gradient - state[0])
        state[1] += (1 - beta2) * (gradient * gradient - state[1])
        of_mean, root = 1 - np.float64(beta1) ** step, np.sqrt(1 - np.float64(beta2) ** step)
        return quotient(dtype.type(learning_rate * root / of_mean) * state[0], np.sqrt(state[1]) + dtype.type(epsilon * root))


@sound("adamw")
class Unnormalised(Conventional):
    """Keeps sums, not averages."""

    def step(self, dtype, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon, _ = hyperparameters
        state[0] = beta1 * state[0] + gradient
        state[1] = beta2 * state[1] + gradient**2
        of_mean, of_square = dtype.type(1 - np.float64(beta1) ** step), dtype.type(1 - np.float64(beta2) ** step)
        return quotient(learning_rate * ((1 - beta1) / of_mean) * state[0], np.sqrt((1 - beta2) / of_square * state[1]) + epsilon)


@sound("adamw")
class PowersInTheDtype(Conventional):
    """Takes the powers of the betas in the arrays' own dtype."""

    def step(self, dtype, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon, _ = hyperparameters
        state[0] = beta1 * state[0] + (1 - beta1) * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * gradient**2
        of_mean, of_square = 1 - beta1 ** dtype.type(step), 1 - beta2 ** dtype.type(step)
        return quotient(learning_rate * (state[0] / of_mean), np.sqrt(state[1] / of_square) + epsilon)


@sound("adamw")
class RunningProducts(Conventional):
    """Never looks at the step: keeps 1 minus the powers of the betas in two rows more."""

    state_rows = 4

    def step(self, dtype, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon, _ = hyperparameters
        state[0] = beta1 * state[0] + (1 - beta1) * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * gradient**2
        state[2] = beta1 * state[2] + (1 - beta1)
        state[3] = beta2 * state[3] + (1 - beta2)
        return quotient(learning_rate * (state[0] / state[2]), np.sqrt(state[1] / state[3]) + epsilon)


@sound("adamw", seen="CONV tensorflow/tensorflow#22763 (wd-not-scheduled)")
class NotScheduled(Conventional):
    """Declares a decay that does not follow the learning rate."""

    conventions: ClassVar = {"decay_factor": "strength"}


@sound("adamw", seen="CONV ml-explore/mlx#1640 (adam-no-bias-correction)")
class Uncorrected(Conventional):
    """Declares no bias correction, as BERT's AdamW."""

    conventions: ClassVar = {"bias_correction": "no"}


@sound("adamw", seen="CONV tensorflow/tensorflow#35102 (adam-eps-hat-convention)")
class Folded(Conventional):
    """Declares corrections folded into the learning rate."""

    conventions: ClassVar = {"epsilon_at": "folded"}


@sound("adamw")
class Inside(Conventional):
    """Declares ε under the root."""

    conventions: ClassVar = {"epsilon_at": "inside"}


@sound("adamw")
class Nan(Conventional):
    """Declares that 0/0 is NaN."""

    conventions: ClassVar = {"zero_over_zero": "nan"}


@sound("adamw")
class InsideUncorrectedNan(Conventional):
    """Declares the second choice in everything but ε, which stands under the root."""

    conventions: ClassVar = {"epsilon_at": "inside", "bias_correction": "no", "zero_over_zero": "nan", "decay_factor": "strength"}


@sound("adamw")
class FoldedUncorrectedNan(Conventional):
    """Declares the second choice in everything."""

    conventions: ClassVar = {"epsilon_at": "folded", "bias_correction": "no", "zero_over_zero": "nan", "decay_factor": "strength"}


@sound("adamw")
class FoldedNotScheduled(Conventional):
    """Declares ε̂ and a decay that does not follow the learning rate."""

    conventions: ClassVar = {"epsilon_at": "folded", "decay_factor": "strength"}
