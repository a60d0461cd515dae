"""Paired effects: intervals that cover, verdicts that follow from them, diverged and missing runs that bias nothing."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from trickbench.harness.statistics import effects, scores, t_interval, verdict

CONTRAST = {"design": "add-one-in", "factor": "optimizer", "level": "adam", "trick": "adam", "with_arm": "with", "without_arm": "without"}


def runs(with_scores, without_scores, metric="accuracy", status=("done", "done")):
    rows = [
        {
            "dataset": "d",
            "task": "classification",
            "metric": metric,
            "arm": arm,
            "seed": seed,
            "test_metric": score,
            "chance_metric": 0.1,
            "status": said,
        }
        for arm, values, said in (("with", with_scores, status[0]), ("without", without_scores, status[1]))
        for seed, score in enumerate(values)
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(score=scores(frame))


def test_the_interval_is_scipys():
    differences = np.random.default_rng(0).normal(0.2, 1, 12)
    expected = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    found = t_interval(differences)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-12)  # two routes to the same quantile, each good to 1e-13
    assert found.mean == differences.mean()


def test_the_interval_covers_the_true_mean_at_the_stated_rate():
    random = np.random.default_rng(1)
    trials = 4000
    covered = sum(low <= 0.3 <= high for _, low, high in (t_interval(random.normal(0.3, 2, 5)) for _ in range(trials)))
    # binomial(4000, 0.95): 5 standard deviations are 0.0172; a false alarm once in 1.7 million
    assert abs(covered / trials - 0.95) < 5 * np.sqrt(0.95 * 0.05 / trials)


@pytest.mark.parametrize(
    ("differences", "said", "note"),
    [
        ([0.1, 0.12, 0.09], "helps", ""),
        ([-0.1, -0.12, -0.09], "hurts", ""),
        ([-0.1, 0.12, 0.01], "no detectable difference", ""),
        ([0.0, 0.0, 0.0], "no detectable difference", "scored the same"),
        ([0.1, 0.1, 0.1], "no detectable difference", "no width"),
        ([0.9 - 0.8, 0.8 - 0.7, 0.7 - 0.6], "no detectable difference", "no width"),
        ([0.3 - 0.1 - 0.2, 0.0, 0.0], "no detectable difference", "scored the same"),
        ([0.1], "no detectable difference", "fewer than two"),
        ([], "no detectable difference", "fewer than two"),
    ],
)
def test_the_verdict_follows_from_the_interval_and_never_from_a_width_of_zero(differences, said, note):
    values = np.array(differences)
    found, why = verdict(values, t_interval(values))
    assert found == said
    assert note in why


def test_differences_are_paired_by_seed_whatever_the_order_of_rows():
    frame = runs([0.9, 0.8, 0.7], [0.8, 0.7, 0.6]).sample(frac=1, random_state=3)
    effect = effects(frame, [CONTRAST]).iloc[0]
    assert effect["seeds"] == 3
    assert effect["difference"] == pytest.approx(0.1)


def test_for_an_error_rate_less_is_a_gain():
    effect = effects(runs([0.10, 0.12, 0.11], [0.20, 0.23, 0.20], metric="error"), [CONTRAST]).iloc[0]
    assert effect["difference"] > 0
    assert effect["verdict"] == "helps"


def test_a_diverged_run_scores_chance_level_and_is_said():
    effect = effects(runs([np.nan, np.nan, np.nan], [0.8, 0.7, 0.6], status=("diverged", "done")), [CONTRAST]).iloc[0]
    assert effect["difference"] == pytest.approx(0.1 - 0.7)
    assert effect["diverged_with"] == 3
    assert "chance level" in effect["note"]


def test_a_pair_with_a_failed_run_is_left_out_and_the_count_says_so():
    frame = runs([0.9, 0.8, 0.7], [0.8, 0.7, 0.1])
    frame.loc[frame.index[-1], ["status", "score"]] = ["failed", np.nan]
    effect = effects(frame, [CONTRAST]).iloc[0]
    assert effect["seeds"] == 2
    assert effect["difference"] == pytest.approx(0.1)


def test_no_contrast_gives_an_empty_table_with_its_columns():
    found = effects(runs([1.0], [1.0]), [])
    assert found.empty
    assert "verdict" in found.columns
