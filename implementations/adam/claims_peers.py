"""Adam against the Adam of other libraries."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import NotApplicable, claim
from ...harness.evidence import Evidence, all_of
from ...harness.probe import Probe
from ...harness.subject import OptimizerSubject
from ._expected import Steps, agrees, expected

SETTINGS: tuple[dict[str, Any], ...] = ({}, {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3})
WITHOUT_EPSILON: tuple[dict[str, Any], ...] = tuple({**setting, "epsilon": 1e-30} for setting in SETTINGS)
STEPS = 100


@claim("adam.peers-agree", kind="identity", section="not in the notes")
def peers_walk_the_same_path(adam: OptimizerSubject, probe: Probe) -> Evidence:
    """Over 100 steps and gradients of three sizes it moves as the Adam of every other library that is installed (torch, optax, scikit-learn)
    and declares the same conventions; where only the place of ε differs, with an ε that is too small to matter.
    """
    found = peers(adam, probe.subjects("adam"))
    if not found:
        raise NotApplicable("no other library's Adam with the same bias correction is installed")
    gradients = probe.gradients(STEPS, (1e-4, 1.0, 1e4), zeros=False)
    return all_of(*(_agree(adam, peer, gradients) for peer in found)).note(peers=", ".join(peer.name for peer in found))


def peers(adam: OptimizerSubject, others: Sequence[Any]) -> list[Any]:
    """Adapters of other libraries that correct as this one does."""
    libraries = [other for other in others if other.name.endswith("_native") and other.name != adam.name]
    return [other for other in libraries if other.conventions["bias_correction"] == adam.conventions["bias_correction"]]


def _agree(adam: OptimizerSubject, peer: OptimizerSubject, gradients: Floats) -> Evidence:
    same = peer.conventions["epsilon_at"] == adam.conventions["epsilon_at"]
    parts: list[Evidence] = []
    for setting in SETTINGS if same else WITHOUT_EPSILON:
        steps = expected(adam, gradients, setting)
        moved = adam.walk(gradients, from_zero=True, **setting).movements
        theirs = _path(peer, gradients.tobytes(), gradients.shape, tuple(setting.items()))
        # both are rounded
        agreed = agrees(adam, moved, Steps(theirs.astype(np.float64), 2 * steps.bounds, steps.mean, steps.square), gradients, setting, shorten=False)
        parts.append(agreed)
    return all_of(*parts)


@functools.lru_cache(maxsize=64)
def _path(peer: OptimizerSubject, gradients: bytes, shape: tuple[int, ...], setting: tuple[tuple[str, Any], ...]) -> Floats:
    """A library takes up to 300 microseconds a step; every implementation is compared with the same path."""
    return peer.walk(np.frombuffer(gradients, peer.dtype).reshape(shape), from_zero=True, **dict(setting)).movements
