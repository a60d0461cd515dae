"""What the answer says of tricks that change each other's effect."""

import dataclasses
from typing import Any

from trickbench.reports.content import content
from trickbench.reports.effects import prepared
from trickbench.reports.factorial import TOGETHER, dependence, together


def test_the_answer_tells_the_largest_interactions(rich: Any):
    assert (TOGETHER, "on digits, relu helps only with dropout (+0.040; without it +0.001).") in content(rich).headlines
    many = dataclasses.replace(rich)
    many.interactions = rich.interactions.assign(verdict="hurts", difference=[0.001 * place for place in range(len(rich.interactions))])
    ((_, told),) = together(many, prepared(rich.effects))
    last = rich.interactions.iloc[-1]
    assert told.startswith(f"on {last['dataset']}, {last['sentence']}; ")
    assert told.endswith("; 9 more stand under Interactions.")
    many.interactions = rich.interactions.assign(verdict="undecided")
    assert together(many, prepared(rich.effects)) == [(TOGETHER, "no two tricks are shown to change what the other does by as much as matters.")]


def test_what_a_trick_does_is_told_with_what_it_depends_on(rich: Any):
    on_dropout, on_relu = (f"What it does depends on {other} (digits)." for other in ("dropout", "relu"))
    assert dependence(rich) == {("full-factorial", "relu"): on_dropout, ("full-factorial", "dropout"): on_relu}
    told = [
        (setting, sentence.endswith(on_dropout)) for words in content(rich).tricks if words.trick == "relu" for setting, sentence in words.sentences
    ]
    assert [setting for setting, depends in told if depends] == ["On average over the other tricks"] != [setting for setting, _ in told]
    aliased = dataclasses.replace(rich)
    aliased.interactions = rich.interactions.assign(aliases="adam × l2")
    assert dependence(aliased) == {}
