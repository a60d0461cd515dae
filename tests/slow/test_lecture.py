"""The lecture study as a user runs it: killed half-way and continued, on one core and on two, to the same bits."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from trickbench.harness.result import Result

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "trickbench.harness", "run", "lecture"]
TIMES = ["seconds"]


def lecture(folder: Path, jobs: int) -> Result:
    subprocess.run([*COMMAND, "--output", str(folder), "--jobs", str(jobs)], check=True, capture_output=True)
    return Result(folder)


def finished(folder: Path) -> int:
    try:
        with closing(sqlite3.connect(folder / "results.sqlite")) as connection:
            return connection.execute("SELECT count(*) FROM runs").fetchone()[0]
    except sqlite3.OperationalError:  # not made yet
        return 0


@pytest.fixture(scope="module")
def on_two(tmp_path_factory):
    return lecture(tmp_path_factory.mktemp("two"), 2)


def assert_same(one: Result, other: Result) -> None:
    pd.testing.assert_frame_equal(one.runs.drop(columns=TIMES), other.runs.drop(columns=TIMES), check_exact=True)
    pd.testing.assert_frame_equal(one.epochs.drop(columns=TIMES), other.epochs.drop(columns=TIMES), check_exact=True)
    pd.testing.assert_frame_equal(one.effects, other.effects, check_exact=True)


def test_it_is_as_large_as_it_says(on_two):
    assert len(on_two.runs) >= 1500
    stopped = on_two.runs["arm"].str.contains("early_stopping") | (on_two.runs["arm"].str.startswith("full"))
    long_enough = (on_two.runs["updates"] >= 500) | stopped | (on_two.runs["status"] == "diverged")
    assert long_enough.all()


def test_one_core_gives_the_same_bits(on_two, tmp_path):
    assert_same(on_two, lecture(tmp_path, 1))


def test_killed_half_way_and_continued_it_gives_the_same_bits(on_two, tmp_path):
    running = subprocess.Popen([*COMMAND, "--output", str(tmp_path)], stdout=subprocess.DEVNULL)
    while finished(tmp_path) < len(on_two.runs) // 2:
        assert running.poll() is None, "it was still under way"
        time.sleep(0.05)
    running.kill()
    running.wait()
    kept = finished(tmp_path)
    assert len(on_two.runs) // 2 <= kept < on_two.runs["run"].nunique()
    assert_same(on_two, lecture(tmp_path, 2))


def test_a_relu_network_with_adam_reaches_096_on_digits(on_two, tmp_path):
    digits = on_two.runs.query("dataset == 'digits' and status == 'done'")
    for arm in ("full", "full - dropout", "full - early_stopping", "full - l2"):
        assert digits.query("arm == @arm")["test_metric"].mean() >= 0.96, arm
