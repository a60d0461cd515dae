"""What a figure is: one description that becomes an interactive chart in the page, an SVG and a PNG, with the words that go with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from altair.typing import ChartType

Rows = list[dict[str, Any]]

TICKS = ".6~g"
"""How numbers at an axis are spelled. Without a precision Vega takes one from the distance of ticks, and writes 0.12 as 0.1."""

MOST_ROWS = 5000
"""More rows than this make a page slow and a picture grey; what has more is thinned, or said in words instead of drawn."""


@dataclass(frozen=True)
class Figure:
    """`spec` is Vega-Lite without a configuration: light or dark paper is chosen where it is drawn. None: `caption` says why there is none."""

    name: str
    """File name without its ending."""
    title: str
    caption: str
    spec: dict[str, Any] | None = field(repr=False)
    dataset: str = ""
    interactive: bool = True
    """False where the page shows the same as a table."""


def figure(
    name: str, title: str, caption: str, chart: ChartType, *, data: Mapping[str, Rows] | None = None, dataset: str = "", interactive: bool = True
) -> Figure:
    """A figure from an altair chart. `data` fills the chart's named data afterwards: altair would check every number against its schema."""
    spec = chart.properties(description=f"{title}. {caption}").to_dict()
    spec.pop("config", None)
    if data:
        spec["datasets"] = {**spec.get("datasets", {}), **data}
    return Figure(name, title, caption, spec, dataset, interactive)


def absent(name: str, title: str, reason: str, dataset: str = "") -> Figure:
    """A figure that cannot be drawn, and why."""
    return Figure(name, title, reason, None, dataset)


def label_width(names: Iterable[str], most: int = 270) -> int:
    """Pixels that the longest of these names takes at an axis."""
    return min(most, max(60, 10 + round(6.4 * max(map(len, names), default=0))))


MOST_LETTERS = 30
"""Of a line above a panel: a panel is 210 pixels wide at least, and a letter seven."""


def in_lines(name: str, most: int = MOST_LETTERS) -> str:
    """A panel's name in lines that it has room for, broken between its parts, then after punctuation: `l2 · moons[noise=0.3,` and `samples=600]`."""
    lines: list[str] = []
    for part in name.split(" · "):
        first, *rest = _broken(part, most)
        if lines and len(lines[-1]) + len(first) + 3 <= most:
            first = f"{lines.pop()} · {first}"
        lines += [first, *rest]
    return "\n".join(lines)


def panels(names: Iterable[str]) -> list[str]:
    """The names of a figure's panels, of as many lines each: where one has more than its neighbours, its rows would stand lower than their labels."""
    lines = [in_lines(name) for name in names]
    most = max((line.count("\n") for line in lines), default=0)
    return ["\n" * (most - line.count("\n")) + line for line in lines]


def _broken(name: str, most: int) -> list[str]:
    """Lines of one part, each as full as it can be."""
    lines = [""]
    for part in re.findall(r"[^\[,\s]+[\[,\s]?|[\[,\s]", name):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > most:
            lines.append("")
        lines[-1] += part
    return [line.strip() for line in lines]


def slugs(names: Iterable[str]) -> dict[str, str]:
    """A file name for each name: `moons[noise=0.3]` is `moons-noise-0.3`; names that come out equal get a number."""
    taken: dict[str, str] = {}
    for name in names:
        slug = wanted = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.") or "dataset"
        copies = 1
        while slug in taken.values():
            copies += 1
            slug = f"{wanted}-{copies}"
        taken.setdefault(name, slug)
    return taken
