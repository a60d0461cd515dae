"""The comparisons of a result, prepared for every other part: numbers as numbers, the kind of each, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .result import DESIGNS, EFFECT_COLUMNS, with_columns

if TYPE_CHECKING:
    from pandas import DataFrame

NUMBERS = (
    "difference", "low", "high", "margin", "confidence", "alone_low", "alone_high", "p_value", "p_holm", "standardized", "settle_low", "settle_high",
)  # fmt: skip

OWN = ("difference", "main effect")
"""Kinds that say what a trick does; the others say how tricks act together."""


def prepared(effects: DataFrame) -> DataFrame:
    """The table with every column that a report reads."""
    table = with_columns(effects, EFFECT_COLUMNS).astype(dict.fromkeys(NUMBERS, float))
    words = {"kind": "difference", "verdict": "undecided"}
    return table.assign(**{name: table[name].astype(object).where(table[name].notna(), usual) for name, usual in words.items()})


def of_kind(effects: DataFrame, *kinds: str) -> DataFrame:
    """The comparisons of some kinds."""
    return effects[effects["kind"].isin(kinds)]


def by_source(rows: DataFrame, datasets: Sequence[str]) -> DataFrame:
    """The same with datasets called by their source, without its parameters, where that tells those of the study apart: for sentences."""
    sources = [dataset.partition("[")[0] for dataset in datasets]
    names = {dataset: source if sources.count(source) == 1 else dataset for dataset, source in zip(datasets, sources, strict=True)}
    return rows.assign(dataset=[names.get(str(dataset), str(dataset)) for dataset in rows["dataset"]])


def designs(effects: DataFrame) -> list[str]:
    """The designs that compare anything, in the order in which they are shown."""
    there = set(effects["design"])
    return [design for design in DESIGNS if design in there]


def family(effects: DataFrame) -> DataFrame:
    """The comparisons that share the confidence, with an interval or without."""
    return effects[~effects["in_family"].eq(False)]
