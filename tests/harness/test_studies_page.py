"""docs/studies.md describes every key of a study, with the default and the bounds that it has, and examples that are accepted."""

import re
import tomllib
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

from trickbench.harness.recipe import Recipe
from trickbench.harness.study import MOST_SEEDS, Limits, Study
from trickbench.harness.tuning.keys import Tuning
from trickbench.harness.tuning.search import PRIMES

PAGE = (Path(__file__).parents[2] / "docs" / "studies.md").read_text(encoding="utf-8")
HEAD = ["key", "type", "default", "accepted", "meaning", "example"]
TABLES = {"In `[tuning]`:": Tuning, "In `[limits]`:": Limits, "## Recipes": Recipe}
"""By the line before it, whose keys a table describes; those of the others stand at the top of a study."""
PLACES = {Recipe: "baseline", Tuning: "tuning", Limits: "limits"}
IN_WORDS = {"required", "the file's name", "none: not tuned", "those below"}
"""Defaults that are no value."""
TEXT = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1]
STUDY = tomllib.loads(TEXT)
NEEDS = {"resolution": {"design": ["fractional-factorial"]}, "full": {"design": ["leave-one-out"]}}
"""What a key needs beside it to do something."""


def rows():
    """Whose key it is, and the cells of its row."""
    model = Study
    for line in PAGE.splitlines():
        model = TABLES.get(line, Study if line.startswith("## ") else model)
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("| `") else []
        if len(cells) == len(HEAD):
            yield model, dict(zip(HEAD, cells, strict=True)) | {"key": cells[0].strip("`")}


ROWS = list(rows())
each_key = pytest.mark.parametrize(("model", "row"), ROWS, ids=[f"{model.__name__}.{row['key']}" for model, row in ROWS])


def with_key(model, key, value, needs):
    keys = STUDY | needs
    return Study(**(keys | ({key: value} if model is Study else {PLACES[model]: keys.get(PLACES[model], {}) | {key: value}})))


def value(cell):
    return tomllib.loads(f"value = {cell.strip('`')}")["value"]


@pytest.mark.parametrize("model", [Study, Recipe, Tuning, Limits])
def test_every_key_is_described_once_and_no_other(model):
    assert sorted(row["key"] for its, row in ROWS if its is model) == sorted(model.model_fields)


def test_the_page_s_own_study_has_what_is_required_and_nothing_else():
    required = {row["key"] for model, row in ROWS if model is Study and row["default"] == "required"}
    assert set(STUDY) == required
    assert Study(**STUDY) == Study.parse(TEXT, "study", "study.toml")


@each_key
def test_the_default_is_what_a_study_without_the_key_has(model, row):
    assert (row["default"] == "required") == model.model_fields[row["key"]].is_required()
    if row["default"] not in IN_WORDS:
        needs = {} if row["key"] == "full" else NEEDS.get(row["key"], {})
        without = Study(**(STUDY | needs | ({"tuning": {}} if model is Tuning else {})))
        assert with_key(model, row["key"], value(row["default"]), needs) == without


def test_defaults_in_words_are_what_they_say():
    assert Study.parse(TEXT, "mine", "mine.toml").name == "mine"
    assert Study(**STUDY).tuning is None
    assert Study(**STUDY).limits == Limits()


@each_key
def test_the_example_is_accepted_and_sets_the_key(model, row):
    ((key, given),) = tomllib.loads(row["example"].strip("`")).items()
    assert key == row["key"]
    study = with_key(model, key, given, NEEDS.get(key, {}))
    changed = getattr(getattr(study, PLACES[model]) if model in PLACES else study, key)
    assert changed != getattr(model.model_construct(), key, None)


@each_key
def test_the_bounds_are_those_that_are_held(model, row):
    told = {float(number.replace(",", "")) for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", row["accepted"])}
    for bound in model.model_fields[row["key"]].metadata:
        assert {getattr(bound, name) for name in ("ge", "gt", "le", "lt") if hasattr(bound, name)} <= told


@each_key
def test_the_words_are_those_that_are_accepted(model, row):
    for word in literals(model.model_fields[row["key"]].annotation):
        assert word in row["accepted"] + row["default"]


def literals(annotation):
    """Every word of every `Literal` in a type."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [word for inner in get_args(annotation) if not isinstance(inner, str) for word in literals(inner)]


def test_limits_that_are_not_in_the_types_are_told_too():
    accepted = {(model, row["key"]): row["accepted"] for model, row in ROWS}
    assert f"{MOST_SEEDS:,} seeds" in accepted[Study, "seeds"]
    assert f"1 to {len(PRIMES)} hyperparameters" in accepted[Tuning, "space"]
    assert "1 to 100,000 each" in accepted[Recipe, "hidden"]
