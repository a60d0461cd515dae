"""What the harness itself costs around the training: planning, the store, the checking of a claim: `tox -e bench`."""

import itertools

import numpy as np
import pytest

from trickbench.harness import catalogue, registry
from trickbench.harness.ablation import plan
from trickbench.harness.checks.perform import perform
from trickbench.harness.outcome import Outcome
from trickbench.harness.store import Store

RUNS = 100
COLUMNS = ("epoch", "train_loss", "validation_loss", "test_loss", "train_metric", "validation_metric", "test_metric", "gradient_norm", "seconds")
HISTORY = np.random.default_rng(0).normal(size=(20, len(COLUMNS)))
OUTCOME = Outcome(
    "done", epochs=20, updates=100, best_epoch=20, seconds=0.1, columns=COLUMNS, history=HISTORY, figures=dict.fromkeys(COLUMNS[1:7], 0.5)
)


@pytest.fixture(scope="module")
def lecture():
    return plan("lecture")


@pytest.mark.benchmark(group="planning the lecture study")
def test_planning(benchmark, lecture):
    assert len(benchmark(plan, "lecture").jobs) == len(lecture.jobs)


@pytest.mark.benchmark(group=f"the store, {RUNS} runs of 20 epochs")
def test_writing_to_the_store(benchmark, lecture, tmp_path):
    folders = (tmp_path / str(number) for number in itertools.count())

    def a_new_store():
        store = Store(next(folders))
        store.set_plan(lecture.jobs[:RUNS])
        return (store, store.environment({"python": "3"})), {}

    def write(store, environment):
        for job in lecture.jobs[:RUNS]:
            store.add(job, OUTCOME, environment)
        written = store.counts()
        store.__exit__(None, None, None)
        return written

    assert benchmark.pedantic(write, setup=a_new_store, rounds=20) == {"done": RUNS}


@pytest.mark.benchmark(group=f"the store, {RUNS} runs of 20 epochs")
def test_reading_from_the_store(benchmark, lecture, tmp_path):
    with Store(tmp_path) as store:
        store.set_plan(lecture.jobs[:RUNS])
        environment = store.environment({"python": "3"})
        for job in lecture.jobs[:RUNS]:
            store.add(job, OUTCOME, environment)
        assert len(benchmark(store.epochs)) == 20 * RUNS


@pytest.mark.parametrize("name", ["l2/numba_fused", "l2/numpy_reference"])
@pytest.mark.benchmark(group="checking the claim l2.gradient")
def test_checking_a_claim(benchmark, name):
    checked = benchmark(perform, catalogue.claims()["l2.gradient"], registry.implementations()[name])
    assert checked.verdict == "held"
