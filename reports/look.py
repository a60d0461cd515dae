"""How charts look: colours, shapes and the configuration of charts on light paper and on dark.

Blue, violet, orange and grey stay apart in every common form of colour blindness (a test simulates them), and each has a contrast of at least
3 : 1 on white as on the dark page, so that one figure serves both; only text, axes and grid change with the paper. Verdicts differ in shape as
well: helping and hurting point up and down, and are hollow where they are negligible.
"""

from __future__ import annotations

from typing import Any

BLUE, ORANGE, GREY, VIOLET = "#2f7fc1", "#d5641c", "#868c94", "#9a33e6"

VERDICT_COLOURS = {
    "helps": BLUE, "helps, negligibly": BLUE, "equivalent": VIOLET, "undecided": GREY, "hurts, negligibly": ORANGE, "hurts": ORANGE,
    "identical runs": GREY,
}  # fmt: skip
VERDICT_FILLS = {verdict: "transparent" if "negligibly" in verdict else colour for verdict, colour in VERDICT_COLOURS.items()}
VERDICT_SHAPES = {
    "helps": "triangle-up", "helps, negligibly": "triangle-up", "equivalent": "square", "undecided": "circle", "hurts, negligibly": "triangle-down",
    "hurts": "triangle-down", "identical runs": "cross",
}  # fmt: skip

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
        "lineBreak": "\n",
        "view": {"stroke": None},
        "axis": {**words, "gridColor": grid, "domainColor": line, "tickColor": line, "tickSize": 4, "labelPadding": 4, "titlePadding": 8},
        "header": {
            "labelColor": text, "labelFontSize": 12, "labelFontWeight": 600, "labelAnchor": "start", "labelPadding": 6, "labelLimit": 270,
            "labelLineHeight": 14, "title": None,
        },
        "legend": {**words, "labelColor": text, "labelFontSize": 12, "symbolSize": 70, "orient": "top", "title": None, "labelLimit": 400},
        "title": {"color": text, "fontSize": 12, "fontWeight": 600, "anchor": "start", "offset": 8},
        "text": {"color": text},
        "rule": {"color": line},
    }  # fmt: skip
