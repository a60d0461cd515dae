"""Tricks over all datasets: the mean difference with its interval, and beside it what a further dataset would show with which probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .confounding import named
from .edges import edge_marks, placed, told
from .effect_figures import verdict_marks, verdict_stroke
from .figure import TICKS, Figure, absent, figure, label_width
from .look import BLUE, GREY, ORANGE, VIOLET
from .words import interval, percent, signed

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType
    from pandas import DataFrame

CHANCES = {"helps_probability": ("helps", BLUE), "equivalent_probability": ("equivalent", VIOLET), "hurts_probability": ("hurts", ORANGE)}

THESE = "these datasets"

STEP = 26
"""Pixels a trick; a step of Vega-Lite would count the rows within one."""

CAPTION = "The mean difference over datasets with the interval that its verdict rests on. Shaded: differences that are too small to matter."
SUCH = " Thin and below: the same for datasets like these."
ADDED = (
    " Seeds were added until each dataset's own verdict was decided, so that datasets are compared by the seeds of the first look, which every arm "
    "has whatever came out."
)
RIGHT = " To the right of it: the probability that on a further dataset the trick helps, makes no difference that matters, or hurts."


def overall_figure(rows: DataFrame, name: str, title: str, sequential: bool = False) -> Figure:
    """A forest plot a metric, and its probabilities where there are any. `sequential`: seeds were added until verdicts were decided."""
    if rows["difference"].isna().all():
        return absent(name, title, "There is no difference over several datasets to draw.")
    parts: list[Any] = []
    edges: list[str] = []
    rows = rows.assign(trick=[named(str(trick), aliases) for trick, aliases in zip(rows["trick"], rows["aliases"], strict=True)])
    likely = False
    for metric, group in rows.groupby("metric", sort=False):
        shown = _shown(group.reset_index(drop=True))
        parts.append(_forest(shown, str(metric)))
        edges.append(told(shown))
        chances = group[group["helps_probability"].notna()].drop_duplicates("trick", keep="last")
        if len(chances):
            likely = True
            parts.append(_probabilities(chances, list(dict.fromkeys(group["trick"])), str(metric)))
    such = SUCH if rows["estimand"].ne(THESE).any() else ""
    beyond = "".join(f" {part}".rstrip() for part in dict.fromkeys(filter(None, edges)))
    caption = CAPTION + such + (RIGHT if likely else "") + beyond + (ADDED if sequential else "")
    return figure(name, title, caption, _side_by_side(parts, 2 if likely else 1, label_width(rows["trick"])))


def _side_by_side(parts: list[Any], columns: int, label: int) -> ChartType:
    import altair as alt

    usermeta = {"label": label if columns == 1 else 0, "least": 260, "gap": 30 + label}
    together = alt.concat(*parts, columns=columns, spacing=30)
    return together.resolve_scale(color="independent", stroke="shared", fill="shared", shape="shared").properties(usermeta=usermeta)


def _shown(rows: DataFrame) -> DataFrame:
    shown = rows[["trick", "estimand", "verdict"]].copy()
    for name in ("difference", "low", "high", "margin"):
        shown[name] = rows[name].astype(float)
    shown["estimate"] = [f"{signed(row['difference'])} {interval(row['low'], row['high'])}" for _, row in shown.iterrows()]
    shown["datasets"] = rows["datasets"]
    both = rows.groupby("trick")["estimand"].transform("nunique") > 1
    shown["lane"] = [
        "alone" if not pair else "above" if estimand == THESE else "below" for estimand, pair in zip(rows["estimand"], both, strict=True)
    ]
    shown["such"] = [0 if estimand == THESE else 1 for estimand in rows["estimand"]]
    return shown.join(placed(rows, rows["metric"]))


LANES = ["above", "alone", "below"]
"""Where in its row a mark stands: at the height of the label where there is but one."""


def _tricks(tricks: list[str]) -> alt.Y:
    import altair as alt

    axis = alt.Axis(grid=False, domain=False, ticks=False, labelLimit=270, labelFontSize=12)
    return alt.Y("trick:N", sort=tricks, title=None, axis=axis)


def _forest(rows: DataFrame, metric: str) -> ChartType:
    import altair as alt

    y, offset = _tricks(list(dict.fromkeys(rows["trick"]))), alt.YOffset("lane:N", scale=alt.Scale(domain=LANES, paddingOuter=1))
    tooltip = [alt.Tooltip(f"{name}:N") for name in ("trick", "estimand", "estimate", "verdict", "datasets")]
    axis = alt.Axis(grid=False, format=TICKS, tickCount=5, labelFlush=True)
    base = alt.Chart(rows, title=f"difference in {metric}")
    shaded = base.transform_calculate(below="-datum.margin").transform_filter("datum.such == 0").mark_rect(color=GREY, opacity=0.16)
    width = alt.StrokeWidth("such:O", scale=alt.Scale(domain=[0, 1], range=[2.4, 1.2]), legend=None)
    intervals = base.mark_rule().encode(x=alt.X("begin:Q"), x2="end:Q", y=y, yOffset=offset, stroke=verdict_stroke(), strokeWidth=width)
    points = base.mark_point(size=48, opacity=1, strokeWidth=1.6)
    x = alt.X("at:Q", title=None, axis=axis)
    return alt.layer(
        shaded.encode(x=alt.X("below:Q"), x2="margin:Q", y=y),
        base.mark_rule(strokeWidth=1.5).encode(x=alt.XDatum(0)),
        intervals,
        points.encode(x=x, y=y, yOffset=offset, tooltip=tooltip, **verdict_marks()),
        *edge_marks(base, rows, {"y": y, "yOffset": offset}),
    ).properties(width=330, height=STEP * rows["trick"].nunique())


def _probabilities(rows: DataFrame, tricks: list[str], metric: str) -> ChartType:
    import altair as alt
    import pandas as pd

    shown = pd.DataFrame(
        [
            {"trick": row["trick"], "outcome": outcome, "place": place, "probability": float(row[column]), "told": percent(float(row[column]), 1)}
            for _, row in rows.iterrows()
            for place, (column, (outcome, _)) in enumerate(CHANCES.items())
        ]
    )
    scale = alt.Scale(domain=[outcome for outcome, _ in CHANCES.values()], range=[colour for _, colour in CHANCES.values()])
    x = alt.X("probability:Q", title=None, axis=alt.Axis(format="%", tickCount=5, grid=False), scale=alt.Scale(domain=[0, 1]), stack="zero")
    bars = alt.Chart(shown, title=f"on a further dataset ({metric})").mark_bar(opacity=1, fillOpacity=0.75, height=12)
    return bars.encode(
        x=x, y=_tricks(tricks), color=alt.Color("outcome:N", scale=scale, legend=alt.Legend(symbolOpacity=1, symbolType="square", orient="bottom")),
        order=alt.Order("place:Q"), tooltip=[alt.Tooltip("trick:N"), alt.Tooltip("outcome:N"), alt.Tooltip("told:N", title="probability")],
    ).properties(width=330, height=STEP * len(tricks))  # fmt: skip
