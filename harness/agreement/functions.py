"""Activations, losses, penalties and stoppers: what they give for the same inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..arrays import Floats
from ..conformance.calls import Call, Outcome, another, make, same
from ..conformance.problems import charges, measures, passes, pieces
from ..conformance.rounding import near, sensitivity
from ..evidence import Evidence, all_of
from ..probe import Probe
from ..subject import StopperSubject, Subject
from .peers import agreement, computed_once, peers

SCALES = (1e-3, 1.0, 30.0)


@agreement("activation", "same-values")
def activations_of_one_convention_give_the_same_values(activation: Subject, probe: Probe) -> Evidence:
    """Activations of a technique that declare the same conventions give the same values and derivatives within rounding: for inputs of three
    scales, at zeros and ties, and at infinity.
    """
    random, made = probe.random(), list[Call]()
    for scale in SCALES:
        z = scale * random.normal(size=(6, pieces(activation) * 7))
        z[0] = np.rint(z[0] / scale)  # zeros, and pieces that tie
        made += passes(activation, activation.array(z), activation.array(random.normal(size=(6, 7))))
    endless = activation.array(np.where(random.random((2, pieces(activation) * 7)) < 0.3, random.choice([-np.inf, np.inf, 0.0, -0.0]), 1.5))
    return _compared(activation, probe, [*made, *passes(activation, endless, activation.array(np.ones((2, 7))))])


@agreement("loss", "same-values")
def losses_of_one_convention_give_the_same_values(loss: Subject, probe: Probe) -> Evidence:
    """Losses of a technique that declare the same conventions give the same values and derivatives within rounding: for outputs of three
    scales, targets that are sure and that are not, and rows of unequal weight, one of them 0.
    """
    random, made = probe.random(), list[Call]()
    for scale in SCALES:
        z, targets, weight = scale * random.normal(size=(6, 5)), random.dirichlet(np.ones(5), 6), random.uniform(0, 2, 6)
        targets[:3], weight[4] = np.eye(5)[random.integers(0, 5, 3)], 0
        made += measures(loss.array(z), loss.array(targets), loss.array(weight))
    return _compared(loss, probe, made)


@agreement("penalty", "same-values")
def penalties_of_one_convention_give_the_same_values(penalty: Subject, probe: Probe) -> Evidence:
    """Penalties of a technique that declare the same conventions give the same values, gradients and steps within rounding: for weights of three
    scales, zeros among them, and for any strength, 0 included.
    """
    random, made = probe.random(), list[Call]()
    for scale in SCALES:
        weights = scale * random.normal(size=13) * (np.arange(13) % 4 > 0)
        for strength in (0.0, 0.3 * scale, 7.0):
            made += charges(penalty, weights, random.normal(size=13), strength, 0.1)
    return _compared(penalty, probe, made)


def _compared(examined: Subject, probe: Probe, made: Sequence[Call]) -> Evidence:
    """How far rounding moves an outcome is measured on what is examined; an array's largest entry is its scale, for absolute errors of tails."""
    parts = list[Evidence]()
    left = [make(examined, call) for call in made]
    tolerances = [_tolerance(examined, call, probe) for call in made]
    for peer in peers(examined, probe):
        for call, mine, tolerance in zip(made, left, tolerances, strict=True):
            parts.append(near(mine, make(peer, call), tolerance, f"{call} against {peer.name}"))
    return all_of(*parts)


def _tolerance(examined: Subject, call: Call, probe: Probe) -> Outcome:
    """NaN moves nowhere; and where infinities meet, nothing is owed but what both have."""
    found = sensitivity(call, another(examined).method(call.method), probe.random("moves"), examined.eps)
    return {name: np.where(np.isfinite(values), values, 0.0) for name, values in found.items()}


@agreement("stopper", "same-stop")
def stoppers_of_one_convention_stop_together(stopper: StopperSubject, probe: Probe) -> Evidence:
    """Stoppers of a technique that declare the same conventions stop at the same epoch of a curve and keep the parameters of the same best one: for
    falling, rising and noisy curves, ties, NaN and infinity among them.
    """
    mine, parts = stops_of(stopper, probe), list[Evidence]()
    for peer in peers(stopper, probe):
        parts += [same(one, other, f"{words} against {peer.name}") for (words, one), (_, other) in zip(mine, stops_of(peer, probe), strict=True)]
    return all_of(*parts)


def _stops(stopper: Any, seed: int) -> list[tuple[str, Outcome]]:
    random, found = np.random.default_rng([seed, 1]), list[tuple[str, Outcome]]()
    known = stopper.implementation.technique.hyperparameters
    for number in range(60):
        scores = CURVES[number % len(CURVES)](random)
        chosen = {
            name: int(random.integers(1, 6)) if bounds.integer else float(random.choice([0, 0, 1 / 16, 1 / 4])) for name, bounds in known.items()
        }
        stop = stopper.run(scores, **chosen)
        best = np.zeros(0) if stop.best_parameters is None else stop.best_parameters
        words = f"scores {np.array2string(scores, precision=3)} with {chosen}"
        found.append(
            (
                words,
                {
                    "epochs": np.array(stop.epochs),
                    "stopped": np.array(stop.stopped),
                    "best epoch": np.array(stop.best_epoch),
                    "best parameters": best,
                },
            )
        )
    return found


stops_of = computed_once(_stops)


def _valley(random: np.random.Generator) -> Floats:
    return np.abs(np.arange(24) - random.uniform(0, 20)) / 10


def _noisy(random: np.random.Generator) -> Floats:
    noise = random.normal(size=24) * (0.1 if random.random() < 0.5 else 1)
    return np.round((_valley(random) + noise) * 8) / 8  # eighths, so that there are ties and differences are exact


def _broken(random: np.random.Generator) -> Floats:
    scores = _noisy(random)
    scores[random.random(24) < 0.3] = np.nan if random.random() < 0.5 else np.inf
    return scores


def _falling(random: np.random.Generator) -> Floats:
    return 1 / (1 + np.arange(24) * random.uniform(0.01, 1))


CURVES: tuple[Callable[[np.random.Generator], Floats], ...] = (_valley, _noisy, _broken, _falling)

CLAIMS = (
    activations_of_one_convention_give_the_same_values,
    losses_of_one_convention_give_the_same_values,
    penalties_of_one_convention_give_the_same_values,
    stoppers_of_one_convention_stop_together,
)
