"""The whole-array procedures of the calibration give the verdicts, looks and intervals of the product, on the same draws."""

import numpy as np
import pandas as pd
import pytest
from numpy.random import default_rng

from trickbench.harness.analysis.interactions import simple_effects
from trickbench.harness.analysis.looks import looks
from trickbench.harness.analysis.stopped import Stopped
from trickbench.harness.inference.sequential import Sequential
from trickbench.harness.inference.terms import Terms

from . import false_verdicts, stopped
from .arithmetic import called, seeds_used, until_decided
from .made import frame, judged, looked
from .shapes import SHAPES

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [3, 10])
def test_what_is_called(shape, n):
    drawn = SHAPES[shape](default_rng([40, n]), (300, n))
    drawn = np.where(drawn == 0, 0, drawn + 0.3)
    verdicts = judged(drawn)["verdict"].str.startswith(("helps", "hurts"))
    assert called(drawn, 0.95).tolist() == verdicts.tolist()
    assert verdicts.any()


@pytest.mark.parametrize("n", [3, 10])
def test_studies_with_a_false_verdict(n):
    drawn = false_verdicts.studies(n, count=100)
    assert false_verdicts.any_called(drawn, 1 - 0.05 / 36).tolist() == false_verdicts.any_called_by_effects(drawn)
    alone = false_verdicts.any_called_by_effects(drawn, family=("none of these",))
    assert false_verdicts.any_called(drawn, 0.95).tolist() == alone
    assert 0 < sum(alone) < 100


@pytest.mark.parametrize("shape", ["normal", "zero-inflated (1/3)"])
@pytest.mark.parametrize("sequential", [Sequential(30), Sequential()])
def test_looks_stop_where_those_of_the_product_do(shape, sequential):
    drawn = SHAPES[shape](default_rng(41), (150, 40 if sequential.most is None else 30)) + 0.4
    drawn[:5, 2:] = 0.0  # tied, so that nothing is judged, and where there is no end no more is looked at
    found = looked(drawn, sequential).comparisons
    stops = [len(each.looks) - 1 if each.decided else -1 for each in found]
    assert until_decided(drawn, sequential).tolist() == stops
    assert len(set(stops)) > 3


def test_simple_effects_are_those_of_the_look_at_which_their_interaction_stopped():
    drawn = default_rng(42).standard_normal((60, 2, 30)) + np.array([0.0, 1.0])[:, None]
    used = seeds_used(until_decided(drawn[:, 1] - drawn[:, 0], stopped.LOOKS), stopped.LOOKS.looks)
    low, high = stopped.ends(drawn, used, 0.05 / 4)  # an interaction has four simple effects, which share the confidence
    table = [_simple_effect(*each) for each in drawn]
    assert np.allclose(low, [each["low"] for each in table], atol=1e-12)
    assert np.allclose(high, [each["high"] for each in table], atol=1e-12)
    assert used.tolist() == [each["seeds"] for each in table]


def _simple_effect(without, with_second):
    """The row of the first trick without the second, of a study in which this interaction is the only comparison."""
    scores = {"both": with_second, "first": without, "second": 0 * without, "none": 0 * without}
    weights = [[arm, weight] for arm, weight in zip(scores, (1, -1, -1, 1), strict=True)]
    record = {
        "design": "full-factorial", "kind": "interaction", "factor": "f", "level": "on", "trick": "a × b", "second_factor": "g", "second_level": "on",
        "with_arm": "", "without_arm": "", "weights": weights, "tricks": ["a", "b"], "aliases": [],
    }  # fmt: skip
    runs = pd.concat([frame(np.array(["d"]), arm, score[None]) for arm, score in scores.items()], ignore_index=True)
    terms = Terms(sequential=stopped.LOOKS)
    seen = looks(runs, [record], terms, stopped.LOOKS, range(30))
    table = simple_effects([record], terms, Stopped(seen, runs, range(30)).effects)
    return table[table["trick"] == "a without b"].iloc[0]
