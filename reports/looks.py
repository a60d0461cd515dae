"""A study that added seeds until its comparisons were decided: at which look each of them was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .effect_tables import labelled
from .result import Result, table
from .section import Section
from .tables import Cell, Table
from .words import CLASSES, MISSING, confidence, counted, interval, listed, shortened, text, whole

if TYPE_CHECKING:
    from pandas import DataFrame, Series

KEY = ["design", "kind", "trick", "dataset", "metric"]

SPENDING = (
    "Seeds were added until each comparison was decided or none were left to add. The error rate is kept over all looks: each spends a share of it, "
    "so that every interval is wider than it would be at one look, and a comparison counts as decided at the first look that decides it."
)
SYMMETRY = (
    "This rests on differences that are near to symmetric: where a few runs differ much more than the others, and to one side only, early looks err "
    "more often than they say."
)


def looks(result: Result) -> list[Section]:
    """The section of a sequential study; none where there was one look, with no more to come."""
    rows = table(result, "looks")
    if rows.empty:
        return []
    rows = rows.sort_values("look", kind="stable")
    return [Section("looks", "When each comparison was decided", sentences=[*_decided(rows), SPENDING, SYMMETRY], tables=[_table(rows)])]


def _first(rows: DataFrame) -> DataFrame:
    """The look that decided each comparison; the last one where none did."""
    decided = rows[~rows["verdict"].isin(["undecided"]) & rows["verdict"].notna()].drop_duplicates(KEY)
    last = rows.drop_duplicates(KEY, keep="last").merge(decided[KEY], on=KEY, how="left", indicator=True)
    import pandas as pd

    return pd.concat([decided, last[last["_merge"] == "left_only"].drop(columns="_merge")])


def _decided(rows: DataFrame) -> list[str]:
    first = _first(rows)
    by = first[first["verdict"] != "undecided"].groupby("seeds", sort=True).size()
    still = first[first["verdict"] == "undecided"]
    told = [f"{count:,} at {whole(seeds)} seeds" for seeds, count in by.items()]
    names = shortened([f"{row['trick']} on {row['dataset']}" for _, row in still.iterrows()], 6)
    most = whole(rows["seeds"].max())
    rest = f" Undecided with {most} seeds: {names}." if len(still) else " None is left undecided."
    return [f"Of {counted(len(first), 'comparison')}, {listed(told) if told else 'none'} {'were' if told else 'was'} decided.{rest}"]


def _table(rows: DataFrame) -> Table:
    """Comparisons by looks; the one that decides is bold."""
    numbered = rows[["look", "seeds"]].groupby("look")["seeds"].max()
    decides = {tuple(row[KEY]): row["look"] for _, row in _first(rows).iterrows() if row["verdict"] != "undecided"}
    lines = []
    for key, group in rows.groupby(KEY, sort=False, dropna=False):
        cells = {row["look"]: _cell(row, decides.get(key) == row["look"]) for _, row in group.iterrows()}
        ends = Cell(f"{whole(numbered[decides[key]])} seeds" if key in decides else "undecided", "" if key in decides else "undecided")
        name = [Cell(str(group["trick"].iloc[0])), Cell(f"{key[3]} ({key[4]})"), Cell(text(key[0]))]
        lines.append([*name, *(cells.get(look, Cell(MISSING, "absent")) for look in numbered.index), ends])
    return Table(["trick", "dataset", "design", *(counted(whole(seeds), "seed") for seeds in numbered), "decided at"], lines)


def _cell(row: Series, decides: bool) -> Cell:
    verdict, difference = str(row["verdict"]), float(row["difference"])
    hint = f"{verdict}: {interval(float(row['low']), float(row['high']))} at {confidence(float(row['confidence']))}"
    return Cell(labelled(verdict, difference), f"{CLASSES.get(verdict, '')}{' best' if decides else ''}", hint)
