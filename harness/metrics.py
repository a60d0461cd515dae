"""The figures by which runs are compared: each a function of a network's outputs and the targets, with a direction.

They are computed at every look at every run, three times, which is why they are kernels here and not calls of scikit-learn's (0.2 to 0.5 ms
each); tests hold them against scikit-learn's. The exception is `loss`, which every look computes anyway: each arm's own loss, on the test rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .arrays import Floats, Matrix
from .errors import InputError, unknown
from .kernel import Kernel, kernel

if TYPE_CHECKING:
    from .dataset import Part, Task


@dataclass(frozen=True)
class Metric:
    """`compute(outputs, targets)`, both (rows, outputs): logits against one-hot classes, or values in standard deviations of the training rows."""

    name: str
    tasks: tuple[Task, ...]
    higher_is_better: bool
    compute: Kernel | None
    """None for the loss itself: it is unbounded, has no chance level, and a diverged run is worse than every other."""

    def better(self, value: float, than: float) -> bool:
        """Whether a value is better than another; NaN never is."""
        return value > than if self.higher_is_better else value < than

    def function(self, dtype: np.dtype[Any]) -> Callable[[Floats, Floats], float] | None:
        """The compiled form."""
        return self.compute.compiled(self.compute.function, dtype) if self.compute else None


@kernel
def accuracy(outputs: Matrix, targets: Matrix) -> float:
    """Share of rows whose largest output is the target class's (the first, on a tie); NaN without rows."""
    right = 0
    for i in range(outputs.shape[0]):
        right += _largest(outputs, i) == _largest(targets, i)
    return np.float64(right) / np.float64(outputs.shape[0])


@kernel
def _largest(values: Matrix, row: int) -> int:
    """The column of a row's largest value, the first of several; NaN is larger than all, as NumPy has it."""
    largest = 0
    for k in range(1, values.shape[1]):
        value, best = values[row, k], values[row, largest]
        if value > best or (np.isnan(value) and not np.isnan(best)):
            largest = k
    return largest


@kernel
def error(outputs: Matrix, targets: Matrix) -> float:
    """1 - accuracy."""
    return 1.0 - accuracy(outputs, targets)


@kernel
def _square(outputs: Matrix, targets: Matrix) -> float:
    """The sum of the squares of what they differ by."""
    total = 0.0
    for i in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            total += np.square(np.float64(targets[i, k] - outputs[i, k]))
    return total


@kernel
def r2(outputs: Matrix, targets: Matrix) -> float:
    """Share of the targets' variance that is explained; NaN where the targets do not vary."""
    spread = 0.0
    for k in range(targets.shape[1]):
        mean = 0.0
        for i in range(targets.shape[0]):
            mean += np.float64(targets[i, k]) / targets.shape[0]
        for i in range(targets.shape[0]):
            spread += np.square(np.float64(targets[i, k]) - mean)
    return 1.0 - _square(outputs, targets) / spread if spread > 0 else np.nan


@kernel
def rmse(outputs: Matrix, targets: Matrix) -> float:
    """Root of the mean squared error, in standard deviations of the training targets."""
    return np.sqrt(_square(outputs, targets) / np.float64(targets.size))


@kernel
def mae(outputs: Matrix, targets: Matrix) -> float:
    """Mean absolute error, in standard deviations of the training targets."""
    total = 0.0
    for i in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            total += np.abs(np.float64(targets[i, k] - outputs[i, k]))
    return total / np.float64(targets.size)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", ("classification",), higher_is_better=True, compute=accuracy),
        Metric("error", ("classification",), higher_is_better=False, compute=error),
        Metric("r2", ("regression",), higher_is_better=True, compute=r2),
        Metric("rmse", ("regression",), higher_is_better=False, compute=rmse),
        Metric("mae", ("regression",), higher_is_better=False, compute=mae),
        Metric("loss", ("classification", "regression"), higher_is_better=False, compute=None),
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
    """Outputs (test rows, outputs) of a constant prediction: the training rows' class shares as logits, or their mean.

    It is the best constant of the training rows but for `mae`, whose best one is the median.
    """
    mean = train.targets.mean(axis=0, dtype=np.float64)
    constant = np.log(np.maximum(mean, np.finfo(np.float64).tiny)) if task == "classification" else mean
    return np.array(np.broadcast_to(constant.astype(test.targets.dtype), test.targets.shape), order="C")
