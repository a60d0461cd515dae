"""Interactions: cells and simple effects against sums written out, and sentences that claim no more than the verdicts."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from trickbench.harness.analysis.effects import effects
from trickbench.harness.analysis.interaction_words import interaction_sentence
from trickbench.harness.analysis.interactions import (
    CELL_COLUMNS,
    INTERACTION_COLUMNS,
    SIMPLE_COLUMNS,
    interaction_means,
    interactions,
    simple_effects,
)
from trickbench.harness.designs.design import arms, contrasts
from trickbench.harness.inference.judgement import VERDICTS
from trickbench.harness.inference.terms import Terms

from .test_design_factorial import on, study

TRICKS = ["relu", "adam", "dropout"]
SEEDS = 8


def planted(arm):
    """Dropout is worth 0.05, but only without Adam; ReLU is worth 0.03 anywhere."""
    return 0.6 + 0.03 * on(arm, "relu") + 0.05 * (on(arm, "dropout") and not on(arm, "adam"))


def made(design="full-factorial", tricks=TRICKS, metric="accuracy", sign=1.0, worth=planted):
    """Runs with planted effects: 0.04 between seeds, 0.002 between runs."""
    random = np.random.default_rng(3)
    records = [item.record() for item in contrasts(study(design, tricks))]
    block = random.normal(0, 0.04, SEEDS)
    rows = [
        ("iris", "classification", metric, arm.name, seed, "done", sign * (worth(arm.name) + block[seed] + random.normal(0, 0.002)))
        for arm in arms(contrasts(study(design, tricks)))
        for seed in range(SEEDS)
    ]
    return pd.DataFrame(rows, columns=["dataset", "task", "metric", "arm", "seed", "status", "score"]), records


def tables(runs, records, terms=Terms()):  # noqa: B008  frozen
    whole = effects(runs, records, terms)
    simple = simple_effects(records, terms, lambda chosen, given: effects(runs, chosen, given))
    return whole, simple, interactions(whole, simple, records)


def mean(runs, **states):
    """The mean score of the arms with these states, over arms and seeds."""
    chosen = runs[[all(on(arm, trick) == state for trick, state in states.items()) for arm in runs["arm"]]]
    return chosen["score"].mean()


def test_a_planted_interaction_is_told_and_an_absent_one_is_not():
    _, _, told = tables(*made())
    said = {(row["trick"], row["second_trick"]): row["sentence"] for _, row in told.iterrows()}
    assert said["adam", "dropout"].startswith("dropout helps only without adam (+0.05")
    assert said["relu", "adam"].startswith("relu and adam do not change each other's effect: it is the same within ±0.01")
    assert list(told.columns) == list(INTERACTION_COLUMNS)


@pytest.mark.parametrize(("metric", "sign"), [("accuracy", 1.0), ("error", -1.0)])
def test_simple_effects_are_differences_of_means_and_positive_is_better(metric, sign):
    runs, records = made(metric=metric, sign=sign)
    whole, simple, _ = tables(runs, records)
    found = simple.set_index("trick")["difference"]
    assert len(simple) == 4 * 3
    for own, other, condition in product(TRICKS, TRICKS, ("without", "with")):
        if own != other:
            given = {other: condition == "with"}
            expected = sign * (mean(runs, **{own: True}, **given) - mean(runs, **{own: False}, **given))
            # sums of 16 scores of size 0.6 in another order: some tens of roundings of 1e-16
            assert found[f"{own} {condition} {other}"] == pytest.approx(expected, abs=1e-14)
    interaction = whole.set_index("trick")["difference"]["relu × adam"]
    assert found["relu with adam"] - found["relu without adam"] == pytest.approx(interaction, abs=1e-14)
    assert found["adam with relu"] - found["adam without relu"] == pytest.approx(interaction, abs=1e-14)


def test_simple_effects_are_a_family_of_their_own():
    """They take nothing from the study's: 6 effects share 5 % there, 12 simple effects here, whatever the study names as its family."""
    for terms in (Terms(), Terms(family=("relu",))):
        whole, simple, _ = tables(*made(), terms)
        assert list(simple.columns) == list(SIMPLE_COLUMNS)
        assert not simple["in_family"].any()
        assert simple["confidence"].unique() == pytest.approx([1 - 0.05 / 12], abs=1e-15)
        inside = whole[whole["in_family"]]
        assert set(inside["confidence"]) == {1 - 0.05 / len(inside)}
        assert len(inside) == (1 if terms.family else 6)


def test_cells_are_means_of_complete_blocks_and_make_up_the_interaction():
    runs, records = made()
    runs.loc[(runs["arm"] == "relu") & (runs["seed"] == 2), "score"] = np.nan
    runs.loc[(runs["arm"] == "relu") & (runs["seed"] == 2), "status"] = "failed"
    cells = interaction_means(runs, records, Terms())
    assert list(cells.columns) == list(CELL_COLUMNS)
    assert (cells["seeds"] == SEEDS - 1).all()
    whole = effects(runs, records, Terms()).set_index("trick")
    assert whole.loc["adam × dropout", "seeds"] == SEEDS - 1
    complete = runs[runs["seed"] != 2]
    for (first, second), four in cells.groupby(["trick", "second_trick"], sort=False):
        found = {(row["with_first"], row["with_second"]): row["mean"] for _, row in four.iterrows()}
        for state in product((True, False), repeat=2):
            assert found[state] == pytest.approx(mean(complete, **dict(zip((first, second), state, strict=True))), abs=1e-14)
        crossed = found[True, True] - found[True, False] - found[False, True] + found[False, False]
        assert crossed == pytest.approx(whole.loc[f"{first} × {second}", "difference"], abs=1e-14)
    assert ((cells["low"] < cells["mean"]) & (cells["mean"] < cells["high"])).all()


def test_cells_of_replicates_that_overlap_have_wider_intervals():
    runs, records = made()
    plain, corrected = (interaction_means(runs, records, Terms(estimand=estimand)) for estimand in ("this dataset", "new datasets"))
    widths = [(cells["high"] - cells["low"]).to_numpy() for cells in (plain, corrected)]
    # s² (1/8 + 0.2/0.6) in place of s²/8
    assert widths[1] / widths[0] == pytest.approx(np.full(len(plain), np.sqrt(1 + SEEDS / 3)), rel=1e-9)
    assert corrected["mean"].equals(plain["mean"])


def test_a_block_without_one_of_its_64_arms_counts_for_no_effect():
    tricks = ["relu", "adam", "dropout", "l2", "early", "he"]
    runs, records = made(tricks=tricks)
    gone = (runs["arm"] == "relu + adam + dropout + l2 + early + he") & (runs["seed"] == 5)
    whole = effects(runs[~gone], records, Terms())
    assert len(whole) == 6 + 15
    assert set(whole["seeds"]) == {SEEDS - 1}
    expected = runs[runs["seed"] != 5]
    for trick in tricks:
        found = whole.set_index("trick").loc[trick, "difference"]
        # means of 32 scores: the order of 64 summands of size 0.02
        assert found == pytest.approx(mean(expected, **{trick: True}) - mean(expected, **{trick: False}), abs=1e-14)


def test_what_a_fraction_cannot_tell_apart_has_no_simple_effects_and_is_named():
    runs, records = made("fractional-factorial", [*TRICKS, "l2"])
    _, simple, told = tables(runs, records)
    assert simple.empty
    said = dict(zip(told["trick"] + told["second_trick"], told["sentence"], strict=True))
    assert said["relul2"].startswith("relu × l2 and adam × dropout cannot be told apart by this design: at least one of them is there (−0.05")
    assert said["reluadam"].startswith("relu × adam and dropout × l2 cannot be told apart by this design: together they come to less than 0.01 (")
    assert said["reluadam"].endswith("so each is small or they cancel")


def test_a_study_without_a_factorial_has_empty_tables():
    runs, records = made("add-one-in")
    _, simple, told = tables(runs, records)
    cells = interaction_means(runs, records, Terms())
    assert [len(table) for table in (simple, told, cells)] == [0, 0, 0]
    assert [list(table.columns) for table in (simple, told, cells)] == [list(SIMPLE_COLUMNS), list(INTERACTION_COLUMNS), list(CELL_COLUMNS)]


def row(verdict, difference=0.03, note=""):
    low, high = (float("nan"),) * 2 if note else (difference - 0.01, difference + 0.01)
    return {"verdict": verdict, "difference": difference, "low": low, "high": high, "margin": 0.01, "aliases": "", "note": note}


def sentence(verdict, *simple):
    """Of dropout and big batch; the values of simple effects suit the verdicts."""
    whole = -0.03 if verdict.startswith("hurts") else 0.03
    return interaction_sentence(row(verdict, whole), "dropout", "big_batch", [row(said, value) for said, value in simple])


NONE, SOME, LOSS, UNKNOWN = ("equivalent", 0.001), ("helps", 0.05), ("hurts", -0.05), ("undecided", 0.02)
UNTOLD = [UNKNOWN, UNKNOWN]


@pytest.mark.parametrize(
    ("verdict", "simple", "said"),
    [
        ("hurts", [SOME, NONE, *UNTOLD], "dropout helps only without big batch (+0.050; with it +0.001, less than 0.01 either way)"),
        ("helps", [NONE, SOME, *UNTOLD], "dropout helps only with big batch (+0.050; without it +0.001, less than 0.01 either way)"),
        ("helps", [LOSS, NONE, *UNTOLD], "dropout hurts only without big batch (−0.050; with it +0.001, less than 0.01 either way)"),
        ("hurts", [SOME, LOSS, *UNTOLD], "dropout helps without big batch (+0.050) and hurts with it (−0.050)"),
        ("helps", [("helps", 0.01), SOME, *UNTOLD], "dropout helps more with big batch (+0.050) than without (+0.010)"),
        ("helps", [LOSS, ("hurts", -0.02), *UNTOLD], "dropout hurts less with big batch (−0.020) than without (−0.050)"),
        ("hurts", [SOME, UNKNOWN, *UNTOLD], "dropout helps without big batch (+0.050); with it the effect is lower (+0.020, undecided by itself)"),
        ("helps", [UNKNOWN, SOME, *UNTOLD], "dropout helps with big batch (+0.050); without it the effect is lower (+0.020, undecided by itself)"),
        ("helps", [LOSS, UNKNOWN, *UNTOLD], "dropout hurts without big batch (−0.050); with it the effect is higher (+0.020, undecided by itself)"),
        (
            "helps", [UNKNOWN, UNKNOWN, *UNTOLD],
            "the effect of dropout is higher with big batch (+0.020, undecided by itself) than without (+0.020, undecided by itself)",
        ),
        ("hurts", [*UNTOLD, SOME, NONE], "big batch helps only without dropout (+0.050; with it +0.001, less than 0.01 either way)"),
        ("hurts", [SOME, LOSS, ("helps", 0.02), ("hurts", -0.06)], "big batch helps without dropout (+0.020) and hurts with it (−0.060)"),
        ("hurts", [NONE, LOSS, SOME, NONE], "big batch helps only without dropout (+0.050; with it +0.001, less than 0.01 either way)"),
        ("hurts", [], "dropout and big batch weaken each other's effect (−0.030 [−0.040, −0.020])"),
        ("equivalent", [SOME, SOME, SOME, SOME], "dropout and big batch do not change each other's effect: it is the same within ±0.01 (+0.030)"),
        ("hurts, negligibly", [SOME] * 4, "dropout and big batch change each other's effect, but by less than 0.01 (−0.030)"),
        ("undecided", [SOME, NONE, SOME, NONE], "whether dropout and big batch change each other's effect is undecided (+0.030 [+0.020, +0.040])"),
    ],
)  # fmt: skip
def test_an_interaction_in_words(verdict, simple, said):
    assert sentence(verdict, *simple) == said


def test_without_an_interval_the_note_says_why():
    said = interaction_sentence(row("undecided", 0.0, "every pair of runs scored the same"), "dropout", "l2")
    assert said == "whether dropout and l2 change each other's effect is undecided (+0.000; every pair of runs scored the same)"


def overclaims(said, verdict, sides):
    """What a sentence says that its verdicts do not: `sides` are those of the two simple effects of each trick."""
    decided = [each for each in sides if each & {"helps", "hurts"}]
    return [
        claim
        for claim, true in {
            "only": any("none" in each for each in decided),
            " helps": any("helps" in each for each in sides),
            " hurts": any("hurts" in each for each in sides),
            " and hurts with it": {"helps", "hurts"} in sides,
            "do not change": verdict in ("equivalent", "identical runs"),
            "higher": verdict in ("helps", "hurts"),
            "lower": verdict in ("helps", "hurts"),
        }.items()
        if claim in said and not (true and (verdict in ("helps", "hurts") or claim == "do not change"))
    ]


def side(verdict):
    return verdict if verdict in ("helps", "hurts") else "" if verdict == "undecided" else "none"


def every_sentence():
    values = dict(zip(VERDICTS, (0.05, 0.004, 0.001, 0.02, -0.004, -0.05, 0.0), strict=True))
    for verdict in VERDICTS:
        for simple in product(VERDICTS, repeat=4):
            sides = [{side(simple[0]), side(simple[1])}, {side(simple[2]), side(simple[3])}]
            yield sentence(verdict, *((each, values[each]) for each in simple)), verdict, sides


def test_no_sentence_says_more_than_its_verdicts():
    """All 16,807 combinations of verdicts."""
    wrong = [(said, verdict, sides) for said, verdict, sides in every_sentence() if overclaims(said, verdict, sides)]
    assert not wrong[:3]


def test_the_check_sees_a_sentence_that_says_too_much():
    assert overclaims("dropout helps only without l2", "hurts", [{"helps", ""}, {""}]) == ["only"]
    assert overclaims("dropout helps without l2", "undecided", [{"helps", ""}, {""}]) == [" helps"]
