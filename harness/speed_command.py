"""`trickbench speed`, step by step: what was asked for, the races, and the result for people and machines."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from . import hardware
from .errors import InputError
from .speed_plan import Asked, Contest, SpeedPlan, speed_plan
from .speed_run import Timed, speed_run

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console


@dataclass
class Speeds:
    """All rows of one run, on which machine they were measured, and what could not be timed."""

    rows: list[Timed] = field(default_factory=list[Timed])
    processor: str = ""
    unavailable: dict[str, str] = field(default_factory=dict[str, str])
    failed: dict[str, str] = field(default_factory=dict[str, str])
    interrupted: bool = False

    def table(self) -> pd.DataFrame:
        """One row a method, size and implementation."""
        import pandas as pd

        return pd.DataFrame([dataclasses.asdict(row) for row in self.rows], columns=[each.name for each in dataclasses.fields(Timed)])

    def to_json(self) -> str:
        """Everything as one JSON document; `null` stands for what is no number."""
        return json.dumps(_without_nan(dataclasses.asdict(self)), indent=1, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. Raises `InputError` for anything else."""
        try:
            found = json.loads(text)
            rows = [Timed(**{name: _with_nan(name, value) for name, value in row.items()}) for row in found.pop("rows")]
            return cls(rows, **found)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(
                f"This is no result of `trickbench speed --json` ({type(error).__name__}: {error}); give one of this version."
            ) from error


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nan(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [_without_nan(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124  NaN


def _with_nan(name: str, value: Any) -> Any:
    return float("nan") if value is None and name != "operations" else value


def speed(
    *techniques: str, implementations: Sequence[str] = (), sizes: Sequence[int] = (), dtype: str = "float32", methods: Sequence[str] = (),
    seconds: float | None = None, seed: int = 0,
) -> pd.DataFrame:  # fmt: skip
    """Time all implementations of some techniques against each other and return a table, a row for each method, size and implementation.

    Other libraries use as many threads as they are set to; the command line sets them to one. Raises `InputError` for what is unknown.
    """
    return measure(Asked(techniques, implementations, sizes, dtype, methods, seconds, seed)).table()


def measure(asked: Asked, console: Console | None = None) -> Speeds:
    """Make the races, with a moving line where the console is a terminal. An interrupt keeps what was measured."""
    plan = speed_plan(asked)
    found = Speeds(processor=hardware.processor(), unavailable=plan.unavailable)
    try:
        with _watched(plan, console) as watch:
            for contest, rows, failed in speed_run(plan, asked.seed):
                found.rows += rows
                found.failed |= failed
                watch(contest)
    except KeyboardInterrupt:
        found.interrupted = True
    found.rows.sort(key=lambda row: (row.technique, row.method))  # sizes and implementations stay in their order
    return found


def one_thread() -> None:
    """Hold other libraries to one thread, unless the user has chosen; to be called before they are imported."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")


@contextmanager
def _watched(plan: SpeedPlan, console: Console | None) -> Generator[Any]:
    if console is None or not console.is_terminal:
        yield _nothing
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("timing"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        following = iter([*plan.contests[1:], None])
        task = progress.add_task(_title(plan.contests[0]), total=len(plan.contests))

        def watch(_done: Contest) -> None:
            coming = next(following)
            progress.update(task, advance=1, description=_title(coming) if coming else "")

        yield watch


def _nothing(_done: Contest) -> None:
    pass


def _title(contest: Contest) -> str:
    return f"{contest.technique.name}, {contest.size:,} elements"
