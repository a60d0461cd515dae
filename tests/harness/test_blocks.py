"""Differences: paired by seed, weighted over arms, exact where scores agree."""

import numpy as np
import pandas as pd
import pytest

from trickbench.harness.analysis.blocks import blocks, scores, told_of_diverged


def frame(metric="accuracy", **arms):
    """Runs with these scores by arm: a mapping from seed to score, or a list."""
    rows = [
        {"dataset": "d", "task": "classification", "metric": metric, "arm": arm, "seed": seed, "score": score, "status": "done"}
        for arm, values in arms.items()
        for seed, score in (values.items() if isinstance(values, dict) else enumerate(values))
    ]
    return pd.DataFrame(rows)


def contrast(**weights):
    kind = "interaction" if len(weights) == 4 else "difference"
    return {"trick": "t", "kind": kind, "weights": [[arm, weight] for arm, weight in weights.items()]}


PAIR = contrast(a=1.0, b=-1.0)


def test_differences_are_paired_by_seed_whatever_the_order_of_rows():
    runs = frame(a=[0.9, 0.8, 0.7], b=[0.8, 0.6, 0.4])
    for seed in range(3):
        (found,) = blocks(runs.sample(frac=1, random_state=seed), [PAIR])
        assert found.differences == pytest.approx([0.1, 0.2, 0.3])
        assert found.seeds == (0, 1, 2)


def test_arms_with_other_seeds_share_what_they_have():
    (found,) = blocks(frame(a={0: 0.9, 1: 0.8, 7: 0.7}, b={1: 0.6, 7: 0.4, 9: 0.1}), [PAIR])
    assert found.differences == pytest.approx([0.2, 0.3])
    assert (found.seeds, found.left_out) == ((1, 7), 0)


def test_an_interaction_is_a_difference_of_differences():
    cells = contrast(both=1.0, first=-1.0, second=-1.0, none=1.0)
    (found,) = blocks(frame(both=[0.9, 0.9], first=[0.6, 0.5], second=[0.7, 0.7], none=[0.5, 0.5]), [cells])
    assert found.differences == pytest.approx([0.1, 0.2])


def test_what_differs_by_rounding_only_is_zero():
    (found,) = blocks(frame(a=[0.3 - 0.1, 0.5], b=[0.2, 0.4]), [PAIR])
    assert 0.3 - 0.1 != 0.2
    assert found.differences[0] == 0
    assert found.differences[1] != 0


def test_a_dataset_without_one_of_the_arms_has_no_such_contrast():
    assert blocks(frame(a=[0.1]), [PAIR]) == []


def test_infinite_losses_are_worse_than_any_and_cancel_one_another():
    (found,) = blocks(frame("loss", a=[np.inf, 0.5, np.inf, 0.3], b=[0.4, np.inf, np.inf, 0.4]), [PAIR])
    assert found.differences.tolist() == [-np.inf, np.inf, 0, pytest.approx(0.1)]
    half = contrast(a=0.5, b=0.5, c=-0.5, d=-0.5)
    (found,) = blocks(frame("loss", a=[np.inf, np.inf], b=[0.3, np.inf], c=[0.5, np.inf], d=[np.inf, 0.1]), [half])
    assert found.differences.tolist() == [pytest.approx(-(0.3 - 0.5) / 2), -np.inf]


def test_diverged_runs_are_counted_by_the_side_they_stand_on():
    runs = frame(a=[0.9, 0.1, 0.1], b=[0.8, 0.1, np.nan]).assign(status=["done", "diverged", "diverged", "done", "diverged", "failed"])
    (found,) = blocks(runs, [PAIR])
    assert found.diverged == (1, 1)  # the third block is left out
    assert found.left_out == 1


def test_diverged_runs_of_an_interaction_are_counted_together():
    """`both` and `none` have the same sign, and no trick in common."""
    cells = contrast(both=1.0, first=-1.0, second=-1.0, none=1.0)
    runs = frame(both=[0.9, 0.9], first=[0.1, 0.5], second=[0.7, 0.7], none=[0.1, 0.1])
    (found,) = blocks(runs.assign(status=runs["score"].eq(0.1).map({True: "diverged", False: "done"})), [cells])
    assert found.diverged == (3,)


def test_a_sentence_says_how_many_runs_diverged_and_where():
    assert told_of_diverged("accuracy", 2, 0) == "diverged runs score chance level (2 with, 0 without)"
    assert told_of_diverged("loss", 3) == "diverged runs are worse than every other (3 in all)"
    assert told_of_diverged("loss", 0, 0) == told_of_diverged("loss", 0) == ""


@pytest.mark.parametrize(
    ("digests", "identical"),
    [(["p", "q", "p", "q"], True), (["p", "p", "q", "q"], True), (["p", "q", "r", "s"], False), (["p", "q", "p", ""], False)],
)
def test_runs_are_identical_where_equal_parameters_cancel(digests, identical):
    cells = contrast(both=1.0, first=-1.0, second=-1.0, none=1.0)
    runs = frame(both=[0.5], first=[0.5], second=[0.5], none=[0.5])
    # both = second and first = none: the first trick does nothing
    runs["parameters_digest"] = digests
    assert blocks(runs, [cells])[0].identical == identical


def test_runs_that_diverged_or_scored_otherwise_are_not_identical_whatever_their_parameters():
    runs = frame(a=[0.5, 0.6], b=[0.5, 0.6]).assign(parameters_digest=["p", "q"] * 2)
    assert blocks(runs, [PAIR])[0].identical
    assert not blocks(runs.assign(status=["diverged", "done"] * 2), [PAIR])[0].identical  # all NaN is not the same result
    runs.loc[0, "score"] = 0.7  # by the loss of each arm
    assert not blocks(runs, [PAIR])[0].identical


def test_scores_are_the_metric_chance_level_infinity_or_nothing():
    runs = pd.DataFrame(
        {
            "metric": ["accuracy"] * 4 + ["loss"] * 4,
            "status": ["done", "diverged", "failed", "pending", "done", "diverged", "done", "timeout"],
            "test_metric": [0.9, 0.3, np.nan, np.nan, 0.4, 0.2, np.nan, np.nan],
            "chance_metric": [0.1, 0.1, np.nan, np.nan, np.inf, np.inf, np.inf, np.nan],
        }
    )
    found = scores(runs)
    assert found[[0, 1, 4, 5, 6]].tolist() == [0.9, 0.1, 0.4, np.inf, np.inf]
    assert found[[2, 3, 7]].isna().all()
