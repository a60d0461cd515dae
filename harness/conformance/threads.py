"""Several threads at once: they share one instance, and each gets its own results."""

from __future__ import annotations

import contextlib
import contextvars
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any

from ..evidence import Evidence, all_of
from ..families import methods
from ..probe import Probe
from ..subject import Subject
from .calls import Call, Outcome, make, same
from .problems import problems
from .topic import ARRAYS, topic

THREADS = 8
PATIENCE = 0.1
"""Seconds to wait for an interrupting thread: one that waits for a lock lets the interrupted one go on."""
INTERRUPTIONS = 48
"""So many at most, in all of a check."""


@topic("threads", *ARRAYS)
def threads_do_not_disturb_each_other(member: Subject, probe: Probe) -> Evidence:
    """Eight threads that call one instance at once, each with another problem, get the bits that they get in sequence. Nor does a call notice when
    another thread makes others between any two of its lines.
    """
    made = problems(member, probe.random())
    expected = [make(member, call) for call in made]
    return all_of(*_at_once(member, made, expected), *_interrupted(member, made, expected))


def _at_once(member: Subject, made: Sequence[Call], expected: Sequence[Outcome]) -> Iterator[Evidence]:
    barrier = threading.Barrier(THREADS, timeout=60)

    def run(begin: int) -> list[tuple[int, Outcome]]:
        barrier.wait()
        return [(place % len(made), make(member, made[place % len(made)])) for place in range(begin, begin + len(made))]

    with _often_switched(), ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(contextvars.copy_context().run, run, thread * len(made) // THREADS) for thread in range(THREADS)]
        for future in futures:
            for place, left in future.result():
                yield same(left, expected[place], f"{made[place]}, while other threads call other problems")


@contextlib.contextmanager
def _often_switched() -> Generator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _interrupted(member: Subject, made: Sequence[Call], expected: Sequence[Outcome]) -> Iterator[Evidence]:
    """What threads do by chance, done on purpose: before each line of the first problem's calls, another thread makes those of the other two."""
    lines, count = Interruptions(files_of(member)), len(made) // 3
    with ThreadPoolExecutor(1) as pool:
        for place in range(count):
            others = made[place + count :: count]

            def disturb(others: Sequence[Call] = others) -> bool:
                return ended(pool.submit(contextvars.copy_context().run, _make_all, member, others))

            with lines.before_each(disturb):
                left = make(member, made[place])
            yield same(left, expected[place], f"{made[place]}, while another thread makes other calls between its lines")


def _make_all(member: Subject, made: Sequence[Call]) -> None:
    for call in made:
        make(member, call)


def ended(future: Any) -> bool:
    """Whether it ended in time."""
    try:
        future.result(PATIENCE)
    except TimeoutError:
        return False
    return True


def files_of(member: Subject) -> set[str]:
    """The files that its methods stand in."""
    cls: Any = member.implementation.cls
    found = [getattr(cls, name, None) for name in methods(member.implementation.technique.family)]
    return {code.co_filename for method in found if (code := getattr(method, "__code__", None))}


class Interruptions:
    """Something done before every line that Python runs in some files, up to a number of times."""

    def __init__(self, files: set[str]) -> None:
        self.files, self.left = files, INTERRUPTIONS

    @contextlib.contextmanager
    def before_each(self, disturb: Callable[[], bool]) -> Generator[None]:
        """Within, `disturb` is called before each line; when it says that it did not end, no more."""

        def line(frame: FrameType, event: str, argument: object) -> Any:
            del frame, argument
            if event == "line" and self.left > 0:
                self.left = self.left - 1 if disturb() else 0
            return line

        def call(frame: FrameType, event: str, argument: object) -> Any:
            del event, argument
            return line if frame.f_code.co_filename in self.files else None

        before = sys.gettrace()
        sys.settrace(call)
        try:
            yield
        finally:
            sys.settrace(before)


CLAIMS = threads_do_not_disturb_each_other
