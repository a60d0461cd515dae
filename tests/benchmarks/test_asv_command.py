"""The command that compares two commits: whatever goes wrong is a sentence, and never the status of a slowdown."""

import re
import subprocess
import sys

import pytest

from benchmarks.compare import __main__ as command
from benchmarks.compare import commits
from benchmarks.compare.commits import BadInput, build, environment, required, resolve
from benchmarks.compare.output import ERRORS, INTERRUPTED, STATUSES, WRONG_INPUT
from benchmarks.compare.side import SideError


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-such-commit", "HEAD"], "'no-such-commit' is no commit"),
        (["HEAD", "HEAD", "("], "no regular expression"),
        (["HEAD", "HEAD", "--all", "("], "no regular expression"),
        (["HEAD", "HEAD", "--factor", "0.9"], "--factor is 0.9; accepted is a number above 1."),
        (["HEAD", "HEAD", "--budget", "0"], "--budget is 0; accepted is a number of minutes above 0."),
        (["HEAD", "HEAD", "--json", "no-such-folder/a.json"], "--json is no-such-folder/a.json; accepted is a file in a folder that is there"),
        (["HEAD", "HEAD", "--json", "."], "--json is .; accepted is a file"),
    ],
)
def test_wrong_input_is_a_sentence_and_a_status(words, said, capsys):
    assert command.main(words) == WRONG_INPUT
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("raised", "expected", "said"),
    [
        (OSError("the disk is full"), ERRORS, "This was not foreseen: OSError: the disk is full"),
        (SideError("it died"), ERRORS, "it died"),
        (KeyboardInterrupt(), INTERRUPTED, "Interrupted"),
    ],
)
def test_no_crash_looks_like_a_slowdown(monkeypatch, capsys, raised, expected, said):
    def build(*_):
        raise raised

    monkeypatch.setattr(command, "build", build)
    assert command.main(["HEAD", "HEAD"]) == expected
    assert said in capsys.readouterr().err.splitlines()[-1]


def test_the_help_names_every_status(capsys):
    with pytest.raises(SystemExit):
        command.main(["--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert all(f"{number} {meaning}" in shown for number, meaning in STATUSES.items())


def test_a_missing_git_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput, match="no git on the path"):
        resolve(tmp_path, "HEAD")


@pytest.mark.parametrize(("archive", "said"), [((128, b"", b"fatal: not a tree\n"), "not a tree"), ((0, b"no tar", b""), "cannot be unpacked")])
def test_a_commit_that_git_cannot_give_is_a_sentence(tmp_path, monkeypatch, archive, said):
    answers = iter([(0, b"0" * 40, b""), archive])
    monkeypatch.setattr(commits, "_git", lambda *_: subprocess.CompletedProcess([], *next(answers)))
    with pytest.raises(BadInput, match=said):
        build(tmp_path, "HEAD", tmp_path / "cache", True, lambda _: None)


def test_an_environment_that_cannot_be_made_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(BadInput, match=r"No environment can be made: it ended with 1"):
        environment(("numpy",), tmp_path, lambda _: None)


def test_a_wheel_without_metadata_is_a_sentence(tmp_path):
    with pytest.raises(BadInput, match="has no METADATA"):
        required(tmp_path)


def test_an_unknown_commit_is_refused(tmp_path):
    with pytest.raises(BadInput, match=re.escape(str(tmp_path))):
        resolve(tmp_path, "HEAD")


def test_requirements_are_read_without_extras(tmp_path):
    folder = tmp_path / "trickbench-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Name: trickbench\nRequires-Dist: numpy>=2.0\nRequires-Dist: altair\nRequires-Dist: torch; extra == 'torch'\n")
    assert required(tmp_path) == ("altair", "numpy>=2.0")
