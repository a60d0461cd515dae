"""What each trick does: differences with their intervals, a panel a dataset, and the matrix of verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .answer import MEANING, SETTING
from .figure import MOST_ROWS, Figure, absent, figure
from .look import VERDICT_COLOURS, VERDICT_SHAPES
from .result import VERDICTS
from .tables import whole
from .words import SYMBOLS, interval, signed

if TYPE_CHECKING:
    from altair.typing import ChartType
    from pandas import DataFrame


def effect_figures(effects: DataFrame, design: str) -> list[Figure]:
    """The effect plot and the verdict matrix of one design; a sentence where there is nothing to draw, or too much."""
    name, title = f"effects-{design}", f"{SETTING[design]}: {MEANING[design]}"
    rows = effects[(effects["design"] == design) & effects["difference"].notna()]
    if rows.empty:
        return [absent(name, title, "There is no measured difference to draw.")]
    if len(rows) > MOST_ROWS:
        return [absent(name, title, f"{len(rows):,} comparisons are more than a figure can show; they stand in effects.csv.")]
    shown = _shown(rows)
    caption = (
        "Mean difference over seeds with its 95 % interval, in the metric's own unit; to the right of the line the trick is better. "
        "Each panel has its own scale."
    )
    matrix = "▲ helps, ▼ hurts, · no detectable difference; the figure is the mean difference, in the metric's own unit."
    return [
        figure(name, title, caption, _effect_chart(shown)),
        figure(f"verdicts-{design}", f"Verdicts, {title[0].lower()}{title[1:]}", matrix, _matrix_chart(shown), interactive=False),
    ]


def _shown(rows: DataFrame) -> DataFrame:
    """Only what the charts read, with the numbers spelled for tooltips."""
    shown = rows[["trick", "dataset", "metric", "difference", "low", "high", "verdict", "seeds"]].copy()
    shown["panel"] = shown["dataset"].astype(str) + " · " + shown["metric"].astype(str)
    shown["comparison"] = rows["with_arm"] + " against " + rows["without_arm"]
    records = rows.to_dict("records")
    shown["diverged"] = [f"{whole(row['diverged_with'])} with, {whole(row['diverged_without'])} without" for row in records]
    shown["estimate"] = [f"{signed(row['difference'])} {interval(row['low'], row['high'])}" for row in records]
    shown["label"] = [f"{SYMBOLS.get(row['verdict'], '?')} {signed(row['difference'])}" for row in records]
    return shown


def _verdict(channel: Any, values: dict[str, str], **legend: Any) -> Any:
    import altair as alt

    scale = alt.Scale(domain=list(VERDICTS), range=[values[verdict] for verdict in VERDICTS])
    return channel("verdict:N", scale=scale, legend=alt.Legend(symbolOpacity=1, **legend))


def _effect_chart(rows: DataFrame) -> ChartType:
    import altair as alt

    tricks, panels = list(dict.fromkeys(rows["trick"])), list(dict.fromkeys(rows["panel"]))
    axis = alt.Axis(grid=True, domain=False, ticks=False, labelLimit=140, labelFontSize=12)
    y = alt.Y("trick:N", sort=tricks, title=None, axis=axis)
    tooltip = [alt.Tooltip(f"{name}:N") for name in ("comparison", "dataset", "metric", "estimate", "verdict", "diverged")]
    tooltip.append(alt.Tooltip("seeds:Q", title="pairs"))
    x_axis = alt.Axis(grid=False, format="~g", tickCount=5, labelFlush=True)
    colour = _verdict(alt.Color, VERDICT_COLOURS, orient="top")
    shape = _verdict(alt.Shape, VERDICT_SHAPES, orient="top")
    base = alt.Chart(rows)
    zero = base.mark_rule(strokeWidth=1.5).encode(x=alt.XDatum(0))
    intervals = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q", y=y, color=colour)
    x = alt.X("difference:Q", title="difference", axis=x_axis)
    points = base.mark_point(filled=True, size=70, opacity=1).encode(x=x, y=y, color=colour, shape=shape, tooltip=tooltip)
    panel = alt.layer(zero, intervals, points).properties(width=270, height=alt.Step(20))
    facet = alt.Facet("panel:N", sort=panels, title=None)
    usermeta = {"label": 110, "least": 220, "gap": 24}
    return panel.facet(facet=facet, columns=3, spacing=24).resolve_scale(x="independent").properties(usermeta=usermeta)


def _matrix_chart(rows: DataFrame) -> ChartType:
    import altair as alt

    x_axis = alt.Axis(orient="top", labelAngle=-30, labelLimit=400, domain=False, ticks=False)
    y_axis = alt.Axis(labelLimit=160, labelFontSize=12, domain=False, ticks=False)
    base = alt.Chart(rows).encode(
        x=alt.X("panel:N", sort=list(dict.fromkeys(rows["panel"])), title=None, axis=x_axis),
        y=alt.Y("trick:N", sort=list(dict.fromkeys(rows["trick"])), title=None, axis=y_axis),
    )
    cells = base.mark_rect(opacity=1, fillOpacity=0.22, stroke="white", strokeWidth=3).encode(
        color=_verdict(alt.Color, VERDICT_COLOURS, orient="bottom")
    )
    return (cells + base.mark_text(fontSize=11).encode(text="label:N")).properties(width=alt.Step(74), height=alt.Step(26))
