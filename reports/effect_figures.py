"""What each trick does: differences with their intervals, a panel a dataset, and the matrix of verdicts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .answer import MEANING, SETTING
from .confounding import named
from .edges import edge_marks, placed, told
from .effect_tables import compared, diverged, labelled
from .figure import MOST_ROWS, TICKS, Figure, absent, figure, label_width, panels
from .look import GREY, VERDICT_COLOURS, VERDICT_FILLS, VERDICT_SHAPES
from .result import VERDICTS
from .words import MISSING, interval, settled_by, signed, text

if TYPE_CHECKING:
    from altair.typing import ChartType
    from pandas import DataFrame

MOST_CELLS = 400
"""More than so many verdicts are no picture; the page has them as a table."""

CAPTION = (
    "Mean difference over seeds, in the metric's own unit; to the right of the line the trick is better. The interval is the one that the verdict "
    "rests on: all of a family hold together. {band}{aliased}{edges}Each panel has its own scale."
)
BAND = "Shaded: differences that are too small to matter. "
ALIASED = "Behind =: what the design cannot tell an effect from. "
MATRIX = "▲ helps, △ helps negligibly, ≈ equivalent, · undecided, ▽ hurts negligibly, ▼ hurts, = identical runs; the figure is the mean difference."


def effect_figures(effects: DataFrame, design: str) -> list[Figure]:
    """The effect plot and the verdict matrix of one design; a sentence where there is nothing to draw, or too much."""
    title = f"{SETTING[design]}: {MEANING[design]}"
    drawn = effect_figure(effects[effects["design"] == design], f"effects-{design}", title)
    rows = effects[effects["design"] == design]
    if drawn.spec is None or len(rows) > MOST_CELLS:
        return [drawn]
    matrix = figure(f"verdicts-{design}", f"Verdicts, {title[0].lower()}{title[1:]}", MATRIX, _matrix_chart(_shown(rows)), interactive=False)
    return [drawn, matrix]


def effect_figure(effects: DataFrame, name: str, title: str) -> Figure:
    """Differences with their intervals, a panel a dataset."""
    if effects["difference"].isna().all():
        return absent(name, title, "There is no measured difference to draw.")
    if len(effects) > MOST_ROWS:
        return absent(name, title, f"{len(effects):,} comparisons are more than a figure can show; they stand in effects.csv.")
    band = bool(effects["margin"].notna().any())
    shown = _shown(effects)
    aliased = ALIASED if effects["aliases"].map(text).ne("").any() else ""
    return figure(name, title, CAPTION.format(band=BAND if band else "", aliased=aliased, edges=told(shown)), _effect_chart(shown, band))


def _shown(rows: DataFrame) -> DataFrame:
    """Only what the charts read, with the numbers spelled for tooltips."""
    rows = rows.reset_index(drop=True)
    shown = rows[["trick", "dataset", "metric", "difference", "low", "high", "verdict", "margin", "seeds"]].copy()
    shown["trick"] = [named(str(trick), aliases) for trick, aliases in zip(rows["trick"], rows["aliases"], strict=True)]
    shown["panel"] = panels(f"{dataset} · {metric}" for dataset, metric in zip(rows["dataset"], rows["metric"], strict=True))
    records = [row for _, row in rows.iterrows()]
    shown["comparison"] = [compared(row) for row in records]
    shown["diverged"] = [_diverged(*diverged(row)) for row in records]
    shown["estimate"] = [f"{signed(row['difference'])} {interval(row['low'], row['high'])}" for row in records]
    shown["alone"] = [interval(row["alone_low"], row["alone_high"]) for row in records]
    shown["settled"] = [settled_by(row["settle_low"], row["settle_high"]) for row in records]
    shown["label"] = [labelled(row["verdict"], row["difference"]) if not math.isnan(row["difference"]) else MISSING for row in records]
    return shown.join(placed(rows, shown["panel"]))


def _diverged(first: int, *second: int) -> str:
    """`2 with, 1 without`, or `3 in all`."""
    return f"{first} with, {second[0]} without" if second else f"{first} in all"


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
    axis = alt.Axis(grid=True, domain=False, ticks=False, labelLimit=270, labelFontSize=12)
    y = alt.Y("trick:N", sort=tricks, title=None, axis=axis)
    tooltip = [alt.Tooltip(f"{name}:N") for name in ("comparison", "dataset", "metric", "estimate", "alone", "verdict", "settled", "diverged")]
    tooltip.append(alt.Tooltip("seeds:Q", title="pairs"))
    base = alt.Chart(rows)
    shaded = base.mark_rect(color=GREY, opacity=0.16).encode(x=alt.X("below:Q"), x2="margin:Q", y=y)
    zero = base.mark_rule(strokeWidth=1.5).encode(x=alt.XDatum(0))
    intervals = base.mark_rule(strokeWidth=2).encode(x=alt.X("begin:Q"), x2="end:Q", y=y, stroke=verdict_stroke())
    x = alt.X("at:Q", title="difference", axis=alt.Axis(grid=False, format=TICKS, tickCount=5, labelFlush=True))
    points = base.mark_point(size=62, opacity=1, strokeWidth=1.8).encode(x=x, y=y, tooltip=tooltip, **verdict_marks())
    layers = alt.layer(
        *([shaded.transform_calculate(below="-datum.margin")] if band else []), zero, intervals, points, *edge_marks(base, rows, {"y": y})
    )
    facet = alt.Facet("panel:N", sort=panels, title=None)
    usermeta = {"label": label_width(tricks), "least": 220, "gap": 24}
    faceted = layers.properties(width=270, height=alt.Step(20)).facet(facet=facet, columns=3, spacing=24)
    return faceted.resolve_scale(x="independent").properties(usermeta=usermeta)


def _matrix_chart(rows: DataFrame) -> ChartType:
    import altair as alt

    x_axis = alt.Axis(orient="top", labelAngle=-30, labelLimit=400, domain=False, ticks=False)
    y_axis = alt.Axis(labelLimit=270, labelFontSize=12, domain=False, ticks=False)
    base = alt.Chart(rows).encode(
        x=alt.X("panel:N", sort=list(dict.fromkeys(rows["panel"])), title=None, axis=x_axis),
        y=alt.Y("trick:N", sort=list(dict.fromkeys(rows["trick"])), title=None, axis=y_axis),
    )
    cells = base.mark_rect(opacity=1, fillOpacity=0.22, stroke="white", strokeWidth=3).encode(
        color=verdict_channel(alt.Color, VERDICT_COLOURS, orient="bottom")
    )
    return (cells + base.mark_text(fontSize=11).encode(text="label:N")).properties(width=alt.Step(74), height=alt.Step(26))
