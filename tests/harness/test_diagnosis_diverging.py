"""The flow chart on trainings that diverge, and on those that only look like it."""

from dataclasses import replace

import numpy as np
import pytest

from trickbench.harness.diagnosis.curves import Curve
from trickbench.harness.diagnosis.flow_chart import diagnose

from .made_curves import FLAT, LEARNED, TIME, history, norms, of_loss


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
