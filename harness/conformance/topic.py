"""One check for several families: a claim of each, `conformance.<family>.<topic>`, with the check's docstring as its sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..claim import DTYPES, Check, Claim, claim
from ..families import FAMILIES

ARRAYS = tuple(family for family in FAMILIES if family != "stopper")
"""The families whose outcome depends on arguments alone."""


def topic(name: str, *families: str, dtypes: Sequence[str] = DTYPES) -> Callable[[Check], tuple[Claim, ...]]:
    """Make a claim of a check for each of the families."""

    def made(check: Check) -> tuple[Claim, ...]:
        return tuple(
            claim(f"conformance.{family}.{name}", kind="conformance", section="not in the notes", family=family, dtypes=dtypes)(check)
            for family in families
        )

    return made
