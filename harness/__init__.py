"""The harness: studies, runs, results. Knows families of techniques, never a technique.

A study goes through these, from the first to the last:

    study.py       what is asked; every key of it            designs/     which arms there are, and what is compared
    planning.py    arms -> runs, each with its key           tuning/      the same search for every arm, before they are compared
    execution.py   runs -> threads or worker processes       training.py  one run; machine.py, loop.py, network.py, engine/ are its inside
    store.py       what has ended, at once                   result.py    its tables: analysis/ makes them, inference/ the verdicts in them

`planned.py` lays all of that out, `ablation.py` performs it. `families.py` is what a technique offers, `registry.py` where it is found; `checks/`
holds claims against it (claim.py, conformance/, agreement/), `timing/` times it, `diagnosis/` says what is wrong with a training. `cli.py` is the
command line, `commands/` its commands.

Attributes are loaded when they are first used (PEP 562), so that `import trickbench.harness` and `trickbench --help` cost next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .ablation import run
    from .checks.command import recheck
    from .diagnosis.command import diagnose
    from .diagnosis.of_results import remedies
    from .errors import InputError, StorageError, UnavailableError
    from .planned import plan
    from .pytest_plugin import parametrize_with_claims
    from .result import Result
    from .study import Study
    from .technique import Convention, Implementation, Range, Technique
    from .timing.command import speed

_HOME = {
    "plan": "planned",
    "run": "ablation",
    "recheck": "checks.command",
    "diagnose": "diagnosis.command",
    "remedies": "diagnosis.of_results",
    "parametrize_with_claims": "pytest_plugin",
    "InputError": "errors",
    "StorageError": "errors",
    "UnavailableError": "errors",
    "Result": "result",
    "speed": "timing.command",
    "Study": "study",
    "Convention": "technique",
    "Implementation": "technique",
    "Range": "technique",
    "Technique": "technique",
}

__all__ = [
    "Convention",
    "Implementation",
    "InputError",
    "Range",
    "Result",
    "StorageError",
    "Study",
    "Technique",
    "UnavailableError",
    "diagnose",
    "parametrize_with_claims",
    "plan",
    "recheck",
    "remedies",
    "run",
    "speed",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
