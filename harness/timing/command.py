"""`trickbench speed`, step by step: what was asked for, the races, and the result for people and machines."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import hardware
from .plan import Asked, Contest, SpeedPlan, speed_plan
from .run import Timed, speed_run
from .threads import one_thread

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

__all__ = ("Asked", "Speeds", "measure", "one_thread", "speed")


@dataclass
class Speeds:
    """All rows of one run, on which machine they were measured, and what could not be timed."""

    rows: list[Timed] = field(default_factory=list[Timed])
    processor: str = ""
    threads: dict[str, int] = field(default_factory=dict[str, int])
    """The most of each library that was loaded."""
    unavailable: dict[str, str] = field(default_factory=dict[str, str])
    failed: dict[str, str] = field(default_factory=dict[str, str])
    interrupted: bool = False

    def table(self) -> pd.DataFrame:
        """One row a method, size and implementation."""
        import pandas as pd

        found = pd.DataFrame([dataclasses.asdict(row) for row in self.rows], columns=[each.name for each in dataclasses.fields(Timed)])
        found.attrs = {"processor": self.processor, "threads": self.threads}
        return found

    def to_json(self) -> str:
        """Everything as one JSON document; `null` stands for what is no number."""
        return json.dumps(_without_nan(dataclasses.asdict(self)), indent=1, ensure_ascii=False, allow_nan=False)


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nan(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [_without_nan(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124  NaN


def speed(
    *techniques: str, implementations: Sequence[str] = (), sizes: Sequence[int] = (), dtype: str = "float32", methods: Sequence[str] = (),
    seconds: float | None = None, seed: int = 0,
) -> pd.DataFrame:  # fmt: skip
    """Time all implementations of some techniques against each other and return a table, a row for each method, size and implementation.

    JAX uses as many threads as it is set to; the command line sets it to one.
    `attrs["threads"]` says what held. Raises `InputError` for what is unknown.
    """
    return measure(Asked(techniques, implementations, sizes, dtype, methods, seconds, seed)).table()


def measure(asked: Asked, console: Console | None = None) -> Speeds:
    """Make the races, with a moving line where the console is a terminal. An interrupt keeps what was measured."""
    plan = speed_plan(asked)
    found = Speeds(processor=hardware.processor(), unavailable=plan.unavailable)
    try:
        with _watched(plan, console) as watch:
            for contest, rows, failed, used in speed_run(plan, asked.seed):
                found.rows += rows
                found.failed |= failed
                found.threads = {name: max(count, found.threads.get(name, 1)) for name, count in used.items()}
                watch(contest)
    except KeyboardInterrupt:
        found.interrupted = True
    found.rows.sort(key=lambda row: (row.technique, row.method))  # sizes and implementations stay in their order
    return found


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
