"""The claims report as one HTML file that loads nothing and needs no JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .claims_content import claims_content
from .page import environment


def claims_page(summary: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> str:
    """The page of a run of checks."""
    return environment().get_template("claims.html.jinja").render(content=claims_content(summary, records))
