"""What is said when a study is interrupted: how much of it is stored, and how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..words import counted

if TYPE_CHECKING:
    from pathlib import Path

    from ..planned import Planned


def interrupted(planned: Planned, folder: Path) -> str:
    """One sentence. Runs of equal recipes are counted for each arm, as everywhere."""
    from ..database import FILE
    from ..store import FINAL, Store

    counts: dict[str, int] = {}
    if (folder / FILE).is_file():
        with Store(folder, create=False) as store:
            counts = store.counts()
    if not counts:
        return f"Interrupted before the first run; `{planned.command}` begins again."
    stored, so_far = sum(counts.get(status, 0) for status in FINAL), " planned so far" if planned.sequential else ""
    return f"Interrupted with {stored:,} of {counted(sum(counts.values()), 'run')}{so_far} stored in {folder}; `{planned.command}` continues."
