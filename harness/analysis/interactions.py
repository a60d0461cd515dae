"""What an interaction is made of: the mean score of its four cells, the simple effects, and from their verdicts a sentence.

The cells of tricks a and b are the arms with both, with a only, with b only, with neither; each is the mean over all states of the remaining
factors. A *simple effect* is the effect of a with b, or without it; the interaction is the one minus the other.

An interaction belongs to the study's family. The simple effects only say where a decided interaction comes from: they are a family of their own,
those of all interactions on all datasets, whose intervals hold together with the study's confidence, and they never stand among the effects.
Where a fraction cannot tell an interaction from another, its simple effects would be mixed as well: there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..inference.intervals import spread
from ..inference.terms import Terms
from .effects import EFFECT_COLUMNS
from .interaction_words import CONDITIONS, interaction_sentence
from .resampling import Resampling

if TYPE_CHECKING:
    import pandas as pd

Record = Mapping[str, Any]
"""Of a contrast, as the store has it."""

PLACE = ("design", "trick", "second_trick", "dataset", "metric")
CELL_COLUMNS = (*PLACE, "with_first", "with_second", "mean", "low", "high", "seeds", "speaks_of")
INTERACTION_COLUMNS = (*PLACE, "sentence", "verdict", "difference", "low", "high", "aliases")
SIMPLE_COLUMNS = (*EFFECT_COLUMNS, "of", "condition")
"""`of` is the interaction, `condition` is `with` or `without` the second trick. `trick` says both: `dropout without l2`."""


def interactions(whole: pd.DataFrame, simple: pd.DataFrame, contrasts: Sequence[Record]) -> pd.DataFrame:
    """A sentence for each interaction and dataset, in `INTERACTION_COLUMNS`, from a study's effects and its simple effects."""
    import pandas as pd

    parts = {(row["design"], row["of"], row["dataset"], row["factor"], row["condition"]): row for row in _rows(simple)}
    tricks = {(item["design"], item["trick"]): item["tricks"] for item in _interactions(contrasts)}
    rows: list[dict[str, Any]] = []
    for row in _rows(whole[whole["kind"] == "interaction"]):
        first, second = tricks[row["design"], row["trick"]]
        place = row["design"], row["trick"], row["dataset"]
        told = [parts.get((*place, row[factor], condition)) for factor in ("factor", "second_factor") for condition in CONDITIONS]
        sentence = interaction_sentence(row, first, second, [part for part in told if part])
        rows.append({name: row[name] for name in INTERACTION_COLUMNS if name in row} | {"trick": first, "second_trick": second, "sentence": sentence})
    return pd.DataFrame(rows, columns=pd.Index(INTERACTION_COLUMNS))


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def simple_effects(contrasts: Sequence[Record], terms: Terms, judged: Callable[[Sequence[Record], Terms], pd.DataFrame]) -> pd.DataFrame:
    """The four simple effects of each interaction that has no alias, on each dataset, in `SIMPLE_COLUMNS`.

    `judged` makes effects of contrasts and terms, in `EFFECT_COLUMNS`, as it does for the study's own; none of these is in the study's family.
    """
    records = {(record["design"], record["trick"]): record for record in _simple(contrasts)}
    if not records:
        return no_simple_effects()
    table = judged(list(records.values()), replace(terms, family=(), left_out=tuple(_simple_left_out(terms.left_out))))
    found = [records[key] for key in zip(table["design"], table["trick"], strict=True)]
    return table.assign(in_family=False, of=[record["of"] for record in found], condition=[record["condition"] for record in found])


def _simple_left_out(contrasts: Sequence[Record]) -> Iterator[Record]:
    """A record for each simple effect of interactions that are not shown."""
    return (item for item in _interactions(contrasts) if not item["aliases"] for _ in range(4))


def no_simple_effects() -> pd.DataFrame:
    """The table without a row."""
    import pandas as pd

    return pd.DataFrame(columns=pd.Index(SIMPLE_COLUMNS))


def _simple(contrasts: Sequence[Record]) -> Iterator[dict[str, Any]]:
    for item in _interactions(contrasts):
        if item["aliases"]:
            continue
        both, first_only, second_only, none = _cells(item)
        first, second = tricks = item["tricks"]
        of_first = {"factor": item["factor"], "level": item["level"], "second_factor": item["second_factor"], "second_level": item["second_level"]}
        of_second = dict(zip(of_first, (*list(of_first.values())[2:], *list(of_first.values())[:2]), strict=True))
        for level, own, other, pairs in (
            (of_first, first, second, ((first_only, none), (both, second_only))),
            (of_second, second, first, ((second_only, none), (both, first_only))),
        ):
            for condition, (treated, control) in zip(CONDITIONS, pairs, strict=True):
                yield level | {
                    "design": item["design"], "kind": "simple effect", "trick": f"{own} {condition} {other}", "of": item["trick"],
                    "condition": condition, "tricks": tricks, "aliases": [],
                    "with_arm": treated[0] if len(treated) == 1 else "", "without_arm": control[0] if len(control) == 1 else "",
                    "weights": [[arm, 1 / len(treated)] for arm in treated] + [[arm, -1 / len(control)] for arm in control],
                }  # fmt: skip


def interaction_means(runs: pd.DataFrame, contrasts: Sequence[Record], terms: Terms) -> pd.DataFrame:
    """The mean score of each cell over its arms and the complete blocks, in `CELL_COLUMNS`, in the metric's own unit and direction.

    The interval is that of one mean on its own: a cell's blocks vary together with the other cells', so that whether cells differ is not seen
    from their intervals.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for (dataset, metric), group in runs.groupby(["dataset", "metric"], sort=False) if any(True for _ in _interactions(contrasts)) else ():
        scores = group.pivot(index="seed", columns="arm", values="score")
        table, arms = scores.to_numpy(np.float64), {str(arm): column for column, arm in enumerate(scores.columns)}
        resampling = Resampling.of(str(dataset))
        correction, spoken = resampling.correction(terms), resampling.speaks_of(terms, "expected score")
        for item in _interactions(contrasts):
            if all(arm in arms for arm, _ in item["weights"]):
                place = {
                    "design": item["design"],
                    "trick": item["tricks"][0],
                    "second_trick": item["tricks"][1],
                    "dataset": dataset,
                    "metric": metric,
                    "speaks_of": spoken,
                }
                rows += [place | cell for cell in _means(table, arms, item, terms.confidence, correction)]
    return pd.DataFrame(rows, columns=pd.Index(CELL_COLUMNS))


def _means(table: np.ndarray[Any, Any], arms: Mapping[str, int], item: Record, confidence: float, correction: float) -> Iterator[dict[str, Any]]:
    """Each cell's mean of a table (seeds, arms)."""
    columns = [[arms[arm] for arm in cell] for cell in _cells(item)]
    complete = table[~np.isnan(table[:, [arms[arm] for arm, _ in item["weights"]]]).any(axis=1)]
    for cell, (with_first, with_second) in zip(columns, ((True, True), (True, False), (False, True), (False, False)), strict=True):
        means = complete[:, cell].mean(axis=1)
        with np.errstate(invalid="ignore"):  # an infinite loss leaves no interval
            mean, low, high = spread(means, correction).interval(confidence)
        yield {"with_first": with_first, "with_second": with_second, "mean": mean, "low": low, "high": high, "seeds": len(means)}


def _interactions(contrasts: Sequence[Record]) -> Iterator[Record]:
    return (item for item in contrasts if item["kind"] == "interaction")


def _cells(item: Record) -> list[list[str]]:
    """The arms with both tricks, the first only, the second only, none: quarters of the weights, in this order (contrast.py)."""
    names = [arm for arm, _ in item["weights"]]
    quarter = len(names) // 4
    return [names[start : start + quarter] for start in range(0, len(names), quarter)]
