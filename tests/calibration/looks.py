"""Looks on the way: false verdicts where nothing differs (a), and what they cost in power and save in seeds (b)."""

from collections.abc import Callable

import numpy as np
from numpy.random import default_rng
from scipy import stats

from trickbench.harness.inference.sequential import Sequential

from .arithmetic import seeds_used, stops, until_decided
from .pages import Section, share
from .shapes import SHAPES

STUDIES = 100_000
UP_TO_30, ENDLESS = Sequential(30), Sequential()


def _as_normal(look: int, n: int) -> float:
    """The level of a look as a bound on a normal statistic, held against t."""
    return float(2 * stats.t.cdf(stats.norm.ppf(0.5 + UP_TO_30.confidence(look, n, 0.05) / 2), n - 1) - 1)


PROCEDURES: dict[str, tuple[tuple[int, ...], Callable[[int, int], float]]] = {
    "looks after 5, 10, 20, 30 seeds": (UP_TO_30.looks, lambda look, n: UP_TO_30.confidence(look, n, 0.05)),
    "always valid, every 5 seeds up to 100": (tuple(range(5, 101, 5)), lambda look, n: ENDLESS.confidence(look, n, 0.05)),
    "a look after every seed from 3 to 30, uncorrected": (tuple(range(3, 31)), lambda look, n: 0.95),
    "the first, its bounds made for z and used on t": (UP_TO_30.looks, _as_normal),
}


def false_verdicts() -> tuple[Section, dict[tuple[str, str], float]]:
    """(a) Seeds that are added until something is decided: how often nothing is called something at any look."""
    section = Section(
        "(a) False verdicts: seeds added until something is decided, drawn",
        f"{STUDIES:,} comparisons of nothing each: the share in which some look calls *helps* or *hurts*. Promised for symmetric differences: 5 %. "
        "The last two columns are what the tool does not do.",
        ["shape", *PROCEDURES],
    )
    found: dict[tuple[str, str], float] = {}
    for name, shape in SHAPES.items():
        row = [name]
        for procedure, (seeds, confidence) in PROCEDURES.items():
            drawn = shape(default_rng([10, len(seeds)]), (STUDIES, seeds[-1]))
            count = int((stops(drawn, seeds, confidence, endless=procedure.startswith("always")) >= 0).sum())
            found[name, procedure] = count / STUDIES
            row.append(share(count, STUDIES))
        section.rows.append(row)
    return section, found


PLANTED = 2000
MOST = 1000


def power() -> tuple[Section, list[tuple[float, float, float]]]:
    """(b) Effects of known size: how often looks find them, with how many seeds, beside all seeds at once."""
    section = Section(
        "(b) Planted effects where seeds are added until something is decided, drawn",
        f"{PLANTED:,} normal comparisons each: found at some look, and how many seeds a comparison has then, on average. *At least* and *at once* "
        "are what the noncentral t distribution says of the last look's level and of 5 %.",
        [
            "true difference / s", "looks up to 30 seeds", "at least (the last look alone)", "30 seeds at once", "seeds",
            f"always valid, up to {MOST} seeds", "seeds",
        ],
    )  # fmt: skip
    found: list[tuple[float, float, float]] = []
    last = UP_TO_30.confidence(len(UP_TO_30.looks) - 1, 30, 0.05)
    for effect in (0.3, 0.5, 1.0, 1.5, 2.0):
        drawn = default_rng([13, int(10 * effect)]).standard_normal((PLANTED, MOST)) + effect
        planned, endless = until_decided(drawn[:, :30], UP_TO_30), until_decided(drawn, ENDLESS)
        helps, ever = int((planned >= 0).sum()), int((endless >= 0).sum())
        alone, once = (float(stats.nct.sf(stats.t.ppf(0.5 + level / 2, 29), 29, effect * np.sqrt(30))) for level in (last, 0.95))
        found.append((helps / PLANTED, alone, once))
        section.rows.append([
            f"{effect}", share(helps, PLANTED), f"{100 * alone:.1f} %", f"{100 * once:.1f} %", f"{seeds_used(planned, UP_TO_30.looks).mean():.1f}",
            share(ever, PLANTED), f"{seeds_used(endless, ENDLESS.looks[: MOST // 5]).mean():.1f}",
        ])  # fmt: skip
    return section, found
