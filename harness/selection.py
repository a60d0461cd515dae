"""`name[key=value, ...]`: how a technique or a dataset is picked, in study files and on the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import InputError

Value = bool | int | float | str

_FORM = re.compile(r"\s*(?P<name>[^\[\]=,\s]+)\s*(?:\[(?P<parameters>[^\[\]]*)\])?\s*")
_INTEGER = re.compile(r"[+-]?(0|[1-9]\d*)")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?inf|nan", re.IGNORECASE)


@dataclass(frozen=True)
class Selection:
    """A name and the parameters given with it."""

    name: str
    parameters: Mapping[str, Value] = field(default_factory=dict[str, Value])

    def __str__(self) -> str:
        """The canonical form: parameters sorted, so that equal selections are equal texts."""
        inside = ",".join(f"{key}={_text(value)}" for key, value in sorted(self.parameters.items()))
        return f"{self.name}[{inside}]" if inside else self.name


def parse(text: str) -> Selection:
    """Read `name` or `name[key=value,key=value]`; values are numbers, true or false, or words. Raises `InputError`."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise InputError(f"{text!r} is no selection; accepted is a name, or a name with parameters: name[key=value,key=value].")
    parameters: dict[str, Value] = {}
    for part in filter(str.strip, (form["parameters"] or "").split(",")):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not (key and equals and value):
            raise InputError(f"{part.strip()!r} in {text!r} is no parameter; accepted is key=value.")
        if key in parameters:
            raise InputError(f"{key!r} stands twice in {text!r}; give it once.")
        parameters[key] = _value(value)
    return Selection(form["name"], parameters)


def _value(text: str) -> Value:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return text.strip("'\"")


def _text(value: Value) -> str:
    if isinstance(value, str) and _value(value) != value:  # a word that would read back as a number
        return f"'{value}'"
    return str(value).lower() if isinstance(value, bool) else str(value)
