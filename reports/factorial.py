"""How tricks act together: interactions in words, as verdicts and as plots, and what each trick does with and without another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .confounding import in_short, named
from .effect_figures import effect_figure
from .effect_tables import effects_table, verdict_table
from .effects import by_source, of_kind, prepared
from .interaction_figures import interaction_figure
from .result import VERDICTS, Result, table
from .section import Section
from .tables import Cell, Table
from .words import CLASSES, SYMBOLS, counted, listed, text

if TYPE_CHECKING:
    from pandas import DataFrame, Series

MOST_POINTS = 20
"""Sentences that anybody reads; all of them stand in the table."""

DECIDED = ("helps", "helps, negligibly", "hurts, negligibly", "hurts")
"""Verdicts by which two tricks change what each other does; how much, they say as well."""

MEANING = (
    "An interaction is what one trick does with another minus what it does without: ▲ where two tricks gain more together than apart, ▼ where "
    "they gain less, ≈ where neither changes what the other does by as much as matters."
)


def interactions(result: Result, effects: DataFrame) -> list[Section]:
    """The section of a factorial design's interactions; none where there are none."""
    rows = of_kind(effects, "interaction")
    if rows.empty:
        return []
    said, cells, simple = table(result, "interactions"), table(result, "cells"), prepared(table(result, "simple_effects"))
    chosen = said[said["verdict"].isin(DECIDED)]
    points = [(_about(row), sentence_of(row["sentence"])) for _, row in chosen.head(MOST_POINTS).iterrows()]
    figures = [effect_figure(rows, "interactions", "Interactions: with another trick against without it"), *interaction_figure(chosen, cells)]
    folded = [("Every interaction in words", _sentences(said))] if len(said) else []
    folded += (
        [("What each trick does with and without another, a family of its own", effects_table(simple.assign(in_family=True)))] if len(simple) else []
    )
    return [
        Section(
            "interactions",
            "Interactions",
            sentences=[*in_short(result.study), _counts(rows), MEANING],
            points=points,
            figures=figures,
            tables=[verdict_table(rows, "Interactions by dataset")],
            folded=folded,
        )
    ]


TOGETHER = "Together"
TOLD = 3
"""Interactions that the answer tells."""


def together(result: Result, effects: DataFrame) -> list[tuple[str, str]]:
    """What the largest interactions come to, as (setting, sentence); none without a factorial design. `effects` are prepared ones."""
    if of_kind(effects, "interaction")["difference"].isna().all():
        return []
    said = by_source(table(result, "interactions"), result.study.datasets)
    shown = said[said["verdict"].isin(("helps", "hurts"))].sort_values("difference", key=abs, ascending=False, kind="stable")
    if shown.empty:
        return [(TOGETHER, "no two tricks are shown to change what the other does by as much as matters.")]
    largest = shown.head(TOLD).groupby("dataset", sort=False)["sentence"]
    told = [f"on {dataset}, {'; '.join(text(sentence).removesuffix('.') for sentence in sentences)}" for dataset, sentences in largest]
    left = len(shown) - TOLD
    rest = f"; {left:,} more {'stands' if left == 1 else 'stand'} under Interactions" if left > 0 else ""
    return [(TOGETHER, f"{'; '.join(told)}{rest}.")]


def dependence(result: Result) -> dict[tuple[str, str], str]:
    """By design and trick: on which others it depends what it does, as far as that is decided and the design tells them apart."""
    said = by_source(table(result, "interactions"), result.study.datasets)
    others: dict[tuple[str, str], dict[str, list[str]]] = {}
    for _, row in said[said["verdict"].isin(("helps", "hurts"))].iterrows():
        if not text(row["aliases"]):
            for trick, other in ((row["trick"], row["second_trick"]), (row["second_trick"], row["trick"])):
                others.setdefault((str(row["design"]), str(trick)), {}).setdefault(str(row["dataset"]), []).append(str(other))
    return {
        key: f"What it does depends on {'; '.join(f'{listed(names)} ({dataset})' for dataset, names in found.items())}."
        for key, found in others.items()
    }


def sentence_of(value: object) -> str:
    """With its full stop."""
    said = text(value)
    return said if not said or said.endswith(".") else f"{said}."


def _about(row: Series) -> str:
    return f"{named(_pair(row), row['aliases'])} on {row['dataset']}"


def _pair(row: Series) -> str:
    return f"{row['trick']} × {row['second_trick']}"


def _counts(rows: DataFrame) -> str:
    """`Of 45 interactions of two tricks on one dataset: 4 more together than apart (▲) and 41 undecided (·).`"""
    count = rows["verdict"].value_counts()
    told = [f"{count[verdict]:,} {_WORDS[verdict]} ({SYMBOLS[verdict]})" for verdict in VERDICTS if count.get(verdict)]
    return f"Of {counted(len(rows), 'interaction')} of two tricks on one dataset: {listed(told)}."


_WORDS = {
    "helps": "more together than apart", "helps, negligibly": "negligibly more together", "equivalent": "with no change that matters",
    "undecided": "undecided", "hurts, negligibly": "negligibly less together", "hurts": "less together than apart",
    "identical runs": "identical runs",
}  # fmt: skip


def _sentences(said: DataFrame) -> Table:
    rows = [
        [
            Cell(named(_pair(row), row["aliases"])), Cell(str(row["dataset"])),
            Cell(SYMBOLS.get(str(row["verdict"]), ""), CLASSES.get(str(row["verdict"]), "")), Cell(sentence_of(row["sentence"])),
        ]
        for _, row in said.iterrows()
    ]  # fmt: skip
    return Table(["tricks", "dataset", "", "in words"], rows)
