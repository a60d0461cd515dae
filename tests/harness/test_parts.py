"""A large update in parts has the bits of one call, whoever took which part; what is no elementwise update is found out."""

import itertools
import threading

import numpy as np
import pytest

from trickbench.harness import parts
from trickbench.harness.errors import InputError
from trickbench.harness.families import Optimizer
from trickbench.harness.kernel import Kernel
from trickbench.harness.parts import Parts
from trickbench.harness.registry import OWN, implementations

SIZE = 1003
ELEMENTWISE = [each for each in implementations().values() if each.origin == OWN and getattr(each.cls, "elementwise", False)]


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Parts of 64 parameters, and helpers for any size."""
    monkeypatch.setattr(parts, "PART", 64)
    monkeypatch.setattr(parts, "WORTH", 0)


def walk(update, state_rows, hyperparameters, dtype, threads=None):
    """Positions, and the state as (state_rows, parameters), after a few steps: in parts, or in one call where no threads are given."""
    random = np.random.default_rng(3)
    parameters, h = random.normal(size=SIZE).astype(dtype), np.array(hyperparameters, dtype)
    cut = Parts(update, SIZE, state_rows, dtype, threads or 1)
    whole = np.zeros((state_rows, SIZE), dtype)
    for step in range(1, 6):
        gradient = random.normal(size=SIZE).astype(dtype)
        gradient[[5, 700]] = 0, np.nan
        if threads is None:
            update(parameters, gradient, whole, h, step)
        else:
            cut.update(parameters, gradient, h, step)
    bounds = [*range(0, SIZE, 64), SIZE]
    pieces = [cut.state[state_rows * begin : state_rows * end].reshape(state_rows, end - begin) for begin, end in itertools.pairwise(bounds)]
    return parameters, whole if threads is None else np.concatenate(pieces, axis=1)


def same_in_parts(implementation, dtype, threads):
    member = implementation.create()
    update = member.update.compiled(Optimizer.update, np.dtype(dtype)) if isinstance(member.update, Kernel) else member.update
    values = list(implementation.technique.check({}).values())
    one, state = walk(update, member.state_rows, values, dtype)
    several, states = walk(update, member.state_rows, values, dtype, threads)
    return np.array_equal(one, several, equal_nan=True) and np.array_equal(state, states, equal_nan=True)


def test_every_compiled_optimiser_of_our_own_says_whether_it_is_elementwise():
    compiled = [each for each in implementations().values() if each.origin == OWN and isinstance(getattr(each.cls, "update", None), Kernel)]
    assert compiled
    assert [each.name for each in compiled if not hasattr(each.cls, "elementwise")] == []


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("implementation", ELEMENTWISE, ids=lambda each: each.name)
def test_parts_have_the_bits_of_one_call(implementation, dtype, threads):
    assert same_in_parts(implementation, dtype, threads)


def test_an_update_that_looks_at_all_parameters_has_other_bits_in_parts():
    def normalised(parameters, gradient, state, hyperparameters, step):
        parameters -= hyperparameters[0] * gradient / np.sqrt(np.nansum(gradient**2))

    one, _ = walk(normalised, 0, [0.1], "float64")
    several, _ = walk(normalised, 0, [0.1], "float64", 2)
    assert not np.array_equal(one, several, equal_nan=True)


def test_a_helper_takes_parts_and_each_part_is_done_once():
    done, names, met = [], set(), threading.Barrier(2)

    def update(parameters, gradient, state, hyperparameters, step):
        if threading.current_thread().name not in names:
            names.add(threading.current_thread().name)
            met.wait(10)  # both are here, or it fails
        done.append(parameters.ctypes.data)

    values = np.zeros(SIZE)
    Parts(update, SIZE, 0, float, 2).update(values, values.copy(), values[:1], 1)
    assert len(names) == 2
    assert len(done) == len(set(done)) == SIZE // 64 + 1


@pytest.mark.parametrize("fails_in", ["MainThread", "trickbench-parts"])
def test_an_error_reaches_the_caller_from_wherever_it_was_and_nobody_writes_afterwards(fails_in):
    met = threading.Barrier(2)

    def update(parameters, gradient, state, hyperparameters, step):
        met.wait(10)
        if threading.current_thread().name.startswith(fails_in):
            raise ArithmeticError("planted")
        parameters += 1

    values = np.zeros(2 * 64)
    with pytest.raises(ArithmeticError, match="planted"):
        Parts(update, values.size, 0, float, 2).update(values, values.copy(), values[:1], 1)


def test_a_small_update_wakes_nobody(monkeypatch):
    monkeypatch.setattr(parts, "WORTH", 3 * 8 * SIZE + 1)
    names = set()

    def update(parameters, gradient, state, hyperparameters, step):
        names.add(threading.current_thread().name)

    values = np.zeros(SIZE)
    Parts(update, SIZE, 0, float, 2).update(values, values.copy(), values[:1], 1)
    assert names == {threading.main_thread().name}


def test_arrays_of_another_size_are_refused():
    whole = Parts(lambda *_: None, 10, 1, np.float32)
    with pytest.raises(InputError, match="12 parameters and 10 derivatives are given; accepted are 10 of each"):
        whole.update(np.zeros(12), np.zeros(10), np.zeros(1), 1)
