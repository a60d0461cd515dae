"""`trickbench report`: draw a study's report again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .outcome import report_in, tell


def report(
    folder: Annotated[Path, typer.Argument(help="A folder with results, such as trickbench-out/lecture.")],
    output: Annotated[Path | None, typer.Option(help="Folder for the report; by default beside the results.")] = None,
) -> None:
    """Draw the report of a study again, without running anything."""
    from rich.console import Console

    from ..result import Result

    result = Result(folder)
    tell(result, report_in(output or folder, "write_report", result), Console())
