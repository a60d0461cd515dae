"""A commit that lacks what a benchmark needs skips it, in the word that asv understands."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def skipping_what_is_missing() -> Generator[None]:
    """A module, a name or an argument that this commit does not have: skipped. Anything else is an error of the benchmark."""
    try:
        yield
    except (ImportError, AttributeError) as error:
        raise NotImplementedError(f"this commit lacks it: {error}") from error
