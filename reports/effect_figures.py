"""What each trick does: differences with their intervals, a panel a dataset, and the matrix of verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .answer import MEANING, SETTING
from .effect_tables import compared, labelled
from .figure import MOST_ROWS, Figure, absent, figure
from .look import GREY, VERDICT_COLOURS, VERDICT_FILLS, VERDICT_SHAPES
from .result import VERDICTS
from .words import interval, settled_by, signed, whole

if TYPE_CHECKING:
    from altair.typing import ChartType
    from pandas import DataFrame

MOST_CELLS = 400
"""More than so many verdicts are no picture; the page has them as a table."""

CAPTION = (
    "Mean difference over seeds, in the metric's own unit; to the right of the line the trick is better. The interval is the one that the verdict "
    "rests on: all of a family hold together. {band}{cut}Each panel has its own scale."
)
CUT = "The longest intervals are cut: few seeds in a large family leave them endless. "
FAR = 3
"""An interval is drawn to so many times what the farthest of its panel reaches on its own."""

BAND = "Shaded: differences that are too small to matter. "
MATRIX = "▲ helps, △ helps negligibly, ≈ equivalent, · undecided, ▽ hurts negligibly, ▼ hurts, = identical runs; the figure is the mean difference."


def effect_figures(effects: DataFrame, design: str) -> list[Figure]:
    """The effect plot and the verdict matrix of one design; a sentence where there is nothing to draw, or too much."""
    title = f"{SETTING[design]}: {MEANING[design]}"
    drawn = effect_figure(effects[effects["design"] == design], f"effects-{design}", title)
    rows = measured(effects[effects["design"] == design])
    if drawn.spec is None or len(rows) > MOST_CELLS:
        return [drawn]
    matrix = figure(f"verdicts-{design}", f"Verdicts, {title[0].lower()}{title[1:]}", MATRIX, _matrix_chart(_shown(rows)), interactive=False)
    return [drawn, matrix]


def measured(effects: DataFrame) -> DataFrame:
    """What can be drawn."""
    return effects[effects["difference"].notna()]


def effect_figure(effects: DataFrame, name: str, title: str) -> Figure:
    """Differences with their intervals, a panel a dataset."""
    rows = measured(effects)
    if rows.empty:
        return absent(name, title, "There is no measured difference to draw.")
    if len(rows) > MOST_ROWS:
        return absent(name, title, f"{len(rows):,} comparisons are more than a figure can show; they stand in effects.csv.")
    band = bool(rows["margin"].notna().any())
    shown = _shown(rows)
    cut = bool((shown["begin"].ne(shown["low"]) & shown["low"].notna()).any() or (shown["end"].ne(shown["high"]) & shown["high"].notna()).any())
    return figure(name, title, CAPTION.format(band=BAND if band else "", cut=CUT if cut else ""), _effect_chart(shown, band))


def _shown(rows: DataFrame) -> DataFrame:
    """Only what the charts read, with the numbers spelled for tooltips."""
    shown = rows[["trick", "dataset", "metric", "difference", "low", "high", "verdict", "margin", "seeds"]].copy()
    shown["panel"] = shown["dataset"].astype(str) + " · " + shown["metric"].astype(str)
    records = [row for _, row in rows.iterrows()]
    shown["comparison"] = [compared(row) for row in records]
    shown["diverged"] = [f"{whole(row['diverged_with'])} with, {whole(row['diverged_without'])} without" for row in records]
    shown["estimate"] = [f"{signed(row['difference'])} {interval(row['low'], row['high'])}" for row in records]
    shown["alone"] = [interval(row["alone_low"], row["alone_high"]) for row in records]
    shown["settled"] = [settled_by(row["settle_low"], row["settle_high"]) for row in records]
    limit = rows.groupby(shown["panel"], sort=False, group_keys=False).apply(_limit).loc[shown["panel"]].to_numpy(float)
    shown["begin"], shown["end"] = shown["low"].clip(-limit, limit), shown["high"].clip(-limit, limit)
    shown["label"] = [labelled(row["verdict"], row["difference"]) for row in records]
    return shown


def _limit(panel: DataFrame) -> float:
    """How far intervals are drawn; all of them where it is not known how far one would reach on its own, but for infinite ones."""
    import numpy as np

    near = np.abs(panel[["difference", "margin", "alone_low", "alone_high"]].to_numpy(float))
    ends = np.abs(panel[["low", "high"]].to_numpy(float))
    largest = float(near[np.isfinite(near)].max(initial=0))
    known = bool(panel["alone_low"].notna().any())
    return FAR * largest if known else float(ends[np.isfinite(ends)].max(initial=largest))


def verdict_channel(channel: Any, values: dict[str, str], **legend: Any) -> Any:
    """A channel that tells verdicts apart."""
    import altair as alt

    scale = alt.Scale(domain=list(VERDICTS), range=[values[verdict] for verdict in VERDICTS])
    return channel("verdict:N", scale=scale, legend=alt.Legend(symbolOpacity=1, symbolStrokeWidth=1.8, **legend))


def verdict_marks() -> dict[str, Any]:
    """Shape, outline and filling of a point: hollow where a verdict is negligible."""
    import altair as alt

    values = {"stroke": (alt.Stroke, VERDICT_COLOURS), "fill": (alt.Fill, VERDICT_FILLS), "shape": (alt.Shape, VERDICT_SHAPES)}
    return {name: verdict_channel(channel, of, orient="top") for name, (channel, of) in values.items()}


def verdict_stroke() -> Any:
    """The outline alone, without a legend of its own."""
    import altair as alt

    return verdict_channel(alt.Stroke, VERDICT_COLOURS, orient="top")


def _effect_chart(rows: DataFrame, band: bool) -> ChartType:
    import altair as alt

    tricks, panels = list(dict.fromkeys(rows["trick"])), list(dict.fromkeys(rows["panel"]))
    axis = alt.Axis(grid=True, domain=False, ticks=False, labelLimit=140, labelFontSize=12)
    y = alt.Y("trick:N", sort=tricks, title=None, axis=axis)
    tooltip = [alt.Tooltip(f"{name}:N") for name in ("comparison", "dataset", "metric", "estimate", "alone", "verdict", "settled", "diverged")]
    tooltip.append(alt.Tooltip("seeds:Q", title="pairs"))
    base = alt.Chart(rows)
    shaded = base.mark_rect(color=GREY, opacity=0.16).encode(x=alt.X("below:Q"), x2="margin:Q", y=y)
    zero = base.mark_rule(strokeWidth=1.5).encode(x=alt.XDatum(0))
    intervals = base.mark_rule(strokeWidth=2).encode(x=alt.X("begin:Q"), x2="end:Q", y=y, stroke=verdict_stroke())
    x = alt.X("difference:Q", title="difference", axis=alt.Axis(grid=False, format="~g", tickCount=5, labelFlush=True))
    points = base.mark_point(size=62, opacity=1, strokeWidth=1.8).encode(x=x, y=y, tooltip=tooltip, **verdict_marks())
    layers = alt.layer(*([shaded.transform_calculate(below="-datum.margin")] if band else []), zero, intervals, points)
    facet = alt.Facet("panel:N", sort=panels, title=None)
    usermeta = {"label": 110, "least": 220, "gap": 24}
    faceted = layers.properties(width=270, height=alt.Step(20)).facet(facet=facet, columns=3, spacing=24)
    return faceted.resolve_scale(x="independent").properties(usermeta=usermeta)


def _matrix_chart(rows: DataFrame) -> ChartType:
    import altair as alt

    x_axis = alt.Axis(orient="top", labelAngle=-30, labelLimit=400, domain=False, ticks=False)
    y_axis = alt.Axis(labelLimit=160, labelFontSize=12, domain=False, ticks=False)
    base = alt.Chart(rows).encode(
        x=alt.X("panel:N", sort=list(dict.fromkeys(rows["panel"])), title=None, axis=x_axis),
        y=alt.Y("trick:N", sort=list(dict.fromkeys(rows["trick"])), title=None, axis=y_axis),
    )
    cells = base.mark_rect(opacity=1, fillOpacity=0.22, stroke="white", strokeWidth=3).encode(
        color=verdict_channel(alt.Color, VERDICT_COLOURS, orient="bottom")
    )
    return (cells + base.mark_text(fontSize=11).encode(text="label:N")).properties(width=alt.Step(74), height=alt.Step(26))
