"""What a report says, decided once: sentences, tables and figures, for the page and for Markdown to set each in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .answer import MEANING, SETTING, Finding, finding_sentence, findings, headline
from .curve_figures import curve_figure, diagnostic_figure
from .effect_figures import effect_figures
from .figure import Figure, slugs
from .result import DESIGNS, EFFECT_COLUMNS, EPOCH_COLUMNS, RUN_COLUMNS, Result, Study, with_columns
from .sentences import facts, incidents, method, partial, reproduction
from .tables import Table, arm_summary, arms_table, changes, effects_table, factors_table, facts_table, incidents_table, verdict_table

if TYPE_CHECKING:
    from pandas import DataFrame


NOTHING = ("Nothing to answer from", "no comparison has both of its arms yet.")


@dataclass(frozen=True)
class TrickWords:
    """One trick's sentences, one a design."""

    trick: str
    sentences: Sequence[tuple[str, str]]
    """(setting, sentence)."""


@dataclass(frozen=True)
class Content:
    """Everything a report shows, in reading order."""

    name: str
    question: str
    facts: str
    partial: str
    """Why the result is partial; empty when it is not."""
    headlines: Sequence[tuple[str, str]]
    """(setting, sentence)."""
    tricks: Sequence[TrickWords]
    verdicts: Sequence[Table]
    effect_figures: Sequence[Figure]
    effects: Table
    curves: Sequence[Figure]
    diagnostics: Sequence[Figure]
    arms: Table
    incidents_sentence: str
    incidents: Table
    command: str
    reproduce: Sequence[str]
    environment: Table
    baseline: str
    factors: Table
    study_text: str
    method: Sequence[str]
    summary: DataFrame
    """The table behind `arms`, for arms.csv."""

    @property
    def figures(self) -> list[Figure]:
        return [*self.effect_figures, *self.curves, *self.diagnostics]


def content(result: Result) -> Content:
    """All that a report says about a result."""
    study = result.study
    runs = with_columns(result.runs, RUN_COLUMNS).astype(dict.fromkeys(("score", "chance_metric", "seconds"), float))
    effects = with_columns(result.effects, EFFECT_COLUMNS).astype(dict.fromkeys(("difference", "low", "high"), float))
    designs = [design for design in DESIGNS if (effects["design"] == design).any()]
    found = {design: findings(effects, design) for design in designs}
    summary = arm_summary(runs)
    curves, diagnostics = _training_figures(result, runs)
    return Content(
        name=study.name,
        question=study.question,
        facts=facts(study, runs),
        partial=partial(runs),
        headlines=[headline(found[design]) for design in designs] or [NOTHING],
        tricks=_tricks(found, study),
        verdicts=[verdict_table(effects[effects["design"] == design], f"{SETTING[design]}: {MEANING[design]}") for design in designs],
        effect_figures=[drawn for design in designs for drawn in effect_figures(effects, design)],
        effects=effects_table(effects),
        curves=curves,
        diagnostics=diagnostics,
        arms=arms_table(summary),
        incidents_sentence=incidents(runs),
        incidents=incidents_table(runs),
        command=result.environment.get("command", ""),
        reproduce=reproduction(result),
        environment=facts_table({name: value for name, value in result.environment.items() if name != "command"}),
        baseline=changes(study.baseline),
        factors=factors_table(study),
        study_text=study.text,
        method=method(study, effects),
        summary=summary,
    )


def _training_figures(result: Result, runs: DataFrame) -> tuple[list[Figure], list[Figure]]:
    """Two figures a dataset, one dataset's epochs at a time in memory."""
    ended = {status: frozenset(runs.loc[runs["status"] == status, "run"]) for status in ("done", "diverged")}
    curves, diagnostics = [], []
    for dataset, file in slugs(runs["dataset"]).items():
        epochs = with_columns(result.epochs_on(dataset), EPOCH_COLUMNS)
        epochs = epochs[epochs["run"].isin(ended["done"] | ended["diverged"])]
        curves.append(curve_figure(epochs, dataset, f"curves-{file}", ended["diverged"]))
        diagnostics.append(diagnostic_figure(epochs, dataset, f"diagnostics-{file}", ended["diverged"]))
    return curves, diagnostics


def _tricks(found: dict[str, list[Finding]], study: Study) -> list[TrickWords]:
    by_trick: dict[tuple[str, str, str], dict[str, Finding]] = {}
    for design, some in found.items():
        for finding in some:
            by_trick.setdefault((finding.trick, finding.factor, finding.level), {})[design] = finding
    words = []
    for (trick, factor, level), some in by_trick.items():
        absent = "not compared." if study.full.get(factor) == level else "not part of the full recipe."
        words.append(TrickWords(trick, [(SETTING[design], finding_sentence(some[design]) if design in some else absent) for design in found]))
    return words
