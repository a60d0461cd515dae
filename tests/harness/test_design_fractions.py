"""Regular fractions against published tables and against their definition, worked out run by run."""

from itertools import combinations

import numpy as np
import pytest

from trickbench.harness.designs.fractions import Fraction, smallest_fraction
from trickbench.harness.errors import InputError

PUBLISHED = [
    # factors, resolution asked for, name, resolution, words of length 3, 4, 5, ...: the minimum aberration designs of
    # Fries and Hunter 1980 and of Wu and Hamada 2009, tables 5A.2 to 5A.5
    (3, 3, "2^(3-1)", 3, {3: 1}),
    (4, 4, "2^(4-1)", 4, {4: 1}),
    (5, 3, "2^(5-2)", 3, {3: 2, 4: 1}),
    (5, 4, "2^(5-1)", 5, {5: 1}),
    (6, 3, "2^(6-3)", 3, {3: 4, 4: 3}),
    (6, 4, "2^(6-2)", 4, {4: 3}),
    (6, 5, "2^(6-1)", 6, {6: 1}),
    (7, 3, "2^(7-4)", 3, {3: 7, 4: 7, 7: 1}),
    (7, 4, "2^(7-3)", 4, {4: 7}),
    (8, 4, "2^(8-4)", 4, {4: 14, 8: 1}),
    (8, 5, "2^(8-2)", 5, {5: 2, 6: 1}),
    (9, 4, "2^(9-4)", 4, {4: 6, 5: 8, 8: 1}),
    (9, 5, "2^(9-2)", 6, {6: 3}),
    (10, 4, "2^(10-5)", 4, {4: 10, 5: 16, 8: 5}),
    (10, 5, "2^(10-3)", 5, {5: 3, 6: 3, 7: 1}),
    (11, 4, "2^(11-6)", 4, {4: 25, 6: 27, 8: 10, 10: 1}),
    (11, 5, "2^(11-4)", 5, {5: 6, 6: 6, 7: 2, 8: 1}),
]


@pytest.mark.parametrize(("factors", "asked", "name", "resolution", "words"), PUBLISHED)
def test_a_fraction_is_the_published_one(factors, asked, name, resolution, words):
    found = smallest_fraction(factors, asked)
    assert (found.name, found.resolution) == (name, resolution)
    assert {length: count for length, count in enumerate(found.pattern, 1) if count} == words


def signs(fraction):
    """The runs as a matrix of -1 and +1, by the definition of its generators."""
    runs = np.array([[1 if run >> place & 1 else -1 for place in range(fraction.factors)] for run in fraction.runs])
    assert len({tuple(run) for run in runs}) == 2**fraction.basic
    return runs


def shortest_word(runs):
    """The least number of columns whose product is the same on every run; one more than there are, if none is."""
    factors = runs.shape[1]
    for length in range(1, factors + 1):
        if any(abs(runs[:, columns].prod(axis=1).sum()) == len(runs) for columns in combinations(range(factors), length)):
            return length
    return factors + 1


@pytest.mark.parametrize("factors", range(2, 9))
@pytest.mark.parametrize("asked", [3, 4, 5, 6, 7])
def test_the_resolution_is_that_of_the_runs(factors, asked):
    fraction = smallest_fraction(factors, asked)
    runs = signs(fraction)
    assert fraction.resolution == shortest_word(runs) >= min(asked, factors + 1)
    assert (runs[0] == -1).all()  # the baseline
    assert (runs.sum(axis=0) == 0).all()  # as many runs with a factor as without


def test_the_check_sees_a_generator_that_is_too_short():
    spoilt = Fraction(6, (0b0111, 0b0011))
    assert spoilt.resolution == shortest_word(signs(spoilt)) == 3
    assert smallest_fraction(6, 4).resolution == shortest_word(signs(smallest_fraction(6, 4))) == 4


MOST = {
    # by resolution and log2 of the number of runs: the most factors that any regular fraction has. III: all 2^m - 1 columns, IV: half of them
    # and one; V to VII: the longest linear codes whose dual distance is so much (Brouwer's tables, [n, n - m, d])
    (3, 2): 3, (3, 3): 7, (3, 4): 15, (4, 3): 4, (4, 4): 8, (4, 5): 16, (5, 4): 5, (5, 5): 6, (5, 6): 8, (5, 7): 11, (5, 8): 17,
    (6, 5): 6, (6, 6): 7, (6, 7): 9, (6, 8): 12, (6, 9): 18, (7, 6): 7, (7, 7): 8, (7, 8): 9, (7, 9): 11, (7, 10): 15,
}  # fmt: skip


@pytest.mark.parametrize("asked", [3, 4, 5, 6, 7])
def test_it_has_as_few_runs_as_any_regular_fraction(asked):
    for factors in range(asked, 16):
        expected = next(runs for (resolution, runs), most in sorted(MOST.items()) if resolution == asked and factors <= most)
        assert smallest_fraction(factors, asked).basic == expected


def test_a_saturated_fraction_leaves_no_run_over():
    assert len(smallest_fraction(15, 3).runs) == 16
    with pytest.raises(InputError, match=r"a fraction of 16 factors is asked for; accepted are up to 15"):
        smallest_fraction(16, 3)
