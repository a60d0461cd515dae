"""How numbers, verdicts and lists are spelled, in the page and in Markdown alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

MINUS = "−"
MISSING = "—"

SYMBOLS = {"helps": "▲", "hurts": "▼", "no detectable difference": "·"}
"""Verdicts are told apart by shape as well as by colour."""


def number(value: float, digits: int = 3, sign: bool = False) -> str:
    """A figure with a fixed number of decimals, a true minus sign, and a dash where there is none."""
    if not math.isfinite(value):
        return MISSING if math.isnan(value) else "∞" if value > 0 else f"{MINUS}∞"
    kind = f".{digits}f" if abs(value) < 1000 else ".3g"
    return f"{value:{'+' if sign else ''}{kind}}".replace("-", MINUS)


def signed(value: float) -> str:
    """A difference: always with its sign."""
    return number(value, sign=True)


def plus_minus(mean: float, deviation: float) -> str:
    """`mean ± standard deviation`; the mean alone where one run gives no deviation."""
    return number(mean) if math.isnan(deviation) else f"{number(mean)} ± {number(deviation)}"


def interval(low: float, high: float) -> str:
    """`[low, high]`, or a dash."""
    return MISSING if math.isnan(low) or math.isnan(high) else f"[{signed(low)}, {signed(high)}]"


def counted(count: int, noun: str, plural: str = "") -> str:
    """`1 run`, `1,530 runs`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def listed(words: Iterable[str]) -> str:
    """`a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def duration(seconds: float) -> str:
    """Seconds in the unit one would say."""
    if not math.isfinite(seconds):
        return MISSING
    if seconds < 120:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def numbers(values: Sequence[int]) -> str:
    """`0 to 9` where the whole numbers are consecutive, else a list."""
    if not values:
        return "none"
    consecutive = len(values) > 2 and list(values) == list(range(values[0], values[0] + len(values)))
    return f"{values[0]} to {values[-1]}" if consecutive else listed(str(value) for value in values)
