import numpy as np
import pandas as pd

from trickbench.reports.curves import bands, lines, thinned

NAN, INF = float("nan"), float("inf")


def epochs(*curves: list[float], arm: str = "baseline") -> pd.DataFrame:
    """One run a curve."""
    return pd.DataFrame(
        [{"run": f"{arm}-{i}", "arm": arm, "epoch": epoch, "loss": loss} for i, curve in enumerate(curves) for epoch, loss in enumerate(curve, 1)]
    )


def test_thinning_keeps_both_ends_and_few_between():
    assert thinned(1, 100, 4) == [1, 34, 67, 100]
    assert thinned(1, 3, 40) == [1, 2, 3]
    assert thinned(7, 7, 40) == [7]


def test_bands_are_median_and_quartiles_over_runs():
    row = bands(epochs([1.0], [2.0], [3.0], [4.0], [5.0]), "loss", [1], frozenset()).iloc[0]
    assert (row["low"], row["median"], row["high"]) == (2.0, 3.0, 4.0)


def test_an_early_stopped_run_keeps_its_last_value():
    frame = bands(epochs([4.0, 2.0], [4.0, 3.0, 3.0, 3.0], [4.0, 1.0, 1.0, 1.0]), "loss", [1, 2, 3, 4], frozenset())
    assert frame["median"].tolist() == [4.0, 2.0, 2.0, 2.0]


def test_a_diverged_run_is_the_worst_from_where_it_ended_and_flatters_no_one():
    curves = epochs([4.0, 1.0, 1.0], [4.0, 2.0, 2.0], [4.0, 0.5])
    assert bands(curves, "loss", [1, 2, 3], frozenset())["median"].tolist() == [4.0, 1.0, 1.0]
    assert bands(curves, "loss", [1, 2, 3], frozenset({"baseline-2"}))["median"].tolist() == [4.0, 1.0, 2.0]


def test_a_line_ends_where_half_of_the_runs_have_diverged():
    frame = bands(epochs([4.0, INF], [4.0, NAN], [4.0, 1.0, 1.0]), "loss", [1, 2, 3], frozenset({"baseline-0", "baseline-1"}))
    assert frame["epoch"].tolist() == [1]


def test_a_quartile_that_is_infinite_is_left_out_where_the_median_is_not():
    frame = bands(epochs([4.0, 1.0], [4.0, 1.0], [4.0]), "loss", [1, 2], frozenset({"baseline-2"}))
    assert frame["median"].tolist() == [4.0, 1.0]
    assert np.isnan(frame["high"].iloc[1])


def test_what_no_run_recorded_has_no_line():
    assert bands(epochs([NAN, NAN], [NAN]), "loss", [1, 2], frozenset({"baseline-1"})).empty


def test_arms_stay_apart():
    both = pd.concat([epochs([1.0]), epochs([9.0], arm="full")])
    assert bands(both, "loss", [1], frozenset()).set_index("arm")["median"].to_dict() == {"baseline": 1.0, "full": 9.0}


def test_arms_of_one_recipe_share_their_runs():
    one = epochs([1.0, 0.5])
    both = pd.concat([one, one.assign(arm="full - l2")])
    assert bands(both, "loss", [1, 2], frozenset()).groupby("arm")["median"].agg(list).to_dict() == {"baseline": [1.0, 0.5], "full - l2": [1.0, 0.5]}


def test_figures_are_rounded_to_five_digits():
    assert bands(epochs([1.23456789e-7]), "loss", [1], frozenset())["median"].tolist() == [1.2346e-7]


def test_lines_fold_rows_without_losing_any():
    rows = pd.DataFrame({"arm": ["a", "a", "b"], "epoch": [1, 2, 1], "low": [0.1, NAN, 0.3], "median": [1.0, 2.0, 3.0], "high": [4.0, 5.0, 6.0]})
    assert lines(rows, "arm") == [
        {"arm": "a", "epoch": [1, 2], "low": [0.1, None], "median": [1.0, 2.0], "high": [4.0, 5.0]},
        {"arm": "b", "epoch": [1], "low": [0.3], "median": [3.0], "high": [6.0]},
    ]
