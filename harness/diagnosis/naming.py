"""What a column of somebody's learning curves holds, told from its name.

A column is named for its part and its quantity, in any order: `train_loss`, `val_accuracy`, `loss_test`, `Test error`, `train_loss_epoch`; without a
part it is the training's, as Keras has it. `gradient_norm_1`, `gradient_norm_2`, ... are the norms of the layers' gradients; `epoch` and
`step` count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..errors import InputError
from .curves import MEASURES, Part

EPOCHS = ("epoch", "epochs")
STEPS = ("step", "steps", "global_step")

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
    words = plain.removesuffix("_epoch").split("_")  # a mean over the epoch, as Lightning names it
    parts: list[Part] = [_PARTS[word] for word in words if word in _PARTS]
    rest = "_".join(word for word in words if word not in _PARTS)
    if len(parts) > 1 or rest not in _QUANTITIES:
        return None
    return Place(parts[0] if parts else "train", _QUANTITIES[rest], percent=percent)


def role(text: str) -> Place:
    """What somebody says that a column holds. Raises `InputError` where that is nothing."""
    meant = place(text)
    if meant is None:
        raise InputError(f"--column names {text!r}; accepted are names such as train_loss, validation_accuracy, test_error, gradient_norm_1.")
    return meant


def counts(name: str) -> bool:
    """Whether a column counts epochs or steps."""
    return name.strip().lower() in (*EPOCHS, *STEPS)
