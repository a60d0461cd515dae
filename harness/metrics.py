"""The figures by which runs are compared: each a function of a network's outputs and the targets, with a direction.

They are computed at every epoch of every run, three times, which is why they are a few array expressions here and not calls of
scikit-learn's (0.2 to 0.5 ms each); tests hold them against scikit-learn's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .arrays import Floats
from .errors import InputError, unknown

if TYPE_CHECKING:
    from .dataset import Part, Task


@dataclass(frozen=True)
class Metric:
    """`compute(outputs, targets)`, both (rows, outputs): logits against one-hot classes, or values in standard deviations of the training rows."""

    name: str
    tasks: tuple[Task, ...]
    higher_is_better: bool
    compute: Callable[[Floats, Floats], float]


def accuracy(outputs: Floats, targets: Floats) -> float:
    """Share of rows whose largest output is the target class's (the first, on a tie)."""
    right = np.count_nonzero(outputs.argmax(axis=1) == targets.argmax(axis=1))  # a tenth of the time that a mean of truths takes
    return right / len(targets) if len(targets) else float("nan")


def error(outputs: Floats, targets: Floats) -> float:
    """1 - accuracy."""
    return 1.0 - accuracy(outputs, targets)


def r2(outputs: Floats, targets: Floats) -> float:
    """Share of the targets' variance that is explained; NaN where the targets do not vary."""
    residual = np.square(targets - outputs, dtype=np.float64).sum()
    spread = np.square(targets - targets.mean(axis=0), dtype=np.float64).sum()
    return float(1.0 - residual / spread) if spread > 0 else float("nan")


def rmse(outputs: Floats, targets: Floats) -> float:
    """Root of the mean squared error, in standard deviations of the training targets."""
    return float(np.sqrt(np.mean(np.square(targets - outputs, dtype=np.float64))))


def mae(outputs: Floats, targets: Floats) -> float:
    """Mean absolute error, in standard deviations of the training targets."""
    return float(np.mean(np.abs(targets - outputs), dtype=np.float64))


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", ("classification",), higher_is_better=True, compute=accuracy),
        Metric("error", ("classification",), higher_is_better=False, compute=error),
        Metric("r2", ("regression",), higher_is_better=True, compute=r2),
        Metric("rmse", ("regression",), higher_is_better=False, compute=rmse),
        Metric("mae", ("regression",), higher_is_better=False, compute=mae),
    )
}

DEFAULT: dict[Task, str] = {"classification": "accuracy", "regression": "r2"}


def metric_for(task: Task, name: str) -> Metric:
    """The metric of this name; raises `InputError` if there is none or it does not fit the task."""
    if name not in METRICS:
        raise unknown("metric", name, METRICS)
    if task not in METRICS[name].tasks:
        fitting = [metric.name for metric in METRICS.values() if task in metric.tasks]
        raise InputError(f"The metric {name!r} does not fit {task}; accepted are {', '.join(fitting)}.")
    return METRICS[name]


def chance(task: Task, train: Part, test: Part) -> Floats:
    """Outputs (test rows, outputs) of a constant prediction: the training rows' class shares as logits, or their mean."""
    mean = train.targets.mean(axis=0, dtype=np.float64)
    constant = np.log(np.maximum(mean, np.finfo(np.float64).tiny)) if task == "classification" else mean
    return np.ascontiguousarray(np.broadcast_to(constant.astype(test.targets.dtype), test.targets.shape))
