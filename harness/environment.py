"""Where results were made: machine, versions, commit. Recorded with every run, shown in the report."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from .planning import NUMERICAL, versions


def environment() -> dict[str, str]:
    """Plain facts, the same for every run of one process."""
    facts = {
        "machine": platform.machine(),
        "processor": processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "system": platform.platform(),
        "python": platform.python_version(),
        "commit": commit(),
    }
    return facts | versions("trickbench", *NUMERICAL, "torch", "jax", "optax")


def processor() -> str:
    """The processor's name, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"


def commit() -> str:
    """The commit of the checkout that runs, with `+` if it is changed; `installed` where there is no checkout."""
    here = Path(__file__).resolve().parent
    try:
        head = _git(here, "rev-parse", "--short=12", "HEAD")
        _git(here, "ls-files", "--error-unmatch", __file__)  # fails where another repository's folder holds an installed copy
        changed = _git(here, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return "installed"
    return head + ("+" if changed else "")


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()  # noqa: S603
