"""How charts look: colours, shapes and the configuration of charts on light paper and on dark.

Blue, orange and grey stay apart in every common form of colour blindness, and each has a contrast of at least 3 : 1 on white as on the dark
page, so that one figure serves both; only text, axes and grid change with the paper. Verdicts differ in shape as well.
"""

from __future__ import annotations

from typing import Any

BLUE, ORANGE, GREY = "#2f7fc1", "#d5641c", "#868c94"

VERDICT_COLOURS = {"helps": BLUE, "no detectable difference": GREY, "hurts": ORANGE}
VERDICT_SHAPES = {"helps": "triangle-up", "no detectable difference": "circle", "hurts": "triangle-down"}

FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, 'Liberation Sans', sans-serif"

INK = {"light": ("#1d2126", "#5a626c", "#e4e7eb", "#c5cad1"), "dark": ("#e8eaed", "#a3abb5", "#2c323a", "#4a525c")}
"""Text, quiet text, grid, axes."""


def config(paper: str, background: str) -> dict[str, Any]:
    """The configuration of every chart on `light` or `dark` paper."""
    text, quiet, grid, line = INK[paper]
    words = {"labelColor": quiet, "titleColor": quiet, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    return {
        "background": background,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {**words, "gridColor": grid, "domainColor": line, "tickColor": line, "tickSize": 4, "labelPadding": 4, "titlePadding": 8},
        "header": {
            "labelColor": text, "labelFontSize": 12, "labelFontWeight": 600, "labelAnchor": "start", "labelPadding": 6, "labelLimit": 318,
            "title": None,
        },
        "legend": {**words, "labelColor": text, "labelFontSize": 12, "symbolSize": 70, "orient": "top", "title": None, "labelLimit": 400},
        "title": {"color": text, "fontSize": 12, "fontWeight": 600, "anchor": "start", "offset": 8},
        "text": {"color": text},
        "rule": {"color": line},
    }  # fmt: skip
