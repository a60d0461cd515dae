"""Maxout as groups: a check thinks in (rows, pieces, units), an implementation reads columns in the layout that it declares."""

from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.stack import Stack
from ...harness.subject import ActivationSubject


def columns(maxout: ActivationSubject, grouped: Any) -> Floats:
    """(rows, pieces, units) as (rows, pieces * units), in the declared layout."""
    grouped = np.asarray(grouped)
    ordered = grouped if maxout.conventions["layout"] == "strided" else grouped.swapaxes(1, 2)
    return ordered.reshape(len(grouped), -1)


def groups(maxout: ActivationSubject, columns: Floats, pieces: int) -> Floats:
    """The reverse of `columns`."""
    if maxout.conventions["layout"] == "strided":
        return columns.reshape(len(columns), pieces, -1)
    return columns.reshape(len(columns), -1, pieces).swapaxes(1, 2)


def forward(maxout: ActivationSubject, grouped: Any) -> Floats:
    """The activations (rows, units) of groups (rows, pieces, units)."""
    return maxout.forward(columns(maxout, grouped), np.shape(grouped)[1])


def backward(maxout: ActivationSubject, da: Any, grouped: Any) -> Floats:
    """The gradient (rows, pieces, units) of groups, given that of their activations."""
    pieces = np.shape(grouped)[1]
    return groups(maxout, maxout.backward(da, columns(maxout, grouped), pieces), pieces)


def stack(maxout: ActivationSubject, hidden: list[Floats], biases: list[Floats], last: Floats) -> Stack:
    """A network of Maxout layers of weights (inputs, pieces, units) and biases (pieces, units), with a linear layer without bias on top."""
    weights = [*(columns(maxout, each) for each in hidden), last]
    shifts = [*(columns(maxout, each[None])[0] for each in biases), np.zeros(last.shape[1])]
    return Stack(maxout, weights, shifts, pieces=hidden[0].shape[1])


def shares(maxout: ActivationSubject, grouped: Floats) -> Floats:
    """The part of its unit's gradient that is due to each piece: all to the winner; where pieces tie, as declared."""
    tied = grouped == grouped.max(axis=1, keepdims=True)
    if maxout.conventions["ties"] == "split":
        return tied / tied.sum(axis=1, keepdims=True)
    return (tied & (tied.cumsum(axis=1) == 1)).astype(np.float64)


def quarters(random: np.random.Generator, *shape: int) -> Floats:
    """Whole quarters in [-1, 1]: products and sums of a few of them are exact in float32, in whatever order they are taken."""
    return random.integers(-4, 5, shape) / 4
