"""Rows drawn at random, each class in proportion: scikit-learn's `train_test_split` and `resample`, number for number.

The same rows, for tests hold them against scikit-learn's, but without its checks, which take ten times as long as the drawing, and without
its import, which takes longer than a small study. What is drawn no longer depends on the version that is installed.

A class gets the whole part of its share; the rows that are left over go to the classes with the largest remainders, drawn among equal ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def divide(rows: Numbers, size: int, seed: int, strata: NDArray[Any] | None) -> tuple[Numbers, Numbers]:
    """The other rows, and `size` of them, both in random order; `strata` holds a class number for each row."""
    random = np.random.RandomState(seed)  # the generator that scikit-learn's functions take
    if strata is None:
        order = random.permutation(len(rows))
        return rows[order[size:]], rows[order[:size]]
    members = _members(strata)
    counts = np.array([len(each) for each in members])
    others = in_proportion(counts, len(rows) - size, random)
    chosen = in_proportion(counts - others, size, random)
    orders = [each[random.permutation(len(each))] for each in members]
    left = np.concatenate([order[:count] for order, count in zip(orders, others, strict=True)])
    taken = np.concatenate([order[first : first + count] for order, first, count in zip(orders, others, chosen, strict=True)])
    return rows[random.permutation(left)], rows[random.permutation(taken)]


def one_fold(rows: int, folds: int, number: int, seed: int, strata: NDArray[Any] | None) -> tuple[Numbers, Numbers]:
    """The other rows, and those of one fold, of a partition whose folds differ by one row at most, in all and of each class.

    The rows, sorted by class and in random order within it, are dealt out in turn.
    """
    random = np.random.RandomState(seed)
    order = random.permutation(rows)
    dealt = order if strata is None else order[np.argsort(strata[order], kind="stable")]
    here = np.arange(rows) % folds == number
    return dealt[~here], random.permutation(dealt[here])


def sample(rows: Numbers, size: int, seed: int, strata: NDArray[Any] | None) -> Numbers:
    """`size` of the rows in random order."""
    random = np.random.RandomState(seed)
    if strata is None:
        order = np.arange(len(rows))
        random.shuffle(order)
        return rows[order[:size]]
    members = _members(strata)
    counts = in_proportion(np.array([len(each) for each in members]), size, random)
    taken = [random.choice(each, count, replace=False) for each, count in zip(members, counts, strict=True)]
    return rows[random.permutation(np.concatenate(taken))]


def in_proportion(counts: Numbers, size: int, random: np.random.RandomState) -> Numbers:
    """How many of each class make up `size` rows."""
    shares = counts / counts.sum() * size
    whole = np.floor(shares)
    missing, remainders = int(size - whole.sum()), shares - whole
    for remainder in np.unique(remainders)[::-1]:
        if missing == 0:
            break
        equal = np.flatnonzero(remainders == remainder)
        some = random.choice(equal, min(len(equal), missing), replace=False)
        whole[some] += 1
        missing -= len(some)
    return whole.astype(np.int64)


def _members(strata: NDArray[Any]) -> list[Numbers]:
    """The places of each class's rows."""
    return np.split(np.argsort(strata, kind="stable"), np.cumsum(np.bincount(strata))[:-1])
