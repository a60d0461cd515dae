"""What the lecture claims of sigmoid itself: where its values lie, how steep it is, and what that does to a difference."""

from collections.abc import Callable

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, below, close, equal, first_refuted, true
from ...harness.probe import Probe
from ...harness.subject import ActivationSubject
from ._inputs import climb, exact, finite_points, shapes


@claim("sigmoid.definition", kind="identity", section="not in the notes")
def values_are_those_of_the_logistic_function(sigmoid: ActivationSubject, probe: Probe) -> Evidence:
    """a = 1/(1 + e⁻ᶻ), to an absolute error of one eps, whatever the shape of the array."""
    # exponential, sum and quotient are each within a unit in the last place of a number of at most 1, which is half an eps; at a = 1/2, where all
    # of them count, the exponential's error enters a quarter
    points = finite_points(probe)
    large = probe.random("large").uniform(-30, 30, (64, 257)).astype(probe.dtype)  # enough for an implementation that treats long arrays otherwise
    some = np.s_[:: 257 // 3]
    return first_refuted(
        *(close(sigmoid.forward(z), exact(z), ulps=1, scale=1, given=_at("z", z)) for z in shapes(points)),
        close(sigmoid.forward(large), 1 / (1 + np.exp(-large.astype(np.float64))), ulps=1.5, scale=1, given=_at("(64, 257) entries, z", large)),
        close(sigmoid.forward(large).ravel()[some], exact(large.ravel()[some]), ulps=1, scale=1, given=_at("z", large.ravel()[some])),
    )


@claim("sigmoid.range", kind="bound", section="Vanishing Gradient Problem", figures=4)
def values_lie_between_0_and_1_in_order_and_symmetric(sigmoid: ActivationSubject, probe: Probe) -> Evidence:
    """The output lies in [0, 1], grows with z and is symmetric, σ(-z) = 1 - σ(z); +∞ gives 1, -∞ gives 0, NaN stays NaN; no finite input
    overflows, and for z < 0 the value is as accurate as the implementation declares.
    """
    points = finite_points(probe)
    special = np.array([[np.inf, -np.inf, np.nan, np.nan, np.inf, -np.inf, 0.0, np.nan]])
    return first_refuted(
        equal(sigmoid.forward(special), [[1, 0, np.nan, np.nan, 1, 0, 0.5, np.nan]], given=_at("z", special)),
        _no_flag(sigmoid, points),
        _inside(sigmoid, probe, points),
        _monotone(sigmoid, probe),
        _symmetric(sigmoid, points[None]),
        _negative_tail(sigmoid, probe),
    )  # fmt: skip


def _symmetric(sigmoid: ActivationSubject, z: Floats) -> Evidence:
    return close(sigmoid.forward(-z), 1 - sigmoid.forward(z).astype(np.float64), ulps=1, scale=1, given=_at("-z for z", z))


def _no_flag(sigmoid: ActivationSubject, points: Floats) -> Evidence:
    """Underflow is allowed: e to a very negative power is 0."""
    for z in (points[None], *points[:, None, None]):
        try:
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                sigmoid.forward(z)
        except FloatingPointError as error:
            if z.size == 1:
                return true(False, Case(f"z = {z[0, 0]}", "no overflow", f"FloatingPointError: {error}"))
        else:
            if z.size > 1:
                break
    return true(True, Case("finite z", "no overflow", "none"), cases=points.size)


def _inside(sigmoid: ActivationSubject, probe: Probe, points: Floats) -> Evidence:
    def outside(z: Floats) -> Floats:
        return np.abs(sigmoid.forward(z)[:, 0].astype(np.float64) - 0.5) - 0.5

    z = sigmoid.array(climb(outside, points[:, None], probe.random("climb"), rounds=4))
    return below(outside(np.concatenate([points[:, None], z])), 0, ulps=0, eps=sigmoid.eps, given=_at("z", np.concatenate([points, z[:, 0]])))


def _monotone(sigmoid: ActivationSubject, probe: Probe) -> Evidence:
    """Within two units in the last place, of 1 where only an absolute error is declared; the next number and the next point both count."""
    z = np.sort(np.concatenate([probe.random("order").uniform(-40, 40, 600), probe.magnitudes(200, -8, 2.8, purpose="order")])).astype(probe.dtype)
    z = np.sort(np.concatenate([z, np.nextafter(z, sigmoid.dtype.type(np.inf))]))
    a = sigmoid.forward(z[None])[0]
    unit = np.spacing(np.maximum(a[1:], a[:-1])) if sigmoid.conventions["negative_tail"] == "relative" else np.full(a.size - 1, sigmoid.eps)
    drop = (a[:-1].astype(np.float64) - a[1:]) / unit
    return below(drop, 0, ulps=2, scale=1, eps=1, given=lambda at: f"from z = {z[at]} to {z[at[0] + 1]}, in units in the last place")


def _negative_tail(sigmoid: ActivationSubject, probe: Probe) -> Evidence:
    information = np.finfo(sigmoid.dtype)
    lowest = float(np.log(information.tiny))
    random = probe.random("tail")
    z = sigmoid.array(np.concatenate([random.uniform(lowest, 0, 150), random.uniform(-20, 0, 50), [lowest + 0.1]]))[None]
    beyond = sigmoid.array([[lowest - 0.1, lowest - 10, 1.3 * lowest, 10 * lowest]])
    relative = sigmoid.conventions["negative_tail"] == "relative"
    # exponential, sum and quotient: within a unit in the last place each, and such a unit is at most one eps of the number
    ulps, scale = (3, exact(z)) if relative else (1, 1)
    return first_refuted(
        close(sigmoid.forward(z), exact(z), ulps=ulps, scale=scale, given=_at("z", z)),
        below(sigmoid.forward(beyond), float(information.tiny) if relative else sigmoid.eps, ulps=0, eps=sigmoid.eps, given=_at("z", beyond)),
    )  # fmt: skip


@claim("sigmoid.derivative", kind="bound", section="Vanishing Gradient Problem", figures=4)
def the_slope_is_at_most_a_quarter(sigmoid: ActivationSubject, probe: Probe) -> Evidence:
    """σ' = σ(1 - σ), to an absolute error of one eps, times whatever gradient comes from above; it is 1/4 at 0, never more, and less elsewhere."""
    points = finite_points(probe)
    return first_refuted(
        *(_times_upstream(sigmoid, probe, z) for z in shapes(points)),
        equal(sigmoid.derivative([[0.0, -0.0]]), [[0.25, 0.25]], given="z = 0"),
        _long_array(sigmoid, probe),
        _special_gradients(sigmoid),
        _never_above_a_quarter(sigmoid, probe),
        _less_elsewhere(sigmoid, probe),
    )


def _times_upstream(sigmoid: ActivationSubject, probe: Probe, z: Floats) -> Evidence:
    upstream = probe.magnitudes(z.size, -8, 8, purpose=f"upstream {z.shape}").reshape(z.shape)
    upstream.ravel()[::11] = 0
    found = sigmoid.backward(upstream, z)
    # a's own error of half an eps enters at most once, and two products round numbers of at most 1/4
    expected = upstream * (exact(z) * exact(-z))
    return close(found, expected, ulps=1, scale=np.abs(upstream), given=lambda at: f"z = {z[at]}, ∂L/∂a = {upstream[at]}")


def _long_array(sigmoid: ActivationSubject, probe: Probe) -> Evidence:
    """More entries than an implementation that treats long arrays otherwise calls few; the expected value has half an eps of its own."""
    z, upstream = (probe.random("long").uniform(-30, 30, (2, 64, 257))).astype(probe.dtype)
    decay = np.exp(-np.abs(z.astype(np.float64)))
    expected = upstream * (decay / (1 + decay) ** 2)
    found = sigmoid.backward(upstream, z)
    return close(found, expected, ulps=1.5, scale=np.abs(upstream), given=lambda at: f"(64, 257) entries, z = {z[at]}, ∂L/∂a = {upstream[at]}")


def _special_gradients(sigmoid: ActivationSubject) -> Evidence:
    """At ±∞ the slope is 0; a gradient that is infinite or NaN concerns its own entry only."""
    z, upstream = np.array([[np.inf, -np.inf, 0.0, 0.0, 0.0]]), np.array([[2.0, 2.0, np.nan, np.inf, 2.0]])
    expected = [[0, 0, np.nan, np.inf, 0.5]]
    return close(sigmoid.backward(upstream, z), expected, ulps=1, scale=upstream, given=lambda at: f"z = {z[at]}, ∂L/∂a = {upstream[at]}")


def _never_above_a_quarter(sigmoid: ActivationSubject, probe: Probe) -> Evidence:
    def slope(z: Floats) -> Floats:
        return sigmoid.derivative(z)[:, 0]

    starts = np.concatenate([probe.random("starts").uniform(-8, 8, (120, 1)), probe.magnitudes(120, -9, 1, purpose="starts")[:, None]])
    z = sigmoid.array(climb(slope, starts, probe.random("climb"), rounds=5))
    # from e⁻ᶻ/(1 + e⁻ᶻ)² a quarter may come out larger by the rounding of four operations, half a unit each; from σ(1 - σ) it does not
    return below(slope(z), 0.25, ulps=2, eps=sigmoid.eps, given=_at("z", z[:, 0]))


def _less_elsewhere(sigmoid: ActivationSubject, probe: Probe) -> Evidence:
    """1/4 - z²/16 is a whole eps below 1/4 at abs(z) = 4√eps, where it is rounded to an eighth of one."""
    away = 4 * float(np.sqrt(sigmoid.eps))
    distance = np.concatenate([away * np.array([1.01, 1.1, 2, 10]), 10 ** probe.random("away").uniform(np.log10(1.01 * away), 2, 100)])
    z = sigmoid.array(np.concatenate([distance, -distance]))[None]
    largest = float(np.nextafter(sigmoid.dtype.type(0.25), sigmoid.dtype.type(0)))
    return below(sigmoid.derivative(z), largest, ulps=0, eps=sigmoid.eps, given=_at("z", z))


@claim("sigmoid.attenuates", kind="bound", section="Vanishing Gradient Problem", figures=4)
def a_difference_comes_out_smaller(sigmoid: ActivationSubject, probe: Probe) -> Evidence:
    """However large a change Δ of z, the output changes by at most tanh(|Δ|/4), which is less than |Δ|/4 and less than 1; from z = -Δ/2 by exactly
    that.
    """

    def change(pairs: Floats) -> Floats:
        a = sigmoid.forward(pairs).astype(np.float64)
        return np.abs(a[:, 1] - a[:, 0])

    def limit(pairs: Floats) -> Floats:
        return np.tanh(np.abs(pairs[:, 1] - pairs[:, 0]) / 4)

    def ends(centres_and_widths: Floats) -> Floats:
        centre, width = centres_and_widths.T
        return sigmoid.array(np.stack([centre - width / 2, centre + width / 2], axis=1))

    random = probe.random("pairs")
    starts = np.stack([random.normal(0, 2, 200), 10 ** random.uniform(-4, 3, 200)], axis=1)
    worst = ends(climb(lambda at: change(ends(at)) - limit(ends(at).astype(np.float64)), starts, probe.random("climb")))
    pairs = np.concatenate([ends(starts), worst])
    widths = np.concatenate([[1.0, 0.1, 4.0, 100.0], probe.magnitudes(60, -6, 3, purpose="widths")])
    centred = sigmoid.array(np.stack([-widths / 2, widths / 2], axis=1))
    # both values are within one eps
    return first_refuted(
        close(change(centred), limit(centred.astype(np.float64)), ulps=2, scale=1, eps=sigmoid.eps, given=_between(centred)),
        below(change(pairs), limit(pairs.astype(np.float64)), ulps=2, scale=1, eps=sigmoid.eps, given=_between(pairs)),
    )


def _between(pairs: Floats) -> Callable[[tuple[int, ...]], str]:
    return lambda at: f"from z = {pairs[at[0], 0]} to {pairs[at[0], 1]}"


def _at(name: str, z: Floats) -> Callable[[tuple[int, ...]], str]:
    return lambda at: f"{name} = {z[at]}"
