"""The README says the truth: its commands run, its files are right, its links lead somewhere."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCRIPTS = Path(sys.executable).parent


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


COMMANDS = [line for block in blocks("console") for line in block.splitlines()]
STUDY, DEFAULTS, TUNING = blocks("toml")
DIAGNOSED = 1
"""The status of a problem found in learning curves: the study's networks may have one."""
MY_ADAM, MY_TEST, PROGRAM = blocks("python")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "my_adam.py").write_text(MY_ADAM, encoding="utf-8")
    return tmp_path


def call(command, folder):
    environment = os.environ | {"PATH": f"{SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}"}
    return subprocess.run(shlex.split(command), cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_first_two_commands_install_and_do_what_they_say():
    assert COMMANDS[:2] == ["pip install . && trickbench run lecture", "pip install tox && tox"]
    assert COMMANDS[1] in (ROOT / ".ci" / "run").read_text()
    assert "trickbench" in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]


def test_the_commands_on_a_study_of_ones_own_run_in_their_order(folder):
    for command in COMMANDS[2:]:
        done = call(command, folder)
        assert done.returncode in ((0, DIAGNOSED) if "diagnose" in command else (0,)), f"{command}: {done.stderr}"
    assert (folder / "trickbench-out" / "study" / "report.html").is_file()
    assert (folder / "elsewhere" / "report.html").is_file()


def test_the_defaults_are_the_defaults():
    from trickbench.harness import Study
    from trickbench.harness.tuning.keys import Tuning

    plain, spelt, tuned = (Study.parse(text, "study", "study.toml") for text in (STUDY, DEFAULTS + STUDY, STUDY + TUNING))
    assert plain == spelt
    assert tuned.tuning == Tuning()


def test_the_implementation_in_a_file_runs_and_is_adam(folder):
    import numpy as np

    from trickbench.harness.choice import choice

    study = STUDY.replace("epochs = 20", "epochs = 2").replace('l2 = { penalty = "l2[strength=0.001]" }', 'mine = { optimizer = "adam/my_adam" }')
    (folder / "study.toml").write_text(study, encoding="utf-8")
    done = call("trickbench run study.toml --implementation my_adam.py --only penalty=mine", folder)
    assert done.returncode == 0, done.stderr
    space: dict[str, type] = {}
    exec(MY_ADAM, space)  # noqa: S102
    paths = []
    for member in (space["MyAdam"](), choice("optimizer", "adam/numpy_reference").implementation.create()):
        parameters, state = np.zeros(5), np.zeros((2, 5))
        for step in range(1, 51):
            gradient = np.random.default_rng(step).normal(size=5)
            member.update(parameters, gradient, state, np.array([1e-3, 0.9, 0.999, 0.0]), step)
        paths.append(parameters)
    # two orders of the same operations over 50 steps: a few eps a step
    assert np.abs(paths[0] - paths[1]).max() < 200 * np.finfo(float).eps * np.abs(paths[1]).max()


def test_the_claims_are_items_of_a_test_of_ones_own(folder):
    (folder / "test_my_adam.py").write_text(MY_TEST, encoding="utf-8")
    for command in ("pytest -p no:cacheprovider test_my_adam.py", "pytest -p no:cacheprovider --trickbench my_adam.py --ignore test_my_adam.py"):
        done = call(f"{command} -k adam.first-step", folder)
        assert "1 passed" in done.stdout, done.stdout


def test_the_program_runs_and_prints_an_effect(folder):
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=folder, capture_output=True, text=True, check=True)
    assert "relu" in done.stdout
    assert "iris" in done.stdout


def test_every_link_and_picture_is_there():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).is_file(), target


def test_what_the_opening_claims_of_the_lecture_study_is_true():
    from trickbench.harness import plan

    runs = len(plan("lecture").jobs)
    assert f"{runs:,} trainings" in README
