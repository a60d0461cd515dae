"""How arms were tuned: what each trial scored, how sensitive arms are, and whether a conclusion depends on how long one searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .effect_tables import labelled
from .figure import Figure, slugs
from .result import TABLES, Result, table
from .section import Section
from .tables import Cell, Table
from .terms import terms
from .tuning_figures import budget_figure, sensitivity_figure
from .words import CLASSES, MISSING, counted, interval, number, shortened, text, whole

if TYPE_CHECKING:
    from pandas import DataFrame, Series

KEY = ["design", "kind", "trick", "dataset", "metric"]

FLIPS = "A conclusion flips where one budget says that a trick helps and another that it hurts: it is a matter of how long one searches."


def tuning(result: Result) -> list[Section]:
    """The section of a tuned study; none where nothing was tuned."""
    trials, budgets = table(result, "trials"), table(result, "budgets")
    if trials.empty and budgets.empty:
        return []
    names = searched(trials)
    return [
        Section(
            "tuning",
            "Tuning",
            sentences=[*_trials(result, trials), *_flips(budgets)],
            figures=[*_sensitivity(trials, names), *budget_figure(budgets)],
            tables=[_budgets_table(budgets)] if len(budgets) else [],
            folded=[("What was chosen", _chosen_table(trials, names))] if len(trials) else [],
        )
    ]


def searched(trials: DataFrame) -> list[str]:
    """The hyperparameters: every column of numbers that is none of the table's own."""
    import pandas as pd

    others = [column for column in trials.columns if column not in (*TABLES["trials"], "run", "seed", "metric", "budget")]
    return [str(column) for column in others if pd.api.types.is_numeric_dtype(trials[column]) and trials[column].notna().any()]


def _trials(result: Result, trials: DataFrame) -> list[str]:
    if trials.empty:
        return []
    budget = trials.groupby(["arm", "dataset", "replicate"], dropna=False, sort=False).size()
    diverged = int(trials["status"].eq("diverged").sum())
    repeated = bool((terms(result.study).tuning or {}).get("repeat"))
    size = f"{counted(int(budget.max()), 'trial')} each" if budget.nunique() == 1 else f"{budget.min()} to {budget.max()} trials each"
    what = "each arm, dataset and replicate" if repeated else "each arm and dataset"
    how = f"{counted(len(trials), 'trial')} were made, for {what} {size}; the best on validation rows was taken, and test rows took no part."
    return [how + (f" {counted(diverged, 'trial')} diverged and scored what a constant prediction scores." if diverged else "")]


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
        rows.append([Cell(str(trick)), Cell(f"{dataset} ({metric})"), Cell(text(design)), *(cells.get(each, Cell(MISSING, "absent")) for each in columns), flips])
    return Table(["trick", "dataset", "design", *(counted(each, "trial") for each in columns), ""], rows, "Verdict by the number of trials of each arm")


def _verdict(row: Series) -> Cell:
    verdict, difference = str(row["verdict"]), float(row["difference"])
    return Cell(labelled(verdict, difference), CLASSES.get(verdict, ""), f"{verdict}: {interval(float(row['low']), float(row['high']))}")


def _chosen_table(trials: DataFrame, names: list[str]) -> Table:
    """What was taken, arm by arm."""
    chosen = trials[trials["chosen"].eq(True)]
    repeated = chosen["replicate"].nunique() > 1
    rows = [
        [
            Cell(str(row["arm"])), Cell(str(row["dataset"])), *([Cell(str(row["replicate"]))] if repeated else []), Cell(str(whole(row["trial"])), "number"),
            *(Cell(f"{row[name]:.3g}" if row[name] == row[name] else MISSING, "number") for name in names), Cell(number(float(row["score"])), "number"),
        ]
        for _, row in chosen.iterrows()
    ]  # fmt: skip
    return Table(["arm", "dataset", *(["replicate"] if repeated else []), "trial", *names, "validation score"], rows)
