"""The calibration of what is asked besides the comparisons: means over datasets that are tied, or were stopped one by one (a, c)."""

from collections.abc import Sequence

import numpy as np
from numpy.random import default_rng
from scipy import stats

from trickbench.harness.inference.intervals import averaged, spread
from trickbench.harness.inference.judgement import reason_not_to_judge
from trickbench.harness.inference.sequential import STEP, Sequential

from .pages import Section, share
from .shapes import Floats
from .synthetic import COMPARISONS

TIED = ((2, 1), (3, 1), (6, 1), (6, 3))
"""Datasets, and how many of them are tied."""
ZEROS = (0.7, 0.9)
SEEDS = (5, 10, 30)


def tied() -> tuple[Section, list[tuple[int, int]]]:
    """(c) Means over datasets of which some have mostly differences of 0, so that they have no interval by themselves."""
    section = Section(
        "(c) Coverage over datasets of which some are tied, drawn",
        f"Share of {COMPARISONS:,} intervals at 95 % that hold the mean over these datasets. On tied ones so many differences are exactly 0 and the "
        "others three times as large as elsewhere; all are normal.",
        ["datasets", "tied", "differences of 0", *(f"n = {n}" for n in SEEDS)],
    )
    found: list[tuple[int, int]] = []
    for (datasets, of_them), zeros in ((each, zeros) for each in TIED for zeros in ZEROS):
        row = [str(datasets), str(of_them), f"{100 * zeros:.0f} %"]
        for n in SEEDS:
            random = default_rng([20, datasets, of_them, n])
            held = made = 0
            for _ in range(COMPARISONS):
                drawn = random.standard_normal((datasets, n))
                drawn[:of_them] *= np.where(random.random((of_them, n)) < zeros, 0.0, 3.0)
                if not reason_not_to_judge(drawn.ravel(), 1.0):
                    made += 1
                    low, high = averaged([spread(row) for row in drawn]).interval(0.95)[1:]
                    held += low <= 0 <= high
            found.append((held, made))
            row.append(share(held, made) + ("" if made == COMPARISONS else f", {100 * (1 - made / COMPARISONS):.0f} % refused"))
        section.rows.append(row)
    return section, found


STUDIES = 4000
STOPPED: tuple[tuple[float, ...], ...] = ((0, 0, 0), (0.5, 0.5), (1, 0, 0), (1, -1), (0.7,) * 6)
"""True differences on each dataset, in standard deviations."""
LOOKS = Sequential(30)


def stops(differences: Floats, comparisons: int = 1) -> Floats:
    """How many of the differences (..., 30) a comparison has used when it is decided, or at the last look."""
    used, decided = np.full(differences.shape[:-1], LOOKS.looks[-1]), np.zeros(differences.shape[:-1], bool)
    for look, n in enumerate(LOOKS.looks):
        some = differences[..., :n]
        reach = stats.t.ppf(0.5 + LOOKS.confidence(look, n, 0.05 / comparisons) / 2, n - 1) * some.std(axis=-1, ddof=1) / np.sqrt(n)
        called = ~decided & (np.abs(some.mean(axis=-1)) > reach)
        used[called] = n
        decided |= called
    return used


def stopped() -> tuple[Section, list[tuple[float, float]]]:
    """(c) Means over datasets, each of which got seeds until it was decided."""
    section = Section(
        "(c) Coverage over datasets that were stopped one by one, drawn",
        f"{STUDIES:,} studies, looks after 5, 10, 20 and 30 seeds: the share of intervals at 95 % that hold the mean over these datasets. A report "
        "takes the seeds of the first look.",
        ["true differences / s", "seeds of the first look", "all seeds that there are"],
    )
    found: list[tuple[float, float]] = []
    for truth in STOPPED:
        drawn = default_rng([21, len(truth)]).standard_normal((STUDIES, len(truth), LOOKS.looks[-1])) + np.array(truth)[:, None]
        used = stops(drawn)
        first = sum(_held([row[:STEP] for row in study], truth) for study in drawn)
        every = sum(_held([row[:n] for row, n in zip(study, ends, strict=True)], truth) for study, ends in zip(drawn, used, strict=True))
        found.append((first / STUDIES, every / STUDIES))
        section.rows.append([", ".join(f"{each:g}" for each in truth), share(first, STUDIES), share(every, STUDIES)])
    return section, found


def _held(groups: Sequence[Floats], truth: Sequence[float]) -> bool:
    low, high = averaged([spread(group) for group in groups]).interval(0.95)[1:]
    return bool(low <= np.mean(truth) <= high)


PARTS: tuple[tuple[float, float], ...] = ((0, 0), (0.5, 0), (1, 0), (1, 1), (0.5, -0.5))
"""True simple effects without and with the other trick, in standard deviations."""


def parts() -> tuple[Section, list[tuple[float, float]]]:
    """(c) Simple effects of an interaction that got seeds until it was decided."""
    section = Section(
        "(c) Coverage of simple effects where their interaction stopped, drawn",
        f"{STUDIES:,} interactions, looks after 5, 10, 20 and 30 seeds: the share of intervals that hold the simple effect without the other trick, "
        "at the confidence of the look at which the interaction stopped (95 % over all looks), and at 95 % at that look. A report takes the former.",
        ["true simple effects / s", "confidence of the look", "95 %"],
    )
    found: list[tuple[float, float]] = []
    for truth in PARTS:
        drawn = default_rng([22, len(found)]).standard_normal((STUDIES, 2, LOOKS.looks[-1])) + np.array(truth)[:, None]
        used = stops(drawn[:, 1] - drawn[:, 0])
        held = [0, 0]
        for (without, _), n in zip(drawn, used, strict=True):
            seen = spread(without[:n])
            for place, confidence in enumerate((LOOKS.confidence(LOOKS.looks.index(n), n, 0.05), 0.95)):
                low, high = seen.interval(confidence)[1:]
                held[place] += low <= truth[0] <= high
        found.append((held[0] / STUDIES, held[1] / STUDIES))
        section.rows.append([", ".join(f"{each:g}" for each in truth), *(share(each, STUDIES) for each in held)])
    return section, found
