"""How one run's rows are drawn and scaled: all that is random about data, and all that is fitted to it.

Random: the test rows first, the validation rows from the rest, then a part of the training rows if only so many are wanted; each time every
class is represented in proportion, within one row. Three numbers of the stream seed the three draws, drawn whether they are needed or not,
and the label noise comes after them: which rows a run sees depends on no parameter that does not ask for it. A row's place in the queue for
a wrong label, and the wrong label itself, do not depend on the share: more noise only adds to the labels that are wrong already.

Fitted: the scale of each numeric column, the categories of each categorical one, the mean and scale of a regression's target. All three see
training rows and nothing else.
"""

from __future__ import annotations

from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import Floats
from .columns import Table
from .errors import InputError
from .strata import Numbers, divide, one_fold, sample


class Rows(NamedTuple):
    """The numbers of the rows of each part: disjoint, in random order."""

    train: Numbers
    validation: Numbers
    test: Numbers


def draw_rows(
    name: str, table: Table, random: np.random.Generator, *,
    train_rows: int, validation_share: float, test_share: float, folds: int = 0, fold: int = 0,
) -> Rows:  # fmt: skip
    """Draw the rows of the three parts; raises `InputError` where the rows do not go round.

    With `folds` the rows to test are those of one of so many folds, the same ones for every fold of one stream.
    """
    first, second, third = (int(seed) for seed in random.integers(2**32, size=3))
    rows, strata = len(table.target), table.target if table.classes else None
    sizes = _sizes(rows, validation_share, -(-rows // folds) if folds else round(test_share * rows))
    shares = f"{f'folds={folds}' if folds else f'test_share={test_share:g}'} and validation_share={validation_share:g}"
    _refuse_few(name, table, sizes, shares)
    rest, test = one_fold(rows, folds, fold, first, strata) if folds else divide(np.arange(rows), sizes.test, first, strata)
    train, validation = divide(rest, sizes.validation, second, None if strata is None else strata[rest])
    return Rows(_some(name, table, train, train_rows, third, strata), validation, test)


class Sizes(NamedTuple):
    """The number of rows of each part."""

    train: int
    validation: int
    test: int


def place(seed: int, folds: int) -> tuple[int, int]:
    """The number of the partition that a seed draws its test rows from, and of the fold: K seeds in a row share a partition."""
    return divmod(seed, folds) if folds else (seed, 0)


def _sizes(rows: int, validation_share: float, test: int) -> Sizes:
    validation = round(validation_share * rows)
    return Sizes(rows - validation - test, validation, test)


def _refuse_few(name: str, table: Table, sizes: Sizes, shares: str) -> None:
    least = max(len(table.classes), 2)
    if min(sizes) < least:
        raise InputError(
            f"{name} has {len(table.target)} rows, of which {shares} leave {sizes.train} for training, {sizes.validation} for validation and "
            f"{sizes.test} for testing; accepted are at least {least} in each. Take other shares or more rows."
        )
    counts = np.bincount(table.target) if table.classes else np.asarray([len(table.target)])
    if not _goes_round(int(counts.min()), sizes):
        enough = next(number for number in count() if _goes_round(number, sizes))
        raise InputError(
            f"{name} has {counts.min()} rows of class {table.classes[counts.argmin()]!r}, too few to stratify; accepted are at least {enough} of "
            f"each class with {shares}. Leave the class out, join it with another or add rows."
        )


def _goes_round(of_class: int, sizes: Sizes) -> bool:
    """Whether a class of so many rows surely has one among the training rows: each division leaves its share, rounded down at worst.

    Then it has two after the first division: one for the second to leave, one to take.
    """
    after_first = of_class * (sizes.train + sizes.validation) // sum(sizes)
    return after_first * sizes.train // (sizes.train + sizes.validation) >= 1


def _some(name: str, table: Table, train: Numbers, wanted: int, seed: int, strata: NDArray[Any] | None) -> Numbers:
    if not 0 < wanted < len(train):
        return train
    some = sample(train, wanted, seed, None if strata is None else strata[train])
    if wanted < 2 or (strata is not None and np.bincount(strata[some], minlength=len(table.classes)).min() == 0):
        enough = 2 if strata is None else -(-len(train) // int(np.bincount(strata[train]).min()))
        raise InputError(
            f"{name} with train_rows={wanted} has too few training rows to learn from, or none of some class; accepted are {enough} and more."
        )
    return some


def with_noise(table: Table, rows: Rows, share: float, random: np.random.Generator) -> Table:
    """The table with so large a share of the training and of the validation labels replaced by another class, all others equally likely."""
    if not table.classes:
        return table
    queue = random.permutation(len(table.target))
    shift = random.integers(1, len(table.classes), size=len(table.target))
    wrong = np.concatenate([part[np.argsort(queue[part])][: round(share * len(part))] for part in (rows.train, rows.validation)])
    labels = table.target.copy()
    labels[wrong] = (labels[wrong] + shift[wrong]) % len(table.classes)
    return table._replace(target=labels)


def scaled_inputs(name: str, table: Table, rows: Rows, dtype: np.dtype[Any]) -> list[Floats]:
    """Each part's inputs: numeric columns in standard deviations from the training rows' mean, then categorical ones one-hot.

    A category that no training row has is all zeros; a column that does not vary over the training rows is zero there, but for rounding.
    """
    every = table.inputs[np.concatenate(rows)]
    with np.errstate(over="ignore"):
        return _parts(name, _scaled(every, len(rows.train), table.categorical).astype(dtype, order="C"), rows)


def _scaled(every: NDArray[np.float64], trained: int, categorical: NDArray[np.bool_]) -> NDArray[np.float64]:
    """All rows, by what the first `trained` of them say."""
    if not categorical.any():
        return _standardised(every, trained)
    numeric = _standardised(every[:, np.flatnonzero(~categorical)], trained)
    one_hot = [column[:, None] == np.unique(column[:trained]) for column in every[:, categorical].T]
    return np.hstack([numeric, *one_hot])


def _standardised(every: NDArray[np.float64], trained: int) -> NDArray[np.float64]:
    """In place, and to the last bit as scikit-learn's `StandardScaler` does it: the variance from two passes, the second one correcting the mean
    (Chan, Golub and LeVeque 1983); a column whose variance is no more than the rounding of the sums is not scaled.
    """
    train = every[:trained]
    mean = train.sum(axis=0) / trained
    deviations = train - mean
    correction = deviations.sum(axis=0)
    variance = (np.square(deviations, out=deviations).sum(axis=0) - correction**2 / trained) / trained
    eps = np.finfo(np.float64).eps
    constant = variance <= trained * eps * variance + (trained * mean * eps) ** 2
    every -= mean
    every /= np.sqrt(np.where(constant, 1.0, variance))
    return every


def targets(name: str, table: Table, rows: Rows, dtype: np.dtype[Any]) -> list[Floats]:
    """Each part's targets: one-hot classes, or values in standard deviations from the training rows' mean."""
    target = table.target[np.concatenate(rows)]
    if table.classes:
        return _parts(name, np.eye(len(table.classes), dtype=dtype)[target], rows)
    train = target[: len(rows.train)]
    if train.min() == train.max():
        raise InputError(f"{name} has the same target in all {len(train)} training rows of this split: there is nothing to learn. Add rows.")
    with np.errstate(over="ignore"):  # `_parts` refuses what overflows
        return _parts(name, ((target - train.mean()) / train.std()).astype(dtype)[:, None], rows)


def _parts(name: str, values: Floats, rows: Rows) -> list[Floats]:
    if not np.isfinite(values).all():
        raise InputError(
            f"{name} has values so far from its training rows' that {values.dtype} cannot hold them after scaling; correct the outliers."
        )
    values.setflags(write=False)
    return np.split(values, np.cumsum([len(part) for part in rows[:-1]]))
