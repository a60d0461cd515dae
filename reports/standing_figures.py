"""Arms against each other over datasets: mean ranks with critical differences, interquartile means, and performance profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .figure import MOST_ROWS, TICKS, Figure, absent, figure, label_width
from .look import BLUE, GREY, ORANGE, VIOLET
from .words import listed

if TYPE_CHECKING:
    from altair.typing import ChartType
    from pandas import DataFrame, Series

MOST_ARMS = 30
BASELINE, FULL, BEST, OTHERS = "baseline", "full", "best arm", "others"

NAMED = {BASELINE: "the baseline", FULL: "the full recipe"}

RANKS = (
    "{left}he mean rank over datasets, 1 being the best; the bars reach half the critical difference (Nemenyi, at the study's confidence) to "
    "either side, so that two arms whose bars overlap cannot be told apart.{right}"
)
RIGHT = (
    " {right}: the interquartile mean of normalised scores, with an interval for these datasets and these scales; 0 is a constant prediction, 1 the "
    "best arm of each dataset."
)
PROFILES = (
    "The share of runs that reach at least a score, normalised so that 0 is a constant prediction and 1 the best arm's mean on its dataset. A line "
    "that is nowhere below another is better at every level. {named}"
)


def standing_figure(standings: DataFrame) -> list[Figure]:
    """Mean ranks and interquartile means, a row a metric; a metric without a scale, as a loss, has ranks alone."""
    rows = standings[standings["mean_rank"].notna()]
    if rows.empty:
        return []
    name, title = "standings", "Arms against each other"
    if rows["arm"].nunique() > MOST_ARMS:
        return [absent(name, title, f"{rows['arm'].nunique():,} arms are more than a figure can show; they stand in standings.csv.")]
    parts: list[Any] = []
    scaled = rows["iqm"].notna().groupby(rows["metric"], sort=False).any()
    for metric, group in rows.groupby("metric", sort=False):
        arms = group.sort_values("mean_rank", kind="stable")
        parts += [_ranks(arms, str(metric)), *([_means(arms, str(metric))] if scaled[metric] else [])]
    caption = RANKS.format(
        left="Left: t" if scaled.all() else "T", right=RIGHT.format(right="Right" if scaled.all() else "Below it") if scaled.any() else ""
    )
    return [figure(name, title, caption, _concat(parts, label_width(rows["arm"]), 2 if scaled.all() else 1))]


def _concat(parts: list[Any], label: int, columns: int) -> ChartType:
    import altair as alt

    return alt.concat(*parts, columns=columns, spacing=30).properties(usermeta={"label": 0, "least": 260, "gap": 30 + label})


def _arms(rows: DataFrame) -> Any:
    import altair as alt

    return alt.Y("arm:N", sort=list(rows["arm"]), title=None, axis=alt.Axis(grid=True, domain=False, ticks=False, labelLimit=270))


def _ranks(rows: DataFrame, metric: str) -> ChartType:
    import altair as alt

    shown = rows[["arm"]].assign(rank=rows["mean_rank"].astype(float), half=rows["critical_difference"].astype(float) / 2)
    shown = shown.assign(low=shown["rank"] - shown["half"], high=shown["rank"] + shown["half"])
    axis = alt.Axis(grid=False, tickCount=6, format=TICKS)
    base = alt.Chart(shown, title=f"mean rank in {metric}").encode(y=_arms(rows))
    bars = base.mark_bar(color=GREY, opacity=1, fillOpacity=0.3, height=9).encode(x=alt.X("low:Q", scale=alt.Scale(zero=False)), x2="high:Q")
    x = alt.X("rank:Q", title=None, axis=axis, scale=alt.Scale(zero=False))
    points = base.mark_point(color=BLUE, filled=True, size=60, opacity=1).encode(x=x, tooltip=_tooltip("arm", "rank", "low", "high"))
    return (bars + points).properties(width=320, height=alt.Step(18))


def _means(rows: DataFrame, metric: str) -> ChartType:
    import altair as alt

    shown = rows[["arm"]].assign(**{name: rows[f"iqm{suffix}"].astype(float) for name, suffix in (("mean", ""), ("low", "_low"), ("high", "_high"))})
    axis = alt.Axis(grid=False, tickCount=5, format=TICKS)
    base = alt.Chart(shown, title=f"interquartile mean ({metric})").encode(y=_arms(rows))
    rules = base.mark_rule(color=BLUE, strokeWidth=2).encode(x=alt.X("low:Q", scale=alt.Scale(zero=False)), x2="high:Q")
    x = alt.X("mean:Q", title=None, axis=axis, scale=alt.Scale(zero=False))
    points = base.mark_point(color=BLUE, filled=True, size=60, opacity=1).encode(x=x, tooltip=_tooltip("arm", "mean", "low", "high"))
    return (rules + points).properties(width=320, height=alt.Step(18))


def _tooltip(first: str, *names: str) -> list[Any]:
    import altair as alt

    return [alt.Tooltip(f"{first}:N"), *(alt.Tooltip(f"{name}:Q", format=".3~f") for name in names)]


def profile_figure(profiles: DataFrame) -> list[Figure]:
    """A line an arm, the three that are named in colour, a panel a metric."""
    if profiles.empty:
        return []
    area = profiles.groupby(["metric", "arm"], sort=False)["share"].mean()
    kept = profiles[profiles["arm"].isin(_shown_arms(area))]
    lines: list[dict[str, Any]] = []
    for (metric, arm), group in kept.groupby(["metric", "arm"], sort=False):
        best = area.xs(metric, level="metric").idxmax()
        role = arm if arm in (BASELINE, FULL) else BEST if arm == best else OTHERS
        lines.append(
            {"metric": metric, "arm": arm, "role": role, "tau": group["tau"].astype(float).tolist(), "share": group["share"].astype(float).tolist()}
        )
    points = sum(len(line["tau"]) for line in lines)
    if points > MOST_ROWS:
        return [absent("profiles", "Performance profiles", f"{points:,} points are more than a figure can show; they stand in profiles.csv.")]
    lines.sort(key=lambda line: line["role"] != OTHERS)
    return [figure("profiles", "Performance profiles", PROFILES.format(named=_thick(area)), _profiles(lines), data={"profiles": lines})]


def _thick(area: Series) -> str:
    """Which lines stand out, and which arm is the best by each metric."""
    arms = set(area.index.get_level_values("arm"))
    best = {str(metric): str(area.xs(metric, level="metric").idxmax()) for metric in dict.fromkeys(area.index.get_level_values("metric"))}
    drawn = [words for arm, words in NAMED.items() if arm in arms] + ["the best arm"]
    by = best.values() if len(set(best.values())) == 1 else [f"{arm} in {metric}" for metric, arm in best.items()]
    return f"Thick {'is' if len(drawn) == 1 else 'are'} {listed(drawn)}, which is the one with the largest area: {listed(dict.fromkeys(by))}."


def _shown_arms(area: Any) -> set[str]:
    """The baseline, the full recipe, and those with the largest area."""
    means = area.groupby("arm").mean().sort_values(ascending=False)
    return {arm for arm in (BASELINE, FULL) if arm in means.index} | set(means.index[:MOST_ARMS])


class Stroke(NamedTuple):
    """How a line is drawn."""

    colour: str
    width: float
    dash: list[int]


STROKES = {
    OTHERS: Stroke(GREY, 0.7, [1, 0]),
    BASELINE: Stroke(VIOLET, 2.2, [6, 3]),
    FULL: Stroke(BLUE, 2.2, [1, 0]),
    BEST: Stroke(ORANGE, 2.2, [2, 2]),
}


def _profiles(drawn: list[dict[str, Any]]) -> ChartType:
    import altair as alt

    metrics, there = list(dict.fromkeys(line["metric"] for line in drawn)), {line["role"] for line in drawn}
    roles = {role: stroke for role, stroke in STROKES.items() if role in there}
    legend = alt.Legend(symbolType="stroke", symbolOpacity=1)
    colour = alt.Color("role:N", scale=alt.Scale(domain=list(roles), range=[stroke.colour for stroke in roles.values()]), legend=legend)
    width = alt.StrokeWidth("role:O", scale=alt.Scale(domain=list(roles), range=[stroke.width for stroke in roles.values()]), legend=legend)
    dash = alt.StrokeDash("role:N", scale=alt.Scale(domain=list(roles), range=[stroke.dash for stroke in roles.values()]), legend=legend)
    lines = alt.Chart(alt.NamedData("profiles")).transform_flatten(["tau", "share"]).mark_line(interpolate="step-after").encode(
        x=alt.X("tau:Q", title="normalised score", axis=alt.Axis(grid=False, tickCount=6)),
        y=alt.Y("share:Q", title="share of runs", axis=alt.Axis(format="%")),
        color=colour, strokeWidth=width, strokeDash=dash, detail="arm:N",
        tooltip=[alt.Tooltip("arm:N"), alt.Tooltip("tau:Q", format=".2f"), alt.Tooltip("share:Q", format=".0%")],
    )  # fmt: skip
    usermeta = {"label": 50, "least": 300, "gap": 40}
    return (
        lines.properties(width=330, height=200).facet(facet=alt.Facet("metric:N", sort=metrics, title=None), columns=2).properties(usermeta=usermeta)
    )
