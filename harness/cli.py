"""The command line: `trickbench run`, `report`, `check`, `diagnose`, `speed` and `list`, which stand in commands/."""

from __future__ import annotations

from typing import Annotated

import typer

from .commands.check import check
from .commands.diagnose import diagnose
from .commands.list_ import list_
from .commands.report import report
from .commands.run import run
from .commands.speed import speed
from .commands.status import sentences

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]}
)


def main() -> None:
    """The console script."""
    with sentences():
        app()


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"trickbench {version('trickbench')}")
        raise typer.Exit


@app.callback()
def trickbench(
    _asked: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")] = False,
) -> None:
    """Prove training tricks: controlled ablations on real data, with intervals, and honest verdicts."""


for command in (run, report, check, diagnose, speed):
    app.command()(command)
app.command("list")(list_)
