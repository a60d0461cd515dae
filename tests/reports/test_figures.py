import dataclasses
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from trickbench.reports.content import content
from trickbench.reports.curve_figures import curve_figure, diagnostic_figure, log_ticks, reference
from trickbench.reports.effect_figures import effect_figures
from trickbench.reports.effects import prepared
from trickbench.reports.figure import MOST_ROWS, Figure, in_lines, label_width, panels, slugs
from trickbench.reports.look import INK, VERDICT_COLOURS, VERDICT_FILLS, VERDICT_SHAPES, config

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
    (figure,) = effect_figures(prepared(many), "add-one-in")
    assert figure.spec is None
    assert "5,400 comparisons" in figure.caption  # 9 tricks on 2 datasets, 300 times


def test_endless_intervals_are_cut_and_the_caption_says_so(large: Any):
    effects = prepared(large.effects)
    whole, _ = effect_figures(effects, "add-one-in")
    assert "cut" not in whole.caption
    first = effects.index[0]
    effects.loc[first, ["low", "high"]] = [-float("inf"), 300.0]
    figure, _ = effect_figures(effects, "add-one-in")
    (rows,) = figure.spec["datasets"].values()  # pyright: ignore[reportOptionalSubscript]
    panel = effects[(effects["dataset"] == effects.loc[first, "dataset"]) & (effects["design"] == "add-one-in")]
    reach = panel[["difference", "margin", "alone_low", "alone_high"]].abs().max(axis=None)
    assert [rows[0]["begin"], rows[0]["end"]] == pytest.approx([-3 * reach, 3 * reach])
    assert [row["end"] for row in rows[1:]] == [row["high"] for row in rows[1:]]
    assert "The longest intervals are cut" in figure.caption


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


@pytest.mark.parametrize(("arms", "caption"), [(("baseline",), "the baseline"), (("baseline", "full"), "the baseline and the full recipe")])
def test_the_gradient_norm_names_the_recipes_that_are_there(large: Any, arms: tuple[str, ...], caption: str):
    epochs = large.epochs[(large.epochs["dataset"] == "iris") & large.epochs["arm"].isin(arms)]
    figure = diagnostic_figure(epochs, "iris", "d", NONE, arms)
    (domain,) = {tuple(domain) for domain in found(figure.spec["concat"][0], "domain") if isinstance(domain[0], str)}  # pyright: ignore[reportOptionalSubscript]
    assert domain == arms
    assert figure.caption.startswith(f"Median over seeds of {caption}, quartiles shaded")


@pytest.mark.parametrize(
    ("planned", "reason"),
    [
        (("baseline", "full"), "Neither the baseline nor the full recipe has finished an epoch yet."),
        (("baseline", "adam"), "The baseline has not finished an epoch yet."),
        (("adam",), "The study has neither a baseline nor a full recipe, whose gradients would stand here."),
    ],
)
def test_without_gradients_the_recipes_are_named_that_are_planned(large: Any, planned: tuple[str, ...], reason: str):
    assert diagnostic_figure(large.epochs.head(0), "iris", "d", NONE, planned).caption == reason


def test_captions_name_the_full_recipe_only_where_there_is_one(rich: Any):
    with_full = content(rich)
    made = dataclasses.replace(rich)
    for name in ("runs", "epochs", "standings", "profiles", "costs"):
        frame = getattr(rich, name)
        setattr(made, name, frame[~frame["arm"].str.startswith("full")])
    made.study = type(rich.study)(**{**vars(rich.study), "full": {}})
    without = content(made)
    names = ("costs", "profiles", "diagnostics-digits")
    for said, told in ((with_full, True), (without, False)):
        captions = [figure.caption for figure in said.figures if figure.name in names]
        assert len(captions) == len(names)
        assert all(("full recipe" in caption) == told for caption in captions)
    assert [column for column in without.factors.columns if "full" in column] == []
    assert "in the full recipe" in with_full.factors.columns


def test_ticks_are_spelled_as_they_are(large: Any):
    """Vega takes the precision of `~g` from the distance of ticks, and writes 0.12 as 0.1."""
    formats = {form for figure in content(large).figures for form in found(figure.spec, "format") if isinstance(form, str) and form.endswith("g")}
    assert formats
    assert "~g" not in formats


def test_the_name_of_a_panel_is_broken_into_lines_that_fit():
    assert in_lines("iris · accuracy") == "iris · accuracy"
    assert in_lines("moons[noise=0.3,samples=600,train_rows=200,label_noise=0.1] · accuracy").split("\n") == [
        "moons[noise=0.3,samples=600,", "train_rows=200,", "label_noise=0.1] · accuracy",
    ]  # fmt: skip
    assert in_lines("relu × adam · digits[train_rows=300,label_noise=0.2]").split("\n") == [
        "relu × adam", "digits[train_rows=300,", "label_noise=0.2]",
    ]  # fmt: skip
    assert config("light", "white")["lineBreak"] == "\n"
    for name in ("", "a", "x" * 50, "a,b[c] d · e"):
        assert in_lines(name).replace("\n", "").replace(" · ", "").replace(" ", "") == name.replace(" · ", "").replace(" ", "")


def test_names_at_an_axis_are_given_the_room_that_they_take():
    assert label_width([]) == label_width(["l2"]) == 60
    assert 6 * 24 < label_width(["l2", "early_stopping × dropout"]) < label_width(["x" * 100]) == 270


def test_verdicts_differ_in_shape_or_filling():
    marks = {verdict: (shape, VERDICT_FILLS[verdict] == "transparent") for verdict, shape in VERDICT_SHAPES.items()}
    assert len(set(marks.values())) == len(VERDICT_COLOURS) == 7


# Machado, Oliveira and Fernandes (2009), table 1, severity 1: linear RGB as seen with one kind of cone missing.
SEEN = {
    "all cones": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}


@pytest.mark.parametrize("cones", SEEN)
def test_verdict_colours_stay_apart_for_every_eye(cones: str):
    """By CIE 1976: 2.3 is just noticeable (Mahy and others 1994); ten times that is plainly another colour."""
    seen = {verdict: lab(SEEN[cones] @ linear(VERDICT_COLOURS[verdict])) for verdict in ("helps", "equivalent", "undecided", "hurts")}
    assert min(np.linalg.norm(seen[one] - seen[other]) for one, other in combinations(seen, 2)) > 23


def test_a_violet_that_would_do_for_most_eyes_is_refused():
    one, other = (lab(SEEN["deuteranopia"] @ linear(colour)) for colour in ("#8a5cc9", VERDICT_COLOURS["helps"]))
    assert np.linalg.norm(one - other) < 23


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


def linear(colour: str) -> np.ndarray:
    """sRGB without its gamma."""
    shares = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear sRGB under D65."""
    to_xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
    share = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def test_panels_of_a_figure_have_as_many_lines_each():
    names = ["iris · accuracy", "moons[noise=0.3,samples=600] · accuracy"]
    short, long = panels(names)
    assert (short, long) == ("\niris · accuracy", in_lines(names[1]))
    assert long.count("\n") == 1
    assert panels(names[:1]) == names[:1]
    assert panels([]) == []


def test_a_tooltip_says_on_which_side_runs_diverged_where_there_are_sides(large: Any):
    first = large.effects.head(1).assign(diverged=3, diverged_with=1, diverged_without=2)
    together = first.assign(kind="interaction", trick="relu × adam", diverged_with=np.nan, diverged_without=np.nan)
    figure = effect_figures(prepared(pd.concat([first, together])), str(first["design"].iloc[0]))[0]
    assert figure.spec is not None
    assert [row["diverged"] for rows in figure.spec["datasets"].values() for row in rows] == ["1 with, 2 without", "3 in all"]
