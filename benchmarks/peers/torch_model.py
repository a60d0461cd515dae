"""The works' networks in PyTorch, as functions of a list of tensors (weights, bias, weights, bias ...), for one run or a stack of runs.

With a stack every tensor has the runs as its first axis and biases have shape (runs, 1, columns). Batches are rows of a shuffled copy, one copy an
epoch; no `DataLoader`. `loss` is a sum over runs of means over rows, so that each run's gradient is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .works import BETA1, BETA2, EPSILON, LEARNING_RATE, Work, initial, noise, orders, parts

Tensors = list[Any]


def data(runs: Sequence[int]) -> dict[int, list[tuple[Any, Any]]]:
    """By run: inputs and class numbers of the three parts."""
    import torch

    return {run: [(torch.from_numpy(part.inputs), torch.from_numpy(part.labels)) for part in parts(run).values()] for run in runs}


def parameters(work: Work, run: int) -> Tensors:
    """The initial weights and biases."""
    import torch

    return [torch.from_numpy(array) for layer in initial(work, run) for array in layer]


def stacked(work: Work, runs: Sequence[int], rows: dict[int, list[tuple[Any, Any]]]) -> tuple[list[tuple[Any, Any]], Tensors]:
    """The rows and the initial parameters of several runs, with the runs as the first axis."""
    import torch

    parts = [tuple(torch.stack(tensors) for tensors in zip(*part, strict=True)) for part in zip(*(rows[run] for run in runs), strict=True)]
    tensors = [torch.stack(each) for each in zip(*(parameters(work, run) for run in runs), strict=True)]
    return parts, [tensor.unsqueeze(1) if tensor.dim() == 2 else tensor for tensor in tensors]


def epochs(work: Work, run: int) -> Iterator[tuple[Any, Any]]:
    """An epoch's order (rows,), and the factors of dropout (rows, hidden units)."""
    import torch

    yield from zip(torch.from_numpy(orders(work, run)), (_kept(work, some) for some in noise(work, run)), strict=True)


def stacked_epochs(work: Work, runs: Sequence[int]) -> Iterator[tuple[Any, Any]]:
    """The same of several runs: (runs, rows) and (runs, rows, hidden units)."""
    import torch

    shuffled = torch.from_numpy(np.stack([orders(work, run) for run in runs], axis=1))
    together = zip(*(noise(work, run) for run in runs), strict=True)
    yield from zip(shuffled, (_kept(work, np.stack(some)) for some in together), strict=True)


def _kept(work: Work, noise: NDArray[np.uint8]) -> Any:
    """0 where a unit is dropped, else what makes up for those that are."""
    import torch

    return torch.from_numpy(np.where(noise < round(256 * work.dropout), np.float32(0), np.float32(1 / (1 - work.dropout))))


def adam(work: Work, tensors: Tensors) -> Any:
    """The fused form (the foreach form takes 1.4 times as long a run); the penalty falls on the weights."""
    import torch

    groups = [{"params": tensors[0::2], "weight_decay": work.penalty}, {"params": tensors[1::2]}] if work.penalty else tensors
    return torch.optim.Adam(groups, lr=LEARNING_RATE, betas=(BETA1, BETA2), eps=EPSILON, fused=True)


def outputs(work: Work, tensors: Tensors, x: Any, kept: Any = None) -> Any:
    """What the network says to rows (rows, features), or (runs, rows, features) for a stack; in training with the factors of dropout."""
    import torch

    layer: Callable[..., Any] = torch.baddbmm if tensors[0].dim() == 3 else torch.addmm
    for at in range(0, len(tensors), 2):
        x = layer(tensors[at + 1], x, tensors[at])
        if at < len(tensors) - 2:
            x = torch.maximum(*x.chunk(2, dim=-1)) if work.pieces == 2 else torch.relu(x)
            if kept is not None and work.dropout:
                x = x * kept.split(work.hidden, dim=-1)[at // 2]
    return x


def loss(work: Work, tensors: Tensors, x: Any, y: Any, kept: Any) -> Any:
    """Cross-entropy of a batch: the mean over rows, summed over runs."""
    from torch.nn import functional

    z = outputs(work, tensors, x, kept)
    return functional.cross_entropy(z, y) if z.dim() == 2 else functional.cross_entropy(z.flatten(0, 1), y.flatten(), reduction="sum") / z.shape[1]


def looks(work: Work, tensors: Tensors, parts: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Loss and accuracy of every part, of every run."""
    import torch
    from torch.nn import functional

    found: list[tuple[Any, Any]] = []
    with torch.no_grad():
        for x, y in parts:
            z = outputs(work, tensors, x)
            losses = functional.cross_entropy(z.flatten(0, -2), y.flatten(), reduction="none")
            found.append((losses.view(y.shape).mean(dim=-1), (z.argmax(dim=-1) == y).double().mean(dim=-1)))
    return found


def test_accuracy(work: Work, tensors: Tensors, parts: list[tuple[Any, Any]]) -> Any:
    """Of every run."""
    return looks(work, tensors, parts[2:])[0][1]
