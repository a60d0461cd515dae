"""Folds: every row is tested once a partition, and what a name says of how replicates are drawn."""

import numpy as np
import pytest

from trickbench.harness import registry
from trickbench.harness.ablation import run
from trickbench.harness.analysis.resampling import Resampling
from trickbench.harness.errors import InputError
from trickbench.harness.execution import splits
from trickbench.harness.strata import one_fold
from trickbench.harness.study import Study


@pytest.mark.parametrize(("rows", "folds"), [(20, 5), (23, 5), (10, 10), (7, 2)])
def test_folds_are_a_partition_whose_parts_differ_by_one_row_at_most(rows, folds):
    parts = [one_fold(rows, folds, number, 3, None) for number in range(folds)]
    assert sorted(np.concatenate([test for _, test in parts])) == list(range(rows))
    assert max(len(test) for _, test in parts) - min(len(test) for _, test in parts) <= 1
    for rest, test in parts:
        assert sorted([*rest, *test]) == list(range(rows))


def test_every_fold_has_its_share_of_every_class_within_one_row():
    strata = np.random.default_rng(0).permutation(np.repeat([0, 1, 2], [31, 7, 12]))
    for seed in range(20):
        counts = np.array([np.bincount(strata[one_fold(50, 5, number, seed, strata)[1]], minlength=3) for number in range(5)])
        assert (np.ptp(counts, axis=0) <= 1).all()


def test_another_partition_is_another_one():
    assert not np.array_equal(one_fold(50, 5, 0, 1, None)[1], one_fold(50, 5, 0, 2, None)[1])


def test_seeds_in_a_row_test_every_row_once(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("x,y\n" + "\n".join(f"{row % 7},{row}" for row in range(43)))
    name = f"csv[path={path},target=y,task=regression,folds=4]"
    partitions = []
    for partition in (0, 1):
        seen = []
        for seed in range(4 * partition, 4 * partition + 4):
            split = splits(name, seed, "float64")
            assert len(split.train.inputs) + len(split.validation.inputs) + len(split.test.inputs) == 43
            assert len(split.validation.inputs) == round(0.2 * 43)
            # targets are in standard deviations of the training rows: whole numbers come back as ranks of what is known
            every = np.concatenate([split.train.targets, split.validation.targets, split.test.targets])[:, 0]
            step = np.ptp(every) / 42
            seen += np.rint((split.test.targets[:, 0] - every.min()) / step).astype(int).tolist()
        assert sorted(seen) == list(range(43))
        partitions.append(seen)
    assert partitions[0] != partitions[1]


def test_the_label_noise_is_that_of_the_partition_and_tests_are_clean():
    clean, noisy = (splits(f"iris[folds=5{noise}]", 2, "float64") for noise in ("", ",label_noise=0.5"))
    assert np.array_equal(clean.test.targets, noisy.test.targets)
    assert not np.array_equal(clean.train.targets, noisy.train.targets)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("iris[folds=1]", "iris's folds is 1; accepted is a whole number from 2, or 0"),
        ("iris[folds=-2]", "folds is -2; accepted is a whole number from 0"),
        ("iris[folds=5,test_share=0.3]", "leave one of them out"),
        ("iris[folds=2,validation_share=0.5]", "leaves no rows for training beside a fold"),
    ],
)
def test_folds_that_make_no_sense_are_refused(name, sentence):
    with pytest.raises(InputError, match=sentence.replace("(", r"\(")):
        registry.dataset(name)


def test_more_folds_than_rows_are_refused():
    with pytest.raises(InputError, match=r"150 rows, of which folds=151 and validation_share=0.2 leave"):
        splits("iris[folds=151]", 0, "float64")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("iris", (0, False, 0.2 / 0.6)),
        ("iris[folds=5]", (5, False, 1 / 4)),
        ("iris[label_noise=0.2,test_share=0.1,validation_share=0.1]", (0, True, 0.1 / 0.8)),
        ("iris[train_rows=30]", (0, False, 0.2 / 0.6)),
    ],
)
def test_what_the_name_says(name, expected):
    assert Resampling.of(name) == pytest.approx(expected)


@pytest.mark.parametrize(("seeds", "whole"), [(range(10), True), ([5, 6, 7, 8, 9], True), (range(7), False), (range(1, 6), False), ([], True)])
def test_partitions_are_whole_or_said_to_be_broken(seeds, whole):
    assert (Resampling(5, False, 0.25).broken(list(seeds)) == "") == whole
    assert Resampling(0, False, 0.25).broken(list(seeds)) == ""


STUDY = {
    "question": "?", "datasets": ["iris"], "seeds": 3, "epochs": 1,
    "baseline": {"activation": "relu", "optimizer": "sgd", "initializer": "he"}, "factors": {"dropout": {"on": {"dropout": "dropout"}}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"estimand": "new datasets", "vary": ["weights"]}, "takes fresh splits, but vary leaves out 'split'"),
        ({"datasets": ["iris[folds=3]"], "vary": ["weights", "order"]}, r"iris\[folds=3\] tests another fold with every seed"),
        (
            {"metric": {"classification": "loss"}, "factors": {"loss": {"square": {"loss": "squared_error"}}}},
            "the metric is loss, but the factor loss changes the loss",
        ),
    ],
)
def test_terms_that_contradict_one_another_are_refused(keys, sentence):
    with pytest.raises(InputError, match=sentence):
        Study(**(STUDY | keys))


def test_a_study_can_be_judged_by_its_loss(tmp_path):
    runs = run(Study(**(STUDY | {"metric": {"classification": "loss"}})), output=tmp_path).runs
    assert (runs["test_metric"] == runs["test_loss"]).all()
    assert (runs["chance_metric"] == np.inf).all()
