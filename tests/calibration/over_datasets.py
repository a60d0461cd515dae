"""Verdicts over several datasets: false ones where nothing differs (a), effects that are found (b), and how often intervals hold the mean (c)."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.random import Generator, default_rng
from scipy import stats

from .made import Floats, holding, together, wrong
from .pages import Section, printed, share
from .shapes import SHAPES, Shape


class Plan(NamedTuple):
    """What is counted for a population of datasets."""

    counts: tuple[int, ...]
    """Seeds, or datasets."""
    studies: int
    shapes: tuple[str, ...]
    words: str

    def size(self, n: int) -> tuple[int, int, int]:
        """Comparisons, datasets and seeds; three datasets, or five seeds of each."""
        return (self.studies, 3, n) if self.words.startswith("three") else (self.studies, n, 5)


PLANS: Mapping[str, Plan] = {
    "these datasets": Plan((3, 5, 10, 30), 1000, tuple(SHAPES), "three datasets whose differences vary as 2 : 1 : 4, n seeds of each"),
    "datasets like these": Plan((6, 10, 20), 400, ("normal", "heavy-tailed (t, 3)", "skewed (exponential)"), "n datasets, five seeds of each"),
}
SCALES = np.array([1.0, 0.5, 2.0])
Found = list[tuple[str, int, float, int]]
"""Shape, n, share, of how many."""


def false_verdicts(population: str) -> tuple[Section, Found]:
    """(a) A against A."""
    plan, found = PLANS[population], []
    section = Section(
        f"(a) False verdicts over {population}: A against A, drawn",
        f"{plan.studies:,} comparisons of nothing each, {plan.words}: the share that is called *helps* or *hurts*.",
        ["shape", *(f"n = {n}" for n in plan.counts)],
    )
    for name in plan.shapes:
        row = [name]
        for n in plan.counts:
            drawn = SHAPES[name](default_rng([20, n]), plan.size(n))
            count = wrong(together(drawn * SCALES[:, None] if population == "these datasets" else drawn, population))
            found.append((name, n, count / plan.studies, plan.studies))
            row.append(share(count, plan.studies))
        section.rows.append(row)
    return section, found


def differing(random: Generator, shape: Shape, plan: Plan, n: int) -> tuple[Floats, float]:
    """Differences on datasets that differ in what the trick does there, and the mean that an interval is to hold.

    These datasets have true differences 1, 0 and -2 with seeds of the shape; those of datasets like these are drawn from it around 1, and seeds
    are normal, both with standard deviation 1.
    """
    size = plan.size(n)
    if plan is PLANS["these datasets"]:
        truth = np.array([1.0, 0.0, -2.0])
        return shape(random, size) * SCALES[:, None] + truth[:, None], float(truth.mean())
    return 1.0 + shape(random, (*size[:2], 1)) + random.standard_normal(size), 1.0


def coverage(population: str) -> tuple[Section, Found]:
    """(c) Intervals where the datasets differ."""
    plan, found = PLANS[population], []
    drawn_as = (
        "The true differences are 1, 0 and -2."
        if population == "these datasets"
        else "Each dataset's true difference is drawn from the shape around 1, its seeds' are normal, both with standard deviation 1."
    )
    section = Section(
        f"(c) Coverage over {population}, drawn",
        f"Share of {plan.studies:,} intervals at 95 % that hold the true mean: {plan.words}. {drawn_as}",
        ["shape", *(f"n = {n}" for n in plan.counts)],
    )
    for name in plan.shapes:
        row = [name]
        for n in plan.counts:
            drawn, truth = differing(default_rng([21, n]), SHAPES[name], plan, n)
            held, made = holding(together(drawn, population), truth)
            found.append((name, n, held / made, made))
            row.append(printed(held, made, plan.studies))
        section.rows.append(row)
    return section, found


def power() -> tuple[Section, list[tuple[float, float, int]]]:
    """(b) Datasets like these that differ around an effect: exactly Student's, so that the noncentral t distribution says how many are found."""
    plan, found = PLANS["datasets like these"], []
    section = Section(
        "(b) Planted effects over datasets like these, drawn",
        f"{plan.studies:,} comparisons each, {plan.words}: true differences are normal with standard deviation 1 around the effect, as are seeds.",
        ["effect", *(f"n = {n}" for n in plan.counts)],
    )
    for effect in (0.5, 1.0):
        row = [f"{effect}"]
        for n in plan.counts:
            random = default_rng([22, n])
            drawn = effect + random.standard_normal((plan.studies, n, 1)) + random.standard_normal((plan.studies, n, 5))
            helps = int(together(drawn, "datasets like these")["verdict"].str.startswith("helps").sum())
            predicted = float(stats.nct.sf(stats.t.ppf(0.975, n - 1), n - 1, effect * np.sqrt(n / (1 + 1 / 5))))
            found.append((helps / plan.studies, predicted, plan.studies))
            row.append(f"{share(helps, plan.studies)} (predicted {100 * predicted:.1f})")
        section.rows.append(row)
    return section, found
