"""(c) Means over datasets of which some are tied: most of their differences are 0, so that they have no interval by themselves."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.random import Generator, default_rng

from .made import Floats, holding, together
from .pages import Section, printed

SEEDS = (5, 10, 30)
Draw = Callable[[Generator, tuple[int, ...]], Floats]


class Tied(NamedTuple):
    """So many datasets, of which some are tied."""

    datasets: int
    tied: int
    zeros: float
    """The share of differences that are 0 on those."""
    elsewhere: float
    """The standard deviation of differences on the other datasets; on tied ones those that are not 0 have 3."""

    @property
    def studies(self) -> int:
        """So many of two datasets take as long as so many of six."""
        return 3000 // self.datasets


SYMMETRIC = [Tied(datasets, tied, zeros, 1.0) for datasets, tied in ((2, 1), (3, 1), (6, 1), (6, 3)) for zeros in (0.7, 0.9)]
ONE_SIDED = [Tied(2, 1, zeros, elsewhere) for zeros in (0.7, 0.9) for elsewhere in (1.0, 0.3, 0.1)] + [Tied(6, 1, 0.9, 0.3)]


def _normal(random: Generator, size: tuple[int, ...]) -> Floats:
    return 3 * random.standard_normal(size)


def _positive(random: Generator, size: tuple[int, ...]) -> Floats:
    return np.abs(_normal(random, size))


def coverage() -> tuple[Section, list[tuple[str, Tied, int, int, int]]]:
    """Intervals at 95 % over these datasets."""
    section = Section(
        "(c) Coverage over datasets of which some are tied, drawn",
        "Share of 1,500 intervals at 95 % (1,000 of three datasets, 500 of six) that hold the mean over these datasets. On tied ones so many "
        "differences are exactly 0; the others are normal with standard deviation 3, or the size of such, so that only one arm ever gains. Elsewhere "
        "all are normal.",
        ["differences that are not 0", "datasets", "tied", "differences of 0", "s elsewhere", *(f"n = {n}" for n in SEEDS)],
    )
    found: list[tuple[str, Tied, int, int, int]] = []
    sides: tuple[tuple[str, list[Tied], Draw, float], ...] = (
        ("symmetric", SYMMETRIC, _normal, 0.0),
        ("one-sided", ONE_SIDED, _positive, 3 * np.sqrt(2 / np.pi)),
    )
    for name, kinds, draw, mean in sides:
        for kind in kinds:
            row = [name, str(kind.datasets), str(kind.tied), f"{100 * kind.zeros:.0f} %", f"{kind.elsewhere}"]
            truth = mean * (1 - kind.zeros) * kind.tied / kind.datasets
            for n in SEEDS:
                held, made = holding(together(_drawn(kind, draw, n), "these datasets"), truth)
                found.append((name, kind, n, held, made))
                row.append(printed(held, made, kind.studies))
            section.rows.append(row)
    return section, found


def _drawn(kind: Tied, draw: Draw, n: int) -> Floats:
    random = default_rng([23, kind.datasets, kind.tied, n])
    drawn = kind.elsewhere * random.standard_normal((kind.studies, kind.datasets, n))
    size = (kind.studies, kind.tied, n)
    drawn[:, : kind.tied] = np.where(random.random(size) < kind.zeros, 0.0, draw(random, size))
    return drawn
