"""How long a worker process may be busy with the checks of one implementation.

It is processor time that counts: on a busy machine everything takes long, and that is nobody's fault but the machine's. Who is busy for too long is
ended by the system, whatever it is busy with. Who waits for something that never comes uses no processor time, and is stopped after a longer
time by the clock.
"""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager

BUSY_SECONDS = 120.0
"""Of processor time, all threads together, for checks that train nothing."""
WAITING_SECONDS = 1200.0
"""The same by the clock."""
TRAINING_SECONDS = 7200.0
"""By the clock, for a check that trains networks: it uses as many cores as there are."""
SPENT = -int(getattr(signal, "SIGPROF", 0)) or None
"""The exit code of a process that was busy for too long; None where the system has no such limit."""


@contextmanager
def busy_at_most(seconds: float | None) -> Generator[None]:
    """Within this, the process may use so much processor time; None is no limit."""
    if seconds is None or SPENT is None:
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
