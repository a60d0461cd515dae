"""The flow chart on curves whose diagnosis is known, one respect after the other."""

from dataclasses import replace

import numpy as np
import pytest

from trickbench.harness.diagnosis.curves import LOSS, MEASURES, Curve, History
from trickbench.harness.diagnosis.diagnosed import DIAGNOSES, FOR_TESTING, FOR_TRAINING, KINDS, REMEDIES, success, told
from trickbench.harness.diagnosis.flow_chart import again, diagnose, gradient_ratio
from trickbench.harness.errors import InputError
from trickbench.harness.metrics import METRICS

from .made_curves import FLAT, LEARNED, TIME, history, norms, of_loss


def test_both_results_good_is_good():
    assert diagnose(history(0.99 * LEARNED, 0.97 * LEARNED)).title == "good"


def test_a_bad_test_result_after_good_training_is_overfitting():
    found = diagnose(history(0.99 * LEARNED, 0.6 * LEARNED))
    assert found.title == "overfitting"
    assert found.remedies == FOR_TESTING
    assert "validation" in found.missing, "without a validation result it may as well be test data unlike the training data"


def test_a_good_validation_result_shows_that_the_test_data_differ():
    found = diagnose(history(0.99 * LEARNED, 0.6 * LEARNED, 0.97 * LEARNED))
    assert found.title == "overfitting: test data unlike the training data"
    assert diagnose(history(0.99 * LEARNED, 0.6 * LEARNED, 0.6 * LEARNED)).title == "overfitting"


def test_a_bad_test_result_alone_is_not_overfitting():
    found = diagnose(history(None, 0.3 * LEARNED))
    assert found.diagnosis == "cannot tell"
    assert "training data" in found.missing
    assert diagnose(history(0.5 * LEARNED, 0.1 * LEARNED, target=0.9)).diagnosis == "bad on training"


def test_a_good_training_result_alone_is_not_good():
    found = diagnose(history(0.99 * LEARNED))
    assert found.diagnosis == "cannot tell"
    assert "validation or test" in found.missing


def test_nothing_recorded_cannot_be_told():
    assert diagnose(History()).diagnosis == "cannot tell"


def test_without_a_test_result_the_validation_result_stands_in():
    assert diagnose(history(0.99 * LEARNED, None, 0.6 * LEARNED)).title == "overfitting"


def test_a_flat_loss_is_not_learning():
    found = diagnose(of_loss(FLAT, FLAT))
    assert found.title == "bad on training: not learning"
    assert "gradient_norm_1" in found.missing, "whether the gradient vanishes cannot be told without"


def test_a_first_layer_without_gradient_is_a_vanishing_gradient():
    found = diagnose(replace(of_loss(FLAT, FLAT), gradients=norms(1e-6, 1e-3, 1.0)))
    assert found.title == "bad on training: vanishing gradient"
    assert "1.0e-06" in " ".join(found.evidence)
    assert diagnose(replace(of_loss(FLAT, FLAT), gradients=norms(0.3, 1.0, 1.0))).title == "bad on training: not learning"


def test_a_good_training_has_no_vanishing_gradient():
    assert diagnose(replace(history(0.99 * LEARNED, 0.97 * LEARNED), gradients=norms(1e-6, 1.0))).title == "good"


def test_the_ratio_of_gradients_leaves_out_what_has_none():
    curve = Curve.of([0.0, np.nan, 2.0, 4.0])
    assert gradient_ratio(History(gradients=(Curve.of([1.0, 1.0, 1.0, 1.0]), curve))) == 0.375
    assert gradient_ratio(History(gradients=norms(0.0, 0.0))) is None, "without any gradient none vanishes on its way"
    assert gradient_ratio(History(gradients=norms(1.0))) is None


def test_a_loss_that_falls_to_the_end_still_improves():
    assert diagnose(of_loss(np.linspace(2.3, 1.6, 100), FLAT)).title == "bad on training: still improving"
    assert diagnose(history(0.1 + 0.4 * TIME, 0.1 + 0.4 * TIME)).title == "bad on training: still improving"


def test_what_levels_off_is_bad_only_where_more_is_known_to_be_had():
    middling = history(0.7 * LEARNED, 0.68 * LEARNED)
    assert diagnose(middling).diagnosis == "cannot tell"
    assert "--target" in diagnose(middling).missing
    assert diagnose(replace(middling, target=0.9)).title == "bad on training: levelled off"
    assert diagnose(replace(middling, target=0.65)).title == "good"
    assert diagnose(replace(middling, chance=0.1, reachable=0.9)).title == "bad on training: levelled off"
    assert diagnose(replace(middling, chance=0.1, reachable=0.7)).title == "good"


def test_what_others_reach_says_nothing_where_it_is_chance():
    assert diagnose(history(0.7 * LEARNED, 0.68 * LEARNED, chance=0.1, reachable=0.12)).diagnosis == "cannot tell"


def test_chance_decides_where_it_is_not_known():
    """An accuracy of 0.92 is 91 % of the way from 0.1 to 1, and 84 % from 0.5."""
    near = history(0.92 * LEARNED, 0.91 * LEARNED)
    assert diagnose(near).diagnosis == "cannot tell"
    assert diagnose(replace(near, chance=0.1)).title == "good"
    assert diagnose(replace(near, chance=0.5)).diagnosis == "cannot tell"


def test_an_accuracy_of_two_classes_at_chance_is_not_learning():
    assert diagnose(history(np.full(100, 0.5), np.full(100, 0.5), chance=0.5)).title == "bad on training: not learning"
    assert diagnose(history(np.full(100, 0.5), np.full(100, 0.5), chance=0.1)).diagnosis == "cannot tell", "what was learned, was in the first epoch"


def test_between_good_and_bad_the_held_out_loss_decides():
    """The test result has 0.85 of the training result's way."""
    falling, turning = 2.3 * (1 - 0.8 * LEARNED), 2.3 * (1 - 0.8 * LEARNED) * (1 + TIME)
    middling = {"train": 0.99 * LEARNED, "test": 0.85 * 0.99 * LEARNED, "chance": 0.0}
    assert diagnose(history(**middling, losses={"test": falling})).title == "good"
    assert diagnose(history(**middling, losses={"test": turning})).title == "overfitting"
    assert diagnose(history(**middling)).diagnosis == "cannot tell"


@pytest.mark.parametrize("measure", ["error", "r2", "rmse", "mae", "mse", "auc"])
def test_every_measure_knows_its_direction(measure):
    higher = MEASURES[measure].higher_is_better
    written = (lambda share: 0.5 + share / 2) if measure == "auc" else (lambda share: share if higher else 1 - share)
    assert diagnose(history(written(0.99 * LEARNED), written(0.97 * LEARNED), measure=measure)).title == "good"
    assert diagnose(history(written(0.99 * LEARNED), written(0.4 * LEARNED), measure=measure)).title == "overfitting"


def test_every_metric_of_a_study_is_a_measure_with_the_same_direction():
    assert {name: MEASURES[name].higher_is_better for name in METRICS} == {name: metric.higher_is_better for name, metric in METRICS.items()}


def test_a_loss_and_a_score_can_be_judged_beside_each_other():
    """scikit-learn records the training loss and the validation score."""
    loss = {"train": 2.3 * (1 - LEARNED) + 0.01}
    assert diagnose(history(None, None, 0.97 * LEARNED, "score", loss)).title == "good"
    assert diagnose(history(None, None, 0.4 * LEARNED, "score", loss)).title == "overfitting"


def test_a_loss_below_zero_has_no_share():
    found = diagnose(of_loss(-5 * LEARNED + 1, -5 * LEARNED + 1))
    assert found.diagnosis in ("good", "cannot tell")
    assert diagnose(of_loss(-5 * LEARNED + 1, -5 * LEARNED + 1, target=-3.0)).title == "good"
    assert diagnose(of_loss(-5 * LEARNED + 1, -1 * LEARNED + 1, target=-3.0)).title == "overfitting"


def test_one_epoch_is_judged_by_its_result_and_nothing_is_said_of_its_course():
    assert diagnose(history([0.99], [0.97])).title == "good"
    assert diagnose(history([0.5], [0.5], target=0.9)).title == "bad on training"
    assert diagnose(history([0.7], [0.7])).diagnosis == "cannot tell"


def test_a_few_losses_alone_are_nothing_to_judge_by():
    for losses in ([1.0], [0.05, 0.05], [0.05, 0.049, 0.048, 0.047]):
        found = diagnose(of_loss(losses, losses))
        assert found.diagnosis == "cannot tell"
        assert "not known" in found.evidence[0]
    assert diagnose(of_loss([0.05, 0.04], [0.1, 0.05], target=0.1)).title == "good"


def test_a_loss_that_rises_while_the_score_is_fair_is_no_divergence():
    """As a penalty takes hold, the loss without it rises."""
    rising = {"train": np.linspace(0.3, 0.5, 100)}
    assert diagnose(history(0.8 * LEARNED, 0.8 * LEARNED, losses=rising, chance=0.1, target=0.9)).title == "bad on training: levelled off"
    assert diagnose(history(0.2 * LEARNED, 0.2 * LEARNED, losses=rising, chance=0.1, target=0.9)).title == "bad on training: diverging"


def test_early_stopping_is_judged_by_the_epoch_that_it_kept():
    train, test = np.concatenate([0.99 * LEARNED, np.full(50, 0.99)]), np.concatenate([0.97 * LEARNED, np.linspace(0.97, 0.5, 50)])
    assert diagnose(history(train, test)).title == "overfitting"
    assert diagnose(history(train, test, kept=100.0)).title == "good"


def test_a_noisy_curve_is_judged_by_its_median():
    noise = 0.05 * np.random.default_rng(1).normal(size=100)
    spoilt = 0.99 * LEARNED - np.abs(noise) * (np.arange(100) % 7 == 6)
    assert diagnose(history(spoilt, 0.97 * LEARNED)).title == "good"


def test_a_held_out_loss_that_is_no_number_says_nothing_and_an_infinite_one_is_bad():
    train = 2.3 * (1 - LEARNED) + 0.01
    assert diagnose(of_loss(train, np.full(100, np.nan))).diagnosis == "cannot tell"
    assert diagnose(of_loss(train, np.full(100, np.inf))).title == "overfitting"


def test_a_history_is_left_as_it_is():
    given = history(0.99 * LEARNED, 0.6 * LEARNED)
    with pytest.raises(ValueError, match="read-only"):
        given.scores["train"].values[0] = 3
    assert diagnose(given) == diagnose(given)


def test_the_remedies_of_training_and_test_are_apart():
    assert not set(FOR_TRAINING) & set(FOR_TESTING)
    assert set(REMEDIES) == set(DIAGNOSES)
    assert REMEDIES["good"] == REMEDIES["cannot tell"] == ()


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        ("overfitting", "good", "worked"),
        ("overfitting", "overfitting", "not enough"),
        ("overfitting", "bad on training", "spoilt the training result"),
        ("bad on training", "overfitting", "worked"),
        ("bad on training", "good", "worked"),
        ("bad on training", "bad on training", "not enough"),
        ("good", "good", "not needed"),
        ("good", "overfitting", "not needed"),
        ("good", "bad on training", "spoilt the training result"),
        ("overfitting", "cannot tell", "cannot tell"),
        ("cannot tell", "good", "cannot tell"),
    ],
)
def test_a_remedy_worked_where_what_was_diagnosed_is_gone_and_nothing_before_it_came_up(before, after, outcome):
    assert success(told(before), told(after)) == outcome


def test_after_a_remedy_the_training_result_is_looked_at_again():
    before = diagnose(history(0.99 * LEARNED, 0.6 * LEARNED, target=0.9))
    spoilt = again(before, history(0.7 * LEARNED, 0.95 * LEARNED, target=0.9))
    assert spoilt.diagnosis == "bad on training"
    assert "back to the training" in spoilt.evidence[-1]
    assert again(before, history(0.97 * LEARNED, 0.95 * LEARNED, target=0.9)).diagnosis == "good"


def test_the_remedies_are_all_of_the_lectures_for_every_kind_of_bad_training():
    for kind in ("", "diverging", "still improving", "vanishing gradient", "not learning", "levelled off"):
        assert told("bad on training", kind).remedies == FOR_TRAINING


def test_a_kind_is_one_of_the_words():
    assert "" in KINDS
    assert all(kind == kind.lower() or kind == "" for kind in KINDS)


@pytest.mark.parametrize(
    ("values", "epochs"), [([], None), ([[1.0]], None), ([1.0, 2.0], [1]), ([1.0, 2.0], [2, 1]), ([1.0, 2.0], [1, 1]), ([1.0], [np.nan])]
)
def test_a_curve_that_is_none_is_refused(values, epochs):
    with pytest.raises(InputError, match="accepted"):
        Curve.of(values, epochs)


def test_scores_need_a_measure():
    with pytest.raises(InputError, match="which measure"):
        History({}, {"train": Curve.of([0.5])})


def test_the_loss_is_the_measure_where_there_is_no_score():
    assert of_loss([1.0]).measure is LOSS
