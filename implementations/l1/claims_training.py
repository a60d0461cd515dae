"""What the lecture claims of the weights that L1 and L2 leave behind, held against trainings."""

from typing import Any, NamedTuple

import numpy as np

from ...harness.claim import claim
from ...harness.evidence import Finding, finding, jointly
from ...harness.probe import Probe
from ...harness.subject import PenaltySubject

SEEDS, EPOCHS, STRENGTH = 10, 150, 1e-3
HALVINGS = 8
"""Of an interval of strengths that spans a factor of 100: the training losses then agree within a few percent."""


class Trained(NamedTuple):
    """What a training with a penalty left."""

    loss: float
    near_zero: float
    """Share of the weights below 1 % of the largest."""
    largest: float


@claim("l1.shapes-differ", kind="empirical", section="Regularization", dtypes=("float32",))
def l1_leaves_many_weights_near_zero_and_some_large_ones(l1: PenaltySubject, probe: Probe) -> Finding:
    """After training to the same training loss, L1 leaves more weights near 0 (below 1 % of the largest) than L2, and larger ones (the large ones:
    lecture, not notes).
    """
    sparse: list[Trained] = []
    dense: list[Trained] = []
    for seed in range(probe.seed, probe.seed + SEEDS):
        sparse.append(_train(probe, f"{l1.name}[strength={STRENGTH}]", seed))
        dense.append(_matched(probe, sparse[-1].loss, seed))
    near_zero = [a.near_zero - b.near_zero for a, b in zip(sparse, dense, strict=True)]
    largest = [a.largest - b.largest for a, b in zip(sparse, dense, strict=True)]
    apart = max(abs(np.log(a.loss / b.loss)) for a, b in zip(sparse, dense, strict=True))
    return jointly(
        finding(near_zero, "share of weights near 0, L1 minus L2", expected="positive"),
        finding(largest, "largest weight, L1 minus L2", expected="positive"),
    ).note(
        **{"share near 0 under L1": float(np.mean([each.near_zero for each in sparse]))},
        **{"share near 0 under L2": float(np.mean([each.near_zero for each in dense]))},
        **{"training losses agree within": f"{np.expm1(apart):.1%}"},
    )


def _matched(probe: Probe, loss: float, seed: int) -> Trained:
    """The training with the L2 strength, found by bisection in its logarithm, whose training loss comes nearest to the given one."""
    low, high = np.log(1e-4), np.log(1e-2)
    tried: list[Trained] = []
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        tried.append(_train(probe, f"l2[strength={np.exp(middle):.6g}]", seed))
        low, high = (middle, high) if tried[-1].loss < loss else (low, middle)
    return min(tried, key=lambda each: abs(np.log(each.loss / loss)))


def _train(probe: Probe, penalty: str, seed: int) -> Trained:
    recipe: dict[str, Any] = {
        "hidden": [64], "activation": "relu", "optimizer": "sgd[learning_rate=0.1]", "initializer": "he", "penalty": penalty,
    }  # fmt: skip
    *_, last = probe.laboratory.follow(recipe, "digits[train_rows=600]", seed, EPOCHS, every=EPOCHS)
    weights = np.abs(np.concatenate([each.ravel() for each in last.weights]))
    return Trained(last.figures["train_loss"], float(np.mean(weights < 0.01 * weights.max())), float(weights.max()))
