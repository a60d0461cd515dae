"""What a report reads of a result: the attributes and the columns, and no more.

`runs`: run, arm, dataset, task, metric, seed, status, message, epochs, seconds, chance_metric, score; arms whose recipes are equal share runs.
`epochs_on`: run, arm, dataset, epoch, train_loss, validation_loss, gradient_norm, dead_units_1, dead_units_2, ...
`effects`: `EFFECT_COLUMNS`, one row a contrast and dataset.

Arms are named `baseline`, `baseline + <trick>`, `full` and `full - <trick>`, those of a factorial design by their tricks: learning curves show an
arm beside the one its name starts with.

A result may have further tables, `TABLES`: what it lacks, or what is empty, is not shown. The CSV files hold all columns of a table, known here
or not. A frame without rows may lack its columns, and a column that is missing is empty. Nor need a result have `size`, its runs and what they are
for in words, and `compares_all`, whether `runs` are all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pandas import DataFrame

RUN_COLUMNS = ("run", "arm", "dataset", "task", "metric", "seed", "status", "message", "epochs", "seconds", "chance_metric", "score")
EPOCH_COLUMNS = ("run", "arm", "dataset", "epoch", "train_loss", "validation_loss", "gradient_norm")
EFFECT_COLUMNS = (
    "design", "kind", "factor", "level", "trick", "second_factor", "second_level", "dataset", "metric", "with_arm", "without_arm", "seeds",
    "difference", "low", "high", "verdict", "margin", "confidence", "alone_low", "alone_high", "p_value", "p_holm", "standardized", "settle_low",
    "settle_high", "estimand", "speaks_of", "statistic", "in_family", "diverged", "diverged_with", "diverged_without", "aliases",
    "note",
)  # fmt: skip

_DIFFERENCE = ("design", "kind", "trick", "dataset", "metric")
TABLES: dict[str, tuple[str, ...]] = {
    "overall": (
        "design", "kind", "factor", "level", "trick", "metric", "datasets", "estimand", "difference", "low", "high", "confidence", "margin",
        "verdict", "p_value", "p_signed_rank", "helps_probability", "equivalent_probability", "hurts_probability", "improvement", "improvement_low",
        "improvement_high", "note", "aliases",
    ),
    "standings": ("metric", "arm", "datasets", "mean_rank", "critical_difference", "p_friedman", "iqm", "iqm_low", "iqm_high"),
    "profiles": ("metric", "arm", "tau", "share"),
    "interactions": ("design", "trick", "second_trick", "dataset", "metric", "sentence", "verdict", "difference", "aliases"),
    "simple_effects": (*EFFECT_COLUMNS, "of", "condition"),
    "cells": ("design", "trick", "second_trick", "dataset", "metric", "with_first", "with_second", "mean", "low", "high"),
    "sources": (*_DIFFERENCE, "source", "variance", "share", "share_low", "share_high", "seeds", "recommendation", "note"),
    "trials": ("arm", "dataset", "trial", "replicate", "score", "status", "chosen", "at_edge"),
    "sensitivity": ("arm", "dataset", "metric", "hyperparameter", "best", "low", "high", "share", "at_edge"),
    "budgets": (*_DIFFERENCE, "budget", "difference", "low", "high", "verdict", "flips"),
    "looks": (*_DIFFERENCE, "look", "seeds", "confidence", "difference", "low", "high", "verdict"),
    "remedies": ("arm", "reference", "dataset", "before", "after", "remedy", "fits", "worked", "difference", "low", "high", "verdict"),
    "costs": (
        "arm", "dataset", "metric", "target", "runs", "reached", "median_epochs", "median_updates", "median_seconds", "seconds_per_run",
        "note",
    ),
}  # fmt: skip
"""Tables that a result may have, and the columns of each that a report reads."""

STATUSES = ("done", "diverged", "failed", "timeout", "pending")
VERDICTS = ("helps", "helps, negligibly", "equivalent", "undecided", "hurts, negligibly", "hurts", "identical runs")
"""From the best to the worst; a test holds them against the harness's own."""
DESIGNS = ("add-one-in", "leave-one-out", "one-factor", "full-factorial", "fractional-factorial")

LOWER_IS_BETTER = frozenset({"error", "rmse", "mae", "loss"})
"""Metrics of which the smallest value is the best; a test holds this against the metrics' own declarations."""


class Study(Protocol):
    """The study as it was asked. `terms.py` reads what fixed its verdicts."""

    @property
    def name(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def design(self) -> Sequence[str]: ...
    @property
    def datasets(self) -> Sequence[str]: ...
    @property
    def seeds(self) -> Sequence[int]: ...
    @property
    def epochs(self) -> int: ...
    @property
    def baseline(self) -> Mapping[str, Any]: ...
    @property
    def full(self) -> Mapping[str, str]: ...
    @property
    def factors(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]: ...
    @property
    def text(self) -> str: ...


class Result(Protocol):
    """The study and what came of it."""

    @property
    def study(self) -> Study: ...
    @property
    def runs(self) -> DataFrame: ...
    @property
    def effects(self) -> DataFrame: ...
    @property
    def environment(self) -> Mapping[str, str]: ...
    @property
    def seconds(self) -> Mapping[str, float]: ...

    def epochs_on(self, dataset: str) -> DataFrame:
        """The epochs of one dataset's runs: they are read one dataset after the other, since there may be many."""
        ...

    def fingerprint(self) -> str:
        """A text that changes with whatever else a report may read here."""
        ...


def table(result: Result, name: str) -> DataFrame:
    """One of `TABLES`, with at least its columns; empty where the result has none."""
    import pandas as pd

    found = getattr(result, name, None)
    return with_columns(pd.DataFrame() if found is None else found, TABLES[name])


def with_columns(frame: DataFrame, columns: tuple[str, ...]) -> DataFrame:
    """The frame with at least these columns: an empty one may have come without."""
    missing = [column for column in columns if column not in frame.columns]
    return frame.reindex(columns=[*frame.columns, *missing]) if missing else frame
