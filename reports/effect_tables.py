"""Tables of comparisons: the matrix of verdicts, and every comparison with its interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .confounding import aliases_of
from .tables import Cell, Table
from .words import CLASSES, MISSING, SYMBOLS, confidence, counted, interval, p_value, settled_by, shortened, signed, text, whole

if TYPE_CHECKING:
    from pandas import DataFrame, Series


def verdict_table(effects: DataFrame, title: str) -> Table:
    """Tricks by datasets, the verdict's symbol and the difference in each cell, and what a trick is confounded with: one design's effects."""
    datasets = list(dict.fromkeys(effects["dataset"]))
    metrics = dict(zip(effects["dataset"], effects["metric"], strict=True))
    confounded = bool(effects["aliases"].map(text).ne("").any())
    rows = []
    for _, group in effects.groupby(["factor", "level", "trick"], sort=False):
        cells = {row["dataset"]: verdict_cell(row) for _, row in group.iterrows()}
        named = [Cell(str(group["trick"].iloc[0])), *([_aliases(group["aliases"].iloc[0], str(group["kind"].iloc[0]))] if confounded else [])]
        rows.append([*named, *(cells.get(dataset, Cell(MISSING, "absent")) for dataset in datasets)])
    return Table(["trick", *([NOT_TOLD] if confounded else []), *(f"{dataset} ({metrics[dataset]})" for dataset in datasets)], rows, title)


NOT_TOLD = "not told from (=)"
"""The column of what a fraction confounds an effect with."""


def _aliases(value: object, kind: str) -> Cell:
    aliases = aliases_of(value)
    if not aliases:
        return Cell("nothing", "aside aliases")
    what = "one verdict on their sum" if kind == "interaction" else "one verdict on its effect minus half of each of these"
    return Cell(f"= {shortened(aliases, 2)}", "aliases", f"{what}: {', '.join(aliases)}")


def verdict_cell(row: Series) -> Cell:
    """`▲ +0.034`, all that is known of it as its hint, and † where diverged runs took part."""
    verdict = str(row["verdict"])
    if math.isnan(row["difference"]):
        return Cell(MISSING, "absent", hint=text(row["note"]))
    return Cell(labelled(verdict, row["difference"]), CLASSES.get(verdict, ""), hint(row), "†" if whole(row["diverged"]) else "")


def labelled(verdict: str, difference: float) -> str:
    """The verdict's symbol and the difference."""
    return f"{SYMBOLS.get(verdict, '?')} {signed(difference)}"


def hint(row: Series) -> str:
    """The verdict with the interval that it rests on, the one that would stand alone, and what the interval speaks of."""
    parts = [
        f"{row['verdict']}: {signed(row['difference'])} {row['metric']}, {level(row)} interval {interval(row['low'], row['high'])}",
        f"{counted(whole(row['seeds']), 'pair')} of runs",
        f"on its own {interval(row['alone_low'], row['alone_high'])}" if not math.isnan(row["alone_low"]) else "",
        settled_by(row["settle_low"], row["settle_high"]),
        text(row["note"]),
        text(row["speaks_of"]) or text(row["estimand"]),
        f"not to be told from {text(row['aliases'])}" if text(row["aliases"]) else "",
    ]
    return "; ".join(filter(None, parts))


def level(row: Series) -> str:
    """The confidence of a row's interval."""
    return "95 %" if math.isnan(row["confidence"]) else confidence(row["confidence"])


def diverged(row: Series) -> tuple[int, ...]:
    """Diverged runs with the trick and without it; of an interaction, which has no such sides, all of them in one number."""
    sides = ("diverged",) if row["kind"] == "interaction" else ("diverged_with", "diverged_without")
    return tuple(whole(row[side]) for side in sides)


COLUMNS = (
    "trick", "comparison", "dataset", "metric", "difference", "interval", "alone", "p (Holm)", "pairs", "diverged", "verdict",
    "seeds that would settle it", "standardised", "note",
)  # fmt: skip


def effects_table(effects: DataFrame) -> Table:
    """Every comparison with its interval: what the figures draw, and what stands beside it."""
    return Table(COLUMNS, [_effect_row(row) for _, row in effects.iterrows()])


def _effect_row(row: Series) -> list[Cell]:
    settle = settled_by(row["settle_low"], row["settle_high"]).removesuffix(" would settle it").removesuffix(" on one dataset")
    return [
        Cell(str(row["trick"])),
        Cell(compared(row)),
        Cell(str(row["dataset"])),
        Cell(str(row["metric"])),
        Cell(signed(row["difference"]), "number"),
        Cell(interval(row["low"], row["high"]), "number", hint=f"{level(row)} confidence"),
        Cell(interval(row["alone_low"], row["alone_high"]), "number"),
        Cell(p_value(row["p_holm"]), "number"),
        Cell(str(whole(row["seeds"])), "number"),
        Cell(" / ".join(map(str, diverged(row))), "number"),
        Cell(f"{SYMBOLS.get(str(row['verdict']), '')} {text(row['verdict'])}".strip(), CLASSES.get(str(row["verdict"]), "")),
        Cell(settle),
        Cell(signed(row["standardized"]), "number"),
        Cell("; ".join(_notes(row))),
    ]


def compared(row: Series) -> str:
    """The two arms, or what kind of mean it is."""
    arms = text(row["with_arm"]), text(row["without_arm"])
    return " against ".join(arms) if all(arms) else str(row["kind"])


def _notes(row: Series) -> list[str]:
    unsettled = "no number of seeds settles this on one dataset"
    said = [part for part in text(row["note"]).split("; ") if part and not (part == unsettled and math.isinf(row["settle_low"]))]
    aliased = [f"not to be told from {text(row['aliases'])}"] if text(row["aliases"]) else []
    return said + aliased + (["outside the family"] if row["in_family"] is False or row["in_family"] == 0 else [])
