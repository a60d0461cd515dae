"""What the lecture claims of L2."""

from typing import Any

import numpy as np

from ...harness.claim import Evidence, Probe, claim, close


@claim("l2.gradient", kind="identity", source="section Regularization")
def the_gradient_grows_by_strength_times_weight(member: Any, probe: Probe) -> Evidence:
    """∂L'/∂w = ∂L/∂w + λw: the penalty adds to the gradient that is there, whatever its size."""
    strength = probe.dtype.type(probe.hyperparameters["strength"])
    weights = (probe.random().normal(size=201) * 10.0 ** np.linspace(-6, 6, 201)).astype(probe.dtype)
    before = probe.random().normal(size=201).astype(probe.dtype)
    after = before.copy()
    member.add_gradient(weights, strength, after)
    expected = before.astype(np.float64) + np.float64(strength) * weights
    scale = np.abs(before) + np.abs(strength * weights)
    # one product and one sum: half a unit each
    return close((after / scale).astype(probe.dtype), expected / scale, ulps=2, scale=1)


@claim("l2.decay-factor", kind="identity", source="section Regularization")
def plain_descent_multiplies_weights_by_one_minus_rate_times_strength(member: Any, probe: Probe) -> Evidence:
    """With zero data gradient w after t steps of plain descent is (1-ηλ)^t w⁰."""
    rate, steps = 0.1, 50
    strength = probe.dtype.type(probe.hyperparameters["strength"])
    start = (probe.random().normal(size=201) * 10.0 ** np.linspace(-6, 6, 201)).astype(probe.dtype)
    weights = start.copy()
    for _ in range(steps):
        gradient = np.zeros_like(weights)
        member.add_gradient(weights, strength, gradient)
        weights -= probe.dtype.type(rate) * gradient
        member.after_update(weights, strength, probe.dtype.type(rate))
    factor = (1 - float(probe.dtype.type(rate)) * float(strength)) ** steps
    # a step rounds three times, each within half a unit of the weight
    return close((weights / start).astype(probe.dtype), np.full(201, factor), ulps=2 * steps, scale=1)
