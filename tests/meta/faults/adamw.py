"""Faulty forms of AdamW: above all, of where the decay comes in and what it is multiplied by."""

from typing import ClassVar

import numpy as np

from ..collection import fault


class Right:
    """AdamW in parts, to be replaced one at a time."""

    state_rows = 2

    def averages(self, state, gradient, beta1, beta2):
        state[0] = beta1 * state[0] + (1 - beta1) * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * gradient**2

    def adam(self, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon, _ = hyperparameters
        self.averages(state, gradient, beta1, beta2)
        mean = state[0] / gradient.dtype.type(1 - np.float64(beta1) ** step)
        root = np.sqrt(state[1] / gradient.dtype.type(1 - np.float64(beta2) ** step))
        return self.movement(learning_rate, mean, root, epsilon)

    def movement(self, learning_rate, mean, root, epsilon):
        divisor = root + epsilon
        return np.divide(learning_rate * mean, divisor, out=np.zeros_like(divisor), where=divisor != 0)

    def kept(self, hyperparameters, step):
        return 1 - hyperparameters[0] * hyperparameters[4]

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters *= self.kept(hyperparameters, step)
        parameters -= self.adam(gradient, state, hyperparameters, step)


DECAY = ("adamw.recurrence", "adamw.decoupled", "l2.not-decay-in-adam")
ADAM = ("adamw.recurrence", "adamw.zero-is-adam")


# The decay


@fault("adamw", *DECAY)
class Coupled(Right):
    """Adds λ θ to the gradient, so that Adam rescales it: L2, as PyTorch's Adam has it."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters -= self.adam(gradient + hyperparameters[4] * parameters, state, hyperparameters, step)


@fault("adamw", *DECAY)
class CoupledAndDecoupled(Right):
    """Decays, and adds λ θ to the gradient as well."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        penalised = gradient + hyperparameters[4] * parameters
        parameters *= self.kept(hyperparameters, step)
        parameters -= self.adam(penalised, state, hyperparameters, step)


@fault("adamw", *DECAY)
class HalfCoupled(Right):
    """Lets λ θ into m and not into v."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        self.decay = hyperparameters[4] * parameters
        parameters -= self.adam(gradient, state, hyperparameters, step)

    def averages(self, state, gradient, beta1, beta2):
        super().averages(state, gradient, beta1, beta2)
        state[0] += (1 - beta1) * self.decay


@fault("adamw", *DECAY)
class DecayRescaled(Right):
    """Adds λ θ to m̂, so that the decay is divided by √v̂ after all."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        self.decay = hyperparameters[4] * parameters
        parameters -= self.adam(gradient, state, hyperparameters, step)

    def movement(self, learning_rate, mean, root, epsilon):
        return super().movement(learning_rate, mean + self.decay, root, epsilon)


@fault("adamw", *DECAY, seen="BUG PaddlePaddle/Paddle#2088 (adam-l2-ignored)")
class DecayIgnored(Right):
    """Ignores λ."""

    def kept(self, hyperparameters, step):
        return 1


@fault("adamw", *DECAY)
class DecayWithoutLearningRate(Right):
    """Declares 1 - η λ and keeps 1 - λ."""

    def kept(self, hyperparameters, step):
        return 1 - hyperparameters[4]


@fault("adamw", *DECAY)
class DecayWithLearningRate(Right):
    """Declares 1 - λ and keeps 1 - η λ."""

    conventions: ClassVar = {"decay_factor": "strength"}


@fault("adamw", *DECAY)
class LearningRateTwice(Right):
    """Multiplies the decay by the learning rate twice."""

    def kept(self, hyperparameters, step):
        return 1 - hyperparameters[0] ** 2 * hyperparameters[4]


@fault("adamw", *DECAY)
class StrengthSquared(Right):
    """Multiplies by λ twice."""

    def kept(self, hyperparameters, step):
        return 1 - hyperparameters[0] * hyperparameters[4] ** 2


@fault("adamw", *DECAY)
class Grows(Right):
    """Keeps 1 + η λ."""

    def kept(self, hyperparameters, step):
        return 1 + hyperparameters[0] * hyperparameters[4]


@fault("adamw", *DECAY)
class HalfTheDecay(Right):
    """Takes the 1/2 of the penalty into the decay."""

    def kept(self, hyperparameters, step):
        return 1 - hyperparameters[0] * hyperparameters[4] / 2


@fault("adamw", *DECAY)
class TwiceTheDecay(Right):
    """Takes λ for the factor of the squares without the 1/2."""

    def kept(self, hyperparameters, step):
        return 1 - 2 * hyperparameters[0] * hyperparameters[4]


@fault("adamw", *DECAY)
class KeepsTheShareItShouldLose(Right):
    """Multiplies by η λ instead of 1 - η λ."""

    def kept(self, hyperparameters, step):
        return hyperparameters[0] * hyperparameters[4]


@fault("adamw", *DECAY)
class ReciprocalDecay(Right):
    """Divides by 1 + η λ, the implicit form."""

    def kept(self, hyperparameters, step):
        return 1 / (1 + hyperparameters[0] * hyperparameters[4])


@fault("adamw", *DECAY)
class ExponentialDecay(Right):
    """Keeps exp(-η λ)."""

    def kept(self, hyperparameters, step):
        return np.exp(-hyperparameters[0] * hyperparameters[4])


@fault("adamw", "adamw.recurrence", "adamw.decoupled")
class DecaysAfterTheStep(Right):
    """Decays the parameters when they have been moved, and so the step as well."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters -= self.adam(gradient, state, hyperparameters, step)
        parameters *= self.kept(hyperparameters, step)


@fault("adamw", *DECAY)
class AbsoluteDecay(Right):
    """Takes η λ off every weight, whatever its size: L1's decay."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters -= hyperparameters[0] * hyperparameters[4] * np.sign(parameters)
        parameters -= self.adam(gradient, state, hyperparameters, step)


@fault("adamw", *DECAY)
class NormalisedDecay(Right):
    """Divides the decay by the norm of the array's weights."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        norm = max(np.sqrt(np.sum(parameters**2)), hyperparameters[0])
        parameters -= hyperparameters[0] * hyperparameters[4] * parameters / norm
        parameters -= self.adam(gradient, state, hyperparameters, step)


@fault("adamw", *DECAY)
class DividedByTheNumberOfWeights(Right):
    """Divides λ by the number of the array's parameters."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters *= 1 - hyperparameters[0] * hyperparameters[4] / len(parameters)
        parameters -= self.adam(gradient, state, hyperparameters, step)


@fault("adamw", *DECAY)
class DecaysEveryOtherStep(Right):
    """Decays every other step, as one that decays once an epoch may."""

    def kept(self, hyperparameters, step):
        return 1 - hyperparameters[0] * hyperparameters[4] if step % 2 == 0 else 1


@fault("adamw", "adamw.recurrence", "l2.not-decay-in-adam")
class DecayCorrected(Right):
    """Takes the bias correction into the decay, so that early steps decay otherwise than late ones."""

    def kept(self, hyperparameters, step):
        return 1 - hyperparameters[0] * hyperparameters[4] / (1 - hyperparameters[1] ** step) * (1 - hyperparameters[1])


@fault("adamw", "adamw.recurrence", "l2.not-decay-in-adam")
class FirstStepWithoutDecay(Right):
    """Begins to decay at the second step."""

    def kept(self, hyperparameters, step):
        return 1 if step == 1 else 1 - hyperparameters[0] * hyperparameters[4]


@fault("adamw", "adamw.recurrence", "l2.not-decay-in-adam")
class FollowsTheInitialLearningRate(Right):
    """Keeps the learning rate of its first call for the decay, in a state that nobody sees."""

    first = None

    def kept(self, hyperparameters, step):
        self.first = hyperparameters[0] if self.first is None else self.first
        return 1 - self.first * hyperparameters[4]


@fault("adamw", "l2.not-decay-in-adam", "adamw.recurrence", "adamw.decoupled")
class DecaysWhereThereIsAGradient(Right):
    """Decays only the parameters whose gradient is not 0, as lazy forms for sparse gradients do."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters *= np.where(gradient != 0, self.kept(hyperparameters, step), 1).astype(parameters.dtype)
        parameters -= self.adam(gradient, state, hyperparameters, step)


@fault("adamw", "adamw.recurrence")
class DecaysAgainstTheGradient(Right):
    """Decays only where the step would shrink the weight too: cautious decay, undeclared."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        moved = self.adam(gradient, state, hyperparameters, step)
        parameters *= np.where(moved * parameters >= 0, self.kept(hyperparameters, step), 1).astype(parameters.dtype)
        parameters -= moved


@fault("adamw", *DECAY)
class DecaysTowardsTheMean(Right):
    """Decays towards the array's mean instead of 0."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        centre = parameters.mean()
        parameters[:] = centre + self.kept(hyperparameters, step) * (parameters - centre)
        parameters -= self.adam(gradient, state, hyperparameters, step)


@fault("adamw", *DECAY)
class SmallWeightsSpared(Right):
    """Does not decay weights below a hundredth."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters *= np.where(np.abs(parameters) < 0.01, 1, self.kept(hyperparameters, step)).astype(parameters.dtype)
        parameters -= self.adam(gradient, state, hyperparameters, step)


@fault("adamw", *DECAY)
class DecayOfItsOwn(Right):
    """Uses λ = 0.01 whatever λ is given."""

    def kept(self, hyperparameters, step):
        return 1 - hyperparameters[0] * hyperparameters.dtype.type(0.01)


@fault("adamw", "adamw.recurrence", "l2.not-decay-in-adam")
class DecayNeverNegative(Right):
    """Keeps at least a fifth of a weight."""

    def kept(self, hyperparameters, step):
        return max(1 - hyperparameters[0] * hyperparameters[4], hyperparameters.dtype.type(0.8))


@fault("adamw", "adamw.decoupled", "adamw.recurrence")
class DecaysTheAverages(Right):
    """Decays m as well as the weights."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        state[0] *= self.kept(hyperparameters, step)
        super().update(parameters, gradient, state, hyperparameters, step)


# The step


@fault("adamw", *ADAM)
class Ascends(Right):
    """Adds the step."""

    def movement(self, learning_rate, mean, root, epsilon):
        return -super().movement(learning_rate, mean, root, epsilon)


@fault("adamw", *ADAM, seen="BUG raskr/rust-autograd#16 (adam-moments-not-stored)")
class NotStored(Right):
    """Computes the averages on copies and never stores them."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient, state.copy(), hyperparameters, step)


@fault("adamw", *ADAM, seen="BUG allenai/OLMo-core#317 (adam-step-frozen-at-one)")
class FrozenStep(Right):
    """Its step counter stays at 1."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient, state, hyperparameters, 1)


@fault("adamw", *ADAM, seen="BUG kozistr/pytorch_optimizer#397 (adam-eps-twice)")
class EpsilonTwice(Right):
    """Adds ε inside the root and outside."""

    def movement(self, learning_rate, mean, root, epsilon):
        return super().movement(learning_rate, mean, np.sqrt(root**2 + epsilon), epsilon)


@fault("adamw", *ADAM)
class EpsilonInside(Right):
    """Declares ε outside the root and adds it inside."""

    def movement(self, learning_rate, mean, root, epsilon):
        return super().movement(learning_rate, mean, np.sqrt(root**2 + epsilon), root.dtype.type(0))


@fault("adamw", "adamw.recurrence")
class EpsilonOutside(Right):
    """Declares ε inside the root and adds it outside."""

    conventions: ClassVar = {"epsilon_at": "inside"}


@fault("adamw", *ADAM)
class DeclaredFoldedIsCorrected(Right):
    """Declares corrections folded into the learning rate and adds ε to the corrected root."""

    conventions: ClassVar = {"epsilon_at": "folded"}


@fault("adamw", *ADAM)
class CorrectedAllTheSame(Right):
    """Declares no bias correction and corrects."""

    conventions: ClassVar = {"bias_correction": "no"}


@fault("adamw", "adamw.recurrence")
class StandsStill(Right):
    """Declares that 0/0 is NaN, and stands still."""

    conventions: ClassVar = {"zero_over_zero": "nan"}


@fault("adamw", *ADAM)
class BetasExchanged(Right):
    """Averages gradients with β₂ and squares with β₁."""

    def averages(self, state, gradient, beta1, beta2):
        super().averages(state, gradient, beta2, beta1)


@fault("adamw", "adamw.recurrence")
class CountsToAByte(Right):
    """Keeps the step in one byte, so that the corrections begin anew at 256."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        super().update(parameters, gradient, state, hyperparameters, (step - 1) % 256 + 1)


@fault("adamw", "adamw.recurrence")
class LastOneLeftOut(Right):
    """Leaves out the last parameter of an array of more than sixteen."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        last = parameters[-1]
        super().update(parameters, gradient, state, hyperparameters, step)
        if parameters.size > 16:
            parameters[-1] = last
