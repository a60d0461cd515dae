"""`trickbench list`: show what there is."""

from __future__ import annotations

from typing import Annotated

import typer


def list_(what: Annotated[str, typer.Argument(help="techniques, implementations, claims, datasets or studies; all by default.")] = "all") -> None:
    """List what there is: techniques, implementations, claims, datasets and studies."""
    from rich.console import Console

    from ..listing import show

    show(what, Console())
