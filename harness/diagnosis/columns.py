"""What a column of somebody's learning curves holds, told from its name, and the history that such columns make.

A column is named for its part and its quantity, in any order: `train_loss`, `val_accuracy`, `loss_test`, `Test error`; without a part it is the
training's, as Keras has it. `gradient_norm_1`, `gradient_norm_2`, ... are the norms of the layers' gradients, and `epoch` counts. Other columns are
left alone. An accuracy above 1 is in per cent, and so are all of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..errors import InputError, unknown
from .curves import LOSS, MEASURES, PARTS, Curve, History, Part

Columns = Mapping[str, Sequence[float | None]]

_PARTS: dict[str, Part] = {
    "train": "train", "training": "train", "tr": "train", "val": "validation", "valid": "validation", "validation": "validation", "dev": "validation",
    "test": "test", "testing": "test",
}  # fmt: skip
_QUANTITIES = {
    "acc": "accuracy", "categorical_accuracy": "accuracy", "sparse_categorical_accuracy": "accuracy", "binary_accuracy": "accuracy",
    "err": "error", "error_rate": "error", "r2_score": "r2", "r_2": "r2", "r²": "r2", "mean_squared_error": "mse", "mean_absolute_error": "mae",
    "root_mean_squared_error": "rmse", "f1_score": "f1", "f1score": "f1", "roc_auc": "auc", "losses": "loss", "loss_curve": "loss",
    "validation_scores": "score", "scores": "score",
} | {name: name for name in MEASURES}  # fmt: skip
_PERCENT = re.compile(r"(%|\bper ?cent\b|\bpct\b|_pct\b|_percent\b)", re.IGNORECASE)
_GRADIENT = re.compile(r"(?:gradient|grad)_?norm_(?:layer_)?(\d+)")


@dataclass(frozen=True)
class Place:
    """What a column holds: a part's quantity, or the gradient of a layer."""

    part: Part
    quantity: str
    layer: int = 0
    percent: bool = field(default=False, compare=False)


def place(name: str) -> Place | None:
    """What a column of this name holds; None where its name does not say."""
    percent = bool(_PERCENT.search(name))
    plain = re.sub(r"[^\w²]+", "_", _PERCENT.sub("", name.replace("²", "2")).strip().lower()).strip("_")
    gradient = _GRADIENT.fullmatch(plain)
    if gradient:
        return Place("train", "gradient", layer=int(gradient[1]))
    words = plain.split("_")
    parts: list[Part] = [_PARTS[word] for word in words if word in _PARTS]
    rest = "_".join(word for word in words if word not in _PARTS)
    if len(parts) > 1 or rest not in _QUANTITIES:
        return None
    return Place(parts[0] if parts else "train", _QUANTITIES[rest], percent=percent)


def of_columns(columns: Columns, *, metric: str | None = None, named: Mapping[str, str] | None = None, name: str = "") -> History:
    """The history in columns of one length; None is what was not recorded.

    `metric` chooses among several scores; `named` says what a column holds whose name does not: {"train_loss": "my column"}.
    """
    found, epochs = _places(columns, named or {}), _epochs(columns)
    scores = _scores(found, metric)
    measure = MEASURES[scores] if scores else LOSS
    curves = {at: curve for at, values in found.items() if (curve := _curve(values, epochs)) is not None}
    in_percent = any(at.percent for at in found if at.quantity == scores)
    chosen = _of(curves, scores)
    return History(
        losses=_of(curves, LOSS.name),
        scores=_as_shares(chosen, percent=in_percent) if measure.share and chosen else chosen,
        measure=measure,
        gradients=tuple(curves[at] for at in sorted(curves, key=lambda at: at.layer) if at.layer),
        name=name,
    )


def _of(curves: Mapping[Place, Curve], quantity: str | None) -> dict[Part, Curve]:
    return {part: curve for part in PARTS for at, curve in curves.items() if (at.part, at.quantity) == (part, quantity)}


def _places(columns: Columns, named: Mapping[str, str]) -> dict[Place, Sequence[float | None]]:
    """Each column by what it holds. Raises `InputError` where none says so, or two say the same."""
    found = {_role(role): _there(column, columns) for role, column in named.items()}
    said = set(found)
    for column in columns:
        at = None if column in named.values() else place(column)
        if at is None or at in said:
            continue
        if at in found:
            raise InputError(f"The columns {found[at]!r} and {column!r} both hold the {at.part} {at.quantity}; say which with --column.")
        found[at] = column
    if not found:
        raise InputError(
            f"None of the columns {', '.join(columns) or '(none)'} is named for a learning curve; accepted are names such as loss, val_loss, "
            "train_accuracy, test_error, or say which is which: --column train_loss=NAME."
        )
    return {at: columns[column] for at, column in found.items()}


def _role(role: str) -> Place:
    meant = place(role)
    if meant is None:
        raise InputError(f"--column names {role!r}; accepted are names such as train_loss, validation_accuracy, test_error, gradient_norm_1.")
    return meant


def _there(column: str, columns: Columns) -> str:
    if column not in columns:
        raise unknown("column", column, columns)
    return column


def _epochs(columns: Columns) -> list[float | None] | None:
    """The column of epochs, if there is one."""
    name = next((column for column in columns if column.strip().lower() in ("epoch", "epochs")), None)
    return None if name is None else list(columns[name])


def _curve(values: Sequence[float | None], epochs: Sequence[float | None] | None) -> Curve | None:
    """What was recorded; None where nothing was."""
    counted = range(1, len(values) + 1) if epochs is None else epochs
    pairs = [(epoch, value) for epoch, value in zip(counted, values, strict=True) if value is not None]
    if any(epoch is None for epoch, _ in pairs):
        raise InputError("A row has a value but no epoch; fill the column epoch, or leave it out.")
    return Curve.of([value for _, value in pairs], [float(epoch or 0) for epoch, _ in pairs]) if pairs else None


def _scores(found: Mapping[Place, object], metric: str | None) -> str | None:
    """The quantity by which results are judged: the one asked for, else the first of `MEASURES` that was recorded in training, or at all."""
    there = {name: [at.part for at in found if at.quantity == name] for name in MEASURES if name != LOSS.name}
    recorded = [name for name, parts in there.items() if parts]
    if metric is not None:
        if metric not in (*recorded, LOSS.name):
            raise unknown("metric in the history", metric, [*recorded, LOSS.name])
        return None if metric == LOSS.name else metric
    return next((name for name in recorded if "train" in there[name]), next(iter(recorded), None))


def _as_shares(curves: Mapping[Part, Curve], *, percent: bool) -> dict[Part, Curve]:
    """Per cent as shares, all curves of a kind alike."""
    seen = np.concatenate([curve.values[np.isfinite(curve.values)] for curve in curves.values()])
    if seen.size and (seen.min() < 0 or seen.max() > 100):
        outside = seen.min() if seen.min() < 0 else seen.max()
        raise InputError(f"A score is {outside:g}; accepted are shares from 0 to 1, or per cent up to 100.")
    if not percent and (seen.size == 0 or seen.max() <= 1):
        return dict(curves)
    return {part: Curve.of(curve.values / 100, curve.epochs) for part, curve in curves.items()}
