"""The comparison of two commits flags a planted slowdown, leaves equal commits alone, and says success only where nothing is open."""

import json
import math
import sys
import time

import pytest

from benchmarks.compare import comparing
from benchmarks.compare import side as side_module
from benchmarks.compare.commits import Built
from benchmarks.compare.comparing import Benchmark, Comparison, Settings, compare
from benchmarks.compare.output import (
    ERRORS,
    INTERRUPTED,
    NO_SLOWDOWN,
    NOT_ALL_DECIDED,
    NOTHING,
    SLOWDOWN,
    status,
    text,
    to_json,
)
from benchmarks.compare.paired import Visit
from benchmarks.compare.sequential import passes_needed
from benchmarks.compare.side import Side, SideError

FACTOR = 1.1
SUITE = """
class Parts:
    params = (["plain", "other"],)
    def setup(self, name):
        from trickbench import work
        self.work = work.work
    @staticmethod
    def modules(name):
        return ("trickbench.work",) if name == "plain" else ("trickbench.data.*",)
    def time_work(self, name):
        self.work()

class Troubles:
    params = (["lacking", "raising", "dying", "printing"],)
    def setup(self, name):
        import os
        if name == "lacking":
            raise NotImplementedError("this commit lacks it")
        if name == "raising":
            raise ValueError("a wrong number")
        if name == "dying":
            os._exit(7)
    @staticmethod
    def modules(name):
        return ("trickbench.work",)
    def time_trouble(self, name):
        print("noise on the standard output")
"""
WORK = "from .helper import count\n\n\ndef work():\n    total = 0\n    for i in range(count):\n        total += i\n    return total\n"


@pytest.fixture
def commit(tmp_path, monkeypatch):
    """Makes a small project as one commit's unpacked wheel; the suite that times it takes the place of the tracked one."""
    suite = tmp_path / "suite"
    suite.mkdir()
    (suite / "__init__.py").touch()
    (suite / "small.py").write_text(SUITE)
    monkeypatch.setattr(side_module, "SUITE", suite)

    def make(name, count=4000, work=WORK, data="1"):
        site = tmp_path / name
        (site / "trickbench" / "data").mkdir(parents=True)
        (site / "trickbench" / "work.py").write_text(work)
        (site / "trickbench" / "helper.py").write_text(f"count = {count}\n")
        (site / "trickbench" / "data" / "__init__.py").touch()
        (site / "trickbench" / "data" / "page.jinja").write_text(data)
        return Built(name, f"{name:0<40}", site, (), sys.executable, tmp_path / f"kernels-{name}")

    return make


def digests(built, tmp_path):
    with Side(built, tmp_path / "log") as side:
        side.ready_on(None)
        return side.survey()


PLAIN, OTHER = "small.Parts.time_work(plain)", "small.Parts.time_work(other)"


def test_comments_touch_nothing_and_code_touches_what_runs_it(commit, tmp_path):
    before = digests(commit("a"), tmp_path)
    assert len(before) == 6
    assert all(before.values())
    assert digests(commit("b", work='"""A module."""\n' + WORK.replace("total = 0", "total = 0  # nothing yet")), tmp_path) == before
    helper = digests(commit("c", count=4001), tmp_path)
    assert (helper[PLAIN] != before[PLAIN], helper[OTHER] != before[OTHER]) == (True, False)
    data = digests(commit("d", data="2"), tmp_path)
    assert (data[PLAIN] != before[PLAIN], data[OTHER] != before[OTHER]) == (False, True)


def test_what_cannot_be_read_counts_as_touched(commit, tmp_path):
    assert digests(commit("a", work="def broken(:\n"), tmp_path)[PLAIN] == ""


def told(commit, tmp_path, pattern, **settings):
    base, head = commit("base"), commit("head", count=settings.pop("count", 4000))
    asked = Settings(pattern, factor=FACTOR, seed=0, **{"seconds": 60.0} | settings)
    return compare(base, head, asked, tmp_path / "log", lambda _: None, time.monotonic())


def test_a_planted_slowdown_is_flagged_and_what_it_does_not_touch_is_left_alone(commit, tmp_path):
    found = told(commit, tmp_path, "Parts", count=6000)
    assert (found.known, found.untouched, [each.title for each in found.compared]) == (2, 1, [PLAIN])
    assert found.judgements()[PLAIN].verdict == "slower"
    assert status(found) == SLOWDOWN
    assert "slower, by 1." in text(found)


def test_equal_commits_have_nothing_to_compare(commit, tmp_path):
    found = told(commit, tmp_path, "Parts")
    assert (found.known, found.untouched, found.compared) == (2, 2, [])
    assert status(found) == NO_SLOWDOWN


def test_what_a_commit_lacks_is_skipped_and_errors_are_said(commit, tmp_path):
    found = told(commit, tmp_path, "Troubles", everything=True)
    assert list(found.skipped.values()) == ["base: this commit lacks it"]
    assert list(found.errors.values()) == ["base: ValueError: a wrong number", "base: its process ended with 7"]
    assert [each.title for each in found.compared] == ["small.Troubles.time_trouble(printing)"]
    assert status(found) == ERRORS


def test_a_budget_that_is_too_small_is_said_and_no_success(commit, tmp_path):
    found = told(commit, tmp_path, "Parts", count=6000, seconds=1e-3)
    assert found.left_out == [PLAIN]
    assert status(found) == NOT_ALL_DECIDED


PASSES = {"slower": [math.log(1.3)] * 20, "no slowdown": [0.0] * 20, "undecided": [0.2]}


@pytest.mark.parametrize(
    ("verdicts", "more", "expected"),
    [
        (["no slowdown"], {}, NO_SLOWDOWN),
        (["no slowdown"], {"skipped": {"b": "this commit lacks it"}}, NO_SLOWDOWN),
        ([], {"untouched": 1}, NO_SLOWDOWN),
        (["no slowdown", "undecided"], {}, NOT_ALL_DECIDED),
        (["no slowdown"], {"left_out": ["b"]}, NOT_ALL_DECIDED),
        ([], {"left_out": ["b"], "untouched": 1}, NOT_ALL_DECIDED),
        (["undecided"], {}, NOT_ALL_DECIDED),
        (["no slowdown", "undecided", "slower"], {"left_out": ["b"], "errors": {"c": "ValueError"}}, SLOWDOWN),
        (["no slowdown", "undecided"], {"left_out": ["b"], "errors": {"c": "ValueError"}}, ERRORS),
        ([], {"skipped": {"b": "this commit lacks it"}}, NOTHING),
        ([], {}, NOTHING),
        (["slower"], {"interrupted": True}, INTERRUPTED),
    ],
)
def test_success_is_said_only_where_nothing_is_open(commit, verdicts, more, expected):
    compared = [Benchmark(f"{k}", visits=[Visit(ratio, 1.0, 1.0) for ratio in PASSES[verdict]]) for k, verdict in enumerate(verdicts)]
    assert status(Comparison(commit("base"), commit("head"), FACTOR, compared=compared, **more)) == expected


def test_undecided_ones_are_told_what_a_report_takes(commit):
    found = Comparison(commit("base"), commit("head"), FACTOR, compared=[Benchmark("a", visits=[Visit(0.2, 1.0, 1.2)])])
    assert f"a slowdown takes {passes_needed(1)} passes or more" in text(found)


def test_an_interrupt_keeps_what_was_decided(commit, tmp_path, monkeypatch):
    real = comparing._visit
    left = iter(range(1))

    def interrupted(*arguments):
        if next(left, None) is None:
            raise KeyboardInterrupt
        real(*arguments)

    monkeypatch.setattr(comparing, "_visit", interrupted)
    found = told(commit, tmp_path, "Parts", everything=True)
    assert [len(each.visits) for each in found.compared] == [1, 0]
    assert status(found) == INTERRUPTED
    assert "Interrupted" in text(found)


def test_an_interrupt_while_a_benchmark_is_open_waits_for_no_answer(commit, tmp_path, monkeypatch):
    def silent(**_):
        raise SideError("no answer")

    with Side(commit("base"), tmp_path / "log") as side:
        side.ready_on(None)
        with pytest.raises(KeyboardInterrupt), side.opened(PLAIN):  # noqa: PT012  all of it happens while the benchmark is open
            monkeypatch.setattr(side, "_ask", silent)
            raise KeyboardInterrupt


def test_a_pattern_that_fits_nothing_is_no_success(commit, tmp_path):
    assert status(told(commit, tmp_path, "no such benchmark")) == NOTHING


def test_everything_is_in_the_json(commit, tmp_path):
    found = Comparison(commit("base"), commit("head"), FACTOR, known=1, compared=[Benchmark(PLAIN, 1e-3, 0.1, [Visit(math.log(1.3), 1.0, 1.3)] * 20)])
    read = json.loads(to_json(found))
    assert read["status"] == SLOWDOWN == status(found)
    assert read["benchmarks"][0]["ratio"] == pytest.approx(1.3)
    assert len(read["benchmarks"][0]["log_ratios"]) == 20
    undecided = Comparison(found.base, found.head, FACTOR, known=1, compared=[Benchmark(PLAIN, visits=[Visit(0.2, 1.0, 1.2)])])
    assert json.loads(to_json(undecided))["benchmarks"][0]["low"] is None
    assert status(undecided) == NOT_ALL_DECIDED
