"""Two cores for everybody, where the machine has more: what a work's least time is taken for, and what all peers are laid out for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from .limits import CORES


def hold() -> None:
    """Keep this process and those that it starts to two cores, where the system can; a user who gave it fewer is left alone."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, chosen(os.sched_getaffinity(0)))


def _siblings(processor: int) -> str:
    """The logical processors of the same core."""
    try:
        return Path(f"/sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list").read_text(encoding="ascii")
    except OSError:
        return str(processor)


def chosen(processors: Iterable[int], siblings: Callable[[int], str] = _siblings) -> set[int]:
    """One logical processor of each of two cores; of the same core where there is but one."""
    first: dict[str, int] = {}
    ordered = sorted(processors)
    for processor in ordered:
        first.setdefault(siblings(processor), processor)
    others = [processor for processor in ordered if processor not in first.values()]
    return set([*first.values(), *others][:CORES])
