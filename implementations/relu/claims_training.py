"""What the lecture claims of training deep networks of ReLU units, held against trainings in which every arm has its own learning rate tuned."""

from typing import Any

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Finding, finding, jointly
from ...harness.probe import Probe
from ...harness.subject import ActivationSubject

LAYERS, WIDTH, EPOCHS, SEEDS = 8, 32, 30, 20
TUNING: dict[str, Any] = {"trials": 16, "seeds": 4, "space": {"learning_rate": (1e-4, 1.0)}}
"""Four trainings a trial: near the edge of stability some ReLU networks die, and fewer trainings would not see it."""

CHANCE, TRAINED = 0.85, 0.05
"""Training errors: who always names the most frequent of ten digits errs in 0.9 of the rows."""


@claim("relu.trains-deep", kind="empirical", section="ReLU", figures=5, dtypes=("float32",))
def a_depth_that_sigmoid_cannot_train(relu: ActivationSubject, probe: Probe) -> Finding:
    """At a depth of 8 layers, at which sigmoid stays near chance on training data, ReLU is trained by momentum under the same budget, with the
    learning rate tuned for both on validation rows. What Adam makes of the sigmoid network is reported.
    """
    (sigmoid, slow), (own, fast) = _training_errors(relu, probe, "momentum", SEEDS)
    (adaptive, _), _ = _training_errors(relu, probe, "adam", 5)
    return jointly(
        finding(sigmoid - own, f"training error of {LAYERS} layers, sigmoid minus ReLU", expected="positive"),
        finding(sigmoid - CHANCE, f"training error of sigmoid minus {CHANCE:g}", expected="positive"),
        finding(own - TRAINED, f"training error of ReLU minus {TRAINED:g}", expected="negative"),
    ).note(sigmoid=float(sigmoid.mean()), relu=float(own.mean()), sigmoid_with_adam=float(adaptive.mean()), tuned=f"sigmoid {slow}, ReLU {fast}")


def _training_errors(relu: ActivationSubject, probe: Probe, optimizer: str, seeds: int) -> list[tuple[Floats, str]]:
    """Of sigmoid and of ReLU, one a seed, each with the initial weights that are made for it; and the tuned optimiser."""
    study: dict[str, Any] = {
        "question": "Does ReLU train a network that is too deep for sigmoid?",
        "datasets": ["digits"], "seeds": list(range(probe.seed, probe.seed + seeds)), "epochs": EPOCHS, "measure_every": EPOCHS, "tuning": TUNING,
        "baseline": {"hidden": [WIDTH] * LAYERS, "activation": "sigmoid", "optimizer": optimizer, "initializer": "glorot"},
        "factors": {"activation": {"relu": {"activation": relu.name, "initializer": "he"}}},
    }  # fmt: skip
    runs = probe.laboratory.runs(study)
    arms = [runs[runs["arm"] == arm] for arm in ("baseline", "baseline + relu")]
    return [(1 - arm["train_metric"].to_numpy(), str(arm["recipe"].iloc[0].optimizer)) for arm in arms]
