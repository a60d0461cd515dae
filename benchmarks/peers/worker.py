"""Processes that stay alive and answer "train these runs": a peer's home, and the door to it.

Requests and answers are lines of JSON on the worker's standard input and output; what a library prints goes to standard error. A `Farm` is one
peer's workers. When one fails or stays silent for too long all of them are killed, lest they work on while others are timed. Time is taken in the
farm, from the first request to the last answer, for everybody alike: a request and its answer cost 0.1 ms.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, Self

from .peer import Peer, Trainer

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 900.0
"""Seconds until a peer that has not answered is taken to hang; the slowest, compilation included, takes a minute."""


class PeerError(RuntimeError):
    """A peer could not do its work; the message is its own."""


class Farm:
    """A peer's workers, prepared for one work and its runs. Raises `PeerError` where one fails."""

    def __init__(self, peer: Peer, work: str, runs: Sequence[int]) -> None:
        self.peer, self.runs = peer, list(runs)
        self.workers = [_start(peer, work, self.runs) for _ in range(peer.processes)]
        self.pool = ThreadPoolExecutor(peer.processes)
        try:
            self._together(lambda worker: _answer(worker, peer.name))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def train(self, runs: Sequence[int]) -> tuple[float, list[float]]:
        """Seconds, and the test accuracy of every run."""
        begin = time.perf_counter()
        found = self._dealt(runs) if self.peer.stack else self._shared(runs)
        return time.perf_counter() - begin, [found[run] for run in runs]

    def _dealt(self, runs: Sequence[int]) -> dict[int, float]:
        """Each worker takes the next portion when it has done its last."""
        portions: SimpleQueue[list[int]] = SimpleQueue()
        for portion in self.peer.portions(runs):
            portions.put(portion)
        return _joined(self._together(lambda worker: _work_off(worker, portions, self.peer.name)))

    def _shared(self, runs: Sequence[int]) -> dict[int, float]:
        """Each worker gets its own share, always of the same size: a compiled program has a fixed number of runs."""
        return _joined(self._together(lambda worker, portion: _ask(worker, portion, self.peer.name), self.peer.portions(runs)))

    def _together(self, call: Callable[..., Any], *arguments: Sequence[Any]) -> list[Any]:
        """What a thread for each worker returns."""
        try:
            return list(self.pool.map(call, self.workers, *arguments, timeout=PATIENCE))
        except TimeoutError as error:
            self._kill()
            raise PeerError(f"{self.peer.name}: no answer within {PATIENCE:g} seconds") from error
        except BaseException:  # an interruption too
            self._kill()
            raise

    def _kill(self) -> None:
        for worker in self.workers:
            worker.kill()

    def close(self) -> None:
        """End the workers."""
        for worker in self.workers:
            with suppress(BrokenPipeError):  # a request that it has never read
                _stream(worker.stdin).close()
        for worker in self.workers:
            try:
                worker.wait(timeout=10)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
            _stream(worker.stdout).close()
        self.pool.shutdown()


def _joined(parts: Sequence[dict[int, float]]) -> dict[int, float]:
    return {run: accuracy for part in parts for run, accuracy in part.items()}


def _start(peer: Peer, work: str, runs: list[int]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"{__package__}.worker", peer.name, work, json.dumps(runs)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT, env=os.environ | peer.environment(),
        start_new_session=True,  # Ctrl-C is for the command alone
    )  # fmt: skip


def _work_off(worker: subprocess.Popen[str], portions: SimpleQueue[list[int]], name: str) -> dict[int, float]:
    found: dict[int, float] = {}
    while True:
        try:
            portion = portions.get_nowait()
        except Empty:
            return found
        found |= _ask(worker, portion, name)


def _ask(worker: subprocess.Popen[str], runs: list[int], name: str) -> dict[int, float]:
    try:
        _stream(worker.stdin).write(json.dumps(runs) + "\n")
    except BrokenPipeError as error:
        raise PeerError(f"{name}: its process has ended") from error
    return dict(zip(runs, _answer(worker, name), strict=True))


def _answer(worker: subprocess.Popen[str], name: str) -> list[float]:
    line = _stream(worker.stdout).readline()
    answer = json.loads(line) if line else {"error": f"its process ended with status {worker.wait()}"}
    if "error" in answer:
        raise PeerError(f"{name}: {answer['error']}")
    return answer["accuracies"]


def _stream(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise PeerError("a worker has no pipe")
    return stream


def serve(prepare: Callable[[], Trainer], requests: IO[str], answers: IO[str]) -> None:
    """Prepare, say so, and answer request after request until there are no more or one fails."""
    try:
        trainer = prepare()
        _say(answers, {"accuracies": []})
        for line in requests:
            _say(answers, {"accuracies": trainer(json.loads(line))})
    except Exception as error:  # noqa: BLE001  whatever a library raises is the answer
        traceback.print_exc()
        _say(answers, {"error": f"{type(error).__name__}: {error}".partition("\n")[0]})


def _say(answers: IO[str], answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def main() -> None:
    """`python -m benchmarks.peers.worker PEER WORK RUNS`."""
    from .cores import hold
    from .roster import peers
    from .works import WORKS

    hold()
    name, work, runs = sys.argv[1], WORKS[sys.argv[2]], json.loads(sys.argv[3])
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)  # what libraries print does not get among the answers
        serve(lambda: peers()[name].prepare(work, runs), sys.stdin, answers)


if __name__ == "__main__":
    main()
