"""What breaks first: the first point of an axis that fails, or at which a step begins to cost more than its work does. Pure functions.

A cost breaks where its exponent lies above 1 by more than `LEEWAY` over its whole spread; on a flat axis, where the ratio to the least size lies
above `FLAT` over its whole interval. An exponent as far below 1 is no break: something fixed is still being paid off, and the sentences say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .axes import Axis
from .growing import Exponent, Row
from .points import Sample

LEEWAY = 0.3
FLAT = 1.05


@dataclass(frozen=True)
class Break:
    """Something that goes wrong at a size."""

    axis: str
    size: int
    factor: float
    """The size over the least one of its axis: how far the axis went before."""
    fails: bool
    sentence: str


def breaks(axis: Axis, samples: Sequence[Sample], rows: Sequence[Row]) -> list[Break]:
    """All breaks of an axis, the least size first; at one size failures come before costs."""
    least = axis.sizes[0]
    found = [
        Break(axis.name, sample.size, sample.size / least, True, f"{at(axis, sample.size)} {sample.failed} fails: {sample.error}")
        for sample in samples
        if sample.error
    ]
    for row in rows:
        found += [
            Break(axis.name, row.size, row.size / least, False, f"{at(axis, row.size)} {words}")
            for words in (_too_steep(row.step, "time", row.time_exponent), _too_steep(row.step, "memory", row.memory_exponent), _not_flat(row))
            if words
        ]
    return sorted(dict.fromkeys(found), key=_order)


def _order(found: Break) -> tuple[float, bool]:
    return found.factor, not found.fails


def _too_steep(step: str, cost: str, exponent: Exponent | None) -> str:
    if exponent is None or min(exponent) <= 1 + LEEWAY:
        return ""
    return f"{step} takes more {cost} than in proportion to the work: exponent {ranged(exponent)}"


def _not_flat(row: Row) -> str:
    if row.ratio is None or row.ratio.low <= FLAT:
        return ""
    return f"{row.step} takes {ranged(row.ratio)} times as long as at the least size"


def at(axis: Axis, size: int) -> str:
    """`at 1,000 runs`."""
    return f"at {size:,} {axis.unit}"


def ranged(found: Exponent) -> str:
    """`1.02 (0.98 to 1.05)`."""
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def first(found: Sequence[Break], rows: Sequence[Row]) -> str:
    """One sentence over all axes: what breaks first, counted in how far its axis had grown; where nothing does, what comes nearest."""
    if found:
        earliest = min(found, key=_order)
        return f"What breaks first: {earliest.axis}, {earliest.factor:,.0f} times the least size: {earliest.sentence}."
    steep = [
        (exponent.value, f"the {cost} of {row.step} along {row.axis}, exponent {ranged(exponent)} up to {row.size:,}")
        for row in rows
        for cost, exponent in (("time", row.time_exponent), ("memory", row.memory_exponent))
        if exponent
    ]
    if not steep:
        return "Nothing was measured at two sizes: nothing can be said of growth."
    value, nearest = max(steep)
    beyond = " beyond the spread of its repetitions" if value > 1 + LEEWAY else ""
    return f"Nothing breaks{beyond}. Nearest to it comes {nearest}."


def sentences(axis: Axis, samples: Sequence[Sample], rows: Sequence[Row], sizes: Sequence[int]) -> list[str]:
    """What is to be said of one axis."""
    said = _flat_sentences(axis, rows) if axis.flat else [_last(axis, row) for row in _last_rows(axis, rows)]
    said += [f"{found.sentence[0].upper()}{found.sentence[1:]}." for found in breaks(axis, samples, rows)] or ["Nothing breaks."]
    left_out = [size for size in sizes if size not in {sample.size for sample in samples}]
    if left_out:
        said.append(f"Left out after that: {', '.join(f'{size:,}' for size in left_out)} {axis.unit}.")
    return said


def _last_rows(axis: Axis, rows: Sequence[Row]) -> list[Row]:
    """The largest size of each step."""
    by_step = {row.step: row for row in rows}
    return [by_step[step] for step in axis.steps if step in by_step]


def _last(axis: Axis, row: Row) -> str:
    if row.time_exponent is None:
        return f"{row.step}: measured at one size only."
    of = "" if axis.work(row.size) == row.size else f" to the {axis.of_work}, {row.time_exponent_to_size:.2f} to the {axis.unit}"
    paid = ", still paying off what is fixed" if row.time_exponent.value < 1 - LEEWAY else ""
    memory = f"its memory {ranged(row.memory_exponent)}" if row.memory_exponent else "its memory too little to have one"
    return f"{row.step}: up to {row.size:,} {axis.unit} its time has exponent {ranged(row.time_exponent)}{of}{paid}; {memory}."


def _flat_sentences(axis: Axis, rows: Sequence[Row]) -> list[str]:
    said = []
    for row in rows:
        if row.ratio:
            verdict = "at most" if row.ratio.high <= FLAT else "above" if row.ratio.low > FLAT else "not told apart from"
            said.append(f"{row.step}: {at(axis, row.size)} {ranged(row.ratio)} times as long as at {axis.sizes[0]:,}, {verdict} {FLAT:g}.")
    return said
