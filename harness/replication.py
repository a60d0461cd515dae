"""What differs between the replicates of an arm: four sources of randomness, each with a stream of its own.

    split      which rows are for training, validation and testing (and which labels are wrong, under label noise)
    weights    the initial weights
    order      the order of the rows in each epoch
    masks      dropout's masks

A replicate draws every source of `vary` afresh with its seed; the others are drawn once, with the study's first seed, and are the same in all
replicates. Verdicts then speak of what varies only, and say so.

`sources = N` draws, for N of the seeds, each source of `vary` afresh alone, all others kept (sources_of_variance.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from .errors import InputError

Stream = Literal["split", "weights", "order", "masks"]
STREAMS: tuple[Stream, ...] = get_args(Stream)

REDRAWN = 2**64
"""Added to the seed of a source that is drawn afresh alone: beyond every seed that a study accepts, so that no two draws are the same."""


class Streams(NamedTuple):
    """The seed of each source of randomness in one run."""

    split: int
    weights: int
    order: int
    masks: int

    @classmethod
    def of(cls, seed: int | Streams) -> Streams:
        """One number is the seed of all four."""
        return seed if isinstance(seed, Streams) else cls(seed, seed, seed, seed)

    @classmethod
    def varying(cls, seed: int, first: int, vary: Sequence[Stream]) -> Streams:
        """Those of a replicate: its own seed for what varies, the study's first for the rest."""
        return cls(*(seed if source in vary else first for source in STREAMS))

    def redrawn(self, source: Stream) -> Streams:
        """One source drawn afresh, the others kept."""
        return self._replace(**{source: REDRAWN + getattr(self, source)})

    def used(self, *, masks: bool) -> Streams:
        """The same for all runs that differ only in what they do not use: without masks, their seed is that of the order."""
        return self if masks else self._replace(masks=self.order)

    @property
    def text(self) -> str:
        """One number where all four are equal."""
        return str(self.split) if len(set(self)) == 1 else " ".join(map(str, self))


def redraws(vary: Sequence[Stream]) -> list[Stream]:
    """The sources that are drawn afresh alone; the split comes last, so that the runs before it share one."""
    return sorted(vary, key=lambda source: source == "split")


def check_sources(sources: int, vary: Sequence[Stream], seeds: int) -> None:
    """Refuse a number of seeds that tells nothing of the sources. Raises `InputError`."""
    if sources and not 3 <= sources <= seeds:
        raise InputError(f"sources is {sources}; accepted is 0, or from 3 to the number of seeds, which is {seeds}: it takes that many of them.")
    if sources and len(vary) < 2:
        raise InputError(f"sources is {sources}, but the {vary[0]} alone varies, so all of the variance is its own; vary more, or leave sources out.")
