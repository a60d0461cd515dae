"""The folder of a report: the page, the same as Markdown, the tables, the figures, and the note of what they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .bundle import bundle
from .content import Content, content
from .files import write_whole
from .markdown import markdown
from .note import FILE, Note, hash_of, hash_of_spec, made_from, noted
from .page import page
from .pictures import pictures
from .result import EFFECT_COLUMNS, RUN_COLUMNS, TABLES, Result, table, with_columns

if TYPE_CHECKING:
    from pandas import DataFrame

FIGURES = "figures"


def write(result: Result, folder: Path) -> list[Path]:
    """Write every file of the report that is not there already; returns the paths of all, the page first."""
    source, before, said = made_from(result), noted(folder), content(result)  # the source first: what changes meanwhile makes this report stale
    words = _words(result, said)
    specs = {figure.name: figure.spec for figure in said.figures if figure.spec is not None}
    marks = {name: hash_of_spec(spec) for name, spec in specs.items()}
    kept = {name for name, mark in marks.items() if before.figures.get(name) == mark and all(before.holds(folder, file) for file in _files(name))}
    hashes = {name: hash_of(data) for name, data in words.items()} | {file: before.files.get(file, "") for name in specs for file in _files(name)}
    for name, data in words.items():
        write_whole(folder / name, data)
    for file, data in pictures({name: spec for name, spec in specs.items() if name not in kept}):
        write_whole(folder / FIGURES / file, data)
        hashes[f"{FIGURES}/{file}"] = hash_of(data)
    _remove(folder, before, hashes)
    write_whole(folder / FILE, Note(source, hashes, marks, said.headlines).json())
    return [folder / name for name in hashes]


def _files(figure: str) -> list[str]:
    return [f"{FIGURES}/{figure}.{ending}" for ending in ("svg", "png")]


def _words(result: Result, said: Content) -> dict[str, bytes]:
    """Everything but the pictures."""
    tables = {
        "runs.csv": with_columns(result.runs, RUN_COLUMNS),
        "effects.csv": with_columns(result.effects, EFFECT_COLUMNS),
        "arms.csv": said.summary,
    }
    tables |= {f"{name}.csv": further for name in TABLES if len(further := table(result, name))}
    files = {"report.html": page(said, bundle()).encode(), "report.md": markdown(said).encode()}
    return files | {name: _csv(frame) for name, frame in tables.items()}


def _remove(folder: Path, before: Note, hashes: Mapping[str, str]) -> None:
    """Files of an earlier report without a place in this one."""
    for name in before.files:
        if name not in hashes and before.holds(folder, name):
            (folder / name).unlink()


def _csv(frame: DataFrame) -> bytes:
    return frame.to_csv(index=False, lineterminator="\n").encode()
