"""The one decorator that compiles a kernel, and the cache behind it.

`@kernel` marks a function that numba can compile. Called from Python it simply runs, as Python: that is how one source serves the
compiled and the interpreted training loop. Named inside another kernel it is compiled into it. Asked for its `address` it is compiled
for one explicit signature and hands out a function pointer, so that a loop which takes pointers never has to be compiled again for a
new implementation (passing numba's own dispatchers to a loop costs 170-250 microseconds a call, an address 0.5).

numba stamps only a kernel's own file, so a helper edited in another file would stay stale. Here every kernel caches in a folder named by
a hash of all that it can reach: its own bytecode, that of every kernel it calls, and the constants both read. The folders lie in the
user's cache directory (`TRICKBENCH_CACHE_DIR` moves it); where that cannot be written, kernels are compiled afresh in each process.

numba is imported on the first compilation, not before: listing implementations costs none of it.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

import numpy as np
import platformdirs
from numpy.typing import NDArray

from .arrays import contract_arguments
from .errors import InputError

OPTIONS: dict[str, Any] = {
    "nogil": True,  # runs share the cores as threads
    "error_model": "numpy",  # 1 / 0 is inf, as in NumPy, and loops vectorise
    "fastmath": {"contract"},  # fused multiply-add; nothing that reorders a sum or assumes there is no NaN
}

_LOCK = threading.RLock()
_PACKAGE = __name__.partition(".")[0]


class Kernel:
    """A function that runs as Python when called and is compiled when asked for its address."""

    def __init__(self, function: Callable[..., Any]) -> None:
        if not isinstance(function, FunctionType):
            raise InputError(f"@kernel takes a plain function, not {function!r}.")
        functools.update_wrapper(self, function)
        self.function = function
        self._compiled: dict[tuple[Callable[..., Any], np.dtype[Any]], Callable[..., Any]] = {}
        self._addresses: dict[tuple[Callable[..., Any], np.dtype[Any]], int] = {}

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)

    def __repr__(self) -> str:
        return f"<kernel {self.function.__module__}.{self.function.__qualname__}>"

    @property
    def source(self) -> FunctionType:
        """The function that is compiled."""
        return self.function

    @functools.cached_property
    def dispatcher(self) -> Any:
        """numba's object for this function, nothing compiled yet."""
        return _compiler().dispatcher(self.source, OPTIONS)

    def compiled(self, contract: Callable[..., Any], dtype: np.dtype[Any]) -> Callable[..., Any]:
        """The machine code for one dtype as a callable, closed to any other signature.

        `contract` is the function whose annotations (see `arrays.py`) give the signature. Raises `InputError` where the kernel does not fit it.
        """
        with _LOCK:
            found = self._compiled.get((contract, dtype))
            if found is None:
                check_arguments(self.function, contract)
                signature = _compiler().signature(contract, dtype)
                found = _compiler().compile_closed(self.source, OPTIONS, signature, cache_folder(self.source, str(signature)))
                self._compiled[contract, dtype] = found
            return found

    def address(self, contract: Callable[..., Any], dtype: np.dtype[Any]) -> int:
        """Where the machine code of `compiled` lies. Valid as long as this kernel lives."""
        found = self._addresses.get((contract, dtype))
        if found is None:
            found = self._addresses[contract, dtype] = _compiler().address(self.compiled(contract, dtype))
        return found


class Twin(Kernel):
    """A kernel with a second source for its compiled form, made of machine code for which Python has no words; `other` is asked for it late."""

    def __init__(self, function: Callable[..., Any], other: Callable[[], Kernel]) -> None:
        super().__init__(function)
        self._other = other

    @property
    def source(self) -> FunctionType:
        """The other kernel's function."""
        return self._other().function


@functools.cache
def _compiler() -> ModuleType:
    """numba, taught what a kernel is; imported on the first compilation."""
    from . import compiler

    compiler.teach(Kernel)
    return compiler


def kernel(function: Callable[..., Any]) -> Kernel:
    """Mark a function for compilation: `@kernel` above a function of numbers and arrays, without `self`."""
    return Kernel(function)


def check_arguments(function: Callable[..., Any], contract: Callable[..., Any]) -> None:
    """Refuse a function whose arguments are not the contract's, by name and order."""
    expected = contract_arguments(contract)
    given = [name for name in inspect.signature(function).parameters if name != "self"]
    if given != expected:
        raise InputError(
            f"{function.__module__}.{function.__qualname__} takes ({', '.join(given)}); its family's contract is ({', '.join(expected)}). "
            "Give it these arguments, in this order."
        )


def cache_root() -> Path:
    """Where compiled kernels are kept."""
    chosen = os.environ.get("TRICKBENCH_CACHE_DIR")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("trickbench")) / "kernels"


def cache_folder(function: FunctionType, signature: str) -> Path | None:
    """This kernel's own cache folder, or None where it cannot be written."""
    try:
        folder = cache_root() / fingerprint(function, signature, repr(sorted(OPTIONS.items(), key=str)))
        folder.mkdir(parents=True, exist_ok=True)
        return folder if os.access(folder, os.W_OK) else None
    except (OSError, RuntimeError):  # RuntimeError: no home folder
        return None


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
        elif isinstance(value, type) and value.__module__.startswith(_PACKAGE) and not hasattr(value, "_fields"):  # it writes machine code
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
    if isinstance(value, Kernel):
        return value.source
    for candidate in (getattr(value, name, None) for name in ("py_func", "_defn")):
        if isinstance(candidate, FunctionType):
            return candidate
    return None
