"""(c) Every interval of means on one dataset: how often it holds the true one, counted where the report prints it."""

from collections.abc import Callable

import numpy as np
from numpy.random import default_rng

from trickbench.harness.analysis.interactions import interaction_means
from trickbench.harness.inference.judgement import reason_not_to_judge, skewness_warning
from trickbench.harness.inference.terms import Terms

from .arithmetic import half
from .false_verdicts import COMPARISONS, ESTIMANDS, SEEDS, table
from .made import Floats, frame, holding, judged
from .pages import Section, printed, share
from .planted import CORRELATIONS
from .shapes import SHAPES, Shape, resampled, skewed

Found = list[tuple[str, str, int, float, int]]
"""Interval, shape, n, share that holds, of how many."""
Held = tuple[int, int, int]
"""How many hold, how many are printed, how many there were."""


def means() -> tuple[Section, Found]:
    """Intervals of means that stand beside verdicts."""
    section = Section(
        "(c) Coverage, drawn",
        f"Share of {COMPARISONS:,} intervals that hold the true mean, of those that a report prints: at 95 %, those "
        "of two one-sided tests for equivalence at 90 %. The draws are those of (a) and, with a difference of one standard deviation, (b). The rows "
        "without correction are what the tool does not do.",
        ["interval", "shape", *(f"n = {n}" for n in SEEDS)],
    )
    found: Found = []
    for name, estimand in ESTIMANDS.items():
        planted = [("normal, a difference of 1", "normal", 1.0)] if name in CORRELATIONS else []
        for said, shape, effect in [*((shape, shape, 0.0) for shape in estimand.shapes), *planted]:
            tables = {n: table(name, shape, n, effect) for n in SEEDS}
            for kind, ends in (("95 %", ("low", "high")), ("equivalence, 90 %", ("equivalence_low", "equivalence_high"))):
                held = {n: (*holding(each, effect * 0.01, *ends), COMPARISONS) for n, each in tables.items()}
                _row(section, found, f"{name}: {kind}", said, held)
    for kind, held_by in OTHERS.items():
        for shape in SHAPES:
            _row(section, found, kind, shape, {n: held_by(SHAPES[shape], n) for n in SEEDS})
    kinds = list(dict.fromkeys(row[0] for row in section.rows))
    section.rows.sort(key=lambda row: kinds.index(row[0]))
    return section, found


def _row(section: Section, found: Found, kind: str, shape: str, held: dict[int, Held]) -> None:
    found += [(kind, shape, n, holds / made, made) for n, (holds, made, _) in held.items() if made]
    section.rows.append([kind, shape, *(printed(*each) for each in held.values())])


def _uncorrected(shape: Shape, n: int) -> Held:
    """Splits of new datasets, taken for independent."""
    return (*holding(judged(resampled(default_rng([7, n]), shape, (COMPARISONS, n), 1 / 4)), 0.0), COMPARISONS)


CELLS = ("both", "first", "second", "none")


def _cells(shape: Shape, n: int) -> Held:
    """The four cells of interactions, each around a score of its own."""
    random, runs, records = default_rng([8, n]), {}, []
    for number in range(COMPARISONS // 4):
        arms = [f"{cell} {number}" for cell in CELLS]
        runs |= dict(zip(arms, shape(random, (4, n)) + np.arange(4)[:, None], strict=True))
        weights = [[arm, weight] for arm, weight in zip(arms, (1, -1, -1, 1), strict=True)]
        records.append({"design": "full-factorial", "kind": "interaction", "trick": str(number), "tricks": ["a", "b"], "weights": weights})
    made = frame(np.array(list(runs), dtype=object), "", np.array(list(runs.values())))
    cells = interaction_means(made.assign(arm=made["dataset"], dataset="d"), records, Terms())
    truths = np.tile(np.arange(4.0), COMPARISONS // 4)
    return int(((cells["low"] <= truths) & (truths <= cells["high"])).sum()), int(cells["low"].notna().sum()), COMPARISONS


OTHERS: dict[str, Callable[[Shape, int], Held]] = {
    "new datasets: 95 % without correction": _uncorrected,
    "cells of an interaction: 95 %": _cells,
}

JUDGED = (5, 6, 7, 10, 30)


def warned() -> tuple[Section, dict[tuple[str, int], float]]:
    """How often a row says that its differences are skewed."""
    section = Section(
        "(c) Rows that say that their differences are skewed, drawn",
        f"Share of {COMPARISONS:,} comparisons whose note warns that intervals hold less often than stated.",
        ["shape", *(f"n = {n}" for n in JUDGED)],
    )
    found: dict[tuple[str, int], float] = {}
    for name, shape in SHAPES.items():
        counts = {n: sum(_warns(row) for row in shape(default_rng([14, n]), (COMPARISONS, n))) for n in JUDGED}
        found |= {(name, n): count / COMPARISONS for n, count in counts.items()}
        section.rows.append([name, *(share(count, COMPARISONS) for count in counts.values())])
    return section, found


def _warns(differences: Floats) -> bool:
    return not reason_not_to_judge(differences, 1.0) and bool(skewness_warning(differences))


ZEROS = (0.7, 0.9)
COUNTS = (5, 10, 30)


def zero_rule() -> tuple[Section, Found]:
    """What the rule is for that nothing is judged where over half of the differences are 0."""
    section = Section(
        "(c) Coverage where most differences are 0, drawn",
        f"{COMPARISONS:,} comparisons each, of which so many differences are exactly 0 and the others normal or exponential: the share of Student's "
        "intervals that hold the mean / of those that a report prints, which are none where over half of the differences are 0.",
        ["differences of 0", "the others", *(f"n = {n}" for n in COUNTS)],
    )
    found: Found = []
    others: dict[str, tuple[Shape, float]] = {"normal": (SHAPES["normal"], 0.0), "exponential": (lambda random, size: 1 + skewed(random, size), 1.0)}
    for zeros in ZEROS:
        for name, (shape, mean) in others.items():
            row, truth = [f"{100 * zeros:.0f} %", name], (1 - zeros) * mean
            for n in COUNTS:
                random = default_rng([9, n])
                drawn = np.where(random.random((COMPARISONS, n)) < zeros, 0.0, shape(random, (COMPARISONS, n)))
                every = int((np.abs(drawn.mean(axis=1) - truth) <= half(drawn, 0.95)).sum())
                held, made = holding(judged(drawn), truth)
                found += [(f"{zeros}", name, n, held / made, made)] if made else []
                row.append(f"{100 * every / COMPARISONS:.1f} % / {printed(held, made, COMPARISONS)}")
            section.rows.append(row)
    return section, found
