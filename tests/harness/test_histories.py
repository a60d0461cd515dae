"""Anybody's learning curves: names of columns, CSV, JSON, estimators, and what is refused in one sentence."""

import json
import math
import pickle
import re

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier, MLPRegressor

from trickbench.harness.diagnosis.columns import of_columns
from trickbench.harness.diagnosis.curves import LOSS
from trickbench.harness.diagnosis.histories import of_csv, of_estimator, of_file, of_mapping, of_table
from trickbench.harness.diagnosis.naming import Place, place
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
        ("epoch,loss\n1,2\n1,3\n", "a.csv, column loss, row 3: epoch 1 comes after epoch 1; accepted are epochs that rise"),
        ("epoch,loss\n1,3\n3,1\n2,2\n", "a.csv, column loss, row 4: epoch 2 comes after epoch 3"),
        ("epoch,loss\n1,3\n\n2,2\n1,2\n", "a.csv, column loss, row 5: epoch 1 comes after epoch 2"),
        ("epoch,loss\n,2\n", "a.csv, column loss, row 2, has a value but no epoch"),
        ("epoch,loss\n1,3\nnan,2\n", "a.csv, column loss, row 3, has a value but no epoch"),
        ("accuracy\n0\n101\n", "a.csv, column accuracy, row 3: 101 is given for the accuracy"),
        ("accuracy\n-0.5\n", "a.csv, column accuracy, row 2: -0.5 is given for the accuracy"),
        ("accuracy\ninf\n", "a.csv, column accuracy, row 2: inf is given for the accuracy"),
        ("r2,val_r2\n0.5,1.2\n", "a.csv, column val_r2, row 2: 1.2 is given for the r2; accepted are numbers up to 1"),
        ("mse\n-3\n", "a.csv, column mse, row 2: -3 is given for the mse; accepted are numbers from 0"),
        ("accuracy,val_accuracy\n0.5,40\n0.9,80\n", "a.csv: the column accuracy lies within 1 and val_accuracy goes to 80"),
        ("accuracy\n50%\n90\n", "a.csv, column accuracy, row 3: '90' has no %"),
        ("loss;val_loss\n1.234,5;2\n", "a.csv, column loss, row 2: '1.234,5' stands beside numbers with a comma"),
        ("loss;val_loss\n1,5;2.5\n", "a.csv, column val_loss, row 2: '2.5' stands beside numbers with a comma"),
        ("loss,loss\n1,2\n", "a.csv: 2 columns are called 'loss'"),
        ("loss,val_loss\n,\n", "a.csv: nothing stands in 'loss', 'val_loss'"),
        ("loss\n1_0\n", "a.csv, column loss, row 2: '1_0' is no number"),
        ('loss\n"' + "x" * 200_000 + '"\n', "a.csv, row 2, cannot be read as CSV"),
        ("loss val_loss\n1 2\n", "a.csv: none of the columns ('loss val_loss') is named for a learning curve"),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused_in_one_sentence(text, sentence):
    with pytest.raises(InputError, match=re.escape(sentence)) as refused:
        of_csv(text, "a.csv")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "no lists of numbers"),
        ({"loss": "2"}, "no lists of numbers"),
        ({"history": [1, 2]}, "accepted is an object of lists"),
        ({"loss": [1, 2, 3, 4, 5], "val_loss": [1, 2, 3]}, "h, column val_loss, has 3 values and others 5"),
        ({"loss": [1.0, "0.5"]}, "h, column loss: '0.5' is no number"),
        ({"loss": [1, 10**400]}, "h, column loss holds a whole number beyond"),
        ({"loss": [], "val_loss": []}, "no lists of numbers"),
        ({"loss": {"0": 2.0, "1": 1.0}}, "no lists of numbers"),
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


@pytest.mark.parametrize(
    "text",
    [
        "loss,accuracy,val_accuracy\n2,nan,nan\n1,nan,nan\n",
        "accuracy,val_accuracy\nnan,nan\nnan,nan\n",
        "epoch,loss,accuracy\n1,2,nan\n",
    ],
)
def test_a_column_that_never_held_a_number_is_no_training_that_diverged(text):
    with pytest.raises(InputError, match=r"a\.csv, column accuracy, never holds a number"):
        of_csv(text, "a.csv")


def test_a_loss_that_was_nan_from_the_first_epoch_on_is_refused_with_what_it_may_mean():
    for history in ({"loss": [math.nan] * 3, "accuracy": [0.1] * 3}, {"loss": [math.nan]}):
        with pytest.raises(InputError, match=r"h, column loss, never holds a number.*learning rate ten times smaller"):
            of_mapping(history, "h")
    with pytest.raises(InputError, match="never holds a number, only nan"):
        of_mapping(of_table({"loss": [math.nan] * 3, "val_loss": [1.0] * 3}), "the table")
    (overflowed,) = of_csv("epoch,loss\n1,inf\n2,inf\n", "a.csv")
    assert not overflowed.losses["train"].finite, "infinity was recorded"


def test_scores_that_are_not_asked_for_may_hold_anything():
    (history,) = of_csv("accuracy,f1\n0.5,nan\n0.9,nan\n", "a.csv")
    assert history.measure.name == "accuracy"


def test_an_empty_score_is_not_the_measure():
    (history,) = of_csv("loss,accuracy,f1\n1,,0.5\n0.5,,0.9\n", "a.csv")
    assert history.measure.name == "f1"


def test_decimal_commas_are_understood_where_the_separator_is_none():
    (history,) = of_csv("epoch;loss;accuracy\n1;2,5;50,5%\n2;1;90%\n", "a.csv")
    assert (values(history.losses["train"]), history.percent) == ([2.5, 1.0], True)
    assert history.scores["train"].values == pytest.approx([0.505, 0.9], rel=1e-15)


def test_what_was_not_recorded_may_be_called_so():
    (history,) = of_csv("loss,val_loss\n2,NA\n1,null\n0.5,0.7\n", "a.csv")
    assert history.losses["validation"].epochs.tolist() == [3]


@pytest.mark.parametrize(
    ("columns", "percent"),
    [
        ({"accuracy": [0.5, 0.9]}, False),
        ({"accuracy": [0.5, 90.0]}, True),
        ({"accuracy (%)": [0.5, 0.9]}, True),
        ({"error": [0.0, 0.0], "val_error": [3.0, 4.0]}, True),
        ({"accuracy": [0.5, 1.0000001]}, False),
        ({"r2": [-3.0, 0.5]}, False),
        ({"loss": [90.0, 50.0]}, False),
    ],
)
def test_a_history_knows_whether_it_was_written_in_per_cent(columns, percent):
    assert of_columns(columns).percent == percent


def test_the_mean_of_an_accuracy_in_float32_is_not_per_cent():
    last = of_columns({"accuracy": [0.5, 1.0000001]}).scores["train"].values[-1]
    assert last == 1.0000001


def test_steps_of_an_epoch_are_their_mean_as_lightning_records_them():
    text = "epoch,step,train_loss,val_loss\n0,49,3,\n0,99,1,\n0,99,,2.5\n1,149,1.5,\n1,199,0.5,\n1,199,,2\n"
    (history,) = of_csv(text, "metrics.csv")
    assert (values(history.losses["train"]), history.losses["train"].epochs.tolist()) == ([2, 1], [0, 1])
    assert values(history.losses["validation"]) == [2.5, 2]
    with pytest.raises(InputError, match="row 3: epoch 0 comes after epoch 0"):
        of_csv("epoch,step,loss\n0,1,3\n0,1,2\n", "two_trainings.csv")


def test_the_mean_over_an_epoch_is_a_curve():
    assert place("train_loss_epoch") == Place("train", "loss")
    assert place("train_loss_step") is None


def test_lists_that_are_no_curves_do_not_matter():
    history = of_mapping({"loss": [2.0, 1.0, 0.5, 0.2], "acc": [0.5, 0.9], "classes": ["a", "b", "c"], "weights": [0.0] * 7, "loss_": 1.0}, "h")
    assert (values(history.losses["train"]), values(history.scores["train"])) == ([2, 1, 0.5, 0.2], [0.5, 0.9])


def test_a_nullable_column_of_pandas_is_read():
    table = pd.DataFrame({"loss": [2.0, 1.0], "val_loss": pd.array([None, 1.5], dtype="Float64")})
    assert of_mapping(of_table(table.to_dict("list")), "the table").losses["validation"].epochs.tolist() == [2]


def test_a_pickle_is_not_opened(tmp_path):
    (tmp_path / "model.pkl").write_bytes(pickle.dumps({"loss": [1.0]}))
    with pytest.raises(InputError, match=r"model.pkl cannot be read .* accepted is a CSV or a JSON in UTF-8"):
        of_file(tmp_path / "model.pkl")


def test_json_that_is_too_much_is_refused(tmp_path):
    for text in ('{"a":' * 100_000, f'{{"loss": [1{"0" * 5000}]}}'):
        (tmp_path / "h.json").write_text(text)
        with pytest.raises(InputError, match="is no JSON"):
            of_file(tmp_path / "h.json")


def test_json_is_known_by_its_content(tmp_path):
    path = tmp_path / "history.txt"
    path.write_text('{"loss": [2, NaN], "val_loss": [2, null]}')
    (history,) = of_file(path)
    assert math.isnan(history.losses["train"].values[1])
    assert len(history.losses["validation"]) == 1
