"""How a command ends: its exit status, and where something is wrong, one sentence.

0 done, all claims hold, or a training is good; 1 a claim is refuted, or a problem is diagnosed; 2 the input is wrong, or the output cannot be
written; 3 some runs failed, or checks are missing; 4 nothing was run, measured or checked, or a diagnosis cannot be told; 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

from ..errors import InputError, StorageError

WRONG, FAILED_RUNS, NOTHING, INTERRUPTED = 2, 3, 4, 130


@contextmanager
def sentences() -> Generator[None]:
    """Errors become one sentence and an exit status."""
    try:
        yield
    except (InputError, StorageError) as error:
        stop(str(error), WRONG)


def stop(sentence: str, status: int) -> NoReturn:
    """End with a sentence on the standard error."""
    print(f"trickbench: {sentence}", file=sys.stderr)  # noqa: T201
    sys.exit(status)
