"""Figures as SVG, and those as PNG. The drawing is most of a report's work, and vl-convert does it in one thread, the interpreter's lock held:
where there are many figures, helper processes share them. A helper is this module as a program: descriptions in, pictures out, as JSON.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .look import config

Spec = Mapping[str, Any]

SHARPNESS = 1.5
"""Pixels of a PNG per pixel of its chart; twice as many take half as long again, and the SVG is there for print."""

WORTH_A_PROCESS = 4
"""So many figures take as long as the start of a helper."""

MOST_HELPERS = 8


def pictures(specs: Mapping[str, Spec]) -> Iterator[tuple[str, bytes]]:
    """File names with their contents: each figure as SVG, and that as PNG."""
    names = list(specs)
    helpers = min(_cores(), len(names) // WORTH_A_PROCESS, MOST_HELPERS)
    if helpers < 2:
        yield from _drawn(specs, vega_lite())
        return
    shares = [{name: specs[name] for name in names[first::helpers]} for first in range(helpers)]
    with ThreadPoolExecutor(helpers) as pool:
        for share, drawn in zip(shares, pool.map(_drawn_by_helper, shares), strict=True):
            yield from drawn or _drawn(share, vega_lite())  # what is wrong shows here


def _drawn(specs: Mapping[str, Spec], version: str) -> Iterator[tuple[str, bytes]]:
    import vl_convert

    look = config("light", "white")
    for name, spec in specs.items():
        svg = vl_convert.vegalite_to_svg(dict(spec), vl_version=version, config=look)
        yield f"{name}.svg", svg.encode()
        yield f"{name}.png", vl_convert.svg_to_png(svg, scale=SHARPNESS)


def _drawn_by_helper(specs: Mapping[str, Spec]) -> Sequence[tuple[str, bytes]]:
    """Nothing if the helper fails, for whatever reason."""
    program = [sys.executable, "-P", "-m", __name__, vega_lite()]  # -P: modules in the current folder are not ours
    try:
        told = subprocess.run(program, input=json.dumps(specs).encode(), capture_output=True, check=True).stdout  # noqa: S603  our own module
        return [(name, base64.b64decode(data)) for name, data in json.loads(told).items()]
    except (OSError, ValueError, subprocess.SubprocessError):
        return ()


def vega_lite() -> str:
    """The version of Vega-Lite that altair writes, as vl-convert names it."""
    import altair as alt

    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main() -> None:
    """Draw what stands in the standard input."""
    drawn = {name: base64.b64encode(data).decode() for name, data in _drawn(json.load(sys.stdin.buffer), sys.argv[1])}
    json.dump(drawn, sys.stdout)


if __name__ == "__main__":
    main()
