"""What the harness costs around the training: commands, planning, claims, store and report."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ._skipping import CHECK_COMMAND, first_of, skipping_what_is_missing
from .training import PRELOAD, USED, numbers, scratch, small_study

COMMANDS = {
    "trickbench --help": ["-m", "trickbench.harness", "--help"],
    "trickbench list": ["-m", "trickbench.harness", "list"],
    "plan the lecture study": ["-c", "from trickbench.harness import plan; plan('lecture')"],
}
RUNS = 1000


class _Part:
    version = "1"
    unit = "seconds"
    timeout = 600
    repeat = (2, 10, 5.0)
    warmup_time = 0.0


class Commands(_Part):
    """As a user waits for them, the start of Python included."""

    params = (list(COMMANDS),)
    param_names = ("command",)

    def setup(self, _command: str) -> None:
        with skipping_what_is_missing():
            import trickbench.harness.cli  # noqa: F401
        self.environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}

    @staticmethod
    def modules(_command: str) -> tuple[str, ...]:
        return ("trickbench.harness.*", "trickbench.implementations.*", "trickbench.datasets.*", "trickbench.studies.*")

    def time_command(self, command: str) -> None:
        subprocess.run([sys.executable, *COMMANDS[command]], check=True, capture_output=True, env=self.environment)


class Planning(_Part):
    preload = PRELOAD

    def setup(self) -> None:
        with skipping_what_is_missing():
            from trickbench.harness import plan

            self.plan = plan
        self.plan("lecture")

    @staticmethod
    def modules() -> tuple[str, ...]:
        return ("trickbench.harness.ablation", "trickbench.implementations.*", "trickbench.datasets.*", "trickbench.studies.*")

    def time_lecture(self) -> None:
        """Again in a process that has planned before."""
        self.plan("lecture")


class Claims(_Part):
    """All claims about one implementation that train nothing."""

    params = (["l2/numba_fused", "momentum/numba_fused"],)
    param_names = ("implementation",)

    def setup(self, name: str) -> None:
        self.check = checking(name)

    @staticmethod
    def modules(name: str) -> tuple[str, ...]:
        return ("trickbench.harness.*", f"trickbench.implementations.{name.partition('/')[0]}.*")

    def time_check(self, _name: str) -> None:
        self.check()


@functools.cache
def checking(name: str) -> Any:
    """The fast checks of one implementation, made once already."""
    with skipping_what_is_missing():
        command = first_of(*CHECK_COMMAND)
        call = functools.partial(command.check, command.Asked(implementations=(name,), fast=True), 1)
    call()
    return call


class Stores(_Part):
    preload = PRELOAD

    def setup(self) -> None:
        with skipping_what_is_missing():
            from trickbench.harness.planning import jobs  # noqa: F401
            from trickbench.harness.store import Store

            self.open = Store
            self.jobs, self.outcome = stored()
            self.environment = {"machine": "any"}
        self.filled = scratch() / "filled"
        if not self.filled.is_dir():
            self._fill(self.filled)
        self.time_read()

    @staticmethod
    def modules() -> tuple[str, ...]:
        return ("trickbench.harness.store",)

    def _fill(self, folder: Path) -> None:
        with self.open(folder) as store:
            store.set_plan(self.jobs)
            number = store.environment(self.environment)
            for job in self.jobs:
                store.add(job, self.outcome, number)

    def time_add_thousand_runs(self) -> None:
        self._fill(scratch() / str(next(numbers)))

    def time_read(self) -> None:
        with self.open(self.filled, create=False) as store:
            store.runs()
            store.epochs()


@functools.cache
def stored() -> tuple[list[Any], Any]:
    """A thousand runs of a plan, and what one of them gave: twenty epochs of eleven columns."""
    import numpy as np

    from trickbench.harness import plan
    from trickbench.harness.outcome import Outcome

    job = plan(small_study()).jobs[0]
    figures = dict.fromkeys((f"{part}_{what}" for part in ("train", "validation", "test") for what in ("loss", "metric")), 0.5)
    columns = ("epoch", *figures, "gradient_norm", "seconds", "weight_norm_1", "weight_norm_2")
    history = np.random.default_rng(0).normal(size=(20, len(columns)))
    history[:, 0] = np.arange(1, 21)
    outcome = Outcome("done", epochs=20, updates=100, best_epoch=20, seconds=0.1, columns=columns, history=history, figures=figures)
    return [job._replace(key=f"{number:024x}", seed=number) for number in range(RUNS)], outcome


class Reports(_Part):
    timeout = 900
    preload = (*PRELOAD, "altair", "jinja2", "vl_convert")

    def setup(self) -> None:
        with skipping_what_is_missing():
            from trickbench.harness import Result, run
            from trickbench.reports import write_report

            self.result, self.write = Result, write_report
        self.folder = scratch() / "study"
        if not self.folder.is_dir():
            run(small_study(), workers=1, output=self.folder)
            self.time_small_study()

    @staticmethod
    def modules() -> tuple[str, ...]:
        return ("trickbench.reports.*", "trickbench.harness.result", *USED)

    def time_small_study(self) -> None:
        """Results read and the report drawn into a folder of its own."""
        self.write(self.result(self.folder), scratch() / str(next(numbers)))
