"""The reports: of an ablation study, and of the claims. Drawn from results; nothing here runs anything.

    result -> content.py (what is said, once) -> page.py (HTML), markdown.py, figures (SVG, PNG) -> write.py (files)

`content.py` has its parts from `summary.py`, `answer.py`, `effect_*.py` and `tables.py`; `confounding.py` names what a fraction cannot tell apart,
`edges.py` places what does not fit on an axis. What a result has beside its effects is a `Section` each, there only where
there is something to tell: `factorial.py` (interactions), `overall.py` (over datasets), `looks.py` (added seeds), `tuning.py`, `variance.py`
(sources of randomness), `diagnosis.py`, `costs.py`; `method.py` says how verdicts come about.

`content.py` decides every word and number; the page and the Markdown file only set them. `result.py` lists what is read of a result, `note.py`
says whether a report that lies there is still true, `pictures.py` draws.
The claims report is `claims_content.py`, set by `claims_page.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .result import Result

__all__ = ["answer_in", "keep_report", "write_claims_report", "write_report", "write_speed_report"]


def write_report(result: Result, folder: Path) -> list[Path]:
    """Write `report.html`, `report.md`, CSV tables and `figures/` into `folder`, each file whole or not at all; returns their paths."""
    from .write import write  # pandas, altair and jinja2 are loaded when a report is written, not when the package is imported

    return write(result, Path(folder))


def keep_report(result: Result, folder: Path) -> list[Path]:
    """The same, but nothing is written or loaded where the report in `folder` is still true: see `note.py`."""
    from .note import made_from, noted

    folder = Path(folder)
    before = noted(folder)
    if before.files and before.made_from == made_from(result) and all(before.holds(folder, name) for name in before.files):
        return [folder / name for name in before.files]
    return write_report(result, folder)


def answer_in(folder: Path) -> list[tuple[str, str]]:
    """What the report in a folder says first, as (setting, sentence)."""
    from .note import noted

    return [(setting, sentence) for setting, sentence in noted(Path(folder)).answer]


def write_claims_report(summary: Mapping[str, Any], records: Sequence[Mapping[str, Any]], folder: Path) -> Path:
    """Write `claims.html` into `folder` from what `trickbench check --json` prints; returns its path."""
    from .claims_page import claims_page
    from .files import write_whole

    return write_whole(Path(folder) / "claims.html", claims_page(summary, records).encode())


def write_speed_report(result: Mapping[str, object], folder: Path) -> Path:
    """Write the page, the pictures and the tables of `trickbench speed` into `folder`; returns the page's path."""
    from .speed_page import write_speed_report as write

    return write(dict(result), Path(folder))
