"""A whole run as one compiled JAX program: a scan over epochs, in it a scan over mini-batches. Shared by the peers on JAX.

Parameters lie in one vector and Adam is written out over it; `optax.adam` on the tree of layers is no faster. What is random comes from NumPy:
`jax.random.permutation` sorts, and XLA's generators take ten times as long as SFC64. Masks compare bytes with 256 times the rate, exact for 0.5; an
epoch needs one byte a row and hidden unit, for a row is trained on once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .works import BETA1, BETA2, CLASSES, EPSILON, LEARNING_RATE, ROWS, Work, initial, noise, orders, parts

SETTINGS = {"JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}
"""One thread a process: two processes of one thread share two cores better than one of two."""


def run_data(runs: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """By run: inputs and one-hot targets of the three parts, as JAX arrays."""
    import jax

    eye = np.eye(CLASSES, dtype=np.float32)
    return {run: tuple(jax.device_put((part.inputs, eye[part.labels])) for part in parts(run).values()) for run in runs}


def start(work: Work, run: int) -> tuple[Any, Any, Any]:
    """The initial parameters in one vector, an order of the rows an epoch, and of every row a byte a hidden unit for the masks."""
    vector = np.concatenate([array.ravel() for layer in initial(work, run) for array in layer])
    return vector, orders(work, run).astype(np.int32), np.stack(list(noise(work, run)))


def program(work: Work) -> Callable[..., Any]:
    """(data, vector, orders, noise) -> what was measured: test accuracy last."""
    import jax
    from jax import numpy as jnp

    batches = ROWS["train"] // work.batch
    whole = batches * work.batch

    def step(carry: Any, batch: Any) -> tuple[Any, None]:
        vector, mean, square, count = carry
        count += 1
        gradient = jax.grad(lambda vector: _objective(work, vector, *batch))(vector)
        mean += (1 - BETA1) * (gradient - mean)
        square += (1 - BETA2) * (gradient * gradient - square)
        rate = LEARNING_RATE * jnp.sqrt(1 - BETA2**count) / (1 - BETA1**count)
        return (vector - rate * mean / (jnp.sqrt(square) + EPSILON), mean, square, count), None

    def train(data: Any, vector: Any, order: Any, noise: Any) -> Any:
        (inputs, targets), _, test = data

        def epoch(carry: Any, drawn: tuple[Any, Any]) -> tuple[Any, Any]:
            order, noise = drawn
            rows = [inputs[order], targets[order], noise]
            carry, _ = jax.lax.scan(step, carry, tuple(each[:whole].reshape(batches, work.batch, each.shape[1]) for each in rows))
            carry, _ = step(carry, tuple(each[whole:] for each in rows))
            return carry, [_look(work, carry[0], *part) for part in data] if work.measured else None

        zeros = jnp.zeros_like(vector)
        carry, looks = jax.lax.scan(epoch, (vector, zeros, zeros, jnp.float32(0)), (order, noise))
        return looks, _look(work, carry[0], *test)[1]

    return train


def _layers(work: Work, vector: Any) -> list[tuple[Any, Any]]:
    """Weights and bias of every layer. The derivative of `split` is one concatenation, that of six slices a sum of six padded vectors."""
    from jax import numpy as jnp

    sizes = [size for fan_in, columns in work.shapes for size in (fan_in * columns, columns)]
    pieces = jnp.split(vector, np.cumsum(sizes)[:-1])
    return [(weights.reshape(shape), bias) for shape, weights, bias in zip(work.shapes, pieces[0::2], pieces[1::2], strict=True)]


def _outputs(work: Work, layers: Any, x: Any, noise: Any) -> Any:
    import jax
    from jax import numpy as jnp

    for layer, (weights, bias) in enumerate(layers):
        z = x @ weights + bias
        if layer == len(layers) - 1:
            return z
        x = z.reshape(*z.shape[:-1], work.pieces, -1).max(axis=-2) if work.pieces > 1 else jax.nn.relu(z)
        if noise is not None:
            first = sum(work.hidden[:layer])
            x = jnp.where(noise[:, first : first + work.hidden[layer]] < round(256 * work.dropout), 0, x / (1 - work.dropout))
    return x


def _loss(z: Any, y: Any) -> Any:
    import jax

    return (jax.nn.logsumexp(z, axis=1) - (z * y).sum(axis=1)).mean()


def _objective(work: Work, vector: Any, x: Any, y: Any, noise: Any) -> Any:
    layers = _layers(work, vector)
    penalty = work.penalty / 2 * sum((weights**2).sum() for weights, _ in layers) if work.penalty else 0.0
    return _loss(_outputs(work, layers, x, noise if work.dropout else None), y) + penalty


def _look(work: Work, vector: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """Loss and accuracy of some rows."""
    z = _outputs(work, _layers(work, vector), x, None)
    return _loss(z, y), (z.argmax(axis=1) == y.argmax(axis=1)).mean()
