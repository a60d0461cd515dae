"""The report of a study run from Python shows a program that plans the same runs, and of one from the command line what was typed."""

import pytest

from trickbench.harness import ablation, registry
from trickbench.harness.ablation import plan, run
from trickbench.harness.result import Result
from trickbench.reports import write_report

from .test_cli import trickbench
from .test_execution import rule_file
from .tuned_study import study as tuned

ASKED = {
    "everything": {},
    "one trick": {"only": ["dropout=on"]},
    "other seeds": {"seed": 7},
    "until decided": {"until_decided": True},
    "until decided, with a most number": {"until_decided": True, "max_seeds": 20, "only": ["activation=relu"], "seed": 3},
}


@pytest.fixture(autouse=True)
def no_file_of_another_test(monkeypatch):
    """Files that were added stay for as long as their process, and a program names them."""
    monkeypatch.setattr(registry, "_files", [])


def planned_by(program, monkeypatch):
    """What a program would run."""
    plans = []
    monkeypatch.setattr(ablation, "run", lambda *given, **how: plans.append(plan(*given, **how)))
    exec(program, {})  # noqa: S102
    return plans[0]


@pytest.mark.parametrize("how", ASKED.values(), ids=ASKED)
def test_the_program_of_a_study_plans_the_same(small, how, monkeypatch):
    planned = plan(small, **how)
    again = planned_by(planned.command, monkeypatch)
    assert (again.study, again.jobs, again.sequential) == (small, planned.jobs, planned.sequential)
    assert again.command == planned.command


def test_so_does_that_of_a_tuned_study_and_of_one_in_a_file(small_file, monkeypatch):
    for asked in (tuned(), str(small_file), "lecture"):
        planned = plan(asked)
        again = planned_by(planned.command, monkeypatch)
        assert (again.study, again.every) == (planned.study, planned.every)
    assert plan(small_file, only=["dropout=on"]).command == (f"from trickbench.harness import run\n\nrun({str(small_file)!r}, only=['dropout=on'])")


def test_files_with_implementations_come_first(small, tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "_files", [rule_file(tmp_path, "good")])
    assert "from trickbench.harness.registry import add_file\n" in plan(small).command
    assert f"\nadd_file(Path({str(registry.files()[0])!r}))\nstudy = Study(" in plan(small).command


def report(result, folder):
    write_report(result, folder)
    return (folder / "report.md").read_text(encoding="utf-8"), (folder / "report.html").read_text(encoding="utf-8")


def test_the_report_shows_the_program_and_what_was_asked(small, tmp_path):
    result = run(small, output=tmp_path, only=["dropout=on"], until_decided=True, max_seeds=5)
    text, page = report(result, tmp_path)
    assert result.study.command in text
    assert "run(study, only=['dropout=on'], until_decided=True, max_seeds=5)" in text
    assert "Seeds were added until comparisons were decided, 5 seeds at most." in text
    assert "Study file" not in text + page, "there is none"


def test_the_report_shows_what_was_typed(small_file, tmp_path):
    typed = ["run", str(small_file), "--only", "dropout=on", "--seed", "7", "--output", str(tmp_path / "out")]
    assert trickbench(*typed).returncode == 0
    text, _ = report(Result(tmp_path / "out"), tmp_path)
    assert f"trickbench {' '.join(typed)}\n" in text
    assert "Study file" in text
