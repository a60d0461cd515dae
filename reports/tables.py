"""The tables a report shows: cells of text with a kind, which the page turns into a class and Markdown into bold.

Each function makes one table from a result's frames; numbers are spelled here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .result import LOWER_IS_BETTER, STATUSES, Study
from .words import MISSING, SYMBOLS, counted, interval, number, plus_minus, signed

if TYPE_CHECKING:
    from pandas import DataFrame, Series


@dataclass(frozen=True)
class Cell:
    """One entry. `kind` says what it is (`helps`, `hurts`, `undetected`, `best`, `number`, ...), `hint` what there is to know besides."""

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


KINDS = {"helps": "helps", "hurts": "hurts", "no detectable difference": "undetected"}


def verdict_table(effects: DataFrame, title: str) -> Table:
    """Tricks by datasets, the verdict's symbol and the difference in each cell: one design's effects."""
    datasets = list(dict.fromkeys(effects["dataset"]))
    metrics = dict(zip(effects["dataset"], effects["metric"], strict=True))
    rows = []
    for _, group in effects.groupby(["factor", "level", "trick"], sort=False):
        cells = {row["dataset"]: verdict_cell(row) for _, row in group.iterrows()}
        rows.append([Cell(str(group["trick"].iloc[0])), *(cells.get(dataset, Cell(MISSING, "absent")) for dataset in datasets)])
    return Table(["trick", *(f"{dataset} ({metrics[dataset]})" for dataset in datasets)], rows, title)


def verdict_cell(row: Series) -> Cell:
    """`▲ +0.034`, the interval and the number of pairs as its hint, and † where diverged runs took part."""
    verdict = str(row["verdict"])
    if math.isnan(row["difference"]):
        return Cell(MISSING, "absent", hint=text(row["note"]))
    figures = f"{signed(row['difference'])} {row['metric']}, 95 % interval {interval(row['low'], row['high'])}"
    hint = f"{verdict}: {figures}, {counted(whole(row['seeds']), 'pair')} of runs"
    return Cell(f"{SYMBOLS.get(verdict, '?')} {signed(row['difference'])}", KINDS.get(verdict, ""), hint, "†" if _diverged(row) else "")


def _diverged(row: Series) -> int:
    return whole(row["diverged_with"]) + whole(row["diverged_without"])


def effects_table(effects: DataFrame) -> Table:
    """Every comparison with its interval: what the figure draws."""
    columns = ["trick", "comparison", "dataset", "metric", "difference", "95 % interval", "pairs", "diverged", "verdict", "note"]
    return Table(columns, [_effect_row(row) for _, row in effects.iterrows()])


def _effect_row(row: Series) -> list[Cell]:
    return [
        Cell(str(row["trick"])),
        Cell(f"{row['with_arm']} against {row['without_arm']}"),
        Cell(str(row["dataset"])),
        Cell(str(row["metric"])),
        Cell(signed(row["difference"]), "number"),
        Cell(interval(row["low"], row["high"]), "number"),
        Cell(str(whole(row["seeds"])), "number"),
        Cell(f"{whole(row['diverged_with'])} / {whole(row['diverged_without'])}", "number"),
        Cell(f"{SYMBOLS.get(str(row['verdict']), '')} {text(row['verdict'])}".strip(), KINDS.get(str(row["verdict"]), "")),
        Cell(text(row["note"])),
    ]


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
    rows.append([Cell("constant prediction", "aside"), *(Cell(number(chance[dataset]), "number aside") for dataset in metrics)])
    return Table(["arm", *(f"{dataset} ({metric})" for dataset, metric in metrics.items())], rows)


def _best(group: DataFrame) -> str:
    """The best mean as it is shown, so that arms that show the same figure are marked alike."""
    means = group["mean"].dropna()
    if means.empty:
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
    """Each level of each factor: what it changes in the recipe, and whether it is in the full one."""
    return Table(
        ["factor", "level", "changes", "in the full recipe"],
        [
            [Cell(factor), Cell(level), Cell(changes(recipe)), Cell("yes" if study.full.get(factor) == level else "no")]
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


def whole(value: Any) -> int:
    """A count that an empty cell may have turned into NaN."""
    return 0 if value is None or math.isnan(value) else int(value)


def text(value: Any) -> str:
    """A text that an empty cell may have turned into NaN or None."""
    return str(value) if isinstance(value, str) else ""
