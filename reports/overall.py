"""Over several datasets at once: what each trick does on these datasets and on datasets like these, and how the arms stand against each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .answer import SETTING
from .confounding import named
from .effect_tables import labelled
from .effects import OWN
from .figure import Figure
from .overall_figures import ADDED, THESE, overall_figure
from .result import VERDICTS, Result, table
from .section import Section
from .standing_figures import profile_figure, standing_figure
from .tables import Cell, Table
from .words import CLASSES, SYMBOLS, confidence, counted, interval, listed, number, p_value, percent, signed, span, text, whole

if TYPE_CHECKING:
    from pandas import DataFrame, Series

BOTH = (
    "A row of “these datasets” speaks of the datasets of the study and no others; one of “datasets like these” takes them for a sample, which "
    "needs six, and is as much wider as they differ. Metrics stay apart, since their units do. Here every design, metric and kind of row is a family "
    "of its own, beside that of the verdicts on each dataset: its intervals hold together, and it may err where another does not."
)
PROBABILITIES = (
    "Helps, equivalent and hurts have probabilities for one further dataset like these, from a hierarchical model in which datasets differ. "
    "How often a trick improves is the share of its blocks, a dataset and a seed each, that score more with it, no change counted half."
)


def overall(result: Result) -> list[Section]:
    """The section over all datasets; none where the result has nothing of the kind."""
    rows, standings, profiles = (table(result, name) for name in ("overall", "standings", "profiles"))
    if rows.empty and standings.empty and profiles.empty:
        return []
    grown = bool(getattr(result.study, "sequential", None))
    sentences = [*([ADDED.strip()] if grown else []), BOTH] if len(rows) else []
    sentences += [PROBABILITIES] if rows["helps_probability"].notna().any() else []
    sentences += _standing(standings)
    figures = [*(_figures(rows, grown) if len(rows) else ()), *standing_figure(standings), *profile_figure(profiles)]
    tables = [_standings_table(standings)] if len(standings) else []
    folded = [("Every comparison over all datasets", _overall_table(rows))] if len(rows) else []
    return [Section("overall", "Over all datasets", sentences=sentences, points=_verdicts(rows), figures=figures, tables=tables, folded=folded)]


def _figures(rows: DataFrame, grown: bool) -> list[Figure]:
    own = rows[rows["kind"].fillna("difference").isin(OWN)]
    return [
        overall_figure(own[own["design"] == design], f"overall-{design}", f"{SETTING.get(design, design)}, over all datasets", grown)
        for design in _designs(own)
    ]


def _designs(rows: DataFrame) -> list[str]:
    return list(dict.fromkeys(rows["design"]))


def _verdicts(rows: DataFrame) -> list[tuple[str, str]]:
    """A sentence a design, metric and estimand: which tricks do what."""
    own = rows[rows["kind"].fillna("difference").isin(OWN)]
    own = own.assign(trick=[named(str(trick), aliases) for trick, aliases in zip(own["trick"], own["aliases"], strict=True)])
    told = []
    for (design, metric, estimand), group in own.groupby(["design", "metric", "estimand"], sort=False):
        by = {verdict: listed(group.loc[group["verdict"] == verdict, "trick"]) for verdict in VERDICTS if (group["verdict"] == verdict).any()}
        parts = "; ".join(f"{SYMBOLS[verdict]} {verdict}: {tricks}" for verdict, tricks in by.items())
        about = f"{SETTING.get(str(design), str(design))}, {metric} on {_datasets(str(estimand), whole(group['datasets'].max()))}"
        told.append((about, f"{parts}."))
    return told


def _datasets(estimand: str, count: int) -> str:
    return f"these {count} datasets" if estimand == THESE else f"{estimand} {count}"


def _standing(standings: DataFrame) -> list[str]:
    """Whether the arms differ at all, metric by metric."""
    told = []
    for metric, group in standings.groupby("metric", sort=False):
        p, count = float(group["p_friedman"].iloc[0]), whole(group["datasets"].max())
        level = 1 - float(group["confidence"].iloc[0]) if "confidence" in group else 0.05
        if not math.isnan(p):
            best = group.sort_values("mean_rank", kind="stable")["arm"].iloc[0]
            told.append(
                f"By their ranks in {metric} over {counted(count, 'dataset')}, the arms {'differ' if p < level else 'cannot be shown to differ'} "
                f"(Friedman, Iman and Davenport: p {_equals(p)}); the best mean rank has {best}."
            )
    return told


def _equals(p: float) -> str:
    return p_value(p) if p < 0.001 else f"= {p_value(p)}"


COLUMNS = (
    "trick", "design", "metric", "speaks of", "datasets", "difference", "interval", "verdict", "p", "p (signed ranks)", "helps", "equivalent",
    "hurts", "improves", "note",
)  # fmt: skip


def _overall_table(rows: DataFrame) -> Table:
    return Table(COLUMNS, [_overall_row(row) for _, row in rows.iterrows()])


def _overall_row(row: Series) -> list[Cell]:
    verdict = str(row["verdict"])
    chances = [Cell(percent(float(row[f"{name}_probability"])), "number") for name in ("helps", "equivalent", "hurts")]
    improves = Cell(number(float(row["improvement"])), "number", hint=span(float(row["improvement_low"]), float(row["improvement_high"])))
    return [
        Cell(named(str(row["trick"]), row["aliases"], 3)), Cell(str(row["design"])), Cell(str(row["metric"])), Cell(str(row["estimand"])),
        Cell(str(whole(row["datasets"])), "number"), Cell(signed(float(row["difference"])), "number"),
        Cell(interval(float(row["low"]), float(row["high"])), "number", hint=f"{confidence(float(row['confidence']))} confidence"),
        Cell(f"{SYMBOLS.get(verdict, '')} {verdict}".strip(), CLASSES.get(verdict, ""), hint=labelled(verdict, float(row["difference"]))),
        Cell(p_value(float(row["p_value"])), "number"), Cell(p_value(float(row["p_signed_rank"])), "number"), *chances, improves,
        Cell(text(row["note"])),
    ]  # fmt: skip


def _standings_table(standings: DataFrame) -> Table:
    """Arms by mean rank, the best of each metric first."""
    ordered = standings.sort_values(["metric", "mean_rank"], kind="stable")
    best = {metric: group.min() if group.nunique() > 1 else None for metric, group in ordered.groupby("metric")["mean_rank"]}
    scaled = bool(ordered["iqm"].notna().any())
    rows = [
        [
            Cell(str(row["arm"])), Cell(str(row["metric"])),
            Cell(number(float(row["mean_rank"]), 2), "number best" if row["mean_rank"] == best[row["metric"]] else "number"),
            Cell(number(float(row["critical_difference"]), 2), "number"), *(_interquartile(row) if scaled else ()),
        ]
        for _, row in ordered.iterrows()
    ]  # fmt: skip
    columns = ["arm", "metric", "mean rank", "critical difference", *(["interquartile mean", "its interval"] if scaled else [])]
    return Table(columns, rows, "Arms against each other")


def _interquartile(row: Series) -> list[Cell]:
    return [Cell(number(float(row["iqm"])), "number"), Cell(span(float(row["iqm_low"]), float(row["iqm_high"])), "number")]
