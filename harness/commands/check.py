"""`trickbench check`: hold claims against implementations."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from .pages import write_page
from .status import INTERRUPTED, NOTHING, stop
from .stdout import nothing_else_on_stdout


def check(
    technique: Annotated[list[str] | None, typer.Option(help="Only implementations of this technique; may be repeated.")] = None,
    implementation: Annotated[
        list[str] | None,
        typer.Option(help="Only this one: a name (adam/numba_fused), a .py file, a module (my_package.my_adam), or module:class; may be repeated."),
    ] = None,
    claim: Annotated[list[str] | None, typer.Option(help="Only claims whose id fits this pattern, such as 'adam.*'; may be repeated.")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out the empirical claims, which train networks.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON instead of tables.")] = False,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit XML file for continuous integration.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the claims report, one page, into this folder.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of all inputs that the checks draw.")] = 0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Checks at the same time; by default one a core.")] = None,
) -> None:
    """Hold the lecture's claims against implementations: which hold, and a counterexample where one does not."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # arrays are small: other libraries' threads would cost more than they bring
    from rich.console import Console

    from ..checks.command import Asked, check
    from ..checks.output import show, to_json, write_junit
    from ..cores import available_cores

    asked = Asked(claim or (), technique or (), implementation or (), fast, seed)
    with nothing_else_on_stdout():
        verdicts = check(asked, jobs or available_cores(), Console(stderr=True))
    with suppress(BrokenPipeError):  # a reader that has seen enough changes no verdict
        if json:
            print(to_json(verdicts), flush=True)  # noqa: T201
        else:
            console = Console()
            console.on_broken_pipe = lambda: None
            show(verdicts, console)
    if junit is not None:
        write_junit(verdicts, junit)
    if report is not None:
        write_page("write_claims_report", "--report", report, verdicts.summary(), verdicts.records())
    if verdicts.interrupted:
        stop(f"Interrupted after {verdicts.made} of {verdicts.expected} checks.", INTERRUPTED)
    if verdicts.status == NOTHING:
        stop("Nothing was checked: no claim with a check fits what was asked for; see `trickbench list claims`.", NOTHING)
    sys.exit(verdicts.status)
