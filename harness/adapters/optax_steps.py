"""Steps of an optax transformation, compiled.

The transformation is made anew inside the compiled function, from hyperparameters that are arguments of it, so that another learning rate costs no
compilation. Where its code looks at their values (`if learning_rate <= 0`), or cannot be compiled at all, there are further forms:

| form          | compiled for each                                     | a step of 1,000 parameters |
|---------------|-------------------------------------------------------|----------------------------|
| traced        | number of parameters                                  | 40 µs                      |
| rate traced   | ... and set of hyperparameters but the learning rate  | 40 µs                      |
| constant      | ... and set of hyperparameters                        | 40 µs                      |
| interpreted   | nothing                                               | 10 ms                      |

A compilation takes about 0.1 s. Hyperparameters are handed over as Python's floats, which in JAX take the precision of what they meet. A traced
step that treats every parameter by itself, as a trace tells, is padded to one of few lengths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import Any, cast

import numpy as np

from ..arrays import Floats
from .jax_functions import lengthened, padded, precision
from .optax_state import SIZES, layout

PLAIN = frozenset(
    """
    abs add add_any and atan2 broadcast_in_dim cbrt ceil clamp convert_element_type copy cos cosh div eq erf exp exp2 expm1 floor ge gt integer_pow
    is_finite le log log1p logistic lt max min mul ne neg nextafter not or pow reduce_precision rem round rsqrt select_n sign sin sinh sqrt square
    stop_gradient sub tan tanh xor
    """.split()  # noqa: SIM905  forty words are read more easily than forty strings
)
"""JAX's primitives that treat every element by itself."""
NESTED = frozenset({"jit", "pjit", "closed_call", "core_call", "cond", "custom_jvp_call", "custom_vjp_call"})
"""Those that run other functions on the same arrays."""


class Steps:
    """The steps of the transformation that `make` makes of hyperparameters, for any number of parameters and either precision."""

    def __init__(self, make: Callable[..., Any], defaults: Sequence[float]) -> None:
        self.make, self.count, self.layout = make, len(defaults), layout(make, defaults)
        self.forms = (self._traced, self._rate_traced, self._constant, self._interpreted)
        self.form = 0
        """The first of them that works: what a transformation's code does with traced values shows only when it runs."""

    def __call__(self, block: Floats, values: Floats, step: int) -> Floats:
        """New parameters and state, from a block of rows: parameters, gradient, state."""
        errors: list[Exception] = []
        with precision(block.dtype):
            for form in range(self.form, len(self.forms)):
                try:
                    moved = np.asarray(self.forms[form](block, values, step))
                except Exception as error:  # noqa: BLE001  the transformation's code is anyone's
                    errors.append(error)
                else:
                    self.form = form
                    return moved[:, : block.shape[1]]
        raise errors[-1]

    def _traced(self, block: Floats, values: Floats, step: int) -> Any:
        length = padded(block.shape[1])
        longer = np.ascontiguousarray(lengthened(block.T, length).T) if length != block.shape[1] and self.elementwise else block
        return self._compiled[0](longer, values.tolist(), step)

    def _rate_traced(self, block: Floats, values: Floats, step: int) -> Any:
        return self._compiled[1](block, float(values[0]), tuple(values[1:].tolist()), step)

    def _constant(self, block: Floats, values: Floats, step: int) -> Any:
        return self._compiled[2](block, tuple(values.tolist()), step)

    def _interpreted(self, block: Floats, values: Floats, step: int) -> Any:
        return self._moved(import_module("jax.numpy").asarray(block), values.tolist(), step)

    @cached_property
    def _compiled(self) -> tuple[Callable[..., Any], ...]:
        jax = import_module("jax")

        def rate_traced(block: Any, rate: Any, others: tuple[float, ...], step: Any) -> Any:
            return self._moved(block, (rate, *others), step)

        return jax.jit(self._moved), jax.jit(rate_traced, static_argnums=2), jax.jit(self._moved, static_argnums=1)

    def _moved(self, block: Any, values: Any, step: Any) -> Any:
        return import_module("jax.numpy").stack(self._rows(list(block), values, step))

    def _rows(self, rows: Sequence[Any], values: Any, step: Any) -> list[Any]:
        parameters, gradient, *state = rows
        transformation = self.make(*values)
        before = self.layout.tree(transformation.init(parameters), state, step)
        updates, after = transformation.update(gradient, before, parameters)
        return [import_module("optax").apply_updates(parameters, updates), *self.layout.flat(after, parameters)]

    @cached_property
    def elementwise(self) -> bool:
        """Whether every parameter's step is a matter of its own, as far as a trace tells."""
        row = np.zeros(SIZES[0], np.float32)
        try:
            trace = import_module("jax").make_jaxpr(self._rows)([row] * (2 + self.layout.rows), [0.5] * self.count, 2)
        except Exception:  # noqa: BLE001  what cannot be traced cannot be told
            return False
        return _plain(trace.jaxpr)


def _plain(trace: Any) -> bool:
    """Whether every operation on arrays, in a trace of arrays of `SIZES[0]` elements, treats each element by itself."""
    for equation in trace.eqns:
        shapes = {each.aval.shape for each in (*equation.invars, *equation.outvars)} - {()}
        bodies = list(_bodies(equation.params))
        known = equation.primitive.name in (NESTED if bodies else PLAIN)
        if shapes and not (known and shapes == {SIZES[:1]} and all(map(_plain, bodies))):
            return False
    return True


def _bodies(parameters: Mapping[str, Any]) -> Iterator[Any]:
    """The traces that an operation runs: parameters of it, alone or in a tuple."""
    for value in parameters.values():
        some = cast("tuple[Any, ...]", value) if isinstance(value, tuple) else (value,)
        yield from (getattr(each, "jaxpr", each) for each in some if hasattr(each, "jaxpr") or hasattr(each, "eqns"))
