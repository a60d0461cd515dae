"""(c) Intervals of what is no mean: ranks, shares and middle halves."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator, default_rng

from trickbench.harness.analysis.sources_of_variance import share_of
from trickbench.harness.inference.intervals import Interval
from trickbench.harness.inference.ranks import Pseudomedian
from trickbench.harness.inference.shares import improvement_on_such, improvement_on_these
from trickbench.harness.inference.trimmed import interquartile_mean

from .false_verdicts import COMPARISONS, SEEDS
from .pages import Section, printed
from .shapes import SHAPES, Shape


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


def _source(place: int, together: float = 0.0) -> Callable[[Generator, Shape, int], tuple[Interval, float]]:
    """The share of the variance that is due to one source, from n pairs of runs in which it alone is drawn afresh.

    The last two sources may also act together: their product enters with a standard deviation of its own, and counts in the share of both.
    """
    of_source, whole = SOURCES[place] ** 2 + (together**2 if place in (2, 3) else 0.0), (SOURCES**2).sum() + together**2

    def drawn(random: Generator, shape: Shape, n: int) -> tuple[Interval, float]:
        sources = shape(random, (n, len(SOURCES)))
        fresh = sources.copy()
        fresh[:, place] = shape(random, (n,))
        kept, redrawn = (each @ SOURCES + together * each[:, 2] * each[:, 3] for each in (sources, fresh))
        found = share_of(kept, redrawn, 0.95)
        return Interval(found.share, found.low, found.high), float(of_source / whole)

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
    "the same of one that makes 63 %, two others acting together": (_source(0, 0.15), ("normal", "skewed (exponential)")),
    "the same of one that makes 3 %, two thirds of it with another": (_source(3, 0.15), ("normal", "heavy-tailed (t, 3)", "skewed (exponential)")),
}


def coverage() -> tuple[Section, list[tuple[str, str, int, float]]]:
    """(c) The other intervals that a report prints."""
    section = Section(
        "(c) Coverage of ranks, shares and middle halves, drawn",
        f"Share of {COMPARISONS:,} intervals at 95 % that hold the truth. The shape does not matter to how often something improves; a performance "
        "profile has the same interval at each of its points. Of shares of the variance, the median width in brackets.",
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
                width = f" ({np.median([interval.high - interval.low for interval, _ in made]):.2f})" if "that makes" in kind and made else ""
                row.append(printed(held, len(made), len(drawn)) + width)
                found += [(kind, name, n, held / len(made))] if made else []
            section.rows.append(row)
    return section, found
