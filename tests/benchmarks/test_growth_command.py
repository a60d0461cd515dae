"""A point's process and its lines, and the command with its files; networks are trained in no more than one point."""

import io
import json
import xml.etree.ElementTree as ET

import pytest

from benchmarks.growth import __main__ as command
from benchmarks.growth.axes import AXES
from benchmarks.growth.measures import PointError, tiny_study
from benchmarks.growth.points import START, Sample, Step, attempt, ending, read
from benchmarks.growth.table import duration
from benchmarks.growth.worker import Lines, peak, serve
from trickbench.harness.errors import InputError

RUNS = AXES["runs"]


def served(perform, prepare=lambda: None):
    answers = io.StringIO()
    serve(prepare, perform, Lines(answers))
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_a_process_says_each_step_as_it_is_done():
    def perform(lines):
        lines.begin("plan")
        lines.end("plan")
        lines.end("run", 7.5)

    ready, plan, run, finished = served(perform)
    assert 0 < ready["ready"] <= plan["memory"] <= peak()
    assert (plan["step"], run["step"], run["seconds"]) == ("plan", "run", 7.5)
    assert 0 < plan["seconds"] < finished["finished"] < 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "it needed more memory than a point may use"),
        (InputError("seeds is 0; accepted is a whole number from 1."), "seeds is 0; accepted is a whole number from 1."),
        (PointError("3 of 4 runs are done."), "3 of 4 runs are done."),
        (ZeroDivisionError("by zero\nmore"), "ZeroDivisionError: by zero"),
    ],
)
def test_an_error_is_a_sentence_of_the_step_that_was_under_way(error, words):
    def perform(lines):
        lines.begin("plan")
        lines.end("plan")
        lines.begin("run")
        raise error

    assert served(perform)[-1] == {"error": words, "step": "run"}


def test_an_error_before_the_beginning_is_one_of_the_start():
    def fails():
        raise OSError("no")

    (line,) = served(lambda _: None, fails)
    assert read(RUNS, 10, json.dumps(line), "").failed == "start"


def test_memory_in_use_shows_in_the_peak():
    before = peak()
    filled = bytearray(b"x") * (512 * 2**20)
    assert peak() - before >= len(filled) * 0.9  # pages that were free in the process before are counted already
    del filled
    assert peak() - before >= 0.9 * 512 * 2**20


SAID = '{"ready": 100}\n{"step": "plan", "seconds": 1.0, "memory": 150}\n'


def test_lines_become_a_sample():
    found = read(RUNS, 10, SAID + '{"finished": 2.5}\n', "unread")
    assert found == Sample(10, 100, {"plan": Step(1.0, 150)}, "", "", 2.5)


@pytest.mark.parametrize("cut", ["", '{"step": "ru'])
def test_a_process_that_ends_early_keeps_its_steps_and_fails_in_the_next(cut):
    found = read(RUNS, 10, SAID + cut, "it was stopped")
    assert (found.error, found.failed, list(found.steps)) == ("it was stopped", "run", ["plan"])
    assert read(RUNS, 10, "", "it was stopped").failed == "start"


def test_the_end_of_a_process_in_words():
    assert ending(-9, "", 3, late=True) == "it was stopped after 3 s, the limit of a point"
    assert "SIGKILL, as the system does where memory runs out" in ending(-9, "", 3, late=False)
    assert ending(-11, "", 3, late=False) == "its process was ended by SIGSEGV"
    assert ending(1, "Traceback\nValueError: no\n", 3, late=False) == "its process ended with status 1: ValueError: no"


def test_a_point_in_its_own_process_is_measured_and_stopped():
    found = attempt(AXES["data"], 1000, 1000, START, 8192)
    assert found.error == ""
    assert list(found.steps) == list(AXES["data"].steps)
    assert all(step.seconds > 0 and step.memory >= found.baseline > 0 for step in found.steps.values())
    stopped = attempt(AXES["data"], 1000, 1000, 0.05, 8192)
    assert (stopped.error, stopped.failed) == ("it was stopped after 0.05 s, the limit of a point", "start")


def test_a_study_has_the_runs_that_are_asked_for():
    assert len(tiny_study(10).seeds) == 5
    with pytest.raises(PointError, match="even number"):
        tiny_study(7)


@pytest.mark.parametrize(("seconds", "text"), [(12.345, "12.3 s"), (0.0123, "12.3 ms"), (4.5e-5, "45 µs"), (1234.0, "1,234 s")])
def test_durations_have_three_digits_and_a_unit(seconds, text):
    assert duration(seconds) == text


def grows(axis, size, largest, limit, megabytes):
    """Every step in proportion to its work; the axis of depth fails at its second size."""
    if axis.name == "depth" and size > 1:
        return Sample(size, 100 * 2**20, {}, "it needed more memory than a point may use", "updates")
    cost = 1.0 if axis.flat else axis.work(size)
    return Sample(size, 100 * 2**20, {step: Step(1e-5 * cost, int(100 * 2**20 + 50 * cost)) for step in axis.steps}, seconds=0.1)


@pytest.fixture
def fast(monkeypatch):
    monkeypatch.setattr(command, "attempt", grows)


def test_the_command_writes_its_files_and_says_what_breaks_first(fast, tmp_path, capsys):
    assert command.main(["--quick", "--output", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    page = (tmp_path / "growth.md").read_text()
    assert out == page
    assert "**What breaks first: depth, 4 times the least size: at 4 layers updates fails: it needed more memory than a point may use.**" in page
    assert "runs 10, repetition 1 of 3: plan 100 µs" in err
    assert json.loads((tmp_path / "growth.json").read_text())["axes"]["runs"]["rows"][1]["time_exponent"]["value"] == pytest.approx(1)
    for name in ("growth", "per-run"):
        assert ET.parse(tmp_path / f"{name}.svg").getroot().tag.endswith("svg")  # noqa: S314  our own file
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_one_axis_as_json(fast, tmp_path, capsys):
    assert command.main(["--axis", "widths", "--json", "--output", str(tmp_path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found["axes"]) == ["widths"]
    assert {row["size"] for row in found["axes"]["widths"]["rows"]} == set(AXES["widths"].sizes)
    assert found["verdict"].startswith("Nothing breaks.")
    assert not (tmp_path / "per-run.svg").exists()


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_folder_that_cannot_be_is_refused_before_anything_is_measured(monkeypatch, tmp_path, capsys, name):
    (tmp_path / "file").touch()
    monkeypatch.setattr(command, "attempt", lambda *_: pytest.fail("it is measured"))
    with pytest.raises(SystemExit) as stopped:
        command.main(["--quick", "--output", str(tmp_path / name)])
    assert stopped.value.code == 2
    assert "name another folder" in capsys.readouterr().err


def test_the_table_is_printed_though_the_files_cannot_be_written(fast, monkeypatch, tmp_path, capsys):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(command, "write", full)
    with pytest.raises(OSError, match="no space left"):
        command.main(["--axis", "runs", "--quick", "--output", str(tmp_path)])
    assert "| 10 " in capsys.readouterr().out


def test_memory_is_at_most_four_fifths_of_the_machines(tmp_path, capsys):
    assert command._parsed(["--output", str(tmp_path), "--memory", str(command._most())]).memory == command._most()
    with pytest.raises(SystemExit):
        command._parsed(["--memory", str(command._most() + 1)])
    assert f"from 256 to {command._most()}, four fifths of the machine's" in capsys.readouterr().err


def test_an_axis_that_cannot_be_measured_at_all_is_a_failure(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "attempt", lambda axis, size, *_: Sample(size, error="no", failed="start"))
    assert command.main(["--axis", "data", "--output", str(tmp_path)]) == 1
    assert "At 1,000 rows start fails: no." in capsys.readouterr().out


def test_an_interrupt_keeps_what_was_measured(monkeypatch, tmp_path, capsys):
    def interrupted(axis, size, *others):
        if size > 10:
            raise KeyboardInterrupt
        return grows(axis, size, *others)

    monkeypatch.setattr(command, "attempt", interrupted)
    assert command.main(["--axis", "runs", "--output", str(tmp_path)]) == 130
    assert {row["size"] for row in json.loads((tmp_path / "growth.json").read_text())["axes"]["runs"]["rows"]} == {10}


@pytest.mark.parametrize(
    "wrong", [["--axis", "height"], ["--limit", "0"], ["--limit", "nan"], ["--memory", "12"], ["--quick", "--beyond"], ["--memory", "much"]]
)
def test_wrong_input_is_refused(wrong, capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main(wrong)
    assert stopped.value.code == 2
