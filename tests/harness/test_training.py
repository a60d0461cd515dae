"""One run: what it records, that it repeats, what it may not look at, and how it ends."""

import dataclasses

import numpy as np
import pytest

from trickbench.harness import training
from trickbench.harness.dataset import Part
from trickbench.harness.execution import one_blas_thread, splits
from trickbench.harness.metrics import METRICS
from trickbench.harness.recipe import Recipe, resolve
from trickbench.harness.training import Run, stream, train

PLAIN = {"activation": "relu", "optimizer": "sgd[learning_rate=0.1]", "initializer": "he", "hidden": (16, 12), "batch": 16}


@pytest.fixture(autouse=True)
def _one_thread():
    with one_blas_thread():
        yield


def run(seed=0, epochs=4, dataset="iris", split=None, **recipe):
    resolved = resolve(Recipe(**(PLAIN | recipe)), "classification")
    return train(resolved, split or splits(dataset, seed, resolved.dtype.name), seed, epochs, METRICS["accuracy"])


def column(outcome, name):
    return outcome.history[:, outcome.columns.index(name)]


def same_numbers(one, other):
    timeless = [position for position, name in enumerate(one.columns) if name != "seconds"]
    return np.array_equal(one.history[:, timeless], other.history[:, timeless], equal_nan=True) and one.parameters_digest == other.parameters_digest


def test_the_same_seed_gives_the_same_bits_and_another_seed_others():
    assert same_numbers(run(), run())
    assert run().parameters_digest != run(seed=1).parameters_digest


def test_each_epoch_records_what_a_report_needs():
    outcome = run(dataset="digits[train_rows=100]")
    assert outcome.status == "done"
    assert outcome.updates == 4 * 7
    assert outcome.columns == (
        "epoch", "train_loss", "validation_loss", "test_loss", "train_metric", "validation_metric", "test_metric", "gradient_norm", "seconds",
        "gradient_norm_1", "gradient_norm_2", "gradient_norm_3", "weight_norm_1", "weight_norm_2", "weight_norm_3", "dead_units_1", "dead_units_2",
    )  # fmt: skip
    assert np.isfinite(outcome.history).all()
    assert np.all(np.diff(column(outcome, "seconds")) > 0)
    assert outcome.figures["test_metric"] == column(outcome, "test_metric")[-1]


@pytest.mark.parametrize("rows_at_once", [1, 100, 2**16])
def test_rarer_looks_change_nothing_but_what_is_seen(monkeypatch, rows_at_once):
    monkeypatch.setattr(training, "ROWS_AT_ONCE", rows_at_once)
    resolved = resolve(Recipe(**(PLAIN | {"dropout": "dropout[rate=0.3]", "optimizer": "adam", "dtype": "float64", "batch": 7})), "classification")
    rows = splits("iris", 0, "float64")
    assert len(rows.train.inputs) % 7
    always, seldom = (train(resolved, rows, 0, 7, METRICS["accuracy"], measure_every=every) for every in (1, 5))
    assert seldom.history[:, 0].tolist() == [5, 7]
    assert (always.parameters_digest, always.updates, always.epochs) == (seldom.parameters_digest, seldom.updates, seldom.epochs)
    timeless = [name != "seconds" for name in always.columns]
    assert np.array_equal(always.history[[4, 6]][:, timeless], seldom.history[:, timeless])


def test_divergence_between_two_looks_says_between_which():
    resolved = resolve(Recipe(**(PLAIN | {"optimizer": "sgd[learning_rate=1e30]"})), "classification")
    outcome = train(resolved, splits("iris", 0, "float32"), 0, 9, METRICS["accuracy"], measure_every=4)
    assert outcome.status == "diverged"
    assert outcome.message.endswith("between epochs 1 and 4")


def test_the_gradient_norm_is_that_of_the_full_training_loss():
    resolved = resolve(Recipe(**(PLAIN | {"dtype": "float64", "dropout": "dropout[rate=0.5]", "penalty": "l2[strength=1]"})), "classification")
    trained = Run(resolved, splits("iris", 0, "float64"), 0, METRICS["accuracy"])
    trained.epoch()
    parameters, gradient = trained.progress.parameters, trained.progress.gradient.copy()
    direction = gradient / np.linalg.norm(gradient)
    step = np.finfo(float).eps ** (1 / 3)
    origin = parameters.copy()
    values = []
    for sign in (1, -1):
        parameters[:] = origin + sign * step * direction
        values.append(trained._measure("train"))
    recorded = trained.history[0][trained.columns.index("gradient_norm")]
    # central difference along the gradient: its slope is the norm, up to eps**(2/3) times a modest constant
    assert (values[0] - values[1]) / (2 * step) == pytest.approx(recorded, abs=100 * step**2)


def test_dead_units_are_those_that_give_nothing_on_any_training_row():
    resolved = resolve(Recipe(**PLAIN), "classification")
    trained = Run(resolved, splits("iris", 0, "float32"), 0, METRICS["accuracy"])
    biases = trained.progress.parameters[trained.shape.biases_at[0] :]
    biases[:4] = -1e6  # four of the sixteen units of the first layer
    trained._measure("train")
    assert trained._dead_shares()[0] == pytest.approx(4 / 16)


def test_an_activation_without_dead_units_says_so():
    outcome = run(activation="sigmoid")
    assert np.isnan(column(outcome, "dead_units_1")).all()


def test_switching_dropout_on_changes_neither_split_nor_weights_nor_order():
    plain, dropped = (Run(resolve(Recipe(**(PLAIN | more)), "classification"), splits("iris", 0, "float32"), 0, METRICS["accuracy"])
                      for more in ({}, {"dropout": "dropout[rate=0.5]"}))  # fmt: skip
    assert np.array_equal(plain.progress.parameters, dropped.progress.parameters)
    assert np.array_equal(plain.order.permutation(90), dropped.order.permutation(90))
    assert np.array_equal(plain.parts["train"].inputs, dropped.parts["train"].inputs)


def test_the_streams_of_a_seed_are_independent():
    draws = {name: np.random.default_rng(stream(3, name)).integers(2**63) for name in ("split", "weights", "order", "masks")}
    assert len(set(draws.values())) == 4


def test_the_test_rows_influence_nothing():
    seen = splits("iris", 0, "float32")
    random = np.random.default_rng(0)
    other = dataclasses.replace(seen, test=Part(random.normal(size=seen.test.inputs.shape).astype("float32"), seen.test.targets[::-1].copy()))
    stopper = {"stopper": "early_stopping[patience=2]", "optimizer": "adam[learning_rate=0.05]"}
    one, two = run(split=seen, epochs=60, **stopper), run(split=other, epochs=60, **stopper)
    assert one.epochs < 60, "it stopped"
    assert (one.epochs, one.best_epoch, one.parameters_digest) == (two.epochs, two.best_epoch, two.parameters_digest)
    assert one.figures["test_loss"] != two.figures["test_loss"]


def test_early_stopping_returns_the_best_epochs_parameters_and_figures():
    outcome = run(epochs=80, stopper="early_stopping[patience=3]", optimizer="adam[learning_rate=0.05]")
    losses = column(outcome, "validation_loss")
    assert outcome.best_epoch == losses.argmin() + 1
    assert outcome.epochs == outcome.best_epoch + 3
    assert outcome.figures["validation_loss"] == losses.min()
    assert outcome.parameters_digest == run(epochs=outcome.best_epoch, optimizer="adam[learning_rate=0.05]").parameters_digest


def test_both_forms_of_early_stopping_end_the_same_run_in_the_same_way():
    forms = [
        run(epochs=80, stopper=f"early_stopping/{form}[patience=3,min_delta=0.001]", optimizer="adam[learning_rate=0.05]")
        for form in ("python_reference", "python_history")
    ]
    assert forms[0].epochs < 80
    assert same_numbers(*forms)


def test_divergence_ends_the_run_and_says_when():
    outcome = run(epochs=50, optimizer="sgd[learning_rate=1e30]")
    assert outcome.status == "diverged"
    assert outcome.epochs < 50
    assert outcome.message.startswith("the train loss became ")
    assert outcome.message.endswith(f"in epoch {outcome.epochs}")
    assert 0.2 < outcome.chance_metric < 0.5


def exploded(optimizer, dataset="diabetes", task="regression", metric="r2", seed=0, epochs=20, split=None, **recipe):
    """Two layers of 32 units and steps that are far too large, whose losses stay numbers."""
    resolved = resolve(Recipe(**(PLAIN | {"hidden": (32, 32), "batch": 32, "optimizer": optimizer} | recipe)), task)
    return train(resolved, split or splits(dataset, seed, resolved.dtype.name), seed, epochs, METRICS[metric])


@pytest.mark.parametrize("metric", ["r2", "rmse", "mae", "loss"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_loss_out_of_reach_that_ends_no_better_than_a_constant_has_diverged_though_it_is_finite(metric, dtype):
    outcome = exploded("adam[learning_rate=1e4]", metric=metric, dtype=dtype)
    losses = column(outcome, "train_loss")
    assert np.isfinite(losses).all()
    assert (outcome.epochs, outcome.status) == (20, "diverged")
    # the variance of standardised targets is 1, and the loss is half of the squared error
    assert outcome.message == (
        f"the train loss was {losses.max():.3g} at epoch {losses.argmax() + 1}, that of a constant prediction is 0.5, "
        "and the training ended no better than that"
    )


def test_a_training_that_blew_up_on_its_way_and_came_to_rest_below_a_constant_has_diverged():
    outcome = exploded("sgd[learning_rate=1.0]", "friedman1[samples=500]", seed=1)
    losses = column(outcome, "train_loss")
    assert losses[-1] < 1, "its end alone does not show it"
    assert losses.max() > 1e9
    assert outcome.figures["train_metric"] < 0
    assert outcome.status == "diverged"


def test_a_large_loss_with_the_right_class_in_front_is_a_training_that_is_done():
    outcome = exploded("adam[learning_rate=1e10]", "breast_cancer", "classification", "accuracy")
    assert outcome.figures["train_loss"] > 1e25
    assert outcome.figures["test_metric"] > 0.9
    assert outcome.status == "done"
    by_its_loss = exploded("adam[learning_rate=1e10]", "breast_cancer", "classification", "loss")
    assert by_its_loss.status == "diverged", "judged by the loss it is worse than any constant"


def test_a_training_that_came_back_is_done():
    outcome = exploded("adam[learning_rate=100]", "breast_cancer", "classification", "accuracy")
    assert column(outcome, "train_loss").max() > 1e7
    assert outcome.figures["train_metric"] > 0.8
    assert outcome.status == "done"


def test_a_stopper_that_kept_what_was_good_before_it_blew_up_has_not_diverged():
    recipe = Recipe(**(PLAIN | {"stopper": "early_stopping[patience=50]"}))
    trained = Run(resolve(recipe, "regression"), splits("diabetes", 0, "float32"), 0, METRICS["r2"])
    assert all(trained.epoch() for _ in range(3))
    parameters = trained.progress.parameters
    parameters *= 100
    trained.epochs += 1
    trained.look()
    assert trained.history[-1][1] > 1e9
    outcome = trained.outcome()
    assert (outcome.best_epoch, outcome.status) == (3, "done")


def test_a_network_that_learns_nothing_has_not_diverged():
    outcome = exploded("sgd[learning_rate=1e-9]", initializer="glorot", activation="sigmoid")
    assert outcome.figures["train_metric"] < 0
    assert outcome.status == "done"


def test_how_a_training_ended_is_not_told_from_its_test_rows():
    """A test row far outside gives a test loss of 10³⁰: what is chosen by validation rows may not know it."""
    seen = splits("diabetes", 0, "float32")
    outside = dataclasses.replace(seen, test=Part(seen.test.inputs * np.float32(1e16), seen.test.targets))
    outcome = exploded("sgd[learning_rate=0.01]", split=outside)
    assert outcome.figures["test_loss"] > 1e25
    assert outcome.status == "done"


def test_decoupled_decay_shrinks_weights_and_leaves_biases():
    def trained(optimizer):
        made = Run(
            resolve(Recipe(**(PLAIN | {"optimizer": optimizer, "dtype": "float64"})), "classification"),
            splits("iris", 0, "float64"),
            0,
            METRICS["accuracy"],
        )
        made.epoch()
        return made

    decayed, plain = trained("adamw[learning_rate=1e-3,strength=10]"), trained("adamw[learning_rate=1e-3,strength=0]")
    biases = decayed.shape.biases_at[0]
    assert np.linalg.norm(decayed.progress.parameters[:biases]) < 0.99 * np.linalg.norm(plain.progress.parameters[:biases])
    assert decayed.progress.groups.tolist() == [0, biases, decayed.progress.parameters.size]
    assert decayed.progress.hyperparameters[:, -1].tolist() == [10, 0]


def test_regression_and_classification_choose_their_own_loss():
    regression = resolve(Recipe(**PLAIN), "regression")
    outcome = train(regression, splits("diabetes", 0, "float32"), 0, 30, METRICS["r2"])
    assert outcome.figures["test_metric"] > 0.2
    assert str(regression.choices["loss"]).startswith("squared_error")


def test_a_relu_network_with_adam_learns_digits():
    means = [
        run(seed=seed, dataset="digits", epochs=30, optimizer="adam[learning_rate=0.003]", hidden=(64,), batch=32).figures["test_metric"]
        for seed in range(3)
    ]
    assert np.mean(means) >= 0.96
