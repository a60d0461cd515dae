"""What training costs: how long until a validation score is reached, arm by arm."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .figure import TICKS, Figure, absent, figure, label_width, panels
from .look import BLUE, GREY
from .result import Result, table
from .section import Section
from .tables import Cell, Table
from .words import MISSING, counted, duration, listed, number, text, whole

if TYPE_CHECKING:
    from altair.typing import ChartType
    from pandas import DataFrame, Series

MOST_ARMS = 20
UNREACHED = "not reached"
REFERENCES = {"baseline": "the baseline", "full": "the full recipe"}
CAPTION = (
    "Median epochs until the target is reached first on validation rows, over all runs of an arm; no bar where fewer than half of them reach it."
)


FOREVER = (
    "A run that never reaches its target counts as one that takes forever, so a median says what half of an arm's runs do; seconds are those of "
    "this machine."
)


def costs(result: Result) -> list[Section]:
    """The section of costs; none where there is nothing to tell."""
    rows = table(result, "costs")
    if rows.empty:
        return []
    return [Section("costs", "Time to target", sentences=[_targets(rows)], figures=_figure(rows), tables=[_table(rows)])]


def _targets(rows: DataFrame) -> str:
    every = rows.drop_duplicates("dataset")
    targets = every[every["target"].astype(float).map(math.isfinite)]
    lacking = [": ".join(filter(None, [str(row["dataset"]), text(row["note"])])) for _, row in every.drop(targets.index).iterrows()]
    without = f"There is no target for {'; '.join(lacking)}." if lacking else ""
    if targets.empty:
        return without
    told = listed(f"{number(float(row['target']))} {row['metric']} on {row['dataset']}" for _, row in targets.iterrows())
    known = listed(notes) if (notes := list(dict.fromkeys(filter(None, map(text, targets["note"]))))) else ""
    lead = f"The target is {told}" if len(targets) == 1 else f"The targets are {told}"
    return " ".join(filter(None, [f"{lead}{f' ({known})' if known else ''}.", without, FOREVER]))


def _table(rows: DataFrame) -> Table:
    """Arms by datasets: median epochs, how many runs reach where not all do, and the time as the hint."""
    datasets = list(dict.fromkeys(rows["dataset"]))
    best = {dataset: _best(group["median_epochs"].astype(float)) for dataset, group in rows.groupby("dataset", sort=False)}
    lines = []
    for arm, group in rows.groupby("arm", sort=False):
        cells = {row["dataset"]: _cell(row, best[row["dataset"]]) for _, row in group.iterrows()}
        spent = float(group["seconds_per_run"].sum())
        lines.append([Cell(str(arm)), *(cells.get(dataset, Cell(MISSING, "absent")) for dataset in datasets), Cell(duration(spent), "number")])
    return Table(["arm", *(f"{dataset}, epochs" for dataset in datasets), "a run on each"], lines, "Median epochs to the target")


def _best(epochs: Series) -> float:
    """The fewest; NaN where all arms take as long, and none is the best."""
    known = epochs.dropna()
    return float(known.min()) if known.nunique() > 1 else float("nan")


def _cell(row: Series, best: float) -> Cell:
    epochs, reached, runs = float(row["median_epochs"]), whole(row["reached"]), whole(row["runs"])
    if math.isnan(epochs):
        return Cell(MISSING, "absent")
    hint = (
        f"{reached} of {counted(runs, 'run')} reach it; median {number(float(row['median_updates']), 0)} updates, "
        f"{duration(float(row['median_seconds']))}; "
        f"a whole run takes {duration(float(row['seconds_per_run']))}"
    )
    kind = "number best" if math.isfinite(epochs) and epochs == best else "number"
    return Cell(f"{epochs:,.3g}" if math.isfinite(epochs) else UNREACHED, kind, hint, f"{reached} of {runs}" if reached < runs else "")


def _figure(rows: DataFrame) -> list[Figure]:
    name, title = "costs", "Epochs to the target"
    arms = rows["arm"].nunique()
    if arms > MOST_ARMS:
        return [absent(name, title, f"{arms} arms are more than a figure can show; they stand in the table and in costs.csv.")]
    finite = rows["median_epochs"].astype(float).map(math.isfinite)
    if not finite.any():
        return [absent(name, title, "No arm reaches its target in half of its runs.")]
    return [figure(name, title, f"{CAPTION} {_grey(set(rows['arm']))}".strip(), _chart(rows))]


def _grey(arms: set[str]) -> str:
    """The arms that others are compared with, where there are any."""
    there = [words for arm, words in REFERENCES.items() if arm in arms]
    told = listed(there) if there else ""
    return f"{told[0].upper()}{told[1:]} {'is' if len(there) == 1 else 'are'} grey." if there else ""


def _chart(rows: DataFrame) -> ChartType:
    import altair as alt

    shown = rows[["arm", "dataset"]].copy()
    shown["epochs"] = [epochs if math.isfinite(epochs) else None for epochs in rows["median_epochs"].astype(float)]
    shown["reached"] = [f"{whole(row['reached'])} of {whole(row['runs'])} runs" for _, row in rows.iterrows()]
    shown["seconds"] = [duration(float(seconds)) for seconds in rows["median_seconds"]]
    shown["panel"] = panels(shown["dataset"].map(str))
    shown["role"] = ["reference" if arm in REFERENCES else "arm" for arm in rows["arm"]]
    y = alt.Y("arm:N", sort=list(dict.fromkeys(rows["arm"])), title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=270))
    colour = alt.Color("role:N", scale=alt.Scale(domain=["reference", "arm"], range=[GREY, BLUE]), legend=None)
    tooltip = [alt.Tooltip(f"{column}:N") for column in ("arm", "dataset", "reached", "seconds")] + [alt.Tooltip("epochs:Q", format=TICKS)]
    x = alt.X("epochs:Q", title="median epochs", axis=alt.Axis(grid=True, tickCount=4, format="~s"))
    bars = alt.Chart(shown).mark_bar(opacity=1, height=9).encode(x=x, y=y, color=colour, tooltip=tooltip)
    facet = alt.Facet("panel:N", sort=list(dict.fromkeys(shown["panel"])), title=None)
    faceted = bars.properties(width=250, height=alt.Step(14)).facet(facet=facet, columns=3, spacing=24).resolve_scale(x="independent")
    return faceted.properties(usermeta={"label": label_width(shown["arm"]), "least": 200, "gap": 24})
