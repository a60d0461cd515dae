"""Trainings set up to have one condition each: what was done to them is known, and the diagnosis sees their learning curves alone."""

from dataclasses import dataclass, replace

from trickbench.harness import Study, run
from trickbench.harness.diagnosis.of_results import of_result

SEEDS, EPOCHS = 20, 40
FRESH = tuple(range(100, 100 + SEEDS))
"""Seeds on which nothing was settled."""
GOOD = {"hidden": [32], "activation": "relu", "optimizer": "adam[learning_rate=0.003]", "initializer": "he"}
CLEAN, NOISY = ["digits", "breast_cancer"], ["digits[train_rows=300,label_noise=0.2]", "breast_cancer[train_rows=150,label_noise=0.15]"]

SPOILT = {
    "deep": {"hidden": [32] * 8, "activation": "sigmoid", "optimizer": "sgd[learning_rate=0.1]", "initializer": "glorot"},
    "slow": {"optimizer": "sgd[learning_rate=0.0003]"},
    "fast": {"optimizer": "sgd[learning_rate=30]"},
    "held back": {"penalty": "l2[strength=1.5]"},
}
REMEDIES = {
    "early stopping": {"stopper": "early_stopping[patience=10]"},
    "dropout": {"dropout": "dropout[rate=0.5]"},
    "l2": {"penalty": "l2[strength=0.01]"},
    "far too much l2": {"penalty": "l2[strength=1.0]"},
}


def study(name, datasets, epochs, baseline, levels):
    factors = {level: {"on": changes} for level, changes in levels.items()}
    return Study(name=name, question="What is wrong with it?", datasets=datasets, seeds=FRESH, epochs=epochs, baseline=baseline, factors=factors)


def results(folder):
    """Both studies: clean data with one thing spoilt, and few rows with wrong labels under a network that learns them by heart."""
    clean = run(study("spoilt", CLEAN, EPOCHS, GOOD, SPOILT), output=folder / "spoilt")
    large = GOOD | {"hidden": [128], "optimizer": "adam[learning_rate=0.001]"}
    return clean, run(study("noisy", NOISY, 300, large, REMEDIES), output=folder / "noisy")


@dataclass(frozen=True)
class Condition:
    """What was done, the titles that are right for the curves alone and beside the other arms, and the trainings."""

    name: str
    alone: tuple[str, ...]
    beside: tuple[str, ...]
    histories: list


def conditions(clean, noisy):
    """Every condition on every dataset."""
    spoilt = {(each.arm, each.dataset): list(each.histories) for each in of_result(clean)}
    wrong = {(each.arm, each.dataset): list(each.histories) for each in of_result(noisy)}
    for dataset in CLEAN:
        deep = spoilt["baseline + deep", dataset]
        bare = [replace(history, gradients=()) for history in deep]
        bad = {kind: (f"bad on training: {kind}",) for kind in ("vanishing gradient", "not learning", "diverging", "still improving", "levelled off")}
        yield Condition(f"nothing, {dataset}", ("good",), ("good",), spoilt["baseline", dataset])
        yield Condition(f"eight sigmoid layers, {dataset}", bad["vanishing gradient"], bad["vanishing gradient"], deep)
        yield Condition(f"the same without the layers' gradients, {dataset}", bad["not learning"], bad["not learning"], bare)
        yield Condition(f"a rate far too small, {dataset}", bad["still improving"], bad["still improving"], spoilt["baseline + slow", dataset])
        yield Condition(f"a rate far too large, {dataset}", bad["diverging"], bad["diverging"], spoilt["baseline + fast", dataset])
        held = ("cannot tell", *bad["levelled off"], *bad["not learning"])
        yield Condition(f"a penalty far too strong, {dataset}", held, held[1:], spoilt["baseline + held back", dataset])
    for dataset in NOISY:
        yield Condition(f"wrong labels learned by heart, {dataset}", ("overfitting",), ("overfitting",), wrong["baseline", dataset])
