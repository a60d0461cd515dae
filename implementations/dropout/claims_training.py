"""What the lecture claims of training with dropout, held against trainings."""

from typing import Any

from ...harness.claim import claim
from ...harness.evidence import Finding, finding
from ...harness.probe import Probe
from ...harness.subject import DropoutSubject

SEEDS = 20
WITH, WITHOUT = "baseline + dropout", "baseline"


@claim("dropout.hurts-train-helps-test", kind="empirical", section="Dropout", figures=(18, 19), dtypes=("float32",))
def training_accuracy_falls_and_what_test_accuracy_does_is_measured(dropout: DropoutSubject, probe: Probe) -> Finding:
    """On an overfitting setting (500 digits, a fifth of the labels wrong) the training accuracy of a network with dropout is lower than without.
    Whether its test accuracy is higher is measured and reported with its interval, whichever way it falls, with clean labels too.
    """
    noisy, clean = (_effects(dropout, probe, dataset) for dataset in ("digits[train_rows=500,label_noise=0.2]", "digits[train_rows=500]"))
    said = {f"test error with wrong labels: {noisy['test'].verdict}": _interval(noisy["test"])}
    said |= {f"test error with clean labels: {clean['test'].verdict}": _interval(clean["test"])}
    said |= {"training error with clean labels": _interval(clean["train"])}
    return noisy["train"].note(**said)


def _effects(dropout: DropoutSubject, probe: Probe, dataset: str) -> dict[str, Finding]:
    study: dict[str, Any] = {
        "question": "Does dropout cost training accuracy and bring test accuracy?",
        "datasets": [dataset], "seeds": list(range(probe.seed, probe.seed + SEEDS)), "epochs": 100,
        "baseline": {"hidden": [256, 256], "activation": "relu", "optimizer": "adam[learning_rate=0.001]", "initializer": "he"},
        "factors": {"dropout": {"on": {"dropout": f"{dropout.name}[rate=0.5]"}}},
    }  # fmt: skip
    runs = probe.laboratory.runs(study)
    changed = {part: -probe.laboratory.differences(runs, f"{part}_metric", WITH, WITHOUT) for part in ("train", "test")}
    return {
        "train": finding(changed["train"], "training error with dropout minus without", expected="positive"),
        "test": finding(changed["test"], "test error with dropout minus without", expected="negative"),
    }


def _interval(found: Finding) -> str:
    return f"{found.effect:+.3f} [{found.low:+.3f}, {found.high:+.3f}]"
