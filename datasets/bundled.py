"""The datasets that scikit-learn brings along: small, real, at hand without a network.

Diabetes is taken as it was measured: scikit-learn's usual form is scaled by the mean and deviation of all rows, test rows included. Left out
is linnerud, with three targets and 20 rows.
"""

from __future__ import annotations

from typing import Any

from ..harness.dataset import Dataset, Source, Task


def _load(name: str, task: Task, **options: Any) -> Dataset:
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{name}")(**options)
    names = tuple(str(feature) for feature in bunch.feature_names)
    named = task == "classification" and bunch.target_names.dtype.kind == "U"
    return Dataset(name, task, bunch.data, bunch.target_names[bunch.target] if named else bunch.target, names)


def _source(name: str, task: Task, summary: str, **options: Any) -> Source:
    return Source(name, task, summary, lambda: _load(name, task, **options), packages=("scikit-learn",))


SOURCES = (
    _source("iris", "classification", "Three species of iris from four lengths and widths: 150 rows."),
    _source("wine", "classification", "Three cultivars of wine from 13 chemical measurements: 178 rows."),
    _source("breast_cancer", "classification", "Malignant or benign tumours from 30 measurements of cell nuclei: 569 rows."),
    _source("digits", "classification", "Handwritten digits as 8 x 8 pixels: 1,797 rows."),
    _source("diabetes", "regression", "Progress of diabetes after a year from 10 measurements: 442 rows.", scaled=False),
)
