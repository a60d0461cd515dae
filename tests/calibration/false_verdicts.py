"""(a) False verdicts, drawn: A against A for each estimand of one dataset, each comparison alone and in a family."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng

from trickbench.harness.analysis.effects import effects
from trickbench.harness.inference.terms import Terms

from .arithmetic import called
from .made import Floats, judged, runs_of, wrong
from .pages import Section, least, most, share
from .shapes import SHAPES, SYMMETRIC, Shape, resampled

SEEDS = (3, 5, 10, 30)
COMPARISONS = 2000
LEVEL = 0.05
Found = list[tuple[str, str, int, float]]
"""Estimand, shape, seeds, share of verdicts."""


def independent(random: Generator, shape: Shape, n: int) -> Floats:
    return shape(random, (COMPARISONS, n))


@dataclass(frozen=True)
class Estimand:
    """How differences are drawn, and on which terms they are judged."""

    drawn: Callable[[Generator, Shape, int], Floats]
    dataset: str = "d"
    terms: Mapping[str, Any] = field(default_factory=dict)
    shapes: Sequence[str] = tuple(SHAPES)

    def table(self, random: Generator, shape: str, n: int, effect: float = 0.0) -> pd.DataFrame:
        """Verdicts on differences of mean `effect` and standard deviation 1, in hundredths."""
        return judged((self.drawn(random, SHAPES[shape], n) + effect) * 0.01, self.dataset, **self.terms)


ESTIMANDS = {
    "this dataset": Estimand(independent),
    "this split": Estimand(independent, terms={"vary": ("weights", "order", "masks")}, shapes=("normal", "skewed (exponential)")),
    # splits of one dataset are correlated by n_test / (n_test + n_train) = 1/4 where a fifth of all rows is tested and three are trained on
    "new datasets": Estimand(lambda random, shape, n: resampled(random, shape, (COMPARISONS, n), 1 / 4), terms={"estimand": "new datasets"}),
    "new datasets, five folds": Estimand(
        lambda random, shape, n: resampled(random, shape, (COMPARISONS, n), 1 / 5), "d[folds=5]", shapes=("normal", "skewed (exponential)")
    ),
}


@cache
def table(name: str, shape: str, n: int, effect: float) -> pd.DataFrame:
    """The verdicts and intervals of an estimand: those of one draw are counted here, and looked at for coverage as well."""
    made = ESTIMANDS[name].table(default_rng([1, list(ESTIMANDS).index(name), n, int(10 * effect)]), shape, n, effect)
    return made[["verdict", "low", "high", "equivalence_low", "equivalence_high"]]


def false_verdicts() -> tuple[Section, Found]:
    """A against A, drawn."""
    section = Section(
        "(a) False verdicts: A against A, drawn",
        f"{COMPARISONS:,} comparisons of nothing each: the share that is called *helps* or *hurts*. 5 % are promised for symmetric differences. The "
        "splits of a new dataset are correlated by 1/4, its folds by 1/5.",
        ["estimand", "shape", *(f"n = {n}" for n in SEEDS)],
    )
    found: Found = []
    for name, estimand in ESTIMANDS.items():
        for shape in estimand.shapes:
            counts = {n: wrong(table(name, shape, n, 0.0)) for n in SEEDS}
            found += [(name, shape, n, count / COMPARISONS) for n, count in counts.items()]
            section.rows.append([name, shape, *(share(count, COMPARISONS) for count in counts.values())])
    return section, found


def keeps_its_level(found: Found) -> None:
    """Symmetric differences are called no more often than promised; normal ones no less often either, as a tool that decides nothing would do."""
    promised = [each for each in found if each[1] == "normal" or (each[0] == "this dataset" and each[1] in SYMMETRIC)]
    assert [each for each in promised if each[3] > most(LEVEL, COMPARISONS)] == []
    assert [each for each in promised if each[1] == "normal" and each[3] < least(LEVEL, COMPARISONS)] == []


STUDIES, TRICKS, DATASETS = 1000, 9, 4


def studies(n: int, count: int = STUDIES) -> Floats:
    """Differences (studies, datasets, tricks, seeds) of tricks that do nothing from the baseline that they share on each dataset."""
    random = default_rng([2, n])
    own = random.standard_normal((STUDIES, DATASETS, TRICKS, n))
    return (own - random.standard_normal((STUDIES, DATASETS, 1, n)))[:count]


def any_called(differences: Floats, confidence: float) -> Any:
    """In which studies something is called."""
    return called(differences, confidence).any(axis=(1, 2))


def any_called_by_effects(differences: Floats, **terms: Any) -> list[bool]:
    """The same by the product's own table of effects, a study at a time."""
    names = [f"d{number}" for number in range(DATASETS)]
    return [wrong(effects(*runs_of(np.swapaxes(study, 0, 1), names), Terms(**terms))) > 0 for study in differences]


def family() -> tuple[Section, list[float]]:
    """Whole families of A against A that share a baseline: how many have any false verdict."""
    section = Section(
        "(a) False verdicts in a family",
        f"{STUDIES:,} studies of {TRICKS} tricks on {DATASETS} datasets, none of which does anything, all against one baseline: the share of studies "
        "with a false verdict.",
        ["seeds", "studies with a false verdict", "the same, each comparison alone at 95 %"],
    )
    found: list[float] = []
    for n in (3, 5, 10):
        drawn = studies(n)
        of_family, alone = (int(any_called(drawn, 1 - LEVEL / comparisons).sum()) for comparisons in (TRICKS * DATASETS, 1))
        found.append(of_family / STUDIES)
        section.rows.append([str(n), share(of_family, STUDIES), share(alone, STUDIES)])
    return section, found
