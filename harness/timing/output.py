"""What `trickbench speed` says: a block for each technique, method and size, with a bar as long as a form is fast.

A block fits a terminal of 80 columns. Its first line says what a call has to move and to compute, and what the machine can do.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from .command import Speeds
from .run import Timed
from .statistics import Outcome
from .threads import threads_in_words

if TYPE_CHECKING:
    from rich.console import Console

BAR = 10
"""Characters of the fastest form's bar, where there is room."""
STYLES: dict[Outcome, str] = {"faster": "green", "slower": "red", "no difference": "dim", "too few rounds": "dim", "the reference": ""}


def show(speeds: Speeds, console: Console) -> None:
    """All blocks, and what could not be timed."""
    if speeds.rows:
        console.print(Text(f"{speeds.processor}. {threads_in_words(speeds.threads)}; {speeds.rows[0].dtype}."), soft_wrap=True)
    for _, block in groupby(speeds.rows, key=lambda row: (row.technique, row.method, row.size)):
        _block(list(block), console)
    if speeds.rows:
        console.print(Text(LEGEND, style="dim"), soft_wrap=True)
    for name, why in speeds.unavailable.items():
        console.print(Text(f"not available: {name}: {why}"), soft_wrap=True)
    for name, why in speeds.failed.items():
        console.print(Text(f"failed: {name}: {why}", style="red"), soft_wrap=True)


LEGEND = (
    "Time of a call: median and quartiles. Verdict against the reference: median over the rounds and 95 % interval. Limit: share of what the machine "
    "can do, by bandwidth (b) or arithmetic (a), whichever is nearer. Bar: speed. Forms on other libraries include the conversion of arrays. One "
    "interval in twenty is wrong, and another process may differ by some percent, by where arrays and code come to lie."
)


def with_words(speeds: Speeds) -> dict[str, Any]:
    """The JSON document as an object, the median of each row and the threads also in words."""
    result = json.loads(speeds.to_json()) | {"threads_in_words": threads_in_words(speeds.threads)}
    for row in result["rows"]:
        row["time"] = times(row["seconds"])
    return result


def _block(rows: Sequence[Timed], console: Console) -> None:
    console.print()
    console.print(Text.assemble((f"{rows[0].technique}, {rows[0].method}, {rows[0].size:,} elements", "bold")), soft_wrap=True)
    console.print(Text(f"  {facts(rows)}", style="dim"), soft_wrap=True)
    console.print(_table(rows, console.width))
    for row in rows:
        if row.note:
            console.print(Text(f"  {row.implementation} {row.note}", style="yellow"), soft_wrap=True)


def _table(rows: Sequence[Timed], width: int) -> Table:
    """The rows; the bars take what the words leave."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), show_header=False)
    for justify in ("left", "right", "left", "left", "right", "left"):
        table.add_column(justify=justify, no_wrap=True)
    words = [(row.implementation.partition("/")[2], times(row.seconds), spread_text(row), short(row), limit(row)) for row in rows]
    left = width - sum(max(map(len, column)) + 1 for column in zip(*words, strict=True))
    fastest = min(row.seconds for row in rows)
    for row, (name, middle, ends, said, share) in zip(rows, words, strict=True):
        style = STYLES[row.outcome]
        table.add_row(name, middle, ends, Text(said, style), share, Text(bar(fastest / row.seconds, max(min(left, BAR), 0)), style))
    return table


def facts(rows: Sequence[Timed]) -> str:
    """What a call moves and computes at least, and where the machine's limits and noise lie."""
    moved = _range(f"{row.bytes / row.size:.4g}" for row in rows)
    counted = next((row for row in rows if row.operations), None)
    computed = "operations not counted" if counted is None else f"{_operations(counted)} ({_kinds(counted)})"
    return (
        f"an element: {moved} bytes, {computed}\n"
        f"  the machine moves {rows[0].bandwidth / 1e9:.0f} GB/s at this size; a factor below {rows[0].noise:.3f} is no difference"
    )


def _range(texts: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(texts))


def _operations(row: Timed) -> str:
    count = (row.operations or 0) / row.size
    return f"{count:.3g} operation{'' if count == 1 else 's'}"


def _kinds(row: Timed) -> str:
    return ", ".join(f"{count:.2g} {kind}" if round(count, 2) != 1 else kind for kind, count in row.kinds.items())


def short(row: Timed) -> str:
    """The verdict for a narrow table."""
    if row.outcome == "faster":
        return f"{row.ratio:.3g}x faster [{row.ratio_low:.3g}, {row.ratio_high:.3g}]"
    if row.outcome == "slower":
        return f"{1 / row.ratio:.3g}x slower [{1 / row.ratio_high:.3g}, {1 / row.ratio_low:.3g}]"
    if row.outcome == "no difference":
        return f"no difference [{row.ratio_low:.2f}, {row.ratio_high:.2f}]"
    return row.verdict


def limit(row: Timed) -> str:
    """`53 % b`: the share of the limit, and which."""
    percent = 100 * row.share
    return f"{percent:.0f} % {row.limit[0]}" if percent >= 0.95 else f"{percent:.1f} % {row.limit[0]}"


def times(seconds: float) -> str:
    """Three digits and a unit."""
    scale, name = _unit(seconds)
    return f"{_digits(seconds / scale)} {name}"


UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def _unit(seconds: float) -> tuple[float, str]:
    return next(((size, name) for size, name in UNITS if seconds >= size), UNITS[-1])


def _digits(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f}" if 0 < value < 100 else f"{value:.0f}"


def spread_text(row: Timed) -> str:
    """The quartiles in the median's unit."""
    scale, _ = _unit(row.seconds)
    return f"{_digits(row.seconds_low / scale)}-{_digits(row.seconds_high / scale)}"


def bar(share: float, width: int = BAR) -> str:
    """A bar in eighths of a character; never quite empty."""
    eighths = max(round(share * width * 8), min(width, 1))
    whole, rest = divmod(eighths, 8)
    return "█" * whole + ("▏▎▍▌▋▊▉"[rest - 1] if rest else "")
