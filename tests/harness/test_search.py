"""The points of a search: fixed in advance, evenly spread, and any first few of them a fair search by themselves."""

from fractions import Fraction

import numpy as np
import pytest

from trickbench.harness.tuning import search
from trickbench.harness.tuning.search import Span, budgets, point

from .tuned_study import TUNED, study


@pytest.mark.parametrize("k", range(1, 9))
def test_the_first_points_of_one_dimension_are_evenly_spaced(k):
    found = sorted(point(number, 1)[0] for number in range(1, 2**k))
    assert found == [i / 2**k for i in range(1, 2**k)]


def spread(sequence, base: int, k: int, start: int) -> bool:
    """Whether each of the intervals of width base⁻ᵏ holds one of as many consecutive points: what makes a sequence a net in one dimension."""
    places = [int(Fraction(sequence(start + i)) * base**k) for i in range(base**k)]
    return sorted(places) == list(range(base**k))


@pytest.mark.parametrize(("dimension", "base"), list(enumerate(search.PRIMES)))
def test_every_coordinate_by_itself_fills_its_range_evenly(dimension, base):
    # in exact fractions: a rounded i / p^k may fall just below the interval's edge
    def exact(number):
        digits = []
        while number:
            number, digit = divmod(number, base)
            digits.append(digit)
        return sum(Fraction(digit, base ** (place + 1)) for place, digit in enumerate(digits))

    assert all(abs(point(number, dimension + 1)[dimension] - exact(number)) <= 2**-53 for number in range(1, 200))
    assert all(spread(exact, base, k, base**k * block) for k in (1, 2) for block in range(4))


def test_a_kronecker_sequence_would_not():
    """Two dimensions of the generalised golden ratio: in the first one the points bunch, and an arm without the second would be searched badly."""
    root = next(iter(r.real for r in np.roots([1, 0, -1, -1]) if abs(r.imag) < 1e-12))

    def gap(places):
        return float(np.diff(np.sort([0.0, *places, 1.0])).max())

    kronecker = [(0.5 + n / root) % 1 for n in range(16)]
    assert gap(kronecker) > 0.19 > 2 / 16 >= gap([point(n, 2)[0] for n in range(1, 17)])


def test_a_search_is_the_beginning_of_a_longer_one():
    short, long = (study(TUNED.replace("trials = 5", f"trials = {trials}")).tuning for trials in (5, 50))
    recipe = study().recipe({"dropout": "on"})
    assert [short.values(number, recipe) for number in range(1, 6)] == [long.values(number, recipe) for number in range(1, 6)]


def test_scales():
    assert Span(1e-4, 1.0).at(0.5) == 0.01
    assert Span(0.0, 0.8).at(0.25) == pytest.approx(0.2, abs=1e-15)
    assert Span(-1.0, 1.0).at(0.75) == 0.5
    wholes = [Span(1, 4).at((i + 0.5) / 1000, integer=True) for i in range(1000)]
    assert sorted(set(wholes)) == [1, 2, 3, 4]
    # on the scale from 1/2 to 9/2, the share of k is log((k + 1/2)/(k - 1/2)) / log 9
    expected = [np.log((k + 0.5) / (k - 0.5)) / np.log(9) for k in (1, 2, 3, 4)]
    assert np.allclose([wholes.count(k) / 1000 for k in (1, 2, 3, 4)], expected, rtol=0, atol=0.001), "a place is counted to one in a thousand"


@pytest.mark.parametrize(("trials", "expected"), [(1, (1,)), (2, (1, 2)), (5, (1, 2, 4, 5)), (16, (1, 2, 4, 8, 16)), (17, (1, 2, 4, 8, 16, 17))])
def test_budgets_double_up_to_all(trials, expected):
    assert budgets(trials) == expected
