"""`trickbench speed` as a user meets it: plans, rows, verdicts on planted forms, what it prints and writes, its exit status."""

import io
import json
import textwrap

import numpy as np
import pytest
from rich.console import Console

from trickbench.harness import registry
from trickbench.harness.errors import InputError
from trickbench.harness.timing.command import Speeds, measure, speed
from trickbench.harness.timing.output import bar, limit, short, show, times, with_words
from trickbench.harness.timing.plan import Asked, speed_plan
from trickbench.harness.timing.threads import threads_in_words
from trickbench.harness.timing.workload import SIZES

from .test_cli import trickbench

OWN = ("sgd/numba_fused", "sgd/numpy_reference")
"""No form on another library, whose import takes seconds."""

FILE = """
    import numpy as np


    class Thrice:
        technique = "sgd"
        state_rows = 0

        def update(self, parameters, gradient, state, hyperparameters, step):
            for _ in range(3):
                np.subtract(parameters, hyperparameters[0] * gradient, out=parameters)


    class Same:
        technique = "sgd"
        state_rows = 0

        def update(self, parameters, gradient, state, hyperparameters, step):
            parameters -= hyperparameters[0] * gradient


    class Leaves(Same):
        def update(self, parameters, gradient, state, hyperparameters, step):
            raise SystemExit("no licence")


    class Broken(Same):
        def update(self, parameters, gradient, state, hyperparameters, step):
            raise RuntimeError("it does not work")


    class Wild(Same):
        def update(self, parameters, gradient, state, hyperparameters, step):
            parameters[:] = np.nan
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "own_sgd.py"
    path.write_text(textwrap.dedent(FILE))
    return path


@pytest.fixture(scope="module")
def speeds(file):
    before = list(registry._files)
    yield measure(Asked(("sgd",), (*OWN, str(file)), (20_000,), seconds=0.5))
    registry._files[:] = before
    registry._found.cache_clear()


def row(speeds, variant):
    return next(each for each in speeds.rows if each.implementation == f"sgd/{variant}")


def test_a_planted_form_three_times_as_slow_is_called_slower(speeds):
    slow = row(speeds, "own_sgd.Thrice")
    assert slow.outcome == "slower"
    assert slow.verdict.startswith("slower by")
    assert 1 / 5 < slow.ratio < 1 / 2


def test_the_same_code_in_another_file_is_not_three_times_anything(speeds):
    same = row(speeds, "own_sgd.Same")
    assert 1 / 1.5 < same.ratio < 1.5
    assert row(speeds, "own_sgd.Thrice").ratio_high < same.ratio_low


def test_the_reference_comes_first_and_is_its_own_measure(speeds):
    first = speeds.rows[0]
    assert (first.implementation, first.verdict, first.ratio) == ("sgd/numpy_reference", "the reference", 1.0)
    assert first.noise >= 1
    assert {each.reference for each in speeds.rows} == {"sgd/numpy_reference"}


def test_what_fails_costs_its_own_place_only(speeds):
    assert speeds.failed == {
        "sgd/own_sgd.Broken (update)": "RuntimeError: it does not work",
        "sgd/own_sgd.Leaves (update)": "SystemExit: no licence",
    }
    assert len(speeds.rows) == 5


def test_numbers_that_are_not_finite_are_said(speeds):
    assert "not finite" in row(speeds, "own_sgd.Wild").note
    assert row(speeds, "own_sgd.Same").note == ""


def test_shares_are_of_the_nearer_limit(speeds):
    for each in speeds.rows:
        least = each.bytes / each.bandwidth
        assert each.limit in {"bandwidth", "arithmetic"}
        assert each.share * each.seconds >= least * (1 - 1e-9)
        assert each.limit == "arithmetic" or each.share * each.seconds == pytest.approx(least)


def test_the_json_holds_everything(speeds):
    found = json.loads(speeds.to_json())
    assert set(found) == {"rows", "processor", "threads", "unavailable", "failed", "interrupted"}
    assert [each["seconds"] for each in found["rows"]] == [each.seconds for each in speeds.rows]
    assert found["rows"][0]["outcome"] == "the reference"


def test_json_has_null_for_what_is_no_number():
    text = Speeds([_row(ratio_low=float("nan"), operations=None)]).to_json()
    assert "NaN" not in text
    (found,) = json.loads(text)["rows"]
    assert found["ratio_low"] is None
    assert found["operations"] is None


def test_the_table_holds_a_row_a_method_and_form():
    table = speed("l2", implementations=["l2/numba_fused"], sizes=[500], seconds=0.01)
    assert list(zip(table["method"], table["implementation"], strict=True)) == [
        (method, f"l2/{form}") for method in ("add_gradient", "value") for form in ("numpy_reference", "numba_fused")
    ]
    assert (table["size"] == 500).all()


def test_a_form_without_the_method_of_the_reference_is_held_against_its_own_kind():
    table = speed("l1", implementations=["l1/numba_proximal", "l1/numpy_proximal"], sizes=[500], methods=["after_update"], seconds=0.01)
    assert set(table["implementation"]) == {"l1/numba_proximal", "l1/numpy_proximal"}  # the reference does nothing after the update
    assert set(table["reference"]) == {"l1/numpy_proximal"}


def test_a_plan_has_a_contest_for_each_size_the_reference_first():
    plan = speed_plan(Asked(("adam",)))
    assert [contest.size for contest in plan.contests] == list(SIZES["optimizer"])
    assert all(contest.implementations[0].name == "adam/numpy_reference" for contest in plan.contests)
    assert sum(contest.seconds for contest in plan.contests) == pytest.approx(10)


def test_every_technique_has_its_reference_for_a_measure():
    for contest in speed_plan(Asked()).contests:
        assert contest.implementations[0].variant in {"numpy_reference", "python_reference"}


def test_everything_is_timed_briefly_without_names():
    plan = speed_plan(Asked())
    timed = {each.name for each in registry.techniques().values() if each.family in SIZES}
    assert {contest.technique.name for contest in plan.contests} == timed
    assert len(plan.contests) == 2 * len(timed)
    assert sum(contest.seconds for contest in plan.contests) == pytest.approx(2 * len(timed))


def test_a_name_leaves_only_itself_and_the_reference_and_a_file_joins(file):
    names = [each.name for each in speed_plan(Asked(("sgd",), ("sgd/numba_fused",))).contests[0].implementations]
    assert names == ["sgd/numpy_reference", "sgd/numba_fused"]
    before = list(registry._files)
    try:
        joined = [each.name for each in speed_plan(Asked((), (str(file),))).contests[0].implementations]
    finally:
        registry._files[:] = before
        registry._found.cache_clear()
    assert {*OWN, "sgd/own_sgd.Same"} < set(joined)


def test_forms_that_cannot_be_loaded_are_listed_with_the_reason(monkeypatch):
    monkeypatch.setattr(registry, "unavailable", lambda: {"sgd/torch_native": "the package torch is not installed", "adam/torch_native": "no"})
    assert speed_plan(Asked(("sgd",))).unavailable == {"sgd/torch_native": "the package torch is not installed"}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (Asked(("adamm",)), "Unknown technique 'adamm'. Did you mean 'adam"),
        (Asked(("sgd",), methods=("updat",)), "Unknown method 'updat'. Did you mean 'update'"),
        (Asked(("sgd",), methods=("forward",)), "Unknown method 'forward'. Accepted: update"),
        (Asked(("sgd",), dtype="float16"), "Unknown dtype 'float16'"),
        (Asked(("sgd",), sizes=(0,)), "--size is 0; accepted is a whole number from 1"),
        (Asked(("sgd",), seconds=0.0), "--seconds is 0; accepted is a number above 0"),
        (Asked(("sgd",), sizes=(10**13,)), "Give a smaller size"),
        (Asked(("sgd",), ("adam/numba_fused",)), "adam/numba_fused is of none of the techniques sgd"),
        (Asked(("sgd",), ("sgd/numba_fuse",)), "Unknown implementation 'sgd/numba_fuse'. Did you mean 'sgd/numba_fused'"),
    ],
)
def test_bad_input_is_one_sentence(asked, sentence):
    with pytest.raises(InputError) as refused:
        speed_plan(asked)
    assert sentence in str(refused.value)


def test_the_blocks_fit_eighty_columns(speeds):
    console = Console(width=80, record=True, file=io.StringIO())
    show(speeds, console)
    text = console.export_text()
    assert f"{threads_in_words(speeds.threads)}; float32." in " ".join(text.split())
    assert "One interval in twenty is wrong" in text
    assert "sgd, update, 20,000 elements" in text
    assert "2 operations (multiply, subtract)" in text
    assert "failed: sgd/own_sgd.Broken (update): RuntimeError: it does not work" in text
    lines = [line for line in text.splitlines() if line.startswith(("numba", "numpy", "own"))]
    assert len(lines) == 5
    assert any("█" in line for line in lines)
    assert all(len(line) <= 80 and "…" not in line for line in lines)


@pytest.mark.parametrize(("seconds", "said"), [(1.284e-6, "1.28 µs"), (62.7e-6, "62.7 µs"), (0.1234, "123 ms"), (2.5, "2.50 s"), (3e-10, "0.300 ns")])
def test_times_have_three_digits_and_a_unit(seconds, said):
    assert times(seconds) == said


@pytest.mark.parametrize(("share", "drawn"), [(1.0, "██████████"), (0.5, "█████"), (0.01, "▏"), (0.0, "▏"), (0.56, "█████▋")])
def test_a_bar_is_as_long_as_a_form_is_fast(share, drawn):
    assert bar(share) == drawn


def test_short_words_and_limits():
    assert short(_row(outcome="faster", ratio=2.0, ratio_low=1.9, ratio_high=2.1)) == "2x faster [1.9, 2.1]"
    assert short(_row(outcome="slower", ratio=0.5, ratio_low=0.25, ratio_high=0.625)) == "2x slower [1.6, 4]"
    assert short(_row(outcome="no difference", ratio_low=0.9, ratio_high=1.1)) == "no difference [0.90, 1.10]"
    assert limit(_row(share=0.834, limit="arithmetic")) == "83 % a"
    assert limit(_row(share=0.0042, limit="bandwidth")) == "0.4 % b"


def _row(**given):
    from trickbench.harness.timing.run import Timed

    values = dict.fromkeys(Timed.__dataclass_fields__, 1.0)
    words = {"technique": "sgd", "implementation": "sgd/x", "method": "update", "dtype": "float32", "reference": "sgd/y"}
    words |= {"outcome": "the reference", "verdict": "the reference"}
    return Timed(**{**values, **words, "limit": "bandwidth", "note": "", "kinds": {}, "conventions": {}, "size": 1, "bytes": 1, "rounds": 9, **given})


def test_the_report_is_one_page_with_pictures_and_tables(speeds, tmp_path):
    from trickbench.reports.speed_page import write_speed_report

    page = write_speed_report(with_words(speeds), tmp_path).read_text()
    assert {path.name for path in tmp_path.iterdir()} == {"speed.html", "speed.csv", "speed.json", "speed-sgd.svg", "speed-sgd.png"}
    assert all(word in page for word in ("<svg", "own_<wbr>sgd.Thrice", "slower by", "it does not work"))
    assert "<script" not in page
    assert "src=" not in page
    assert len((tmp_path / "speed.csv").read_text().splitlines()) == 1 + len(speeds.rows)


def test_figures_are_built_once_and_the_page_says_which_threads_there_were(monkeypatch, tmp_path):
    from trickbench.reports import speed_page

    built, speed_figures = [], speed_page.speed_figures
    monkeypatch.setattr(speed_page, "speed_figures", lambda rows: built.append(rows) or speed_figures(rows))
    page = speed_page.write_speed_report(with_words(Speeds([_row(seconds=1e-6)], "A processor", {"jax": 2})), tmp_path).read_text()
    assert len(built) == 1
    assert "A processor. One thread, but 2 of jax." in page


def test_names_become_no_markup(tmp_path):
    from trickbench.reports.speed_page import write_speed_report

    bad = Speeds([_row(implementation="sgd/<b>&", seconds=1e-6)], failed={"<i>": "<u>"})
    page = write_speed_report(with_words(bad), tmp_path).read_text()
    assert not any(tag in page for tag in ("<b>", "<i>", "<u>"))


def test_on_the_command_line(tmp_path):
    shown = trickbench("speed", "sgd", "--implementation", OWN[0], "--size", 1000, "--seconds", 0.01, "--json", "--output", tmp_path)
    assert shown.returncode == 0, shown.stderr
    found = json.loads(shown.stdout)
    assert [each["implementation"] for each in found["rows"]] == list(reversed(OWN))
    assert f"Report: {tmp_path / 'speed.html'}" in shown.stderr


def test_an_interrupt_keeps_what_was_measured(monkeypatch):
    from trickbench.harness.timing import command as speed_command

    asked = Asked(("sgd",), (OWN[0],), (100, 200), seconds=0.01)

    def interrupted(plan, seed):
        yield next(speed_run(plan, seed))
        raise KeyboardInterrupt

    speed_run = speed_command.speed_run
    monkeypatch.setattr(speed_command, "speed_run", interrupted)
    found = measure(asked)
    assert found.interrupted
    assert [each.size for each in found.rows] == [100, 100]


def test_a_form_that_fails_is_said_with_status_3(file):
    shown = trickbench("speed", "--implementation", f"{file}", "--implementation", OWN[0], "--size", 1000, "--seconds", 0.01)
    assert shown.returncode == 3
    assert "failed: sgd/own_sgd.Broken (update): RuntimeError: it does not work" in shown.stdout
    assert "sgd, update, 1,000 elements" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["speed", "adamm"], "trickbench: Unknown technique 'adamm'. Did you mean 'adam"),
        (["speed", "sgd", "--implementation", "nowhere.py"], "nowhere.py"),
        (["speed", "sgd", "--size", "0"], "--size is 0"),
    ],
)
def test_bad_input_on_the_command_line_has_status_2(arguments, sentence):
    shown = trickbench(*arguments)
    assert shown.returncode == 2
    assert sentence in shown.stderr
    assert shown.stdout == ""
    assert "Traceback" not in shown.stderr


def test_what_a_race_leaves_is_measured_in_float64_too():
    table = speed("relu", implementations=["relu/numba_fused"], sizes=[4096], dtype="float64", seconds=0.01)
    assert set(table["dtype"]) == {"float64"}
    assert np.isfinite(table["seconds"]).all()


def test_what_is_no_part_of_a_training_is_not_timed():
    with pytest.raises(InputError, match="diagnosis is no part of a training"):
        speed_plan(Asked(techniques=["diagnosis"]))
