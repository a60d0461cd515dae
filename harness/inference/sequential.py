"""Looks at growing numbers of seeds, with the error rate kept.

Who adds seeds until something is found will find it: looking after every seed up to 30 calls one true null in four. So the looks are fixed before
the first, and each has a confidence of its own, such that all its intervals hold *together* with the confidence of the comparison:

| a most number of seeds | looks after ... seeds                   | each look's share of the error           |
|------------------------|-----------------------------------------|------------------------------------------|
| N                      | 5, 10, 20, 30, then doubled, up to N    | Pocock-type spending (spending.py)       |
| none                   | 5, 10, 15, ... up to 10,000             | an always-valid mixture of t (mixture.py)|

Both come down to Student's interval at the confidence of that look, so that verdicts are read from intervals as without looks. Equivalence too:
its interval, of 1 - 2α where the other has 1 - α, errs on either side with α at most over all looks (tests hold both kinds to that). The error rate
holds for differences that are near symmetric about their mean; with skewed ones it is greater.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from . import mixture, spending

STEP = 5
FIRST: tuple[int, ...] = (5, 10, 20, 30)
MOST = 10_000
"""Seeds at which it ends, decided or not."""

SPENT = 0.94
"""Of the error that is allowed. Levels come from normal sums, and what is held against them are p-values of t, which depend on each other a little
otherwise: together they err up to 1.06 times as often as is spent (simulated, 5 to 120 seeds, α to α/63)."""


@dataclass(frozen=True)
class Sequential:
    """Seeds are added until a comparison is decided, or `most` is reached."""

    most: int | None = None
    """None: there is no plan to end, other than `MOST`."""

    def __post_init__(self) -> None:
        if self.most is not None and not STEP <= self.most <= MOST:
            raise InputError(f"max-seeds is {self.most}; accepted is a whole number from {STEP}, the first look, to {MOST:,}; or leave it out.")

    @property
    def looks(self) -> tuple[int, ...]:
        """The numbers of seeds after which is looked."""
        if self.most is None:
            return tuple(range(STEP, MOST + 1, STEP))
        planned, step = list(FIRST), FIRST[-1]
        while planned[-1] < self.most:
            step *= 2
            planned.append(step)
        return (*(seeds for seeds in planned if seeds < self.most), self.most)

    def confidence(self, look: int, seeds: int, alpha: float) -> float:
        """Of the interval at a look (from 0) that has so many differences, where all looks together may err with `alpha`."""
        level = mixture.level(alpha, seeds) if self.most is None else spending.levels(SPENT * alpha, self.looks)[look]
        return 1 - level

    def p_value(self, look: int, seeds: int, nominal: float, alpha: float) -> float:
        """The least error of all looks with which this one rejects, given the p-value that its differences would have alone."""
        if self.most is None:
            return mixture.p_value(nominal, seeds)
        return min(1.0, spending.p_value(look, nominal, SPENT * alpha, self.looks) / SPENT)

    def words(self) -> str:
        """When is looked, and what keeps the error rate."""
        if self.most is None:
            return f"looks after every {STEP} seeds up to {MOST:,}, always valid (a mixture of t)"
        return f"looks after {', '.join(map(str, self.looks))} seeds, Pocock-type error spending on p-values of t"
