"""JAX, one run at a time: a whole run is one call of a compiled program (`jax_model.py`).

Two processes with one thread each are the best form. Two Python threads in one process share its queue of computations: with asynchronous
dispatch they take turns, without it they overlap in part. Unrolling the inner scan, wider vectors, fast math and the other CPU flags of XLA
0.10 change nothing beyond the noise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from .jax_model import SETTINGS, program, run_data, start
from .peer import Peer, Trainer
from .works import Work


def prepare(work: Work, runs: Sequence[int]) -> Trainer:
    """One run after the other."""
    one = _one(work, runs)
    return lambda runs: [one(run) for run in runs]


def prepare_threads(work: Work, runs: Sequence[int]) -> Trainer:
    """Two runs at a time, in two Python threads."""
    import jax

    jax.config.update("jax_cpu_enable_async_dispatch", False)
    one, pool = _one(work, runs), ThreadPoolExecutor(2)
    return lambda runs: list(pool.map(one, runs))


def _one(work: Work, runs: Sequence[int]) -> Callable[[int], float]:
    import jax

    data, train = run_data(runs), jax.jit(program(work))

    def one(run: int) -> float:
        _, accuracy = train(data[run], *start(work, run))
        return float(accuracy)

    one(runs[0])
    return one


PEERS = (
    Peer("JAX, scan, 2 processes", prepare, ("jax",), settings=SETTINGS),
    Peer("JAX, scan, 2 threads", prepare_threads, ("jax",), processes=1, threads=2, stack=0, settings=SETTINGS),
)
