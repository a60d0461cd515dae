"""PyTorch compiled, one run at a time in each of two processes: `torch.compile` of several whole updates, forward, backward and Adam in one graph.

Entering a compiled function costs as much as the smaller networks' update, so that several mini-batches go in at a time. Needs a C++ compiler.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .peer import Peer, Trainer
from .torch_model import Tensors, data, epochs, looks, loss, parameters, test_accuracy
from .works import BETA1, BETA2, EPSILON, LEARNING_RATE, Work

AT_ONCE = 4
"""Mini-batches a call. One takes a quarter longer; eleven are no faster and take half a minute to compile."""


def prepare(work: Work, runs: Sequence[int]) -> Trainer:
    """Compiled for this work's shapes."""
    rows, updates = data(runs), _compiled(work)
    _train(work, runs[0], rows[runs[0]], updates)
    return lambda runs: [_train(work, run, rows[run], updates) for run in runs]


def _compiled(work: Work) -> Any:
    import torch

    def update(vector: Any, mean: Any, square: Any, count: Any, x: Any, y: Any, kept: Any) -> tuple[Any, Any, Any]:
        gradient = torch.func.grad(lambda vector: _objective(work, vector, x, y, kept))(vector)
        mean = mean.lerp(gradient, 1 - BETA1)
        square = square.lerp(gradient * gradient, 1 - BETA2)
        rate = LEARNING_RATE * torch.sqrt(1 - BETA2**count) / (1 - BETA1**count)
        return vector - rate * mean / (square.sqrt() + EPSILON), mean, square

    def updates(vector: Any, mean: Any, square: Any, count: Any, x: Any, y: Any, kept: Any) -> None:
        now = vector, mean, square
        for batch in range(x.shape[0]):
            now = update(*now, count + (batch + 1), x[batch], y[batch], kept[batch])
        for place, value in zip((vector, mean, square), now, strict=True):
            place.copy_(value)
        count += x.shape[0]

    return torch.compile(updates, dynamic=False, fullgraph=True)


def _train(work: Work, run: int, parts: list[Any], updates: Any) -> float:
    import torch

    vector = torch.cat([tensor.flatten() for tensor in parameters(work, run)])
    state = (vector, torch.zeros_like(vector), torch.zeros_like(vector), torch.zeros(()))
    (inputs, labels), whole = parts[0], len(parts[0][0]) // work.batch * work.batch
    for order, kept in epochs(work, run):
        rows = inputs[order], labels[order], kept
        full = zip(*(each[:whole].unflatten(0, (whole // work.batch, work.batch)).split(AT_ONCE) for each in rows), strict=True)
        for some in (*full, tuple(each[whole:].unsqueeze(0) for each in rows)):
            updates(*state, *some)
        if work.measured:
            looks(work, _tensors(work, vector), parts)
    return float(test_accuracy(work, _tensors(work, vector), parts))


def _tensors(work: Work, vector: Any) -> Tensors:
    shapes = [shape for fan_in, columns in work.shapes for shape in ((fan_in, columns), (columns,))]
    sizes = [size for fan_in, columns in work.shapes for size in (fan_in * columns, columns)]
    return [piece.view(shape) for piece, shape in zip(vector.split(sizes), shapes, strict=True)]


def _objective(work: Work, vector: Any, x: Any, y: Any, kept: Any) -> Any:
    tensors = _tensors(work, vector)
    penalty = work.penalty / 2 * sum(weights.square().sum() for weights in tensors[0::2]) if work.penalty else 0.0
    return loss(work, tensors, x, y, kept) + penalty


PEERS = (Peer("PyTorch, compiled, 2 processes", prepare, ("torch",)),)
