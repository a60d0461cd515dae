"""The harness: studies, runs, results. Knows families of techniques, never a technique.

Attributes are loaded when they are first used (PEP 562), so that `import trickbench.harness` and `trickbench --help` cost next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .ablation import plan, run
    from .checks.command import recheck
    from .diagnosis.command import diagnose
    from .diagnosis.of_results import remedies
    from .errors import InputError, StorageError, UnavailableError
    from .pytest_plugin import parametrize_with_claims
    from .result import Result
    from .study import Study
    from .technique import Convention, Implementation, Range, Technique
    from .timing.command import speed

_HOME = {
    "plan": "ablation",
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
