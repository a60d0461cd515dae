"""Checks that do not end: a busy process is stopped by its processor time, a waiting one by the clock, and a busy machine is nobody's fault."""

import textwrap
import time

import pytest

from trickbench.harness import registry
from trickbench.harness.checks import patience
from trickbench.harness.checks.plan import check_plan
from trickbench.harness.checks.run import check_run
from trickbench.harness.lookup import named

FORM = """
    import time

    class Slow:
        technique = "sgd"
        state_rows = 0
        begun = []

        def update(self, parameters, gradient, state, hyperparameters, step):
            if not self.begun:
                self.begun.append(1)
                {first}
            parameters -= hyperparameters[0] * gradient
"""


@pytest.fixture(autouse=True)
def registry_of_its_own(monkeypatch):
    monkeypatch.setattr(registry, "_files", [])
    registry._found.cache_clear()
    yield
    registry._found.cache_clear()


def checked(folder, first):
    path = folder / "slow.py"
    path.write_text(textwrap.dedent(FORM.format(first=first)))
    return list(check_run(check_plan(["sgd.definition"], implementations=named(str(path)))))


def what_came_out(check):
    (evidence,) = check.evidence.values()
    return evidence.worst.got


def test_who_is_busy_without_an_end_is_refuted(tmp_path, monkeypatch):
    monkeypatch.setattr(patience, "BUSY_SECONDS", 8.0)
    (check,) = checked(tmp_path, "while True: pass")
    assert check.verdict == "refuted"
    assert "stopped after 8 s of processor time" in what_came_out(check)


def test_who_waits_without_an_end_is_refuted(tmp_path, monkeypatch):
    monkeypatch.setattr(patience, "WAITING_SECONDS", 8.0)
    (check,) = checked(tmp_path, "time.sleep(600)")
    assert check.verdict == "refuted"
    assert "stopped after its time" in what_came_out(check)


def test_time_in_which_others_have_the_processor_is_not_counted(tmp_path, monkeypatch):
    """The process sleeps, as it would while others are served."""
    monkeypatch.setattr(patience, "BUSY_SECONDS", 8.0)
    begin = time.perf_counter()
    (check,) = checked(tmp_path, "time.sleep(10)")
    assert time.perf_counter() - begin > 10
    assert check.verdict == "held"


def test_a_limit_ends_with_what_it_is_around():
    if patience.SPENT is None:
        pytest.skip("this system has no limit of processor time")
    with patience.busy_at_most(0.2):
        pass
    end = time.process_time() + 0.4
    while time.process_time() < end:
        pass
