"""The results as Markdown: what breaks first, then a table and sentences for each axis."""

from __future__ import annotations

from collections.abc import Sequence

from .axes import AXES, Axis
from .breaking import breaks, first, sentences
from .findings import Findings
from .growing import Exponent, Row, Spread

WORDS = (
    "Every point is a process of its own; its start (imports, kernels from the cache, the same at the least size) is in no time. A time is the "
    "median of the repetitions, with the least and the most. Memory is the process's peak up to the end of a step, less what it was at the "
    "beginning. An exponent is from the size before, to the work: 1 is in proportion. Updates and look are those of one epoch, on one core; the "
    "runs of a study share two, and its report is a step of its own. A point may take {limit:g} s and {megabytes:,} MB."
)


def markdown(found: Findings) -> str:
    """The whole page."""
    parts = ["# How the cost of a study grows", f"{found.machine}. {_versions(found)}.", WORDS.format(limit=found.limit, megabytes=found.megabytes)]
    parts.append(f"**{whole(found)}**")
    for name in found.samples:
        axis, rows = AXES[name], found.rows[name]
        said = sentences(axis, found.samples[name], rows, found.sizes[name])
        parts += [f"## {axis.title}", _table(axis, rows), "\n".join(f"- {sentence}" for sentence in said)]
        if rows:
            parts.append(f"At the beginning a process has {rows[0].baseline / 2**20:.0f} MB.")
    return "\n\n".join(parts) + "\n"


def whole(found: Findings) -> str:
    """What breaks first, over all axes."""
    broken = [each for name, samples in found.samples.items() for each in breaks(AXES[name], samples, found.rows[name])]
    return first(broken, [row for rows in found.rows.values() for row in rows])


def _versions(found: Findings) -> str:
    return ", ".join(f"{name} {version}" for name, version in found.versions.items())


def _table(axis: Axis, rows: Sequence[Row]) -> str:
    last = ("ratio to the least",) if axis.flat else ("exponent", "memory exponent")
    head = (axis.unit, "step", "time", "least to most", "times", "memory", *last)
    lines = [_line(head), _line(["---:", "---", *["---:"] * (len(head) - 2)])]
    return "\n".join([*lines, *(_line(_cells(axis, row)) for row in rows)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(axis: Axis, row: Row) -> list[str]:
    last = [_exponent(row.ratio)] if axis.flat else [_exponent(row.time_exponent), _exponent(row.memory_exponent)]
    ends = "" if row.rounds == 1 else f"{duration(row.seconds.low)} to {duration(row.seconds.high)}"
    return [f"{row.size:,}", row.step, duration(row.seconds.median), ends, str(row.rounds), megabytes(row.memory), *last]


def _exponent(found: Exponent | None) -> str:
    return "" if found is None else f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def duration(seconds: float) -> str:
    """Three digits and a unit."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}" if seconds < 1000 * scale else f"{seconds / scale:,.0f} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def megabytes(memory: Spread) -> str:
    """The median in MB."""
    return f"{memory.median / 2**20:,.1f} MB"
