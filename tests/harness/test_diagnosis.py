"""The flow chart on curves whose diagnosis is known, one respect after the other."""

from dataclasses import replace

import numpy as np
import pytest

from trickbench.harness.diagnosis.curves import LOSS, MEASURES, Curve, History
from trickbench.harness.diagnosis.diagnosed import DIAGNOSES, FOR_TESTING, FOR_TRAINING, KINDS, REMEDIES, success, told
from trickbench.harness.diagnosis.flow_chart import again, diagnose, gradient_ratio
from trickbench.harness.errors import InputError
from trickbench.harness.metrics import METRICS

TIME = np.arange(1, 101) / 100
LEARNED = 1 - np.exp(-12 * TIME)
FLAT = np.full(100, 2.303)


def history(train=None, test=None, validation=None, measure="accuracy", losses=None, **known):
    def curves(parts):
        return {part: Curve.of(values) for part, values in parts.items() if values is not None}

    scores = curves({"train": train, "test": test, "validation": validation})
    return History(curves(losses or {}), scores, MEASURES[measure], **known)


def of_loss(train, test=None, **known):
    return History({part: Curve.of(values) for part, values in (("train", train), ("test", test)) if values is not None}, **known)


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


@pytest.mark.parametrize("end", [np.nan, np.inf])
def test_a_loss_that_ends_as_no_number_is_diverging(end):
    assert diagnose(of_loss([2.3, 2.0, end, end], [2.3, 2.1, 2.0, 2.0])).title == "bad on training: diverging"
    assert diagnose(of_loss([end], [end])).title == "bad on training: diverging"


GOOD_LOSS = 2.3 * (1 - LEARNED) + 0.01


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_training_loss_that_was_no_number_at_any_epoch_is_diverging_though_later_ones_are_good(wrong):
    for at in (0, 50):
        one_bad_look = np.where(np.arange(100) == at, wrong, GOOD_LOSS)
        found = diagnose(history(0.99 * LEARNED, 0.97 * LEARNED, losses={"train": one_bad_look}))
        assert found.title == "bad on training: diverging"
        assert found.evidence[1] == f"the training loss was no number at epoch {at + 1}"
    found = diagnose(of_loss(np.where(np.arange(100) < 50, GOOD_LOSS, wrong)))
    assert found.evidence[1] == "the training loss is no number from epoch 51 on"


def test_a_held_out_loss_that_was_no_number_is_no_divergence():
    """The training does not lower it: one row with a probability of 0 makes it infinite."""
    for wrong in (np.nan, np.inf):
        assert diagnose(of_loss(GOOD_LOSS, np.where(np.arange(100) == 50, wrong, GOOD_LOSS))).title == "good"


def test_a_loss_out_of_reach_is_diverging_though_it_is_finite_and_moves_no_more():
    """Told from a vanishing gradient, with which it comes: dead units pass nothing on."""
    absurd = np.full(100, 4e29)
    vanished = {"gradients": norms(1e-6, 1.0)}
    of_classes = diagnose(history(np.full(100, 0.1), np.full(100, 0.1), losses={"train": absurd}, **vanished))
    assert of_classes.title == "bad on training: diverging"
    assert of_classes.evidence[1] == "the training loss was 4e+29 at epoch 1, that of a constant prediction is of the order of 1"
    of_numbers = diagnose(history(-2 * absurd, -2 * absurd, measure="r2", losses={"train": absurd}, **vanished))
    assert of_numbers.title == "bad on training: diverging"
    assert of_numbers.evidence[1] == "the training r2 was -8e+29 at epoch 1, where a constant prediction has 0"
    leapt = diagnose(of_loss(np.where(TIME < 0.1, 1.0, np.where(TIME < 0.2, 1e12, 0.9)), **vanished))
    assert leapt.title == "bad on training: diverging"
    assert leapt.evidence[1] == "the training loss was 1e+12 at epoch 10, the first one 1"


def test_a_large_loss_of_another_unit_is_no_divergence():
    """The mean squared error of prices in cents."""
    assert diagnose(of_loss(np.full(100, 1e14), gradients=norms(1e-6, 1.0))).title == "bad on training: vanishing gradient"
    assert diagnose(of_loss(1e14 * (1 - LEARNED) + 1, 1e14 * (1 - LEARNED) + 2)).title == "good"
    assert diagnose(history(0.99 * LEARNED, 0.97 * LEARNED, losses={"train": np.full(100, 1e12)})).title == "good", "the right class is in front"


def test_a_gradient_that_overflowed_is_diverging_and_none_that_vanishes():
    first = Curve.of(np.where(TIME < 0.1, np.inf, 1e-6))
    found = diagnose(replace(of_loss(FLAT, FLAT), gradients=(first, *norms(1.0))))
    assert found.title == "bad on training: diverging"
    assert found.evidence[1] == "the gradient of layer 1 was infinite at epoch 1"


def test_a_score_that_was_not_looked_at_in_the_end_is_no_bad_result():
    losses = {"train": 2.3 * (1 - LEARNED) + 1e-3, "validation": 2.3 * (1 - LEARNED) + 1e-3}
    unseen = np.where(np.arange(100) < 80, LEARNED, np.nan)
    assert diagnose(history(unseen, validation=unseen, losses=losses)).diagnosis == "cannot tell"


def test_a_run_that_was_given_up_is_diverging_whatever_its_last_look_was():
    given_up = replace(history(0.99 * LEARNED, 0.97 * LEARNED), diverged=True)
    assert diagnose(given_up).title == "bad on training: diverging"
    assert diagnose(given_up).evidence[1] == "the run is marked as diverged"
    assert diagnose(replace(given_up, message="the validation loss became inf in epoch 7")).evidence[1] == "the validation loss became inf in epoch 7"


def test_a_loss_that_grows_is_diverging():
    assert diagnose(of_loss(2.3 * np.exp(2 * TIME), FLAT)).title == "bad on training: diverging"


def test_a_flat_loss_is_not_learning():
    found = diagnose(of_loss(FLAT, FLAT))
    assert found.title == "bad on training: not learning"
    assert "gradient_norm_1" in found.missing, "whether the gradient vanishes cannot be told without"


def norms(*sizes, epochs=100):
    return tuple(Curve.of(np.full(epochs, size)) for size in sizes)


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


TURNED = np.concatenate([np.linspace(0.6, 0.267, 30), np.linspace(0.267, 0.634, 70)])
"""A held-out loss that has turned up."""


def test_a_score_beside_the_losses_takes_nothing_from_what_they_tell():
    """A train accuracy of 1 against 0.811 held out, of two classes or of many: bad at every chance level, since the held-out loss has turned up."""
    losses = {"train": 0.69 * (1 - LEARNED) + 1e-3, "validation": TURNED}
    alone = diagnose(History({part: Curve.of(values) for part, values in losses.items()}))
    beside = diagnose(history(LEARNED, None, 0.811 * LEARNED, losses=losses))
    assert alone.title == beside.title == "overfitting"
    assert "and its loss has turned up" in beside.evidence[1]


@pytest.mark.parametrize("score", np.linspace(0.5, 1, 26))
@pytest.mark.parametrize("rise", [0.0, 0.5, 2.0])
def test_with_losses_that_decide_no_held_out_score_leaves_it_open(score, rise):
    held = 0.69 * (1 - 0.7 * LEARNED) * (1 + rise * TIME)
    losses = {"train": 0.69 * (1 - LEARNED) + 1e-3, "validation": held}
    alone = diagnose(History({part: Curve.of(values) for part, values in losses.items()}))
    assert alone.diagnosis in ("good", "overfitting")
    assert diagnose(history(LEARNED, None, score * LEARNED, losses=losses)).diagnosis in ("good", "overfitting")


def test_where_the_score_hangs_on_the_chance_level_the_loss_decides():
    """0.92 is 91 % of the way from 0.1, and 84 % from 0.5: the loss knows how far the training has come."""
    near = {"train": 0.92 * LEARNED, "test": 0.91 * LEARNED}
    far, short = (dict.fromkeys(near, 2.3 * (1 - share * LEARNED)) for share in (0.95, 0.8))
    assert diagnose(history(**near)).diagnosis == "cannot tell"
    assert diagnose(history(**near, losses=far)).title == "good"
    assert "the training loss is" in diagnose(history(**near, losses=far)).evidence[0]
    assert diagnose(history(**near, losses=short)).diagnosis == "cannot tell"


def test_what_is_there_is_not_said_to_be_missing():
    middling, losses = {"train": 0.99 * LEARNED, "test": 0.85 * 0.99 * LEARNED}, {"test": 2.3 * (1 - 0.8 * LEARNED)}
    assert diagnose(history(**middling)).missing == (
        "what result is good (--target), or what a constant prediction scores (--chance), or the test loss, 5 epochs of it or more: "
        "whether it has turned up"
    )
    assert diagnose(history(**middling, losses=losses)).missing == "what result is good (--target), or what a constant prediction scores (--chance)"
    assert "--chance" not in diagnose(history(**middling, chance=0.1)).missing
    assert "--chance" not in diagnose(history(**middling, measure="r2")).missing, "a constant prediction has an r2 of 0"


def test_a_training_result_above_what_others_reach_on_validation_rows_is_told_without_a_percentage():
    """Wrong labels learned by heart: no validation result comes near."""
    found = diagnose(history(LEARNED, 0.6 * LEARNED, 0.68 * LEARNED, chance=0.1, reachable=0.685))
    assert found.evidence[0] == "the training accuracy is 1, better than the best validation result that is known to be reached (0.685)"
    at_most = diagnose(history(0.685 * LEARNED, 0.6 * LEARNED, chance=0.1, reachable=0.685)).evidence[0]
    assert at_most.endswith("100 % of the way from chance (0.1) to the best validation result that is known to be reached (0.685)")


def test_a_held_out_result_above_the_training_result_is_told_without_a_percentage():
    assert diagnose(history(0.93 * LEARNED, 0.97 * LEARNED, chance=0.1)).evidence[1] == "the test accuracy is 0.97, better than the training result"


def test_a_sentence_says_what_is_not_known_and_ends():
    assert (
        diagnose(of_loss([0.05, 0.04], [0.05, 0.04])).evidence[0] == "the training loss is 0.04, and what a constant prediction scores is not known"
    )
    (judged,) = [each for each in diagnose(of_loss([0.05, 0.04], [0.05, 0.04])).evidence if "test" in each]
    assert judged == "the test loss is 0.04, and what a constant prediction scores is not known"


def test_a_sentence_does_not_compare_with_what_is_not_known():
    infinite = diagnose(of_loss([np.inf, *[4e29] * 9]))
    assert infinite.evidence == (
        "the training loss is 4e+29, and what a constant prediction scores is not known",
        "the training loss was no number at epoch 1",
    )
    beside = diagnose(history(None, None, np.array([0.6, 0.7]), losses={"train": np.array([0.5, 0.4])}))
    assert "the validation accuracy is 0.7, and how far the training result has come is not known" in beside.evidence
    assert diagnose(of_loss([0.0, *[0.1] * 9])).evidence[0] == "the training loss is 0.1, and how far it has come cannot be told"


def test_a_loss_below_zero_is_not_taken_for_one_that_learned_nothing():
    """That of a density falls from -1 to -5; 0 is not its best value."""
    found = diagnose(of_loss(-1 - 4 * LEARNED, -1 - 4 * LEARNED))
    assert found.diagnosis == "cannot tell"
    assert found.evidence[0].endswith("and of a loss below 0 nobody knows what is perfect")
