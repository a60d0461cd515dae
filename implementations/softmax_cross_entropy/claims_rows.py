"""What every loss owes to its rows, whatever it measures: the loss of a batch is the weighted mean of the losses of its rows."""

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Evidence, all_of, close, equal
from ...harness.probe import Probe
from ...harness.subject import LossSubject

ROWS = 11


def _batch(probe: Probe) -> tuple[Floats, Floats]:
    """Outputs and soft targets whose rows cost very different amounts."""
    z = probe.matrix(ROWS, 3) * np.resize([0.3, 1, 4], (ROWS, 1))
    return z.astype(probe.dtype), probe.random("targets").dirichlet(np.ones(3), ROWS).astype(probe.dtype)


def _weightings(probe: Probe) -> dict[str, Floats]:
    random = probe.random("weights")
    uneven, zeros = random.uniform(0.1, 5, ROWS), random.uniform(0.1, 5, ROWS)
    zeros[[0, 4, 5, ROWS - 1]] = 0
    only = np.zeros(ROWS)
    only[3] = 0.7
    found = {"ones": np.ones(ROWS), "sevens": np.full(ROWS, 7.0), "unequal": uneven, "unequal, some 0": zeros, "one row's alone": only}
    found |= {"millionths": uneven * 1e-6, "over twelve decades": 10 ** random.uniform(-6, 6, ROWS), "whole numbers": random.integers(1, 5, ROWS)}
    return {name: np.asarray(weights, probe.dtype) for name, weights in found.items()}


@claim("loss.weighted-mean", kind="identity", section="not in the notes", family="loss")
def a_batch_costs_the_weighted_mean_of_its_rows(loss: LossSubject, probe: Probe) -> Evidence:
    """The loss of a batch is the mean of the losses of its rows, weighted by the sample weights, whatever they sum to, and so is its gradient: a sum
    over rows, a mean over outputs, or a mean of the means of unequal parts of the batch is another number.
    """
    z, targets = _batch(probe)
    each = np.array([loss.value(z[row : row + 1], targets[row : row + 1], [0.3 + row]) for row in range(ROWS)])
    slopes = np.concatenate([loss.gradient(z[row : row + 1], targets[row : row + 1], [0.3 + row]) for row in range(ROWS)]).astype(np.float64)
    parts: list[Evidence] = []
    for name, weights in _weightings(probe).items():
        share = weights.astype(np.float64) / weights.astype(np.float64).sum()
        # a sum over rows twice, half a unit a term; each row's own three outputs twice, in another order perhaps
        named, unit = f"{ROWS} rows, weights {name}:", share @ (1 + np.abs(each))
        by_row = share[:, None] * (1 + np.abs(slopes).max(axis=1, keepdims=True) + np.zeros((1, 3)))
        parts += [
            close(loss.value(z, targets, weights), share @ each, ulps=ROWS + 8, scale=unit, eps=probe.eps, given=f"{named} the loss"),
            close(loss.gradient(z, targets, weights), share[:, None] * slopes, ulps=ROWS / 2 + 8, scale=by_row, given=f"{named} gradient,"),
        ]
    return all_of(*parts)


@claim("loss.batches-combine", kind="identity", section="not in the notes", family="loss")
def losses_of_unequal_batches_combine_by_their_weight(loss: LossSubject, probe: Probe) -> Evidence:
    """Batches of unequal size give the loss and the gradient of all their rows if each counts by the sum of its sample weights; the order of the rows
    does not matter, and a row that stands there twice counts as one of twice the weight.
    """
    z, targets = _batch(probe)
    weights = _weightings(probe)["unequal"]
    whole = loss.value(z, targets, weights)
    slope, share = loss.gradient(z, targets, weights), (weights / weights.sum(dtype=np.float64)).astype(np.float64)
    cuts = [slice(0, 1), slice(1, 4), slice(4, ROWS)]
    combined = sum(share[cut].sum() * loss.value(z[cut], targets[cut], weights[cut]) for cut in cuts)
    slopes = np.concatenate([share[cut].sum() * loss.gradient(z[cut], targets[cut], weights[cut]).astype(np.float64) for cut in cuts])
    order = probe.random("order").permutation(ROWS)
    again = np.append(np.arange(ROWS), 2)
    half = weights[again] * np.where(again == 2, 0.5, 1).astype(probe.dtype)
    # as for the weighted mean, on both sides
    close_to = {"ulps": 2 * ROWS + 8, "eps": probe.eps}
    unit, by_row = 1 + whole, share[:, None] + np.abs(slope).max(axis=1, keepdims=True) + np.zeros((1, 3))
    return all_of(
        close(combined, whole, scale=unit, given="batches of 1, 3 and 7 rows against one of 11:", **close_to),
        close(slopes, slope, scale=by_row, given="batches of 1, 3 and 7 rows: gradient,", **close_to),
        close(loss.value(z[order], targets[order], weights[order]), whole, scale=unit, given="the rows in another order:", **close_to),
        close(
            loss.gradient(z[order], targets[order], weights[order]),
            slope[order],
            scale=by_row[order],
            given="the rows in another order: gradient,",
            **close_to,
        ),
        close(loss.value(z[again], targets[again], half), whole, scale=unit, given="one row twice, at half its weight:", **close_to),
    )


@claim("loss.weightless-rows", kind="identity", section="not in the notes", family="loss")
def a_row_of_weight_0_is_not_there(loss: LossSubject, probe: Probe) -> Evidence:
    """A row of sample weight 0 gets no gradient, and what stands in it changes neither the loss nor the gradient of the others."""
    z, targets = _batch(probe)
    weights = _weightings(probe)["unequal, some 0"]
    without, elsewhere = weights == 0, z.copy()
    elsewhere[without] = probe.random("other").normal(0, 20, (int(without.sum()), 3))
    gradient = loss.gradient(z, targets, weights)
    kept = ~without
    ulps, share = ROWS + 4, (weights[kept] / weights.sum())[:, None]  # the same sum over rows, with and without terms of 0
    value = loss.value(z, targets, weights)
    return all_of(
        equal(gradient[without], np.zeros((int(without.sum()), 3)), given="gradient of a row of weight 0,"),
        equal(loss.value(elsewhere, targets, weights), value, given="other outputs in rows of weight 0:"),
        equal(loss.gradient(elsewhere, targets, weights), gradient, given="other outputs in rows of weight 0: gradient,"),
        close(loss.value(z[kept], targets[kept], weights[kept]), value, ulps=ulps, scale=1 + value, eps=probe.eps, given="without them:"),
        close(
            loss.gradient(z[kept], targets[kept], weights[kept]), gradient[kept], ulps=ulps, given="without them: gradient,",
            scale=share + np.abs(gradient[kept]).max(axis=1, keepdims=True) + np.zeros((1, 3)),
        ),
    )  # fmt: skip
