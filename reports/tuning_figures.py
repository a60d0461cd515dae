"""Validation score against a hyperparameter, a panel an arm; and the difference against the number of trials where a conclusion flips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .effect_figures import verdict_marks, verdict_stroke
from .figure import MOST_ROWS, TICKS, Figure, absent, figure, panels
from .look import BLUE, GREY, ORANGE
from .words import interval, signed

if TYPE_CHECKING:
    import altair as alt
    from altair.typing import ChartType
    from pandas import DataFrame

KEY = ["design", "kind", "trick", "dataset", "metric"]
MOST_PANELS = 24
MOST_FLIPS = 12

SENSITIVITY = (
    "Each point is a trial: its mean validation score over its seeds. The filled one was taken; a cross at the bottom is a trial that diverged, "
    "and comes after all others. The wider the top, the less an arm asks of whoever sets it."
)
BUDGET = (
    "The difference by the number of trials of each arm, for the conclusions that flip: the same comparison, with values that a shorter or longer "
    "search chose."
)


def sensitivity_figure(trials: DataFrame, hyperparameter: str, dataset: str, name: str) -> Figure:
    """One dataset's trials over one hyperparameter."""
    title = f"Validation score against {hyperparameter.replace('_', ' ')} on {dataset}"
    rows = trials[trials[hyperparameter].notna() & trials["score"].notna()]
    arms = list(dict.fromkeys(rows["arm"]))
    if not arms:
        return absent(name, title, "No trial has finished yet.", dataset)
    if len(arms) > MOST_PANELS or len(rows) > MOST_ROWS:
        return absent(name, title, f"{len(rows):,} trials of {len(arms)} arms are more than a figure can show; they stand in trials.csv.", dataset)
    return figure(name, title, SENSITIVITY, _sensitivity(rows, hyperparameter, arms), dataset=dataset)


def _role(row: Any) -> str:
    return "diverged" if row["status"] == "diverged" else "taken" if row["chosen"] is True or row["chosen"] == 1 else "trial"


def _places(rows: DataFrame, scores: Any) -> Any:
    """Where the points stand: what diverged at the bottom, lest it flatten the others."""
    finished = scores[rows["status"] != "diverged"]
    if finished.empty:
        return scores
    low, high = float(finished.min()), float(finished.max())
    return scores.where(rows["status"] != "diverged", low - 0.15 * (high - low))


def _sensitivity(rows: DataFrame, hyperparameter: str, arms: list[str]) -> ChartType:
    import altair as alt

    values, scores = rows[hyperparameter].astype(float), rows["score"].astype(float)
    shown = rows[["arm", "trial"]].assign(value=values, score=scores, place=_places(rows, scores), role=[_role(row) for _, row in rows.iterrows()])
    roles = ["trial", "taken", "diverged"]
    shape = alt.Shape("role:N", scale=alt.Scale(domain=roles, range=["circle", "triangle-down", "cross"]), legend=_legend())
    stroke = alt.Stroke("role:N", scale=alt.Scale(domain=roles, range=[GREY, BLUE, ORANGE]), legend=_legend())
    fill = alt.Fill("role:N", scale=alt.Scale(domain=roles, range=["transparent", BLUE, ORANGE]), legend=_legend())
    logarithmic = values.min() > 0 and values.max() > 10 * values.min()
    scale = alt.Scale(type="log", nice=False, padding=8) if logarithmic else alt.Scale(zero=False, padding=8)
    x = alt.X("value:Q", title=hyperparameter.replace("_", " "), scale=scale, axis=alt.Axis(grid=False, format=TICKS, tickCount=4))
    y = alt.Y("place:Q", title="validation score", scale=alt.Scale(zero=False), axis=alt.Axis(format=TICKS, tickCount=4))
    tooltip = [
        alt.Tooltip("arm:N"),
        alt.Tooltip("trial:Q"),
        alt.Tooltip("value:Q", format=".3~g"),
        alt.Tooltip("score:Q", format=".4~g"),
        alt.Tooltip("role:N"),
    ]
    points = alt.Chart(shown).mark_point(size=46, opacity=1, strokeWidth=1.5).encode(x=x, y=y, shape=shape, stroke=stroke, fill=fill, tooltip=tooltip)
    facet = alt.Facet("arm:N", sort=arms, title=None)
    faceted = points.properties(width=210, height=110).facet(facet=facet, columns=4, spacing=20)
    return faceted.properties(usermeta={"label": 60, "least": 170, "gap": 20})


def _legend() -> alt.Legend:
    import altair as alt

    return alt.Legend(symbolOpacity=1, symbolStrokeWidth=1.5)


def budget_figure(budgets: DataFrame) -> list[Figure]:
    """A panel for each conclusion that flips, the first ones; no figure where none does."""
    flipped = budgets[budgets["flips"].eq(True) & budgets["difference"].notna()]
    if flipped.empty:
        return []
    first = flipped[KEY].drop_duplicates().head(MOST_FLIPS)
    return [figure("budgets", "Conclusions that flip with the budget", BUDGET, _budgets(budgets.merge(first, on=KEY)))]


def _budgets(rows: DataFrame) -> ChartType:
    import altair as alt

    shown = rows[["verdict"]].assign(**{name: rows[name].astype(float) for name in ("budget", "difference", "low", "high")})
    shown["panel"] = panels(rows["trick"] + " · " + rows["dataset"] + " · " + rows["design"])
    shown["estimate"] = [f"{signed(row['difference'])} {interval(row['low'], row['high'])}" for _, row in shown.iterrows()]
    scale = alt.Scale(type="log", base=2, nice=False, padding=14)
    x = alt.X("budget:Q", title="trials of each arm", scale=scale, axis=alt.Axis(grid=False, values=sorted(set(shown["budget"])), format=TICKS))
    y: dict[str, Any] = {"title": "difference", "axis": alt.Axis(tickCount=4, format=TICKS)}
    base = alt.Chart(shown).encode(x=x)
    layers = alt.layer(
        base.mark_rule(strokeWidth=1.5).encode(y=alt.YDatum(0)),
        base.mark_line(color=GREY, strokeWidth=1).encode(y=alt.Y("difference:Q", **y)),
        base.mark_rule(strokeWidth=2).encode(y=alt.Y("low:Q", **y), y2="high:Q", stroke=verdict_stroke()),
        base.mark_point(size=60, opacity=1, strokeWidth=1.8).encode(
            y=alt.Y("difference:Q", **y), tooltip=[alt.Tooltip("budget:Q"), alt.Tooltip("estimate:N"), alt.Tooltip("verdict:N")], **verdict_marks()
        ),
    )
    facet = alt.Facet("panel:N", sort=list(dict.fromkeys(shown["panel"])), title=None)
    faceted = layers.properties(width=270, height=130).facet(facet=facet, columns=3, spacing=24)
    return faceted.resolve_scale(y="independent").properties(usermeta={"label": 0, "least": 220, "gap": 90})
