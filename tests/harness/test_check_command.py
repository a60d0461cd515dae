"""`trickbench check` as a user meets it: what it prints, the files it writes, its exit status."""

import json
import os
import subprocess
import sys
import textwrap
from xml.etree import ElementTree as ET

import pytest

from trickbench.harness import catalogue, recheck, registry
from trickbench.harness.checks.command import Asked, check
from trickbench.harness.checks.plan import check_plan
from trickbench.harness.errors import InputError

from .test_cli import trickbench

ADAM = """
    import numpy as np

    class MyAdam:
        technique = "adam"
        state_rows = 2

        def update(self, parameters, gradient, state, hyperparameters, step):
            learning_rate, beta1, beta2, epsilon = hyperparameters
            state[0] = beta1 * state[0] + (1 - beta1) * gradient
            state[1] = beta2 * state[1] + (1 - beta2) * gradient**2
            corrected = [row / parameters.dtype.type(1 - np.float64(beta) ** {power}) for row, beta in zip(state, (beta1, beta2))]
            divisor = np.sqrt(corrected[1]) + epsilon
            parameters -= learning_rate * corrected[0] / np.where(divisor == 0, 1, divisor)
"""


@pytest.fixture
def right(tmp_path):
    path = tmp_path / "right_adam.py"
    path.write_text(textwrap.dedent(ADAM.format(power="step")))
    return path


@pytest.fixture
def wrong(tmp_path):
    path = tmp_path / "wrong_adam.py"
    path.write_text(textwrap.dedent(ADAM.format(power="1")))
    return path


def test_claims_that_hold_end_with_status_0_and_are_counted():
    done = trickbench("check", "--claim", "momentum.zero-is-sgd", "--implementation", "momentum/numpy_reference")
    assert done.returncode == 0, done.stderr
    assert "momentum.zero-is-sgd +" in done.stdout
    assert "1 of 1 check made of 1 claim in" in done.stdout


def test_a_right_file_passes(right):
    done = trickbench("check", "--fast", "--implementation", right, "--claim", "adam.recurrence", "--claim", "adam.first-step")
    assert done.returncode == 0, done.stdout


def test_a_wrong_file_is_refuted_with_sentence_case_and_a_way_to_see_it_again(wrong):
    done = trickbench("check", "--implementation", wrong, "--claim", "adam.recurrence", "--seed", "3")
    assert done.returncode == 1
    assert catalogue.claims()["adam.recurrence"].sentence[:40] in done.stdout
    assert all(word in done.stdout for word in ("counterexample", "expected", "got", "deviation"))
    lines = [line.strip() for line in done.stdout.splitlines()]
    begin = lines.index("from trickbench.harness import recheck")
    scope = {}
    exec("\n".join(lines[begin : begin + 2]), scope)  # noqa: S102  what the user is told to run
    assert scope["checked"].verdict == "refuted"
    assert scope["checked"].worst[1].worst.got in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--technique", "adm"], "adam"),
        (["--implementation", "adam/numba_fusd"], "adam/numba_fused"),
        (["--implementation", "no_such_module"], "nor a module"),
        (["--implementation", "missing.py"], "no Python file"),
        (["--seed", "-1"], "greater than or equal to 0"),
        (["--jobs", "0"], "greater than or equal to 1"),
    ],
)
def test_wrong_input_is_refused_in_one_sentence_with_status_2(arguments, words):
    done = trickbench("check", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_checked_is_status_4():
    done = trickbench("check", "--claim", "no.such-claim")
    assert done.returncode == 4
    assert "Nothing was checked" in done.stderr


def test_json_holds_every_check_and_nothing_else():
    done = trickbench("check", "--claim", "momentum.*", "--technique", "momentum", "--fast", "--json")
    told = json.loads(done.stdout)
    made = [each for each in told["checks"] if each["verdict"] != "unavailable"]
    assert told["summary"]["made"] == told["summary"]["expected"] == len(made)
    assert told["summary"]["verdicts"]["held"] == sum(each["verdict"] == "held" for each in told["checks"])
    assert {"claim", "sentence", "source", "kind", "verdict", "evidence"} <= set(told["checks"][0])


def test_junit_has_a_case_a_check_and_a_failure_a_refutation(wrong, tmp_path):
    path = tmp_path / "deep" / "junit.xml"
    done = trickbench("check", "--implementation", wrong, "--claim", "adam.*", "--fast", "--junit", path, "--json")
    told, suite = json.loads(done.stdout), ET.parse(path).getroot().find("testsuite")  # noqa: S314  our own
    assert int(suite.get("tests")) == len(suite.findall("testcase")) == len(told["checks"])
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) == told["summary"]["verdicts"]["refuted"] > 0
    assert "counterexample" in suite.find("testcase/failure").text


def test_a_junit_file_that_cannot_be_written_is_status_2(tmp_path):
    (tmp_path / "file").write_text("")
    done = trickbench("check", "--claim", "momentum.zero-is-sgd", "--technique", "momentum", "--junit", tmp_path / "file" / "junit.xml")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_the_report_is_one_page(tmp_path):
    done = trickbench("check", "--claim", "*l2*", "--fast", "--report", tmp_path)
    assert done.returncode == 0
    page = (tmp_path / "claims.html").read_text()
    assert "erratum.l2-factor" in page
    assert "<script" not in page


def test_verdicts_do_not_depend_on_the_number_of_workers():
    asked = Asked(claims=("momentum.*",), techniques=("momentum",), fast=True, implementations=("momentum/numpy_reference", "momentum/numba_fused"))
    one, two = (check(asked, workers) for workers in (1, 2))
    assert [(each.claim, each.implementation, each.verdict, each.evidence) for each in one.checked] == [
        (each.claim, each.implementation, each.verdict, each.evidence) for each in two.checked
    ]


DIES = """
    import os

    class Dies:
        technique = "sgd"
        state_rows = 0

        def update(self, parameters, gradient, state, hyperparameters, step):
            os._exit(7)
"""


def test_an_implementation_that_kills_its_process_is_refuted_and_costs_nobody_else(tmp_path):
    path = tmp_path / "dies.py"
    path.write_text(textwrap.dedent(DIES))
    arguments = ("--implementation", path, "--implementation", "sgd/numpy_reference", "--implementation", "sgd/numba_fused")
    done = trickbench("check", "--claim", "sgd.definition", *arguments, "--jobs", "2", "--json")
    verdicts = {each["implementation"]: each["verdict"] for each in json.loads(done.stdout)["checks"]}
    assert verdicts == {"sgd/dies": "refuted", "sgd/numpy_reference": "held", "sgd/numba_fused": "held"}
    assert "exit code 7" in done.stdout


def test_recheck_takes_names_and_classes_and_refuses_others():
    assert recheck("sgd.definition", "sgd/numpy_reference").verdict == "held"
    with pytest.raises(InputError, match=r"sgd\.definition"):
        recheck("sgd.defnition", "sgd/numpy_reference")
    with pytest.raises(InputError, match="technique of int"):
        recheck("sgd.definition", int)


def test_an_empirical_claim_is_held_against_one_implementation_of_a_technique_unless_some_are_named():
    plan = check_plan(["sigmoid.late-layers-first"])
    assert [each.name for _, each in plan.pairs] == ["sigmoid/numba_fused"]
    named = [registry.implementations()["sigmoid/numpy_reference"]]
    assert [each.name for _, each in check_plan(["sigmoid.late-layers-first"], implementations=named).pairs] == ["sigmoid/numpy_reference"]
    assert check_plan(["sigmoid.late-layers-first"], fast=True).pairs == []


def write(path, text):
    path.write_text(textwrap.dedent(text))
    return path


SGD = """
    class Plain:
        technique = "sgd"
        state_rows = 0
        {extra}

        def update(self, parameters, gradient, state, hyperparameters, step):
            {body}
            parameters -= hyperparameters[0] * gradient
"""


def sgd(path, extra="", body="pass"):
    return write(path, SGD.format(extra=extra, body=body))


@pytest.mark.parametrize("text", ["import sys; sys.exit(0)", "raise ValueError('no')", "x = 1"])
def test_a_file_or_module_that_cannot_be_imported_is_wrong_input(tmp_path, text):
    path = write(tmp_path / "broken_thing.py", text)
    for what in (path, "broken_thing"):
        done = trickbench("check", "--implementation", what, cwd=tmp_path, PYTHONPATH=str(tmp_path))
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr


def test_two_implementations_of_one_name_are_refused(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        sgd(tmp_path / folder / "mine.py")
    arguments = ("--implementation", "a.mine", "--implementation", "b.mine", "--claim", "sgd.definition")
    done = trickbench("check", *arguments, cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "both bring sgd/mine" in done.stderr


def test_a_lone_implementation_that_ends_the_process_is_refuted(tmp_path):
    path = sgd(tmp_path / "ends.py", body="__import__('os')._exit(3)")
    done = trickbench("check", "--implementation", path, "--claim", "sgd.definition", "--jobs", "1")
    assert done.returncode == 1
    assert "worker process died" in done.stdout


@pytest.mark.parametrize(
    ("extra", "words"), [('departures = {"sgd.nonsense": "because"}', "sgd.nonsense"), ("departures = ['x']", "accepted is a dict")]
)
def test_a_departure_from_no_claim_is_wrong_input(tmp_path, extra, words):
    done = trickbench("check", "--implementation", sgd(tmp_path / "departs.py", extra), "--claim", "sgd.definition")
    assert done.returncode == 2
    assert words in done.stderr


def test_one_of_several_patterns_that_fits_nothing_is_wrong_input():
    done = trickbench("check", "--claim", "sgd.definition", "--claim", "sgd.definitoin")
    assert done.returncode == 2
    assert "sgd.definition" in done.stderr


def test_an_implementation_that_the_technique_excludes_is_wrong_input():
    assert trickbench("check", "--technique", "adam", "--implementation", "sgd/numpy_reference").returncode == 2


def test_what_an_implementation_prints_does_not_spoil_the_json(tmp_path):
    path = sgd(tmp_path / "noisy.py", body="print('NOISE')")
    done = trickbench("check", "--implementation", path, "--claim", "sgd.definition", "--json")
    assert json.loads(done.stdout)["summary"]["verdicts"] == {"held": 1}


def test_junit_survives_control_characters(tmp_path):
    path = sgd(tmp_path / "raises.py", body="raise ValueError('\\x1b[31mred\\x00')")
    done = trickbench("check", "--implementation", path, "--claim", "sgd.definition", "--junit", tmp_path / "junit.xml")
    assert done.returncode == 1
    assert "red" in ET.parse(tmp_path / "junit.xml").getroot().find(".//failure").text  # noqa: S314  our own


def test_verdicts_are_shown_even_if_the_junit_file_cannot_be_written(tmp_path):
    sgd(tmp_path / "file.py")
    done = trickbench("check", "--claim", "sgd.definition", "--technique", "sgd", "--junit", tmp_path / "file.py" / "junit.xml")
    assert done.returncode == 2
    assert "sgd.definition" in done.stdout


def lines_to_see_it_again(shown):
    lines = [line.strip().removeprefix("E").strip() for line in shown.splitlines()]
    begin = lines.index("from trickbench.harness import recheck")
    return "\n".join(lines[begin : begin + 2])


@pytest.mark.parametrize("what", ["guest_mine", "guest_mine:Plain", "guest_mine.py"])
def test_the_lines_to_see_it_again_work_for_every_way_to_name_an_implementation(tmp_path, what):
    sgd(tmp_path / "guest_mine.py", body="parameters += 1")
    told = trickbench("check", "--implementation", what, "--claim", "sgd.definition", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    program = lines_to_see_it_again(told.stdout) + "\nassert checked.verdict == 'refuted'"
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)}, check=True)


def test_a_claim_about_something_else_and_a_negative_seed_are_refused():
    with pytest.raises(InputError, match="not about"):
        recheck("relu.definition", "adam/numpy_reference")
    with pytest.raises(InputError, match="seed"):
        recheck("sgd.definition", "sgd/numpy_reference", seed=-1)
