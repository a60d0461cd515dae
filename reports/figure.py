"""What a figure is: one description that becomes an interactive chart in the page, an SVG and a PNG, with the words that go with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from altair.typing import ChartType

Rows = list[dict[str, Any]]

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
