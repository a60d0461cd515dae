"""A race of a contest: who is the measure, what is told where a call fails, and arrays that the reference does not share with itself."""

import contextlib
import dataclasses

import numpy as np
import pytest

from trickbench.harness import registry
from trickbench.harness.timing import run as speed_run
from trickbench.harness.timing.plan import Asked, SpeedPlan, speed_plan
from trickbench.harness.timing.run import ARITHMETIC, race_of
from trickbench.harness.timing.workload import workloads

FORMS = ("sgd/numpy_reference", "sgd/numba_fused")


@pytest.fixture
def contest():
    return speed_plan(Asked(("sgd",), FORMS[1:], (1000,), seconds=0.01)).contests[0]


@pytest.fixture
def works():
    return {name: workloads(registry.implementations()[name], 1000)[0] for name in FORMS}


def fails():
    raise MemoryError("no room")


def test_the_reference_runs_again_on_arrays_of_its_own(monkeypatch, contest, works):
    given, race = {}, speed_run.race
    monkeypatch.setattr(speed_run, "race", lambda calls, *others, **named: given.update(calls) or race(calls, *others, **named))
    race_of(works, contest, 0.01, 0)
    first, again = given[FORMS[0]].args, given[speed_run.AGAIN].args
    assert not any(np.shares_memory(one, other) for one, other in zip(first[:3], again[:3], strict=True))


def test_a_limit_that_cannot_be_measured_is_said(monkeypatch, contest, works):
    arithmetic = speed_run.hardware.arithmetic
    monkeypatch.setattr(speed_run.hardware, "arithmetic", lambda dtype: arithmetic(dtype)._replace(call=fails))
    assert race_of(works, contest, 0.01, 0) == ([], {f"the machine's limit, {ARITHMETIC}": "MemoryError: no room"})


def test_where_the_reference_fails_the_next_one_is_the_measure(contest, works):
    works[FORMS[0]] = dataclasses.replace(works[FORMS[0]], call=fails)
    rows, failed = race_of(works, contest, 0.01, 0)
    assert [(row.implementation, row.outcome) for row in rows] == [(FORMS[1], "the reference")]
    assert failed == {FORMS[0]: "MemoryError: no room"}


@pytest.mark.parametrize("error", [MemoryError, SystemExit])
def test_a_reference_that_fails_the_second_time_only_is_no_measure(monkeypatch, contest, works, error):
    another = speed_run.another

    def once(implementation, *others):
        if implementation.name == FORMS[0]:
            raise error("no room")
        return another(implementation, *others)

    monkeypatch.setattr(speed_run, "another", once)
    rows, failed = race_of(works, contest, 0.01, 0)
    assert [row.implementation for row in rows] == [FORMS[1]]
    assert failed == {FORMS[0]: f"{error.__name__}: no room"}


def test_a_form_that_leaves_while_it_is_prepared_costs_its_own_place_only(monkeypatch, contest):
    def prepared(implementation, *others):
        if implementation.name == FORMS[1]:
            raise SystemExit("no licence")
        return workloads(implementation, *others)

    monkeypatch.setattr(speed_run, "workloads", prepared)
    ready, failed = speed_run._prepared(contest)
    assert list(ready) == [FORMS[0]]
    assert failed == {FORMS[1]: "SystemExit: no licence"}


def test_a_library_that_the_first_call_loads_is_loaded_before_threads_are_limited(monkeypatch, contest):
    events = []

    @contextlib.contextmanager
    def limited():
        events.append("limit")
        yield

    def observed(*arguments):
        return [dataclasses.replace(work, call=lambda: events.append("call")) for work in workloads(*arguments)]

    monkeypatch.setattr(speed_run, "one_blas_thread", limited)
    monkeypatch.setattr(speed_run, "workloads", observed)
    *_, used = next(speed_run.speed_run(SpeedPlan([contest], {})))
    assert events[:3] == ["call", "call", "limit"]
    assert used["libscipy_openblas"] >= 1
