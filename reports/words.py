"""How numbers, verdicts and lists are spelled, in the page and in Markdown alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

MINUS = "−"
MISSING = "—"

ROUNDING = 1e-12
"""What is left of sums that should be 0, and has no sign."""

SYMBOLS = {
    "helps": "▲", "helps, negligibly": "△", "equivalent": "≈", "undecided": "·", "hurts, negligibly": "▽", "hurts": "▼", "identical runs": "=",
}  # fmt: skip
"""Verdicts are told apart by shape as well as by colour."""

CLASSES = {
    "helps": "helps", "helps, negligibly": "helps slight", "equivalent": "equivalent", "undecided": "undecided", "hurts, negligibly": "hurts slight",
    "hurts": "hurts", "identical runs": "identical",
}  # fmt: skip
"""What a verdict is called in a page's style sheet."""

LEGEND = [(f"{symbol} {verdict}", CLASSES[verdict]) for verdict, symbol in SYMBOLS.items()]


def number(value: float, digits: int = 3, sign: bool = False) -> str:
    """A figure with a fixed number of decimals, a true minus sign, and a dash where there is none."""
    if not math.isfinite(value):
        return MISSING if math.isnan(value) else f"{'+' if sign else ''}∞" if value > 0 else f"{MINUS}∞"
    value = 0.0 if abs(value) < ROUNDING else value
    kind = f".{digits}f" if abs(value) < 1000 else ".3g"
    return f"{value:{'+' if sign else ''}{kind}}".replace("-", MINUS)


def signed(value: float) -> str:
    """A difference: always with its sign."""
    return number(value, sign=True)


def percent(share: float, digits: int = 0) -> str:
    """`95 %`, and as many digits as a confidence near 1 takes: `99.83 %`; a dash where there is none."""
    if math.isnan(share):
        return MISSING
    if share < 1 and float(f"{100 * share:.{digits}f}") >= 100:
        return percent(share, digits + 1)
    return f"{100 * share:.{digits}f} %"


def confidence(value: float) -> str:
    """A confidence to two digits of what is missing to 1."""
    if math.isnan(value):
        return MISSING
    left = 100 * (1 - value)
    digits = 0 if left >= 1 and abs(left - round(left)) < 1e-9 else max(0, 1 - math.floor(math.log10(left))) if left > 0 else 0
    return f"{100 * value:.{digits}f} %"


def p_value(value: float) -> str:
    """Three digits, and no more zeros than anybody reads."""
    return "< 0.001" if value < 0.001 else number(value)


def plus_minus(mean: float, deviation: float) -> str:
    """`mean ± standard deviation`; the mean alone where one run gives no deviation."""
    return number(mean) if math.isnan(deviation) else f"{number(mean)} ± {number(deviation)}"


def interval(low: float, high: float) -> str:
    """`[low, high]`, or a dash."""
    return MISSING if math.isnan(low) or math.isnan(high) else f"[{signed(low)}, {signed(high)}]"


def span(low: float, high: float) -> str:
    """`[low, high]` of what has no sign, or a dash."""
    return MISSING if math.isnan(low) or math.isnan(high) else f"[{number(low)}, {number(high)}]"


def counted(count: int, noun: str, plural: str = "") -> str:
    """`1 run`, `1,530 runs`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def listed(words: Iterable[str]) -> str:
    """`a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def shortened(words: Sequence[str], most: int = 5) -> str:
    """`a, b and 4 others` where there are more than can be read."""
    return listed(words if len(words) <= most + 1 else [*words[:most], f"{len(words) - most} others"])


def duration(seconds: float) -> str:
    """Seconds in the unit one would say."""
    if not math.isfinite(seconds):
        return MISSING
    if seconds < 120:
        return f"{seconds:.2g} s" if seconds < 1 else f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def numbers(values: Sequence[int]) -> str:
    """`0 to 9` where the whole numbers are consecutive, else a list."""
    if not values:
        return "none"
    consecutive = len(values) > 2 and list(values) == list(range(values[0], values[0] + len(values)))
    return f"{values[0]} to {values[-1]}" if consecutive else listed(str(value) for value in values)


def settled_by(low: float, high: float) -> str:
    """How many seeds would decide: `between 40 and 900 seeds`; empty where it is not known."""
    if math.isnan(low) or math.isnan(high):
        return ""
    if math.isinf(low):
        return "no number of seeds settles this on one dataset"
    if math.isinf(high):
        return f"{_seeds(low)} seeds or more would settle it, or no number of them"
    return (
        f"about {_seeds(low)} seeds would settle it"
        if _seeds(low) == _seeds(high)
        else f"between {_seeds(low)} and {_seeds(high)} seeds would settle it"
    )


def _seeds(number_of: float) -> str:
    """To two digits: more of them would be made up."""
    digits = max(0, math.floor(math.log10(number_of)) - 1)
    return f"{math.ceil(number_of / 10**digits) * 10**digits:,}"


def text(value: Any) -> str:
    """A text that an empty cell may have turned into NaN or None."""
    return str(value) if isinstance(value, str) else ""


def whole(value: Any) -> int:
    """A count that an empty cell may have turned into NaN."""
    return 0 if value is None or math.isnan(value) else int(value)
