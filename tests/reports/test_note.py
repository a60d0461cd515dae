"""A report that is still true is kept as it lies; what is not true any more is drawn again, and nothing else."""

import dataclasses
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trickbench.reports import keep_report, note, write, write_report


@pytest.fixture(scope="module")
def made(make: Callable[..., Any]) -> Any:
    return make(datasets=("iris", "diabetes"), seeds=3, epochs=4)


@pytest.fixture(scope="module")
def first(made: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    write_report(made, folder)
    return folder


@pytest.fixture
def folder(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "report"))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The figures of each report that is drawn, by name."""
    asked: list[list[str]] = []
    original = write.pictures

    def watched(specs: Any) -> Any:
        asked.append(list(specs))
        return original(specs)

    monkeypatch.setattr(write, "pictures", watched)
    return asked


def test_a_report_that_is_true_is_kept_and_named(made: Any, folder: Path, drawn: list[list[str]]):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    kept = keep_report(made, folder)
    assert drawn == []
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert kept == write_report(made, folder)
    assert kept[0].name == "report.html"


def test_a_result_that_has_changed_is_told_anew_but_equal_figures_stay(made: Any, folder: Path, drawn: list[list[str]]):
    longer = dataclasses.replace(made, version="second", environment=made.environment | {"command": "trickbench run other"})
    keep_report(longer, folder)
    assert drawn == [[]]
    assert "trickbench run other" in (folder / "report.md").read_text()
    keep_report(longer, folder)
    assert drawn == [[]]


def test_only_the_figures_that_have_changed_are_drawn(made: Any, folder: Path, drawn: list[list[str]]):
    epochs = made.epochs.copy()
    epochs.loc[epochs["dataset"] == "iris", "train_loss"] *= 1.01
    keep_report(dataclasses.replace(made, version="second", epochs=epochs), folder)
    assert drawn == [["curves-iris"]]


@pytest.mark.parametrize("name", ["report.html", "runs.csv", "figures/curves-iris.png"])
@pytest.mark.parametrize("missing", [True, False], ids=["missing", "edited"])
def test_a_file_that_is_missing_or_edited_is_written_anew(made: Any, folder: Path, name: str, missing: bool):
    before = (folder / name).read_bytes()
    (folder / name).unlink() if missing else (folder / name).write_bytes(before[:-1])
    keep_report(made, folder)
    assert (folder / name).read_bytes() == before


def test_another_version_of_what_draws_makes_every_figure_stale(made: Any, folder: Path, drawn: list[list[str]], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(note, "drawn_with", lambda: "another")
    keep_report(made, folder)
    assert len(drawn[0]) == 8


def test_a_note_that_cannot_be_read_is_no_note(made: Any, folder: Path, drawn: list[list[str]]):
    (folder / note.FILE).write_text("{")
    keep_report(made, folder)
    assert len(drawn) == 1


def test_what_draws_is_known_by_every_file_and_version(monkeypatch: pytest.MonkeyPatch):
    before = note.drawn_with.__wrapped__()
    assert note.drawn_with.__wrapped__() == before
    monkeypatch.setattr(note, "version", lambda library: "0" if library == "altair" else "1")
    assert note.drawn_with.__wrapped__() != before
    monkeypatch.undo()
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: read(self) + (b"more" if self.name == "page.js.jinja" else b""))
    assert note.drawn_with.__wrapped__() != before


def test_figures_of_an_earlier_larger_report_are_removed_and_nothing_else(make: Callable[..., Any], folder: Path):
    mine = folder / "figures" / "mine.svg"
    mine.write_text("<svg/>")
    edited = folder / "figures" / "curves-diabetes.svg"
    edited.write_text("<svg>edited by hand</svg>")
    write_report(make(datasets=("iris",), seeds=3, epochs=4), folder)
    left = {path.name for path in (folder / "figures").iterdir() if "diabetes" in path.name or path == mine}
    assert left == {"mine.svg", "curves-diabetes.svg"}


def test_a_note_cannot_have_files_elsewhere_removed(made: Any, folder: Path):
    precious = folder.parent / "precious"
    precious.write_bytes(b"precious")
    noted = json.loads((folder / note.FILE).read_text())
    for name in ("../precious", str(precious)):
        noted["files"][name] = note.hash_of(b"precious")
    (folder / note.FILE).write_text(json.dumps(noted))
    write_report(made, folder)
    assert precious.is_file()


def test_keeping_a_report_loads_nothing_that_draws(folder: Path):
    program = f"""
import sys
from pathlib import Path
from types import SimpleNamespace
from trickbench.reports import keep_report
kept = keep_report(SimpleNamespace(fingerprint=lambda: "first"), Path({str(folder)!r}))
assert len(kept) > 5, kept
heavy = {{"pandas", "altair", "jinja2", "vl_convert", "numpy"}} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", program], check=True)
