"""The training loop, compiled against interpreted, on the same work in one run: `tox -e bench`."""

import pytest

from trickbench.harness.execution import one_blas_thread, splits
from trickbench.harness.machine import machine
from trickbench.harness.metrics import METRICS
from trickbench.harness.recipe import Recipe, resolve
from trickbench.harness.training import Run

RECIPE = {"activation": "relu", "optimizer": "adam", "initializer": "he", "hidden": (32, 32), "batch": 16}


@pytest.mark.parametrize("form", ["compiled", "interpreted"])
@pytest.mark.benchmark(group="an epoch of digits, 64-32-32-10, batches of 16")
def test_an_epoch(benchmark, form):
    resolved = resolve(Recipe(**RECIPE), "classification")
    run = Run(resolved, splits("digits", 0, "float32"), 0, METRICS["accuracy"])
    run.machine = machine(run.members, resolved.dtype, compiled=form == "compiled")
    with one_blas_thread():
        benchmark(run.epoch)
    assert run.updates > 0
