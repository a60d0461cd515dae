"""A section of a report that is there only where a result has something for it. The page and Markdown set every section in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .figure import Figure

if TYPE_CHECKING:
    from .tables import Table


@dataclass(frozen=True)
class Section:
    """Sentences, then points, figures, tables, and what is folded away."""

    name: str
    """Its anchor in the page."""
    title: str
    sentences: Sequence[str] = ()
    points: Sequence[tuple[str, str]] = ()
    """(what it is about, sentence)."""
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = field(default=())
    folded: Sequence[tuple[str, Table]] = field(default=())
    """(what it is, table)."""
