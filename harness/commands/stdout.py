"""The standard output of a command that others read: its own words, and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def nothing_else_on_stdout() -> Generator[None]:
    """What implementations print goes to the standard error, in this process and its workers: the standard output is the verdicts'."""
    sys.stdout.flush()
    saved = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(saved, 1)
        os.close(saved)
