"""Every exit status that the README tells of a command is one that the command ends with, and there is no other."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from trickbench.harness.ablation import plan
from trickbench.harness.cli import main
from trickbench.harness.store import Store
from trickbench.harness.study_record import record
from trickbench.harness.timing.command import Speeds

from .test_check_command import sgd
from .test_diagnose_command import OVERFITTED
from .test_execution import rule_file

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SECTIONS = {"run": "A study of your own", "diagnose": "Why a training is bad", "check": "Claims, checked", "speed": "Speed, side by side"}
MOMENTUM = ("--claim", "momentum.zero-is-sgd", "--jobs", 1, "--implementation", "momentum/numpy_reference")
BRIEFLY = ("speed", "--size", 10, "--seconds", 0.01, "--implementation", "sgd/numpy_reference")


def told(command: str) -> set[int]:
    """The statuses that the README has for a command."""
    section = README.split(f"## {SECTIONS[command]}\n")[1].split("\n## ")[0]
    (sentence,) = re.findall(r"Exit status: ([^.]*)\.", section)
    return {int(part.split()[0]) for part in sentence.split(";")}


@pytest.fixture
def ends(monkeypatch, capfd):
    """The status with which a command ends, started here."""

    def status(*words) -> int:
        monkeypatch.setattr(sys, "argv", ["trickbench", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        assert "Traceback" not in capfd.readouterr().err
        return int(end.value.code or 0)

    return status


@pytest.fixture
def interrupted(monkeypatch):
    """Makes a function of the harness end by an interrupt."""

    def interrupt(name: str) -> None:
        monkeypatch.setattr(f"trickbench.harness.{name}", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))

    return interrupt


def test_an_output_that_cannot_be_written_is_wrong_input(small_file, tmp_path, ends):
    (tmp_path / "file").touch()
    below = tmp_path / "file" / "below"
    assert ends("run", small_file, "--output", tmp_path / "file") == 2
    assert ends("run", small_file, "--output", below) == 2
    assert ends("check", *MOMENTUM, "--junit", below) == 2
    assert ends("check", *MOMENTUM, "--report", below) == 2
    assert ends(*BRIEFLY, "--output", below) == 2


FULL = """
    import resource, signal, sys
    from trickbench.harness.cli import main

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    main()
"""
"""A file may not grow beyond 20,000 bytes: as on a disk that is full."""


def test_so_is_a_disk_that_is_full(small_file, tmp_path):
    program = [sys.executable, "-c", textwrap.dedent(FULL), "run", str(small_file)]
    done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert re.fullmatch(r"trickbench: .*results.sqlite cannot be written .*; free some room, .*: every finished run is kept\.\n", done.stderr)


def test_a_study_s(small, small_file, tmp_path, ends, interrupted):
    found = {ends("run", small_file, "--output", tmp_path / "out"), ends("run", "lectur")}
    with Store(tmp_path / "empty") as store:
        store.set_plan(plan(small).jobs)
        store.set_record(study=record(small, small.seeds, plan(small).contrasts, "", ""))
    found.add(ends("report", tmp_path / "empty"))
    bad = small_file.with_name("bad.toml")
    bad.write_text(small_file.read_text().replace('optimizer = "sgd[learning_rate=0.1]"', 'optimizer = "sgd/raises"'))
    found.add(ends("run", bad, "--implementation", rule_file(tmp_path, "raises"), "--output", tmp_path / "failed"))
    interrupted("ablation.run")
    found.add(ends("run", small_file, "--output", tmp_path / "out"))
    assert found == told("run") == {0, 2, 3, 4, 130}


def test_a_check_s(tmp_path, ends, monkeypatch):
    found = {
        ends("check", *MOMENTUM),
        ends("check", "--claim", "sgd.definition", "--jobs", 1, "--implementation", sgd(tmp_path / "wrong.py", body="gradient = 2 * gradient")),
        ends("check", "--technique", "adm"),
        ends("check", "--claim", "momentum.zero-is-sgd", "--technique", "relu"),
    }
    monkeypatch.setattr("trickbench.harness.checks.command._watched", lambda results, *_: ())
    found.add(ends("check", *MOMENTUM))
    monkeypatch.setattr("trickbench.harness.checks.command._watched", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    found.add(ends("check", *MOMENTUM))
    assert found == told("check") == {0, 1, 2, 3, 4, 130}


def test_a_diagnosis_s(tmp_path, ends):
    overfitted = tmp_path / "overfitted.csv"
    overfitted.write_text(OVERFITTED)
    (tmp_path / "half.csv").write_text("val_loss\n3\n2\n3\n")
    found = {ends("diagnose", overfitted, "--target", 0.55), ends("diagnose", overfitted)}
    found |= {ends("diagnose", tmp_path / name) for name in ("half.csv", "none.csv")}
    assert found == told("diagnose") == {0, 1, 2, 4}


def test_a_measurement_s(tmp_path, ends, monkeypatch):
    broken = sgd(tmp_path / "broken.py", body="raise RuntimeError('it does not work')")
    found = {ends("speed", "rlu"), ends(*BRIEFLY), ends(*BRIEFLY, "--implementation", broken)}
    for made in (Speeds(), Speeds(interrupted=True)):
        monkeypatch.setattr("trickbench.harness.timing.command.measure", lambda *_, made=made: made)
        found.add(ends("speed", "sgd"))
    assert found == told("speed") == {0, 2, 3, 4, 130}
