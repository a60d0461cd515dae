"""`trickbench speed`: time implementations against each other."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from .pages import write_page
from .status import FAILED_RUNS, INTERRUPTED, NOTHING, stop
from .stdout import nothing_else_on_stdout


def speed(
    technique: Annotated[list[str] | None, typer.Argument(metavar="[TECHNIQUE]...", help="All by default, in little time each.")] = None,
    implementation: Annotated[
        list[str] | None,
        typer.Option(
            help="A .py file, a module or module:class joins the others; a name (adam/numba_fused) leaves only it and the reference. May be repeated."
        ),
    ] = None,
    size: Annotated[list[int] | None, typer.Option(help="Elements of the arrays; may be repeated. By default three sizes a family.")] = None,
    method: Annotated[list[str] | None, typer.Option(help="Only this method, such as forward; may be repeated.")] = None,
    dtype: Annotated[str, typer.Option(help="float32 or float64.")] = "float32",
    seconds: Annotated[float | None, typer.Option(help="How long to measure a technique, about; 10 by default, 2 where all are timed.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON instead of tables.")] = False,
    output: Annotated[Path | None, typer.Option(help="Write a page, a picture a technique, and tables into this folder.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the order in which samples are taken.")] = 0,
) -> None:
    """Time all implementations of a technique against each other in one run: ratios with intervals, and shares of what the machine can do."""
    from ..timing.command import Asked, measure
    from ..timing.threads import one_thread

    one_thread()
    from rich.console import Console

    from ..timing.output import show, with_words

    asked = Asked(technique or (), implementation or (), size or (), dtype, method or (), seconds, seed)
    with nothing_else_on_stdout():
        speeds = measure(asked, Console(stderr=True))
    with suppress(BrokenPipeError):
        if json:
            print(speeds.to_json(), flush=True)  # noqa: T201
        else:
            console = Console()
            console.on_broken_pipe = lambda: None
            show(speeds, console)
    if output is not None and speeds.rows:
        write_page("write_speed_report", "--output", output, with_words(speeds))
    if speeds.interrupted:
        stop("Interrupted; what was measured until then is shown.", INTERRUPTED)
    if not speeds.rows:
        stop("Nothing was timed: no implementation that can run here has what was asked for.", NOTHING)
    if speeds.failed:
        sys.exit(FAILED_RUNS)
