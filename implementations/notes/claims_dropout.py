"""Slips and an error in the notes' section on dropout, each shown with what implementations do."""

import itertools

import numpy as np

from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, close, erratum, true
from ...harness.probe import Probe
from ...harness.subject import DropoutSubject

RATES = (0.3, 0.5, 0.05, 0.8)


def kept_factor(dropout: DropoutSubject, rate: float) -> float:
    """What a kept unit is multiplied by in training, as a mask shows it; with p = 0.8 none is kept once in 10²⁴, which counts as infinity."""
    mask = dropout.mask(1, 256, rate=rate)
    return float(np.append(mask[mask != 0], np.inf)[0])


def share_in_testing(dropout: DropoutSubject, rate: float) -> float:
    """What the weights count in testing, as a share of what they count in training."""
    return dropout.test_scale(rate) / kept_factor(dropout, rate)


@claim("erratum.dropout-when", kind="erratum", section="Dropout", about="dropout")
def all_units_take_part_in_testing_not_in_training(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """A slip of the pen: the notes say that no dropout is done while training and all neurons take part. They mean testing: a training step without
    masks is another step, and in testing nothing is dropped.
    """
    random, units = probe.random(), 200
    activations, upstream = random.normal(size=(1, units)), random.normal(size=(1, 3))
    mask = dropout.mask(1, units, rate=0.3)
    masked, whole = (activations * mask).T @ upstream, activations.T @ upstream
    dropped = np.flatnonzero(mask[0] == 0)
    apart = float(np.abs(masked - whole).max())
    got = f"{dropped.size} units without one, {apart:.3g} away"
    exhibit = Case(f"p = 0.3, {units} units, the gradient by the weights that read them", "that of all units", got)
    corrected = all_of(*(_when(dropout, rate) for rate in RATES))
    return erratum(exhibit, apart > 1e-3 and dropped.size > 0, corrected, dropped=dropped.size)


def _when(dropout: DropoutSubject, rate: float) -> Evidence:
    dropped, scale = int((dropout.mask(1, 2000, rate=rate) == 0).sum()), dropout.test_scale(rate)
    # of 2000 units none, or all, are dropped once in 10^44 at the most
    training = true(0 < dropped < 2000, Case(f"p = {rate}, in training", "some units dropped, not all", f"{dropped} of 2000"))
    testing = true(scale > 0 and scale == dropout.test_scale(rate), Case(f"p = {rate}, in testing", "no unit dropped", f"factor {scale}"))
    return all_of(training, testing)


@claim("erratum.dropout-percent", kind="erratum", section="Dropout", about="dropout")
def the_factor_of_p_percent_is_one_minus_a_hundredth_of_p(dropout: DropoutSubject, _probe: Probe) -> Evidence:
    """A slip of the pen: for a rate of p% the notes multiply by (1-p)%, which read as it stands is negative for p > 1; the factor is 1 - p/100."""
    percents = (30, 50, 5, 80)
    found = np.array([share_in_testing(dropout, percent / 100) for percent in percents])
    exhibit = Case("a rate of 30%: the weights' share in testing", f"(1-30)% = {(1 - 30) / 100}", f"{found[0]:.6g}")
    expected = np.array([1 - percent / 100 for percent in percents])
    given = lambda at: f"a rate of {percents[at[0]]}%: the weights' share"  # noqa: E731
    # the factor of a kept unit, or of testing, is rounded to the dtype, and p before it: half a unit and half of 1 / (1 - p) units of the share
    corrected = close(found, expected, ulps=0.5, scale=1 + expected, eps=dropout.eps, given=given)
    return erratum(exhibit, bool((np.abs(found - (1 - np.array(percents)) / 100) > 0.1).all()), corrected, share=float(found[0]))


@claim("erratum.dropout-all-parameters", kind="erratum", section="Dropout", about="dropout")
def the_bias_is_not_scaled(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """An error: the notes multiply all parameters by 1 - p in testing. The bias is never dropped, so scaling it misses the mean over all masks by
    p·b; with the weights alone scaled the two are equal.
    """
    random, units = probe.random(), 6
    kept = np.array(list(itertools.product((0.0, 1.0), repeat=units)))
    inputs, weights, bias = random.normal(size=units), random.normal(size=units), float(random.choice([-1, 1]) * random.uniform(1, 3))
    scaled, printed, means = np.empty((3, len(RATES)))
    for at, rate in enumerate(RATES):
        factor = kept_factor(dropout, rate)
        probabilities = (rate ** (1 - kept) * (1 - rate) ** kept).prod(axis=1)
        means[at] = probabilities @ (kept * factor @ (inputs * weights) + bias)
        scaled[at] = dropout.test_scale(rate) * (inputs @ weights) + bias
        printed[at] = scaled[at] - bias + bias * share_in_testing(dropout, rate)
    missed = means - printed
    exhibit = Case(
        f"p = {RATES[0]}, a linear unit of {units} inputs, bias {bias:.4g}, all parameters scaled",
        f"the mean over {len(kept)} masks, {means[0]:.6g}",
        f"{printed[0]:.6g}, {missed[0]:.4g} less: p·b is {RATES[0] * bias:.4g}",
    )
    # the factor of kept units rounded, as above, and sums of 2^6 terms in float64
    scale = (1 + 1 / (1 - np.array(RATES))) * (np.abs(inputs * weights).sum() + abs(bias)) * (1 + 10 * 2.0**-52 / dropout.eps)
    corrected = all_of(
        close(scaled, means, ulps=1, scale=scale, eps=dropout.eps, given=lambda at: f"p = {RATES[at[0]]}: the weights scaled, the bias not"),
        close(missed, np.array(RATES) * bias, ulps=2, scale=scale, eps=dropout.eps, given=lambda at: f"p = {RATES[at[0]]}: all scaled, missed by"),
    )
    return erratum(exhibit, bool((np.abs(missed) > 0.01).all()), corrected, missed=float(missed[0]))
