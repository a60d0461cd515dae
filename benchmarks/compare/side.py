"""The controlling end of a worker: a process of one commit, asked one thing at a time."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

from .commits import Built

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SUITE = ROOT / "benchmarks" / "tracked"
PATIENCE_SECONDS = 900.0


class Opened(NamedTuple):
    """Whether a benchmark is ready: `ok` with the seconds of a first call, or `skipped` or `error` with the reason."""

    status: str
    seconds: float = 0.0
    reason: str = ""


class SideError(Exception):
    """A worker died or went silent."""


class Side:
    """A worker of one commit; a context manager that ends it."""

    def __init__(self, built: Built, log: Path) -> None:
        self.built = built
        command = [str(built.python), "-I", str(HERE / "worker.py"), str(built.site), str(SUITE)]
        self.log = log.open("ab")
        self.process = subprocess.Popen(
            [*command, str(ROOT / "harness" / "sources.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            bufsize=0,
            env={**os.environ, "TRICKBENCH_CACHE_DIR": str(built.kernels)},
            start_new_session=True,
        )  # fmt: skip  a session of its own: an interrupt at the terminal is for the controlling process alone
        self.rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self.process.wait(timeout=5)  # its standard input has ended: it goes by itself
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def ready_on(self, core: int | None) -> None:
        """Wait until it has started, and keep it on one core from then on."""
        self._answer()
        if core is not None:
            os.sched_setaffinity(self.process.pid, {core})

    def survey(self) -> dict[str, str]:
        """Every benchmark with the digest of its source."""
        answer = self._ask(do="survey", site=str(self.built.site))
        if answer["problem"]:
            raise SideError(answer["problem"])
        return answer["benchmarks"]

    @contextmanager
    def opened(self, title: str) -> Generator[Opened]:
        """A process of its own for one benchmark."""
        answer = self._ask(do="open", title=title)
        there = not answer.get("reason", "").startswith("its process ended")
        try:
            yield Opened(**answer)
        except KeyboardInterrupt:
            there = False  # nothing more is asked, nor waited for
            raise
        finally:
            if there:
                self._ask(do="close")

    def turn(self, calls: int, blocks: int, *, warm: bool) -> float:
        """Seconds of a call of the benchmark that is open."""
        answer = self._ask(do="time", calls=calls, blocks=blocks, warm=warm)
        if answer["status"] != "ok":
            raise SideError(answer["reason"])
        return answer["seconds"]

    def _ask(self, **message: Any) -> dict[str, Any]:
        if self.process.stdin is None:
            raise SideError("it has no pipes")
        try:
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
        except BrokenPipeError:
            raise SideError(self._last_words()) from None
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        if self.process.stdout is None:
            raise SideError("it has no pipes")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while b"\n" not in self.rest:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                self.process.kill()
                raise SideError(f"no answer within {PATIENCE_SECONDS:g} s")
            more = os.read(self.process.stdout.fileno(), 2**16)
            if not more:
                raise SideError(self._last_words())
            self.rest += more
        line, _, self.rest = self.rest.partition(b"\n")
        return json.loads(line)

    def _last_words(self) -> str:
        lines = Path(self.log.name).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f"the worker of {self.built.name} ended: {lines[-1] if lines else 'without a word'}"
