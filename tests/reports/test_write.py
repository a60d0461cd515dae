import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from trickbench.reports import answer_in, write_report
from trickbench.reports.content import content
from trickbench.reports.files import write_whole
from trickbench.reports.note import FILE
from trickbench.reports.tables import arm_summary


@pytest.fixture(scope="module")
def written(small: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    folder = tmp_path_factory.mktemp("report") / "not" / "there" / "yet"
    return folder, write_report(small, folder)


def test_all_files_are_written_and_named(written: tuple[Path, list[Path]]):
    folder, paths = written
    assert sorted([*paths, folder / FILE]) == sorted(path for path in folder.rglob("*") if path.is_file())
    assert paths[0] == folder / "report.html"
    names = {str(path.relative_to(folder)) for path in paths}
    designs = {f"figures/{kind}-{design}" for kind in ("effects", "verdicts") for design in ("add-one-in", "leave-one-out")}
    figures = designs | {f"figures/{kind}-{dataset}" for kind in ("curves", "diagnostics") for dataset in ("digits", "diabetes")}
    tables = {"runs.csv", "effects.csv", "arms.csv"}
    assert names == {"report.html", "report.md"} | tables | {f"{figure}.{ending}" for figure in figures for ending in ("svg", "png")}


def read(path: Path, like: pd.DataFrame) -> pd.DataFrame:
    """A CSV table with each column read as the type it had; Python's float is exact, which pandas' own reader has not always been."""
    texts = pd.read_csv(path, dtype=str, keep_default_na=False)
    truths = {column for column in texts if pd.api.types.is_bool_dtype(like[column])}
    numeric = {column for column in texts if pd.api.types.is_numeric_dtype(like[column])} - truths
    kinds = dict.fromkeys(numeric, lambda text: float(text or "nan")) | dict.fromkeys(truths, {"True": True, "False": False}.get)
    return texts.apply(lambda column: column.map(kinds[column.name]) if column.name in kinds else column)


@pytest.mark.parametrize("table", ["runs", "effects"])
def test_tables_come_back_as_they_were(small: Any, written: tuple[Path, list[Path]], table: str):
    expected = getattr(small, table)
    pd.testing.assert_frame_equal(read(written[0] / f"{table}.csv", expected), expected, check_dtype=False, check_exact=True)


def test_the_table_of_arms_comes_back_as_it_was(small: Any, written: tuple[Path, list[Path]]):
    expected = arm_summary(small.runs)
    pd.testing.assert_frame_equal(read(written[0] / "arms.csv", expected), expected, check_dtype=False, check_exact=True)


def test_pictures_are_whole_and_the_page_is_in_one_piece(written: tuple[Path, list[Path]]):
    folder, paths = written
    for path in paths:
        if path.suffix == ".png":
            assert path.read_bytes().startswith(b"\x89PNG")
            assert path.read_bytes().endswith(b"IEND\xaeB`\x82")
        if path.suffix == ".svg":
            assert ET.fromstring(path.read_text()).tag.endswith("svg")  # noqa: S314  our own file
    page = (folder / "report.html").read_text()
    assert page.count("window.vegaEmbed=") == 1
    assert page.rstrip().endswith("</html>")


def test_markdown_links_only_figures_that_were_written(written: tuple[Path, list[Path]]):
    folder, _ = written
    linked = {part.split(")")[0] for part in (folder / "report.md").read_text().split("](figures/")[1:]}
    assert linked == {path.name for path in (folder / "figures").iterdir()}


def test_a_write_that_breaks_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = write_whole(tmp_path / "report.md", b"old")

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="disk full"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]


def test_a_file_is_moved_into_place_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    moved = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        moved.append((self.read_bytes(), self.parent == target.parent))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    write_whole(tmp_path / "figures" / "a.svg", b"whole")
    assert moved == [(b"whole", True)]


def test_reports_load_nothing_heavy_until_one_is_written_and_never_the_harness():
    program = (
        "import sys, trickbench.reports; heavy = {'pandas', 'altair', 'jinja2', 'vl_convert', 'numpy'} & set(sys.modules); assert not heavy, heavy; "
        "import trickbench.reports.write; ours = [name for name in sys.modules if name.startswith('trickbench.harness')]; assert not ours, ours"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_answer_is_known_without_drawing_the_report_again(small: Any, written: tuple[Path, list[Path]], tmp_path: Path):
    folder, _ = written
    assert answer_in(folder) == content(small).headlines
    assert answer_in(tmp_path) == []
