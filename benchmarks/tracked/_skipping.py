"""A commit that lacks what a benchmark needs skips it, in the word that asv understands."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

CHECK_COMMAND = ("trickbench.harness.checks.command", "trickbench.harness.check_command")
"""Where it stands, and where it stood."""


@contextmanager
def skipping_what_is_missing() -> Generator[None]:
    """A module, a name or an argument that this commit does not have: skipped. Anything else is an error of the benchmark."""
    try:
        yield
    except (ImportError, AttributeError) as error:
        raise NotImplementedError(f"this commit lacks it: {error}") from error


def first_of(*places: str) -> Any:
    """The first of these modules that this commit has: modules move, and a comparison spans the move. Raises ImportError where it has none."""
    for place in places[:-1]:
        with suppress(ModuleNotFoundError):
            return import_module(place)
    return import_module(places[-1])
