"""What the lecture claims of deep networks beside the recipe: do not always blame overfitting."""

from typing import Any

from ...harness.claim import claim
from ...harness.evidence import Finding, finding, jointly
from ...harness.probe import Probe
from ...harness.subject import ActivationSubject

DEPTHS = {"sigmoid": (1, 8, "sgd[learning_rate=0.1]", "glorot"), "relu": (20, 56, "momentum[learning_rate=0.01]", "he")}
"""Shallow, deep, and what trains them: for sigmoid one layer does what eight cannot, for ReLU the depths of the lecture's figure."""


@claim("recipe.deeper-not-overfit", kind="empirical", section="Do not always blame Overfitting", figures=2, about=tuple(DEPTHS), dtypes=("float32",))
def a_deeper_network_can_be_worse_on_training_data_too(activation: ActivationSubject, probe: Probe) -> Finding:
    """A much deeper plain network is worse on test data and on training data, and the gap between the two is no larger: that is not overfitting."""
    shallow, deep, optimizer, initializer = DEPTHS[activation.technique]
    study: dict[str, Any] = {
        "question": "Is a deeper plain network worse on training data as well as on test data?",
        "datasets": ["digits"], "seeds": list(range(probe.seed, probe.seed + 20)), "epochs": 30,
        "baseline": {"hidden": [32] * shallow, "activation": activation.name, "optimizer": optimizer, "initializer": initializer},
        "factors": {"depth": {"deep": {"hidden": [32] * deep}}},
    }  # fmt: skip
    lab = probe.laboratory
    runs = lab.runs(study).assign(gap=lambda table: table["train_metric"] - table["test_metric"])
    worse = {part: -lab.differences(runs, f"{part}_metric", "baseline + deep", "baseline") for part in ("train", "test")}
    wider = lab.differences(runs, "gap", "baseline + deep", "baseline")
    return jointly(
        finding(worse["train"], f"training error, {deep} layers minus {shallow}", expected="positive"),
        finding(worse["test"], "test error", expected="positive"),
        finding(wider, "gap between test and training error", expected="negative"),
    )
