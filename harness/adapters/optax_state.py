"""The state of an optax transformation as rows of numbers, one number a parameter in each row.

A transformation keeps a tree of arrays (`init` makes it, `update` returns the next one); the contract of optimisers has a matrix of rows, zeros
before the first step. What becomes of each leaf of the tree:

| leaf                                     | rows                                                                                     |
|------------------------------------------|------------------------------------------------------------------------------------------|
| has the parameters' shape (..., n)       | one for each n numbers; these rows come first, in the tree's order                       |
| one number that counts the steps         | none: the step is an argument                                                            |
| any other single number                  | one, the number repeated; whole numbers are exact up to 2²⁴ in float32                   |
| anything else, such as a random key      | refused                                                                                  |

What `init` gives is added to the rows at the first step, so that an average which starts at 0.1 does, and one which starts at 0 is what the
rows say. Shapes are found by making the state for two numbers of parameters, counters by trying some counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from ..errors import InputError
from .jax_functions import precision

SIZES = (11, 13)
"""Primes: a leaf that follows the number of parameters in any other way is not taken for one that has their shape."""
COUNTS = (*range(8), 63, 1000, 99_999)


@dataclass(frozen=True)
class Leaf:
    """One array of the state: its shape before the last axis, None for a single number; its first row, None for a count of steps."""

    leading: tuple[int, ...] | None
    row: int | None

    @property
    def rows(self) -> int:
        return 0 if self.row is None else 1 if self.leading is None else int(np.prod(self.leading, dtype=int))


@dataclass(frozen=True)
class Layout:
    """Which leaf of a state stands in which rows."""

    structure: Any
    leaves: tuple[Leaf, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(leaf.rows for leaf in self.leaves)

    def tree(self, initial: Any, rows: Sequence[Any], step: Any) -> Any:
        """The state before a step, given what `init` makes."""
        jax = import_module("jax")

        starts = jax.tree.leaves(initial)
        return jax.tree.unflatten(self.structure, [_before(leaf, start, rows, step) for leaf, start in zip(self.leaves, starts, strict=True)])

    def flat(self, tree: Any, like: Any) -> list[Any]:
        """The rows of a state, of the shape and dtype of `like`."""
        jax = import_module("jax")

        values, structure = jax.tree.flatten(tree)
        if structure != self.structure:
            raise InputError(f"the state {self.structure} becomes {structure} by an update; a state keeps its structure.")
        found = {
            leaf.row + place: row.astype(like.dtype)
            for leaf, value in zip(self.leaves, values, strict=True)
            if leaf.row is not None
            for place, row in enumerate(_rows(leaf, value, like))
        }
        return [found[row] for row in sorted(found)]


def _rows(leaf: Leaf, value: Any, like: Any) -> list[Any]:
    jnp = import_module("jax.numpy")

    if leaf.leading is None:
        return [jnp.broadcast_to(value, like.shape)]
    return list(value.reshape(leaf.rows, *like.shape)) if leaf.leading else [value]


def _before(leaf: Leaf, start: Any, rows: Sequence[Any], step: Any) -> Any:
    jnp = import_module("jax.numpy")

    if leaf.row is None:
        return (start + (step - 1)).astype(start.dtype)
    if leaf.leading is None:
        value = rows[leaf.row][0]
    else:
        value = jnp.stack(rows[leaf.row : leaf.row + leaf.rows]).reshape(start.shape) if leaf.leading else rows[leaf.row]
    return jnp.where(step == 1, start + value, value).astype(start.dtype)


def layout(make: Callable[..., Any], hyperparameters: Sequence[float]) -> Layout:
    """The layout of the state of the transformation that `make` makes; raises `InputError` where it has none."""
    jax = import_module("jax")

    with precision(np.dtype(np.float32)):
        transformation = make(*hyperparameters)
        if not (callable(getattr(transformation, "init", None)) and callable(getattr(transformation, "update", None))):
            raise InputError(f"it makes {transformation!r}, which has no init and update; accepted is what makes an optax transformation.")
        few, more = (jax.eval_shape(transformation.init, jax.ShapeDtypeStruct((size,), np.float32)) for size in SIZES)
        leading = [_leading(one, other) for one, other in zip(jax.tree.leaves(few), jax.tree.leaves(more), strict=True)]
        counts = _counts(transformation, [place for place, shape in enumerate(leading) if shape is None])
    return Layout(jax.tree.structure(few), tuple(_placed(leading, counts)))


def _leading(few: Any, more: Any) -> tuple[int, ...] | None:
    jax = import_module("jax")

    if few.dtype == np.bool_ or jax.numpy.issubdtype(few.dtype, np.number):
        if few.shape == more.shape == ():
            return None
        if few.ndim and few.shape[:-1] == more.shape[:-1] and (few.shape[-1], more.shape[-1]) == SIZES:
            return few.shape[:-1]
    raise InputError(
        f"its state holds an array {few.dtype}{list(few.shape)} for {SIZES[0]} parameters; accepted are arrays of the parameters' shape and single "
        "numbers. Keep anything else (a random key, say) out of the state."
    )


def _placed(leading: Sequence[tuple[int, ...] | None], counts: Sequence[int]) -> Iterator[Leaf]:
    """The leaves in the tree's order: arrays take the first rows, numbers those after them."""
    lengths = [1 if shape is None else int(np.prod(shape, dtype=int)) for shape in leading]
    order = sorted((place for place in range(len(leading)) if place not in counts), key=lambda place: leading[place] is None)
    first = {place: sum(lengths[before] for before in order[:rank]) for rank, place in enumerate(order)}
    return (Leaf(shape, first.get(place)) for place, shape in enumerate(leading))


def _counts(transformation: Any, numbers: Sequence[int]) -> Sequence[int]:
    """Which of the single numbers go up by one at every step, from wherever they are and whatever the gradient."""
    jax = import_module("jax")

    def increments(count: Any, gradient: Any) -> list[Any]:
        parameters = jax.numpy.ones(SIZES[0])
        leaves, structure = jax.tree.flatten(transformation.init(parameters))
        before = [(leaf + count).astype(leaf.dtype) if place in numbers else leaf for place, leaf in enumerate(leaves)]
        _, after = transformation.update(jax.numpy.full(SIZES[0], gradient), jax.tree.unflatten(structure, before), parameters)
        return [jax.tree.leaves(after)[place] - leaves[place] for place in numbers]

    if not numbers:
        return []
    counts = np.repeat(np.array(COUNTS, np.int32), 2)
    try:
        found = jax.jit(jax.vmap(increments))(counts, np.tile(np.array([0.1, np.nan], np.float32), len(COUNTS)))
    except Exception:  # noqa: BLE001  code that cannot be traced keeps its numbers in rows
        return []
    return [place for place, after in zip(numbers, found, strict=True) if np.array_equal(after, counts + 1)]
