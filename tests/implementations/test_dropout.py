"""Dropout: masks are pure functions of their arguments, and behave as random ones.

Masks are fixed by their arguments, so these tests give the same answer every time; the stated false alarms are over the choice of the key.
"""

import numpy as np
import pytest

from trickbench.implementations.dropout._stream import GAMMA, mixed

KEY = np.uint64(0x0123456789ABCDEF)


def draw(member, rate=0.5, shape=(500, 200), key=KEY, step=1, layer=0):
    mask = np.full(shape, np.nan, member.dtype)
    member.draw(key, step, layer, rate, mask)
    return mask


def independent(member, mask):
    """The part of a mask that was drawn: one row where all rows share it."""
    return mask[:1] if member.conventions["mask_reach"] == "update" else mask


def test_the_generator_is_splitmix64():
    words = mixed(np.uint64(1234567) + GAMMA * np.arange(1, 6, dtype=np.uint64))
    # first outputs for seed 1234567 of the published C program
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
    assert words.tolist() == expected


@pytest.mark.parametrize("rate", [0.001, 0.1, 0.5, 0.9, 0.999])
def test_units_are_dropped_at_the_given_rate(dropout, rate):
    from scipy.stats import binomtest

    mask = independent(dropout, draw(dropout, rate, (1, 100_000)))
    assert binomtest(int((mask == 0).sum()), mask.size, rate).pvalue > 1e-7  # false alarm: 1e-7 for each of 5 rates


def test_what_is_kept_has_the_declared_scale(dropout):
    kept = {"inverted": 1 / (1 - 0.3), "test_time": 1.0}[dropout.conventions["scaling"]]
    mask = draw(dropout, 0.3)
    assert set(np.unique(mask)) == {0, dropout.dtype.type(kept)}
    assert dropout.test_scale(0.3) == {"inverted": 1, "test_time": 1 - 0.3}[dropout.conventions["scaling"]]


def test_rate_zero_drops_nothing_and_scales_nothing(dropout):
    assert (draw(dropout, 0.0) == 1).all()
    assert dropout.test_scale(0.0) == 1


@pytest.mark.parametrize("rate", [1.0, 1.5, -0.1, np.nan, np.inf])
def test_rates_outside_zero_to_one_are_refused(dropout, rate):
    with pytest.raises(ValueError, match="drop rate"):
        draw(dropout, rate)


def test_rates_next_to_one_stay_finite(dropout):
    assert np.isfinite(draw(dropout, np.nextafter(1, 0))).all()


CHANGES = [{"step": 2}, {"step": 10**9}, {"layer": 1}, {"layer": 40}, {"key": KEY + np.uint64(1)}, {"key": KEY + GAMMA}]
CHANGES += [{"key": KEY ^ np.uint64(3), "step": 2}]  # a change of the step must not undo one of the key: 3 ^ 2 = 1


@pytest.mark.parametrize("change", CHANGES)
def test_masks_of_other_steps_layers_and_keys_are_independent(dropout, change):
    shape = (1, 100_000)
    agreeing = int(((draw(dropout, shape=shape) == 0) == (draw(dropout, shape=shape, **change) == 0)).sum())
    assert abs(agreeing - 50_000) < 5.5 * np.sqrt(25_000)  # false alarm: 4e-8 for each of 7 changes


def test_steps_and_layers_are_not_exchanged(dropout):
    assert not np.array_equal(draw(dropout, step=1, layer=2), draw(dropout, step=2, layer=1))


def test_neighbouring_units_are_independent(dropout):
    dropped = draw(dropout, shape=(1, 100_001))[0] == 0
    for distance in (1, 2, 3, 64):
        agreeing = int((dropped[distance:] == dropped[:-distance]).sum())
        assert abs(agreeing - (dropped.size - distance) / 2) < 5.5 * np.sqrt(dropped.size / 4)  # false alarm: 4e-8 for each of 4 distances


def test_further_rows_do_not_change_the_first_ones(dropout):
    for units in (1, 7, 64):
        assert np.array_equal(draw(dropout, shape=(3, units)), draw(dropout, shape=(8, units))[:3])


def test_the_same_arguments_give_the_same_mask_whatever_was_drawn_before(dropout):
    first = draw(dropout, step=3)
    draw(dropout, step=4)
    assert np.array_equal(draw(dropout, step=3), first)


def test_a_mask_reaches_as_far_as_declared(dropout):
    mask = draw(dropout, shape=(6, 64))
    same = (mask == mask[0]).all()
    assert same == (dropout.conventions["mask_reach"] == "update")


def test_every_dtype_drops_the_same_units(dropout):
    other = type(dropout)(dropout.implementation, np.dtype(float))
    assert np.array_equal(draw(dropout) == 0, draw(other) == 0)
