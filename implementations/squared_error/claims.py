"""What is expected of squared error: its formula, as declared, and that the best constant is the mean."""

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Evidence, all_of, close, equal
from ...harness.probe import Probe
from ...harness.subject import LossSubject

SHAPES = ((1, 1), (1, 3), (2, 1), (5, 4), (3, 10), (33, 2), (2, 100))
"""Rows and outputs."""


def factor(loss: LossSubject) -> float:
    """What the squared distance is multiplied by."""
    return {"half": 0.5, "one": 1.0}[loss.conventions["factor"]]


def batches(probe: Probe) -> list[tuple[Floats, Floats, Floats]]:
    """Outputs, targets and sample weights of every shape: far apart, close together, equal now and then; equal weights and very unequal ones."""
    random, found = probe.random("batches"), []
    for index, (rows, outputs) in enumerate(SHAPES):
        size = np.resize(np.roll([1e-8, 1.0, 1e3, 1e-3, 1e8], index), (rows, 1))
        z, targets = random.normal(0, 1, (2, rows, outputs)) * size
        z[::2] = targets[::2] + random.normal(0, 0.01, z[::2].shape) * size[::2]
        z[1 % rows, 0] = targets[1 % rows, 0]
        weights = 10 ** random.uniform(-6, 6, rows)
        weights[1 + random.integers(0, rows) :: 3] = 0
        for each in (np.ones(rows), weights, random.uniform(0.2, 3, rows)):
            held = [np.asarray(values, probe.dtype) for values in (z, targets, each)]
            found.append((held[0], held[1], held[2]))
    return found


def shown(z: Floats, targets: Floats, weights: Floats) -> str:
    """A batch in few digits; its first rows and outputs, if there are many."""
    with np.printoptions(precision=4, threshold=8, edgeitems=2):
        return f"outputs {z}, targets {targets}, sample weights {weights}".replace("\n", "")


@claim("squared_error.value", kind="identity", section="not in the notes")
def the_loss_is_the_weighted_mean_squared_distance(loss: LossSubject, probe: Probe) -> Evidence:
    """The loss of a row is the squared distance between outputs and targets, summed over the outputs, or half of it, as declared; the loss of a batch
    is the mean over its rows, weighted by the sample weights.
    """
    parts: list[Evidence] = []
    for z, targets, weights in batches(probe):
        share = weights.astype(np.float64) / weights.astype(np.float64).sum()
        each = factor(loss) * np.square(z.astype(np.float64) - targets).sum(axis=1)
        # a difference counts twice in its square; the sums have no negative terms: half a unit a term, and five single roundings
        ulps = z.shape[1] / 2 + len(z) + 5
        parts.append(close(loss.value(z, targets, weights), share @ each, ulps=ulps, eps=probe.eps, given=shown(z, targets, weights)))
    return all_of(*parts)


@claim("squared_error.gradient", kind="identity", section="not in the notes")
def the_gradient_is_the_difference(loss: LossSubject, probe: Probe) -> Evidence:
    """The derivative by the outputs is their difference from the targets, or twice that, as declared, times the row's share of the sample weights."""
    parts: list[Evidence] = []
    for z, targets, weights in batches(probe):
        share = (weights.astype(np.float64) / weights.astype(np.float64).sum())[:, None]
        expected = 2 * factor(loss) * (z.astype(np.float64) - targets) * share
        # half a unit for the difference, the share, two products; the sum of weights half a unit a row
        parts.append(
            close(loss.gradient(z, targets, weights), expected, ulps=len(z) / 2 + 3,
                  given=lambda at, z=z, t=targets, share=share: f"output {z[at]}, target {t[at]}, in row {at[0]} of share {share[at[0], 0]:.4g}")
        )  # fmt: skip
    return all_of(*parts)


@claim("squared_error.best-constant", kind="identity", section="not in the notes")
def the_best_constant_is_the_mean_of_the_targets(loss: LossSubject, probe: Probe) -> Evidence:
    """Of all constant outputs the weighted mean of the targets costs least, the gradients cancel there, and any other costs more by exactly its
    squared distance from the mean (half of it, if declared): far outliers pull as hard as the formula says.
    """
    random = probe.random()
    parts: list[Evidence] = []
    for rows, outputs in ((2, 1), (6, 3)):
        # whole numbers with a mean that is one: sums in float32 are exact, and only what an implementation does is rounded
        weights = np.resize([1.0, 3.0, 0.0, 2.0, 1.0, 1.0], rows) if rows > 2 else np.array([1.0, 3.0])
        targets = weights.sum() * random.integers(-40, 41, (rows, outputs)).astype(float)
        mean = weights @ targets / weights.sum()
        least = loss.value(np.tile(mean, (rows, 1)), targets, weights)
        slopes = loss.gradient(np.tile(mean, (rows, 1)), targets, weights).astype(np.float64)
        largest = np.abs(slopes).sum(axis=0)
        parts.append(
            close(slopes.sum(axis=0), np.zeros(outputs), ulps=rows, scale=largest, eps=probe.eps, given=f"the gradients at the mean of {targets}:")
        )
        for away in (random.integers(-9, 10, outputs), random.choice([-1, 1], outputs) * random.integers(3000, 9999, outputs)):
            value = loss.value(np.tile(mean + away, (rows, 1)), targets, weights)
            extra = factor(loss) * np.square(away).sum()
            # two losses, each rounded as in the value
            parts.append(
                close(value - least, extra, ulps=rows + outputs + 5, scale=value + least, eps=probe.eps, given=f"{away} off the mean of {targets}:")
            )
    return all_of(*parts)


@claim("squared_error.scales", kind="identity", section="not in the notes")
def twice_the_distance_costs_four_times_as_much(loss: LossSubject, probe: Probe) -> Evidence:
    """Outputs and targets times a power of two cost its square as much and have its multiple as gradient, bit for bit; exchanged they cost the same
    and have the opposite gradient; equal ones cost nothing and have none.
    """
    z, targets, weights = probe.matrix(5, 3), probe.matrix(5, 3, purpose="targets"), probe.random().uniform(0.2, 3, 5)
    value, gradient = loss.value(z, targets, weights), loss.gradient(z, targets, weights)
    parts = [
        equal(loss.value(targets, z, weights), value, given="outputs and targets exchanged:"),
        equal(loss.gradient(targets, z, weights), -gradient.astype(np.float64), given="outputs and targets exchanged: gradient,"),
        equal(loss.value(z, z, weights), 0.0, given="outputs equal to targets:"),
        equal(loss.gradient(z, z, weights), np.zeros((5, 3)), given="outputs equal to targets: gradient,"),
    ]
    for power in (-40, -7, 1, 5, 40):
        size = 2.0**power
        parts += [
            equal(loss.value(z * size, targets * size, weights), value * size**2, given=f"times 2^{power}:"),
            equal(loss.gradient(z * size, targets * size, weights), gradient.astype(np.float64) * size, given=f"times 2^{power}: gradient,"),
        ]
    return all_of(*parts)
