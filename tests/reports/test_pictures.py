"""Figures are the same pictures whoever draws them, and the page's script is what it was packed to be."""

import sys
from pathlib import Path
from typing import Any

import pytest

from trickbench.reports import bundle, pictures
from trickbench.reports.content import content


@pytest.fixture(scope="module")
def specs(small: Any) -> dict[str, Any]:
    return {figure.name: figure.spec for figure in content(small).figures}


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_cores", lambda: 2)


def test_helpers_draw_what_is_drawn_here(specs: dict[str, Any], two_cores: None, monkeypatch: pytest.MonkeyPatch):
    here = dict(pictures._drawn(specs, pictures.vega_lite()))
    monkeypatch.setattr(pictures, "_drawn", None)  # the helpers have one of their own
    assert dict(pictures.pictures(specs)) == here
    assert len(here) == 2 * len(specs) >= 2 * 2 * pictures.WORTH_A_PROCESS


def test_few_figures_start_no_helper(specs: dict[str, Any], two_cores: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pictures, "_drawn_by_helper", None)
    few = dict(list(specs.items())[:2])
    assert len(dict(pictures.pictures(few))) == 4


@pytest.mark.parametrize("program", ["/bin/false", "/bin/true", "/no/such/python"], ids=["fails", "says nothing", "is not there"])
def test_what_a_helper_fails_at_is_drawn_here(specs: dict[str, Any], two_cores: None, monkeypatch: pytest.MonkeyPatch, program: str):
    monkeypatch.setattr(sys, "executable", program)
    monkeypatch.setattr(pictures, "_drawn", lambda share, _: ((f"{name}.svg", b"here") for name in share))
    assert dict(pictures.pictures(specs)) == {f"{name}.svg": b"here" for name in specs}


def test_a_module_in_the_current_folder_is_not_taken_for_ours(specs: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "base64.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    few = dict(list(specs.items())[:1])
    assert [name for name, _ in pictures._drawn_by_helper(few)] == [f"{name}.{ending}" for name in few for ending in ("svg", "png")]


def test_the_script_is_packed_once_and_only_an_unharmed_copy_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRICKBENCH_CACHE_DIR", str(tmp_path))
    script = bundle.bundle()
    assert "vegaEmbed" in script
    (kept,) = tmp_path.iterdir()
    with monkeypatch.context() as patched:
        patched.setattr(bundle, "_packed", None)
        assert bundle.bundle() == script
    kept.write_bytes(kept.read_bytes()[:-1])
    assert bundle.bundle() == script


def test_without_a_folder_for_it_the_script_is_packed_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("TRICKBENCH_CACHE_DIR", str(tmp_path / "file"))
    assert "vegaEmbed" in bundle.bundle()
