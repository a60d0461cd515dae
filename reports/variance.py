"""Which source of randomness the differences vary by, and so which to replicate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .answer import SETTING
from .confounding import with_aliases
from .figure import MOST_ROWS, Figure, absent, figure, label_width, panels
from .look import BLUE, GREY, ORANGE, VIOLET
from .result import Result, table
from .section import Section
from .tables import Cell, Table
from .terms import STREAMS
from .words import MISSING, counted, listed, number, percent, shortened, text

if TYPE_CHECKING:
    from altair.typing import ChartType
    from pandas import DataFrame

ALL, SCORE = "all", "score"
COLOURS = {"split": BLUE, "weights": ORANGE, "order": GREY, "masks": VIOLET}
SHAPES = {"split": "circle", "weights": "square", "order": "diamond", "masks": "triangle-up"}

MOST_POINTS = 12
"""Recommendations that anybody reads; all of them stand in the table."""

MEANING = (
    "The share of a source is how much of the variance is left when it alone is drawn afresh and all others are kept (Jansen's total effect). What "
    "two sources do only together counts in both, so the shares may add up to more than all."
)
CAPTION = "Share of the variance of each difference that is due to each source of randomness, with its interval."


def variance(result: Result) -> list[Section]:
    """The section of the sources of variance; none where they were not studied."""
    rows = with_aliases(table(result, "sources"), result.effects)
    if rows.empty:
        return []
    differences = rows[rows["kind"] != SCORE]
    advice = differences[(differences["source"] == ALL) & differences["recommendation"].map(text).ne("")]
    points = [(f"{row['trick']} on {row['dataset']}", str(row["recommendation"])) for _, row in advice.iterrows()]
    few = len(points) <= MOST_POINTS
    return [
        Section(
            "sources",
            "What the variance comes from",
            sentences=[MEANING, *([] if few else [_median(differences)])],
            points=points if few else [],
            figures=_figures(differences[differences["source"] != ALL]),
            folded=[("Every share", _table(rows))],
        )
    ]


def _median(rows: DataFrame) -> str:
    """`Over 135 differences the median share of the split is 61 %, ...`"""
    shares = rows[rows["source"] != ALL].dropna(subset=["share"])
    if shares.empty:
        return "No share could be told."
    median = shares.groupby("source", sort=False)["share"].median().astype(float).sort_values(ascending=False)
    told = listed(f"{percent(share)} for {STREAMS.get(str(source), str(source))}" for source, share in median.items())
    count = len(shares[["design", "kind", "trick", "dataset"]].drop_duplicates())
    return f"Over {counted(count, 'difference')} the median share is {told}."


def _figures(rows: DataFrame) -> list[Figure]:
    """A figure a design."""
    kept = rows[rows["kind"].ne("simple effect")]
    designs = list(dict.fromkeys(kept["design"]))
    return [made for design in designs for made in _figure(kept[kept["design"] == design], design if len(designs) > 1 else "")]


def _figure(rows: DataFrame, design: str) -> list[Figure]:
    """One design's, named where there are several."""
    name = f"sources-{design}" if design else "sources"
    title = f"Shares of the variance of each difference{f': {SETTING.get(design, design).lower()}' if design else ''}"
    told = rows["share_high"].gt(0).groupby([rows["trick"], rows["dataset"]]).transform("any")  # else there is no variance to have a share of
    drawn = rows[rows["share"].notna() & told]
    if drawn.empty:
        return []
    if len(drawn) > MOST_ROWS // 4:
        return [absent(name, title, f"{len(drawn):,} shares are more than a figure can show; they stand in sources.csv.")]
    left = rows.loc[~told, ["trick", "dataset"]].drop_duplicates()
    names = [f"{trick} on {dataset}" for trick, dataset in left.itertuples(index=False)]
    return [figure(name, title, CAPTION + (f" No shares can be told of {shortened(names)}." if names else ""), _chart(drawn))]


def _chart(rows: DataFrame) -> ChartType:
    import altair as alt

    shown = rows[["source"]].assign(**{name: rows[name].astype(float) for name in ("share", "share_low", "share_high")})
    shown["panel"] = panels(rows["dataset"].map(str))
    shown["trick"] = rows["trick"]
    there = [source for source in STREAMS if source in set(rows["source"])]
    tricks, order = (list(dict.fromkeys(shown[name])) for name in ("trick", "panel"))
    axis_of_tricks = alt.Axis(domain=False, ticks=False, grid=True, labelLimit=270)
    y: dict[str, Any] = {"y": alt.Y("trick:N", sort=tricks, title=None, axis=axis_of_tricks)}
    y["yOffset"] = alt.YOffset("source:N", scale=alt.Scale(domain=there, paddingOuter=0.3))
    legend = alt.Legend(symbolOpacity=1)
    colour = alt.Color("source:N", scale=alt.Scale(domain=there, range=[COLOURS[source] for source in there]), legend=legend)
    shape = alt.Shape("source:N", scale=alt.Scale(domain=there, range=[SHAPES[source] for source in there]), legend=legend)
    axis = alt.Axis(format="%", tickCount=5, grid=False)
    tooltip = [
        alt.Tooltip("trick:N"),
        alt.Tooltip("source:N"),
        *(alt.Tooltip(f"{part}:Q", format=".0%") for part in ("share", "share_low", "share_high")),
    ]
    base = alt.Chart(shown)
    rules = base.mark_rule(strokeWidth=1.5).encode(x=alt.X("share_low:Q", scale=alt.Scale(domain=[0, 1])), x2="share_high:Q", color=colour, **y)
    points = base.mark_point(filled=True, opacity=1, size=36).encode(
        x=alt.X("share:Q", title="share of the variance", axis=axis), color=colour, shape=shape, tooltip=tooltip, **y
    )
    faceted = (
        (rules + points).properties(width=270, height=alt.Step(9)).facet(facet=alt.Facet("panel:N", sort=order, title=None), columns=3, spacing=24)
    )
    return faceted.resolve_scale(y="independent").properties(usermeta={"label": 0, "least": 180, "gap": 24 + label_width(tricks)})


def _table(rows: DataFrame) -> Table:
    """A row a difference or arm, a column a source."""
    there = [source for source in STREAMS if source in set(rows["source"])]
    several = rows.loc[rows["kind"] != SCORE, "design"].nunique() > 1
    lines = []
    for (design, kind, trick, dataset, metric), group in rows.groupby(["design", "kind", "trick", "dataset", "metric"], sort=False, dropna=False):
        by = {str(row["source"]): row for _, row in group.iterrows()}
        whole = by.get(ALL)
        variance_of = number(float(whole["variance"]) ** 0.5, 4) if whole is not None else MISSING
        cells = [_share(by.get(source)) for source in there]
        advice = text(whole["recommendation"]) if whole is not None else ""
        name = f"score of {trick}" if kind == SCORE else str(trick)
        setting = [Cell(text(design))] if several else []
        lines.append([Cell(name), *setting, Cell(f"{dataset} ({metric})"), Cell(variance_of, "number"), *cells, Cell(advice)])
    return Table(["of", *(["design"] if several else []), "dataset", "standard deviation", *there, "what to replicate"], lines)


def _share(row: Any) -> Cell:
    if row is None:
        return Cell(MISSING, "absent")
    ends = shortened([percent(float(row["share_low"])), percent(float(row["share_high"]))])
    return Cell(percent(float(row["share"])), "number", hint=f"{ends}{'; ' + text(row['note']) if text(row['note']) else ''}")
