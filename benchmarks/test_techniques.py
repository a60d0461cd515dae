"""Every method of every technique: its implementations against each other, on the same arrays in one run: `tox -e bench`.

A benchmark is named by implementation, `test_update[adam/numba_fused]`, and a group holds the implementations of one technique, so that saved runs
can be compared (`--benchmark-save`, `--benchmark-compare`, `--benchmark-compare-fail=median:20%`). What cannot be loaded here has no benchmark.
"""

import numpy as np
import pytest

from trickbench.harness import registry
from trickbench.harness.execution import one_blas_thread
from trickbench.harness.timing.workload import SIZES, TIMED, workloads

FOUND = registry.implementations()
SHARED = {}


def of(family):
    """The names of all implementations of a family."""
    return pytest.mark.parametrize("name", [name for name, found in FOUND.items() if found.technique.family == family])


def timed(benchmark, name, method):
    """Time one method on arrays of the family's middle size: out of the first cache, within the last."""
    family = FOUND[name].technique.family
    size = SIZES[family][1]
    assert method in TIMED[family]
    found = workloads(FOUND[name], size, "float32", SHARED.setdefault((FOUND[name].technique.name, size), {}))
    work = next((work for work in found if work.method == method), None)
    if work is None:
        pytest.skip(f"{name} does nothing in {method}")
    benchmark.group = f"{FOUND[name].technique.name}, {method}, {work.elements:,} elements"
    benchmark.extra_info.update(bytes=work.bytes, operations=work.operations)
    with one_blas_thread():
        work.call()  # compiled, imported
        benchmark(work.call)
    assert all(np.isfinite(array).all() for array in work.written)


@of("activation")
def test_forward(benchmark, name):
    timed(benchmark, name, "forward")


@of("activation")
def test_backward(benchmark, name):
    timed(benchmark, name, "backward")


@of("loss")
def test_value(benchmark, name):
    timed(benchmark, name, "value")


@of("loss")
def test_gradient(benchmark, name):
    timed(benchmark, name, "gradient")


@of("penalty")
def test_add_gradient(benchmark, name):
    timed(benchmark, name, "add_gradient")


@of("penalty")
def test_after_update(benchmark, name):
    timed(benchmark, name, "after_update")


@of("optimizer")
def test_update(benchmark, name):
    timed(benchmark, name, "update")


@of("dropout")
def test_draw(benchmark, name):
    timed(benchmark, name, "draw")


@of("initializer")
def test_fill(benchmark, name):
    timed(benchmark, name, "fill")


@of("stopper")
def test_observe(benchmark, name):
    timed(benchmark, name, "observe")
