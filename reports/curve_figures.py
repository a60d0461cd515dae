"""How training went: learning curves of every arm beside the arm it is compared with, and diagnostics of the plain and the full recipe."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .curves import MOST_EPOCHS, Curves, Line, values_of
from .figure import MOST_ROWS, TICKS, Figure, absent, figure
from .look import BLUE, GREY

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType
    from pandas import DataFrame

LOSSES = {"validation_loss": "validation", "train_loss": "training"}
BASELINE, FULL = "baseline", "full"

CAPTION = (
    "Loss over epochs: median over seeds, quartiles shaded; each arm (blue) beside the arm it is compared with (grey). "
    "A run that stopped early keeps its last value; one that diverged counts as infinitely large from there on. "
)


def reference(arm: str) -> str:
    """The arm that another is set against: `full - dropout` against `full`, everything else against `baseline`."""
    return FULL if arm.startswith(f"{FULL} - ") else BASELINE


class Drawn(NamedTuple):
    """A line with its place: the arm whose panel it stands in, what it is there, and which loss it shows."""

    panel: str
    role: str
    loss: str
    line: Line


def curve_figure(epochs: DataFrame, dataset: str, name: str, diverged: frozenset[str], note: str = "") -> Figure:
    """One dataset's losses: a panel an arm. `note` says which arms are left out."""
    title, curves = f"Learning curves on {dataset}", Curves(epochs, diverged)
    arms = [str(arm) for arm in curves.arms]
    panels = [arm for arm in arms if reference(arm) in arms and arm != BASELINE] or arms
    points = MOST_ROWS // max(1, 2 * len(LOSSES) * len(panels))
    if not panels:
        return absent(name, title, "No run has finished an epoch yet.", dataset)
    if points < 2:
        return absent(name, title, f"{len(panels):,} arms are more than a figure can show; their scores stand in arms.csv.", dataset)
    drawn = _drawn(curves, panels, curves.thinned(min(points, MOST_EPOCHS)))
    if not drawn:
        return absent(name, title, "Every run diverged before it was first looked at: there is no curve to draw.", dataset)
    data = {"curves": [each.line.data(panel=each.panel, role=each.role, loss=each.loss) for each in drawn]}
    scale = Scale.of([each.line for each in drawn])
    return figure(name, title, CAPTION + note + scale.note, _curve_chart(drawn, scale), data=data, dataset=dataset)


def _drawn(curves: Curves, panels: list[str], kept: list[int]) -> list[Drawn]:
    lines = {(line.arm, loss): line for quantity, loss in LOSSES.items() for line in curves.lines(quantity, kept)}
    return [
        Drawn(panel, role, loss, lines[arm, loss])
        for panel in panels
        for arm, role in ([(reference(panel), "compared with")] if reference(panel) != panel else []) + [(panel, "this arm")]
        for loss in LOSSES.values()
        if (arm, loss) in lines
    ]


class Scale(NamedTuple):
    """Between the smallest and the largest quartile; no more than three times the typical line's largest, or one exploding arm would flatten the
    others. Logarithmic where losses span more than a factor of ten, and none is zero.
    """

    low: float
    high: float
    cut: bool

    @classmethod
    def of(cls, lines: list[Line]) -> Scale:
        """The scale for these lines."""
        peaks = [values.max() for line in lines if len(values := values_of([line], "high"))]
        top = float(values_of(lines, "median", "high").max())
        high = min(top, 3 * float(np.median(peaks))) if peaks else top
        return cls(float(values_of(lines, "low", "median").min()), high, top > high)

    @property
    def logarithmic(self) -> bool:
        return self.low > 0 and self.high > 10 * self.low

    @property
    def note(self) -> str:
        return f"{'Logarithmic' if self.logarithmic else 'Linear'} scale{', cut at three times what is usual here' if self.cut else ''}."

    def axis(self) -> dict[str, Any]:
        """The loss axis."""
        import altair as alt

        if not self.logarithmic:
            scale = alt.Scale(domain=[self.low, self.high if self.high > self.low else self.low + 1], nice=True, zero=False)
            return {"title": "loss", "scale": scale, "axis": alt.Axis(tickCount=4, format=TICKS)}
        return {"title": "loss", "scale": _log_scale(self.low, self.high), "axis": alt.Axis(values=log_ticks(self.low, self.high), format=TICKS)}


def _log_scale(low: float, high: float) -> alt.Scale:
    import altair as alt

    return alt.Scale(type="log", domain=[low / 1.1, high * 1.1], nice=False)


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten; with their doubles and halves where that gives too few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [[factor * 10.0**power for power in powers for factor in factors if low <= factor * 10.0**power <= high] for factors in ((1,), (1, 2, 5))]
    return ticks[0] if len(ticks[0]) > 2 else ticks[1]


def _curve_chart(drawn: list[Drawn], scale: Scale) -> ChartType:
    import altair as alt

    y, clip = scale.axis(), scale.cut  # clipping where nothing is cut would double the time of a PNG
    colour = alt.Color("role:N", scale=alt.Scale(domain=["this arm", "compared with"], range=[BLUE, GREY]), legend=_strokes())
    dash = alt.StrokeDash("loss:N", scale=alt.Scale(domain=["validation", "training"], range=[[1, 0], [3, 3]]), legend=_strokes())
    base = alt.Chart(alt.NamedData("curves")).encode(x=_epoch_axis(), color=colour, detail="loss:N")
    area = base.mark_area(opacity=1, fillOpacity=0.2, clip=clip).encode(y=alt.Y("low:Q", **y), y2="high:Q")
    line = base.mark_line(strokeWidth=1.6, clip=clip).encode(y=alt.Y("median:Q", **y), strokeDash=dash, tooltip=_tooltip("panel", "role", "loss"))
    panels = alt.Facet("panel:N", sort=list(dict.fromkeys(each.panel for each in drawn)), title=None)
    usermeta = {"label": 74, "least": 164, "gap": 20}
    panel = (area + line).properties(width=210, height=120)
    return _unfolded(panel.facet(facet=panels, columns=4, spacing=20)).resolve_axis(x="independent").properties(usermeta=usermeta)


def _unfolded(chart: Any) -> Any:
    return chart.transform_flatten(["epoch", "low", "median", "high"])


def _tooltip(*names: str) -> list[Any]:
    import altair as alt

    figures = [alt.Tooltip(f"{name}:Q", format=".4~g") for name in ("low", "median", "high")]
    return [*(alt.Tooltip(f"{name}:N") for name in names), alt.Tooltip("epoch:Q"), *figures]


def diagnostic_figure(epochs: DataFrame, dataset: str, name: str, diverged: frozenset[str], planned: Collection[str] = (BASELINE, FULL)) -> Figure:
    """Gradient norm of the plain and the full recipe, those that are planned, and the share of dead units in each of their layers."""
    title = f"Gradient norm and dead units on {dataset}"
    plain = epochs[epochs["arm"].isin([BASELINE, FULL])]
    if plain.empty:
        return absent(name, title, _unfinished([arm for arm in (BASELINE, FULL) if arm in planned]), dataset)
    curves, layers = Curves(plain, diverged), _dead_columns(plain)
    kept = curves.thinned(max(2, min(MOST_ROWS // (2 * (1 + len(layers))), MOST_EPOCHS)))
    norms = [line.where(np.array(line.low) > 0) for line in curves.lines("gradient_norm", kept)]
    norms = [line for line in norms if line.epoch]
    dead = [(line, f"layer {layer}") for layer, column in layers.items() for line in curves.lines(column, kept)]
    data = {"norms": [line.data(arm=line.arm) for line in norms]} if norms else {}
    for arm in dict.fromkeys(line.arm for line, _ in dead):
        data[f"dead units, {arm}"] = [line.data(layer=layer) for line, layer in dead if line.arm == arm]
    if not data:
        return absent(name, title, "Neither gradient norms nor dead units were recorded.", dataset)
    charts = [_norm_chart(norms) if part == "norms" else _dead_chart(part) for part in data]
    return figure(
        name, title, _diagnostic_caption(set(plain["arm"]), {line.arm for line, _ in dead}), _side_by_side(charts), data=data, dataset=dataset
    )


def _unfinished(planned: Sequence[str]) -> str:
    if not planned:
        return "The study has neither a baseline nor a full recipe, whose gradients would stand here."
    names = [RECIPES[arm] for arm in planned]
    return (
        f"Neither {' nor '.join(names)} has finished an epoch yet." if len(names) > 1 else f"{names[0].capitalize()} has not finished an epoch yet."
    )


RECIPES = {BASELINE: "the baseline", FULL: "the full recipe"}


def _diagnostic_caption(drawn: set[str], known: set[str]) -> str:
    silent = [arm for arm in (BASELINE, FULL) if arm in drawn and arm not in known]
    note = f" The activation of the {' and the '.join(silent)} arm has no notion of a dead unit." if silent else ""
    arms = " and ".join(RECIPES[arm] for arm in (BASELINE, FULL) if arm in drawn)
    return f"Median over seeds of {arms}, quartiles shaded for the gradient norm. A dead unit gives one constant output over all training rows.{note}"


def _dead_columns(epochs: DataFrame) -> dict[int, str]:
    """The recorded layers and their columns."""
    return dict(sorted((int(column.rsplit("_", 1)[1]), column) for column in epochs.columns if column.startswith("dead_units_")))


def _norm_chart(norms: list[Line]) -> ChartType:
    import altair as alt

    drawn = {line.arm for line in norms}
    there = {arm: colour for arm, colour in ((BASELINE, GREY), (FULL, BLUE)) if arm in drawn}
    colour = alt.Color("arm:N", scale=alt.Scale(domain=list(there), range=[there[arm] for arm in there]), legend=_strokes())
    base = alt.Chart(alt.NamedData("norms"), title="gradient norm").encode(x=_epoch_axis("epoch"), color=colour)
    low, high = float(values_of(norms, "low").min()), float(values_of(norms, "median", "high").max())
    y: dict[str, Any] = {"scale": _log_scale(low, high), "title": None, "axis": alt.Axis(values=log_ticks(low, high), format=TICKS)}
    area = base.mark_area(opacity=1, fillOpacity=0.2).encode(y=alt.Y("low:Q", **y), y2="high:Q")
    line = base.mark_line(strokeWidth=1.6).encode(y=alt.Y("median:Q", **y), tooltip=_tooltip("arm"))
    return _unfolded(area + line).properties(width=280, height=150)


def _dead_chart(title: str) -> ChartType:
    import altair as alt

    scale = alt.Scale(scheme=alt.SchemeParams("viridis", extent=[0.15, 0.8]))
    colour = alt.Color("layer:O", sort=None, scale=scale, legend=_strokes())
    y = alt.Y("median:Q", title=None, axis=alt.Axis(format="%", tickCount=4))
    tooltip = [alt.Tooltip("layer:O"), alt.Tooltip("epoch:Q"), alt.Tooltip("median:Q", format=".1%")]
    chart = _unfolded(alt.Chart(alt.NamedData(title), title=title)).mark_line(strokeWidth=1.6)
    return chart.encode(x=_epoch_axis("epoch"), y=y, color=colour, tooltip=tooltip).properties(width=280, height=150)


def _strokes() -> alt.Legend:
    import altair as alt

    return alt.Legend(symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=2)


def _epoch_axis(title: str | None = None) -> alt.X:
    import altair as alt

    return alt.X("epoch:Q", title=title, axis=alt.Axis(grid=False, tickCount=4), scale=alt.Scale(nice=False))


def _side_by_side(charts: list[Any]) -> ChartType:
    import altair as alt

    usermeta = {"label": 0, "least": 220, "gap": 70}
    return alt.concat(*charts, columns=3, spacing=30).resolve_scale(color="independent").properties(usermeta=usermeta)
