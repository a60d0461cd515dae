"""Faulty forms of momentum.

Each class writes `rule(velocity, gradient, rate, decay, step)`, the movement, and may change the velocity in place; or `update` itself where
the fault lies outside of such a rule.
"""

from typing import ClassVar

import numpy as np

from ..collection import fault

NESTEROV = ("momentum.recurrence", "momentum.weighted-sum", "momentum.two-parts", "momentum.terminal-velocity")
EVERY_STEP = (*NESTEROV, "momentum.zero-is-sgd", "momentum.convention")


class Rule:
    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay = hyperparameters
        parameters += self.rule(state[0], gradient, rate, decay, step)


class TorchForm(Rule):
    conventions: ClassVar = {"learning_rate_in": "update"}


@fault("momentum", *EVERY_STEP, "momentum.escapes", "erratum.momentum-indices", seen="UNC mom-uses-old-velocity")
class OldVelocity(Rule):
    """Moves by the velocity of the step before."""

    def rule(self, velocity, gradient, rate, decay, step):
        before = velocity.copy()
        velocity[:] = decay * velocity - rate * gradient
        return before


@fault("momentum", "momentum.weighted-sum", "momentum.recurrence", "momentum.terminal-velocity", "momentum.two-parts", "momentum.escapes")
class Dampened(Rule):
    """Weighs the gradient by 1 - momentum, as an average does."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - (1 - decay) * rate * gradient
        return velocity


@fault("momentum", "momentum.weighted-sum", "momentum.recurrence", "momentum.two-parts")
class DampenedAfterTheFirst(Rule):
    """Takes the first gradient in full and dampens the others."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - (1 if step == 1 else 1 - decay) * rate * gradient
        return velocity


@fault("momentum", "momentum.weighted-sum", "momentum.recurrence", "momentum.terminal-velocity", "momentum.escapes")
class Forgetful(Rule):
    """Keeps the last gradient only."""

    def rule(self, velocity, gradient, rate, decay, step):
        movement = -rate * (gradient + decay * velocity)
        velocity[:] = gradient
        return movement


@fault("momentum", *NESTEROV, "momentum.escapes", seen="REP hiroyuki-kasai/SGDLibrary#8 (nag-never-looks-ahead), the other way round")
class LooksAhead(Rule):
    """Nesterov's step, not momentum's."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate * gradient
        return decay * velocity - rate * gradient


@fault("momentum", "momentum.recurrence", "momentum.two-parts")
class LooksAheadOnlyAtLargeMomentum(Rule):
    """Switches to Nesterov's step above momentum 0.95, or where it lies between 0.8 and 0.9."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate * gradient
        return decay * velocity - rate * gradient if decay > 0.95 or 0.82 < decay < 0.88 else velocity


@fault(
    "momentum",
    *EVERY_STEP,
    "momentum.escapes",
    "erratum.momentum-indices",
    "descent.right-rate",
    seen="BUG yangluo7/CAME#2 (opt-update-scales-state-in-place)",
)
class StateScaledInPlace(TorchForm):
    """The movement aliases the velocity, is multiplied by the learning rate in place, and is added."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity + gradient
        movement = velocity
        movement *= rate
        return movement


@fault(
    "momentum",
    "momentum.recurrence",
    "momentum.weighted-sum",
    "momentum.terminal-velocity",
    "momentum.two-parts",
    "momentum.convention",
    seen="BUG pytorch/pytorch#194664 (opt-update-scales-state-in-place)",
)
class RateLeftInTheBuffer(TorchForm):
    """Multiplies the buffer by the learning rate in place, so that the next step's is smaller by it again."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity + gradient
        velocity *= rate
        return -velocity


@fault("momentum", "momentum.convention", "momentum.recurrence", "momentum.weighted-sum", "momentum.two-parts")
class DeclaresUpdateDoesVelocity(TorchForm):
    """Says that the learning rate enters the update, and has it in the velocity."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate * gradient
        return velocity


@fault("momentum", "momentum.convention", "momentum.recurrence", "momentum.weighted-sum", "momentum.two-parts")
class DeclaresVelocityDoesUpdate(Rule):
    """Says nothing, and has the learning rate in the update."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity + gradient
        return -rate * velocity


@fault("momentum", "momentum.zero-is-sgd", "momentum.recurrence")
class DecaysUnasked(Rule):
    """Takes a ten-thousandth off every weight at each step."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters *= 1 - parameters.dtype.type(1e-4)
        super().update(parameters, gradient, state, hyperparameters, step)

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate * gradient
        return velocity


@fault("momentum", "momentum.zero-is-sgd", "momentum.recurrence", seen="BUG nntrainer/nntrainer#219 (mom-bias-not-updated)")
class LastNotUpdated(Rule):
    """Never moves the last parameter."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate * gradient
        movement = velocity.copy()
        movement[-1] = 0
        return movement


@fault(
    "momentum",
    "momentum.recurrence",
    "momentum.weighted-sum",
    "momentum.two-parts",
    seen="BUG nntrainer/nntrainer#219 (mom-bias-not-updated), updated twice",
)
class FirstUpdatedTwice(Rule):
    """Moves the first parameter twice."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate * gradient
        movement = velocity.copy()
        movement[0] *= 2
        return movement


@fault(
    "momentum",
    "momentum.zero-is-sgd",
    "momentum.recurrence",
    "descent.right-rate",
    seen="BUG ml-explore/mlx#473 (mom-wd-skipped-without-momentum), its mirror image",
)
class NoStepWithoutMomentum(Rule):
    """Does nothing where momentum is 0."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate * gradient
        return velocity if decay > 0 else 0 * velocity


@fault("momentum", "momentum.zero-is-sgd", "momentum.recurrence", "momentum.terminal-velocity")
class ZeroMeansDefault(Rule):
    """Takes momentum 0 for "not given" and uses 0.9."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = (decay or 0.9) * velocity - rate * gradient
        return velocity


@fault("momentum", "momentum.two-parts")
class RestartsEveryHundredSteps(Rule):
    """Forgets the velocity at every hundredth step."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = (0 if step % 100 == 0 else decay) * velocity - rate * gradient
        return velocity


@fault("momentum", "momentum.two-parts")
class RestartsEveryThousandSteps(Rule):
    """Forgets the velocity at every thousandth step."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = (0 if step % 1000 == 0 else decay) * velocity - rate * gradient
        return velocity


@fault("momentum", "momentum.terminal-velocity")
class RestartsOnce(Rule):
    """Forgets the velocity at step 64."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = (0 if step == 64 else decay) * velocity - rate * gradient
        return velocity


@fault("momentum", "momentum.terminal-velocity")
class CapsMomentum(Rule):
    """Uses no momentum above 0.995."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = min(decay, velocity.dtype.type(0.995)) * velocity - rate * gradient
        return velocity


@fault("momentum", "momentum.recurrence", "momentum.convention", "momentum.weighted-sum", "momentum.two-parts")
class RateOfTheStepBefore(Rule):
    """Uses the learning rate of the step before, kept in its second row."""

    state_rows = 2

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay = hyperparameters
        before = state[1] if step > 1 else rate
        state[0] = decay * state[0] - before * gradient
        state[1] = rate
        parameters += state[0]


@fault("momentum", "momentum.weighted-sum")
class SparseWhereMostIsZero(Rule):
    """Takes a vector that is mostly 0 for sparse, and does not let the other parameters coast."""

    def rule(self, velocity, gradient, rate, decay, step):
        moved = (gradient != 0) | (np.count_nonzero(gradient) > gradient.size / 2)
        velocity[moved] = decay * velocity[moved] - rate * gradient[moved]
        return np.where(moved, velocity, 0)


@fault("momentum", "momentum.two-parts")
class RampsUp(Rule):
    """Raises momentum slowly with the step, 1 / step below the given value: nearly right late, wrong early."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * (1 - 1 / (step + 1)) * velocity - rate * gradient
        return velocity


@fault("momentum", "momentum.two-parts")
class RateFallsWithTheStep(Rule):
    """Divides the learning rate by 1 plus a millionth of the steps taken, unasked."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate / (1 + 1e-6 * (step - 1)) * gradient
        return velocity


@fault("momentum", "momentum.recurrence", "momentum.two-parts", "momentum.weighted-sum")
class ClipsTheGradient(Rule):
    """Clips gradients at a million."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate * np.clip(gradient, -1e6, 1e6)
        return velocity


@fault("momentum", "momentum.recurrence", "momentum.two-parts")
class ClipsTheNorm(Rule):
    """Scales the whole gradient down where its norm exceeds a million."""

    def rule(self, velocity, gradient, rate, decay, step):
        norm = np.sqrt((gradient.astype(np.float64) ** 2).sum())
        velocity[:] = decay * velocity - rate * gradient * gradient.dtype.type(min(1.0, 1e6 / max(norm, 1e-300)))
        return velocity


@fault("momentum", "momentum.recurrence", "momentum.weighted-sum")
class SmallVelocitiesStop(Rule):
    """Sets velocities below 1e-12 to 0."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate * gradient
        velocity[np.abs(velocity) < 1e-12] = 0
        return velocity


@fault("momentum", "momentum.recurrence", "momentum.weighted-sum")
class SkipsZeroGradients(Rule):
    """Leaves parameters alone whose gradient is 0, as sparse forms do: they do not coast."""

    def rule(self, velocity, gradient, rate, decay, step):
        moved = gradient != 0
        velocity[moved] = decay * velocity[moved] - rate * gradient[moved]
        return np.where(moved, velocity, 0)


@fault("momentum", "momentum.recurrence", "momentum.weighted-sum", "momentum.two-parts")
class SharedVelocity(Rule):
    """Keeps one velocity for all parameters: their mean."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity.mean() - rate * gradient
        return velocity


@fault("momentum", "momentum.two-parts", "momentum.weighted-sum", "momentum.recurrence")
class VelocityKeptInTheObject(Rule):
    """Keeps the velocity in itself instead of in the state: groups of parameters share it, and a saved state has no meaning."""

    kept = None

    def rule(self, velocity, gradient, rate, decay, step):
        if self.kept is None or self.kept.shape != gradient.shape:
            self.kept = np.zeros_like(gradient)
        self.kept = decay * self.kept - rate * gradient
        return self.kept


@fault("momentum", "momentum.two-parts")
class SlowerAfterAHundredCalls(Rule):
    """Counts calls in itself, and slows down after the first hundred of them."""

    calls = 0

    def rule(self, velocity, gradient, rate, decay, step):
        self.calls += 1
        velocity[:] = decay * velocity - rate * gradient * (1 if self.calls < 100 else gradient.dtype.type(0.5))
        return velocity


@fault("momentum", "momentum.recurrence", "momentum.zero-is-sgd", "momentum.two-parts")
class SinglePrecision(Rule):
    """Computes in float32 whatever the dtype."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = np.float32(decay) * velocity.astype(np.float32) - np.float32(rate) * gradient.astype(np.float32)
        return velocity


@fault("momentum", "momentum.recurrence", "momentum.weighted-sum", "momentum.two-parts")
class HalfPrecisionState(Rule):
    """Keeps the velocity in 16 bits."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = (decay * velocity - rate * gradient).astype(np.float16)
        return velocity


@fault("momentum", *EVERY_STEP, "momentum.escapes", "descent.right-rate", "erratum.momentum-indices")
class Ascends(Rule):
    """Adds the gradient."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity + rate * gradient
        return velocity


@fault("momentum", "momentum.recurrence", "momentum.weighted-sum", "momentum.terminal-velocity", "momentum.two-parts", "momentum.escapes")
class NegativeMomentum(Rule):
    """Subtracts the last movement."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = -decay * velocity - rate * gradient
        return velocity


@fault("momentum", "momentum.recurrence", "momentum.weighted-sum", "momentum.terminal-velocity", "momentum.two-parts")
class RateTimesMomentumToo(Rule):
    """Multiplies the whole bracket by momentum."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * (velocity - rate * gradient)
        return velocity


@fault("momentum", "momentum.recurrence", "momentum.weighted-sum", "momentum.terminal-velocity", "momentum.two-parts")
class BiasCorrected(Rule):
    """Divides by 1 minus momentum to the power of the step, as Adam does."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate * gradient
        return velocity / velocity.dtype.type(1 - float(decay) ** step) if decay else velocity


@fault("momentum", "momentum.recurrence", "momentum.two-parts", "momentum.weighted-sum")
class StartsWithHalfAGradient(TorchForm):
    """Starts the buffer with the first gradient halved."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = gradient / 2 if step == 1 else decay * velocity + gradient
        return -rate * velocity


@fault("momentum", "momentum.recurrence")
class OnlyTheFirstBlock(Rule):
    """Works through blocks of 512 and drops the last, incomplete one if there is a complete one."""

    def rule(self, velocity, gradient, rate, decay, step):
        end = gradient.size if gradient.size < 512 else gradient.size // 512 * 512
        velocity[:end] = decay * velocity[:end] - rate * gradient[:end]
        return velocity


@fault("momentum", "descent.nan-shows")
class HidesNaN(Rule):
    """Replaces NaN and infinite gradients by 0."""

    def rule(self, velocity, gradient, rate, decay, step):
        velocity[:] = decay * velocity - rate * np.where(np.isfinite(gradient), gradient, 0)
        return velocity


@fault("momentum", "descent.nan-shows")
class OneNaNStopsAll(Rule):
    """Skips the whole step where any gradient is not finite."""

    def rule(self, velocity, gradient, rate, decay, step):
        if not np.isfinite(gradient).all():
            return 0 * velocity
        velocity[:] = decay * velocity - rate * gradient
        return velocity
