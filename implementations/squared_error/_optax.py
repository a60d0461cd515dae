"""A loss of optax for one entry, summed over the outputs and averaged over the rows; its gradient is JAX's."""

from collections.abc import Callable
from typing import Any

from ...harness.adapters.jax_functions import jitted
from ...harness.adoption import require

jax = require("jax")


def value_and_gradient(entry: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The weighted mean over the rows, and its derivative by the outputs: both of outputs, targets and weights."""

    def mean(z: Any, targets: Any, sample_weight: Any) -> Any:
        return (entry(z, targets).sum(axis=1) * sample_weight).sum() / sample_weight.sum()

    def gradient(z: Any, targets: Any, sample_weight: Any) -> Any:
        return jax.grad(mean)(z, targets, sample_weight)

    return jitted(mean), jitted(gradient)
