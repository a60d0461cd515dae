"""(b) Planted effects, drawn: how many are found beside how many should be, equivalence, and how many seeds are said to be needed."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.random import default_rng
from scipy import stats

from trickbench.harness.inference.settling import settled

from .false_verdicts import COMPARISONS, SEEDS, table
from .made import Floats, judged
from .pages import Section, share

Found = list[tuple[str, float, float]]
"""Estimand, share that is found, share that should be."""

# with correlation ρ a mean has variance ρ + (1 - ρ)/n, and s² is 1 - ρ on average: the corrected t is exact where n_test/n_train = ρ/(1 - ρ)
CORRELATIONS = {"this dataset": 0.0, "new datasets": 1 / 4, "new datasets, five folds": 1 / 5}


def predicted(estimand: str, effect: float, n: int) -> float:
    """By the noncentral t distribution."""
    correlation = CORRELATIONS[estimand]
    return float(stats.nct.sf(stats.t.ppf(0.975, n - 1), n - 1, effect / np.sqrt(correlation + (1 - correlation) / n)))


def power() -> tuple[Section, Found]:
    """Effects of known size: how many are found, beside what should be."""
    section = Section(
        "(b) Planted effects, drawn",
        f"{COMPARISONS:,} normal comparisons each, with a true difference of so many standard deviations of the differences: found, and predicted.",
        ["estimand", "true difference / s", *(f"n = {n}" for n in SEEDS)],
    )
    found: Found = []
    for estimand in CORRELATIONS:
        for effect in (0.5, 1.0, 2.0) if estimand != "new datasets, five folds" else (1.0,):
            rates = {n: helping(table(estimand, "normal", n, effect)) for n in SEEDS}
            found += [(estimand, rate, predicted(estimand, effect, n)) for n, rate in rates.items()]
            said = (f"{share(rate * COMPARISONS, COMPARISONS)} (predicted {100 * predicted(estimand, effect, n):.1f})" for n, rate in rates.items())
            section.rows.append([estimand, f"{effect}", *said])
    return section, found


def helping(verdicts: pd.DataFrame) -> float:
    """The share that is called *helps*."""
    return float(verdicts["verdict"].str.startswith("helps").mean())


def equivalence() -> tuple[Section, list[float]]:
    """Two one-sided tests: arms that are equal, and arms that differ by exactly the margin."""
    section = Section(
        "(b) Equivalence, drawn",
        f"{COMPARISONS:,} comparisons each, s = half the margin δ: the share called *equivalent* (with or without *negligibly*).",
        ["true difference", *(f"n = {n}" for n in SEEDS)],
    )
    edge: list[float] = []
    for effect in (0.0, 0.5, 1.0):
        row = [f"{effect} δ"]
        for n in SEEDS:
            verdicts = judged((default_rng([4, n]).standard_normal((COMPARISONS, n)) * 0.5 + effect) * 0.01)
            count = int(verdicts["verdict"].isin(["equivalent", "helps, negligibly", "hurts, negligibly"]).sum())
            row.append(share(count, COMPARISONS))
            edge += [count / COMPARISONS] if effect == 1.0 else []
        section.rows.append(row)
    return section, edge


TRUTHS = ((0.0, 1.0), (0.5, 1.0), (1.0, 1.0), (0.5, 3.0), (2.0, 3.0))
"""True difference and standard deviation of the differences, in margins."""


def seeds_needed() -> tuple[Section, list[tuple[int, int, int]]]:
    """Undecided pilots: how often the range of seeds that would settle it holds the number for the true spread, and for the true difference."""
    section = Section(
        "(b) Seeds that would settle it, drawn",
        f"{COMPARISONS:,} pilots each, of which the undecided ones count: how often the range holds the number that would be needed if the "
        "difference that was seen were the true one and the spread were known / for the true difference and spread. Pilots that are undecided "
        "although most are decided have seen an unusual spread, so that the range holds less often than the 95 % of all pilots.",
        ["true difference / δ", "s / δ", *(f"n = {n}" for n in SEEDS[:3])],
    )
    found: list[tuple[int, int, int]] = []
    for difference, deviation in TRUTHS:
        row = [f"{difference}", f"{deviation}"]
        for n in SEEDS[:3]:
            drawn = (default_rng([5, n]).standard_normal((COMPARISONS, n)) * deviation + difference) * 0.01
            of_spread, of_both, undecided = _ranges(drawn, difference * 0.01, deviation * 0.01)
            found.append((of_spread, of_both, undecided))
            row.append(f"{share(of_spread, undecided)} / {share(of_both, undecided)}")
        section.rows.append(row)
    return section, found


def _ranges(drawn: Floats, difference: float, deviation: float) -> tuple[int, int, int]:
    """How many ranges hold the number for the true spread, how many that for the true difference as well, and of how many."""
    verdicts = judged(drawn)
    open_ones = verdicts[verdicts["verdict"] == "undecided"]
    needed = settled(difference, deviation, 0.95, 0.01)
    of_spread = sum(_within(row, settled(row.difference, deviation, 0.95, 0.01)) for row in _rows(open_ones))
    return of_spread, sum(_within(row, needed) for row in _rows(open_ones)), len(open_ones)


def _rows(table: pd.DataFrame) -> Iterator[pd.Series]:
    return (row for _, row in table[["difference", "seeds", "settle_low", "settle_high"]].iterrows())


def _within(row: pd.Series, needed: float) -> bool:
    """A range speaks of more seeds than the pilot has."""
    return bool(row["settle_low"] <= max(needed, row["seeds"] + 1) <= row["settle_high"])
