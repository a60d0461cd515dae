"""`trickbench run`: train a study's ablation."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from .interrupted import interrupted
from .outcome import report_in, tell
from .status import INTERRUPTED, stop


def run(
    study: Annotated[str, typer.Argument(help="A bundled study (see `trickbench list studies`), or the path of a TOML file.")],
    seed: Annotated[int | None, typer.Option(min=0, help="The smallest seed, instead of the study's; the others follow at their distances.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Runs at the same time; by default one a core.")] = None,
    output: Annotated[Path | None, typer.Option(help="Folder for results and report; by default trickbench-out/STUDY.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="FACTOR=LEVEL", help="Only this trick and what it is compared with; may be repeated.")
    ] = None,
    implementation: Annotated[list[Path] | None, typer.Option(help="A Python file with an implementation of yours; may be repeated.")] = None,
    until_decided: Annotated[
        bool, typer.Option("--until-decided", help="Add seeds to comparisons that are undecided, at looks that keep the error rate.")
    ] = False,
    max_seeds: Annotated[int | None, typer.Option(metavar="N", help="With --until-decided: at most N seeds, fixed before the first look.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and the expected time; run nothing.")] = False,
) -> None:
    """Train a study's ablation and write its report. A second start continues where the first ended."""
    from rich.console import Console

    from .. import ablation, registry
    from ..cores import available_cores
    from ..progress import watcher

    for path in implementation or ():
        registry.add_file(path)
    planned = ablation.plan(study, seed=seed, only=only or (), until_decided=until_decided, max_seeds=max_seeds)
    planned = replace(planned, command=shlex.join(["trickbench", *sys.argv[1:]]))
    if dry_run:
        from ..forecast import show

        show(planned, jobs or available_cores(), Console())
        return
    for remark in planned.remarks:
        Console(stderr=True).print(remark, highlight=False, soft_wrap=True, markup=False)
    try:
        result = ablation.run(planned, workers=jobs, output=output, watcher=watcher(Console(stderr=True)))
        summary = report_in(result.folder, "keep_report", result)
    except KeyboardInterrupt:  # caught before typer does, which would say nothing
        stop(interrupted(planned, ablation.folder_of(planned, output)), INTERRUPTED)
    tell(result, summary, Console())
