"""How the time of a run grows with the number of runs: ours, the same number of runs in portions of several sizes, interleaved.

In every round 128 runs are trained in each way, sixteen times 8, four times 32 and once 128, in an order that is shuffled. An overhead that grows
with the number of runs shows as a ratio above 1, one of every call as a ratio below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .interleaved import Progress, Timed, play
from .peer import Peer
from .ratios import Ratio, ratio
from .worker import Farm, PeerError
from .works import Work

SIZES = (8, 32, 128)


@dataclass(frozen=True)
class Growth:
    """One size of portions."""

    runs: int
    seconds: list[float]
    """A run, one entry a round."""
    to_least: Ratio
    """To the smallest size."""

    def plain(self) -> dict[str, object]:
        """For JSON."""
        return {"runs": self.runs, "seconds": self.seconds, "to_least": self.to_least._asdict()}


def grow(work: Work, peer: Peer, rounds: int, progress: Progress) -> list[Growth]:
    """Time a peer on a work. Raises `PeerError` where it fails, in whichever round."""
    most = max(SIZES)
    timed = {str(size): Timed(f"portions of {size}", most) for size in SIZES}
    with Farm(peer, work.name, range(most)) as farm:
        contenders = {str(size): _in_portions(farm, most, size) for size in SIZES}
        contenders[str(most)]()
        play(contenders, timed, rounds, lambda turn, name: progress.step(f"{work.name}, growth, round {turn + 1} of {rounds}: portions of {name}"))
    for each in timed.values():
        if each.error:
            raise PeerError(each.error)
    least = timed[str(min(SIZES))].seconds
    return [Growth(size, timed[str(size)].seconds, ratio(timed[str(size)].seconds, least)) for size in SIZES]


def _in_portions(farm: Farm, most: int, size: int) -> Callable[[], tuple[float, list[float]]]:
    def train() -> tuple[float, list[float]]:
        found = [farm.train(range(first, first + size)) for first in range(0, most, size)]
        return sum(seconds for seconds, _ in found), _flat([accuracies for _, accuracies in found])

    return train


def _flat(parts: Sequence[Sequence[float]]) -> list[float]:
    return [value for part in parts for value in part]
