"""Points are measured one by one, each in a process of its own, from the smallest on; the first that fails or takes too long is an axis's last.

Those that take little are repeated, all of an axis in turn, downwards and upwards: what else happens on the machine falls on large and small alike.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from .axes import Axis

ROOT = Path(__file__).resolve().parents[2]
REPEAT_BELOW = 5.0
"""Seconds of a point, its start left out."""
START = 600.0
"""Seconds that kernels may take to be compiled, once, before any point."""


class Step(NamedTuple):
    """What one step took."""

    seconds: float
    memory: int
    """The process's peak up to its end, in bytes."""


@dataclass(frozen=True)
class Sample:
    """One process at one size."""

    size: int
    baseline: int = 0
    """Bytes at its beginning: imports and kernels."""
    steps: dict[str, Step] = field(default_factory=dict[str, Step])
    error: str = ""
    failed: str = ""
    """The step in which the error came."""
    seconds: float = 0.0
    """From its beginning to its end, the start left out; 0 where it did not come to its end."""
    round: int = 0
    """Samples of one round are compared with each other."""


Attempt = Callable[[int], Sample]
Say = Callable[[int, Sample], None]


def measured(sizes: Sequence[int], attempt: Attempt, rounds: int, say: Say, *, always: bool = False) -> Iterable[Sample]:
    """Every sample as it is taken; `always`: points that take long are repeated too."""
    again: list[int] = []
    for size in sizes:
        sample = attempt(size)
        say(0, sample)
        yield sample
        if sample.error:
            break
        if always or sample.seconds < REPEAT_BELOW:
            again.append(size)
    for turn in range(1, rounds):
        for size in again[::-1] if turn % 2 else again:
            sample = replace(attempt(size), round=turn)
            say(turn, sample)
            yield sample


def attempt(axis: Axis, size: int, largest: int, limit: float, megabytes: int) -> Sample:
    """One point in a new process, stopped after `limit` seconds."""
    command = [sys.executable, "-m", f"{__package__}.worker", axis.name, str(size), str(largest), str(megabytes)]
    environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        late = False
        try:
            said, complaint = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            late = True
            process.kill()
            said, complaint = process.communicate()
        except BaseException:
            process.kill()
            raise
    return read(axis, size, said, ending(process.returncode, complaint, limit, late=late))


def ending(status: int, complaint: str, limit: float, *, late: bool) -> str:
    """Why a process ended before it said that it had finished."""
    if late:
        return f"it was stopped after {limit:g} s, the limit of a point"
    if status < 0:
        name = signal.Signals(-status).name
        return f"its process was ended by {name}{', as the system does where memory runs out' if name == 'SIGKILL' else ''}"
    last = complaint.strip().splitlines()[-1:] or ["nothing was said"]
    return f"its process ended with status {status}: {last[0]}"


def read(axis: Axis, size: int, said: str, ending: str) -> Sample:
    """A sample from the lines of a process; `ending` is its error where the lines tell of neither end nor error."""
    baseline, seconds, error, failed = 0, None, "", ""
    steps: dict[str, Step] = {}
    for text in said.splitlines():
        try:
            line = json.loads(text)
        except ValueError:  # cut off in the middle
            continue
        baseline = line.get("ready", baseline)
        seconds = line.get("finished", seconds)
        if "seconds" in line:
            steps[line["step"]] = Step(line["seconds"], line["memory"])
        elif "error" in line:
            error, failed = line["error"], line["step"]
    if seconds is None and not error:
        error, failed = ending, next((step for step in axis.steps if step not in steps), "") if baseline else ""
    return Sample(size, baseline, steps, error, failed or ("start" if error else ""), seconds or 0.0)
