"""What `trickbench list` shows: techniques, implementations, datasets and studies, with what cannot be used here and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from . import registry
from .choice import compiled
from .dataset import SPLITTING
from .errors import unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console


def show(what: str, console: Console) -> None:
    """Print one table, or all; raises `InputError` for an unknown one."""
    if what not in ("all", *TABLES):
        raise unknown("list", what, ("all", *TABLES))
    for name, table in TABLES.items():
        if what in ("all", name):
            console.print(table(), highlight=False)


def techniques() -> Table:
    """Name, family, hyperparameters and conventions of each technique."""
    table = _table("techniques", "family", "technique", "hyperparameters", "conventions (first is the default)", "what it is")
    for technique in sorted(registry.techniques().values(), key=lambda technique: (technique.family, technique.name)):
        hyperparameters = {name: f"{bounds.default:g}" for name, bounds in technique.hyperparameters.items()}
        conventions = {name: " or ".join(choices) for name, choices in technique.conventions.items()}
        table.add_row(technique.family, technique.name, _pairs(hyperparameters), _pairs(conventions), technique.summary)
    return table


def implementations() -> Table:
    """Every implementation, the conventions it declares, how it runs, where it comes from."""
    table = _table("implementations", "implementation", "runs", "declares", "from")
    for name, found in registry.implementations().items():
        table.add_row(name, "compiled" if compiled(found) else "interpreted", _pairs(found.conventions), found.origin)
    for name, why in registry.unavailable().items():
        table.add_row(name, "unavailable", why, "")
    return table


def datasets() -> Table:
    """Every dataset source with its parameters."""
    table = _table("datasets", "dataset", "task", "parameters", "what it is")
    for name, source in registry.sources().items():
        parameters = {key: str(parameter.default) for key, parameter in source.parameters.items()}
        why = source.available()
        table.add_row(name, source.task, _pairs(parameters), source.summary if why is None else f"{source.summary} Not here: {why}")
    for key, parameter in SPLITTING.items():
        table.add_row("every dataset", "", f"{key}={parameter.default}", parameter.meaning.capitalize() + ".")
    return table


def studies() -> Table:
    """Every bundled study with its question."""
    from .study import Study

    table = _table("studies", "study", "question")
    for name in registry.studies():
        table.add_row(name, Study.load(name).question)
    return table


TABLES = {"techniques": techniques, "implementations": implementations, "datasets": datasets, "studies": studies}


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _pairs(pairs: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in pairs.items())
