"""`trickbench diagnose`: say what is wrong with a training."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def diagnose(
    history: Annotated[Path, typer.Argument(help="Learning curves: a CSV, a JSON of Keras or scikit-learn, or a folder with results.")],
    target: Annotated[float | None, typer.Option(help="The result that is good, in the history's unit: 0.95, or 95 where that is per cent.")] = None,
    chance: Annotated[float | None, typer.Option(help="What a constant prediction scores, in the same unit: 0.1, or 10, for ten classes.")] = None,
    metric: Annotated[str | None, typer.Option(help="Judge by this one, where several were recorded; loss is one.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="ROLE=NAME", help="What a column holds: train_loss=my_loss, test_accuracy=acc2; may be repeated.")
    ] = None,
    arm: Annotated[str | None, typer.Option(help="Of a folder with results: only this arm.")] = None,
    dataset: Annotated[str | None, typer.Option(help="Of a folder with results: only this dataset.")] = None,
    implementation: Annotated[str | None, typer.Option(help="Another diagnosis than the project's: a .py file, a module, or module:class.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON instead of words.")] = False,
) -> None:
    """Say what is wrong with a training from its learning curves: bad on training (which kind), overfitting, or good; and what helps against it."""
    from ..diagnosis.command import Asked, diagnoses, show, status, to_json

    found = diagnoses(history, Asked(target, chance, metric, column or (), arm, dataset, implementation))
    if json:
        print(to_json(found), flush=True)  # noqa: T201
    else:
        from rich.console import Console

        show(found, Console())
    sys.exit(status(found))
