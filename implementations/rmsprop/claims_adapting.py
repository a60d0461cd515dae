"""RMSProp against Adagrad: what a constant gradient does to the step, and whether a step that has become short grows again."""

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Evidence, all_of, along, below, listed
from ...harness.probe import Probe
from ...harness.subject import OptimizerSubject

STEPS, BURST = 40, 6


@claim("rmsprop.adapts-adagrad-does-not", kind="identity", section="RMSProp", figures=13, about=("rmsprop", "adagrad"))
def rmsprop_recovers_and_adagrad_does_not(optimizer: OptimizerSubject, probe: Probe) -> Evidence:
    """Under a constant gradient Adagrad's step is η/sqrt(t), RMSProp's is η (the first gradient taken in full) or η/sqrt(1-αᵗ) (from zero).
    After a burst RMSProp's σ² - g² shrinks by exactly α a step, so that its step recovers; Adagrad's η/σ never rises, for any gradients.
    """
    sizes = np.concatenate([probe.magnitudes(6, -7, 7), [1.0, -1.0]]).astype(probe.dtype)
    if optimizer.technique == "adagrad":
        return all_of(_slows_down(optimizer, sizes), _never_rises(optimizer, probe))
    return all_of(*(part for decay in (0.9, 0.5, 0.99) for part in (_steady(optimizer, sizes, decay), _recovers(optimizer, sizes, decay))))


def _slows_down(adagrad: OptimizerSubject, sizes: Floats) -> Evidence:
    count = np.arange(1, STEPS + 1, dtype=np.longdouble)[:, np.newaxis]
    walk = adagrad.walk(np.tile(sizes, (STEPS, 1)), from_zero=True, learning_rate=0.3, epsilon=0.0)
    expected = -np.longdouble(adagrad.rounded(0.3)) * np.sign(sizes) / np.sqrt(count)
    # each of t sums is rounded by half a unit, halved by the root; the square, the root, the product and the quotient likewise
    tolerances = np.abs(expected) * (count / 4 + 2.5)
    return along(
        walk.movements, expected, tolerances, lambda at: f"ε = 0, η = 0.3, step {at[0] + 1} with a gradient of {sizes[at[1]]:.4g} at every step"
    )


def _never_rises(adagrad: OptimizerSubject, probe: Probe) -> Evidence:
    """η/σ, read off as movement over gradient, in sequences with bursts, with silence, and those that a climb for a rise has found."""
    random, parts = probe.random("search"), []
    exponents = random.uniform(-6, 6, (12, 50))
    exponents[:, 0], exponents[:, 1] = np.where(np.arange(12) == 3, 6, -6), -np.arange(12) / 2
    for _ in range(4):
        drawn = (random.choice([-1, 1], exponents.shape) * 10**exponents).astype(probe.dtype)
        walk = adagrad.walk(drawn, from_zero=True, learning_rate=0.3, epsilon=0.0)
        reach = np.abs(walk.movements.astype(np.float64) / drawn)

        def given(at: tuple[int, ...], drawn=drawn) -> str:
            return f"ε = 0, η = 0.3: η/σ at step {at[0] + 2} against step {at[0] + 1}, gradients {listed(drawn[: at[0] + 2, at[1]])}"

        # σ itself never falls, rounded or not; each of the two quotients of which this is one is rounded twice
        parts.append(below(reach[1:], reach[:-1], ulps=3, eps=adagrad.eps, given=given))
        best = np.argsort(-(np.diff(np.log(reach), axis=0)).max(axis=0))[:10]
        exponents = np.clip(exponents[:, np.resize(best, 50)] + random.normal(scale=0.5, size=exponents.shape), -7, 7)
    return all_of(*parts)


def _steady(rmsprop: OptimizerSubject, sizes: Floats, decay: float) -> Evidence:
    kept = np.longdouble(rmsprop.rounded(decay))
    count = np.arange(1, STEPS + 1, dtype=np.longdouble)[:, np.newaxis]
    weight = 1 - kept**count if rmsprop.conventions["start"] == "zero" else np.ones_like(count)
    walk = rmsprop.walk(np.tile(sizes, (STEPS, 1)), from_zero=True, learning_rate=0.3, decay=decay, epsilon=0.0)
    expected = -np.longdouble(rmsprop.rounded(0.3)) * np.sign(sizes) / np.sqrt(weight)
    tolerances = np.abs(expected) * _room(STEPS, decay)

    def given(at: tuple[int, ...]) -> str:
        return f"α = {decay}, ε = 0, η = 0.3, step {at[0] + 1} with a gradient of {sizes[at[1]]:.4g} at every step"

    return along(walk.movements, expected, tolerances, given)


def _recovers(rmsprop: OptimizerSubject, sizes: Floats, decay: float) -> Evidence:
    """A burst of 1000 times the gradient at one step; from then on σ², read off as (η g / movement)², less g²."""
    drawn = np.tile(sizes, (STEPS, 1))
    drawn[BURST] *= 1000
    kept, rate = np.longdouble(rmsprop.rounded(decay)), np.longdouble(rmsprop.rounded(0.3))
    walk = rmsprop.walk(drawn, from_zero=True, learning_rate=0.3, decay=decay, epsilon=0.0)
    squares = (rate * drawn / walk.movements)[BURST:] ** 2
    steady = drawn[BURST + 1 :].astype(np.longdouble) ** 2
    excess, before = squares[1:] - steady, np.concatenate([squares[:1], squares[1:-1]]) - steady
    # both squares were read off movements: twice their own room, which is twice that of σ
    tolerances = 2 * (_room(STEPS, decay)[BURST + 1 :] * squares[1:] + kept * _room(STEPS, decay)[BURST:-1] * (before + steady))

    def given(at: tuple[int, ...]) -> str:
        burst = f"gradient {sizes[at[1]]:.4g}, at step {BURST + 1} 1000 times as large"
        return f"α = {decay}, ε = 0, η = 0.3, {burst}: σ² - g² at step {at[0] + BURST + 2} as share of that at the step before"

    level = np.abs(before)
    shrunk = along(
        (excess / level).astype(np.float64), np.broadcast_to(kept, excess.shape), tolerances * rmsprop.eps / np.finfo(np.float64).eps / level, given
    )
    found = np.abs(walk.movements[BURST + 1 :]).astype(np.float64)
    rising = below(found[:-1], found[1:], ulps=4, eps=rmsprop.eps, given=lambda at: f"{given(at)}; the step against the next")
    return all_of(shrunk, rising)


def _room(steps: int, decay: float) -> Floats:
    """How many eps σ and the movement may be off: at each step the average is rounded by up to 5 half units, of which α stays; the root halves
    them; root, product and quotient add half a unit each.
    """
    count = np.arange(1, steps + 1)[:, np.newaxis]
    return 1.25 * (1 - decay**count) / (1 - decay) + 1.5
