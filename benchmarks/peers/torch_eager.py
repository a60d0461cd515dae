"""PyTorch as it is commonly written, one run at a time in each of two processes: autograd, and Adam in its fused form.

The second form leaves autograd out: gradients by hand into one vector, and one call of the fused Adam operator on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .peer import Peer, Trainer
from .torch_model import Tensors, adam, data, epochs, looks, loss, parameters, test_accuracy
from .works import BETA1, BETA2, CLASSES, EPSILON, LEARNING_RATE, Work


def prepare(work: Work, runs: Sequence[int]) -> Trainer:
    """Autograd."""
    rows = data(runs)
    return lambda runs: [_train(work, run, rows[run]) for run in runs]


def _train(work: Work, run: int, parts: list[Any]) -> float:
    tensors = [tensor.requires_grad_() for tensor in parameters(work, run)]
    optimizer, (inputs, labels) = adam(work, tensors), parts[0]
    for order, kept in epochs(work, run):
        for x, y, some in zip(*(all_rows.split(work.batch) for all_rows in (inputs[order], labels[order], kept)), strict=True):
            optimizer.zero_grad()
            loss(work, tensors, x, y, some).backward()
            optimizer.step()
        if work.measured:
            looks(work, tensors, parts)
    return float(test_accuracy(work, tensors, parts))


def prepare_by_hand(work: Work, runs: Sequence[int]) -> Trainer:
    """Gradients by hand."""
    rows = data(runs)
    return lambda runs: [_train_by_hand(work, run, rows[run]) for run in runs]


def _train_by_hand(work: Work, run: int, parts: list[Any]) -> float:
    import torch

    start = parameters(work, run)
    vector = torch.cat([tensor.flatten() for tensor in start])
    gradient, mean, square, step = torch.zeros_like(vector), torch.zeros_like(vector), torch.zeros_like(vector), torch.zeros(())
    tensors, gradients = _views(vector, start), _views(gradient, start)
    inputs, targets = parts[0][0], torch.eye(CLASSES)[parts[0][1]]
    with torch.inference_mode():
        for order, _ in epochs(work, run):
            for x, y in zip(inputs[order].split(work.batch), targets[order].split(work.batch), strict=True):
                _write_gradients(tensors, gradients, x, y)
                step += 1
                torch._fused_adam_(
                    [vector], [gradient], [mean], [square], [], [step], lr=LEARNING_RATE, beta1=BETA1, beta2=BETA2, weight_decay=0.0, eps=EPSILON,
                    amsgrad=False, maximize=False,
                )  # fmt: skip
            if work.measured:
                looks(work, tensors, parts)
        return float(test_accuracy(work, tensors, parts))


def _views(vector: Any, like: Tensors) -> Tensors:
    return [piece.view_as(tensor) for piece, tensor in zip(vector.split([tensor.numel() for tensor in like]), like, strict=True)]


def _write_gradients(tensors: Tensors, gradients: Tensors, x: Any, y: Any) -> None:
    import torch

    layers = list(zip(tensors[0::2], tensors[1::2], gradients[0::2], gradients[1::2], strict=True))
    h = [x]
    for weights, bias, _, _ in layers[:-1]:
        h.append(torch.addmm(bias, h[-1], weights).relu_())
    weights, bias, _, _ = layers[-1]
    delta = torch.softmax(torch.addmm(bias, h[-1], weights), dim=1).sub_(y).div_(len(x))
    for (weights, _, by_weights, by_bias), inputs in zip(reversed(layers), reversed(h), strict=True):
        torch.mm(inputs.t(), delta, out=by_weights)
        torch.sum(delta, 0, out=by_bias)
        if inputs is not x:
            delta = torch.ops.aten.threshold_backward(torch.mm(delta, weights.t()), inputs, 0)


PEERS = (
    Peer("PyTorch, eager, 2 processes", prepare, ("torch",)),
    Peer(
        "PyTorch, gradients by hand, 2 processes", prepare_by_hand, ("torch",),
        cannot=lambda work: "it is written for ReLU without dropout" if work.pieces > 1 or work.dropout else "",
    ),
)  # fmt: skip
