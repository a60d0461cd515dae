"""PyTorch, all runs at once: `torch.func.vmap` over the gradient of one run's loss, Adam fused over the stacked tensors."""

from __future__ import annotations

from collections.abc import Sequence

from .peer import Peer, Trainer
from .torch_model import adam, data, looks, loss, stacked, stacked_epochs, test_accuracy
from .works import Work


def prepare(work: Work, runs: Sequence[int]) -> Trainer:
    """Any number of runs."""
    import torch

    rows = data(runs)
    gradients = torch.func.vmap(torch.func.grad(lambda tensors, x, y, kept: loss(work, tensors, x, y, kept)))

    def together(runs: Sequence[int]) -> list[float]:
        parts, tensors = stacked(work, runs, rows)
        optimizer, (inputs, labels), each = adam(work, tensors), parts[0], torch.arange(len(runs)).unsqueeze(1)
        for order, kept in stacked_epochs(work, runs):
            for x, y, some in zip(*(all_rows.split(work.batch, 1) for all_rows in (inputs[each, order], labels[each, order], kept)), strict=True):
                for tensor, gradient in zip(tensors, gradients(tensors, x, y, some), strict=True):
                    tensor.grad = gradient
                optimizer.step()
            if work.measured:
                looks(work, tensors, parts)
        return test_accuracy(work, tensors, parts).tolist()

    return together


PEERS = (
    Peer("PyTorch, vmap, 2 processes", prepare, ("torch",), stack=0),
    Peer("PyTorch, vmap, 2 threads", prepare, ("torch",), processes=1, threads=2, stack=0),
)
