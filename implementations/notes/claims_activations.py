"""Sentences of the notes on sigmoid and ReLU that fail as printed, and what holds in their place."""

from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, below, equal, erratum
from ...harness.probe import Probe
from ...harness.stack import Stack, log_ratio
from ...harness.subject import ActivationSubject


@claim("erratum.range-argument", kind="erratum", section="Vanishing Gradient Problem", figures=4, about="sigmoid")
def the_range_alone_does_not_attenuate(sigmoid: ActivationSubject, probe: Probe) -> Evidence:
    """The notes argue that sigmoid attenuates a change because its output lies in [0, 1]. That does not do it: σ(10z) has the same range and turns a
    change of 0.1 into 0.245. The slope of at most 1/4 does: no change Δ of z comes out larger than |Δ|/4.
    """
    steep = _change(sigmoid, 10.0, np.array([-0.05]), np.array([0.05]))[0]
    exhibit = Case("σ(10z), with values in [0, 1], from z = -0.05 to 0.05", "a change of less than 0.1", f"{steep:.4g}")
    random = probe.random()
    centre, half = random.normal(0, 1, 300), 10 ** random.uniform(-4, 2, 300) / 2
    start, end = np.concatenate([[-0.05], centre - half]), np.concatenate([[0.05], centre + half])
    change, known = _change(sigmoid, 1.0, start, end), abs(steep - np.tanh(0.25))
    rounded = [sigmoid.array(each).astype(np.float64) for each in (start, end)]
    corrected = all_of(
        # both values are within one eps
        below(
            change, np.abs(rounded[1] - rounded[0]) / 4, ulps=2, scale=1, eps=sigmoid.eps,
            given=lambda at: f"z from {start[at]:.4g} to {end[at]:.4g}",
        ),
        # and so is z, at ±1/2: one rounding of 0.05, one of the product, times a slope of 1/4
        below(known, 0, ulps=3, scale=1, eps=sigmoid.eps, given="σ(0.5) - σ(-0.5) against tanh(1/4)"),
    )  # fmt: skip
    return erratum(exhibit, bool(steep > 0.1), corrected, printed=0.1, change=float(steep))


def _change(sigmoid: ActivationSubject, slope: float, start: Floats, end: Floats) -> Floats:
    ends = sigmoid.array(np.stack([start, end], axis=1))
    a = sigmoid.forward(sigmoid.dtype.type(slope) * ends).astype(np.float64)
    return np.abs(a[:, 1] - a[:, 0])


@claim("erratum.relu-x-for-z", kind="erratum", section="Maxout", figures=9, about="relu")
def the_condition_is_on_the_pre_activation(relu: ActivationSubject, probe: Probe) -> Evidence:
    """The notes say that a = z where x > 0. The condition is z > 0: with w = -1 and b = 0 the input x = 2 gives z = -2, and a = 0."""
    exhibit_value = float(relu.forward([[-1.0 * 2.0]])[0, 0])
    exhibit = Case("w = -1, b = 0, x = 2", "a = z = -2, since x > 0", f"a = {exhibit_value:g}")
    random = probe.random()
    x = np.concatenate([[2.0, -2.0, 2.0, -2.0], random.integers(-8, 9, 200) / 4])
    w = np.concatenate([[-1.0, -1.0, 1.0, 1.0], random.integers(-8, 9, 200) / 4])
    b = np.concatenate([np.zeros(4), random.integers(-8, 9, 200) / 4])
    z = w * x + b  # whole sixteenths: exact in either dtype
    corrected = equal(relu.forward(z[:, None])[:, 0], np.where(z > 0, z, 0), given=lambda at: f"w = {w[at]}, b = {b[at]}, x = {x[at]}")
    differing = int(np.sum((x > 0) != (z > 0)))
    return erratum(exhibit, exhibit_value != -2.0, corrected, differing=differing)


@claim("erratum.relu-never-vanishes", kind="erratum", section="ReLU", figures=7, about="relu", dtypes=("float64",))
def it_is_up_to_the_weights(relu: ActivationSubject, probe: Probe) -> Evidence:
    """The notes say that with ReLU vanishing gradients will not occur. With weights drawn from N(0, 0.01²) they shrink to 0.06 of
    their size from layer to layer, at Glorot initialisation to 0.70. What holds: the activation does not shrink them, and at He initialisation
    neither do the weights.
    """
    tiny, _ = _ratio(relu, probe, lambda fan_in, fan_out, random: random.normal(0, 0.01, (fan_in, fan_out)), "tiny")
    glorot, _ = _ratio(relu, probe, probe.reference("glorot").weights, "glorot")
    he, passed = _ratio(relu, probe, probe.reference("he").weights, "he")
    exhibit = Case("ten layers of 64, weights N(0, 0.01²) or Glorot", "a factor of about 1 a layer", f"{tiny:.3f} or {glorot:.2f}")
    # a single network's log ratio varies by 0.03 about 0 with the seed, the mean of eight by a hundredth: a tenth is nine of these
    near_1 = below(abs(np.log(he)), 0.1, ulps=0, eps=1, given="absolute log ratio a layer at He initialisation")
    return erratum(exhibit, bool(tiny < 0.1 and glorot < 0.8), all_of(near_1, passed), normal_0_01=tiny, glorot=glorot, he=he)


def _ratio(relu: ActivationSubject, probe: Probe, fill: Any, name: str) -> tuple[float, Evidence]:
    """The factor a layer, over eight networks; and whether the activation passed the gradient of every active unit unchanged."""
    ratios, passed = [], []
    for random in probe.random(name).spawn(8):
        stack = Stack.initialised(relu, fill, [64] * 12, random)
        space, _ = stack.gradients(random.normal(size=(4, 64)), random.normal(size=(4, 64)))
        ratios.append(log_ratio([float(np.linalg.norm(da)) for da in space.da]))
        active = [z > 0 for z in space.z[:-1]]
        found, above = (np.concatenate([values[each] for values, each in zip(arrays, active, strict=False)]) for arrays in (space.dz, space.da))
        passed.append(equal(found, above, given="gradient behind an active unit"))
    return float(np.exp(np.mean(ratios))), all_of(*passed)
