"""Every claim by id, from the folders of the techniques, from other packages, and from what each family owes.

Apart from the registry, so that the key of a run does not depend on what is claimed of it. Another package registers a module with claims
under the entry point group `trickbench.claims`; the entry point's name is the technique that they are about.
"""

from __future__ import annotations

import functools
import importlib
from types import ModuleType

from .claim import Claim, of_folder
from .errors import InputError
from .registry import ROOT, entries, load, room


@functools.cache
def claims() -> dict[str, Claim]:
    """Every claim by id: all `Claim` objects in the folders' `claims.py` and `claims_<topic>.py`, in those of other packages' techniques, and
    those that a family makes of each of its members.
    """
    found: dict[str, Claim] = {}
    for path in sorted(room("implementations").glob("*/claims*.py")):
        _add_claims(found, importlib.import_module(f"{ROOT}.implementations.{path.parent.name}.{path.stem}"), path.parent.name)
    for entry in entries("claims"):
        _add_claims(found, load(entry), entry.name)
    for name in ("conformance", "agreement"):
        _add_claims(found, importlib.import_module(f"{ROOT}.harness.{name}"), "")
    return found


def _add_claims(found: dict[str, Claim], module: ModuleType, folder: str) -> None:
    for value in (*vars(module).values(), *getattr(module, "CLAIMS", ())):
        if isinstance(value, Claim):
            if value.id in found and found[value.id].check is not value.check:
                raise InputError(f"{module.__name__} has a second claim with the id {value.id}; give it another one.")
            found[value.id] = of_folder(value, folder)
