"""What the peers took, as rows of plain data: everything that is written or drawn comes from here."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from .growth import Growth
from .interleaved import Timed
from .limits import Limits
from .ratios import BELOW, ERRORS, MARGIN, agreement, quartiles, ratio
from .works import Work


@dataclass(frozen=True)
class Row:
    """One peer on one work. Seconds are those of a run; `None` where nothing was measured."""

    work: str
    peer: str
    median: float | None = None
    lower: float | None = None
    upper: float | None = None
    """The quartiles over the rounds."""
    ratio: float | None = None
    """To ours: the median of the rounds' ratios, and the least and the greatest of them."""
    ratio_least: float | None = None
    ratio_most: float | None = None
    share: float | None = None
    """The lower bound over the median."""
    share_memory: float | None = None
    """The same with the optimiser's bytes at the bandwidth of memory."""
    rows_a_second: float | None = None
    accuracy: float | None = None
    difference: float | None = None
    """Of the mean test accuracy from ours, in the round in which it is worst."""
    difference_error: float | None = None
    worst: float | None = None
    """The lowest accuracy of a run."""
    agrees: bool | None = None
    ready: float | None = None
    note: str = ""
    """Why it was left out, or what went wrong."""
    failed: bool = False

    def plain(self) -> dict[str, object]:
        """For JSON and CSV."""
        return asdict(self)


def rows(work: Work, timed: Sequence[Timed], base: str, limits: Limits) -> list[Row]:
    """Every peer on one work, the fastest first, those that failed last. Without ours there are no ratios.

    A round that was interrupted counts for nobody.
    """
    whole = min((len(each.seconds) for each in timed if not each.error), default=0)
    timed = [replace(each, seconds=each.seconds[:whole], accuracies=each.accuracies[:whole]) for each in timed]
    ours = next((each for each in timed if each.peer == base and each.seconds and not each.error), None)
    made = [_row(work, each, ours, limits) for each in timed]
    return sorted(made, key=lambda row: (row.median is None, row.median or 0.0))


def _row(work: Work, timed: Timed, ours: Timed | None, limits: Limits) -> Row:
    if timed.error or not timed.seconds:
        return Row(work.name, timed.peer, note=timed.error or "interrupted", failed=bool(timed.error))
    lower, median, upper = quartiles(timed.seconds)
    figures = {
        "median": median,
        "lower": lower,
        "upper": upper,
        "share": limits.seconds(work) / median,
        "share_memory": limits.seconds(work, cached=False) / median,
        "rows_a_second": work.rows / median,
        "accuracy": statistics.fmean(accuracy for each in timed.accuracies for accuracy in each),
        "ready": timed.ready,
    }
    if ours is None:
        return Row(work.name, timed.peer, **figures)
    median, least, most = ratio(timed.seconds, ours.seconds)
    figures |= {"ratio": median, "ratio_least": least, "ratio_most": most}
    if timed is ours:
        return Row(work.name, timed.peer, **figures)
    difference, error, worst, holds = agreement(timed.accuracies, ours.accuracies)
    return Row(work.name, timed.peer, **figures, difference=difference, difference_error=error, worst=worst, agrees=holds)


@dataclass(frozen=True)
class Findings:
    """Everything that one call of the command found."""

    works: Sequence[Work]
    rows: Sequence[Row]
    growth: dict[str, list[Growth]]
    """By the name of the work."""
    limits: Limits
    versions: dict[str, str]
    base: str
    rounds: int
    runs: int
    complaints: Sequence[str]
    interrupted: bool = False

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        bounds = {work.name: {"seconds": self.limits.seconds(work), "seconds_memory": self.limits.seconds(work, cached=False)} for work in self.works}
        counted = {work.name: {"operations": work.operations, "optimiser_bytes": work.optimiser_bytes} for work in self.works}
        return {
            "base": self.base,
            "rounds": self.rounds,
            "runs": self.runs,
            "machine": asdict(self.limits),
            "versions": self.versions,
            "works": {name: counted[name] | bounds[name] for name in bounds},
            "rows": [row.plain() for row in self.rows],
            "growth": {name: [size.plain() for size in sizes] for name, sizes in self.growth.items()},
            "complaints": list(self.complaints),
            "interrupted": self.interrupted,
        }


def complaints(found: Iterable[Row]) -> list[str]:
    """What makes the command fail: errors, and accuracies that are not shown to equal ours."""
    said: list[str] = []
    for row in found:
        if row.failed:
            said.append(f"{row.work}: {row.note}")
        elif row.agrees is False:
            said.append(
                f"{row.work}: {row.peer} reaches a test accuracy of {row.accuracy:.4f}, {row.difference:+.4f} ± {row.difference_error:.4f} from ours "
                f"and {row.worst:.4f} in its worst run; accepted are {MARGIN:g} from ours with {ERRORS:g} standard errors added, and a worst run at "
                f"most {BELOW:g} below ours: it is not shown to do the same work."
            )
    return said
