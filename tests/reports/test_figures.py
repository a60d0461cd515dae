from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from trickbench.reports.content import content
from trickbench.reports.curve_figures import curve_figure, diagnostic_figure, log_ticks, reference
from trickbench.reports.effect_figures import effect_figures
from trickbench.reports.figure import MOST_ROWS, Figure, slugs
from trickbench.reports.look import INK, VERDICT_COLOURS, VERDICT_SHAPES

NONE: frozenset[str] = frozenset()


def row_count(figure: Figure) -> int:
    """Rows of a figure's data, folded ones unfolded."""
    assert figure.spec is not None
    return sum(len(row.get("epoch", [0])) if isinstance(row.get("epoch"), list) else 1 for rows in figure.spec["datasets"].values() for row in rows)


@pytest.fixture(scope="module")
def large(make: Callable[..., Any]) -> Any:
    return make(datasets=("iris", "diabetes"), epochs=100)


def test_no_chart_gets_more_rows_than_it_can_show(large: Any):
    figures = content(large).figures
    assert len(large.epochs) > 4 * MOST_ROWS
    assert {figure.name for figure in figures if figure.spec is None} == set()
    assert max(map(row_count, figures)) <= MOST_ROWS


def test_with_many_arms_epochs_are_thinned_further(large: Any):
    one = large.epochs[(large.epochs["dataset"] == "iris") & (large.epochs["seed"] == 0)]
    copies = [one.assign(arm=one["arm"] + str(copy), run=one["run"] + str(copy)) for copy in range(20) if copy]
    few, many = (curve_figure(frame, "iris", "c", NONE) for frame in (one, pd.concat([one, *copies])))
    assert 0 < row_count(many) <= MOST_ROWS
    assert row_count(many) / (17 + 19 * 17) < row_count(few) / 17


def test_with_too_many_arms_a_sentence_stands_instead_of_curves(large: Any):
    one = large.epochs[(large.epochs["dataset"] == "iris") & (large.epochs["arm"] == "baseline") & (large.epochs["seed"] == 0)]
    many = pd.concat([one.head(2).assign(arm=f"arm {number}", run=str(number)) for number in range(3000)])
    figure = curve_figure(many, "iris", "c", NONE)
    assert figure.spec is None
    assert "3,000 arms" in figure.caption


def test_with_too_many_comparisons_a_sentence_stands_instead_of_effects(large: Any):
    many = pd.concat([large.effects.assign(dataset=f"d{copy}") for copy in range(300)])
    (figure,) = effect_figures(many, "add-one-in")
    assert figure.spec is None
    assert "5,400 comparisons" in figure.caption  # 9 tricks on 2 datasets, 300 times


@pytest.mark.parametrize(("arm", "other"), [("baseline + adam", "baseline"), ("full", "baseline"), ("full - l2", "full"), ("fuller", "baseline")])
def test_each_arm_is_drawn_beside_the_one_it_is_compared_with(arm: str, other: str):
    assert reference(arm) == other


def test_every_arm_but_the_baseline_has_a_panel_with_its_reference(large: Any):
    spec = curve_figure(large.epochs[large.epochs["dataset"] == "iris"], "iris", "c", NONE).spec
    assert spec is not None
    roles = pd.DataFrame(spec["datasets"]["curves"]).groupby("panel")[["role", "loss"]].agg(set)
    assert set(roles.index) == set(large.runs["arm"]) - {"baseline"}
    assert all(role == {"this arm", "compared with"} for role in roles["role"])
    assert all(loss == {"training", "validation"} for loss in roles["loss"])


def test_an_exploding_arm_does_not_flatten_the_others(large: Any):
    epochs = large.epochs[large.epochs["dataset"] == "iris"].copy()
    usual = epochs["validation_loss"].max()
    epochs.loc[epochs["arm"] == "baseline + l2", "validation_loss"] *= 1e6
    figure = curve_figure(epochs, "iris", "c", NONE)
    domains = list(found(figure.spec, "domain"))
    assert max(domain[1] for domain in domains if isinstance(domain[1], float)) < 20 * usual
    assert "cut" in figure.caption


def test_dead_units_are_drawn_only_where_the_activation_knows_them(large: Any):
    figure = diagnostic_figure(large.epochs[large.epochs["dataset"] == "iris"], "iris", "d", NONE)
    assert figure.spec is not None
    assert set(figure.spec["datasets"]) == {"norms", "dead units, full"}
    assert "baseline arm has no notion of a dead unit" in figure.caption


def test_verdicts_differ_in_shape_and_in_colour():
    assert len(set(VERDICT_SHAPES.values())) == len(set(VERDICT_COLOURS.values())) == 3


@pytest.mark.parametrize("paper", ["#ffffff", "#1a1e23"])
def test_verdict_colours_stand_out_on_light_and_dark_paper(paper: str):
    """3 : 1 is what WCAG 2.2 (1.4.11) asks of graphics; 4.5 : 1 of text (1.4.3)."""
    assert min(contrast(colour, paper) for colour in VERDICT_COLOURS.values()) >= 3
    text, quiet, *_ = INK["light" if paper == "#ffffff" else "dark"]
    assert min(contrast(text, paper), contrast(quiet, paper)) >= 4.5


def test_file_names_are_plain_and_never_collide():
    names = slugs(["moons[noise=0.3]", "moons[noise=0.3]", "Moons noise 0.3", "../../etc/passwd", "…"])
    assert names == {"moons[noise=0.3]": "moons-noise-0.3", "Moons noise 0.3": "moons-noise-0.3-2", "../../etc/passwd": "etc-passwd", "…": "dataset"}


def test_ticks_of_a_logarithmic_axis_are_round_and_inside():
    assert log_ticks(0.004, 30) == [0.01, 0.1, 1.0, 10.0]
    assert log_ticks(0.15, 1.8) == [0.2, 0.5, 1.0]


def found(spec: Any, key: str) -> Iterator[Any]:
    """Every value under a key, at any depth."""
    for name, value in spec.items() if isinstance(spec, dict) else enumerate(spec) if isinstance(spec, list) else ():
        if name == key:
            yield value
        yield from found(value, key)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours."""
    dark, light = sorted(_luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
