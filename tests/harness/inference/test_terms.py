"""What a verdict speaks of, in words."""

import pytest

from trickbench.harness.inference.terms import DIFFERENCE, EQUIVALENCE, Terms, wording
from trickbench.harness.metrics import METRICS


def test_every_metric_has_a_region_of_equivalence():
    assert EQUIVALENCE.keys() == METRICS.keys()


@pytest.mark.parametrize(
    ("terms", "folds", "scope"),
    [
        (Terms(), 0, "this dataset"),
        (Terms(vary=("weights", "order")), 0, "this split"),
        (Terms(estimand="new datasets"), 0, "new datasets"),
        (Terms(), 5, "new datasets"),
    ],
)
def test_the_scope(terms, folds, scope):
    assert terms.scope(folds) == scope


def test_the_wording_names_what_is_drawn_and_what_is_kept():
    assert wording(Terms()) == "the expected difference over fresh random splits, initial weights, batch orders and masks, given this dataset"
    kept = wording(Terms(vary=("weights", "order")), noise=True)
    assert kept == (
        "the expected difference over fresh initial weights and batch orders, given this dataset, this split with its wrong labels and one draw of "
        "the masks"
    )
    assert "random splits with their wrong labels" in wording(Terms(), noise=True)
    assert wording(Terms(), quantity=DIFFERENCE["pseudomedian"]).startswith("the pseudomedian of the differences over fresh random splits")


def test_new_datasets_are_said_to_be_conservative_and_folds_are_named():
    assert wording(Terms(estimand="new datasets")).endswith("by the corrected resampled t from random splits of this one: conservative")
    assert "fresh datasets of this size" in wording(Terms(), folds=5)
    assert "5 folds, repeated" in wording(Terms(), folds=5)


@pytest.mark.parametrize("estimand", ["this dataset", "new datasets"])
def test_whether_tuned_values_are_given_or_found_anew_is_said(estimand):
    assert wording(Terms(estimand=estimand, tuned="once")).endswith("the tuned values")
    assert wording(Terms(estimand=estimand, tuned="each")).endswith("every replicate tuned on its own rows")
    assert "tuned" not in wording(Terms(estimand=estimand))
