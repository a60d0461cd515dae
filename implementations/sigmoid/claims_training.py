"""What the lecture claims of training deep networks of sigmoid units, held against trainings."""

from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Finding, finding
from ...harness.probe import Probe
from ...harness.subject import ActivationSubject

SEEDS, EARLY, LATE = 10, 3, 60
RATE = 0.1


@claim("sigmoid.late-layers-first", kind="empirical", section="Vanishing Gradient Problem", figures=3, dtypes=("float32",))
def layers_near_the_output_move_first(sigmoid: ActivationSubject, probe: Probe) -> Finding:
    """Under plain gradient descent, while the training error is near chance, hidden layers near the output have moved relatively further from
    their first weights than those near the input. At convergence, and under Adam, this need not hold; there it is reported.
    """
    plain, adaptive = f"sgd[learning_rate={RATE}]", "adam[learning_rate=0.001]"
    seeds = range(probe.seed, probe.seed + SEEDS)
    early = [_lead(sigmoid, probe, plain, seed, EARLY) for seed in seeds]
    late = [_lead(sigmoid, probe, plain, seed, LATE) for seed in seeds]
    adam = [_lead(sigmoid, probe, adaptive, seed, EARLY) for seed in seeds]
    return finding(
        [lead for lead, _ in early],
        f"log of how much further the last hidden layer has moved than the first, after {EARLY} epochs",
        expected="positive",
        **{f"the same after {LATE} epochs": float(np.mean([lead for lead, _ in late]))},
        **{f"the same under Adam after {EARLY} epochs": float(np.mean([lead for lead, _ in adam]))},
        training_error_then=float(np.mean([error for _, error in early])),
    )


def _lead(sigmoid: ActivationSubject, probe: Probe, optimizer: str, seed: int, epochs: int) -> tuple[float, float]:
    """The log ratio of the relative movements of the last and the first hidden layer, and the training error."""
    recipe: dict[str, Any] = {"hidden": [32] * 4, "activation": sigmoid.name, "optimizer": optimizer, "initializer": "glorot"}
    looks = list(probe.laboratory.follow(recipe, "digits", seed, epochs, every=epochs))
    first, last = looks[0].weights, looks[-1].weights
    moved = [_relative(after, before) for before, after in zip(first, last, strict=True)]
    return float(np.log(moved[-2] / moved[0])), 1 - looks[-1].figures["train_metric"]


def _relative(after: Floats, before: Floats) -> float:
    return float(np.linalg.norm(after - before) / np.linalg.norm(before))
