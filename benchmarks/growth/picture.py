"""The results as pictures: time and memory of every axis on logarithmic scales, and the time of a run against the number of runs.

Grey lines are costs in proportion to the work, through the dearest step at the largest size: straight and of slope 1 where the size is the work. In
the pictures of memory they start from what a process has at its beginning, the dashed line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .axes import AXES, Axis
from .breaking import FLAT
from .growing import Row

WIDTH, HEIGHT = 210, 170
CAPTION = "Medians with the least and the most; grey: in proportion to the work; dashed: the process's memory at the beginning."
CAPTION_FLAT = "Medians with the least and the most; grey: the time at the least size, and what it may come to."
Rows = list[dict[str, Any]]


def pictures(rows: Mapping[str, Sequence[Row]]) -> dict[str, bytes]:
    """File names with their contents, SVG and PNG; only what there are rows for."""
    from trickbench.reports.figure import figure
    from trickbench.reports.pictures import pictures as drawn

    growth = [_panels(AXES[name], found) for name, found in rows.items() if found and not AXES[name].flat]
    flat = [panel for name, found in rows.items() if found and (panel := _a_run(AXES[name], found)) is not None]
    charts = {"growth": (_beside(growth), CAPTION), "per-run": (_beside(flat), CAPTION_FLAT)}
    titles = {"growth": "How the cost of a study grows", "per-run": "The time of a run against the number of runs"}
    specs = {name: figure(name, titles[name], caption, chart).spec or {} for name, (chart, caption) in charts.items() if chart is not None}
    return dict(drawn(specs))


def _beside(panels: Sequence[Any]) -> Any:
    import altair as alt

    return alt.hconcat(*panels, spacing=40).resolve_scale(color="independent", shape="independent") if panels else None


def _panels(axis: Axis, rows: Sequence[Row]) -> Any:
    """Time above, memory below."""
    import altair as alt

    time = _log_log(axis, time_points(rows), guide(rows, memory=False), "seconds", title=axis.title)
    memory = _log_log(axis, memory_points(rows), guide(rows, memory=True), "peak memory, MB", base=rows[0].baseline / 2**20)
    return alt.vconcat(time, memory, spacing=24)


def time_points(rows: Sequence[Row]) -> Rows:
    """Of every step at every size."""
    return [_point(row, *row.seconds) for row in rows]


def memory_points(rows: Sequence[Row]) -> Rows:
    """The same in MB, with what the process had at its beginning."""
    return [_point(row, *((row.baseline + value) / 2**20 for value in row.memory)) for row in rows]


def _point(row: Row, low: float, value: float, high: float) -> dict[str, Any]:
    return {"size": row.size, "step": row.step, "low": low, "value": value, "high": high}


def guide(rows: Sequence[Row], *, memory: bool) -> Rows:
    """In proportion to the work, through the dearest step at the largest size."""
    largest = max(row.size for row in rows)
    last = [row for row in rows if row.size == largest]
    top = max(last, key=lambda row: row.memory.median if memory else row.seconds.median)
    works = {row.size: row.work / top.work for row in rows}
    if memory:
        return [{"size": size, "value": (top.baseline + top.memory.median * share) / 2**20} for size, share in sorted(works.items())]
    return [{"size": size, "value": top.seconds.median * share} for size, share in sorted(works.items())]


def _log_log(axis: Axis, points: Rows, guided: Rows, y_title: str, *, title: str = "", base: float | None = None) -> Any:
    """From `base` on at least to its double, where there is one: what grows by a hundredth looks flat."""
    import altair as alt

    from trickbench.reports.look import GREY

    x = alt.X("size:Q", scale=alt.Scale(type="log", nice=False, padding=10), title=axis.unit, axis=_ticks(points))
    room: dict[str, Any] = {"padding": 10} if base is None else {"domain": [0.9 * base, max(2 * base, *(1.05 * point["high"] for point in points))]}
    scale = alt.Scale(type="log", nice=False, **room)
    y = alt.Y("value:Q", scale=scale, title=y_title, axis=alt.Axis(format="~g", tickCount=4))
    lines = alt.Chart(alt.Data(values=guided)).mark_line(strokeWidth=1, color=GREY, opacity=0.7, clip=True).encode(x=x, y=y)
    layers = [lines, *_marks(axis, points, x, y)]
    if base is not None:
        at_start = alt.Chart(alt.Data(values=[{"value": base}])).mark_rule(strokeDash=[3, 3], color=GREY)
        layers.insert(0, at_start.encode(y=y))
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=title)


def _marks(axis: Axis, points: Rows, x: Any, y: Any) -> list[Any]:
    """A line, a point and a range for each step, in a colour and a shape of its own."""
    import altair as alt

    from trickbench.reports.look import BLUE, GREY, ORANGE

    steps = [step for step in axis.steps if any(point["step"] == step for point in points)]
    places = [axis.steps.index(step) for step in steps]
    legend = None if len(steps) == 1 else alt.Legend(columns=2)
    colours, shapes = (BLUE, ORANGE, GREY, "#7b4fa3"), ("circle", "square", "triangle-up", "diamond")
    colour = alt.Color("step:N", scale=alt.Scale(domain=steps, range=[colours[place] for place in places]), legend=legend)
    shape = alt.Shape("step:N", scale=alt.Scale(domain=steps, range=[shapes[place] for place in places]), legend=legend)
    data = alt.Chart(alt.Data(values=points))
    return [
        data.mark_rule(strokeWidth=1.5).encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour),
        data.mark_line(strokeWidth=1.5).encode(x=x, y=y, color=colour),
        data.mark_point(filled=True, size=45, opacity=1).encode(x=x, y=y, color=colour, shape=shape),
    ]


def _ticks(points: Rows) -> Any:
    """At every size."""
    import altair as alt

    sizes = sorted({point["size"] for point in points})
    return alt.Axis(values=sizes, format="~s" if max(sizes) >= 10_000 else "~g", grid=False)


def _a_run(axis: Axis, rows: Sequence[Row]) -> Any | None:
    """Time of a run against the number of runs; of the axis of runs, the study's time over them."""
    import altair as alt

    from trickbench.reports.look import GREY

    if axis.name != "runs" and not axis.flat:
        return None
    points = run_points(axis, rows)
    if not points:
        return None
    x = alt.X("size:Q", scale=alt.Scale(type="log", nice=False, padding=10), title=axis.unit, axis=_ticks(points))
    scale = alt.Scale(zero=True) if axis.flat else alt.Scale(type="log", nice=False, padding=10)
    y = alt.Y("value:Q", scale=scale, title="ms a run", axis=alt.Axis(format=".4~r", tickCount=4))
    bounds = [{"value": points[0]["value"] * factor} for factor in ((1, FLAT) if axis.flat else (1,))]
    rules = alt.Chart(alt.Data(values=bounds)).mark_rule(color=GREY, strokeDash=[3, 3]).encode(y=y)
    title = "Work W, in portions" if axis.flat else "Tiny runs, a whole study"
    return alt.layer(rules, *_marks(axis, points, x, y)).properties(width=260, height=200, title=title)


def run_points(axis: Axis, rows: Sequence[Row]) -> Rows:
    """Milliseconds of a run."""
    shown = [row for row in rows if axis.flat or row.step == "run"]
    return [_point(row, *(1e3 * value / (1 if axis.flat else row.size) for value in row.seconds)) for row in shown]
