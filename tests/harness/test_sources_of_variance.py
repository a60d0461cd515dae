"""The share of each source of randomness: right on models whose shares are known, with an interval that holds, and words that say no more."""

import math

import numpy as np
import pandas as pd
import pytest

from trickbench.harness.analysis.sources_of_variance import COLUMNS, UNUSED, Share, recommendation, share_of, sources_of_variance
from trickbench.harness.inference.terms import Terms

SOURCES = 4


def model(deviations, together, x):
    """Scores for sources x (..., 4): each by itself, and the first two together. V = Σ deviations² + together²."""
    return (x * np.asarray(deviations)).sum(-1) + together * x[..., 0] * x[..., 1]


def total_effect(deviations, together, source):
    return deviations[source] ** 2 + (together**2 if source < 2 else 0)


def pairs(random, n, source, deviations, together=0.0, draw=np.random.Generator.standard_normal):
    """n values of the model, and the same with one source drawn afresh."""
    x = draw(random, (n, SOURCES))
    fresh = x.copy()
    fresh[:, source] = draw(random, n)
    return model(deviations, together, x), model(deviations, together, fresh)


DEVIATIONS = (0.8, 0.5, 0.3, 0.1)


@pytest.mark.parametrize("source", range(SOURCES))
@pytest.mark.parametrize("together", [0.0, 0.6])
def test_the_variance_due_to_a_source_is_its_total_effect(source, together):
    random = np.random.default_rng(source)
    estimates = [share_of(*pairs(random, 10, source, DEVIATIONS, together), 0.95).variance for _ in range(2000)]
    error = np.std(estimates) / math.sqrt(len(estimates))
    # the mean of 2,000 independent estimates: within 4 standard errors with probability 0.99994
    assert abs(np.mean(estimates) - total_effect(DEVIATIONS, together, source)) < 4 * error
    # and the estimator without its half would be seen
    assert abs(2 * np.mean(estimates) - total_effect(DEVIATIONS, together, source)) > 8 * error


def test_shares_of_many_pairs_are_those_of_the_model_and_count_in_both_what_sources_do_together():
    random = np.random.default_rng(0)
    shares = [share_of(*pairs(random, 200_000, source, DEVIATIONS, 0.6), 0.95).share for source in range(SOURCES)]
    whole = sum(deviation**2 for deviation in DEVIATIONS) + 0.6**2
    truth = [total_effect(DEVIATIONS, 0.6, source) / whole for source in range(SOURCES)]
    # the standard error of log w is sqrt(kurtosis - 1)/sqrt(n) <= 3 / 447 = 0.7 % of each share
    assert shares == pytest.approx(truth, rel=0.03)
    assert sum(truth) == pytest.approx(1 + 0.6**2 / whole), "their common part counts twice"


def test_the_share_is_what_the_analysis_of_variance_leaves_to_the_pairs():
    """One-way: F = b / w, and the share 2 / (1 + F), with the pairs as groups."""
    from scipy.stats import f_oneway

    kept, redrawn = pairs(np.random.default_rng(1), 12, 0, DEVIATIONS)
    ratio = f_oneway(*np.stack([kept, redrawn], axis=1)).statistic
    found = share_of(kept, redrawn, 0.95)
    # two ways of summing twelve squares: some hundred roundings
    assert found.share == pytest.approx(2 / (1 + ratio), rel=1e-13)
    assert found.variance == pytest.approx(np.mean((kept - redrawn) ** 2) / 2, rel=1e-13)


def interval_by_hand(kept, redrawn, confidence):
    """The same interval, each pair really left out, and SciPy's distributions."""
    from scipy import stats

    def log_ratio(keep):
        groups = np.stack([kept[keep], redrawn[keep]])
        return math.log(groups.var(axis=0, ddof=1).mean() / (2 * groups.mean(axis=0).var(ddof=1)))

    n, tail = len(kept), (1 - confidence) / 2
    everything = np.arange(n)
    left_out = np.array([log_ratio(np.delete(everything, i)) for i in everything])
    error = math.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
    estimate, half = log_ratio(everything), stats.t.ppf(1 - tail, n - 1) * error
    normal = [estimate - math.log(stats.f.ppf(probability, n, n - 1)) for probability in (1 - tail, tail)]
    return [min(1.0, 2 / (1 + math.exp(-end))) for end in (min(normal[0], estimate - half), max(normal[1], estimate + half))]


@pytest.mark.parametrize("source", range(SOURCES))
def test_the_interval_is_the_wider_of_the_exact_and_the_jackknife(source):
    kept, redrawn = pairs(np.random.default_rng(source), 9, source, DEVIATIONS, 0.5)
    found = share_of(kept, redrawn, 0.9)
    # sums of nine squares in another order, through log and exp: a thousand roundings
    assert [found.low, found.high] == pytest.approx(interval_by_hand(kept, redrawn, 0.9), rel=1e-12)


def coverage(n, source, deviations, together, draw, runs=1000):
    random = np.random.default_rng(n)
    truth = total_effect(deviations, together, source) / (sum(deviation**2 for deviation in deviations) + together**2)
    found = [share_of(*pairs(random, n, source, deviations, together, draw), 0.95) for _ in range(runs)]
    return np.mean([share.low <= truth <= share.high for share in found])


def heavy(random, shape):
    """Student's t with 5 degrees of freedom, variance 1."""
    return random.standard_t(5, shape) / math.sqrt(5 / 3)


BOUND = 4 * math.sqrt(0.05 * 0.95 / 1000)
"""Four binomial standard errors of a coverage of 0.95 in 1,000 runs."""


@pytest.mark.parametrize("n", [3, 5, 10, 30])
@pytest.mark.parametrize("draw", [np.random.Generator.standard_normal, heavy], ids=["normal", "heavy tails"])
def test_the_interval_holds_where_sources_add_up(n, draw):
    for source in (0, 3):
        assert coverage(n, source, DEVIATIONS, 0.0, draw) > 0.95 - BOUND


@pytest.mark.parametrize("n", [5, 10, 30])
def test_the_interval_comes_near_where_sources_act_together(n):
    """Products of two normal sources: 0.93 to 0.96 is published, three points below the nominal level are allowed for."""
    for source in (0, 3):
        assert coverage(n, source, (0.5, 0.5, 0.3, 0.2), 0.7, np.random.Generator.standard_normal) > 0.92 - BOUND


def test_the_exact_interval_alone_would_not_hold(monkeypatch):
    """What the jackknife is for: without it, heavy tails cover less, however many pairs there are."""
    from trickbench.harness.analysis import sources_of_variance as module

    monkeypatch.setattr(module, "_jackknife", lambda *_: 0.0)
    assert coverage(30, 3, DEVIATIONS, 0.0, heavy) < 0.95 - BOUND


@pytest.mark.parametrize(
    ("kept", "redrawn", "share", "note"),
    [
        ([0.9, 0.8], [0.7, 0.9], float("nan"), "fewer than three pairs"),
        ([0.9, 0.8, 0.7], [0.9, 0.8, 0.7], 0.0, "no interval"),
        ([0.9, 0.9, 0.9], [0.9, 0.9, 0.9], float("nan"), "no interval"),
        ([0.9, 0.8, 0.7], [0.7, 0.8, 0.9], 1.0, "no interval"),
        ([0.9, float("inf"), 0.7], [0.7, 0.8, 0.9], float("nan"), "not finite"),
        ([0.3 - 0.2, 0.2, 0.5], [0.1, 0.2, 0.5], 0.0, "no interval"),
    ],
    ids=["too few", "source without effect", "constant", "nothing but the source", "infinite", "equal up to rounding"],
)
def test_where_pairs_tell_nothing_no_interval_is_drawn(kept, redrawn, share, note):
    found = share_of(np.array(kept), np.array(redrawn), 0.95)
    assert found.share == pytest.approx(share, nan_ok=True, abs=0)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert note in found.note


def frames(values, unused=()):
    """Runs and redraws from {(arm, purpose): scores by seed}; a redraw of a source that is not used is the same run."""
    rows = [
        {"run": f"{arm}/{'' if purpose in unused else purpose}/{seed}", "arm": arm, "dataset": "d", "metric": "accuracy", "seed": seed}
        | {"score": score, "purpose": purpose}
        for (arm, purpose), scores in values.items()
        for seed, score in enumerate(scores)
    ]
    frame = pd.DataFrame(rows)
    return frame[frame["purpose"] == ""], frame[frame["purpose"] != ""]


def contrast(*weights, kind="difference", trick="t"):
    return {"design": "add-one-in", "kind": kind, "trick": trick, "weights": [list(weight) for weight in weights]}


def made():
    random = np.random.default_rng(2)
    values = {}
    for arm in ("a", "b", "c", "d"):
        x = random.standard_normal((6, SOURCES))
        values[arm, ""] = model(DEVIATIONS, 0.0, x)
        for source, purpose in enumerate(("split", "weights")):
            fresh = x[:5].copy()
            fresh[:, source] = random.standard_normal(5)
            values[arm, purpose] = model(DEVIATIONS, 0.0, fresh)
    return values


def test_the_table_holds_every_contrast_and_arm_with_the_redrawn_seeds():
    values = made()
    asked = [contrast(("a", 1.0), ("b", -1.0)), contrast(("a", 1.0), ("b", -1.0), ("c", -1.0), ("d", 1.0), kind="interaction", trick="t × u")]
    table = sources_of_variance(*frames(values), asked, Terms())
    assert tuple(table.columns) == COLUMNS
    assert table["speaks_of"].unique().tolist() == [
        "the share of the variance over fresh random splits, initial weights, batch orders and masks, given this dataset"
    ]
    assert list(table["trick"].unique()) == ["t", "t × u", "a", "b", "c", "d"]
    assert list(table.query("trick == 't'")["source"]) == ["split", "weights", "all"]
    for trick, weights in (("t", (1, -1, 0, 0)), ("t × u", (1, -1, -1, 1)), ("c", (0, 0, 1, 0))):
        kept, redrawn = (sum(w * values[arm, purpose] for arm, w in zip("abcd", weights, strict=True)) for purpose in ("", "split"))
        shown = table[table["trick"] == trick].set_index("source")
        row, whole = shown.loc["split"], shown.loc["all"]
        expected = share_of(kept[:5], redrawn, 0.95)
        # the same few sums in another order
        assert [row["variance"], row["share"], row["share_low"], row["share_high"]] == pytest.approx(expected[:4], rel=1e-12)
        assert row["seeds"] == 5
        assert whole["variance"] == pytest.approx(kept.var(ddof=1), rel=1e-12), "over all six seeds"
        assert (whole["seeds"], whole["share"]) == (6, 1.0)


def test_a_pair_with_a_missing_run_is_left_out():
    values = made()
    values["b", "split"][1] = values["a", ""][2] = float("nan")
    row = sources_of_variance(*frames(values), [contrast(("a", 1.0), ("b", -1.0))], Terms()).iloc[0]
    assert row["seeds"] == 3
    keep = [0, 3, 4]
    kept, redrawn = ((values["a", purpose][:5] - values["b", purpose][:5])[keep] for purpose in ("", "split"))
    assert row["variance"] == pytest.approx(share_of(kept, redrawn, 0.95).variance, rel=1e-12)


def test_two_arms_whose_losses_both_diverge_are_a_tie_as_in_a_block():
    values = made()
    for arm in ("a", "b"):
        values[arm, ""] = values[arm, ""].copy()
        values[arm, ""][0] = np.inf
    row = sources_of_variance(*frames(values), [contrast(("a", 1.0), ("b", -1.0))], Terms()).iloc[0]
    assert row["seeds"] == 5, "left out, were infinity minus infinity no number"
    assert np.isfinite(row["variance"])


def test_a_source_that_no_run_uses_has_no_share_for_certain():
    values = made() | {(arm, "masks"): made()[arm, ""][:5] for arm in "abcd"}
    table = sources_of_variance(*frames(values, unused=("masks",)), [contrast(("a", 1.0), ("b", -1.0))], Terms())
    row = table.query("source == 'masks'").iloc[0]
    assert tuple(row[["share", "share_low", "share_high", "note"]]) == (0.0, 0.0, 0.0, UNUSED)


def test_without_redraws_the_table_is_empty_with_its_columns():
    runs, _ = frames(made())
    table = sources_of_variance(runs, runs[:0], [contrast(("a", 1.0), ("b", -1.0))], Terms())
    assert table.empty
    assert tuple(table.columns) == COLUMNS


def test_the_recommendation_says_what_the_intervals_say():
    split, weak, quiet = Share(1, 0.86, 0.6, 0.95, 10), Share(1, 0.2, 0.05, 0.5, 10), Share(1, 0.01, 0.0, 0.05, 10)
    rival, nothing = Share(1, 0.5, 0.1, 0.9, 10), Share(0, 0.0, float("nan"), float("nan"), 10)
    unused = Share(0, 0.0, 0.0, 0.0, 10, UNUSED)
    say = "86 % [60, 95] of the variance of this difference comes from the split: replicate splits"
    assert recommendation({"split": split, "weights": weak}, "difference") == f"{say}."
    assert recommendation({"split": split, "masks": quiet}, "difference") == f"{say}; fresh masks alone would tell little."
    assert recommendation({"split": split, "masks": unused}, "difference") == f"{say}.", "nothing is said of what is not there"
    assert recommendation({"split": split, "order": quiet, "masks": quiet}, "difference").endswith(
        "fresh orders of the rows or masks alone would tell little."
    )
    assert recommendation({"split": split, "weights": rival, "masks": quiet}, "score") == (
        "10 seeds do not tell whether the variance of this score comes from the split (86 % [60, 95]) or the initial weights (50 % [10, 90]): "
        "replicate splits and initial weights; fresh masks alone would tell little."
    )
    assert recommendation({"split": nothing, "weights": nothing}, "score") == ""
    # a source without an interval is never said to matter little
    assert recommendation({"split": split, "masks": nothing}, "score") == f"{say}.".replace("difference", "score")
