"""Execution: threads for our kernels, worker processes for what may hang, die or grow; each costs its own run only."""

import textwrap
import threading
import time

import pytest

from trickbench.harness import execution, registry
from trickbench.harness.ablation import plan
from trickbench.harness.execution import execute, perform
from trickbench.harness.outcome import Outcome
from trickbench.harness.study import Limits, Study

from .conftest import SMALL

RULES = {
    "good": "parameters -= hyperparameters[0] * gradient",
    "raises": "raise RuntimeError('no such luck')",
    "quits": "raise SystemExit",
    "dies": "import os; os._exit(7)",
    "hangs": "import time; time.sleep(600)",
    "grows": "bytearray(3 * 2**30)",
}


def rule_file(folder, name):
    path = folder / f"{name}.py"
    text = f"""
        class Mine:
            technique = "sgd"
            state_rows = 0

            def update(self, parameters, gradient, state, hyperparameters, step):
                {RULES[name]}
    """
    path.write_text(textwrap.dedent(text))
    return path


def bits(results):
    return {job.key: (outcome.status, outcome.parameters_digest) for job, outcome in results}


def test_one_worker_or_three_give_the_same_bits(jobs):
    alone = bits(execute(jobs, 1, Limits()))
    assert bits(execute(list(reversed(jobs)), 3, Limits())) == alone
    assert {status for status, _ in alone.values()} == {"done"}


def test_what_is_under_way_ends_when_the_results_are_not_wanted(jobs):
    results = execute(jobs, 1, Limits())
    next(results)
    results.close()
    with pytest.raises(StopIteration):
        next(results)


@pytest.fixture
def mixed(tmp_path, monkeypatch):
    """A run of each rule on iris, beside one another."""
    monkeypatch.setattr(registry, "_files", [])
    for name in RULES:
        registry.add_file(rule_file(tmp_path, name))
    levels = "\n".join(f'{name} = {{ optimizer = "sgd/{name}" }}' for name in RULES)
    text = SMALL.partition("[factors.activation]")[0].replace(', "leave-one-out"', "").replace("seeds = 2", "seeds = 1").replace(', "diabetes"', "")
    yield plan(Study.parse(f"{text}\n[factors.optimizer]\n{levels}\n", "mixed", "mixed.toml")).jobs
    registry._found.cache_clear()


def test_a_run_that_raises_dies_hangs_or_grows_costs_only_itself(mixed):
    outcomes = {job.arm: outcome for job, outcome in execute(mixed, 2, Limits(seconds=25, memory_mb=2048))}
    said = {arm.removeprefix("baseline + "): (outcome.status, outcome.message) for arm, outcome in outcomes.items()}
    assert said["baseline"][0] == said["good"][0] == "done"
    assert said["raises"] == ("failed", "RuntimeError: no such luck")
    assert said["quits"] == ("failed", "SystemExit: ")
    assert said["dies"] == ("failed", "its worker process died (exit code 7)")
    assert said["hangs"] == ("timeout", "it was stopped after 25 s, the study's limit")
    assert said["grows"] == ("failed", "it needed more memory than it may use")


def test_a_run_gives_the_same_bits_in_a_worker_process(mixed):
    good = [job for job in mixed if job.arm == "baseline + good"]
    assert bits(execute(good, 1, Limits())) == bits((job, perform(job)) for job in good)


def test_short_runs_stay_in_one_thread_and_longer_ones_share_the_cores(jobs, monkeypatch):
    def threads(seconds):
        seen = []

        def performed(job):
            seen.append(threading.current_thread().name)
            time.sleep(seconds)
            return Outcome("failed", "only its time counts")

        monkeypatch.setattr(execution, "perform", performed)
        assert len(list(execute(jobs, 2, Limits()))) == len(jobs) == len(seen)
        return {name.partition("_")[0] for name in seen[2:]}

    assert threads(0) == {threading.main_thread().name}
    assert threads(2 * execution.SHORT) == {"run"}
