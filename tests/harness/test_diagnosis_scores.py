"""The flow chart where losses and scores stand beside each other, and what it says is not known."""

import numpy as np
import pytest

from trickbench.harness.diagnosis.curves import Curve, History
from trickbench.harness.diagnosis.flow_chart import diagnose

from .made_curves import LEARNED, TIME, history, of_loss

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
