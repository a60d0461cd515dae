"""What was wrong with the training that others are compared with, and which of the lecture's remedies worked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .result import Result, table
from .section import Section
from .tables import Cell, Table
from .words import CLASSES, SYMBOLS, interval, listed, signed, text

if TYPE_CHECKING:
    from pandas import DataFrame, Series

WORKED = {"worked": "helps", "spoilt the training result": "hurts"}
"""Answers that are coloured like verdicts."""
TITLE = "Diagnosis and remedies"
WORDS = (
    "The recipe's flow chart, gone through with the learning curves of every arm: the training result first, then the held-out ones, the seeds of "
    "an arm by majority. After a remedy it is gone through from its top again. What is good is relative to chance and to the best that any arm "
    "reaches. The effect on the test score stands beside each remedy, with its verdict."
)
MOST_ROWS = 30
"""A longer table is folded away."""


def diagnosis(result: Result) -> list[Section]:
    """The section; none where no remedy was compared."""
    rows = table(result, "remedies")
    if rows.empty:
        return []
    sentences, points = [WORDS], _points(rows)
    if len(rows) > MOST_ROWS:
        return [Section("diagnosis", TITLE, sentences=sentences, points=points, folded=[("Every remedy", _table(rows))])]
    return [Section("diagnosis", TITLE, sentences=sentences, points=points, tables=[_table(rows)])]


def _points(rows: DataFrame) -> list[tuple[str, str]]:
    """For the arm that most are compared with: what was diagnosed, and what worked against it, dataset by dataset."""
    main = rows["reference"].map(text).mode().iloc[0]
    told = rows[rows["reference"].map(text) == main]
    return [(f"{main}, {dataset}", _sentence(group)) for dataset, group in told.groupby("dataset", sort=False)]


def _sentence(group: DataFrame) -> str:
    worked = [str(arm).removeprefix(f"{group['reference'].iloc[0]} + ") for arm in group.loc[group["worked"] == "worked", "arm"]]
    before = str(group["before"].iloc[0])
    return f"{before}; {listed(worked)} worked." if worked else f"{before}."


def _table(rows: DataFrame) -> Table:
    columns = ["arm", "dataset", "remedy", "diagnosis before", "after", "did it work?", "effect on the test score", "interval"]
    return Table(columns, [_row(row) for _, row in rows.iterrows()])


def _row(row: Series) -> list[Cell]:
    verdict = str(row["verdict"])
    return [
        Cell(f"{row['arm']} against {row['reference']}"),
        Cell(str(row["dataset"])),
        Cell(str(row["remedy"]), hint="" if row["fits"] else "no remedy against what was diagnosed"),
        Cell(str(row["before"])),
        Cell(str(row["after"])),
        Cell(str(row["worked"]), WORKED.get(str(row["worked"]), "")),
        Cell(f"{SYMBOLS.get(verdict, '')} {signed(float(row['difference']))}", CLASSES.get(verdict, ""), verdict),
        Cell(interval(float(row["low"]), float(row["high"])), "number"),
    ]
