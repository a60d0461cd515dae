"""The comparison of two commits: its statistics have known answers, it flags a planted slowdown, and it leaves equal commits alone."""

import json
import math
import random
import re
import sys
import time
from collections import Counter

import numpy as np
import pytest

from benchmarks.compare import __main__ as command
from benchmarks.compare import side as side_module
from benchmarks.compare.commits import BadInput, Built, required, resolve
from benchmarks.compare.comparing import Benchmark, Comparison, Settings, compare
from benchmarks.compare.output import ERRORS, NO_SLOWDOWN, NOTHING, SLOWDOWN, WRONG_INPUT, status, text, to_json
from benchmarks.compare.paired import Plan, Visit, plan, visit
from benchmarks.compare.sequential import CLEAR_PASSES, FALSE_ALARM, fortune, judge, lower_end, passes_needed, upper_end
from benchmarks.compare.side import Side

FACTOR = 1.1


def lots_of(seed):
    return random.Random(seed)  # noqa: S311  an order of turns, and noise


@pytest.mark.parametrize(("above", "below"), [(0, 0), (1, 0), (0, 1), (7, 2), (3, 9)])
def test_a_fortune_is_the_average_over_all_shares(above, below):
    # Gauss-Legendre of ten nodes is exact for polynomials up to degree 19; what is left is rounding
    nodes, weights = np.polynomial.legendre.leggauss(10)
    shares = (nodes + 1) / 2
    assert fortune(above, below) == pytest.approx(weights @ ((1 + shares) ** above * (1 - shares) ** below) / 2, rel=1e-12)


def test_a_fair_game_leaves_the_expected_fortune_where_it_is():
    n = 12
    assert math.isclose(sum(math.comb(n, k) * fortune(k, n - k) for k in range(n + 1)) / 2**n, 1.0, rel_tol=1e-12)


def test_ends_are_ratios_that_were_seen_and_mirror_each_other():
    ratios = [0.01 * k for k in range(20)]
    low, high = lower_end(ratios, 0.05), upper_end(ratios, 0.05)
    assert {low, high} <= set(ratios)
    assert low < 0.095 < high
    assert upper_end([-ratio for ratio in ratios], 0.05) == -low


def test_few_passes_give_no_end():
    assert lower_end([1.0] * 3, 0.05) == -math.inf


def test_the_more_benchmarks_the_more_passes_an_alarm_takes():
    needed = [passes_needed(benchmarks) for benchmarks in (1, 3, 30, 300)]
    assert needed == sorted(set(needed))
    assert fortune(needed[0], 0) >= 1 / FALSE_ALARM > fortune(needed[0] - 1, 0)


def played(draw, passes, benchmarks=3):
    """The verdict that a comparison ends with: looked at after every pass, as the tool does."""
    ratios = []
    for number in range(passes):
        ratios.append(draw(number))
        verdict = judge(ratios, FACTOR, benchmarks).verdict
        if verdict != "undecided":
            return verdict
    return "undecided"


def heavy_tailed(lots, centre):
    """Student's t of two degrees of freedom, infinite variance, scale 5 %."""
    return lambda _: centre + 0.05 * lots.gauss(0, 1) / math.sqrt(lots.expovariate(1))


def drifting(lots, centre):
    """Noise that grows tenfold, heavy tails and a side that swings with the pass; the median stays where it is, since the sign is by lot."""
    return lambda number: centre + lots.choice((-1, 1)) * abs(0.01 * (1 + number) * lots.gauss(0, 1) / math.sqrt(lots.expovariate(1)))


@pytest.mark.parametrize("noise", [heavy_tailed, drifting])
def test_false_alarms_keep_to_the_stated_rate_even_at_the_factor_itself(noise):
    # The worst case that is no slowdown: a median ratio of exactly the factor. One benchmark's share of the stated rate is FALSE_ALARM / 3.
    lots = lots_of(1)
    trials = 2000
    alarms = sum(played(noise(lots, math.log(FACTOR)), 40) == "slower" for _ in range(trials))
    expected = trials * FALSE_ALARM / 3
    assert alarms <= expected + 4 * math.sqrt(expected)


@pytest.mark.parametrize("noise", [heavy_tailed, drifting])
def test_equal_commits_are_left_alone(noise):
    lots = lots_of(2)
    verdicts = Counter(played(noise(lots, 0.0), 40) for _ in range(1000))
    assert verdicts["slower"] == 0
    assert verdicts["no slowdown"] > 800


def test_a_planted_slowdown_of_thirty_percent_is_flagged():
    lots = lots_of(3)
    verdicts = Counter(played(heavy_tailed(lots, math.log(1.3)), 40) for _ in range(500))
    assert verdicts["slower"] > 490


def test_a_judge_without_correction_would_break_the_rate(monkeypatch):
    """The test above can fail: an end that is wrong as often as the shown one's raises more alarms than stated."""
    monkeypatch.setattr("benchmarks.compare.sequential.FALSE_ALARM", 0.6)
    lots = lots_of(1)
    alarms = sum(played(heavy_tailed(lots, math.log(FACTOR)), 40) == "slower" for _ in range(1000))
    assert alarms > 1000 * FALSE_ALARM / 3 + 4 * math.sqrt(1000 * FALSE_ALARM / 3)


def test_early_leave_asks_for_all_passes():
    quiet, loud = math.log(1.01), math.log(1.08)
    assert judge([quiet] * CLEAR_PASSES, FACTOR, 1).verdict == "no slowdown"
    assert judge([quiet] * (CLEAR_PASSES - 1), FACTOR, 1).verdict == "undecided"
    assert judge([quiet, quiet, loud], FACTOR, 1).verdict == "undecided"


@pytest.mark.parametrize("seconds", [1e-7, 1e-5, 1e-3, 0.2, 5.0])
def test_a_visit_times_enough_and_not_for_long(seconds):
    planned = plan(seconds)
    assert planned.calls * seconds >= 3e-4 * (1 - 1e-9)
    assert planned.fours == 1 or 4 * planned.fours * planned.blocks * planned.calls * seconds < 1.0


def test_a_drift_that_is_even_falls_out_of_the_ratio():
    clock = [1.0]

    def turn(speed):
        def measured(_calls, _blocks):
            clock[0] *= 1.5  # the machine becomes slower and slower
            return speed * clock[0]

        return measured

    made = visit(turn(1.0), turn(1.3), Plan(1, 1, 5), lots_of(0))
    assert made.ratio == pytest.approx(math.log(1.3), abs=1e-12)


def test_both_sides_have_the_first_turn():
    turns = []
    visit(lambda *_: turns.append("base") or 1.0, lambda *_: turns.append("head") or 1.0, Plan(1, 1, 40), lots_of(0))
    firsts = Counter(turns[::4])
    assert set(firsts) == {"base", "head"}
    assert min(firsts.values()) > 8  # of 40 fair lots, fewer have a chance below 1e-4
    assert all(turns[k : k + 4] in (["base", "head", "head", "base"], ["head", "base", "base", "head"]) for k in range(0, len(turns), 4))


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
    assert status(found) == NOTHING


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
    assert status(undecided) == NOTHING


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-such-commit", "HEAD"], "'no-such-commit' is no commit"),
        (["HEAD", "HEAD", "("], "no regular expression"),
        (["HEAD", "HEAD", "--all", "("], "no regular expression"),
        (["HEAD", "HEAD", "--factor", "0.9"], "--factor is 0.9; accepted is a number above 1."),
        (["HEAD", "HEAD", "--budget", "0"], "--budget is 0; accepted is a number of minutes above 0."),
    ],
)
def test_wrong_input_is_a_sentence_and_a_status(words, said, capsys):
    assert command.main(words) == WRONG_INPUT
    assert said in capsys.readouterr().err


def test_an_unknown_commit_is_refused(tmp_path):
    with pytest.raises(BadInput, match=re.escape(str(tmp_path))):
        resolve(tmp_path, "HEAD")


def test_requirements_are_read_without_extras(tmp_path):
    folder = tmp_path / "trickbench-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Name: trickbench\nRequires-Dist: numpy>=2.0\nRequires-Dist: altair\nRequires-Dist: torch; extra == 'torch'\n")
    assert required(tmp_path) == ("altair", "numpy>=2.0")
