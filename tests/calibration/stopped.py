"""(c) What is asked besides comparisons that were stopped one by one: means over their datasets, and the simple effects of an interaction."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import default_rng

from trickbench.harness.analysis.overall import overall
from trickbench.harness.analysis.stopped import first_look
from trickbench.harness.inference.intervals import averaged, spread
from trickbench.harness.inference.sequential import Sequential
from trickbench.harness.inference.terms import Terms

from .arithmetic import half, seeds_used, until_decided
from .made import ALONE, Floats, holding, runs_of
from .pages import Section, share

STUDIES = 2000
STOPPED: tuple[tuple[float, ...], ...] = ((0, 0, 0), (0.5, 0.5), (1, 0, 0), (1, -1), (0.7,) * 6)
"""True differences on each dataset, in standard deviations."""
LOOKS = Sequential(30)
LEVEL = 0.05


def means() -> tuple[Section, list[tuple[float, float]]]:
    """Means over datasets, each of which got seeds until it was decided."""
    section = Section(
        "(c) Coverage over datasets that were stopped one by one, drawn",
        f"{STUDIES:,} studies, looks after 5, 10, 20 and 30 seeds: the share of intervals at 95 % that hold the mean over these datasets. A report "
        "takes the seeds of the first look.",
        ["true differences / s", "seeds of the first look", "all seeds that there are"],
    )
    found: list[tuple[float, float]] = []
    for truth in STOPPED:
        drawn = default_rng([24, len(truth)]).standard_normal((STUDIES, len(truth), LOOKS.looks[-1])) + np.array(truth)[:, None]
        used = seeds_used(until_decided(drawn, LOOKS), LOOKS.looks)
        first, made = holding(by_the_first_look(drawn), float(np.mean(truth)))
        every = sum(_held([row[:n] for row, n in zip(study, ends, strict=True)], truth) for study, ends in zip(drawn, used, strict=True))
        found.append((first / made, every / STUDIES))
        section.rows.append([", ".join(f"{each:g}" for each in truth), share(first, made), share(every, STUDIES)])
    return section, found


def by_the_first_look(drawn: Floats) -> pd.DataFrame:
    """What the report says of comparisons (comparisons, datasets, seeds) over these datasets."""
    runs, contrasts = runs_of(drawn, [f"d{number}" for number in range(drawn.shape[1])])
    table = overall(first_look(runs, range(drawn.shape[2])), contrasts, Terms(family=ALONE, sequential=LOOKS))
    return table[table["estimand"] == "these datasets"]


def _held(groups: Sequence[Floats], truth: Sequence[float]) -> bool:
    low, high = averaged([spread(each) for each in groups]).interval(0.95)[1:]
    return bool(low <= np.mean(truth) <= high)


PARTS: tuple[tuple[float, float], ...] = ((0, 0), (0.5, 0), (1, 0), (1, 1), (0.5, -0.5))
"""True simple effects without and with the other trick, in standard deviations."""


def ends(drawn: Floats, used: Floats, alpha: float) -> Floats:
    """Intervals (2, comparisons) of the first of two simple effects (comparisons, 2, seeds) at the look at which their difference stopped."""
    found = np.full((2, len(drawn)), np.nan)
    for look, n in enumerate(LOOKS.looks):
        there = used == n
        some = drawn[there, 0, :n]
        reach = half(some, LOOKS.confidence(look, n, alpha) if alpha else 1 - LEVEL)
        found[:, there] = some.mean(axis=1) - reach, some.mean(axis=1) + reach
    return found


def parts() -> tuple[Section, list[tuple[float, float]]]:
    """Simple effects of an interaction that got seeds until it was decided."""
    section = Section(
        "(c) Coverage of simple effects where their interaction stopped, drawn",
        f"{STUDIES:,} interactions, looks after 5, 10, 20 and 30 seeds: the share of intervals that hold the simple effect without the other trick, "
        "at the confidence of the look at which the interaction stopped (95 % over all looks), and at 95 % at that look. A report takes the former.",
        ["true simple effects / s", "confidence of the look", "95 %"],
    )
    found: list[tuple[float, float]] = []
    for truth in PARTS:
        drawn = default_rng([25, len(found)]).standard_normal((STUDIES, 2, LOOKS.looks[-1])) + np.array(truth)[:, None]
        used = seeds_used(until_decided(drawn[:, 1] - drawn[:, 0], LOOKS), LOOKS.looks)
        intervals = (ends(drawn, used, alpha) for alpha in (LEVEL, 0.0))
        held = [int(((low <= truth[0]) & (truth[0] <= high)).sum()) for low, high in intervals]
        found.append((held[0] / STUDIES, held[1] / STUDIES))
        section.rows.append([", ".join(f"{each:g}" for each in truth), *(share(each, STUDIES) for each in held)])
    return section, found
