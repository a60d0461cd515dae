"""Differences as they come: shapes with a known mean and standard deviation 1, drawn by the thousand."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Shape = Callable[[Generator, tuple[int, ...]], Floats]


def normal(random: Generator, size: tuple[int, ...]) -> Floats:
    return random.standard_normal(size)


def skewed(random: Generator, size: tuple[int, ...]) -> Floats:
    """Exponential: skewness 2."""
    return random.standard_exponential(size) - 1


def heavy(random: Generator, size: tuple[int, ...]) -> Floats:
    """Student's t with 3 degrees of freedom: finite variance, infinite kurtosis."""
    return random.standard_t(3, size) / np.sqrt(3)


def zero_inflated(random: Generator, size: tuple[int, ...]) -> Floats:
    """Every third difference exactly 0 (up to the mean, which is added): arms that often score the same."""
    return np.where(random.random(size) < 1 / 3, 0.0, random.standard_normal(size)) * np.sqrt(1.5)


def outliers(random: Generator, size: tuple[int, ...]) -> Floats:
    """One run in twenty goes wrong, always in the same direction: skewness -4."""
    wrong = random.random(size) < 0.05
    raw = np.where(wrong, -6.0, 0.0) + random.standard_normal(size)
    return (raw + 0.3) / np.sqrt(1 + 36 * 0.05 * 0.95)


SHAPES: dict[str, Shape] = {
    "normal": normal,
    "heavy-tailed (t, 3)": heavy,
    "zero-inflated (1/3)": zero_inflated,
    "skewed (exponential)": skewed,
    "outliers (1 in 20)": outliers,
}
SYMMETRIC = ("normal", "heavy-tailed (t, 3)", "zero-inflated (1/3)")


def resampled(random: Generator, shape: Shape, size: tuple[int, int], correlation: float) -> Floats:
    """Differences of several splits of each of several datasets (datasets, splits): correlated within a dataset, standard deviation 1 in all."""
    datasets, splits = size
    of_dataset = shape(random, (datasets, 1)) * np.sqrt(correlation)
    return of_dataset + shape(random, (datasets, splits)) * np.sqrt(1 - correlation)
