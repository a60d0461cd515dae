"""Where differences stand that do not fit on an axis, so that no row of a figure vanishes without a word.

A panel is as wide as its ordinary rows ask for. What lies beyond, and what is infinite since a loss diverged, stands at the edge with an arrow and
its value; where there is no difference at all, a dash stands in its place, and a point without an interval says so.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .look import GREY
from .words import MISSING, signed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from altair.typing import ChartType
    from pandas import DataFrame, Series

FAR = 3
"""An interval is drawn to so many times what the farthest of its panel reaches on its own."""
ROOM = 1.15
"""How much farther out than the ordinary rows of a panel its edge is."""

CUT = "The longest intervals are cut: few seeds in a large family leave them endless. "
BEYOND = "◂ and ▸: the difference lies beyond the panel's edge; it is infinite where a loss diverged. "
NO_INTERVAL = "no interval"
BARE = "Where “no interval” stands, the runs say nothing of their spread, and nothing is decided; the note of its row in the table says why. "
ABSENT = f"{MISSING}: there is no difference to draw; the note of its row in the table says why. "


def placed(rows: DataFrame, panel: Series) -> DataFrame:
    """`at`, `begin` and `end` (where the point and its interval are drawn), `beyond` (-1, 0 or 1) and `mark` (what is written there), row by row.

    `rows` have `difference`, `low`, `high`, `margin` and perhaps `alone_low`, `alone_high` and `statistic`; `panel` says which share an axis.
    """
    return rows.groupby(panel.to_numpy(), sort=False, group_keys=False).apply(_placed).loc[rows.index]


def _placed(rows: DataFrame) -> DataFrame:
    """One panel."""
    import numpy as np
    import pandas as pd

    difference, low, high = (rows[name].astype(float) for name in ("difference", "low", "high"))
    far = np.isinf(difference) | (rows["statistic"].eq("pseudomedian") if "statistic" in rows else False)
    usual = rows[~far & difference.notna()]
    limit = _limit(usual if len(usual) else rows)
    ends = np.abs(np.array([difference[usual.index], low[usual.index].clip(-limit, limit), high[usual.index].clip(-limit, limit)]))
    margin = float(rows["margin"].astype(float).max())
    edge = ROOM * max(float(np.nanmax(ends)), 0.0 if np.isnan(margin) else margin) if len(usual) else limit
    reach = np.where(far, edge, limit)
    beyond = np.where(np.abs(difference) > reach, np.sign(difference), 0).astype(int)
    marks = [_mark(value, side, bare) for value, side, bare in zip(difference, beyond, low.isna(), strict=True)]
    places = {"at": difference.clip(-reach, reach), "begin": low.clip(-reach, reach), "end": high.clip(-reach, reach)}
    return pd.DataFrame({**places, "beyond": beyond, "mark": marks}, index=rows.index)


def _limit(rows: DataFrame) -> float:
    """How far intervals are drawn; all of them where it is not known how far one would reach on its own, but for infinite ones."""
    import numpy as np

    names = [name for name in ("difference", "margin", "alone_low", "alone_high") if name in rows]
    near = np.abs(rows[names].to_numpy(float))
    ends = np.abs(rows[["low", "high"]].to_numpy(float))
    largest = float(near[np.isfinite(near)].max(initial=0))
    known = "alone_low" in rows and bool(rows["alone_low"].notna().any())
    return (FAR * largest if known else float(ends[np.isfinite(ends)].max(initial=largest))) or 1.0


def _mark(value: float, side: int, bare: bool) -> str:
    if math.isnan(value):
        return MISSING
    return f"◂ {signed(value)}" if side < 0 else f"{signed(value)} ▸" if side > 0 else NO_INTERVAL if bare else ""


def told(shown: DataFrame) -> str:
    """The part of a caption that says what of this there is."""
    cut = any((shown[drawn].ne(shown[true]) & shown[true].notna()).any() for drawn, true in (("begin", "low"), ("end", "high")))
    there = {CUT: cut, BEYOND: shown["beyond"].ne(0).any(), BARE: shown["mark"].eq(NO_INTERVAL).any(), ABSENT: shown["mark"].eq(MISSING).any()}
    return "".join(sentence for sentence, said in there.items() if said)


def edge_marks(base: Any, shown: DataFrame, places: Mapping[str, Any]) -> list[ChartType]:
    """Layers for what stands at an edge or is absent, only where there is any. `places` are the channels of the row."""
    layers = [
        _written(base, places, f"datum.beyond == {side}", align=align, dx=-9 * side, dy=-6, fontSize=10)
        for side, align in ((-1, "left"), (1, "right"))
        if shown["beyond"].eq(side).any()
    ]
    bare = shown.loc[shown["mark"].eq(NO_INTERVAL), "at"]
    layers += [
        _written(base, places, f"datum.mark == '{NO_INTERVAL}' && datum.at {side} 0", align=align, dx=dx, fontSize=10, color=GREY)
        for side, align, dx, some in (("<=", "left", 9, bare <= 0), (">", "right", -9, bare > 0))
        if some.any()
    ]
    if shown["mark"].eq(MISSING).any():
        layers.append(_written(base, places, f"datum.mark == '{MISSING}'", at=0, align="left", dx=5, dy=-1, fontSize=11))
    return layers


def _written(base: Any, places: Mapping[str, Any], where: str, at: float | None = None, **look: Any) -> ChartType:
    """The marks of the rows where a condition holds, and nothing at the others, which stay: a layer without a row has no extent."""
    import altair as alt

    x = alt.X("at:Q") if at is None else alt.XDatum(at)
    return base.transform_calculate(written=f"{where} ? datum.mark : ''").mark_text(**look).encode(x=x, text="written:N", **places)
