"""The report of an ablation study: tables, figures and one page, drawn from results. Nothing here runs anything.

    result -> content.py (what is said, once) -> page.py (HTML), markdown.py, figures (SVG, PNG) -> write.py (files)

`content.py` decides every word and number; the page and the Markdown file only set them. `result.py` lists what is read of a result.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import Result

__all__ = ["write_report"]


def write_report(result: Result, folder: Path) -> list[Path]:
    """Write `report.html`, `report.md`, three CSV tables and `figures/` into `folder`, each file whole or not at all; returns their paths."""
    from .write import write  # pandas, altair and jinja2 are loaded when a report is written, not when the package is imported

    return write(result, Path(folder))
