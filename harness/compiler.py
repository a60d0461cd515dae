"""All that is known of numba: a contract's words as machine types, closed compilation, function pointers.

Imported by `kernel.py` on the first compilation, never before; nothing else in the project imports numba.
"""

# pyright: basic, reportAttributeAccessIssue=false, reportPrivateImportUsage=false
# numba ships no types; this module is where it is kept from the others

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from pickle import UnpicklingError
from types import FunctionType
from typing import Annotated, Any, get_args, get_origin

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.bytecode import FunctionIdentity
from numba.core.caching import FunctionCache, NullCache
from numba.core.errors import NumbaError
from numba.extending import intrinsic, typeof_impl

from .arrays import contract_words
from .errors import InputError

CONTRACTS: dict[str, Callable[..., Any]] = {}
"""The contract behind each name that `function_at` understands; `network.py`'s slots fill it."""


FunctionIdentity._unique_ids = itertools.count(int.from_bytes(os.urandom(6), "big"))
"""numba tells functions of one name and signature, such as the closures of a factory, apart by a running number that starts at 1 in every process.
Kernels that two processes have cached would bring different code under one symbol, and the linker takes either: they number from places of
their own."""


def teach(kernel_class: type[Any]) -> None:
    """From now on a kernel named inside another kernel is a compiled function to numba."""
    typeof_impl.register(kernel_class)(lambda kernel, _context: types.Dispatcher(kernel.dispatcher))


def dispatcher(function: FunctionType, options: dict[str, Any]) -> Any:
    """numba's object for a function; nothing is compiled yet."""
    return numba.njit(**options)(function)


def signature(contract: Callable[..., Any], dtype: np.dtype[Any]) -> Any:
    """The machine signature that a contract's annotations spell, for one float dtype."""
    words = contract_words(contract)
    result = words.pop("return", type(None))
    return machine_type(result, dtype)(*(machine_type(word, dtype) for word in words.values()))


def machine_type(word: Any, dtype: np.dtype[Any]) -> Any:
    """One annotation as a numba type: a word of `arrays.py`, a plain scalar, a slot, or a named tuple of such."""
    real = types.float32 if dtype == np.float32 else types.float64
    plain = {
        int: types.int64,
        float: types.float64,
        bool: types.boolean,
        type(None): types.none,
        np.random.Generator: types.npy_rng,
    }
    if get_origin(word) is Annotated:
        meaning = get_args(word)[1]
        if callable(meaning):
            return types.FunctionType(signature(meaning, dtype))
        return {
            "vector": real[::1],
            "matrix": real[:, ::1],
            "real": real,
            "doubles": types.float64[::1],
            "indices": types.int64[::1],
            "key": types.uint64,
        }[meaning]
    if isinstance(word, type) and hasattr(word, "_fields"):
        return types.BaseTuple.from_types([machine_type(field, dtype) for field in contract_words(word).values()], word)
    return plain[word]


def compile_closed(function: FunctionType, options: dict[str, Any], machine_signature: Any, folder: Path | None) -> Any:
    """Compile a function for exactly one signature and close it: left open, numba would specialise it again for each combination of slots."""
    try:
        return _compile(function, options, machine_signature, folder)
    except (OSError, EOFError, UnpicklingError, RuntimeError):
        # the disk filled up while the cache was written, a lost power supply left half of it, or the function has no file to stamp
        if folder is None:
            raise
        shutil.rmtree(folder, ignore_errors=True)
        return _compile(function, options, machine_signature, None)
    except NumbaError as error:
        reason = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
        raise InputError(
            f"{function.__module__}.{function.__qualname__} cannot be compiled for {machine_signature}: {reason.strip()} "
            "A kernel may use numbers, NumPy arrays and other kernels only; without @kernel it runs interpreted."
        ) from error


def _compile(function: FunctionType, options: dict[str, Any], machine_signature: Any, folder: Path | None) -> Any:
    closed = dispatcher(function, options)
    closed._cache = NullCache() if folder is None else _cache_in(folder, function)
    closed.compile(machine_signature)
    closed.disable_compile()
    found = closed.overloads[machine_signature.args].signature.return_type
    if found != machine_signature.return_type:
        raise InputError(f"{function.__module__}.{function.__qualname__} returns {found}, not {machine_signature.return_type} as its contract says.")
    return closed


def _cache_in(folder: Path, function: FunctionType) -> Any:
    """numba chooses the cache folder when the cache is made, from a global setting."""
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(folder)
    try:
        return FunctionCache(function)
    finally:
        numba.config.CACHE_DIR = before


def address(closed: Any) -> int:
    """A pointer to the machine code of a closed kernel. An exception inside it propagates to the caller (a cfunc would swallow it)."""
    (overload,) = closed.overloads.values()
    return overload.library.get_pointer_to_function(overload.fndesc.llvm_func_name)


def _function_at(_typing_context: Any, contract: Any, pointer: Any, like: Any) -> Any:
    """Inside a kernel: the function at an address, of the contract named, for arrays of the dtype of `like`."""
    function_type = types.FunctionType(signature(CONTRACTS[contract.literal_value], np.dtype(like.dtype.name)))

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        function = cgutils.create_struct_proxy(function_type)(context, builder)
        at = builder.inttoptr(arguments[1], cgutils.voidptr_t)
        function.c_addr = function.jit_addr = at
        function.py_addr = cgutils.get_null_value(function.py_addr.type)
        return function._getvalue()

    return function_type(contract, pointer, like), generate


function_at: Any = intrinsic(prefer_literal=True)(_function_at)
