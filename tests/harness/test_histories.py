"""Anybody's learning curves: names of columns, CSV, JSON, estimators, and what is refused in one sentence."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier, MLPRegressor

from trickbench.harness.diagnosis.columns import Place, of_columns, place
from trickbench.harness.diagnosis.curves import LOSS
from trickbench.harness.diagnosis.histories import of_csv, of_estimator, of_file, of_mapping, of_table
from trickbench.harness.errors import InputError


@pytest.mark.parametrize(
    ("name", "part", "quantity"),
    [
        ("loss", "train", "loss"),
        ("val_loss", "validation", "loss"),
        ("Train Loss", "train", "loss"),
        ("training.loss", "train", "loss"),
        ("loss/test", "test", "loss"),
        ("acc", "train", "accuracy"),
        ("val_sparse_categorical_accuracy", "validation", "accuracy"),
        ("Test error (%)", "test", "error"),
        ("validation-r²", "validation", "r2"),
        ("valid_mean_squared_error", "validation", "mse"),
        ("loss_curve_", "train", "loss"),
        ("validation_scores_", "validation", "score"),
        ("test_f1_score", "test", "f1"),
    ],
)
def test_a_column_is_named_for_part_and_quantity(name, part, quantity):
    assert place(name) == Place(part, quantity)


@pytest.mark.parametrize("name", ["lr", "epoch", "time", "train_val_loss", "best_validation_score_", "", "weight_norm_1", "loss_2"])
def test_other_columns_are_left_alone(name):
    assert place(name) is None


@pytest.mark.parametrize("name", ["gradient_norm_3", "grad_norm_layer_3", "Gradient Norm 3"])
def test_gradients_are_numbered_by_layer(name):
    assert place(name) == Place("train", "gradient", layer=3)


def values(curve):
    return curve.values.tolist()


def test_a_csv_is_read_by_its_columns():
    (history,) = of_csv("epoch,lr,train_loss,val_loss,val_acc\n0,0.1,2.3,2.4,0.1\n1,0.1,1.0,,0.5\n2,0.1,nan,1.5,0.6\n", "a.csv")
    assert values(history.losses["train"])[:2] == [2.3, 1.0]
    assert math.isnan(history.losses["train"].values[2]), "nan was recorded"
    assert history.losses["train"].epochs.tolist() == [0, 1, 2]
    assert history.losses["validation"].epochs.tolist() == [0, 2], "an empty cell was not"
    assert history.measure.name == "accuracy"
    assert values(history.scores["validation"]) == [0.1, 0.5, 0.6]


@pytest.mark.parametrize("text", ["loss;val_loss\n2;3\n1;2\n", "loss\tval_loss\n2\t3\n1\t2\n", "\ufeffloss,val_loss\r\n2,3\r\n1,2\r\n"])
def test_separators_and_marks_of_spreadsheets_are_understood(text):
    (history,) = of_csv(text, "a.csv")
    assert values(history.losses["validation"]) == [3, 2]


def test_seeds_in_a_csv_are_histories_of_their_own():
    histories = of_csv("seed,epoch,loss\n1,1,2\n1,2,1\n2,1,3\n2,2,2\n", "a.csv")
    assert [values(history.losses["train"]) for history in histories] == [[2, 1], [3, 2]]


def test_gradients_stand_in_the_order_of_their_layers():
    history = of_columns({"loss": [1.0], "gradient_norm_10": [10.0], "gradient_norm_2": [2.0], "gradient_norm_1": [1.0]})
    assert [values(curve) for curve in history.gradients] == [[1.0], [2.0], [10.0]]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"accuracy": [30.0, 99.0], "val_accuracy": [0.5, 60.0]}, [0.3, 0.99]),
        ({"accuracy": [0.3, 0.99], "val_accuracy": [0.2, 0.6]}, [0.3, 0.99]),
        ({"accuracy (%)": [0.3, 0.9], "val_accuracy": [0.2, 0.6]}, [0.003, 0.009]),
        ({"train error": [70.0, 1.0], "test error": [80.0, 40.0]}, [0.7, 0.01]),
    ],
)
def test_per_cent_are_told_from_shares_by_all_curves_of_a_kind(columns, expected):
    assert of_columns(columns).scores["train"].values == pytest.approx(expected, rel=1e-15)


def test_cells_in_per_cent_are_shares():
    (history,) = of_csv("accuracy,val_accuracy\n50%,40%\n90%,80%\n", "a.csv")
    assert history.scores["train"].values == pytest.approx([0.5, 0.9])


def test_columns_can_be_named():
    history = of_columns({"a": [1.0], "b": [2.0], "loss": [9.0]}, named={"train_loss": "a", "test_loss": "b"})
    assert (values(history.losses["train"]), values(history.losses["test"])) == ([1.0], [2.0]), "what is named goes before what is guessed"


def test_a_metric_can_be_chosen():
    columns = {"loss": [1.0], "accuracy": [0.5], "f1": [0.25]}
    assert of_columns(columns).measure.name == "accuracy"
    assert of_columns(columns, metric="f1").measure.name == "f1"
    assert of_columns(columns, metric="loss").measure is LOSS
    assert not of_columns(columns, metric="loss").scores


def test_what_was_recorded_in_training_is_the_measure_before_what_was_not():
    assert of_columns({"val_accuracy": [0.5], "f1": [0.5], "val_f1": [0.5]}).measure.name == "f1"


def test_keras_history_is_read_as_json_and_as_it_is():
    given = {"loss": [2.0, 1.0, 0.5, 0.2], "accuracy": [0.2, 0.5, 0.8, 0.9], "val_loss": [1.5, 0.9], "val_accuracy": [0.4, 0.7], "lr": [0.1] * 4}
    for mapping in (given, {"history": given, "epoch": [0, 1, 2, 3]}):
        history = of_mapping(mapping, "h")
        assert history.losses["validation"].epochs.tolist() == [2, 4], "validated every second epoch"
        assert values(history.scores["train"]) == [0.2, 0.5, 0.8, 0.9]


def test_scikit_learns_curves_are_read_from_the_estimator_and_from_json():
    inputs, labels = load_digits(return_X_y=True)
    fitted = MLPClassifier((8,), max_iter=200, early_stopping=True, n_iter_no_change=3, random_state=0).fit(inputs[:300] / 16, labels[:300])
    history = of_estimator(fitted)
    assert values(history.losses["train"]) == fitted.loss_curve_
    assert values(history.scores["validation"]) == fitted.validation_scores_
    assert history.measure.name == "score"
    text = json.dumps({"loss_curve_": fitted.loss_curve_, "validation_scores_": None})
    assert values(of_mapping(json.loads(text), "h").losses["train"]) == fitted.loss_curve_


def test_an_estimator_without_curves_is_refused():
    with pytest.raises(InputError, match="MLPRegressor has no loss_curve_"):
        of_estimator(MLPRegressor())


def test_in_a_table_what_is_missing_was_not_recorded_but_for_the_end_of_training():
    table = pd.DataFrame({"loss": [2.0, 1.0, np.nan, np.nan], "val_loss": [np.nan, 1.5, np.nan, np.nan], "name": list("abcd")})
    history = of_mapping(of_table(table.to_dict("list")), "the table")
    assert len(history.losses["train"]) == 4
    assert not history.losses["train"].finite
    assert history.losses["validation"].epochs.tolist() == [2]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no rows"),
        ("loss,val_loss\n", "has no rows"),
        ("a,b\n1,2\n", "--column train_loss=NAME"),
        ("loss\nmuch\n", "'much' is no number"),
        ("loss,val_loss\n1\n", "row 2, has 1 cells"),
        ("loss,train_loss\n1,2\n", "'loss' and 'train_loss' both hold the train loss"),
        ("epoch,loss\n1,2\n1,3\n", "numbers that rise"),
        ("epoch,loss\n,2\n", "no epoch"),
        ("accuracy\n101\n", "A score is 101"),
        ("accuracy\n-0.5\n", "A score is -0.5"),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused_in_one_sentence(text, sentence):
    with pytest.raises(InputError, match=sentence.replace("(", r"\(")) as refused:
        of_csv(text, "a.csv")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "no lists of numbers"),
        ({"loss": "2"}, "no lists of numbers"),
        ({"history": [1, 2]}, "accepted is an object of lists"),
        ({"loss": [1, 2, 3, 4, 5], "val_loss": [1, 2, 3]}, "val_loss has 3 values and others 5"),
    ],
)
def test_a_mapping_that_is_no_history_is_refused(given, sentence):
    with pytest.raises(InputError, match=sentence):
        of_mapping(given, "h")


@pytest.mark.parametrize(
    ("metric", "named", "sentence"),
    [("f1", None, "Unknown metric"), (None, {"x": "loss"}, "--column names 'x'"), (None, {"test_loss": "y"}, "Unknown column")],
)
def test_what_is_asked_for_and_not_there_is_refused(metric, named, sentence):
    with pytest.raises(InputError, match=sentence):
        of_columns({"loss": [1.0]}, metric=metric, named=named)


def test_files_that_are_none_are_refused(tmp_path):
    with pytest.raises(InputError, match="There is no file or folder"):
        of_file(tmp_path / "missing.csv")
    for content, sentence in ((b"\xff\xfe\x00", "cannot be read"), (b"{", "is no JSON"), (b"[1]", "holds a JSON list")):
        (tmp_path / "h.json").write_bytes(content)
        with pytest.raises(InputError, match=sentence):
            of_file(tmp_path / "h.json")


def test_json_is_known_by_its_content(tmp_path):
    path = tmp_path / "history.txt"
    path.write_text('{"loss": [2, NaN], "val_loss": [2, null]}')
    (history,) = of_file(path)
    assert math.isnan(history.losses["train"].values[1])
    assert len(history.losses["validation"]) == 1
