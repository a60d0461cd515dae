"""What the lecture claims of networks with dropout: thinner ones in training, a scaled whole one in testing, which stands for all of them."""

import itertools
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, close, equal, true
from ...harness.probe import Probe
from ...harness.stack import Stack
from ...harness.subject import DropoutSubject
from ._thinned import Layers, drawn_factor, forth_and_back, kept_factor, rounding, test_factor, thinned

WIDTHS = (4, 7, 6, 3)
RATES = (0.5, 0.3, 0.75, 1 / 3, 0.1, 0.95, 0.003, 0.997, 0.0)


def _whole_numbers(random: np.random.Generator) -> Layers:
    """Whole weights, and biases of halves, then quarters: every sum is exact whatever its order, and no unit is at ReLU's kink.

    For a sum of half numbers times 1/(1-p) and a quarter is 0 for none of the rates below.
    """
    pairs = list(itertools.pairwise(WIDTHS))
    biases = [random.integers(-3, 3, pair[1]) + offset for pair, offset in zip(pairs, (0.5, 0.25, 0.0), strict=True)]
    return Layers([random.integers(-4, 5, pair).astype(float) for pair in pairs], biases)


@claim("dropout.thins-network", kind="identity", section="Dropout", figures=19)
def a_dropped_unit_is_as_good_as_not_there(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """Outputs and gradients are those of the smaller network in which the dropped units do not exist and the others count as declared: what is
    dropped contributes nothing forward and gets no gradient backward, from the same mask in both directions.
    """
    random = probe.random()
    cases = ((0.5, 0.75), (0.75, 0.5), (0.875, 0.5), (0.3, 0.6), (0.1, 0.4))
    return all_of(*(_thinner(dropout, probe, rates, int(random.integers(2**63)), random) for rates in cases))


def _thinner(dropout: DropoutSubject, probe: Probe, rates: tuple[float, float], key: int, random: np.random.Generator) -> Evidence:
    rows, layers = 5, _whole_numbers(random)
    x, upstream = random.integers(-3, 4, (rows, WIDTHS[0])).astype(float), random.integers(-3, 4, (rows, WIDTHS[-1])).astype(float)
    masks, again = ([dropout.mask(rows, WIDTHS[1 + at], rate=rate, key=key, layer=at) for at, rate in enumerate(rates)] for _ in range(2))
    outputs, gradient = forth_and_back(Stack(probe.reference("relu"), layers.weights, layers.biases), x, upstream, masks, again)
    wanted, scale = np.zeros((2, *outputs.shape)), np.zeros((2, gradient.size))
    for row in range(rows):
        kept, factors = [mask[row] != 0 for mask in masks], [kept_factor(dropout, rate) for rate in rates]
        wanted[0, row], of_row, active = thinned(layers, x[row], upstream[row], kept, factors)
        wanted[1, row], size, _ = thinned(layers.sizes, np.abs(x[row]), np.abs(upstream[row]), kept, factors, active)
        scale += of_row.flat(), size.flat()
    # with factors that are powers of two every sum of these whole numbers is exact; else a rounding for each term and factor that a product passes,
    # half a unit of the same sum with all signs taken off, and those of the two factors
    exact = all(float(1 / (1 - rate)).is_integer() for rate in rates) or dropout.conventions["scaling"] == "test_time"
    ulps = 0.0 if exact else 0.5 * (sum(WIDTHS) + rows + 8) + sum(rounding(rate) for rate in rates)
    given = f"p = {rates}, key {key}, {rows} rows: kept {[(mask != 0).astype(int).tolist() for mask in masks]}:"
    parts = (
        close(outputs, wanted[0], ulps=ulps, scale=wanted[1], given=f"{given} outputs"),
        close(gradient, scale[0], ulps=ulps, scale=scale[1], given=f"{given} gradient by all weights, then biases"),
    )
    return all_of(*parts)


@claim("dropout.test-deterministic", kind="identity", section="Dropout")
def nothing_is_dropped_in_testing(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """In testing every unit takes part with the factor declared, two evaluations agree bit for bit, and training goes on with masks afterwards."""
    return all_of(*(_tested(dropout, probe, rate) for rate in RATES))


def _tested(dropout: DropoutSubject, probe: Probe, rate: float) -> Evidence:
    given = f"p = {rate:.4g}, in testing"
    before, first = dropout.mask(3, 50, rate=rate), dropout.test_scale(rate)
    others = [dropout.test_scale(rate) for _ in range(3)]
    after = dropout.mask(3, 50, rate=rate)
    fresh = type(dropout)(dropout.implementation, dropout.dtype).test_scale(rate)
    stack = Stack(probe.reference("relu"), [probe.matrix(4, 6, purpose="first"), probe.matrix(6, 2, purpose="second")], [np.ones(6), np.ones(2)])
    x = probe.matrix(5, 4, purpose="inputs")
    outputs = [stack.outputs(x, [np.full((5, 6), dropout.test_scale(rate))]) for _ in range(2)]
    whole = stack.run(x).a[0].astype(np.float64)
    weights = np.abs(stack.weights()[1].astype(np.float64))
    wanted = whole @ stack.weights()[1] * test_factor(dropout, rate) + 1
    return all_of(
        close(first, test_factor(dropout, rate), ulps=1, scale=1, given=f"{given} the factor"),  # 1 - p: one difference
        equal([*others, fresh], np.full(4, first), given=f"{given} the factor again, and by another instance"),
        equal(after, before, given=f"p = {rate:.4g}, a mask drawn after testing"),
        equal(outputs[1], outputs[0], given=f"{given} outputs again"),
        # six products and sums, the factor and a product with it, the bias: half a unit each of the sum without signs
        close(outputs[0], wanted, ulps=5, scale=whole @ weights * test_factor(dropout, rate) + 1, given=f"{given} outputs"),
    )


def _all_masks(units: int, rate: float) -> tuple[Floats, Floats]:
    """All patterns (2^units, units), 1 for kept, and their probabilities."""
    kept = np.array(list(itertools.product((0.0, 1.0), repeat=units)))
    return kept, (rate ** (1 - kept) * (1 - rate) ** kept).prod(axis=1)


@claim("dropout.test-scaling", kind="identity", section="Dropout")
def the_scaled_unit_is_the_mean_over_all_masks(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """For a linear unit the mean over all 2^M masks, each weighted by its probability, equals the test-time output: weights times 1 - p where masks
    are 0 and 1, unchanged where kept units are scaled up, the bias never scaled, for any p.
    """
    return all_of(*(_averaged(dropout, probe, rate, units) for rate in RATES for units in (1, 8)))


def _averaged(dropout: DropoutSubject, probe: Probe, rate: float, units: int) -> Evidence:
    random = probe.random(f"{units}")
    inputs, weights, bias = random.normal(size=units), random.normal(size=units), random.normal()
    if units > 1:
        inputs[1] = 0
    kept, probabilities = _all_masks(units, rate)
    trained = kept * drawn_factor(dropout, rate) @ (inputs * weights) + bias
    tested = (inputs * weights).sum() * dropout.test_scale(rate) + bias
    size = np.abs(inputs * weights).sum()
    given = f"p = {rate:.4g}, inputs {inputs.round(3)}, weights {weights.round(3)}, bias {bias:.3f}: mean over {len(kept)} masks against testing"
    # the factor of kept units is rounded to the dtype; sums of 2^M terms in float64, pairwise, half a unit for each doubling
    scale = test_factor(dropout, rate) * size + (2.0**-52 / dropout.eps) * (units + 3) * (size + abs(bias))
    return close(float(probabilities @ trained), tested, ulps=rounding(rate), scale=scale, eps=dropout.eps, given=given)


@claim("dropout.ensemble", kind="identity", section="Dropout - Intuitive Reason", figures=20)
def one_scaled_network_stands_for_all_thinned_ones(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """M units make 2^M thinned networks with shared weights, all of which occur. For softmax on a linear layer their renormalised geometric mean,
    weighted by the masks' probabilities, is the scaled network exactly; the arithmetic mean, and ReLU layers, agree only approximately.
    """
    combined = [_combined(dropout, probe, rate, units) for rate in RATES for units in (1, 5)]
    return all_of(_all_occur(dropout, probe), *combined).note(**_gaps(dropout, probe))


def _all_occur(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """The least probable of the 16 networks of four units has 77 of 3000 draws to occur in: absent once in 10³³."""
    key = int(probe.random("key").integers(2**63))
    kept = dropout.mask(1, 12000, rate=0.4, key=key).reshape(-1, 4) != 0
    found = len(np.unique(kept @ (8, 4, 2, 1)))
    return true(found == 16, Case(f"p = 0.4, key {key}, 3000 times 4 units", "16 thinned networks", str(found)), cases=16)


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _combined(dropout: DropoutSubject, probe: Probe, rate: float, units: int) -> Evidence:
    random = probe.random(f"softmax {units}")
    inputs, weights, bias = random.normal(size=units), random.normal(size=(units, 3)), 2 * random.normal(size=3)
    kept, probabilities = _all_masks(units, rate)
    logarithms = probabilities @ _log_softmax(kept * inputs * drawn_factor(dropout, rate) @ weights + bias)
    scaled = inputs @ weights * dropout.test_scale(rate) + bias
    found, expected = np.exp(_log_softmax(logarithms)), np.exp(_log_softmax(scaled))
    # a probability changes by at most twice the change of a logit: the rounded factor, and float64's some 2^M / 2 + 20 units of the largest logit
    largest = float((np.abs(inputs) @ np.abs(weights)).max())
    peak = kept_factor(dropout, rate) * largest + np.abs(bias).max() + 2
    scale = 2 * test_factor(dropout, rate) * largest + (2.0**-52 / dropout.eps) * (len(kept) / 2 + 20) * peak
    given = f"p = {rate:.4g}, inputs {inputs.round(3)}, {units} units: geometric mean of {len(kept)} networks, class"
    return close(found, expected, ulps=rounding(rate), scale=scale, eps=dropout.eps, given=given)


def _gaps(dropout: DropoutSubject, probe: Probe) -> dict[str, float]:
    """How far the scaled network is from the mean of the networks where it need not agree, at p = 0.5."""
    random, (kept, probabilities) = probe.random("gaps"), _all_masks(6, 0.5)
    inputs, weights = random.normal(size=6), random.normal(size=(6, 3))
    layer: Any = kept * inputs * drawn_factor(dropout, 0.5) @ weights
    scaled = inputs @ weights * dropout.test_scale(0.5)
    arithmetic = np.exp(_log_softmax(layer)).T @ probabilities - np.exp(_log_softmax(scaled))
    rectified = np.maximum(layer, 0).T @ probabilities - np.maximum(scaled, 0)
    return {"gap_of_arithmetic_mean": float(np.abs(arithmetic).max()), "gap_of_relu_layer": float(np.abs(rectified).max())}
