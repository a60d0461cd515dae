"""Claims as tests of another project: its package lies in `tests/guest`, with a right Adam and a wrong one."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

GUEST = Path(__file__).parents[1] / "guest"
FEW = "adam.first-step or adam.bias-correction"


def run(*arguments, cwd=GUEST):
    environment = os.environ | {"PYTHONPATH": str(GUEST), "COLUMNS": "150"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_a_right_adam_passes_item_by_item_with_readable_names():
    done = run("guest_tests/test_right_adam.py", "-v", "-k", FEW)
    assert done.returncode == 0, done.stdout
    assert "test_right_adam[RightAdam-adam.first-step] PASSED" in done.stdout


def test_a_wrong_adam_fails_with_the_sentence_and_a_counterexample():
    done = run("guest_tests/test_wrong_adam.py", "-k", "adam.bias-correction")
    assert done.returncode == 1
    assert all(words in done.stdout for words in ("ClaimRefuted", "refuted: adam.bias-correction", "counterexample", "expected", "got"))
    assert 'recheck("adam.bias-correction", "guest_tricks.wrong_adam:WrongAdam", seed=0)' in done.stdout
    assert "harness/checks/perform.py" not in done.stdout, "the traceback ends where the user's code ends"


@pytest.mark.parametrize("what", ["guest_tricks.wrong_adam", "guest_tricks.wrong_adam:WrongAdam", "guest_tricks/wrong_adam.py"])
def test_the_command_line_option_needs_no_test_file(what):
    done = run("--trickbench", what, "-k", FEW, "--ignore", "guest_tests")
    assert done.returncode == 1, done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_the_option_works_in_parallel():
    done = run("--trickbench", "guest_tricks.right_adam", "-k", FEW, "--ignore", "guest_tests", "-n", "2")
    assert "2 passed" in done.stdout


def test_a_wrong_name_is_a_usage_error():
    done = run("--trickbench", "guest_tricks.nothing", "--ignore", "guest_tests")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "guest_tricks.nothing" in done.stderr
    assert "INTERNALERROR" not in done.stdout + done.stderr


def test_without_the_option_nothing_is_added(tmp_path):
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n")
    assert "1 passed" in run(tmp_path).stdout


EXPECTED = """
    from guest_tricks.{module} import {name}
    from trickbench.harness import parametrize_with_claims

    @parametrize_with_claims([{name}], claims=["adam.bias-correction"], expected_failed_claims={expected})
    def test_adam(check):
        check()
"""


def expecting(tmp_path, module, name, expected):
    path = tmp_path / "test_expected.py"
    path.write_text(textwrap.dedent(EXPECTED.format(module=module, name=name, expected=expected)))
    return run(path)


def test_an_expected_failure_is_no_failure_and_has_its_reason(tmp_path):
    done = expecting(tmp_path, "wrong_adam", "WrongAdam", {"adam.bias-correction": "we know"})
    assert "1 xfailed" in done.stdout


def test_an_expected_failure_that_holds_fails(tmp_path):
    done = expecting(tmp_path, "right_adam", "RightAdam", {"adam.bias-correction": "we thought"})
    assert done.returncode == 1
    assert "we thought" in done.stdout


def test_an_expected_failure_of_no_claim_is_refused(tmp_path):
    done = expecting(tmp_path, "right_adam", "RightAdam", {"adam.bias-corection": "misspelt"})
    assert done.returncode == pytest.ExitCode.INTERRUPTED
    assert "adam.bias-correction" in done.stdout


def test_the_plugin_costs_other_projects_nothing():
    shown = "import sys, trickbench.harness.pytest_plugin; print(set(sys.modules) & {'numpy', 'numba', 'pandas', 'scipy', 'torch', 'jax'})"
    assert subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True).stdout == "set()\n"
