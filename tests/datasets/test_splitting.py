"""Drawing a run's rows: what is random, what is fitted to which rows, and what is refused."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trickbench.harness.dataset import Dataset, split
from trickbench.harness.errors import InputError
from trickbench.harness.splitting import draw_rows

FLOAT64, FLOAT32 = np.dtype(np.float64), np.dtype(np.float32)
COUNTS = {"ant": 23, "bee": 60, "cat": 150}


def labelled(counts=COUNTS, columns=5):
    labels = np.repeat(list(counts), list(counts.values()))
    inputs = np.random.default_rng(7).normal(3, 2, (len(labels), columns))
    inputs[:, 0] = np.arange(len(labels))  # tells the rows apart
    return Dataset("sample", "classification", inputs, labels)


def measured(rows=120):
    inputs = np.random.default_rng(8).normal(3, 2, (rows, 3))
    inputs[:, 0] = np.arange(rows)
    return Dataset("sample", "regression", inputs, 100 + inputs @ [1.0, 2.0, 3.0])


def mixed():
    random = np.random.default_rng(9)
    frame = pd.DataFrame({"colour": random.choice(["red", "green", "blue"], 90), "size": random.normal(size=90), "flag": random.random(90) > 0.5})
    frame["kind"] = pd.Categorical(random.choice([2, 10], 90))
    return Dataset("sample", "classification", frame, np.arange(90) % 2)


def drawn(dataset, seed=0, dtype=FLOAT64, **parameters):
    return split(dataset, np.random.default_rng(seed), dtype, parameters)


def rows_of(dataset, seed=0, **parameters):
    sizes = {"train_rows": 0, "validation_share": 0.2, "test_share": 0.2} | parameters
    return draw_rows("sample", dataset.table, np.random.default_rng(seed), **sizes)


def bits(*parts):
    return [array.tobytes() for part in parts for array in part]


ALL = pytest.mark.parametrize("dataset", [labelled(), measured(), mixed()], ids=["classes", "floats", "frame"])


@ALL
@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64])
def test_the_arrays_are_what_a_network_takes(dataset, dtype):
    result = drawn(dataset, dtype=dtype)
    outputs = len(result.classes) or 1
    for part in (result.train, result.validation, result.test):
        assert part.targets.shape == (len(part.inputs), outputs)
        for array in part:
            assert array.dtype == dtype
            assert array.flags.c_contiguous
            assert not array.flags.writeable


@ALL
def test_the_same_seed_gives_the_same_bits_and_another_seed_other_rows(dataset):
    first, again, other = drawn(dataset, 3), drawn(dataset, 3), drawn(dataset, 4)
    assert bits(first.train, first.validation, first.test) == bits(again.train, again.validation, again.test)
    assert bits(first.train) != bits(other.train)


@ALL
def test_float32_rows_are_the_float64_rows_rounded(dataset):
    single, double = drawn(dataset, dtype=FLOAT32), drawn(dataset)
    for small, large in ((single.train, double.train), (single.validation, double.validation), (single.test, double.test)):
        np.testing.assert_array_equal(small.inputs, large.inputs.astype(np.float32))
        np.testing.assert_array_equal(small.targets, large.targets.astype(np.float32))


@pytest.mark.parametrize("dataset", [labelled(), measured()], ids=["classes", "floats"])
def test_the_three_parts_are_disjoint_and_cover_all_rows(dataset):
    result, rows = drawn(dataset), rows_of(dataset)
    assert sorted(np.concatenate(rows)) == list(range(len(dataset.target)))
    first_columns = np.concatenate([part.inputs[:, 0] for part in (result.train, result.validation, result.test)])
    assert len(np.unique(first_columns)) == len(dataset.target)  # the first column numbers the rows


def test_the_shares_are_shares_of_all_rows():
    rows = rows_of(labelled(), validation_share=0.1, test_share=0.3)
    assert (len(rows.validation), len(rows.test)) == (23, 70)  # of 233 rows


def test_another_validation_share_leaves_the_test_rows_as_they_are():
    np.testing.assert_array_equal(rows_of(labelled(), validation_share=0.4).test, rows_of(labelled()).test)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("train_rows", [0, 61])
def test_every_class_is_drawn_in_proportion_within_one_row(seed, train_rows):
    dataset = labelled()
    codes, rows, whole = dataset.table.target, rows_of(dataset, seed, train_rows=train_rows), rows_of(dataset, seed)
    everything = np.arange(len(codes))
    rest = np.concatenate([whole.train, whole.validation])
    for drawn_rows, source in ((rows.test, everything), (rows.validation, rest), (rows.train, whole.train if train_rows else rest)):
        expected = np.bincount(codes[source]) * len(drawn_rows) / len(source)
        assert np.all(np.abs(np.bincount(codes[drawn_rows]) - expected) < 1)


def test_train_rows_takes_so_many_of_the_same_training_rows_and_leaves_the_others():
    dataset = labelled()
    whole, some = rows_of(dataset), rows_of(dataset, train_rows=50)
    assert len(some.train) == len(set(some.train)) == 50
    assert set(some.train) < set(whole.train)
    np.testing.assert_array_equal(some.test, whole.test)
    np.testing.assert_array_equal(some.validation, whole.validation)
    np.testing.assert_array_equal(rows_of(dataset, train_rows=10_000).train, whole.train)


@pytest.mark.parametrize("dataset", [labelled(), measured()], ids=["classes", "floats"])
def test_the_inputs_are_scaled_by_the_training_rows_alone(dataset):
    result, rows = drawn(dataset), rows_of(dataset)
    train = dataset.inputs[rows.train]
    for part, numbers in ((result.train, rows.train), (result.validation, rows.validation), (result.test, rows.test)):
        expected = (dataset.inputs[numbers] - train.mean(axis=0)) / train.std(axis=0)
        # Mean and deviation of under 256 numbers, summed in another order, differ by at most 256 eps of their size; the mean is at most 3 deviations.
        np.testing.assert_allclose(part.inputs, expected, rtol=1024 * np.finfo(float).eps, atol=1024 * np.finfo(float).eps)


def test_a_regression_target_is_standardised_by_the_training_rows_alone():
    dataset = measured()
    result, rows = drawn(dataset), rows_of(dataset)
    train = dataset.target[rows.train]
    np.testing.assert_array_equal(result.test.targets[:, 0], (dataset.target[rows.test] - train.mean()) / train.std())
    # 72 numbers of size 1, whose exact mean is 0 and deviation 1: each is off by the rounding of the mean, which is 3 deviations in size.
    assert abs(result.train.targets.mean()) < 72 * np.finfo(float).eps
    assert abs(result.train.targets.std() - 1) < 72 * np.finfo(float).eps


@pytest.mark.parametrize("dataset", [labelled(), measured()], ids=["classes", "floats"])
def test_test_rows_cannot_reach_what_training_and_validation_see(dataset):
    rows = rows_of(dataset)
    inputs, target = dataset.inputs.copy(), dataset.target.copy()
    inputs[rows.test] = np.random.default_rng(1).normal(1000, 500, inputs[rows.test].shape)
    if dataset.task == "regression":
        target[rows.test] += 1e6
    changed, before = drawn(dataclasses.replace(dataset, inputs=inputs, target=target)), drawn(dataset)
    assert bits(changed.train, changed.validation) == bits(before.train, before.validation)
    assert bits(changed.test) != bits(before.test)


def test_categories_of_test_rows_cannot_reach_what_training_and_validation_see():
    dataset = mixed()
    frame, test = dataset.inputs.copy(), rows_of(dataset).test
    frame.loc[test, "colour"] = "azure"  # sorts before all others, so that every category's number changes
    frame.loc[test, "size"] *= 100
    changed, before = drawn(dataclasses.replace(dataset, inputs=frame)), drawn(dataset)
    assert bits(changed.train, changed.validation) == bits(before.train, before.validation)
    np.testing.assert_array_equal(changed.test.inputs[:, 2:5], 0)  # no training row is azure


def test_validation_rows_cannot_reach_what_training_sees():
    dataset = measured()
    rows = rows_of(dataset)
    inputs, target = dataset.inputs.copy(), dataset.target.copy()
    inputs[rows.validation] *= 50
    target[rows.validation] *= 50
    assert bits(drawn(dataclasses.replace(dataset, inputs=inputs, target=target)).train) == bits(drawn(dataset).train)


def test_numeric_columns_come_first_and_categories_become_one_hot_in_sorted_order():
    dataset = mixed()
    result, rows = drawn(dataset), rows_of(dataset)
    frame = dataset.inputs.iloc[rows.train]
    categories = [("colour", "blue"), ("colour", "green"), ("colour", "red"), ("kind", 10), ("kind", 2)]  # sorted as text
    expected = np.column_stack([frame[column] == value for column, value in categories])
    assert result.train.inputs.shape[1] == 2 + len(categories)
    np.testing.assert_array_equal(result.train.inputs[:, 2:], expected)
    np.testing.assert_array_equal(np.sign(result.train.inputs[:, 1]), np.where(frame["flag"], 1, -1))


def test_a_column_that_does_not_vary_over_the_training_rows_is_zero_there():
    dataset = labelled()
    inputs = dataset.inputs.copy()
    inputs[:, 2] = 0.1
    column = drawn(dataclasses.replace(dataset, inputs=inputs)).train.inputs[:, 2]
    assert np.abs(column).max() < len(column) * 0.1 * np.finfo(float).eps  # the rounding of a sum of as many times 0.1


def test_targets_are_one_hot_with_the_classes_sorted():
    dataset = Dataset("sample", "classification", np.arange(60.0)[:, None], np.tile([10, 9, -1], 20))
    result = drawn(dataset)
    assert result.classes == ("-1", "9", "10")
    expected = (dataset.target[rows_of(dataset).test][:, None] == [-1, 9, 10]).astype(float)
    np.testing.assert_array_equal(result.test.targets, expected)


def test_label_noise_replaces_exactly_its_share_of_training_and_validation_labels_and_no_test_label():
    dataset = labelled()
    clean, noisy = drawn(dataset), drawn(dataset, label_noise=0.3)
    for name in ("train", "validation"):
        before, after = getattr(clean, name).targets, getattr(noisy, name).targets
        assert (before.argmax(axis=1) != after.argmax(axis=1)).sum() == round(0.3 * len(before))
        np.testing.assert_array_equal(after.sum(axis=1), 1)
    assert bits(clean.test) == bits(noisy.test)


def test_label_noise_leaves_rows_and_inputs_alone():
    dataset = labelled()
    clean, noisy = drawn(dataset), drawn(dataset, label_noise=0.5)
    for name in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(clean, name).inputs, getattr(noisy, name).inputs)


def test_more_label_noise_only_adds_to_the_labels_that_are_wrong_already():
    dataset = labelled()
    clean, little, much = (drawn(dataset, label_noise=share).train.targets for share in (0.0, 0.1, 0.4))
    wrong = (little != clean).any(axis=1)
    assert wrong.any()
    np.testing.assert_array_equal(much[wrong], little[wrong])


def test_wrong_labels_are_drawn_evenly_from_the_other_classes():
    dataset = labelled(dict.fromkeys("abcd", 1000), columns=1)
    clean, noisy = drawn(dataset), drawn(dataset, label_noise=1)
    before, after = clean.train.targets.argmax(axis=1), noisy.train.targets.argmax(axis=1)
    table = np.zeros((4, 4), int)
    np.add.at(table, (before, after), 1)
    others = table[~np.eye(4, dtype=bool)]
    assert not np.diag(table).any()
    # 600 labels a class, each other class with probability 1/3: standard deviation sqrt(600 * 1/3 * 2/3) = 11.5; five of them.
    assert np.all(np.abs(others - 200) < 58)


@pytest.mark.parametrize(
    "parameters", [{}, {"train_rows": 40}, {"label_noise": 0.4}, {"test_share": 0.4}, {"train_rows": 30, "label_noise": 1.0, "validation_share": 0.3}]
)
def test_the_stream_is_advanced_alike_whatever_the_parameters(parameters):
    def state_after(**parameters):
        random = np.random.default_rng(5)
        split(labelled(), random, FLOAT64, parameters)
        return random.bit_generator.state

    assert state_after(**parameters) == state_after()


def test_the_global_random_state_is_neither_read_nor_written():
    np.random.seed(1)  # noqa: NPY002
    state = np.random.get_state()[1].tolist()  # noqa: NPY002
    first = drawn(labelled(), label_noise=0.2)
    assert np.random.get_state()[1].tolist() == state  # noqa: NPY002
    np.random.seed(2)  # noqa: NPY002
    assert bits(drawn(labelled(), label_noise=0.2).train) == bits(first.train)


def test_a_user_who_has_scikit_learn_return_frames_gets_arrays_all_the_same():
    from sklearn import config_context

    with config_context(transform_output="pandas"):
        result = drawn(mixed())
    assert bits(result.train) == bits(drawn(mixed()).train)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(1, 40), min_size=2, max_size=5),
    st.floats(0.01, 0.8),
    st.floats(0.01, 0.8),
    st.integers(0, 30),
    st.integers(0, 2**32),
)
@example([5, 39], 0.7, 0.2, 0, 0)  # rounding would leave the first class to the other two parts
@example([4, 19, 3], 0.5, 0.3, 0, 0)
def test_no_class_is_ever_absent_from_the_training_rows(counts, validation_share, test_share, train_rows, seed):
    dataset = labelled({str(number): rows for number, rows in enumerate(counts)}, columns=1)
    try:
        result = drawn(dataset, seed, validation_share=validation_share, test_share=test_share, train_rows=train_rows)
    except InputError:
        return
    assert result.train.targets.sum(axis=0).min() >= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=2, max_size=4), st.floats(0.05, 0.6), st.floats(0.05, 0.6))
def test_whether_the_rows_go_round_does_not_depend_on_the_seed(counts, validation_share, test_share):
    dataset = labelled({str(number): rows for number, rows in enumerate(counts)}, columns=1)

    def refused(seed):
        try:
            drawn(dataset, seed, validation_share=validation_share, test_share=test_share)
        except InputError:
            return True
        return False

    assert len({refused(seed) for seed in range(4)}) == 1


@pytest.mark.parametrize(
    ("dataset", "parameters", "words"),
    [
        (labelled({"a": 50, "b": 2}), {}, ["2 rows of class 'b'", "at least 3", "test_share=0.2"]),
        (labelled({"a": 50, "b": 50}), {"test_share": 0.6, "validation_share": 0.5}, ["leave -10 for training", "other shares"]),
        (labelled({"a": 3, "b": 3}), {}, ["6 rows", "1 for testing", "at least 2"]),
        (measured(5), {}, ["5 rows", "at least 2 in each"]),
        (labelled({"a": 90, "b": 10}), {"train_rows": 4}, ["train_rows=4", "accepted are 10 and more"]),
        (labelled({"a": 50, "b": 50}), {"train_rows": 1}, ["train_rows=1"]),
        (measured(), {"train_rows": 1}, ["train_rows=1", "accepted are 2 and more"]),
        (measured(), {"label_noise": 0.1}, ["regression", "leave label_noise out"]),
    ],
)
def test_rows_that_do_not_go_round_are_refused_in_a_sentence(dataset, parameters, words):
    with pytest.raises(InputError) as refusal:
        drawn(dataset, **parameters)
    assert [word for word in words if word not in str(refusal.value)] == []


def test_a_target_that_varies_in_test_rows_only_is_refused():
    dataset = measured()
    target = np.full(120, 0.1)
    target[rows_of(dataset).test[0]] = 5.0
    with pytest.raises(InputError, match="same target in all 72 training rows"):
        drawn(dataclasses.replace(dataset, target=target))


def test_values_that_float32_cannot_hold_after_scaling_are_refused_and_not_passed_on_as_infinity():
    dataset = labelled()
    inputs = dataset.inputs.copy()
    inputs[rows_of(dataset).test[0], 1] = 1e100
    outlier = dataclasses.replace(dataset, inputs=inputs)
    assert np.isfinite(drawn(outlier).test.inputs).all()
    with pytest.raises(InputError, match="float32 cannot hold"):
        drawn(outlier, dtype=FLOAT32)
