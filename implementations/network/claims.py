"""The derivative is the effect of a small change: backward of every activation, loss and penalty against differences of what it is of.

In float64 against central differences of the implementation's own values; in float32, where the effect drowns in rounding, against the same
implementation in float64.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import NotApplicable, claim
from ...harness.evidence import Evidence, close, first_refuted
from ...harness.probe import Probe
from ...harness.subject import ActivationSubject, LossSubject, PenaltySubject, Subject, subject
from ._steps import distance_to_a_kink, pieces_of, third_root

DIFFERENTIABLE = ("sigmoid", "relu", "maxout", "softmax_cross_entropy", "squared_error", "l1", "l2")
STRENGTHS = (0.3, 0.0, 1e-4, 7.0)


@claim("gradient.finite-difference", kind="identity", section="Vanishing Gradient Problem", figures=4, about=DIFFERENTIABLE)
def the_derivative_is_the_effect_of_a_small_change(member: Subject, probe: Probe) -> Evidence:
    """The derivative by a number is the effect of a small change of it: what backward gives is what the values differ by, whatever gradient comes
    from above. What it gives in float32 is what it gives in float64, to rounding.
    """
    double = subject(member.implementation, "float64")
    if isinstance(member, ActivationSubject):
        return _activation(member, double, probe)
    if isinstance(member, LossSubject):
        return _loss(member, double, probe)
    if isinstance(member, PenaltySubject):
        return _penalty(member, double, probe)
    raise NotApplicable(f"{member.name} has no derivative that is known here")


def _is_double(member: Subject) -> bool:
    return member.dtype == np.float64


def _activation(member: ActivationSubject, double: ActivationSubject, probe: Probe) -> Evidence:
    against = _effects if _is_double(member) else _in_double
    return first_refuted(
        *(
            against(member, double, z, upstream, pieces)
            for pieces in pieces_of(member)
            for z, upstream in _activation_inputs(probe, pieces)
        ),
        *(_one_sided(member) for _ in range(member.technique == "relu")),
    )  # fmt: skip


def _activation_inputs(probe: Probe, pieces: int) -> list[tuple[Floats, Floats]]:
    """Gradients from above of several sizes, zero now and then; pre-activations of every size."""
    found = []
    for rows, units, size, upstream_size in (
        (1, 1, 1.0, 1.0),
        (1, 3, 1.0, 1.0),
        (4, 5, 1.0, 1e3),
        (3, 2, 30.0, 1e-3),
        (2, 6, 1e3, 1.0),
        (3, 3, 1e-6, 1e6),
    ):
        random = probe.random(f"{rows} {units} {size} {pieces}")
        upstream = upstream_size * random.normal(size=(rows, units))
        upstream.ravel()[4::5] = 0
        found.append(((size * random.normal(size=(rows, units * pieces))).astype(probe.dtype), upstream.astype(probe.dtype)))
    return found


def _effects(member: ActivationSubject, _double: ActivationSubject, z: Floats, upstream: Floats, pieces: int) -> Evidence:
    """Every row is repeated with one entry moved up, and moved down: a whole Jacobian from one forward pass."""
    rows, columns = z.shape
    step = np.minimum(third_root(member.eps), distance_to_a_kink(member, z, pieces) / 4)
    row, column = (index.ravel() for index in np.indices(z.shape))
    up, down = z[row].copy(), z[row].copy()
    entry = np.arange(z.size)
    up[entry, column] += step.ravel()
    down[entry, column] -= step.ravel()
    width = up[entry, column] - down[entry, column]  # as represented
    difference = member.forward(up, pieces) - member.forward(down, pieces)
    effect = (upstream[row] * difference).sum(axis=1) / width
    found = member.backward(upstream, z, pieces)
    # truncation: σ''' is at most 1/8; rounding: each value is within an eps of its size, two of them over 2h: of 1 for sigmoid, of z for a
    # maximum that is computed as (u + v + |u - v|) / 2; ReLU and a plain maximum round nothing
    size = np.maximum(np.abs(z).max(axis=1, keepdims=True) if pieces > 1 else 1, 1)
    scale = np.abs(upstream).max(axis=1, keepdims=True) * size + np.zeros(z.shape)
    return close(
        found, effect.reshape(rows, columns), ulps=1 + 1 / 48, scale=scale, eps=member.eps ** (2 / 3),
        given=lambda at: f"z = {z[at[0]].tolist()}, ∂L/∂a = {upstream[at[0]].tolist()}: ∂L/∂z at entry {at[1]}",
    )  # fmt: skip


def _in_double(member: ActivationSubject, double: ActivationSubject, z: Floats, upstream: Floats, pieces: int) -> Evidence:
    """The activation is off by half an eps at most, and three products and differences of numbers below 1/4 round."""
    found, expected = member.backward(upstream, z, pieces), double.backward(upstream, z, pieces)
    scale = np.abs(upstream).max(axis=1, keepdims=True) + np.zeros(z.shape)
    return close(found, expected, ulps=1, scale=scale, given=lambda at: f"z = {z[at]}, ∂L/∂a = {upstream[at[0]].tolist()}")


def _one_sided(relu: ActivationSubject) -> Evidence:
    """At the kink the derivative is that from the side which the convention names."""
    h = third_root(relu.eps)
    below_, at, above = relu.forward([[-h, 0.0, h]])[0].astype(np.float64)
    expected = (above - at) / relu.rounded(h) if relu.conventions["derivative_at_zero"] == "1" else (at - below_) / relu.rounded(h)
    return close(relu.backward([[2.0]], [[0.0]]), [[2 * expected]], ulps=4, scale=1, given="z = 0, ∂L/∂a = 2:")


def _loss(member: LossSubject, double: LossSubject, probe: Probe) -> Evidence:
    against = _effects_on_loss if _is_double(member) else _loss_in_double
    return first_refuted(*(against(member, double, *batch) for batch in _batches(member, probe)))


def _batches(member: LossSubject, probe: Probe) -> list[tuple[Floats, Floats, Floats]]:
    """Outputs of several sizes, hard and soft targets, uneven row weights, one of them 0."""
    found = []
    for rows, outputs, size, soft in (
        (1, 2, 1.0, False),
        (3, 4, 1.0, False),
        (4, 3, 1e-3, True),
        (2, 5, 8.0, True),
        (3, 2, 300.0, False),
        (2, 1, 1.0, True),
    ):
        random = probe.random(f"{rows} {outputs} {size}")
        z = size * random.normal(size=(rows, outputs))
        if member.technique == "softmax_cross_entropy":
            targets = random.dirichlet(np.ones(outputs), rows) if soft else np.eye(outputs)[random.integers(outputs, size=rows)]
        else:
            targets = size * random.normal(size=(rows, outputs))
        weight = random.uniform(0.2, 3, rows)
        if rows > 2:
            weight[1] = 0
        if member.technique == "softmax_cross_entropy" and size == 300:
            z[0], targets[0] = [300, -300], [0, 1]  # as far from the target as it gets
        found.append(tuple(each.astype(probe.dtype) for each in (z, targets, weight)))
    return found


def _effects_on_loss(member: LossSubject, _double: LossSubject, z: Floats, targets: Floats, weight: Floats) -> Evidence:
    share = np.max(weight) / weight.sum()
    cross_entropy = member.technique == "softmax_cross_entropy"
    # cross-entropy bends on a scale of 1, with a third derivative of at most 1/4; squared error has none, so its step may follow the size
    size = 1.0 if cross_entropy else float(np.abs(z - targets).max())
    h = third_root(member.eps) * size
    effect = _central(lambda at: member.value(at, targets, weight), z, np.full(z.shape, h))
    # rounding: a value is a sum of some ten numbers of the loss's scale, each within half an eps: 5 eps, of two values over 2h; one more for
    # truncation
    scale = share * (np.ptp(z, axis=1).max() + np.log(z.shape[1]) + 1 if cross_entropy else size * z.shape[1])
    return close(
        member.gradient(z, targets, weight), effect, ulps=6, scale=scale, eps=member.eps ** (2 / 3),
        given=lambda at: f"outputs {z.tolist()}, targets {targets.tolist()}, row weights {weight.tolist()}: row {at[0]}, output {at[1]}",
    )  # fmt: skip


def _loss_in_double(member: LossSubject, double: LossSubject, z: Floats, targets: Floats, weight: Floats) -> Evidence:
    """Softmax: an exponent of size d is off by d half eps, which e^-d makes less than one; sums over outputs and rows a half eps an entry, and five
    products and differences. Squared error: fewer.
    """
    found, expected = member.gradient(z, targets, weight), double.gradient(z, targets, weight)
    share = (weight / weight.sum())[:, None]
    scale = share * (np.ones(z.shape) if member.technique == "softmax_cross_entropy" else np.abs(z) + np.abs(targets))
    return close(
        found, expected, ulps=3 + sum(z.shape) / 2, scale=scale,
        given=lambda at: f"outputs {z.tolist()}, targets {targets.tolist()}, row weights {weight.tolist()}: entry {at}",
    )  # fmt: skip


def _central(value: Callable[[Floats], float], at: Floats, steps: Floats) -> Floats:
    """The central difference by every entry, over the distance as represented."""
    found = np.zeros(at.shape)
    for entry in np.ndindex(*at.shape):
        up, down = at.copy(), at.copy()
        up[entry] += steps[entry]
        down[entry] -= steps[entry]
        found[entry] = (value(up) - value(down)) / (up[entry] - down[entry])
    return found


def _penalty(member: PenaltySubject, double: PenaltySubject, probe: Probe) -> Evidence:
    against = _effects_on_penalty if _is_double(member) else _penalty_in_double
    return first_refuted(*(against(member, double, weights, strength, probe) for weights in _weights(probe) for strength in STRENGTHS))


def _weights(probe: Probe) -> list[Floats]:
    """Of one size each, so that no weight's share of the sum drowns in another's rounding; exact zeros among them."""
    found = []
    for size, count in ((1.0, 1), (1.0, 5), (1e-4, 7), (1e4, 6)):
        random = probe.random(f"weights {size} {count}")
        weights = size * random.uniform(0.3, 2, count) * random.choice([-1, 1], count)
        weights[3:4] = 0
        found.append(weights.astype(probe.dtype))
    return found


def _effects_on_penalty(member: PenaltySubject, _double: PenaltySubject, weights: Floats, strength: float, probe: Probe) -> Evidence:
    size = float(np.abs(weights).max())
    if member.conventions.get("form") == "proximal":
        return _effects_of_a_step(member, weights, strength, size)
    onto = size * probe.random(f"onto {size}").normal(size=weights.shape)
    found = member.gradient(weights, strength, onto) - onto
    return _against_value(
        member, weights, found, strength, size, float(np.abs(onto).max()), f"weights {weights.tolist()}, strength {strength}: what is added"
    )


def _effects_of_a_step(member: PenaltySubject, weights: Floats, strength: float, size: float) -> Evidence:
    """A proximal step is implicit: it moves by the learning rate times the derivative at the point where it arrives."""
    rate = 0.1 * size / max(strength, 1e-3)
    landed = member.after_update(weights, strength, rate)
    derivative = (weights - landed) / rate
    stayed = landed == 0  # the kink, where any number up to the strength is a derivative
    landed = np.where(stayed, 0.0, landed)
    derivative = np.where(stayed, 0.0, derivative)
    given = f"weights {weights.tolist()}, strength {strength}, learning rate {rate:.3g}: a step over the learning rate"
    return _against_value(member, landed, derivative, strength, size, size / rate, given)


def _against_value(member: PenaltySubject, at: Floats, found: Floats, strength: float, size: float, other: float, given: str) -> Evidence:
    """The value is a sum of n numbers, within n half eps of it; two of them over 2h. `other` is what was added to, or subtracted from, in `found`."""
    steps = np.full(at.shape, third_root(member.eps) * size)
    effect = _central(lambda weights: member.value(weights, strength), at, steps)
    slope = max(float(np.abs(effect).max()), member.value(at, strength) / size)
    rounding = (at.size + 3) / 2 * slope + member.eps ** (1 / 3) * 2 * other
    return close(
        found, effect, ulps=1, scale=rounding if rounding > 0 else 1.0, eps=member.eps ** (2 / 3), given=lambda at: f"{given}, entry {at[0]}"
    )


def _penalty_in_double(member: PenaltySubject, double: PenaltySubject, weights: Floats, strength: float, probe: Probe) -> Evidence:
    """One product and one sum; a proximal step's threshold is one product more."""
    strength, rate = member.rounded(strength), member.rounded(0.1)
    onto = probe.matrix(1, weights.size, scale=float(np.abs(weights).max()), purpose=f"onto {weights.size}")[0]
    found, expected = member.gradient(weights, strength, onto), double.gradient(weights, strength, onto)
    landed, exact = member.after_update(weights, strength, rate), double.after_update(weights, strength, rate)
    given: Any = lambda at: f"w = {weights[at]}, strength {strength:.3g}, gradient {onto[at]}"  # noqa: E731
    return first_refuted(
        close(found, expected, ulps=1.5, scale=np.abs(onto) + np.abs(expected - onto), given=given),
        close(
            landed, exact, ulps=1.5, scale=np.abs(weights) + rate * strength, given=lambda at: f"w = {weights[at]}, strength {strength:.3g}: the step"
        ),
    )
