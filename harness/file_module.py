"""A Python file as a module, under one name for ever: kernels' caches and pickles name their module."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from .errors import InputError


def module_of_file(path: Path) -> ModuleType:
    """Import a file, or hand out what it gave the first time. Raises `InputError` if it is none, or cannot be imported."""
    name = f"trickbench_file_{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path) if path.suffix == ".py" and path.is_file() else None
    if spec is None or spec.loader is None:
        raise InputError(f"{path} is no Python file; give the path of a .py file with an implementation.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise InputError(f"{path} cannot be imported: {type(error).__name__}: {error}.") from error
    return module
