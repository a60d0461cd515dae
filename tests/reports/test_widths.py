"""Every chart of the page fits its card, whatever datasets and tricks are called: drawn as `page.js.jinja` has it drawn, and measured."""

import dataclasses
import math
import re
from typing import Any

import pandas as pd
import pytest
import vl_convert

from trickbench.reports.content import content
from trickbench.reports.figure import Figure
from trickbench.reports.look import config
from trickbench.reports.pictures import vega_lite

LONG = {"digits": "digits[train_rows=300,label_noise=0.2]", "moons": "moons[noise=0.3,samples=600,train_rows=200,label_noise=0.1]"}
TRICK = {"dropout": "early_stopping"}
INSIDE = {1280: 1070, 800: 702}
"""Of a window's width, what is left inside a card: measured in a browser."""
SLACK = 4
"""Pixels: letters are measured a little differently here and in browsers."""


def fitted(spec: dict[str, Any], width: float) -> dict[str, Any]:
    """`fitted` of page.js.jinja."""
    label, least, gap = (spec["usermeta"][name] for name in ("label", "least", "gap"))
    parts = spec.get("concat") or [spec["spec"]]
    columns = max(1, min(spec["columns"], math.floor((width - label) / (least + gap))))
    panel = max(120, min(420, math.floor((width - label) / columns) - gap))
    widened = [{**part, "width": panel} for part in parts]
    return {**spec, "columns": columns, **({"concat": widened} if "concat" in spec else {"spec": widened[0]})}


def look(spec: dict[str, Any], width: float) -> dict[str, Any]:
    """What `draw` of page.js.jinja makes of the configuration."""
    made = config("light", "transparent")
    room = width - max(spec["usermeta"]["label"], spec["usermeta"]["gap"])
    legend = {**made["legend"], **({"columns": max(1, math.floor(room / 135))} if room < 680 else {})}
    return {**made, "legend": legend, "header": {**made["header"], "labelLimit": (spec.get("spec") or spec["concat"][0])["width"]}}


@pytest.fixture(scope="module")
def figures(rich: Any) -> dict[str, Figure]:
    """All that the page draws of a result whose names are long."""
    made = dataclasses.replace(rich)
    for name in ("effects", "overall", "interactions", "cells", "sources", "budgets", "standings", "profiles", "costs", "trials"):
        made_of = getattr(rich, name).copy()
        for column, words in (("dataset", LONG), ("trick", TRICK), ("second_trick", TRICK)):
            if column in made_of:
                made_of[column] = made_of[column].replace(words)
        if "trick" in made_of:
            made_of["trick"] = made_of["trick"].str.replace("dropout", "early_stopping")
        setattr(made, name, made_of)
    made.interactions["verdict"] = "helps"  # as many panels as stand side by side
    made.budgets = pd.concat([made.budgets.assign(dataset=dataset, flips=True) for dataset in (*LONG.values(), "iris")])
    return {figure.name: figure for figure in content(made).figures if figure.interactive and figure.spec}


WORST = (
    "effects-add-one-in", "effects-full-factorial", "interactions", "interaction-plot", "overall-add-one-in", "standings", "profiles", "budgets",
    "sources", "costs", "curves-diabetes",
)  # fmt: skip


@pytest.mark.parametrize("window", INSIDE)
@pytest.mark.parametrize("name", WORST)
def test_a_chart_is_no_wider_than_its_card(figures: dict[str, Figure], name: str, window: int):
    width = INSIDE[window]
    spec = fitted(figures[name].spec or {}, width)
    svg = vl_convert.vegalite_to_svg(spec, vl_version=vega_lite(), config=look(spec, width))
    (drawn,) = re.findall(r'<svg[^>]* width="([\d.]+)"', svg)[:1]
    assert float(drawn) <= width + SLACK


def test_a_name_that_is_not_broken_into_lines_would_be_cut(figures: dict[str, Figure]):
    (rows,) = (figures["effects-full-factorial"].spec or {})["datasets"].values()
    (name,) = {row["panel"] for row in rows if row["dataset"] == LONG["moons"]}
    assert max(map(len, name.split("\n"))) <= 30
    assert name.replace("\n", "").startswith(LONG["moons"])
