"""What a method costs at least, found by running it and not declared: operations counted by kind, and the arrays that its result depends on.

    operations    a plain NumPy form runs on `Counted` arrays, which note every elementwise function with the number of elements it is taken of
    traffic       an array is read if other numbers in it change what comes out; read once and written once is the least a form can do

Random numbers that a method draws for itself are not seen: where nothing is counted, there is no count, instead of one of 0.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np

from ..arrays import Floats

Arguments = Mapping[str, Any]
"""Argument name to value, in the contract's order."""


class Counted(np.ndarray[Any, np.dtype[Any]]):
    """An array that notes what is computed of it, in a tally that everything computed of it shares."""

    tally: Counter[str] | None = None

    def __array_finalize__(self, source: Any) -> None:
        """Whatever is made of a counted array, a view or a copy, counts into the same tally."""
        self.tally = getattr(source, "tally", None)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        """Every elementwise function, and its reductions."""
        if out is not None:
            options["out"] = tuple(_plain(array) for array in out)
        options = {name: _plain(value) for name, value in options.items()}
        result = getattr(ufunc, method)(*(_plain(value) for value in inputs), **options)
        self._note(ufunc.__name__, _count(ufunc, method, inputs, result))
        if out is not None:
            return out[0] if len(out) == 1 else out
        return self._counted(result)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        """NumPy's other functions are made of elementwise ones, but for the choice by a condition."""
        result = super().__array_function__(function, types, arguments, options)
        if function is np.where and len(arguments) > 1:
            self._note("where", np.size(result))
        return self._counted(result)

    def argmax(self, *arguments: Any, **options: Any) -> Any:
        """As many comparisons as a maximum takes."""
        result: Any = self.view(np.ndarray).argmax(*arguments, **options)
        self._note("maximum", self.size - np.size(result))
        return self._counted(result)

    def _note(self, kind: str, count: int) -> None:
        if self.tally is not None:
            self.tally[kind] += count

    def _counted(self, result: Any) -> Any:
        if self.tally is None or not isinstance(result, np.ndarray):
            return result
        return counted(cast("Floats", result), self.tally)


def counted(array: Floats, tally: Counter[str]) -> Counted:
    """A view of the array that counts."""
    view = array.view(Counted)
    view.tally = tally
    return view


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_plain, value))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return value.view(np.ndarray) if isinstance(value, Counted) else value


def _count(ufunc: Any, method: str, inputs: Sequence[Any], result: Any) -> int:
    if ufunc.signature is not None:  # of the functions of more than numbers, products of matrices: as many multiply-adds a result as its sum is long
        return 2 * np.size(result) * np.shape(inputs[0])[-1]
    if method == "reduce":
        return np.size(inputs[0]) - np.size(result)
    return np.size(result[0] if isinstance(result, tuple) else result)  # pyright: ignore[reportUnknownArgumentType]


def operations(function: Callable[..., Any], arguments: Arguments) -> dict[str, int] | None:
    """Operations of one call by kind, most first; None if the function cannot be run on counted arrays or nothing it does is seen."""
    tally: Counter[str] = Counter()
    given = [counted(cast("Floats", value.copy()), tally) if isinstance(value, np.ndarray) else value for value in arguments.values()]
    try:
        with np.errstate(all="ignore"):
            function(*given)
    except (Exception, SystemExit):  # noqa: BLE001  a form that needs arrays of exactly its own kind is not counted
        return None
    return dict(tally.most_common()) or None


def traffic(function: Callable[..., Any], arguments: Arguments, others: Arguments, written: Sequence[str]) -> dict[str, tuple[bool, bool]]:
    """For every array among the arguments, whether it is read and whether it is written. `others` are arguments of the same shapes, other numbers."""
    arrays = [name for name, value in arguments.items() if isinstance(value, np.ndarray)]
    before = _outcome(function, arguments, written)
    return {name: (_differ(before, _outcome(function, {**arguments, name: others[name]}, written)), name in written) for name in arrays}


def changes(function: Callable[..., Any], arguments: Arguments, written: Sequence[str]) -> bool:
    """Whether a call leaves anything: what a form has no use for it does nothing in."""
    result, *arrays = _outcome(function, arguments, written)
    return result is not None or _differ([arguments[name] for name in written], arrays)


def _outcome(function: Callable[..., Any], arguments: Arguments, written: Sequence[str]) -> list[Any]:
    """What a call returns and writes; the arguments stay as they are."""
    given = {name: copy.deepcopy(value) for name, value in arguments.items()}  # a generator too begins where it began
    with np.errstate(all="ignore"):
        result = function(*given.values())
    return [result, *(given[name] for name in written)]


def _differ(first: Sequence[Any], second: Sequence[Any]) -> bool:
    return any(
        one is not other and not np.array_equal(np.asarray(one, float), np.asarray(other, float), equal_nan=True)
        for one, other in zip(first, second, strict=True)
    )
