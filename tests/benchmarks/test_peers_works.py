"""The works are counted right, and everybody gets the same rows."""

import dataclasses

import numpy as np
import pytest

from benchmarks.peers.works import ROWS, WORKS, Work, initial, noise, orders, parts
from trickbench.harness.execution import splits


def test_shapes_parameters_and_updates_of_w():
    work = WORKS["W"]
    assert work.shapes == [(64, 128), (128, 128), (128, 10)]
    assert work.parameters == 64 * 128 + 128 * 128 + 128 * 10 + 128 + 128 + 10
    assert work.updates == 20 * 34  # 33 whole batches and one of 23 rows


def test_maxout_has_twice_the_columns_but_for_the_outputs():
    assert WORKS["M"].shapes == [(64, 256), (128, 256), (128, 10)]


def test_operations_by_hand():
    # an epoch: 1,079 rows forward and by the weights through 2·3 + 3·1 weights, by the inputs of the second layer through 3; then 359 test rows
    work = Work("tiny", hidden=(1,), epochs=2)
    weights = 64 * 1 + 1 * 10
    assert work.operations == 2 * 1079 * 2 * (2 * weights + 10) + 2 * 359 * weights


def test_measuring_adds_a_look_at_all_rows_after_every_epoch():
    plain, measured = WORKS["W"], WORKS["W-measured"]
    weights = sum(fan_in * columns for fan_in, columns in plain.shapes)
    assert measured.operations - plain.operations == 2 * weights * (20 * (1079 + 359 + 359) - 359)


def test_rows_are_those_of_the_projects_own_split():
    split, found = splits("digits", 3, "float32"), parts(3)
    assert {name: len(part.inputs) for name, part in found.items()} == ROWS
    for name, part in found.items():
        assert np.array_equal(part.inputs, getattr(split, name).inputs)
        assert np.array_equal(np.eye(10)[part.labels], getattr(split, name).targets)


def test_every_epoch_takes_every_row_once_in_an_order_of_its_own():
    found = orders(WORKS["S"], 0)
    assert (np.sort(found, axis=1) == np.arange(1079)).all()
    assert len({row.tobytes() for row in found}) == 20


def test_initial_weights_are_hes():
    weights, bias = initial(WORKS["W"], 0)[1]
    # 16,384 draws: the deviation has a relative standard error of 1 / √32768 = 0.0055; five of them
    assert abs(weights.std() / np.sqrt(2 / 128) - 1) < 0.028
    assert weights.dtype == np.float32
    assert not bias.any()


def test_noise_is_a_byte_of_every_row_and_hidden_unit_where_there_is_dropout():
    epochs = list(noise(WORKS["D"], 0))
    assert (len(epochs), epochs[0].shape, epochs[0].dtype) == (20, (1079, 256), np.uint8)
    assert not np.array_equal(epochs[0], epochs[1])
    # of 20·1079·256 bytes the share below 128 has a standard error of 0.5 / √5.5e6 = 0.0002; five of them
    assert abs(np.mean(np.array(epochs) < 128) - 0.5) < 0.001
    assert next(noise(WORKS["W"], 0)).shape == (1079, 0)


@pytest.mark.parametrize("work", WORKS.values(), ids=lambda work: work.name)
def test_the_recipe_says_the_same(work):
    recipe = work.recipe
    assert (recipe.hidden, recipe.batch, recipe.dtype) == (work.hidden, work.batch, "float32")
    assert ("maxout" in recipe.activation) == (work.pieces > 1)
    assert (recipe.dropout != "none", recipe.penalty != "none") == (work.dropout > 0, work.penalty > 0)


def test_works_are_values():
    assert dataclasses.replace(WORKS["W"], name="B", batch=128) == WORKS["B"]
