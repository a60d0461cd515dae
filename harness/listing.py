"""What `trickbench list` shows: techniques, implementations, claims, datasets and studies, with what cannot be used here and why.

One block an entry: its name and what it is, then indented lines. No columns, which would not fit a terminal of 80.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from . import catalogue, registry
from .choice import compiled
from .dataset import SPLITTING
from .errors import unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

Entry = tuple[str, str, dict[str, str]]
"""A name, what it is, and labelled details; empty details are left out."""


def show(what: str, console: Console) -> None:
    """Print one list, or all; raises `InputError` for an unknown one."""
    if what not in ("all", *LISTS):
        raise unknown("list", what, ("all", *LISTS))
    for title, entries in LISTS.items():
        if what in ("all", title):
            console.print(Text(title.capitalize(), style="bold underline"))
            for name, summary, details in entries():
                console.print(Text.assemble((name, "bold"), "  ", summary), soft_wrap=True)
                for label, detail in details.items():
                    if detail:
                        console.print(Text.assemble("    ", (f"{label}: ", "dim"), detail), soft_wrap=True)
            console.print()


def techniques() -> Iterator[Entry]:
    """Family, hyperparameters with defaults, and conventions of each technique."""
    for technique in sorted(registry.techniques().values(), key=lambda technique: (technique.family, technique.name)):
        hyperparameters = {name: f"{bounds.default:g}" for name, bounds in technique.hyperparameters.items()}
        conventions = "; ".join(f"{name}={' or '.join(choices)}" for name, choices in technique.conventions.items())
        details = {"hyperparameters": _pairs(hyperparameters), "conventions, the first is the default": conventions}
        yield technique.name, f"({technique.family})  {technique.summary}", details


def implementations() -> Iterator[Entry]:
    """Every implementation, how it runs, the conventions it declares, where it comes from."""
    for name, found in registry.implementations().items():
        origin = "" if found.origin == registry.OWN else found.origin
        yield name, "compiled" if compiled(found) else "interpreted", {"declares": _pairs(found.conventions), "from": origin}
    for name, why in registry.unavailable().items():
        yield name, f"not available: {why}", {}


def claims() -> Iterator[Entry]:
    """Every claim with its kind, its sentence, where the lecture says it, and what it is held against."""
    for claim in sorted(catalogue.claims().values(), key=lambda claim: claim.id):
        about = f"every {claim.family}" if claim.family else ", ".join(claim.about)
        yield claim.id, f"({claim.kind})  {claim.sentence}", {"source": claim.source, "about": about}


def datasets() -> Iterator[Entry]:
    """Every dataset source with its parameters, and those that all take."""
    for name, source in registry.sources().items():
        parameters = {key: str(parameter.default) for key, parameter in source.parameters.items()}
        yield name, f"({source.task})  {source.summary}", {"parameters": _pairs(parameters), "not available": source.available() or ""}
    yield "every dataset", "takes these as well", {f"{key}={parameter.default}": parameter.meaning for key, parameter in SPLITTING.items()}


def studies() -> Iterator[Entry]:
    """Every bundled study with its question."""
    from .study import Study

    for name in registry.studies():
        yield name, Study.load(name).question, {}


LISTS = {"techniques": techniques, "implementations": implementations, "claims": claims, "datasets": datasets, "studies": studies}


def _pairs(pairs: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in pairs.items())
