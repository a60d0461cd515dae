"""What a report says, decided once: sentences, tables and figures, for the page and for Markdown to set each in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .answer import MEANING, SETTING, Finding, finding_sentence, findings, headline
from .confounding import described, named
from .costs import costs
from .curve_figures import curve_figure, diagnostic_figure
from .diagnosis import diagnosis
from .effect_figures import effect_figures
from .effect_tables import effects_table, verdict_table
from .effects import OWN, by_source, designs, of_kind, prepared
from .factorial import dependence, interactions, together
from .figure import Figure, slugs
from .looks import looks
from .method import method
from .overall import overall
from .result import EPOCH_COLUMNS, LOWER_IS_BETTER, RUN_COLUMNS, Result, Study, with_columns
from .section import Section
from .sentences import diverged_score, facts, incidents, noun, partial, reproduction, selection
from .summary import averages, summary
from .tables import Table, arm_summary, arms_table, changes, factors_table, facts_table, incidents_table
from .tuning import tuning
from .variance import variance

if TYPE_CHECKING:
    from pandas import DataFrame


MOST_PANELS = 20
"""Arms whose learning curves are drawn; of more, the best ones."""

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
    """Why the result, or what is shown of it, is partial; empty when it is not."""
    headlines: Sequence[tuple[str, str]]
    """(setting, sentence)."""
    arrangement: Sequence[str]
    """Sentences on factorial designs: their size, and what a fraction confounds."""
    tricks: Sequence[TrickWords]
    verdicts: Sequence[Table]
    key: str
    """What the figure beside a verdict is."""
    effect_figures: Sequence[Figure]
    effects: Table
    sections: Sequence[Section]
    """Those that a result has something for."""
    curves: Sequence[Figure]
    diagnostics: Sequence[Figure]
    arms: Table
    diverged: str
    """What a diverged run scores."""
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
        inside = [figure for section in self.sections for figure in section.figures]
        return [*self.effect_figures, *inside, *self.curves, *self.diagnostics]


def content(result: Result) -> Content:
    """All that a report says about a result."""
    study = result.study
    runs = with_columns(result.runs, RUN_COLUMNS).astype(dict.fromkeys(("score", "chance_metric", "seconds"), float))
    effects = prepared(result.effects)
    own = of_kind(effects, *OWN)
    shown = designs(own)
    named = by_source(effects, study.datasets)
    found = {design: findings(of_kind(named, *OWN), design) for design in shown}
    scores = arm_summary(runs)
    average = averages(result) if own["difference"].notna().any() else {}
    curves, diagnostics = _training_figures(result, runs)
    return Content(
        name=study.name,
        question=study.question,
        facts=facts(result, runs),
        partial=" ".join(filter(None, [partial(runs, noun(result)), selection(study, len(effects))])),
        headlines=[*summary(result, named), *(average.get(design) or headline(found[design]) for design in shown), *together(result, effects)]
        or [NOTHING],
        arrangement=described(study),
        tricks=_tricks(found, study, dependence(result)),
        verdicts=[verdict_table(own[own["design"] == design], f"{SETTING[design]}: {MEANING[design]}") for design in shown],
        key=_key(own),
        effect_figures=[drawn for design in shown for drawn in effect_figures(own, design)],
        effects=effects_table(own),
        sections=sections(result, effects),
        curves=curves,
        diagnostics=diagnostics,
        arms=arms_table(scores),
        diverged=diverged_score(runs["metric"]),
        incidents_sentence=incidents(runs, noun(result)),
        incidents=incidents_table(runs),
        command=result.environment.get("command", ""),
        reproduce=reproduction(result),
        environment=facts_table({name: value for name, value in result.environment.items() if name != "command"}),
        baseline=changes(study.baseline),
        factors=factors_table(study),
        study_text=study.text,
        method=method(study, effects),
        summary=scores,
    )


def sections(result: Result, effects: DataFrame) -> list[Section]:
    """Those that the result has something for. `effects` are prepared ones."""
    parts = (overall, looks, tuning, variance, diagnosis, costs)
    return [*interactions(result, effects), *(section for part in parts for section in part(result))]


def _key(effects: DataFrame) -> str:
    """What stands beside a verdict's symbol."""
    middle = "; the pseudomedian, where a loss diverged" if effects["statistic"].eq("pseudomedian").any() else ""
    mark = " † diverged runs took part." if (effects["diverged"] > 0).any() else ""
    return f"The figure is the mean difference over seeds, in the metric's own unit{middle}; positive is better.{mark}"


def _training_figures(result: Result, runs: DataFrame) -> tuple[list[Figure], list[Figure]]:
    """Two figures a dataset, one dataset's epochs at a time in memory."""
    planned = set(runs["arm"])
    ended = {status: frozenset(runs.loc[runs["status"] == status, "run"]) for status in ("done", "diverged")}
    curves, diagnostics = [], []
    for dataset, file in slugs(runs["dataset"]).items():
        epochs = with_columns(result.epochs_on(dataset), EPOCH_COLUMNS)
        epochs = epochs[epochs["run"].isin(ended["done"] | ended["diverged"])]
        arms, note = _drawn_arms(runs[runs["dataset"] == dataset])
        curves.append(curve_figure(epochs[epochs["arm"].isin(arms)], dataset, f"curves-{file}", ended["diverged"], note))
        diagnostics.append(diagnostic_figure(epochs, dataset, f"diagnostics-{file}", ended["diverged"], planned))
    return curves, diagnostics


def _drawn_arms(runs: DataFrame) -> tuple[set[str], str]:
    """The arms of a dataset that are drawn, and a sentence where those are not all."""
    means = runs.groupby("arm", sort=False)["score"].mean()
    if len(means) <= MOST_PANELS:
        return set(means.index), ""
    lower = str(runs["metric"].iloc[0]) in LOWER_IS_BETTER
    best = means.sort_values(ascending=lower, kind="stable").index[: MOST_PANELS - 2]
    note = f"Of {len(means):,} arms, the {len(best)} with the best mean score are drawn; the scores of all stand in the table. "
    return {*best, *({"baseline", "full"} & set(means.index))}, note


def _tricks(found: dict[str, list[Finding]], study: Study, dependent: Mapping[tuple[str, str], str]) -> list[TrickWords]:
    by_trick: dict[tuple[str, str, str], dict[str, Finding]] = {}
    for design, some in found.items():
        for finding in some:
            by_trick.setdefault((finding.trick, finding.factor, finding.level), {})[design] = finding
    return [
        TrickWords(
            _named(trick, some),
            [
                (SETTING[design], " ".join(filter(None, [_sentence(some, design, study, factor, level), dependent.get((design, trick))])))
                for design in found
                if design in some or _missed(design, some)
            ],
        )
        for (trick, factor, level), some in by_trick.items()
    ]


def _named(trick: str, some: dict[str, Finding]) -> str:
    return named(trick, ", ".join(next((finding.aliases for finding in some.values() if finding.aliases), ())))


PAIR = ("add-one-in", "leave-one-out")
"""Designs of which each is told where the other compares a trick."""


def _missed(design: str, some: dict[str, Finding]) -> bool:
    return design in PAIR and any(other in some for other in PAIR)


def _sentence(some: dict[str, Finding], design: str, study: Study, factor: str, level: str) -> str:
    if design in some:
        return finding_sentence(some[design])
    return "not compared." if study.full.get(factor) == level else "not part of the full recipe."
