"""One parameter of a dataset: what it may be, checked with a sentence."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from .errors import InputError, unknown
from .selection import Value


@dataclass(frozen=True)
class Parameter:
    """One parameter of a dataset source: its default (which also fixes its type), its bounds, and what it means."""

    default: Value
    meaning: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    """All accepted words, for a parameter that is a word."""
    required: bool = False
    """Whether it must be given; the default then only says the type."""

    def __str__(self) -> str:
        if isinstance(self.default, bool):
            return "true or false"
        kind = "a whole number" if isinstance(self.default, int) else "a number"
        return kind + ("" if self.low is None else f" from {self.low:g}") + ("" if self.high is None else f" up to {self.high:.10g}")

    def check(self, name: str, value: Value) -> Value:
        """The value in the default's type; raises `InputError` where it does not fit."""
        if isinstance(self.default, str):
            text = str(value).lower() if isinstance(value, bool) else str(value)
            if self.choices and text not in self.choices:
                raise unknown(f"value of {name}", text, self.choices)
            return text
        if isinstance(self.default, bool) != isinstance(value, bool) or not self._holds(value):
            raise InputError(f"{name} is {value!r}; accepted is {self}.")
        return type(self.default)(value)

    def _holds(self, value: Value) -> bool:
        low = -sys.float_info.max if self.low is None else self.low
        high = sys.float_info.max if self.high is None else self.high
        number = not isinstance(value, str) and low <= value <= high  # false for NaN and infinity
        return number and (isinstance(self.default, float) or value == int(value))
