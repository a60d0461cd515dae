"""Mistakes in a study file in our words: pydantic's errors, each as one sentence with the key, what was given and what is accepted."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .errors import InputError, nearest, unknown

Accepted = Callable[[tuple[int | str, ...], str], list[str]]
"""The keys that are accepted at a place, below a prefix."""


@contextmanager
def of_file(where: str) -> Generator[None]:
    """Names the study's file in each mistake; a study made in Python has none."""
    try:
        yield
    except InputError as error:
        if not where:
            raise
        raise type(error)("\n".join(f"{where}: {sentence}" for sentence in str(error).splitlines())) from error


def sentences(error: ValidationError, accepted: Accepted, prefix: str = "") -> list[str]:
    """Each mistake once, `prefix` being where all of them stand.

    A key that is missing because it is misspelt, and a list that is too short because of its items, are no second ones.
    """
    details = error.errors()
    unknown_ones = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
    misspelt = {(*place[:-1], nearest(str(place[-1]), accepted(place, prefix))) for place in unknown_ones}
    inner = {detail["loc"][:depth] for detail in details for depth in range(1, len(detail["loc"]))}
    return [
        _sentence(detail, accepted, prefix)
        for detail in details
        if not (detail["type"] == "missing" and detail["loc"] in misspelt) and not (detail["type"] == "too_short" and detail["loc"] in inner)
    ]


def _sentence(detail: ErrorDetails, accepted: Accepted, prefix: str) -> str:
    """One of pydantic's errors in our words: key, what was given, what is accepted."""
    key = ".".join(part for part in (prefix, *map(str, detail["loc"])) if part)
    start = f"{key}: " if key else ""
    given = detail["input"]
    if detail["type"] == "value_error":
        return start + str(detail["ctx"]["error"]) if "ctx" in detail else start + detail["msg"]
    if detail["type"] == "extra_forbidden":
        place = ".".join(part for part in (prefix, *map(str, detail["loc"][:-1])) if part)
        return f"{place or 'top level'}: {unknown('key', str(detail['loc'][-1]), accepted(detail['loc'], prefix))}"
    if detail["type"] == "missing" and not isinstance(detail["loc"][-1], int):
        return f"{key} is missing; add it."
    if detail["type"] == "missing":
        return f"{key.rpartition('.')[0]} is {_shown(given)}; accepted is a longer list."
    if detail["loc"][-1:] == ("[key]",):
        return f"{key.removesuffix('.[key]').rpartition('.')[0]} names {_shown(given)}; accepted is {_accepted(detail)}.{_meant(detail)}"
    return f"{key or 'the table'} is {_shown(given)}; accepted is {_accepted(detail)}.{_meant(detail)}"


def _meant(detail: ErrorDetails) -> str:
    """A hint where a word is misspelt of which there are a few."""
    words = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", ""))) if detail["type"] == "literal_error" else []
    near = nearest(str(detail["input"]), words)
    return f" Did you mean {near!r}?" if near else ""


def _shown(given: object) -> str:
    """What was given, as far as it is short; truth in TOML's spelling."""
    text = str(given).lower() if isinstance(given, bool) else repr(given)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."


def _accepted(detail: ErrorDetails) -> str:
    """What pydantic would have taken, from the type of its error."""
    kind, bounds = detail["type"], detail.get("ctx", {})
    if kind == "literal_error":
        return str(bounds["expected"])
    if kind in BOUNDS:
        name, words = BOUNDS[kind]
        return words.format(f"{bounds[name]:,}" if isinstance(bounds[name], int) else f"{bounds[name]:g}")
    if kind in ("too_short", "too_long"):
        what = "table" if isinstance(detail["input"], dict) else "list"
        least, most = bounds.get("min_length"), bounds.get("max_length")
        counted = f"at least {least} {'entry' if least == 1 else 'entries'}: name one" if least else f"at most {most} entries"
        return f"a {what} with {counted}"
    if kind == "tuple_type" and isinstance(detail["input"], str):
        return f'a list: ["{detail["input"]}"]'
    return next((words for start, words in TYPES.items() if kind.startswith(start)), detail["msg"])


MOST_SHOWN = 80
BOUNDS = {
    "greater_than_equal": ("ge", "{} or more"), "less_than_equal": ("le", "{} or less"), "greater_than": ("gt", "more than {}"),
    "less_than": ("lt", "less than {}"),
}  # fmt: skip
"""By pydantic's type of error: which bound was passed, and what is accepted in words."""
TYPES = {
    "int_": "a whole number", "float_": "a number", "finite_number": "a number that is finite", "bool_": "true or false", "tuple_": "a list",
    "list_": "a list", "dict_": "a table", "model_": "a table", "string_too_short": "a text that says something",
    "string_pattern": "a text of letters, digits, spaces, points and dashes that begins with a letter, a digit or _", "string_": "a text in quotes",
}  # fmt: skip
"""By how pydantic's type of error begins: what is accepted."""
