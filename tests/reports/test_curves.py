import math

import pandas as pd

from trickbench.reports.curves import Curves, Line, thinned

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


def lines(frame: pd.DataFrame, kept: list[int], *diverged: str) -> dict[str, Line]:
    return {line.arm: line for line in Curves(frame, frozenset(diverged)).lines("loss", kept)}


def test_bands_are_median_and_quartiles_over_runs():
    assert lines(epochs([1.0], [2.0], [3.0], [4.0], [5.0]), [1])["baseline"] == Line("baseline", [1], [2.0], [3.0], [4.0])


def test_an_early_stopped_run_keeps_its_last_value():
    line = lines(epochs([4.0, 2.0], [4.0, 3.0, 3.0, 3.0], [4.0, 1.0, 1.0, 1.0]), [1, 2, 3, 4])["baseline"]
    assert line.median == [4.0, 2.0, 2.0, 2.0]


def test_a_diverged_run_is_the_worst_from_where_it_ended_and_flatters_no_one():
    curves = epochs([4.0, 1.0, 1.0], [4.0, 2.0, 2.0], [4.0, 0.5])
    assert lines(curves, [1, 2, 3])["baseline"].median == [4.0, 1.0, 1.0]
    assert lines(curves, [1, 2, 3], "baseline-2")["baseline"].median == [4.0, 1.0, 2.0]


def test_a_line_ends_where_half_of_the_runs_have_diverged():
    line = lines(epochs([4.0, INF], [4.0, NAN], [4.0, 1.0, 1.0]), [1, 2, 3], "baseline-0", "baseline-1")["baseline"]
    assert line.epoch == [1]


def test_a_quartile_that_is_infinite_is_left_out_where_the_median_is_not():
    line = lines(epochs([4.0, 1.0], [4.0, 1.0], [4.0]), [1, 2], "baseline-2")["baseline"]
    assert line.median == [4.0, 1.0]
    assert math.isnan(line.high[1])
    assert line.data(arm="baseline")["high"] == [4.0, None]


def test_what_no_run_recorded_has_no_line():
    assert lines(epochs([NAN, NAN], [NAN]), [1, 2], "baseline-1") == {}


def test_arms_stay_apart():
    both = pd.concat([epochs([1.0]), epochs([9.0], arm="full")])
    assert {arm: line.median for arm, line in lines(both, [1]).items()} == {"baseline": [1.0], "full": [9.0]}


def test_arms_of_one_recipe_share_their_runs():
    one = epochs([1.0, 0.5])
    both = pd.concat([one, one.assign(arm="full - l2")])
    assert {arm: line.median for arm, line in lines(both, [1, 2]).items()} == {"baseline": [1.0, 0.5], "full - l2": [1.0, 0.5]}


def test_runs_in_any_order_of_rows_give_the_same_lines():
    both = pd.concat([epochs([4.0, 2.0], [4.0, 3.0, 3.0], [1.0]), epochs([9.0, 8.0], arm="full")])
    mixed, plain = (lines(frame, [1, 2]) for frame in (both.sample(frac=1, random_state=3), both))
    assert mixed == plain
    assert plain["baseline"].median == [4.0, 2.0]


def test_epochs_that_nobody_looked_at_are_not_drawn():
    curves = epochs([4.0] * 100, [2.0] * 100)
    seen = Curves(curves[curves["epoch"] % 10 == 0], frozenset())
    assert seen.thinned(40) == list(range(10, 101, 10))
    assert seen.thinned(4) == [10, 40, 70, 100]
    assert next(iter(seen.lines("loss", [10, 40]))) == Line("baseline", [10, 40], [2.5, 2.5], [3.0, 3.0], [3.5, 3.5])


def test_figures_are_rounded_to_five_digits():
    assert lines(epochs([1.23456789e-7]), [1])["baseline"].median == [1.2346e-7]


def test_a_line_becomes_one_row_of_data_without_losing_any():
    line = Line("a", [1, 2], [0.1, NAN], [1.0, 2.0], [4.0, 5.0])
    assert line.data(arm="a") == {"arm": "a", "epoch": [1, 2], "low": [0.1, None], "median": [1.0, 2.0], "high": [4.0, 5.0]}
    assert line.where([True, False]) == Line("a", [1], [0.1], [1.0], [4.0])
