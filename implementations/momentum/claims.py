"""What the lecture claims of momentum."""

import dataclasses
from typing import Any

import numpy as np

from ...harness.claim import Evidence, Probe, claim, close, walk

STEPS = 50


def _gradients(probe: Probe) -> Any:
    """Gradients of very different sizes, one scale a parameter."""
    return probe.random().normal(size=(STEPS, 7)) * 10.0 ** np.arange(-3, 4)


@claim("momentum.weighted-sum", kind="identity", source="section Momentum, figure 14", learning_rate_in="velocity")
def movement_is_the_weighted_sum_of_all_past_gradients(member: Any, probe: Probe) -> Evidence:
    """After t steps the movement is -η Σ λ^(t-1-i) gⁱ: old gradients count less and less, and none is forgotten."""
    gradients = _gradients(probe)
    learning_rate, momentum = probe.vector().astype(np.float64)
    velocity = np.array([-learning_rate * (momentum ** np.arange(t, -1, -1) @ gradients[: t + 1]) for t in range(STEPS)])
    path = walk(member, gradients, probe, np.zeros(7))
    scale = np.abs(np.cumsum(velocity, axis=0)).max(axis=0)
    # a step rounds four times (two products, two sums), each within half a unit of the largest position: 2 units a step
    return close((path[1:] / scale).astype(probe.dtype), np.cumsum(velocity, axis=0) / scale, ulps=2 * STEPS, scale=1)


@claim("momentum.zero-is-sgd", kind="identity", source="section Momentum")
def without_momentum_it_is_gradient_descent(member: Any, probe: Probe) -> Evidence:
    """λ = 0 is plain gradient descent."""
    probe = dataclasses.replace(probe, hyperparameters=probe.hyperparameters | {"momentum": 0.0})
    gradients = _gradients(probe)
    descent = -float(probe.vector()[0]) * np.cumsum(gradients, axis=0)
    path = walk(member, gradients, probe, np.zeros(7))
    scale = np.abs(descent).max(axis=0)
    return close((path[1:] / scale).astype(probe.dtype), descent / scale, ulps=2 * STEPS, scale=1)


@claim("momentum.terminal-velocity", kind="identity", source="section Momentum, figure 14")
def under_a_constant_gradient_speed_approaches_its_limit_geometrically(member: Any, probe: Probe) -> Evidence:
    """Constant gradient: the movement tends to -ηg/(1-λ), geometrically with ratio λ."""
    learning_rate, momentum = probe.vector().astype(np.float64)
    gradient = 10.0 ** np.arange(-3, 4)
    path = walk(member, np.tile(gradient, (STEPS, 1)), probe, np.zeros(7)).astype(np.float64)
    steps = np.arange(1, STEPS + 1)[:, None]
    expected = -learning_rate * gradient / (1 - momentum) * (1 - momentum**steps)
    scale = np.abs(path[-1])
    # movements are differences of positions: their rounding is that of the largest position, two units a step
    return close((np.diff(path, axis=0) / scale).astype(probe.dtype), expected / scale, ulps=2 * STEPS, scale=1)
