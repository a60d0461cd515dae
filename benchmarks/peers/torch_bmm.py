"""PyTorch, all runs at once: batched matrix products over a stack of runs, Adam fused over the stacked tensors.

Half of the runs in each of two processes of one thread; one process with two threads is slower, most of all on small networks, where threads
wait for one another at every operation.
"""

from __future__ import annotations

from collections.abc import Sequence

from .peer import Peer, Trainer
from .torch_model import adam, data, looks, loss, stacked, stacked_epochs, test_accuracy
from .works import Work


def prepare(work: Work, runs: Sequence[int]) -> Trainer:
    """Any number of runs."""
    import torch

    rows = data(runs)

    def together(runs: Sequence[int]) -> list[float]:
        parts, tensors = stacked(work, runs, rows)
        tensors = [tensor.requires_grad_() for tensor in tensors]
        optimizer, (inputs, labels), each = adam(work, tensors), parts[0], torch.arange(len(runs)).unsqueeze(1)
        for order, kept in stacked_epochs(work, runs):
            for x, y, some in zip(*(all_rows.split(work.batch, 1) for all_rows in (inputs[each, order], labels[each, order], kept)), strict=True):
                optimizer.zero_grad()
                loss(work, tensors, x, y, some).backward()
                optimizer.step()
            if work.measured:
                looks(work, tensors, parts)
        return test_accuracy(work, tensors, parts).tolist()

    return together


PEERS = (Peer("PyTorch, bmm, 2 processes", prepare, ("torch",), stack=0),)
