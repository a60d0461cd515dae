"""How arms were tuned: what each trial scored, how sensitive arms are, and whether a conclusion depends on how long one searches."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .confounding import with_aliases
from .effect_tables import labelled
from .figure import Figure, slugs
from .result import Result, table
from .section import Section
from .tables import Cell, Table
from .terms import terms
from .tuning_figures import budget_figure, sensitivity_figure
from .words import CLASSES, MISSING, counted, interval, number, percent, shortened, text, whole

if TYPE_CHECKING:
    from pandas import DataFrame, Series

KEY = ["design", "kind", "trick", "dataset", "metric"]

BY_BUDGET = "Verdict by the number of trials of each arm"
MOST_ROWS = 30
"""A longer table is folded away."""

FLIPS = (
    "A conclusion flips where the verdicts of two budgets cannot both be true, as helps and equivalent: then it is a matter of how long one searches."
)


def tuning(result: Result) -> list[Section]:
    """The section of a tuned study; none where nothing was tuned."""
    trials, budgets = table(result, "trials"), with_aliases(table(result, "budgets"), result.effects)
    if trials.empty and budgets.empty:
        return []
    names = searched(result, trials)
    by_budget = [_budgets_table(budgets)] if len(budgets) else []
    many = len(budgets[KEY].drop_duplicates()) > MOST_ROWS
    return [
        Section(
            "tuning",
            "Tuning",
            sentences=[*_trials(result, trials), *_flips(budgets)],
            figures=[*budget_figure(budgets), *_sensitivity(trials, names)],
            tables=[] if many else by_budget,
            folded=[
                *([(BY_BUDGET, each) for each in by_budget] if many else []),
                *([("What was chosen", _chosen_table(trials, names))] if len(trials) else []),
                *_plateaus(table(result, "sensitivity")),
            ],
        )
    ]


def searched(result: Result, trials: DataFrame) -> list[str]:
    """The hyperparameters that any arm has: a column each."""
    space = (terms(result.study).tuning or {}).get("space", {})
    return [name for name in space if name in trials.columns and trials[name].notna().any()]


def _trials(result: Result, trials: DataFrame) -> list[str]:
    if trials.empty:
        return []
    budget = trials.groupby(["arm", "dataset", "replicate"], dropna=False, sort=False).size()
    diverged = int(trials["status"].eq("diverged").sum())
    repeated = bool((terms(result.study).tuning or {}).get("repeat"))
    size = f"{counted(int(budget.max()), 'trial')} each" if budget.nunique() == 1 else f"{budget.min()} to {budget.max()} trials each"
    what = "each arm, dataset and replicate" if repeated else "each arm and dataset"
    apart = repeated or "split" not in terms(result.study).vary
    rows = "test rows took no part" if apart else "on splits of their own, so that a row that tests later may have helped to choose"
    how = f"{counted(len(trials), 'trial')} were made, for {what} {size}; the best on validation rows was taken, {'and ' if apart else ''}{rows}."
    losses = set(result.effects["metric"]) == {"loss"} if "metric" in result.effects else False
    score = "" if losses else "they score what a constant prediction scores, and "
    fell = f" {counted(diverged, 'trial')} diverged: {score}{'they ' if losses else ''}come after all others." if diverged else ""
    return [how + fell, *_at_edge(trials[trials["chosen"].eq(True)])]


def _at_edge(chosen: DataFrame) -> list[str]:
    """Choices that ask for a wider space."""
    edge = int(chosen["at_edge"].eq(True).sum())
    lie = "lies" if edge == 1 else "lie"
    told = "at an edge of what was tried: more trials or a wider space might do better."
    return [f"Of {counted(len(chosen), 'choice')}, {edge} {lie} {told}"] if edge else []


def _sensitivity(trials: DataFrame, names: list[str]) -> list[Figure]:
    """A figure a dataset and hyperparameter."""
    return [
        sensitivity_figure(trials[trials["dataset"] == dataset], name, str(dataset), f"sensitivity-{file}{'' if len(names) == 1 else '-' + slug}")
        for dataset, file in slugs(trials["dataset"]).items()
        for name, slug in slugs(names).items()
    ]


def _flips(budgets: DataFrame) -> list[str]:
    if budgets.empty:
        return []
    flipped = budgets[budgets["flips"].eq(True)][KEY].drop_duplicates()
    count = len(budgets[KEY].drop_duplicates())
    if flipped.empty:
        return [f"None of {counted(count, 'conclusion')} flips with the number of trials. {FLIPS}"]
    where = shortened([f"{row['trick']} on {row['dataset']}" for _, row in flipped.iterrows()], 8)
    return [f"⚑ {len(flipped)} of {counted(count, 'conclusion')} flip with the number of trials: {where}. {FLIPS}"]


def _budgets_table(budgets: DataFrame) -> Table:
    """Comparisons by budgets, the verdict in each cell; ⚑ where it flips."""
    columns = sorted({whole(budget) for budget in budgets["budget"]})
    rows = []
    for (design, _, trick, dataset, metric), group in budgets.groupby(KEY, sort=False, dropna=False):
        cells = {whole(row["budget"]): _verdict(row) for _, row in group.iterrows()}
        flips = Cell("⚑ flips", "hurts") if group["flips"].eq(True).any() else Cell("")
        rows.append(
            [
                Cell(str(trick)),
                Cell(f"{dataset} ({metric})"),
                Cell(text(design)),
                *(cells.get(each, Cell(MISSING, "absent")) for each in columns),
                flips,
            ]
        )
    return Table(["trick", "dataset", "design", *(counted(each, "trial") for each in columns), ""], rows, BY_BUDGET)


def _verdict(row: Series) -> Cell:
    verdict, difference = str(row["verdict"]), float(row["difference"])
    return Cell(labelled(verdict, difference), CLASSES.get(verdict, ""), f"{verdict}: {interval(float(row['low']), float(row['high']))}")


def _chosen_table(trials: DataFrame, names: list[str]) -> Table:
    """What was taken, arm by arm."""
    chosen = trials[trials["chosen"].eq(True)]
    repeated = chosen["replicate"].nunique() > 1
    rows = [
        [
            Cell(str(row["arm"])), Cell(str(row["dataset"])), *([Cell(str(row["replicate"]))] if repeated else []),
            Cell(str(whole(row["trial"])), "number"), *(_value(float(row[name])) for name in names), Cell(number(float(row["score"])), "number"),
        ]
        for _, row in chosen.iterrows()
    ]  # fmt: skip
    return Table(["arm", "dataset", *(["replicate"] if repeated else []), "trial", *names, "validation score"], rows)


def _value(given: float) -> Cell:
    """Of a hyperparameter; a dash where an arm has none."""
    return Cell(MISSING if math.isnan(given) else f"{given:.3g}", "number")


def _plateaus(rows: DataFrame) -> list[tuple[str, Table]]:
    """From where to where an arm does as well as with its best value."""
    lines = [
        [
            Cell(str(row["arm"])), Cell(f"{row['dataset']} ({row['metric']})"), Cell(str(row["hyperparameter"])),
            _value(float(row["best"])),
            Cell(f"{row['low']:.3g} to {row['high']:.3g}", "number"), Cell(percent(float(row["share"])), "number"),
            Cell("at an edge" if row["at_edge"] else ""),
        ]
        for _, row in rows.iterrows()
    ]  # fmt: skip
    columns = ["arm", "dataset", "hyperparameter", "best", "as good within the margin", "share of trials", ""]
    return [("How far a value may be off", Table(columns, lines))] if lines else []
