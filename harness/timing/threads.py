"""The threads that libraries use while they are timed: one each where they can be held to it, and in any case on record.

`one_thread` has to come before the libraries are imported. JAX reads the environment when it first computes; where XLA_FLAGS names a file, that file
is the user's choice.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, cast

from ..cores import available_cores

XLA_FLAGS = ("--xla_cpu_multi_thread_eigen=false", "intra_op_parallelism_threads=1")


def one_thread() -> None:
    """Hold other libraries to one thread, but for what the user has set."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    given = os.environ.get("XLA_FLAGS", "")
    if given and not given.lstrip().startswith("-"):
        return
    names = {flag.partition("=")[0] for flag in given.split()}
    os.environ["XLA_FLAGS"] = " ".join([*given.split(), *(flag for flag in XLA_FLAGS if flag.partition("=")[0] not in names)])


def threads() -> dict[str, int]:
    """By library, of those that are loaded, the threads that it uses now; to be asked within the limit under which it is timed."""
    from threadpoolctl import threadpool_info  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    found: dict[str, int] = {}
    for each in cast("list[dict[str, Any]]", threadpool_info()):
        found[each["prefix"]] = max(each["num_threads"], found.get(each["prefix"], 1))
    if "torch" in sys.modules:
        found["torch"] = sys.modules["torch"].get_num_threads()
    if "jax" in sys.modules:
        found["jax"] = 1 if set(XLA_FLAGS) <= set(os.environ.get("XLA_FLAGS", "").split()) else available_cores()
    return found


def threads_in_words(found: Mapping[str, int]) -> str:
    """`One thread`, or which libraries use more."""
    more = ", ".join(f"{count} of {name}" for name, count in found.items() if count != 1)
    return f"One thread, but {more}" if more else "One thread"
