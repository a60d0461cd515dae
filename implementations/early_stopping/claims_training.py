"""What the lecture claims of stopping early, held against trainings."""

from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, Finding, all_of, finding, jointly, true
from ...harness.probe import Probe
from ...harness.subject import StopperSubject

SECTION = "Early Stopping"
OVERFITTING = ("digits[train_rows=300,label_noise=0.2]", "breast_cancer[train_rows=150,label_noise=0.15]")
"""Few rows and wrong labels: without the noise there is nothing to stop for."""
SEEDS, EPOCHS = 20, 300
STOPPED, FULL = "baseline + early_stopping", "baseline"


def overfitting_study(stopper: StopperSubject, probe: Probe, datasets: tuple[str, ...] = OVERFITTING) -> dict[str, Any]:
    """A network large enough to learn the wrong labels by heart, with and without early stopping."""
    return {
        "question": "Does training longer than the validation set says make the test result worse?",
        "datasets": list(datasets), "seeds": list(range(probe.seed, probe.seed + SEEDS)), "epochs": EPOCHS,
        "baseline": {"hidden": [128], "activation": "relu", "optimizer": "adam[learning_rate=0.001]", "initializer": "he"},
        "factors": {"early_stopping": {"on": {"stopper": f"{stopper.name}[patience=10]"}}},
    }  # fmt: skip


@claim("early.train-test-diverge", kind="empirical", section=SECTION, figures=17, dtypes=("float32",))
def training_loss_falls_on_while_validation_and_test_loss_turn_up(stopper: StopperSubject, probe: Probe) -> Finding:
    """On an overfitting setting (300 digits, a fifth of the labels wrong) the training loss keeps falling to the last of 300 epochs, while
    validation and test loss have turned up long before.
    """
    runs = probe.laboratory.runs(overfitting_study(stopper, probe, OVERFITTING[:1]))
    curves = {part: np.array([curve[f"{part}_loss"] for curve in runs[runs["arm"] == FULL]["history"]]) for part in ("train", "validation", "test")}
    turned = {part: [curve[-1] - curve[epoch] for curve, epoch in zip(curves[part], turning_points(curves[part]), strict=True)] for part in curves}
    return jointly(
        finding(turned["test"], "rise of the test loss since the epoch at which it is lowest for the other seeds", expected="positive"),
        finding(turned["validation"], "the same of the validation loss", expected="positive"),
        finding(curves["train"][:, -1] - curves["train"][:, EPOCHS // 2], "change of the training loss over the second half", expected="negative"),
    ).note(lowest_test_loss_at_epoch=float(np.mean(turning_points(curves["test"])) + 1))


def turning_points(curves: Floats) -> list[int]:
    """For each seed the epoch at which the other seeds' mean curve is lowest: its own lowest point would lie below its end by definition."""
    return [int(np.delete(curves, seed, axis=0).mean(axis=0).argmin()) for seed in range(len(curves))]


@claim("early.helps", kind="empirical", section=SECTION, figures=17, dtypes=("float32",))
def the_stopped_run_tests_better_than_the_fully_trained_one(stopper: StopperSubject, probe: Probe) -> Finding:
    """On two overfitting settings (digits and breast_cancer with wrong labels) the test loss of the stopped run is lower than that of the fully
    trained one.
    """
    lab, parts = probe.laboratory, []
    for dataset in OVERFITTING:
        runs = lab.runs(overfitting_study(stopper, probe, (dataset,)))
        name = dataset.partition("[")[0]
        parts.append(finding(-lab.differences(runs, "test_loss", STOPPED, FULL), f"test loss, full minus stopped, on {name}", expected="positive"))
        error = finding(lab.differences(runs, "test_metric", STOPPED, FULL), "", expected="positive")
        parts[-1] = parts[-1].note(**{f"test error, full minus stopped, on {name}": f"{error.effect:+.3f} [{error.low:+.3f}, {error.high:+.3f}]"})
    return jointly(*parts).note(**parts[1].numbers)


@claim("early.validation-stands-for-test", kind="empirical", section=SECTION, figures=17, dtypes=("float32",))
def the_validation_set_stands_in_for_the_test_set(stopper: StopperSubject, probe: Probe) -> Finding:
    """The validation set stands in for the test set: stopping by it costs less test loss, against the best stop there was, than not stopping at all
    costs against stopping.
    """
    lab = probe.laboratory
    runs = lab.runs(overfitting_study(stopper, probe, OVERFITTING[:1])).sort_values("seed")
    full, stopped = (runs[runs["arm"] == arm] for arm in (FULL, STOPPED))
    best = np.array([curve["test_loss"].min() for curve in full["history"]])
    missed = stopped["test_loss"].to_numpy() - best
    saved = full["test_loss"].to_numpy() - stopped["test_loss"].to_numpy()
    found = finding(saved - missed, "test loss saved by stopping, minus that missed against the best stop", expected="positive")
    return found.note(missed=float(missed.mean()), saved=float(saved.mean()))


@claim("early.validation-only", kind="identity", section=SECTION, dtypes=("float64",))
def the_test_set_cannot_influence_the_stop(stopper: StopperSubject, probe: Probe) -> Evidence:
    """The test rows cannot influence a training: permuting or replacing them changes neither the epoch at which it stops nor the parameters that it
    returns.
    """
    lab, random = probe.laboratory, probe.random()
    recipe: dict[str, Any] = {
        "hidden": [16], "activation": "relu", "optimizer": "adam[learning_rate=0.03]", "initializer": "he", "dtype": "float64",
        "stopper": f"{stopper.name}[patience=3]",
    }  # fmt: skip
    parts: list[Evidence] = []
    for dataset in ("iris[label_noise=0.2]", "diabetes"):
        split = lab.split(dataset, probe.seed)
        test, order = split.test, random.permutation(len(split.test.inputs))
        before = lab.train(recipe, split, probe.seed, 40)
        changed = {
            "permuted": (test.inputs[order], test.targets),
            "negated": (-test.inputs, test.targets),
            "of other labels": (test.inputs, np.roll(test.targets, 1, axis=-1) if test.targets.shape[1] > 1 else -test.targets),
            "huge": (1e6 * random.normal(size=test.inputs.shape), test.targets),
            "fewer": (test.inputs[:3], test.targets[:3]),
        }
        for how, rows in changed.items():
            after = lab.train(recipe, lab.with_other_test_rows(split, *map(np.ascontiguousarray, rows)), probe.seed, 40)
            seen = [(run.status, run.epochs, run.best_epoch, run.parameters_digest[:8]) for run in (before, after)]
            parts.append(true(seen[0] == seen[1], Case(f"test rows {how} on {dataset}", str(seen[0]), str(seen[1]))))
    return all_of(*parts)


@claim("early.watches-validation", kind="identity", section=SECTION, dtypes=("float64",))
def the_stopper_is_shown_the_validation_loss(stopper: StopperSubject, probe: Probe) -> Evidence:
    """The training loop shows the stopper the validation loss of every epoch and nothing else: shown the recorded curve again, it stops at the same
    epoch and names the same best one.
    """
    lab, parts = probe.laboratory, list[Evidence]()
    for dataset in ("iris[label_noise=0.2]", "breast_cancer[train_rows=60,label_noise=0.2]", "diabetes"):
        recipe: dict[str, Any] = {
            "hidden": [16], "activation": "relu", "optimizer": "adam[learning_rate=0.03]", "initializer": "he", "dtype": "float64",
            "stopper": f"{stopper.name}[patience=3]",
        }  # fmt: skip
        outcome = lab.train(recipe, lab.split(dataset, probe.seed), probe.seed, 60)
        curve = outcome.history[:, outcome.columns.index("validation_loss")]
        again = stopper.run(curve, patience=3, min_delta=0.0)
        case = Case(f"{dataset}, seed {probe.seed}", f"{again.epochs} epochs, the best {again.best_epoch}", f"{outcome.epochs}, {outcome.best_epoch}")
        parts.append(true((again.epochs, again.best_epoch) == (outcome.epochs, outcome.best_epoch), case))
    return all_of(*parts)
