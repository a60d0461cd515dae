"""What a peer is: a name, what it needs, and how it trains runs of a work.

    prepare(work, runs) -> trainer          all that is not training: imports, data as the library's arrays, compilation
    trainer(runs)       -> accuracies       trains these runs (their seeds) and returns the test accuracy of each

A peer works in processes of its own, so that none meets another's threads or settings: `processes` of them, each given `stack` runs at a time, as
soon as it is free, or an equal share of all runs at once. One file holds one peer, in one or more forms; `roster.py` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec

from .works import Work

Trainer = Callable[[Sequence[int]], list[float]]

IDLE = {"OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "0"}
"""Threads without work sleep; not where two share the work of each operation, for which they had to be woken every time."""
LIBRARIES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Peer:
    """One way to train."""

    name: str
    prepare: Callable[[Work, Sequence[int]], Trainer] = field(repr=False)
    packages: tuple[str, ...] = ()
    """What has to be installed."""
    processes: int = 2
    threads: int = 1
    """Of each process, for its libraries' own pools."""
    stack: int = 1
    """Runs that a process is given at a time; 0: its share of all."""
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    """Environment of its processes."""
    cannot: Callable[[Work], str] = lambda _: ""
    """Why it cannot do a work; empty if it can."""

    def available(self) -> str:
        """Empty, or what is missing here."""
        missing = [package for package in self.packages if find_spec(package) is None]
        return f"{', '.join(missing)} is not installed" if missing else ""

    def environment(self) -> dict[str, str]:
        """What its processes see beside what this one sees."""
        return dict.fromkeys(LIBRARIES, str(self.threads)) | (IDLE if self.threads == 1 else {}) | dict(self.settings)

    def portions(self, runs: Sequence[int]) -> list[list[int]]:
        """The runs as they are handed out."""
        if self.stack:
            return [list(runs[first : first + self.stack]) for first in range(0, len(runs), self.stack)]
        return [part for part in (list(runs[process :: self.processes]) for process in range(self.processes)) if part]
