"""No row of a figure vanishes without a word: what is infinite, far out or absent has its mark."""

import math
from typing import Any

import pandas as pd
import pytest

from trickbench.reports.edges import ABSENT, BARE, BEYOND, CUT, FAR, NO_INTERVAL, ROOM, edge_marks, placed, told
from trickbench.reports.effect_figures import effect_figure, effect_figures
from trickbench.reports.effects import prepared
from trickbench.reports.overall_figures import overall_figure

from . import further

NAN, INF = float("nan"), float("inf")


def rows(*differences: float, half: float = 0.01, **changes: Any) -> pd.DataFrame:
    """A comparison a difference, on one dataset."""
    return pd.DataFrame(
        [
            {"trick": f"t{place}", "difference": value, "low": value - half, "high": value + half, "margin": 0.01, "alone_low": value - half / 2,
             "alone_high": value + half / 2, "statistic": "mean" if math.isfinite(value) else "pseudomedian"}
            for place, value in enumerate(differences)
        ]
    ).assign(**changes)  # fmt: skip


def on_one_panel(table: pd.DataFrame) -> pd.DataFrame:
    return table.join(placed(table, table["margin"]))


def test_what_fits_stands_where_it_is():
    shown = on_one_panel(rows(0.02, -0.01))
    assert shown["at"].tolist() == shown["difference"].tolist()
    assert (shown["begin"].tolist(), shown["end"].tolist()) == (shown["low"].tolist(), shown["high"].tolist())
    assert (set(shown["beyond"]), set(shown["mark"]), told(shown)) == ({0}, {""}, "")


@pytest.mark.parametrize("known", ["statistic", "nothing"])
def test_infinite_differences_stand_at_the_edge_with_an_arrow(known: str):
    shown = on_one_panel(rows(0.02, -INF, INF, -0.01).drop(columns=[] if known == "statistic" else ["statistic"]))
    edge = ROOM * 0.03  # the farthest end of an interval: 0.02 + 0.01
    assert shown["at"].tolist() == pytest.approx([0.02, -edge, edge, -0.01])
    assert shown["mark"].tolist() == ["", "◂ −∞", "+∞ ▸", ""]
    assert BEYOND in told(shown)


def test_a_difference_that_a_diverged_loss_blew_up_does_not_flatten_the_others():
    shown = on_one_panel(rows(0.02, -4.47e28, statistic=["mean", "pseudomedian"]))
    assert shown["at"].tolist() == pytest.approx([0.02, -ROOM * 0.03])
    assert shown["mark"].tolist() == ["", "◂ −4.47e+28"]


def test_where_all_are_infinite_they_stand_outside_of_what_does_not_matter():
    shown = on_one_panel(rows(-INF, INF, alone_low=NAN, alone_high=NAN, low=NAN, high=NAN))
    assert shown["at"].tolist() == [-0.01, 0.01]
    shown = on_one_panel(rows(-INF, -INF, alone_low=-INF, alone_high=-INF, margin=0.0))
    assert shown["at"].map(math.isfinite).all()


def test_what_is_absent_is_a_dash():
    shown = on_one_panel(rows(0.02, NAN))
    assert shown["mark"].tolist() == ["", "—"]
    assert (told(shown), shown["at"].isna().tolist()) == (ABSENT, [False, True])


def test_panels_have_edges_of_their_own():
    table = rows(0.1, -INF, 0.001, -INF)
    shown = table.join(placed(table, pd.Series(["a", "a", "b", "b"])))
    assert shown["at"].tolist() == pytest.approx([0.1, -ROOM * 0.11, 0.001, -ROOM * 0.011])
    assert told(shown.assign(end=0.0)).startswith(CUT)


def test_an_endless_interval_is_cut_and_its_point_stays():
    table = rows(0.02, 0.01)
    table.loc[0, ["low", "high"]] = [-INF, 40.0]
    shown = on_one_panel(table)
    assert (shown.loc[0, "begin"], shown.loc[0, "end"]) == pytest.approx((-FAR * 0.025, FAR * 0.025))  # 0.02 + half of 0.01 on its own
    assert (shown.loc[0, "at"], shown.loc[0, "mark"], told(shown)) == (0.02, "", CUT)


def spec_of(figure: Any) -> dict[str, Any]:
    assert figure.spec is not None
    return figure.spec


def test_every_row_of_an_effect_figure_has_a_mark(small: Any):
    effects = prepared(small.effects[small.effects["design"] == "add-one-in"])
    first, second = effects.index[:2]
    effects.loc[first, ["difference", "low", "high", "statistic"]] = [-INF, NAN, NAN, "pseudomedian"]
    effects.loc[second, ["difference", "low", "high"]] = NAN
    figure = effect_figure(effects, "effects", "Effects")
    (drawn,) = spec_of(figure)["datasets"].values()
    assert len(drawn) == len(effects)
    assert all(row["mark"] or row["at"] is not None for row in drawn)
    assert (drawn[0]["mark"], drawn[1]["mark"]) == ("◂ −∞", "—")
    assert BEYOND in figure.caption
    assert ABSENT in figure.caption
    marks = [layer["mark"]["type"] for layer in spec_of(figure)["spec"]["layer"]]
    assert marks.count("text") == 2  # at the left edge, and the dash
    (_, matrix) = effect_figures(effects, "add-one-in")
    (cells,) = spec_of(matrix)["datasets"].values()
    assert [row["label"] for row in cells[:2]] == ["▲ −∞", "—"]


def test_a_figure_without_such_rows_has_no_further_layer(small: Any):
    figure = effect_figure(prepared(small.effects), "effects", "Effects")
    assert "text" not in [layer["mark"]["type"] for layer in spec_of(figure)["spec"]["layer"]]
    assert BEYOND not in figure.caption


def forest(table: pd.DataFrame) -> tuple[Any, list[dict[str, Any]]]:
    figure = overall_figure(table.assign(aliases=""), "overall", "Overall")
    (drawn,) = (rows for rows in spec_of(figure)["datasets"].values() if "lane" in rows[0])
    return figure, drawn


def test_a_trick_without_a_mean_over_datasets_keeps_its_row():
    table = further.overall()
    table.loc[table["trick"] == "adam", ["difference", "low", "high"]] = NAN
    figure, drawn = forest(table)
    assert {row["trick"] for row in drawn} == set(further.TRICKS)
    assert {row["mark"] for row in drawn if row["trick"] == "adam"} == {"—"}
    assert ABSENT.strip() in figure.caption


def test_a_mark_that_is_alone_in_its_row_stands_at_the_height_of_its_label():
    table = further.overall()
    _, both = forest(table)
    assert [row["lane"] for row in both] == ["above", "below"] * len(further.TRICKS)
    _, alone = forest(table[table["estimand"] == "these datasets"])
    assert {row["lane"] for row in alone} == {"alone"}
    _, mixed = forest(table[(table["estimand"] == "these datasets") | (table["trick"] == "relu")])
    assert [row["lane"] for row in mixed] == ["above", "below", "alone", "alone", "alone"]
    figure, _ = forest(table)
    domains = [layer["encoding"]["yOffset"]["scale"]["domain"] for layer in spec_of(figure)["concat"][0]["layer"] if "yOffset" in layer["encoding"]]
    assert domains
    assert all(domain == ["above", "alone", "below"] for domain in domains)  # so that `alone` is the middle


def test_a_point_without_an_interval_says_so_on_the_side_of_the_line():
    import altair as alt

    table = rows(0.02, -0.01, 0.03)
    table.loc[[0, 1], ["low", "high", "alone_low", "alone_high"]] = NAN
    shown = on_one_panel(table)
    assert shown["mark"].tolist() == [NO_INTERVAL, NO_INTERVAL, ""]
    assert told(shown) == BARE
    left, right = (layer.to_dict() for layer in edge_marks(alt.Chart(shown), shown, {}))
    assert (left["mark"]["align"], left["transform"][0]["calculate"]) == ("left", "datum.mark == 'no interval' && datum.at <= 0 ? datum.mark : ''")
    assert (right["mark"]["align"], right["transform"][0]["calculate"]) == ("right", "datum.mark == 'no interval' && datum.at > 0 ? datum.mark : ''")
