"""The lower bound of a work: its matrix products at the machine's measured peak, and then Adam's bytes at its measured bandwidth, on two cores.

Parameters, gradient and moments of a run stay in a core's caches (0.4 MB for W), so the bound takes the bandwidth over a working set of that size
on each core; the bound with the bandwidth of memory, over 512 MB, stands beside it. Nobody can be faster than the products alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from .works import Work

CORES = 2
MEMORY_SET = 2**29


@dataclass(frozen=True)
class Limits:
    """What was measured: operations and bytes a second on two cores."""

    processor: str
    products: float
    cache: dict[int, float]
    """By the bytes of one run's working set."""
    memory: float

    def seconds(self, work: Work, *, cached: bool = True) -> float:
        """The least time a run of a work takes, when two cores share the runs."""
        return work.operations / self.products + work.optimiser_bytes / (self.cache[work.optimiser_set] if cached else self.memory)


def best(first: Limits, second: Limits) -> Limits:
    """The higher of two measurements of everything: a limit that somebody else's work held down is none."""
    cache = {held: max(speed, second.cache[held]) for held, speed in first.cache.items()}
    return Limits(first.processor, max(first.products, second.products), cache, max(first.memory, second.memory))


def measure(works: list[Work]) -> Limits:
    """The limits of this machine."""
    from trickbench.harness.timing.hardware import bandwidth, matrix_product_peak, processor

    products = matrix_product_peak(threads=CORES)
    cache = {held: bandwidth(CORES * held, threads=CORES) for held in sorted({work.optimiser_set for work in works})}
    return Limits(processor(), products, cache, bandwidth(MEMORY_SET, threads=CORES))
