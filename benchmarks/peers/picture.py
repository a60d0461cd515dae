"""The results as one picture: how many times as long as ours each peer takes, a panel a work, logarithmic, from least to most of the rounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .outcome import Row

SHARPNESS = 1.5
BOUND = "least time possible"


def draw(found: Sequence[Row], base: str) -> tuple[str, bytes]:
    """SVG and PNG; altair and vl-convert come with the project."""
    import altair as alt
    import vl_convert

    from trickbench.reports.figure import figure
    from trickbench.reports.look import BLUE, GREY, ORANGE, config

    drawn = _points(found, base)
    kind = alt.Color("kind:N", scale=alt.Scale(domain=["ours", "peer", "limit"], range=[BLUE, ORANGE, GREY]), legend=None)
    y = alt.Y("peer:N", sort=alt.EncodingSortField("ratio", order="ascending"), title=None, axis=alt.Axis(labelLimit=300))
    x = alt.X(
        "ratio:Q", scale=alt.Scale(type="log"), title=f"time over that of {base}", axis=alt.Axis(values=[0.2, 0.5, 1, 2, 5, 10, 20, 50], format="~g")
    )
    data = alt.Chart(alt.NamedData("points"))
    layers = (
        data.mark_rule(strokeWidth=2).encode(y=y, x=alt.X("least:Q"), x2="most:Q", color=kind),
        data.mark_point(filled=True, size=60, opacity=1).encode(y=y, x=x, color=kind),
        data.mark_text(align="left", dx=8, fontSize=10).encode(y=y, x=alt.X("most:Q"), text=alt.Text("label:N")),
    )
    chart = alt.layer(*layers).properties(width=260).facet(facet=alt.Facet("work:N", title=None, sort=_in_order(drawn)), columns=2)
    chart = chart.resolve_scale(y="independent")
    made = figure("peers", "The training loop and its peers", "Medians of the rounds' ratios, least to most", chart, data={"points": drawn})
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    svg = vl_convert.vegalite_to_svg(made.spec or {}, vl_version=version, config=config("light", "white"))
    return svg, vl_convert.svg_to_png(svg, scale=SHARPNESS)


def _points(found: Sequence[Row], base: str) -> list[dict[str, Any]]:
    """One point a peer, and the limit of every work."""
    points: list[dict[str, Any]] = []
    for row in found:
        if row.ratio is None:
            continue
        kind = "ours" if row.peer.startswith(base) else "peer"
        label = f"{row.ratio:.2f}"
        points.append(
            {"work": row.work, "peer": row.peer, "ratio": row.ratio, "least": row.ratio_least, "most": row.ratio_most, "kind": kind, "label": label}
        )
        if row.peer == base and row.share:
            points.append(
                {
                    "work": row.work,
                    "peer": BOUND,
                    "ratio": row.share,
                    "least": row.share,
                    "most": row.share,
                    "kind": "limit",
                    "label": f"{row.share:.2f}",
                }
            )
    return points


def _in_order(points: Sequence[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(point["work"] for point in points))
