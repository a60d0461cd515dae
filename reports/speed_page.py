"""The folder of a comparison of speed: one HTML file that loads nothing and needs no JavaScript, a picture a technique, the rows as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .figure import Figure
from .files import write_whole
from .page import environment
from .pictures import pictures
from .speed_figures import percent, speed_figures


def write_speed_report(result: Mapping[str, Any], folder: Path) -> Path:
    """Write `speed.html`, `speed.csv`, `speed.json` and `speed-TECHNIQUE.svg` and `.png`; returns the page's path.

    `result` is what `trickbench speed --json` prints, with words for the threads and, as `time`, for each row's median.
    """
    rows: Sequence[Mapping[str, Any]] = result["rows"]
    figures = speed_figures(rows)
    files = dict(pictures({each.name: each.spec for each in figures if each.spec is not None}))
    drawn = {name.removesuffix(".svg"): data.decode() for name, data in files.items() if name.endswith(".svg")}
    files |= {"speed.json": json.dumps(result, indent=1, ensure_ascii=False).encode(), "speed.csv": _csv(rows)}
    for name, data in files.items():
        write_whole(folder / name, data)
    return write_whole(folder / "speed.html", speed_page(result, figures, drawn).encode())


def speed_page(result: Mapping[str, Any], figures: Sequence[Figure], drawn: Mapping[str, str]) -> str:
    """The page; `drawn` holds an SVG for each figure, by its name."""
    from markupsafe import Markup

    rows: Sequence[Mapping[str, Any]] = result["rows"]
    blocks = [
        {
            "technique": each.title,
            "caption": each.caption,
            "svg": Markup(drawn[each.name]),  # noqa: S704  drawn by Vega, which escapes names
            "rows": [
                {**row, "tone": TONES.get(row["outcome"], "undetected"), "percent": percent(row["share"])}
                for row in rows
                if row["technique"] == each.title
            ],
        }
        for each in figures
    ]
    return environment().get_template("speed.html.jinja").render(result=result, blocks=blocks)


TONES = {"faster": "helps", "slower": "hurts"}


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Flat columns: what a row holds by name is spelled `name=value; ...`."""
    if not rows:
        return b""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        flat = {name: "; ".join(f"{key}={each}" for key, each in value.items()) if isinstance(value, dict) else value for name, value in row.items()}
        writer.writerow(flat)
    return text.getvalue().encode()
