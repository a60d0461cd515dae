"""A page that a command writes where it was asked to."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import typer

from ..errors import StorageError


def write_page(how: str, option: str, folder: Path, *contents: object) -> None:
    """A page of the reports, by one of its functions; `option` names the folder on the command line."""
    try:
        path = getattr(import_module("...reports", __package__), how)(*contents, folder)
    except OSError as error:
        raise StorageError(f"The report cannot be written into {folder} ({error}); name another folder with {option}.") from error
    typer.echo(f"Report: {path}", err=True)
