"""Mistakes in a study file in our words: pydantic's errors, each as one sentence with the key, what was given and what is accepted."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .errors import nearest, unknown

Accepted = Callable[[tuple[int | str, ...], str], list[str]]
"""The keys that are accepted at a place, below a prefix."""


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
    if detail["type"] == "missing":
        return f"{key} is missing; add it."
    return f"{start}{detail['msg'].replace('valid tuple', 'list')} (given: {given!r})."
