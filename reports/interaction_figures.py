"""The interaction plot: the mean score of the four cells of two tricks. Where the lines are not parallel, one trick changes what the other does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .confounding import named
from .figure import TICKS, Figure, figure, panels
from .look import BLUE, GREY

if TYPE_CHECKING:
    from altair.typing import ChartType
    from pandas import DataFrame

MOST_PANELS = 12
"""Interactions that are drawn, the first ones."""

KEY = ["trick", "second_trick", "dataset"]
WITHOUT, WITH = "without the second", "with the second"


def interaction_figure(chosen: DataFrame, cells: DataFrame) -> list[Figure]:
    """A panel for each of the chosen interactions; no figure where there is none, or nothing is known of its cells."""
    pairs = chosen[[*KEY, "aliases"]].drop_duplicates(KEY)
    rows = pairs.head(MOST_PANELS).merge(cells[cells["mean"].notna()], on=KEY)
    if rows.empty:
        return []
    left = len(pairs) - MOST_PANELS
    caption = (
        "Mean score of the four combinations of two tricks, over all states of the others, with its interval; the second trick of each panel is off "
        f"(grey) or on (blue). Lines that are not parallel are the interaction.{f' {left} more stand in interactions.csv.' if left > 0 else ''}"
    )
    return [figure("interaction-plot", "Decided interactions, cell by cell", caption, _chart(rows))]


def _chart(rows: DataFrame) -> ChartType:
    import altair as alt

    shown = rows[["mean", "low", "high"]].astype(float)
    pairs = zip(rows["trick"] + " × " + rows["second_trick"], rows["aliases"], rows["dataset"], strict=True)
    shown["panel"] = panels(f"{named(pair, aliases)} · {dataset}" for pair, aliases, dataset in pairs)
    shown["first"] = ["with " + trick if on else "without " + trick for trick, on in zip(rows["trick"], rows["with_first"], strict=True)]
    shown["second"] = [WITH if on else WITHOUT for on in rows["with_second"]]
    shown["place"] = rows["with_first"].astype(int)
    colour = alt.Color("second:N", scale=alt.Scale(domain=[WITHOUT, WITH], range=[GREY, BLUE]), legend=alt.Legend(symbolOpacity=1))
    shape = alt.Shape("second:N", scale=alt.Scale(domain=[WITHOUT, WITH], range=["circle", "square"]))
    x = alt.X(
        "first:N", sort=alt.EncodingSortField("place", "min"), title=None, axis=alt.Axis(labelAngle=0, labelLimit=130), scale=alt.Scale(padding=0.6)
    )
    y = {"title": "score", "scale": alt.Scale(zero=False), "axis": alt.Axis(tickCount=4, format=TICKS)}
    tooltip = [alt.Tooltip("first:N"), alt.Tooltip("second:N"), *(alt.Tooltip(f"{name}:Q", format=".4~g") for name in ("mean", "low", "high"))]
    base = alt.Chart(shown).encode(x=x, color=colour)
    lines = base.mark_line(strokeWidth=1.6).encode(y=alt.Y("mean:Q", **y))
    intervals = base.mark_rule(strokeWidth=2).encode(y=alt.Y("low:Q", **y), y2="high:Q")
    points = base.mark_point(size=60, opacity=1, filled=True).encode(y=alt.Y("mean:Q", **y), shape=shape, tooltip=tooltip)
    panel = alt.layer(lines, intervals, points).properties(width=230, height=140)
    facet = alt.Facet("panel:N", sort=list(dict.fromkeys(shown["panel"])), title=None)
    usermeta = {"label": 0, "least": 210, "gap": 94}
    return panel.facet(facet=facet, columns=3, spacing=34).resolve_scale(x="independent", y="independent").properties(usermeta=usermeta)
