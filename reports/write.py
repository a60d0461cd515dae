"""The folder of a report: its files, each written beside its place and then moved there, so that none is ever seen half."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .content import Content, content
from .look import config
from .markdown import markdown
from .page import page
from .result import EFFECT_COLUMNS, RUN_COLUMNS, Result, with_columns

if TYPE_CHECKING:
    from pandas import DataFrame

SHARPNESS = 1.5
"""Pixels of a PNG per pixel of its chart; twice as many take half as long again, and the SVG is there for print."""


def write(result: Result, folder: Path) -> list[Path]:
    """Write every file of the report; returns the paths, the page first."""
    said = content(result)
    tables = {
        "runs.csv": with_columns(result.runs, RUN_COLUMNS),
        "effects.csv": with_columns(result.effects, EFFECT_COLUMNS),
        "arms.csv": said.summary,
    }
    files = {"report.html": page(said, _bundle()).encode(), "report.md": markdown(said).encode()}
    files |= {name: _csv(frame) for name, frame in tables.items()}
    paths = [write_whole(folder / name, data) for name, data in files.items()]
    return [*paths, *(write_whole(folder / "figures" / name, data) for name, data in pictures(said))]


def write_whole(path: Path, data: bytes) -> Path:
    """Write a file through a temporary one in the same folder; a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def pictures(said: Content) -> Iterator[tuple[str, bytes]]:
    """Each figure as SVG, and that as PNG: the layout is computed once."""
    import vl_convert

    for figure in said.figures:
        if figure.spec is not None:
            svg = vl_convert.vegalite_to_svg(figure.spec, vl_version=_version(), config=config("light", "white"))
            yield f"{figure.name}.svg", svg.encode()
            yield f"{figure.name}.png", vl_convert.svg_to_png(svg, scale=SHARPNESS)


def _bundle() -> str:
    import vl_convert

    return vl_convert.javascript_bundle(vl_version=_version())  # pyright: ignore[reportCallIssue]  its types forget a default


def _version() -> str:
    """The version of Vega-Lite that altair writes, as vl-convert names it."""
    import altair as alt

    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def _csv(frame: DataFrame) -> bytes:
    return frame.to_csv(index=False, lineterminator="\n").encode()
