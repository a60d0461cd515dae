"""What takes long about claims: the empirical ones, false alarms, and another project's package in an environment of its own."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from trickbench.harness import catalogue
from trickbench.harness.checks.perform import perform
from trickbench.harness.checks.plan import check_plan
from trickbench.harness.laboratory import Laboratory

ROOT = Path(__file__).parents[2]
SLOW = [pair for pair in check_plan().pairs if pair[0].slow]
SEEDS = range(1, 51)


def named(value):
    return getattr(value, "id", None) or getattr(value, "name", value)


@pytest.mark.slow
@pytest.mark.parametrize(("claim", "implementation"), SLOW, ids=named)
def test_the_data_support_an_empirical_claim(claim, implementation):
    checked = perform(claim, implementation, laboratory=Laboratory(2))
    assert checked.verdict in ("supported", "held"), checked.worst


@pytest.mark.slow
def test_fifty_seeds_raise_no_false_alarm():
    """Every claim that can be checked fast, with our own implementations."""
    alarms = []
    for seed in SEEDS:
        command = [sys.executable, "-m", "trickbench.harness", "check", "--fast", "--json", "--seed", str(seed)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        told = json.loads(done.stdout)
        assert told["summary"]["made"] == told["summary"]["expected"] > 1000
        bad = [each for each in told["checks"] if each["verdict"] in ("refuted", "expired")]
        alarms += [(seed, each["claim"], each["implementation"], each["evidence"]) for each in bad]
    assert alarms == []


@pytest.mark.slow
def test_another_projects_package_in_a_fresh_environment(tmp_path):
    """A right Adam passes and a wrong one fails, installed beside the wheel of this project and nothing else."""
    venv.create(tmp_path / "environment", with_pip=True)
    python = tmp_path / "environment" / "bin" / "python"
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    subprocess.run([python, "-m", "pip", "install", "-q", str(ROOT), str(ROOT / "tests" / "guest"), "pytest"], check=True, env=environment)
    tests = ROOT / "tests" / "guest" / "guest_tests"
    run = [python, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    right = subprocess.run([*run, tests / "test_right_adam.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert right.returncode == 0, right.stdout
    wrong = subprocess.run([*run, tests / "test_wrong_adam.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert wrong.returncode == 1
    assert "refuted: adam.bias-correction" in wrong.stdout
    option = [*run, "--trickbench", "guest_tricks.wrong_adam", tmp_path]
    assert "failed" in subprocess.run(option, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False).stdout


def test_no_claim_that_trains_is_among_the_fast_ones():
    assert {claim.id for claim, _ in SLOW} == {claim.id for claim in catalogue.claims().values() if claim.slow}
