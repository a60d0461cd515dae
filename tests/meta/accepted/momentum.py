"""Right forms of momentum that look otherwise."""

from typing import ClassVar

import numpy as np

from ..collection import sound


class Velocity:
    state_rows = 1


class Update:
    conventions: ClassVar = {"learning_rate_in": "update"}
    state_rows = 1


@sound("momentum")
class Negated(Velocity):
    """Keeps the velocity with the other sign, and subtracts it."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay = hyperparameters
        state[0] = decay * state[0] + rate * gradient
        parameters -= state[0]


@sound("momentum")
class MovesFirst(Velocity):
    """Moves first and stores the velocity afterwards."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay = hyperparameters
        parameters += decay * state[0] - rate * gradient
        state[0] *= decay
        state[0] -= rate * gradient


@sound("momentum")
class InDoublePrecision(Velocity):
    """Computes each step in float64."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay = hyperparameters.astype(np.float64)
        state[0] = decay * state[0] - rate * gradient
        parameters += state[0]


@sound("momentum")
class OneByOne(Velocity):
    """Goes through the parameters one by one, last first."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay = hyperparameters
        for i in range(parameters.size - 1, -1, -1):
            state[0, i] = decay * state[0, i] - rate * gradient[i]
            parameters[i] += state[0, i]


@sound("momentum")
class ASpareRow(Velocity):
    """Keeps the last gradient as well, and the velocity in its second row."""

    state_rows = 2

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay = hyperparameters
        state[0] = gradient
        state[1] = decay * state[1] - rate * state[0]
        parameters += state[1]


@sound("momentum", seen="EQUIV the first step of torch.optim.SGD")
class FirstIsACopy(Update):
    """Starts the buffer with a copy of the first gradient, undampened."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay = hyperparameters
        state[0] = gradient if step == 1 else decay * state[0] + gradient
        parameters -= rate * state[0]


@sound("momentum", seen="CONV learning_rate_in, declared")
class TwoProducts(Update):
    """Multiplies both terms by the learning rate as it is now."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay = hyperparameters
        parameters -= rate * decay * state[0] + rate * gradient
        state[0] = decay * state[0] + gradient


@sound("momentum", seen="CONV learning_rate_in, declared")
class ScaledCopy(Update):
    """Scales a copy of the buffer in place: what looks like yangluo7/CAME#2 and is not."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay = hyperparameters
        state[0] *= decay
        state[0] += gradient
        movement = state[0].copy()
        movement *= rate
        parameters -= movement


@sound("momentum")
class WithoutMomentumApart(Velocity):
    """Takes a way of its own where momentum is 0, and still stores the velocity."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay = hyperparameters
        state[0] = -rate * gradient if decay == 0 else decay * state[0] - rate * gradient
        parameters += state[0]
