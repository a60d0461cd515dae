"""The compiled and the interpreted loop are one loop: for every pair of implementations of a technique that declare the same conventions.

float64, 100 steps: the largest deviation between two paths, over the distance moved. Every step multiplies by numbers around 1 and adds, so
rounding grows like a random walk at best and with the loss's curvature at worst; 100 steps of a network whose sums have up to 64 terms
stay within 100 · 64 · eps = 1.4e-12 of the distance unless a kink is crossed, which float64 does not do here.

float32, one step from equal states: the same work in another order differs by a few units in the last place of the largest parameter.
"""

import itertools

import numpy as np
import pytest

from trickbench.harness import registry
from trickbench.harness.choice import compiled
from trickbench.harness.execution import one_blas_thread, splits
from trickbench.harness.machine import machine
from trickbench.harness.metrics import METRICS
from trickbench.harness.recipe import SLOTS, Recipe, resolve
from trickbench.harness.training import Run

BASE = {
    "activation": "relu",
    "optimizer": "sgd[learning_rate=0.1]",
    "initializer": "he",
    "penalty": "l2[strength=0.01]",
    "dropout": "dropout[rate=0.25]",
    "hidden": (16, 12),
    "batch": 12,
}
SLOT_OF = {family: slot for slot, family in SLOTS.items()}
DATA = {"classification": "digits[train_rows=240]", "regression": "friedman1[samples=400,train_rows=240]"}
EPOCHS = 5  # of 20 updates

NUMERICAL = [
    found
    for found in registry.implementations().values()
    if found.technique.family in SLOT_OF and found.technique.family != "stopper" and found.origin == registry.OWN
]


def owe_the_same_path(one, other):
    """Of one technique and one convention; torch and jax draw masks and weights from generators of their own."""
    draws = one.technique.family in ("dropout", "initializer")
    apart = draws and any(each.variant.startswith(("torch", "jax")) for each in (one, other))
    return one.technique is other.technique and one.conventions == other.conventions and not apart


PAIRS = [pair for pair in itertools.combinations(NUMERICAL, 2) if owe_the_same_path(*pair)]
KERNELS = [found for found in NUMERICAL if compiled(found)]


def prepared(implementation, dtype: str, *, as_compiled: bool = True, batch: int = 12) -> Run:
    """A run with one implementation in its slot; `as_compiled=False` runs the loop interpreted, with the compiled kernels in its slots."""
    task = implementation.technique.task or "classification"
    recipe = Recipe(**(BASE | {SLOT_OF[implementation.technique.family]: implementation.name, "dtype": dtype, "batch": batch}))
    resolved = resolve(recipe, task)
    run = Run(resolved, splits(DATA[task], 0, dtype), 0, METRICS["accuracy" if task == "classification" else "r2"])
    if not as_compiled:
        run.machine = machine(run.members, resolved.dtype, compiled=False)
    return run


def path(run: Run, epochs: int = EPOCHS) -> tuple[np.ndarray, np.ndarray]:
    """Where the parameters started, and where they were after each epoch."""
    start, after = run.progress.parameters.copy(), []
    with one_blas_thread():
        for _ in range(epochs):
            run.epoch()
            after.append(run.progress.parameters.copy())
    return start, np.array(after)


def deviation(one: Run, other: Run) -> float:
    """The largest deviation of two paths over the distance moved."""
    (start, here), (_, there) = path(one), path(other)
    assert one.updates == other.updates == 20 * EPOCHS
    moved = np.abs(here[-1] - start).max()
    assert moved > 0
    return float(np.abs(here - there).max() / moved)


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda found: found.name.replace("/", "."))
def test_implementations_of_one_convention_walk_the_same_path_in_float64(one, other):
    assert deviation(prepared(one, "float64"), prepared(other, "float64")) < 100 * 64 * np.finfo(float).eps


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda found: found.name.replace("/", "."))
def test_they_agree_in_float32_after_one_step(one, other):
    ends = []
    for implementation in (one, other):
        run = prepared(implementation, "float32", batch=240)
        with one_blas_thread():
            run.epoch()
        assert run.updates == 1
        ends.append(run.progress.parameters)
    # an adaptive step divides a gradient by its own size: one unit in the last place of it becomes one of the learning rate
    assert np.abs(ends[0] - ends[1]).max() < 16 * np.finfo(np.float32).eps * np.abs(ends[0]).max()


@pytest.mark.parametrize("implementation", KERNELS, ids=lambda found: found.name.replace("/", "."))
def test_the_interpreted_loop_walks_the_compiled_ones_path(implementation):
    assert deviation(prepared(implementation, "float64"), prepared(implementation, "float64", as_compiled=False)) < 100 * 64 * np.finfo(float).eps


def test_every_numerical_technique_has_a_compiled_and_an_interpreted_form():
    expected = {technique.name for technique in registry.techniques().values() if technique.family in SLOT_OF and technique.family != "stopper"}
    assert {one.technique.name for one, _ in PAIRS} >= expected
