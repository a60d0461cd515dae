"""What `run` and `report` end with: the report, how the runs ended, and the status that they deserve."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import StorageError
from ..words import counted
from .status import FAILED_RUNS, NOTHING

if TYPE_CHECKING:
    from rich.console import Console

    from ..result import Result


def report_in(folder: Path, how: str, result: Result) -> list[Path]:
    """The files of the report: `write_report` draws it, `keep_report` only if it is not true any more."""
    from importlib import import_module

    try:
        return getattr(import_module("...reports", __package__), how)(result, folder)
    except OSError as error:
        again = f"trickbench report {result.folder}"
        raise StorageError(
            f"The report cannot be written ({error}); free some room or make the folder writable and run `{again}`, "
            f"or have it written elsewhere: `{again} --output FOLDER`."
        ) from error


def _answer(summary: list[Path]) -> list[tuple[str, str]]:
    """What the report says first."""
    from importlib import import_module

    return import_module("...reports", __package__).answer_in(summary[0].parent)


def tell(result: Result, summary: list[Path], console: Console) -> None:
    """Say how the runs ended, what came out and where the report is, and end with the status that the runs deserve."""
    from rich.text import Text

    done, diverged, failed, pending = (result.count(*status) for status in (("done",), ("diverged",), ("failed", "timeout"), ("pending",)))
    ended = f"{diverged:,} diverged, {failed:,} failed, {pending:,} without a result."
    begin = f"{counted(done, 'run')} done" if result.compares_all else f"{result.size}: {done:,} done"
    console.print(f"{begin}, {ended}", highlight=False, soft_wrap=True)
    if result.grown:
        from ..until_decided import sentence

        console.print(sentence(result.grown), highlight=False, soft_wrap=True)
    for message, count in list(result.failures.items())[:5]:
        console.print(f"  {count} failed: {message}", highlight=False, markup=False, soft_wrap=True)
    for setting, sentence in _answer(summary):
        console.print(Text.assemble((f"{setting}: ", "bold"), sentence), soft_wrap=True)
    console.print(f"Report: {next(path for path in summary if path.suffix == '.html')}", soft_wrap=True, highlight=False)
    if failed:
        sys.exit(FAILED_RUNS)
    if not done and not diverged:
        sys.exit(NOTHING)
