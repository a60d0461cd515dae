"""The training loop, and a whole small study."""

from __future__ import annotations

import functools
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ._skipping import skipping_what_is_missing

FORMS = {"compiled": "", "interpreted": "/numpy_reference"}
NETWORKS: dict[str, dict[str, Any]] = {
    "64-128-128-10, batch 32": {"hidden": (128, 128), "batch": 32},
    "64-32-32-10, batch 16": {"hidden": (32, 32), "batch": 16},
}
EPOCHS = 10
PRELOAD = ("pandas", "sklearn.datasets", "sklearn.model_selection", "trickbench.harness.execution", "trickbench.harness.ablation")
"""Imported once before a comparison forks a process for a benchmark: a second each that is not measured."""
LOOP = ("trickbench.harness.training", "trickbench.harness.compiled", "trickbench.harness.execution")
USED = tuple(
    f"trickbench.implementations.{each}.{variant}"
    for each in ("relu", "adam", "he", "softmax_cross_entropy")
    for variant in ("numba_fused", "numpy_reference")
)


@functools.cache
def training(network: str, form: str) -> Callable[[], Any]:
    """Ten epochs on digits, measured after each, trained once already."""
    with skipping_what_is_missing():
        from trickbench.harness.execution import splits
        from trickbench.harness.metrics import METRICS
        from trickbench.harness.recipe import Recipe, resolve
        from trickbench.harness.training import train

        forms = {"activation": f"relu{FORMS[form]}", "optimizer": f"adam{FORMS[form]}", "initializer": f"he{FORMS[form]}"}
        resolved = resolve(Recipe(**forms, **NETWORKS[network]), "classification")
        call = functools.partial(train, resolved, splits("digits", 0, "float32"), 0, EPOCHS, METRICS["accuracy"])
        call()
    return call


class Epochs:
    version = "1"
    unit = "seconds"
    timeout = 600
    repeat = (2, 10, 2.0)
    warmup_time = 0.02
    preload = PRELOAD
    params = (list(NETWORKS), list(FORMS))
    param_names = ("network", "form")

    def setup(self, network: str, form: str) -> None:
        self.train = training(network, form)

    @staticmethod
    def modules(_network: str, _form: str) -> tuple[str, ...]:
        return (*LOOP, *USED, "trickbench.datasets.*")

    def time_ten_epochs(self, _network: str, _form: str) -> None:
        self.train()


def small_study() -> Any:
    """Sixteen runs on small data: two arms in two forms of one factor, four seeds."""
    from trickbench.harness import Study

    return Study(
        question="Does the optimiser matter?",
        datasets=["iris", "wine"],
        seeds=4,
        epochs=10,
        baseline={"activation": "relu", "optimizer": "sgd[learning_rate=0.1]", "initializer": "he", "hidden": [16, 16]},
        factors={"optimizer": {"adam": {"optimizer": "adam"}}},
    )


@functools.cache
def scratch() -> Path:
    """A folder for what benchmarks write; it goes with the process."""
    kept.append(tempfile.TemporaryDirectory(prefix="trickbench-"))
    return Path(kept[-1].name)


kept: list[Any] = []
numbers = itertools.count()


class Studies:
    preload = PRELOAD
    version = "1"
    unit = "seconds"
    timeout = 600
    repeat = (2, 10, 5.0)
    warmup_time = 0.0

    def setup(self) -> None:
        with skipping_what_is_missing():
            from trickbench.harness import run

            self.run = functools.partial(run, small_study(), workers=1)
        self.run(output=scratch() / str(next(numbers)))

    @staticmethod
    def modules() -> tuple[str, ...]:
        return ("trickbench.harness.ablation", *LOOP, *USED, "trickbench.implementations.sgd.numba_fused", "trickbench.datasets.*")

    def time_small_study(self) -> None:
        """Planned, trained on one core, stored and read: a folder of its own each time."""
        self.run(output=scratch() / str(next(numbers)))
