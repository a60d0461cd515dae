"""The one decorator that compiles a kernel.

`@kernel` marks a function that numba can compile. Called from Python it simply runs, as Python: that is how one source serves the
compiled and the interpreted training loop. Named inside another kernel it is compiled into it. Asked for its `address` it is compiled
for one explicit signature and hands out a function pointer, so that a loop which takes pointers never has to be compiled again for a
new implementation (passing numba's own dispatchers to a loop costs 170-250 microseconds a call, an address 0.5).

numba is imported on the first compilation, not before: listing implementations costs none of it.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from .arrays import contract_arguments
from .errors import InputError
from .kernel_cache import folder_for

OPTIONS: dict[str, Any] = {
    "nogil": True,  # runs share the cores as threads
    "error_model": "numpy",  # 1 / 0 is inf, as in NumPy, and loops vectorise
    "fastmath": {"contract"},  # fused multiply-add; nothing that reorders a sum or assumes there is no NaN
}

_LOCK = threading.RLock()


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
                for function in (self.function, self.source):
                    check_arguments(function, contract)
                signature = _compiler().signature(contract, dtype)
                folder = folder_for(self.source, str(signature), repr(sorted(OPTIONS.items(), key=str)))
                found = _compiler().compile_closed(self.source, OPTIONS, signature, folder)
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


def twin(home: Callable[[], ModuleType]) -> Callable[[Callable[..., Any]], Twin]:
    """Mark a function whose compiled form is the kernel of the same name in another module.

    `home` imports that module in its body, so that numba's parts are loaded late and the import still stands where sources are followed.
    """

    def marked(function: Callable[..., Any]) -> Twin:
        return Twin(function, lambda: getattr(home(), function.__name__))

    return marked


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
