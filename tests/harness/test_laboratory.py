"""Where claims about data have their networks trained."""

import numpy as np

from trickbench.harness.laboratory import Laboratory
from trickbench.harness.outcome import Outcome

RECIPE = {"hidden": [6], "activation": "relu", "optimizer": "sgd[learning_rate=0.1]", "initializer": "he"}
STUDY = {
    "question": "Does it help?", "datasets": ["iris"], "seeds": [3, 4], "epochs": 4, "baseline": RECIPE,
    "factors": {"penalty": {"l2": {"penalty": "l2[strength=0.01]"}}},
}  # fmt: skip


def test_a_study_as_data_gives_one_row_a_run_with_its_history():
    runs = Laboratory().runs(STUDY)
    assert len(runs) == 4
    assert set(runs["seed"]) == {3, 4}
    assert all(len(history) == 4 for history in runs["history"])
    assert np.isfinite(runs["test_loss"]).all()


def test_the_same_study_gives_the_same_bits_on_any_number_of_workers():
    one, two = (Laboratory(workers).runs(STUDY) for workers in (1, 2))
    assert one["test_loss"].to_list() == two["test_loss"].to_list()


def test_differences_are_paired_by_seed():
    runs = Laboratory().runs(STUDY)
    arms = sorted(set(runs["arm"]))
    expected = [float(np.diff(runs[runs["seed"] == seed].sort_values("arm")["test_loss"])[0]) for seed in (3, 4)]
    assert np.allclose(Laboratory.differences(runs, "test_loss", arms[1], arms[0]), expected, rtol=0, atol=0)


def test_a_training_is_followed_from_before_its_first_epoch():
    looks = list(Laboratory().follow(RECIPE, "iris", 0, 6, every=3))
    assert [look.epoch for look in looks] == [0, 3, 6]
    assert looks[0].figures == {}
    assert looks[2].figures["train_loss"] < looks[1].figures["train_loss"]
    assert [weights.shape for weights in looks[0].weights] == [(4, 6), (6, 3)]
    assert not np.array_equal(looks[0].parameters, looks[2].parameters), "a look is a copy"


def test_the_loop_under_test_can_be_replaced():
    lab = Laboratory(training=lambda *_: Outcome("failed", "on purpose"))
    assert lab.train(RECIPE, lab.split("iris", 0, "float32"), 0, 3).message == "on purpose"


def test_other_test_rows_change_nothing_but_the_test_rows():
    split = Laboratory.split("iris", 0)
    other = Laboratory.with_other_test_rows(split, split.test.inputs[:2], split.test.targets[:2])
    assert len(other.test.inputs) == 2
    assert other.train is split.train
