"""Batches of logits, targets and sample weights as unkind as they come, what they cost, and how a counterexample shows them."""

import numpy as np

from ...harness.arrays import Floats
from ...harness.probe import Probe

SHAPES = ((1, 1), (1, 2), (1, 7), (2, 3), (5, 4), (3, 10), (4, 2), (33, 3), (2, 100))
"""Rows and classes."""
WIDTHS = (1e-6, 0.1, 3.0, 30.0, 500.0)
"""Sizes of logits."""


def batches(probe: Probe, *kinds: str) -> list[tuple[str, Floats, Floats, Floats]]:
    """What the targets are, logits, targets and sample weights, for every shape and kind of targets; sample weights equal and unequal."""
    random, found = probe.random("batches"), []
    for index, (rows, classes) in enumerate(SHAPES):
        z = random.normal(0, np.resize(np.roll(WIDTHS, index), (rows, 1)), (rows, classes))
        z += random.choice([0, -5, 5], (rows, 1))
        for kind in kinds:
            targets = _targets(random, kind, rows, classes)
            for weights in (np.ones(rows), _weights(random, rows)):
                held = [np.asarray(each, probe.dtype) for each in (z, targets, weights)]
                found.append((kind, held[0], held[1], held[2]))
    return found


def _targets(random: np.random.Generator, kind: str, rows: int, classes: int) -> Floats:
    if kind == "one-hot":
        return np.eye(classes)[random.integers(0, classes, rows)]
    if kind == "soft":
        return random.dirichlet(np.full(classes, 0.7), rows)
    return random.uniform(0, 3, (rows, classes)) * (random.random((rows, classes)) < 0.7)


def _weights(random: np.random.Generator, rows: int) -> Floats:
    """Over twelve decades, of every size when alone, some 0 and never all."""
    weights = 10 ** random.uniform(-6, 6, rows) if random.random() < 0.5 else random.uniform(0.2, 3, rows)
    weights[1 + random.integers(0, rows) :: 3] = 0
    return weights


def rows_of(z: Floats, targets: Floats) -> tuple[Floats, Floats]:
    """Each row's loss, and softmax (rows, classes), in extended precision."""
    z, targets = z.astype(np.longdouble), targets.astype(np.longdouble)
    shifted = z - z.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    return (targets * (np.log(total) - shifted)).sum(axis=1), np.exp(shifted) / total


def shown(*arrays: Floats, at: int | None = None) -> str:
    """Logits, targets and weights in few digits; of one row if it is named, and only the shape of many rows."""
    names = ("logits", "targets", "sample weights")
    if at is None and arrays[0].size > 24:
        return f"{arrays[0].shape[0]} rows of {arrays[0].shape[1]} classes, first: {shown(*arrays, at=0)}"
    with np.printoptions(precision=4, threshold=12):
        return ", ".join(f"{name} {each if at is None else each[at]}".replace("\n", "") for name, each in zip(names, arrays, strict=False))
