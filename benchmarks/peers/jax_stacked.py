"""JAX, several runs at once: `vmap` over runs of the program of `jax_model.py`, in two processes of one thread.

Four runs at a time are the best: of small networks they share the cost of an operation's start, and more of them leave the cache.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .jax_model import SETTINGS, program, run_data, start
from .peer import Peer, Trainer
from .works import Work

STACK = 4


def prepare(work: Work, runs: Sequence[int]) -> Trainer:
    """Compiled beforehand for every number of runs that it will be given."""
    import jax

    data, train = run_data(runs), jax.jit(jax.vmap(program(work)))

    def together(runs: Sequence[int]) -> list[float]:
        stacked = jax.tree.map(lambda *arrays: np.stack(arrays), *[(data[run], *start(work, run)) for run in runs])
        _, accuracies = train(*stacked)
        return np.asarray(accuracies).tolist()

    for size in {len(portion) for portion in PEERS[0].portions(runs)}:
        together(runs[:size])
    return together


PEERS = (Peer("JAX, vmap and scan, 2 processes", prepare, ("jax",), stack=STACK, settings=SETTINGS),)
