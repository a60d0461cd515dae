"""What is expected of softmax cross-entropy: its formula, what it does at extreme logits, and where it is least.

A row's loss is Σ t (log Σ exp z - z). Implementations take the logarithm of the sum with or without the largest logit, so the unit of a row's
rounding is eps times Σ|t| (1 + max|z|), as large as a change of the logits in their last place makes it.
"""

from collections.abc import Callable

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, below, close, true
from ...harness.probe import Probe
from ...harness.subject import LossSubject
from ._batches import batches, rows_of, shown


@claim("softmax_cross_entropy.value", kind="identity", section="not in the notes")
def the_loss_is_the_weighted_mean_negative_log_probability(loss: LossSubject, probe: Probe) -> Evidence:
    """The loss of a row is the negative logarithm of the target's probability, Σ t (log Σ exp z - z), in nats, for one-hot and for soft targets; the
    loss of a batch is the mean over its rows, weighted by the sample weights.
    """
    return all_of(*(_value(loss, probe, *batch) for batch in batches(probe, "one-hot", "soft")))


@claim("softmax_cross_entropy.gradient", kind="identity", section="not in the notes")
def the_gradient_is_softmax_minus_targets(loss: LossSubject, probe: Probe) -> Evidence:
    """The derivative by the logits is softmax(z) - t times the row's share of the sample weights, for one-hot and for soft targets."""
    return all_of(*(_gradient(loss, probe, *batch) for batch in batches(probe, "one-hot", "soft")))


@claim("softmax_cross_entropy.any-targets", kind="identity", section="not in the notes")
def targets_need_not_sum_to_one(loss: LossSubject, probe: Probe) -> Evidence:
    """Targets that do not sum to 1 are weights of the classes: the loss is Σ t (log Σ exp z - z) all the same, and its derivative softmax(z) Σ t - t;
    a row without targets costs nothing.
    """
    return all_of(*(part(loss, probe, *batch) for batch in batches(probe, "any") for part in (_value, _gradient)))


def _value(loss: LossSubject, probe: Probe, kind: str, z: Floats, targets: Floats, weights: Floats) -> Evidence:
    each, _ = rows_of(z, targets)
    share = weights.astype(np.longdouble) / weights.astype(np.longdouble).sum()
    scale = float((share * np.abs(targets).sum(axis=1) * (1 + np.abs(z).max(axis=1))).sum())
    # in the logarithm classes / 2 for the sum and one for each exponential; in the mean rows / 2 and five single roundings
    ulps = z.shape[1] / 2 + len(z) / 2 + 6
    given = f"{kind} targets: {shown(z, targets, weights)}"
    return close(loss.value(z, targets, weights), (share * each).sum(), ulps=ulps, scale=scale, eps=probe.eps, given=given)


def _gradient(loss: LossSubject, probe: Probe, kind: str, z: Floats, targets: Floats, weights: Floats) -> Evidence:
    _, softmax = rows_of(z, targets)
    share = (weights.astype(np.longdouble) / weights.astype(np.longdouble).sum())[:, None]
    whole = targets.astype(np.longdouble).sum(axis=1, keepdims=True)
    scale = share * (softmax * whole * (1 + np.abs(z).max(axis=1, keepdims=True)) + targets)
    smallest = float(np.finfo(z.dtype).tiny) / probe.eps  # below the smallest normal number anything may be rounded to 0
    # two sums over classes and one over rows at half a unit a term, five single roundings and an exponential
    ulps, expected = z.shape[1] + len(z) / 2 + 6, share * (softmax * whole - targets)
    scale = (scale + smallest).astype(np.float64)
    return close(loss.gradient(z, targets, weights), expected, ulps=ulps, scale=scale, given=_entry(kind, z, targets, weights))


def _entry(kind: str, z: Floats, targets: Floats, weights: Floats) -> Callable[[tuple[int, ...]], str]:
    return lambda at: f"{kind} targets: class {at[1]} of row {at[0]}, {shown(z, targets, at=at[0])}, share {weights[at[0]] / weights.sum():.4g}"


@claim("softmax_cross_entropy.shift-invariant", kind="identity", section="not in the notes")
def only_differences_of_logits_count(loss: LossSubject, probe: Probe) -> Evidence:
    """Adding one number to all logits of a row, another in each row, changes neither the loss nor the gradient, however large or negative it is."""
    random = probe.random()
    z = random.integers(-24, 25, (5, 4)) / 8
    targets, weights = random.dirichlet(np.ones(4), 5), random.uniform(0.2, 3, 5)
    value, gradient = loss.value(z, targets, weights), loss.gradient(z, targets, weights)
    parts: list[Evidence] = []
    for size in (2.0**4, 2.0**10, 2.0**17):
        for signs in ([1, -1, 1, -1, 1], [-1, -1, -1, -1, -1], [0, 0, 1, 0, 0], [0, 0, -1, 0, -1]):
            shift = size * np.array(signs)[:, None]  # eighths on top of it are exact in float32
            named = f"{shown(z, targets, weights)}, shifted by {shift[:, 0].tolist()}:"
            # what a change of the logits in their last place does: the logarithm and its difference from a logit, once each way
            unit = 3 + size
            parts += [
                close(loss.value(z + shift, targets, weights), value, ulps=4, scale=unit, eps=probe.eps, given=f"{named} the loss"),
                close(loss.gradient(z + shift, targets, weights), gradient, ulps=4, scale=unit * np.ones((5, 4)), given=f"{named} the gradient,"),
            ]
    return all_of(*parts)


@claim("softmax_cross_entropy.extreme-logits", kind="identity", section="not in the notes")
def extreme_logits_cost_what_they_should(loss: LossSubject, probe: Probe) -> Evidence:
    """Where one logit is far above the others the loss is the distance from it to the target's, 0 for the same class, however large (0 log 0 is 0),
    and the gradient is 1 and -1; equal logits cost log K at any level, very negative ones too. Rows are free of one another.
    """
    return all_of(
        *(_far_apart(loss, probe, gap) for gap in (200.0, 1e3, 1e4, 1e30)), *(_level(loss, probe, level) for level in (0.0, 90.0, 800.0, 1e4, 1e6))
    )


def _far_apart(loss: LossSubject, probe: Probe, gap: float) -> Evidence:
    """Each of three classes far above, as far below, and every target; rows at their own level, high and very negative, in one batch and alone."""
    gap = loss.rounded(gap)
    z = np.array([[gap if k == top else 0.0 for k in range(3)] for top in range(3) for _ in range(4)])
    z[6:] -= gap
    z[3::4] *= 0.5
    targets = np.array([target for _ in range(3) for target in ([1, 0, 0], [0, 1, 0], [0, 0, 1], [0.25, 0.5, 0.25])], float)
    weights = np.resize([1.0, 2.0, 0.5, 0.5, 4.0], 12)
    distance = (targets * (z.max(axis=1, keepdims=True) - z)).sum(axis=1)
    gradient = (z == z.max(axis=1, keepdims=True)) - targets
    share = weights / weights.sum()
    # only sums of a few numbers are rounded; the other classes' probabilities are below e^-100
    named, scale = f"12 rows of gap {gap:g}, high and very negative:", share[:, None] * np.ones((1, 3))
    parts = [
        close(loss.value(z, targets, weights), (share * distance).sum(), ulps=10, scale=share @ (1 + distance), eps=probe.eps, given=named),
        close(loss.gradient(z, targets, weights), gradient * share[:, None], ulps=4, scale=scale, given=_entry("far apart", z, targets, weights)),
    ]
    for row in range(12):
        alone = slice(row, row + 1)
        named = shown(z[alone], targets[alone])
        parts += [
            close(loss.value(z[alone], targets[alone]), distance[row], ulps=4, scale=1 + distance[row], eps=probe.eps, given=f"{named}: the loss"),
            close(loss.gradient(z[alone], targets[alone]), gradient[alone], ulps=2, scale=np.ones((1, 3)), given=f"{named}: the gradient,"),
        ]
    return all_of(*parts)


def _level(loss: LossSubject, probe: Probe, level: float) -> Evidence:
    z = np.tile([[level], [-level]], (1, 8))
    targets = np.eye(8)[[3, 5]]
    # the logarithm, and a difference from a logit, once with the level added; two rows
    value = close(
        loss.value(z, targets), np.log(8), ulps=6, scale=3 + level, eps=probe.eps, given=f"eight logits of {level:g}, and of {-level:g}: the loss"
    )
    gradient = close(
        loss.gradient(z, targets), (0.125 - targets) / 2, ulps=4, scale=(1 + level) * np.ones((2, 8)), given=f"logits of {level:g}, {-level:g}:"
    )
    return all_of(value, gradient)


@claim("softmax_cross_entropy.impossible-class", kind="identity", section="not in the notes")
def a_class_of_probability_0_costs_nothing_unless_it_is_the_target(loss: LossSubject, probe: Probe) -> Evidence:
    """A logit of minus infinity is a class of probability 0: where it has no share of the targets it changes nothing (0 log 0 = 0), its gradient is
    0, and where it has one the loss is infinite.
    """
    z = probe.matrix(4, 5, scale=2.0)
    targets = np.vstack([np.eye(5)[[2, 0]], probe.random("soft").dirichlet(np.ones(5), 2)]).astype(probe.dtype)
    targets[:, 3] = 0
    weights = np.array([1.0, 0.5, 2.0, 0.25])
    z[:, 3] = -np.inf
    kept = [0, 1, 2, 4]
    without = loss.gradient(z[:, kept], targets[:, kept], weights)
    expected = np.insert(without, 3, 0, axis=1)
    named, unit = shown(z, targets), 1 + np.abs(z[:, kept]).max()
    by_class = np.where(np.arange(5) == 3, 0, unit) * np.ones((4, 5))
    parts = [
        # the same sums, in another order
        close(loss.value(z, targets, weights), loss.value(z[:, kept], targets[:, kept], weights), ulps=8, scale=unit, eps=probe.eps, given=named),
        close(loss.gradient(z, targets, weights), expected, ulps=8, scale=by_class, given=f"{named}: gradient,"),
    ]
    for target, rest in (([0.0, 1.0], "one-hot"), ([0.5, 0.5], "soft")):
        value = loss.value([[0.0, -np.inf]], [target])
        parts.append(true(value == np.inf, Case(f"logits [0, -inf], {rest} targets {target}", "inf", f"{value}")))
    return all_of(*parts)


@claim("softmax_cross_entropy.entropy-bound", kind="bound", section="not in the notes")
def it_is_never_below_the_entropy_of_the_targets(loss: LossSubject, probe: Probe) -> Evidence:
    """Targets that are probabilities cost at least their entropy, and exactly that where softmax gives them: there the gradient is 0, and descending
    along the loss's own gradient leads there and not below.
    """
    random = probe.random()
    parts: list[Evidence] = []
    for rows, classes in ((1, 2), (3, 4), (2, 7)):
        targets = random.dirichlet(np.full(classes, 3.0), rows).astype(probe.dtype).astype(np.float64)
        whole, share = targets.sum(axis=1, keepdims=True), np.array([[1.0], [0.5], [2.0]])[:rows]
        z = np.log(targets) + random.uniform(-3, 3, (rows, 1))
        entropy = float((share * targets * np.log(whole / targets)).sum() / share.sum())
        weights, unit = share[:, 0], 1 + np.abs(z).max()
        named = shown(targets, targets, weights).replace("logits", "logits the logarithms of", 1)
        # the logits are logarithms, rounded; then as for the value and the gradient
        parts += [
            close(loss.value(z, targets, weights), entropy, ulps=classes + 6, scale=unit, eps=probe.eps, given=f"{named}: the loss"),
            close(loss.gradient(z, targets, weights), np.zeros_like(z), ulps=classes + 6, scale=unit * targets, given=f"{named}: the gradient,"),
            _descent(loss, probe, targets, weights, entropy),
        ]
    return all_of(*parts)


def _descent(loss: LossSubject, probe: Probe, targets: Floats, weights: Floats, entropy: float) -> Evidence:
    """Thirty steps of plain descent. A row's curvature is at most share / 2, so a step of 1 / share takes the loss down towards the entropy."""
    z = probe.random("start").uniform(-2, 2, targets.shape)
    step = weights.sum() / weights[:, None]
    values: list[float] = []
    for _ in range(30):
        values.append(loss.value(z, targets, weights))
        z = z - step * loss.gradient(z, targets, weights)
    rounding = (targets.shape[1] + 6) * probe.eps * 8
    lowest = below(
        [-value for value in values],
        np.full(30, -entropy),
        ulps=targets.shape[1] + 6,
        scale=8,
        eps=probe.eps,
        given="minus the loss on the way down,",
    )
    falls = below(values[1:], np.array(values[:-1]) + rounding, ulps=1, eps=probe.eps, given="the loss on the way down,")
    arrived = true(values[-1] - entropy < 0.05 * (values[0] - entropy) + rounding, Case("after 29 steps", f"near {entropy:.6g}", f"{values[-1]:.6g}"))
    return all_of(lowest, falls, arrived)
