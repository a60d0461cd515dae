"""The threads of libraries: what the user has set stays, what is missing is added, and what holds is said."""

import os
import sys
import types

import pytest

from trickbench.harness.execution import one_blas_thread
from trickbench.harness.timing.threads import XLA_FLAGS, one_thread, threads, threads_in_words


@pytest.fixture
def environment(monkeypatch):
    values = {}
    monkeypatch.setattr(os, "environ", values)
    return values


@pytest.mark.parametrize(
    ("given", "left"),
    [
        (None, " ".join(XLA_FLAGS)),
        ("--xla_dump_to=there", f"--xla_dump_to=there {' '.join(XLA_FLAGS)}"),
        ("--xla_cpu_multi_thread_eigen=true", f"--xla_cpu_multi_thread_eigen=true {XLA_FLAGS[1]}"),  # chosen
        ("flags.txt", "flags.txt"),  # a file that holds them
    ],
)
def test_flags_that_are_missing_are_added_and_what_is_set_stays(environment, given, left):
    if given is not None:
        environment["XLA_FLAGS"] = given
    one_thread()
    assert (environment["OMP_NUM_THREADS"], environment["XLA_FLAGS"]) == ("1", left)


def test_a_number_of_threads_that_the_user_has_set_stays(environment):
    environment["OMP_NUM_THREADS"] = "4"
    one_thread()
    assert environment["OMP_NUM_THREADS"] == "4"


@pytest.mark.parametrize(("flags", "count"), [(" ".join(XLA_FLAGS), 1), ("--xla_dump_to=there", 3), ("", 3)])
def test_the_threads_of_what_is_loaded_are_those_that_it_uses(monkeypatch, flags, count):
    monkeypatch.setitem(sys.modules, "torch", types.SimpleNamespace(get_num_threads=lambda: 4))
    monkeypatch.setitem(sys.modules, "jax", types.ModuleType("jax"))
    monkeypatch.setattr("trickbench.harness.timing.threads.available_cores", lambda: 3)
    monkeypatch.setenv("XLA_FLAGS", flags)
    with one_blas_thread():
        found = threads()
    assert (found["torch"], found["jax"]) == (4, count)
    assert found["libscipy_openblas"] == 1


def test_threads_in_words():
    assert threads_in_words({}) == threads_in_words({"torch": 1}) == "One thread"
    assert threads_in_words({"torch": 4, "libopenblas": 1, "jax": 2}) == "One thread, but 4 of torch, 2 of jax"
