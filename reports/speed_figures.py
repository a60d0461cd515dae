"""How fast each form is against its reference: bars to the right of 1 are faster, to the left slower, on a scale of factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .figure import TICKS, Figure, figure, slugs
from .look import BLUE, GREY, INK, ORANGE

if TYPE_CHECKING:
    from altair.typing import ChartType

WORDS = {"faster": BLUE, "slower": ORANGE, "no difference": GREY}
"""By outcome; others, the reference's own among them, are no difference."""

WIDTH = 170
"""Of a panel, in pixels."""

CAPTION = (
    "Times as fast as the reference: median over the rounds of one run, with its 95 % interval. The figure beside a bar is the time of a call and "
    "the share of what the machine can do. One interval in twenty is wrong, and another process may differ by some percent, by where arrays and code "
    "come to lie."
)


def speed_figures(rows: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """One figure a technique, a panel for each method and size."""
    techniques = list(dict.fromkeys(str(row["technique"]) for row in rows))
    names = slugs(techniques)
    return [figure(f"speed-{names[each]}", each, CAPTION, _chart([row for row in rows if row["technique"] == each])) for each in techniques]


def percent(share: float) -> str:
    """`7 %`; two digits where it is less than one."""
    return f"{100 * share:.0f} %" if share >= 0.0095 else f"{100 * share:.2g} %"


def _chart(rows: Sequence[Mapping[str, Any]]) -> ChartType:
    import altair as alt

    shown = [_shown(row) for row in rows]
    panels, forms = (list(dict.fromkeys(row[name] for row in shown)) for name in ("panel", "form"))
    base = alt.Chart(alt.Data(values=shown))
    y = alt.Y("form:N", sort=forms, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=180, labelFontSize=12))
    scale = alt.Scale(type="log", nice=False, padding=12)
    x = alt.X("ratio:Q", scale=scale, title="times as fast as the reference", axis=alt.Axis(format=TICKS, tickCount=5))
    colour = alt.Color("word:N", scale=alt.Scale(domain=list(WORDS), range=list(WORDS.values())), legend=alt.Legend(symbolOpacity=1))
    bars = base.mark_bar(height=10).encode(x=x, x2=alt.X2Datum(1), y=y, color=colour)
    ends = base.mark_rule(strokeWidth=1.5, color=INK["light"][0]).encode(x=alt.X("low:Q", scale=scale), x2="high:Q", y=y)
    text = base.mark_text(align="left", fontSize=10).encode(x=alt.value(WIDTH + 8), y=y, text="label:N")
    one = base.mark_rule(strokeWidth=1.5).encode(x=alt.XDatum(1))
    panel = alt.layer(one, bars, ends, text).properties(width=WIDTH, height=alt.Step(20))
    return panel.facet(facet=alt.Facet("panel:N", sort=panels, title=None), columns=3, spacing=95)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the chart reads of a row."""
    low, high = (row[name] if row[name] is not None else row["ratio"] for name in ("ratio_low", "ratio_high"))
    return {
        "panel": f"{row['method']}, {row['size']:,} elements",
        "form": str(row["implementation"]).partition("/")[2],
        "ratio": row["ratio"],
        "low": low,
        "high": high,
        "word": row["outcome"] if row["outcome"] in WORDS else "no difference",
        "label": f"{row['time']}, {percent(row['share'])}",
    }
