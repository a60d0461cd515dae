"""Right forms of gradient descent that look otherwise."""

import numpy as np

from ..collection import sound


class Rule:
    state_rows = 0


@sound("sgd")
class AddsTheOpposite(Rule):
    """Adds the learning rate times the negative gradient."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters += hyperparameters[0] * -gradient


@sound("sgd")
class InDoublePrecision(Rule):
    """Computes in float64 and rounds once."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters[:] = parameters.astype(np.float64) - np.float64(hyperparameters[0]) * gradient


@sound("sgd")
class OneByOne(Rule):
    """Goes through the parameters one by one, last first."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        for i in range(parameters.size - 1, -1, -1):
            parameters[i] = parameters[i] - gradient[i] * hyperparameters[0]


@sound("sgd")
class RemembersInVain(Rule):
    """Keeps the last gradient in a state that it never reads."""

    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        state[0] = gradient
        np.subtract(parameters, hyperparameters[0] * state[0], out=parameters)


@sound("sgd")
class ByAMatrix(Rule):
    """Multiplies by a column of one row, and adds to a view in another shape."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters.reshape(1, -1)[:] -= np.multiply(gradient.reshape(1, -1), hyperparameters[:1, np.newaxis])
