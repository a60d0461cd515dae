"""A study that added seeds until its comparisons were decided: at which look each of them was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .confounding import with_aliases
from .effect_tables import labelled
from .result import Result, table
from .section import Section
from .tables import Cell, Table
from .words import CLASSES, MISSING, confidence, counted, interval, listed, shortened, text, whole

if TYPE_CHECKING:
    from pandas import DataFrame, Series

KEY = ["design", "kind", "trick", "dataset", "metric"]

MOST_COLUMNS = 6
"""Looks that a table has room for; of more, it shows those that decided."""

ADDED = "Seeds were added until each comparison was decided or none were left to add; what came after its verdict does not count for it."
SPENDING = (
    "The looks were fixed beforehand, and each spends a share of the error (Pocock-type): an interval is wider than it would be at the only look, "
    "and all of a comparison's intervals hold together."
)
MIXTURE = "There was no most number of seeds: the intervals hold at any number of them, and are wider for it (always-valid mixture of t)."
SYMMETRY = (
    "This rests on differences that are near to symmetric: where a few runs differ much more than the others, and to one side only, early looks err "
    "more often than they say."
)


def looks(result: Result) -> list[Section]:
    """The section of a sequential study; none where there was one look, with no more to come."""
    rows = table(result, "looks")
    if rows.empty:
        return []
    rows = with_aliases(rows.sort_values("look", kind="stable"), result.effects)
    fixed = getattr(result.study, "sequential", None) or {}
    how = SPENDING if fixed.get("most") else MIXTURE
    return [Section("looks", "When each comparison was decided", sentences=[_decided(rows), ADDED, how, SYMMETRY], tables=[_table(rows)])]


def _first(rows: DataFrame) -> DataFrame:
    """The look that decided each comparison; the last one where none did."""
    return (
        rows.assign(later=rows["verdict"].eq("undecided"), place=rows["look"].where(rows["verdict"].ne("undecided"), -rows["look"]))
        .sort_values(["later", "place"], kind="stable")
        .drop_duplicates(KEY)
    )


def _decided(rows: DataFrame) -> str:
    first = _first(rows)
    by = first[first["verdict"] != "undecided"].groupby("seeds", sort=True).size()
    still = first[first["verdict"] == "undecided"]
    told = [f"{count:,} at {whole(seeds)} seeds" for seeds, count in by.items()]
    names = [f"{row['trick']} on {row['dataset']}" for _, row in still.iterrows()]
    rest = f" Undecided with {whole(rows['seeds'].max())} seeds: {shortened(names, 6)}." if names else " None is left undecided."
    return f"Of {counted(len(first), 'comparison')}, {listed(told) if told else 'none'} {'were' if told else 'was'} decided.{rest}"


def _table(rows: DataFrame) -> Table:
    """Comparisons by looks, the one that decides in bold."""
    numbered = rows.groupby("look")["seeds"].max()
    shown = list(numbered.index) if len(numbered) <= MOST_COLUMNS else []
    first = {tuple(row[KEY]): row for _, row in _first(rows).iterrows()}
    lines = []
    for key, group in rows.groupby(KEY, sort=False, dropna=False):
        last = first[tuple(key)]
        decided = last["verdict"] != "undecided"
        cells = {row["look"]: _cell(row, decided and row["look"] == last["look"]) for _, row in group.iterrows()}
        ends = [Cell(f"{whole(last['seeds'])} seeds" if decided else "undecided", "" if decided else "undecided")]
        ends += [] if shown else [_cell(last, decided)]
        lines.append(
            [
                Cell(str(key[2])),
                Cell(f"{key[3]} ({key[4]})"),
                Cell(text(key[0])),
                *(cells.get(look, Cell(MISSING, "absent")) for look in shown),
                *ends,
            ]
        )
    heads = [counted(whole(numbered[look]), "seed") for look in shown]
    return Table(["trick", "dataset", "design", *heads, "decided at", *([] if shown else ["verdict"])], lines)


def _cell(row: Series, decides: bool) -> Cell:
    verdict, difference = str(row["verdict"]), float(row["difference"])
    hint = f"{verdict}: {interval(float(row['low']), float(row['high']))} at {confidence(float(row['confidence']))}"
    return Cell(labelled(verdict, difference), f"{CLASSES.get(verdict, '')}{' best' if decides else ''}", hint)
