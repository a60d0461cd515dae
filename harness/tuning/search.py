"""The points of a search: fixed in advance, the same for everybody, and any first few of them are a fair search by themselves.

Point n is Halton's (1960): its coordinate in dimension j is the radical inverse of n in the j-th prime p, the digits of n in base p mirrored
behind the point. With one dimension this is van der Corput's sequence 1/2, 1/4, 3/4, 1/8, ...; its first 2ᵏ - 1 points are evenly spaced, so a
search of 2ᵏ - 1 trials is a grid, and a longer one refines it. Every coordinate by itself is such a sequence too: who has only some of the
dimensions is searched as evenly in these. (A Kronecker sequence is not: with its two-dimensional constants, 16 points have 4 places in the
first dimension.)

A coordinate u in (0, 1) becomes a value between `low` and `high`, both outside the search themselves:

    low > 0      low (high / low)ᵘ           equal factors, equally often: learning rates, strengths
    otherwise    low + (high - low) u        equal distances: a rate from 0 has no factor to the next
    whole numbers: from low to high, ends included, each as wide as the scale makes it from one half below to one half above

Values are rounded to four digits, which is far below the distance of two trials and can be typed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

PRIMES = (2, 3, 5, 7, 11, 13)
"""One dimension each. In larger bases the first points of two dimensions rise together: more dimensions would be searched along a diagonal."""

DIGITS = 4


class Span(NamedTuple):
    """One dimension: the values between two ends."""

    low: float
    high: float

    @property
    def logarithmic(self) -> bool:
        """Whether equal factors count, or equal distances."""
        return self.low > 0

    def at(self, u: float, *, integer: bool = False) -> float:
        """The value at a place in (0, 1)."""
        if integer:
            whole = Span(self.low - 0.5, self.high + 0.5).at(u)
            return int(min(max(math.floor(whole + 0.5), self.low), self.high))
        value = self.low * (self.high / self.low) ** u if self.logarithmic else self.low + (self.high - self.low) * u
        return float(f"{value:.{DIGITS}g}")


def point(number: int, dimensions: int) -> tuple[float, ...]:
    """Halton's point of this number, from 1; each coordinate in (0, 1)."""
    return tuple(radical_inverse(number, prime) for prime in PRIMES[:dimensions])


def radical_inverse(number: int, base: int) -> float:
    """The digits of a number mirrored at the point: 6 = 110 in base 2 becomes 0.011 = 3/8. Rounded once."""
    mirrored, power = 0, 1
    while number:
        number, digit = divmod(number, base)
        mirrored, power = mirrored * base + digit, power * base
    return mirrored / power


def budgets(trials: int) -> tuple[int, ...]:
    """The numbers of trials whose outcome is looked at: 1, 2, 4, 8, ... and all."""
    return (*(2**k for k in range(trials.bit_length()) if 2**k < trials), trials)
