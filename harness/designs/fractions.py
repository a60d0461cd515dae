"""Regular fractions of two-level factorials: which 2^(k-p) of the 2^k combinations to run, and what can then not be told apart.

A combination is a vector of k bits, 1 where a factor is on. The runs of a regular fraction form a linear space over the field of two elements:
the first m = k - p factors take all their combinations, and every further factor is on where an odd number of the factors of its *generator* is.
So the combination with nothing on, the baseline, is always among them. Effects are sets of factors, written as bit masks too. Sets that vanish
on every run are the *defining words*; two effects are aliased where their symmetric difference is a word, and the *resolution* is the length
of the shortest (Box and Hunter 1961): below III main effects are aliased with each other, below IV with interactions of two, below V those with
one another.

With the levels written -1 and +1, as in textbooks, a word of even length is a product that is +1 on every run, one of odd length a product that
is -1: aliases by an odd word enter with the opposite sign.

Of the generators with as many runs, those are taken that give the fewest words of the least length, then of the next, and so on (minimum
aberration, Fries and Hunter 1980); of equal ones the first in order. With many factors the search ends before it is complete (`_STEPS`); the
number of runs is the least all the same.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..errors import InputError

MOST_FACTORS = 15
ROMAN = {3: "III", 4: "IV", 5: "V", 6: "VI", 7: "VII", 8: "VIII"}
_STEPS = 20_000
"""Generators that are tried for one number of runs: all of them at resolutions III and IV, and up to 9 factors at V, 10 at VI and 11 at VII."""


@dataclass(frozen=True)
class Fraction:
    """A regular fraction of a two-level factorial."""

    factors: int
    generators: tuple[int, ...]
    """Of each factor after the first `basic` ones: the mask of the basic factors whose parity it is."""

    @property
    def basic(self) -> int:
        """Factors that take all their combinations."""
        return self.factors - len(self.generators)

    @functools.cached_property
    def runs(self) -> tuple[int, ...]:
        """The combinations: masks of the factors that are on, the baseline first."""
        return tuple(self._run(basic) for basic in range(1 << self.basic))

    def _run(self, basic: int) -> int:
        return basic | sum(_parity(basic & generator) << (self.basic + place) for place, generator in enumerate(self.generators))

    @functools.cached_property
    def words(self) -> tuple[int, ...]:
        """All defining words, the shortest first."""
        return tuple(sorted(_words(self.basic, self.generators), key=lambda word: (word.bit_count(), word)))

    @property
    def resolution(self) -> int:
        """The length of the shortest word; one more than the number of factors, where all combinations are run."""
        return self.words[0].bit_count() if self.words else self.factors + 1

    @property
    def pattern(self) -> tuple[int, ...]:
        """Words of length 1, 2, ..., k: the smaller in dictionary order, the less is aliased."""
        return _pattern(self.factors, self.words)

    def low_effects(self) -> list[int]:
        """Main effects, then interactions of two, in the order of the factors."""
        places = range(self.factors)
        return [1 << place for place in places] + [1 << one | 1 << other for one, other in combinations(places, 2)]

    def aliases(self, effect: int) -> list[int]:
        """The main effects and interactions of two that cannot be told from this effect, main effects first."""
        return [other for other in self.low_effects() if other != effect and other ^ effect in self._words]

    @functools.cached_property
    def _words(self) -> frozenset[int]:
        return frozenset(self.words)

    @property
    def name(self) -> str:
        """`2^(6-2)`, or `2^3` where nothing is left out."""
        return f"2^({self.factors}-{len(self.generators)})" if self.generators else f"2^{self.factors}"


@functools.lru_cache(maxsize=64)
def smallest_fraction(factors: int, resolution: int) -> Fraction:
    """The regular fraction with the fewest runs that has at least this resolution. Raises `InputError` for more factors than are searched."""
    if factors > MOST_FACTORS:
        raise InputError(f"a fraction of {factors} factors is asked for; accepted are up to {MOST_FACTORS}: leave some out.")
    return next(found for basic in range(1, factors + 1) if (found := _best(factors, basic, resolution)) is not None)


def _best(factors: int, basic: int, resolution: int) -> Fraction | None:
    """The fraction of 2^basic runs with the least aberration; None where no generators have the resolution."""
    best: tuple[tuple[int, ...], tuple[int, ...]] | None = None
    for generators in _generators(factors - basic, basic, resolution):
        pattern = _pattern(factors, _words(basic, generators))
        best = min(best or (pattern, generators), (pattern, generators))
    return Fraction(factors, best[1]) if best else None


def _generators(count: int, basic: int, resolution: int) -> Iterator[tuple[int, ...]]:
    """Choices of `count` generators with at least this resolution, by depth-first search in order, until `_STEPS` are spent.

    A word is a sum of j generators that has b basic factors on, and is j + b long; so the sum of each j has to have resolution - j on.
    """
    pool = sorted((mask for mask in range(1, 1 << basic) if mask.bit_count() >= resolution - 1), key=lambda mask: (mask.bit_count(), mask))
    steps = 0

    def extended(chosen: tuple[int, ...], sums: tuple[tuple[int, int], ...], start: int) -> Iterator[tuple[int, ...]]:
        """`sums` are those of all subsets of the chosen ones, each with its number of generators."""
        nonlocal steps
        if len(chosen) == count:
            yield chosen
            return
        for place in range(start, len(pool) - (count - len(chosen)) + 1):
            steps += 1
            if steps > _STEPS:
                return
            further = tuple((total ^ pool[place], size + 1) for total, size in sums)
            if all(total.bit_count() + size >= resolution for total, size in further):
                yield from extended((*chosen, pool[place]), sums + further, place + 1)

    return extended((), ((0, 0),), 0)


def _words(basic: int, generators: tuple[int, ...]) -> list[int]:
    """The defining words: sums of one or more of the generators' own."""
    words = [0]
    for place, generator in enumerate(generators):
        words += [word ^ (generator | 1 << (basic + place)) for word in words]
    return words[1:]


def _pattern(factors: int, words: tuple[int, ...] | list[int]) -> tuple[int, ...]:
    return tuple(np.bincount([word.bit_count() for word in words], minlength=factors + 1)[1:].tolist())


def _parity(mask: int) -> int:
    return mask.bit_count() & 1
