"""The numbers behind the masks stand the battery, and the battery sees what is wrong with others.

False alarms: 1e-6, over the choice of the key, for the battery as a whole. The key is fixed, so the answer is the same every time.
"""

import numpy as np
import pytest

from trickbench.implementations.dropout._masks import kept

from .battery import KEY, KINDS, battery
from .generators import FAULTS, SplitMix

BOUND = 1e-6


def test_no_test_of_the_battery_rejects_the_stream():
    worst = battery(SplitMix())[0]
    assert worst.p_value > BOUND, worst


@pytest.mark.slow
def test_nor_does_it_of_sixteen_times_as_many_numbers():
    worst = battery(SplitMix(), 1 << 20)[0]
    assert worst.p_value > BOUND, worst


@pytest.mark.parametrize("faulty", FAULTS, ids=lambda each: each.__name__)
def test_the_battery_rejects_a_faulty_generator_for_what_is_wrong_with_it(faulty):
    rejected = {each.test for each in battery(faulty(), kinds=faulty.caught_by) if each.p_value <= BOUND}
    assert rejected == set(faulty.caught_by)


def test_every_kind_of_test_rejects_some_faulty_generator():
    assert set(KINDS) == {kind for faulty in FAULTS for kind in faulty.caught_by}


def test_the_numbers_that_are_examined_are_those_of_the_masks():
    for step, layer in ((1, 0), (7, 3)):
        numbers = SplitMix().numbers(KEY, step, layer, np.arange(1001))
        for rate in (0.1, 0.5, 0.999):
            assert np.array_equal(kept(np.uint64(KEY), step, layer, rate, 1001), numbers >= np.floor(rate * 2.0**32))
