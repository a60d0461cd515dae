"""A point's process: prepares, says how much memory it has, performs, and says each step as it is done, a line of JSON each.

    {"ready": bytes}                                         imports and kernels are in memory
    {"step": "run", "seconds": 1.2, "memory": bytes}         `memory`: the process's peak so far
    {"error": "a sentence", "step": "report"}                the step that was under way
    {"finished": seconds}                                    since it was ready

Standard output is for these lines alone; what a library prints goes to standard error.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any


def peak() -> int:
    """The most memory that this process has had, in bytes.

    `getrusage` also counts what the process had before it became this program, as a copy of its parent; Linux has a count of the program alone.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


class Lines:
    """Says what is measured."""

    def __init__(self, answers: IO[str]) -> None:
        self.answers, self.step, self.begun = answers, "", 0.0

    def say(self, **line: Any) -> None:
        """One line, at once."""
        self.answers.write(json.dumps(line) + "\n")
        self.answers.flush()

    def begin(self, step: str) -> None:
        """A step is under way."""
        self.step, self.begun = step, time.perf_counter()

    def end(self, step: str, seconds: float | None = None) -> None:
        """A step is done."""
        seconds = time.perf_counter() - self.begun if seconds is None else seconds
        self.say(step=step, seconds=seconds, memory=peak())


def serve(prepare: Callable[[], None], perform: Callable[[Lines], None], lines: Lines) -> None:
    """Prepare and perform; an error becomes a line."""
    try:
        prepare()
        lines.say(ready=peak())
        begin = time.perf_counter()
        perform(lines)
        lines.say(finished=time.perf_counter() - begin)
    except MemoryError:
        lines.say(error="it needed more memory than a point may use", step=lines.step)
    except Exception as error:  # noqa: BLE001  whatever breaks at this size is the finding
        traceback.print_exc()
        lines.say(error=_sentence(error), step=lines.step)


def _sentence(error: Exception) -> str:
    from trickbench.harness.errors import InputError

    from .measures import PointError

    first = str(error).partition("\n")[0]
    return first if isinstance(error, (InputError, PointError)) else f"{type(error).__name__}: {first}"


def main() -> None:
    """`python -m benchmarks.growth.worker AXIS SIZE LARGEST MEGABYTES`; without a size only prepares."""
    from trickbench.harness.execution import limit_memory, one_blas_thread

    from .measures import perform, prepare

    axis, size, largest, megabytes = sys.argv[1], *map(int, sys.argv[2:5])
    with os.fdopen(os.dup(1), "w") as answers, tempfile.TemporaryDirectory(prefix="growth-") as folder:
        os.dup2(2, 1)
        limit_memory(megabytes)
        with one_blas_thread():
            serve(
                lambda: prepare(axis, Path(folder)),
                lambda lines: perform(axis, size, largest, lines, Path(folder)) if size else None,
                Lines(answers),
            )


if __name__ == "__main__":
    main()
