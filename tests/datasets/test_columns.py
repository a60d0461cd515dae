"""Making a dataset: what rows are accepted, and the sentence that refuses all others."""

import numpy as np
import pandas as pd
import pytest

from trickbench.harness.dataset import Dataset
from trickbench.harness.errors import InputError

GAPS = np.ones((6, 2))
GAPS[[1, 4], 1] = np.nan
WIDE_GAPS = np.full((6, 3), np.nan)
WIDE_GAPS[0, [0, 2]] = 1
ENDLESS = np.ones((6, 2))
ENDLESS[3, 0] = -np.inf
LABELS = np.arange(6) % 2
FLOATS = np.arange(6.0)


def frame(**columns):
    return pd.DataFrame(columns)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (GAPS, ["column 'width' has no value (NaN) in 2 of 6 rows"]),
        (WIDE_GAPS[:, :2], ["column 'width' has no value (NaN) in 6 of 6 rows", "1 other columns"]),
        (ENDLESS, ["column 'length' is infinite in 1 of 6 rows"]),
        (GAPS * 1e151, ["NaN"]),
        (np.full((6, 2), 1e151), ["exceeds 1e+150 in 6 of 6 rows"]),
        (np.ones((6, 3)), ["2 feature names and 3 columns"]),
        (np.ones((5, 2)), ["5 rows of inputs and a target of shape (6,)"]),
        (np.ones(6), ["shape (6,)", "(rows, features)"]),
        (np.ones((6, 2, 2)), ["shape (6, 2, 2)"]),
        (np.ones((0, 2)), ["0 rows"]),
        (np.ones((6, 2), dtype=complex), ["complex128"]),
        (np.full((6, 2), "a"), ["<U1"]),
        (np.full((6, 2), None), ["dtype object"]),
    ],
)
def test_inputs_that_are_no_numbers_are_refused_by_column_and_count(inputs, words):
    with pytest.raises(InputError) as refusal:
        Dataset("sample", "classification", inputs, LABELS, ("length", "width"))
    assert [word for word in ["sample", *words] if word not in str(refusal.value)] == []


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (frame(a=FLOATS, b=["x", None, "y", None, "x", "y"]), ["column 'b' has no value (NaN) in 2 of 6 rows"]),
        (frame(a=FLOATS, b=pd.Categorical(["x", None, "y", "x", "x", "y"])), ["column 'b'", "1 of 6"]),
        (frame(a=pd.array([1, None, 3, 4, 5, 6], dtype="Int64")), ["column 'a'", "1 of 6"]),
        (frame(a=[1, 2, 3, 4, 5, np.inf]), ["column 'a' is infinite in 1 of 6"]),
        (frame(day=pd.date_range("2020", periods=6)), ["column 'day' holds datetime64"]),
        (frame(day=pd.date_range("2020", periods=6, tz="UTC")), ["column 'day' holds datetime64"]),
        (frame(span=pd.to_timedelta(range(6))), ["column 'span' holds timedelta64"]),
        (frame(a=np.ones(6) * 1j), ["column 'a' holds complex128"]),
        (frame(), ["0 input columns"]),
    ],
)
def test_columns_of_a_frame_that_cannot_be_learnt_from_are_refused_by_name(inputs, words):
    with pytest.raises(InputError) as refusal:
        Dataset("sample", "classification", inputs, LABELS if len(inputs) else np.zeros(0))
    assert [word for word in ["sample", *words] if word not in str(refusal.value)] == []


def test_free_text_is_refused_rather_than_made_thousands_of_columns():
    names = [f"name {number}" for number in range(1001)]
    with pytest.raises(InputError, match="column 'who' holds 1001 different texts"):
        Dataset("sample", "classification", frame(who=names), np.arange(1001) % 2)
    Dataset("sample", "classification", frame(who=names[:1000]), np.arange(1000) % 2)


@pytest.mark.parametrize(
    ("task", "target", "words"),
    [
        ("classification", np.zeros(6), ["one class only, '0'"]),
        ("classification", np.array([0, 1, np.nan, 1, 0, 0]), ["the target has no value (NaN) in 1 of 6 rows"]),
        ("classification", np.array(["a", None, "b", "a", "b", "a"], dtype=object), ["the target has no value (NaN) in 1 of 6 rows"]),
        ("classification", np.array(["2020"] * 6, dtype="M8[Y]"), ["dtype datetime64"]),
        ("classification", LABELS[:, None], ["target of shape (6, 1)"]),
        ("regression", np.full(6, 2.5), ["the same target, 2.5, in every row"]),
        ("regression", np.array([1, 2, np.inf, 3, 4, 5]), ["the target is infinite in 1 of 6 rows"]),
        ("regression", np.array(list("abcdef")), ["accepted for regression are numbers"]),
    ],
)
def test_a_target_that_cannot_be_learnt_is_refused(task, target, words):
    with pytest.raises(InputError) as refusal:
        Dataset("sample", task, np.ones((6, 2)), target)
    assert [word for word in ["sample", *words] if word not in str(refusal.value)] == []


@pytest.mark.parametrize(
    ("target", "classes"),
    [
        (np.array([10, 9, 9, 10]), ("9", "10")),
        (np.array([10.0, 9.0, 9.0, 10.0]), ("9", "10")),
        (np.array([0.5, 1.0, 0.5, 1.0]), ("0.5", "1.0")),
        (np.array([True, False, False, True]), ("False", "True")),
        (np.array(["b", "a", "b", "a"]), ("a", "b")),
        (np.array([1, "a", "a", 1], dtype=object), ("1", "a")),
    ],
)
def test_classes_are_sorted_numbers_as_numbers_and_all_else_as_text(target, classes):
    table = Dataset("sample", "classification", np.ones((4, 1)), target).table
    assert table.classes == classes
    assert [table.classes[code] for code in table.target] == [str(label) for label in (target.astype(int) if classes == ("9", "10") else target)]


def test_whole_number_inputs_are_numbers():
    np.testing.assert_array_equal(
        Dataset("sample", "classification", np.arange(12).reshape(6, 2), LABELS).table.inputs, np.arange(12.0).reshape(6, 2)
    )
