"""Metrics agree with scikit-learn's, and a constant prediction scores chance level."""

import numpy as np
import pytest
from sklearn import metrics as peer

from trickbench.harness.dataset import Part
from trickbench.harness.errors import InputError
from trickbench.harness.metrics import METRICS, chance, metric_for


@pytest.fixture
def classes():
    random = np.random.default_rng(0)
    return random.normal(size=(50, 4)), np.eye(4)[random.integers(4, size=50)]


@pytest.fixture
def values():
    random = np.random.default_rng(1)
    return random.normal(size=(50, 1)), random.normal(size=(50, 1))


def test_accuracy_is_scikit_learns(classes):
    outputs, targets = classes
    expected = peer.accuracy_score(targets.argmax(1), outputs.argmax(1))
    assert METRICS["accuracy"].compute(outputs, targets) == expected
    assert METRICS["error"].compute(outputs, targets) == 1 - expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("r2", peer.r2_score), ("rmse", peer.root_mean_squared_error), ("mae", peer.mean_absolute_error)],
    ids=["r2", "rmse", "mae"],
)
def test_regression_metrics_are_scikit_learns(values, name, expected):
    outputs, targets = values
    # sums of 50 terms in another order: within 50 eps of numbers around 1
    assert METRICS[name].compute(outputs, targets) == pytest.approx(expected(targets, outputs), rel=50 * np.finfo(float).eps)


def test_chance_is_the_majority_class_or_no_explained_variance():
    train = Part(np.zeros((4, 1)), np.eye(2)[[1, 1, 1, 0]])
    test = Part(np.zeros((5, 1)), np.eye(2)[[1, 0, 0, 1, 1]])
    assert METRICS["accuracy"].compute(chance("classification", train, test), test.targets) == 0.6
    numbers = Part(np.zeros((3, 1)), np.array([[1.0], [2.0], [3.0]]))
    assert METRICS["r2"].compute(chance("regression", numbers, numbers), numbers.targets) == 0


@pytest.mark.parametrize(("name", "best"), [("r2", "mean"), ("rmse", "mean"), ("mae", "median")])
def test_chance_is_the_mean_which_is_the_best_constant_but_for_the_mean_absolute_error(name, best):
    numbers = Part(np.zeros((5, 1)), np.array([[0.0], [0.0], [0.0], [1.0], [9.0]]))
    constants = {"mean": chance("regression", numbers, numbers), "median": np.zeros((5, 1))}
    assert (constants["mean"] == 2).all()
    scored = {constant: METRICS[name].compute(outputs, numbers.targets) for constant, outputs in constants.items()}
    assert (max if METRICS[name].higher_is_better else min)(scored, key=scored.get) == best


def test_a_metric_that_is_unknown_or_does_not_fit_is_refused():
    with pytest.raises(InputError, match="Did you mean 'accuracy'"):
        metric_for("classification", "acuracy")
    with pytest.raises(InputError, match="does not fit regression; accepted are r2, rmse, mae"):
        metric_for("regression", "accuracy")
