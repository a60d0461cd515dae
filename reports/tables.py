"""What a table is, cells of text with a kind that the page turns into a class and Markdown into bold; and the tables of arms, runs and recipes.

Those of the comparisons are in `effect_tables.py`, and those of a section beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .result import LOWER_IS_BETTER, STATUSES, Study
from .words import MISSING, counted, number, plus_minus, text, whole

if TYPE_CHECKING:
    from pandas import DataFrame, Series


@dataclass(frozen=True)
class Cell:
    """One entry. `kind` says what it is (`helps`, `hurts`, `best`, `number`, ...), `hint` what there is to know besides."""

    text: str
    kind: str = ""
    hint: str = ""
    aside: str = ""
    """A smaller remark beside the text."""


@dataclass(frozen=True)
class Table:
    """`columns` name the entries of every row; the first entry of a row names the row."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]] = field(default_factory=list[Sequence[Cell]])
    title: str = ""


def arm_summary(runs: DataFrame) -> DataFrame:
    """One row an arm and dataset: how its runs ended, and mean and standard deviation of their scores."""
    grouped = runs.groupby(["arm", "dataset", "task", "metric"], sort=False, dropna=False)
    summary = grouped["score"].agg(mean="mean", standard_deviation="std")
    summary.insert(0, "runs", grouped.size())
    for place, status in enumerate(STATUSES, start=1):
        summary.insert(place, status, runs["status"].eq(status).groupby([runs[key] for key in summary.index.names], sort=False, dropna=False).sum())
    summary["chance"] = grouped["chance_metric"].mean()
    summary["seconds"] = grouped["seconds"].mean()
    return summary.reset_index()


def arms_table(summary: DataFrame) -> Table:
    """Arms by datasets: mean ± standard deviation of the score, the best of a dataset marked, the number of diverged runs beside."""
    if summary.empty:
        return Table(["arm"])
    metrics = dict(zip(summary["dataset"], summary["metric"], strict=True))
    best = {dataset: _best(group) for dataset, group in summary.groupby("dataset", sort=False)}
    rows = []
    for arm, group in summary.groupby("arm", sort=False):
        cells = {row["dataset"]: _score_cell(row, best[row["dataset"]]) for _, row in group.iterrows()}
        rows.append([Cell(str(arm)), *(cells.get(dataset, Cell(MISSING, "absent")) for dataset in metrics)])
    chance = summary.groupby("dataset", sort=False)["chance"].mean()
    if chance.map(math.isfinite).any():  # a loss is unbounded: no constant prediction has one that could stand beside it
        known = {dataset: number(value) if math.isfinite(value) else MISSING for dataset, value in chance.items()}
        rows.append([Cell("constant prediction", "aside"), *(Cell(known[dataset], "number aside") for dataset in metrics)])
    return Table(["arm", *(f"{dataset} ({metric})" for dataset, metric in metrics.items())], rows)


def _best(group: DataFrame) -> str:
    """The best mean as it is shown, so that arms that show the same figure are marked alike; empty where all do, and none is the best."""
    means = group["mean"].dropna()
    if means.map(number).nunique() < 2:
        return ""
    return number(means.min() if group["metric"].iloc[0] in LOWER_IS_BETTER else means.max())


def _score_cell(row: Series, best: str) -> Cell:
    diverged = int(row["diverged"])
    kind = "number best" if number(row["mean"]) == best else "number"
    hint = f"{counted(int(row['runs']), 'run')}: " + ", ".join(f"{int(row[status])} {status}" for status in STATUSES if row[status])
    return Cell(plus_minus(row["mean"], row["standard_deviation"]), kind, hint, f"{diverged} diverged" if diverged else "")


def incidents_table(runs: DataFrame) -> Table:
    """Runs that diverged, failed or ran out of time, with their messages."""
    wrong = runs[runs["status"].isin(["diverged", "failed", "timeout"])]
    return Table(
        ["arm", "dataset", "seed", "outcome", "after", "message"],
        [
            [
                Cell(str(row["arm"])), Cell(str(row["dataset"])), Cell(str(row["seed"])), Cell(str(row["status"]), str(row["status"])),
                Cell(counted(whole(row["epochs"]), "epoch")), Cell(text(row["message"])),
            ]
            for _, row in wrong.iterrows()
        ],
    )  # fmt: skip


def factors_table(study: Study) -> Table:
    """Each level of each factor: what it changes in the recipe, and whether it is in the full one, if there is any."""
    full = bool(study.full)
    return Table(
        ["factor", "level", "changes", *(["in the full recipe"] if full else [])],
        [
            [Cell(factor), Cell(level), Cell(changes(recipe)), *([Cell("yes" if study.full.get(factor) == level else "no")] if full else [])]
            for factor, levels in study.factors.items()
            for level, recipe in levels.items()
        ],
    )


def changes(recipe: Mapping[str, Any]) -> str:
    """A recipe's entries as `name = value`."""
    return ", ".join(f"{name} = {value}" for name, value in recipe.items()) or "nothing"


def facts_table(facts: Mapping[str, object]) -> Table:
    """Names and values, one a row."""
    return Table(["", ""], [[Cell(str(name)), Cell(str(value))] for name, value in facts.items()])
