"""The cache behind kernels: compiled code on disk, found again as long as nothing that it was made of has changed.

numba stamps only a kernel's own file, so a helper edited in another file would stay stale. Here every kernel caches in a folder named by
a hash of all that it can reach: its own bytecode, that of every kernel it calls, and the constants both read. The folders lie in the
user's cache directory (`TRICKBENCH_CACHE_DIR` moves it); where that cannot be written, kernels are compiled afresh in each process. Folders that
nobody has asked for in three months are removed.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

import numpy as np
import platformdirs
from numpy.typing import NDArray

DAY = 86400
UNUSED = 90
"""Days after which a folder is removed."""
OURS = re.compile(r"[0-9a-f]{32}")
"""The names of our folders: others in the same place are somebody else's."""
LIBRARIES = ("numpy", "numba", "llvmlite", "builtins", "typing", "collections", "functools")
"""Whose classes are part of their versions, which numba's own index holds."""


SYMBOLS = "numbered from a place of the process's own"
"""How the functions in it are told apart (compiler.py): what was cached without this is not used."""


def cache_root() -> Path:
    """Where compiled kernels are kept."""
    chosen = os.environ.get("TRICKBENCH_CACHE_DIR")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("trickbench")) / "kernels"


def folder_for(function: FunctionType, *more: str) -> Path | None:
    """This kernel's own cache folder, or None where it cannot be written. `more` is what else its machine code depends on."""
    try:
        folder = cache_root() / fingerprint(function, version("llvmlite"), SYMBOLS, *more)
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            return None
        os.utime(folder)
        _prune_once()
    except (OSError, RuntimeError):  # RuntimeError: no home folder
        return None
    else:
        return folder


@functools.cache
def _prune_once() -> None:
    """Once a process, and once a day at most, remove what no process has asked for in a long time."""
    root, now = cache_root(), time.time()
    marker = root / "pruned"
    if marker.exists() and now - marker.stat().st_mtime < DAY:
        return
    marker.touch()
    for folder in root.iterdir():
        with suppress(OSError):  # another process may prune at the same time
            if OURS.fullmatch(folder.name) and not folder.is_symlink() and now - folder.stat().st_mtime > UNUSED * DAY:
                shutil.rmtree(folder, ignore_errors=True)


def fingerprint(function: FunctionType, *more: str) -> str:
    """A hash of everything that compiling `function` reads: code and constants, its own and those of all kernels it reaches."""
    digest = hashlib.sha256("\0".join(more).encode())
    for part in _reached(function, set()):
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:32]


def _reached(function: FunctionType, seen: set[int]) -> Iterator[str]:
    if id(function) in seen:
        return
    seen.add(id(function))
    yield f"{function.__module__}.{function.__qualname__}"
    yield from _code(function.__code__, function.__doc__)
    yield repr(function.__defaults__)
    for name, value in _names(function):
        inner = _function_behind(value)
        if inner is not None:
            yield name
            yield from _reached(inner, seen)
        elif isinstance(value, type) and not hasattr(value, "_fields") and not value.__module__.startswith(LIBRARIES):  # it writes machine code
            for member in vars(value).values():
                if isinstance(member, FunctionType):
                    yield from _reached(member, seen)
        else:
            yield from _constant(name, value)


def _constant(name: str, value: Any) -> Iterator[str]:
    """What the compiler sees of a value that is no function."""
    if isinstance(value, (bool, int, float, complex, str, bytes, tuple, np.generic, np.dtype)):
        yield f"{name}={value!r}"
    elif isinstance(value, type) and hasattr(value, "_fields"):  # a named tuple: its type's text does not name its fields
        yield f"{name}={inspect.signature(value)}"
    elif isinstance(value, dict):  # contracts by name, as `compiler.function_at` reads them
        entries = cast("dict[object, object]", value).items()
        yield from (f"{key}{inspect.signature(entry)}" for key, entry in entries if isinstance(entry, FunctionType))
    elif type(value).__module__.startswith("llvmlite"):
        told = type(value).__str__ is not object.__str__ or type(value).__repr__ is not object.__repr__
        yield f"{name}={value}" if told else f"{name}={type(value).__qualname__}"  # the text would name its place in memory
    elif isinstance(value, np.ndarray):
        yield f"{name}={_array_text(cast('NDArray[Any]', value))}"


def _array_text(array: NDArray[Any]) -> str:
    return f"{array.dtype}{array.shape}{hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()}"


def _code(code: CodeType, docstring: str | None = None) -> Iterator[str]:
    """Bytecode and constants, without line numbers, file name and docstring: a comment does not cost a compilation."""
    yield repr((code.co_code, code.co_names, code.co_varnames, code.co_freevars))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant)
        elif isinstance(constant, frozenset):
            yield repr(sorted(map(repr, cast("frozenset[object]", constant))))
        elif constant != docstring or docstring is None:
            yield repr(constant)


def _names(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Every global, attribute of a module, and closed-over value that the function's code names."""
    names = sorted(_code_names(function.__code__))
    for name in names:
        if name not in function.__globals__:
            continue
        value = function.__globals__[name]
        yield name, value
        if isinstance(value, ModuleType) and not value.__name__.startswith(("numpy", "numba", "math")):
            yield from ((f"{name}.{inner}", getattr(value, inner)) for inner in names if hasattr(value, inner))
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        yield name, cell.cell_contents


def _code_names(code: CodeType) -> set[str]:
    nested = (_code_names(constant) for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*nested)


def _function_behind(value: Any) -> FunctionType | None:
    """The Python function that is, or is inside, a kernel, a numba dispatcher or a numba intrinsic; None for anything else."""
    if isinstance(value, FunctionType):
        return value
    for candidate in (getattr(value, name, None) for name in ("source", "py_func", "_defn")):
        if isinstance(candidate, FunctionType):
            return candidate
    return None
