"""What a report reads of a result: the attributes and the columns, and no more.

`runs`: run, arm, dataset, task, metric, seed, status, message, epochs, seconds, chance_metric, score; arms whose recipes are equal share runs.
`epochs_on`: run, arm, dataset, epoch, train_loss, validation_loss, gradient_norm, dead_units_1, dead_units_2, ...
`effects`: design, factor, level, trick, dataset, metric, with_arm, without_arm, seeds, difference, low, high, verdict, diverged_with,
diverged_without, note.

Arms are named `baseline`, `baseline + <trick>`, `full` and `full - <trick>`: learning curves show an arm beside the one its name starts with.

The CSV tables hold all columns of `runs` and `effects`, known here or not. A frame without rows may lack its columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pandas import DataFrame

RUN_COLUMNS = ("run", "arm", "dataset", "task", "metric", "seed", "status", "message", "epochs", "seconds", "chance_metric", "score")
EPOCH_COLUMNS = ("run", "arm", "dataset", "epoch", "train_loss", "validation_loss", "gradient_norm")
EFFECT_COLUMNS = (
    "design", "factor", "level", "trick", "dataset", "metric", "with_arm", "without_arm", "seeds", "difference", "low", "high", "verdict",
    "diverged_with", "diverged_without", "note",
)  # fmt: skip

STATUSES = ("done", "diverged", "failed", "timeout", "pending")
VERDICTS = ("helps", "no detectable difference", "hurts")
DESIGNS = ("add-one-in", "leave-one-out")

LOWER_IS_BETTER = frozenset({"error", "rmse", "mae"})
"""Metrics of which the smallest value is the best; a test holds this against the metrics' own declarations."""


class Study(Protocol):
    """The study as it was asked."""

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


def with_columns(frame: DataFrame, columns: tuple[str, ...]) -> DataFrame:
    """The frame with at least these columns: an empty one may have come without."""
    return frame if set(columns) <= set(frame.columns) else frame.reindex(columns=[*frame.columns, *(set(columns) - set(frame.columns))])
