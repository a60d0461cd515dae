"""Whoever reads a verdict of a fraction sees what the effect cannot be told from: in the table, at the figure's label, in the sentence."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from trickbench.harness import Study
from trickbench.harness.designs.design import contrasts, described
from trickbench.reports.answer import findings, headline
from trickbench.reports.confounding import aliases_of, in_short, named, with_aliases
from trickbench.reports.confounding import described as told
from trickbench.reports.content import Content, content
from trickbench.reports.effects import prepared
from trickbench.reports.markdown import escaped, markdown
from trickbench.reports.page import page

from . import further
from .test_page import BUNDLE, Reader

ALIASES = {"relu": "adam × dropout", "adam": "relu × dropout, l2 × he, l2 × maxout, he × maxout", "relu × l2": "dropout × he"}


def arranged(resolution: str, factors: int = 6) -> Any:
    """A study as its result remembers it: the sentences are the harness's own."""
    study = Study(
        question="?", datasets=["moons"], seeds=2, epochs=1, design=["fractional-factorial"], resolution=resolution,  # pyright: ignore[reportArgumentType]
        baseline={"activation": "sigmoid", "optimizer": "sgd[learning_rate=0.1]", "initializer": "glorot", "hidden": [8], "batch": 16},
        factors={name: {name: change} for name, change in list(CHANGES.items())[:factors]},
    )  # fmt: skip
    return SimpleNamespace(arrangement=described(study), contrasts=[contrast.record() for contrast in contrasts(study)])


CHANGES: dict[str, dict[str, Any]] = {
    "relu": {"activation": "relu"}, "adam": {"optimizer": "adam[learning_rate=0.01]"}, "he": {"initializer": "he"},
    "dropout": {"dropout": "dropout[rate=0.2]"}, "l2": {"penalty": "l2[strength=0.001]"}, "small": {"batch": 8},
}  # fmt: skip


@pytest.fixture(scope="module")
def said(rich: Any) -> Content:
    """The factorial of the rich result, as a fraction that confounds some of its effects."""
    made = dataclasses.replace(rich)
    for name in ("effects", "overall", "interactions", "cells", "looks", "budgets", "sources", "standings", "profiles", "costs", "trials"):
        frame = getattr(rich, name).copy()
        if "design" in frame:
            frame["design"] = frame["design"].replace({"full-factorial": "fractional-factorial", "add-one-in": "fractional-factorial"})
        setattr(made, name, frame)
    made.effects = made.effects[made.effects["kind"] != "difference"]
    pairs = made.interactions["trick"] + " × " + made.interactions["second_trick"]
    made.effects["aliases"] = made.effects["trick"].map(ALIASES).fillna("")
    made.overall["aliases"] = made.overall["trick"].map(ALIASES).fillna("")
    made.interactions["aliases"] = pairs.map(ALIASES).fillna("")
    made.study = SimpleNamespace(**{**vars(rich.study), "sequential": None, "arrangement": arranged("III").arrangement})
    return content(made)


def labels(said: Content, name: str) -> list[str]:
    (figure,) = (figure for figure in said.figures if figure.name == name)
    return list(dict.fromkeys(row["trick"] for rows in figure.spec["datasets"].values() for row in rows))  # pyright: ignore[reportOptionalSubscript]


def test_an_effect_is_named_with_what_it_is_confounded_with():
    assert named("relu", "") == named("relu", float("nan")) == "relu"
    assert named("adam × dropout", "l2 × momentum") == "adam × dropout (= l2 × momentum)"
    assert named("adam", ALIASES["adam"]) == "adam (= relu × dropout and 3 more)"
    assert named("adam", ALIASES["adam"], 3) == "adam (= relu × dropout, l2 × he, l2 × maxout and 1 more)"


def test_the_verdict_table_has_a_column_of_aliases_in_a_fraction_alone(said: Content, rich: Any):
    (table,) = said.verdicts
    assert table.columns[:2] == ["trick", "not told from (=)"]
    assert [row[1].text for row in table.rows] == ["= adam × dropout", "= relu × dropout, l2 × he and 2 others", "nothing", "nothing"]
    assert ALIASES["adam"] in table.rows[1][1].hint
    assert all("not told from (=)" not in table.columns for table in content(rich).verdicts)


def test_figures_name_what_each_effect_is_confounded_with(said: Content):
    for name in ("effects-fractional-factorial", "verdicts-fractional-factorial", "overall-fractional-factorial"):
        assert labels(said, name)[:3] == ["relu (= adam × dropout)", "adam (= relu × dropout and 3 more)", "dropout"]
    assert "relu × l2 (= dropout × he)" in labels(said, "interactions")
    (drawn,) = (figure for figure in said.figures if figure.name == "effects-fractional-factorial")
    assert "Behind =: what the design cannot tell an effect from." in drawn.caption


def test_no_sentence_claims_a_confounded_effect_for_the_trick_alone(said: Content):
    by = {words.trick: words.sentences[0][1] for words in said.tricks}
    assert by["relu (= adam × dropout)"].startswith("measured minus half of adam × dropout, from which this fraction cannot tell it, helps on")
    assert by["dropout"].startswith("helps on")
    average = dict(said.headlines)["On average over a fraction of the other tricks' combinations, and over these datasets"]
    assert "relu (= adam × dropout) +0.060" in average


def test_nor_does_the_headline_where_there_is_no_average(rich: Any):
    effects = rich.effects[rich.effects["kind"] == "main effect"].assign(design="fractional-factorial")
    effects["aliases"] = effects["trick"].map(ALIASES).fillna("")
    assert "relu (digits +0.087, moons +0.087; = adam × dropout)" in headline(findings(prepared(effects), "fractional-factorial"))[1]


def test_sections_beside_the_effects_name_aliases_too(said: Content):
    sections = {section.name: section for section in said.sections}
    for name in ("looks", "tuning"):
        heads = {row[0].text for table in sections[name].tables for row in table.rows}
        assert "adam (= relu × dropout and 3 more)" in heads


def test_tricks_of_another_design_keep_their_name():
    effects = pd.DataFrame({"design": ["fractional-factorial"], "trick": ["relu"], "aliases": ["adam × l2"]})
    rows = pd.DataFrame({"design": ["fractional-factorial", "add-one-in"], "trick": ["relu", "relu"]})
    assert with_aliases(rows, effects)["trick"].tolist() == ["relu (= adam × l2)", "relu"]
    assert with_aliases(rows, effects.drop(columns="aliases"))["trick"].tolist() == ["relu", "relu"]


def test_the_answer_opens_a_fraction_with_its_size_resolution_generators_and_what_they_mean(said: Content):
    (sentence,) = said.arrangement
    assert sentence.startswith("The design is 2^(6-3) of resolution III, 8 of 64 combinations; dropout is on where an odd number of ")
    assert "its verdict is on that sum, not on the trick alone" in sentence
    assert "Not told apart" not in sentence  # that stands in the table
    assert sentence in Reader(page(said, BUNDLE)).text
    assert escaped(sentence) in markdown(said)
    (interactions,) = (section for section in said.sections if section.name == "interactions")
    assert interactions.sentences[0].startswith("The design is 2^(6-3) of resolution III, 8 of 64 combinations. At resolution III")


@pytest.mark.parametrize(
    ("resolution", "size", "means"),
    [
        (
            "IV",
            "2^(6-2) of resolution IV, 16 of 64 combinations; ",
            "At resolution IV no main effect is confounded with an interaction of two tricks",
        ),
        ("VI", "2^(6-1) of resolution VI, 32 of 64 combinations; ", "At resolution VI no main effect and no interaction of two tricks is confounded"),
        ("VII", "2^6, 64 of 64 combinations: no smaller fraction has resolution VII, and nothing is aliased.", ""),
    ],
)
def test_each_resolution_is_said_to_mean_what_it_does(resolution: str, size: str, means: str):
    study = arranged(resolution)
    (sentence,) = told(study)
    assert sentence.startswith(f"The design is {size}")
    assert means in sentence
    assert len(in_short(study)) == bool(means)


def test_what_resolution_three_measures_is_the_effect_minus_half_of_each_interaction():
    """The sentence, held against the weights: scores that are one trick's effect and one interaction, each of size 1."""
    records = arranged("III").contrasts
    (effect,) = (record for record in records if record["trick"] == "relu")
    first, second = aliases_of(", ".join(effect["aliases"]))[0].split(" × ")

    def measured(score: Any) -> float:
        return sum(weight * score(set(arm.split(" + "))) for arm, weight in effect["weights"])

    assert measured(lambda on: float("relu" in on)) == pytest.approx(1)
    # with minus without, with the other minus without it: 1 where both are on or both off has an interaction of 2
    assert measured(lambda on: float((first in on) == (second in on))) == pytest.approx(-2 / 2)
    assert "what is measured for a trick is its effect minus half of each interaction" in told(arranged("III"))[0]


def test_a_study_without_factorials_says_nothing_of_them(small: Any):
    assert told(small.study) == in_short(small.study) == content(small).arrangement == []
    assert further.TRICKS  # the names that the fraction's effects have
