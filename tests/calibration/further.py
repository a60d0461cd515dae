"""The calibration of what is no mean at a fixed number of seeds: looks on the way (a), and intervals of ranks, shares and middle halves (c)."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator, default_rng
from scipy import stats

from trickbench.harness.analysis.sources_of_variance import share_of
from trickbench.harness.inference.intervals import Interval
from trickbench.harness.inference.ranks import Pseudomedian
from trickbench.harness.inference.sequential import Sequential
from trickbench.harness.inference.shares import improvement_on_such, improvement_on_these
from trickbench.harness.inference.trimmed import interquartile_mean

from .pages import Section, share
from .shapes import SHAPES, Shape
from .synthetic import COMPARISONS, SEEDS

STUDIES = 10_000
PROCEDURES: dict[str, tuple[tuple[int, ...], Callable[[int, int], float]]] = {
    "looks after 5, 10, 20, 30 seeds": (Sequential(30).looks, lambda look, n: Sequential(30).confidence(look, n, 0.05)),
    "always valid, every 5 seeds up to 100": (tuple(range(5, 101, 5)), lambda look, n: Sequential().confidence(look, n, 0.05)),
    "a look after every seed from 3 to 30, uncorrected": (tuple(range(3, 31)), lambda look, n: 0.95),
}


def looks() -> tuple[Section, dict[tuple[str, str], float]]:
    """(a) Seeds that are added until something is decided: how often nothing is called something at any look."""
    section = Section(
        "(a) False verdicts: seeds added until something is decided, drawn",
        f"{STUDIES:,} comparisons of nothing each: the share in which some look calls *helps* or *hurts*. Promised for symmetric differences: 5 %.",
        ["shape", *PROCEDURES],
    )
    found: dict[tuple[str, str], float] = {}
    for name, shape in SHAPES.items():
        row = [name]
        for procedure, (seeds, confidence) in PROCEDURES.items():
            drawn = shape(default_rng([10, len(seeds)]), (STUDIES, seeds[-1]))
            called = np.zeros(STUDIES, bool)
            for look, n in enumerate(seeds):
                some = drawn[:, :n]
                reach = stats.t.ppf(0.5 + confidence(look, n) / 2, n - 1) * some.std(axis=1, ddof=1) / np.sqrt(n)
                called |= np.abs(some.mean(axis=1)) > reach
            found[name, procedure] = float(called.mean())
            row.append(share(int(called.sum()), STUDIES))
        section.rows.append(row)
    return section, found


def _pseudomedian(random: Generator, shape: Shape, n: int) -> tuple[Interval, float]:
    return Pseudomedian(shape(random, (n,))).interval(0.95), 0.0


CHANCES = np.array([0.35, 0.5, 0.6, 0.8, 0.95, 1.0])
"""Of an improvement, on six datasets."""


def _improvement(random: Generator, shape: Shape, n: int) -> tuple[Interval, float]:
    drawn = [np.where(random.random(n) < chance, 1.0, -1.0) * np.abs(shape(random, (n,)) + 1e-9) for chance in CHANCES]
    return improvement_on_these(drawn, 0.95), float(CHANCES.mean())


def _improvement_elsewhere(random: Generator, shape: Shape, n: int) -> tuple[Interval, float]:
    chances = random.beta(2, 1, n)
    return improvement_on_such([np.where(random.random(10) < chance, 1.0, -1.0) for chance in chances], 0.95), 2 / 3


def _middle(random: Generator, shape: Shape, n: int) -> tuple[Interval, float]:
    return interquartile_mean([shape(random, (n,)) for _ in range(6)]).interval(0.95), MIDDLE[shape]


SOURCES = np.array([0.8, 0.5, 0.3, 0.1])
"""The standard deviations that four sources of randomness give to a score, each by itself."""


def _source(place: int) -> Callable[[Generator, Shape, int], tuple[Interval, float]]:
    """The share of the variance that is due to one source, from n pairs of runs in which it alone is drawn afresh."""

    def drawn(random: Generator, shape: Shape, n: int) -> tuple[Interval, float]:
        sources = shape(random, (n, len(SOURCES)))
        fresh = sources.copy()
        fresh[:, place] = shape(random, (n,))
        found = share_of(sources @ SOURCES, fresh @ SOURCES, 0.95)
        return Interval(found.share, found.low, found.high), float(SOURCES[place] ** 2 / (SOURCES**2).sum())

    return drawn


MIDDLE: dict[Shape, float] = {}
"""The interquartile mean of each shape, from a million draws."""

KINDS: dict[str, tuple[Callable[[Generator, Shape, int], tuple[Interval, float]], tuple[str, ...]]] = {
    "pseudomedian: Walsh averages (signed ranks)": (_pseudomedian, ("normal", "heavy-tailed (t, 3)", "zero-inflated (1/3)")),
    "probability of improvement, these six datasets": (_improvement, ("normal",)),
    "probability of improvement, datasets like these (n datasets)": (_improvement_elsewhere, ("normal",)),
    "interquartile mean, six datasets": (_middle, tuple(SHAPES)),
    "share of the variance of a source that makes 65 % of it (n pairs)": (_source(0), tuple(SHAPES)),
    "share of the variance of a source that makes 1 % of it (n pairs)": (_source(3), tuple(SHAPES)),
}


def coverage() -> tuple[Section, list[tuple[str, str, int, float]]]:
    """(c) The other intervals that a report prints."""
    section = Section(
        "(c) Coverage of ranks, shares and middle halves, drawn",
        f"Share of {COMPARISONS:,} intervals at 95 % that hold the truth. The shape does not matter to how often something improves; a performance "
        "profile has the same interval at each of its points.",
        ["interval", "shape", *(f"n = {n}" for n in SEEDS)],
    )
    for shape in SHAPES.values():
        values = np.sort(shape(default_rng(11), (1_000_000,)))
        MIDDLE[shape] = float(values[250_000:750_000].mean())
    found: list[tuple[str, str, int, float]] = []
    for kind, (drawn_by, shapes) in KINDS.items():
        for name in shapes:
            row = [kind, name]
            for n in SEEDS:
                random = default_rng([12, n])
                drawn = [drawn_by(random, SHAPES[name], n) for _ in range(COMPARISONS)]
                made = [(interval, truth) for interval, truth in drawn if not np.isnan(interval.low)]
                held = sum(interval.low <= truth <= interval.high for interval, truth in made)
                refused = "" if len(made) == len(drawn) else f", {100 * (1 - len(made) / len(drawn)):.0f} % refused"
                row.append(share(held, len(made)) + refused if made else "refused")
                found += [(kind, name, n, held / len(made))] if made else []
            section.rows.append(row)
    return section, found
