"""What was asked in Python, as a program that asks for the same again: a report shows it, as it shows what was typed on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import registry
from .study import Study


def program(study: Study | str | Path, seed: int | None, only: Sequence[str], until_decided: bool, max_seeds: int | None) -> str:
    """A complete program: files with implementations, the study, and all that the call was given which its results depend on."""
    how = {"seed": seed, "only": list(only) or None, "until_decided": until_decided or None, "max_seeds": max_seeds}
    asked = "".join(f", {name}={value!r}" for name, value in how.items() if value is not None)
    files = [f"add_file(Path({str(path)!r}))" for path in registry.files()]
    needed = ["from pathlib import Path", "", "from trickbench.harness.registry import add_file"] if files else []
    if isinstance(study, Study):
        imported, made, named = "Study, run", _made(study), "study"
    else:
        imported, made, named = "run", [], repr(str(study))
    return "\n".join([*needed, f"from trickbench.harness import {imported}", "", *files, *made, f"run({named}{asked})"])


def _made(study: Study) -> list[str]:
    """The study with the keys that it was given, in plain values; seeds from 0 as their number."""
    keys: dict[str, Any] = study.model_dump(mode="json", exclude_unset=True)
    if keys["seeds"] == list(range(len(study.seeds))):
        keys["seeds"] = len(study.seeds)
    return ["study = Study(", *(f"    {name}={value!r}," for name, value in keys.items()), ")"]
