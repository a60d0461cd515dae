"""Factorial designs: effects against least squares and against means written out, aliases against planted signals."""

from itertools import combinations, product

import numpy as np
import pytest

from trickbench.harness.ablation import plan
from trickbench.harness.designs.design import arms, contrasts, described
from trickbench.harness.errors import InputError
from trickbench.harness.study import Study
from trickbench.harness.study_record import record

HEAD = """
question = "Do they change each other's effect?"
design = ["{design}"]
datasets = ["iris"]
seeds = 2
epochs = 1
{further}
[baseline]
activation = "sigmoid"
optimizer = "sgd"
initializer = "glorot"
"""
FACTORS = {
    "relu": '[factors.activation]\nrelu = { activation = "relu" }',
    "adam": '[factors.optimizer]\nadam = { optimizer = "adam" }',
    "dropout": '[factors.dropout]\non = { dropout = "dropout[rate=0.2]" }',
    "l2": '[factors.penalty]\nl2 = { penalty = "l2[strength=0.001]" }',
    "early": '[factors.stopping]\nearly = { stopper = "early_stopping[patience=10]" }',
    "he": '[factors.initializer]\nhe = { initializer = "he" }',
    "small": "[factors.batch]\nsmall = { batch = 8 }",
    "wide": "[factors.width]\nwide = { hidden = [128, 128] }",
}


def study(design, tricks, further="", tables=""):
    text = "\n".join([HEAD.format(design=design, further=further), *(FACTORS[trick] for trick in tricks), tables])
    return Study.parse(text, "test", "test.toml")


def on(arm, trick):
    """Whether an arm uses a trick, read from its name."""
    return trick in arm.split(" + ")


def value(contrast, scores):
    return sum(weight * scores[arm.name] for arm, weight in contrast.weights)


@pytest.fixture
def three():
    return study("full-factorial", ["relu", "adam", "dropout"])


def test_a_full_factorial_has_every_combination_once(three):
    compared = contrasts(three)
    assert [arm.name for arm in arms(compared)] == [
        "baseline", "dropout", "adam", "adam + dropout", "relu", "relu + dropout", "relu + adam", "relu + adam + dropout",
    ]  # fmt: skip
    assert [(item.kind, item.trick) for item in compared] == [
        ("main effect", "relu"), ("main effect", "adam"), ("main effect", "dropout"),
        ("interaction", "relu × adam"), ("interaction", "relu × dropout"), ("interaction", "adam × dropout"),
    ]  # fmt: skip


def test_an_arm_s_recipe_is_what_its_name_says(three):
    for arm in arms(contrasts(three)):
        changes = {"activation": "relu"} if on(arm.name, "relu") else {}
        changes |= {"optimizer": "adam"} if on(arm.name, "adam") else {}
        changes |= {"dropout": "dropout[rate=0.2]"} if on(arm.name, "dropout") else {}
        assert arm.recipe == three.baseline.model_copy(update=changes)


def coefficients(scores, tricks):
    """Least squares on the levels written -1/2 and +1/2: those of the levels are main effects, those of products differences of differences."""
    levels = np.array([[0.5 if on(name, trick) else -0.5 for trick in tricks] for name in scores])
    pairs = list(combinations(range(len(tricks)), 2))
    columns = [np.ones(len(levels)), *levels.T, *(levels[:, one] * levels[:, other] for one, other in pairs)]
    fitted = np.linalg.lstsq(np.column_stack(columns), np.array(list(scores.values())), rcond=None)[0]
    return dict(zip([*tricks, *(f"{tricks[one]} × {tricks[other]}" for one, other in pairs)], fitted[1:], strict=True))


@pytest.mark.parametrize("tricks", [["relu", "adam"], ["relu", "adam", "dropout"], list(FACTORS)[:6]])
def test_effects_are_those_of_least_squares(tricks):
    compared = contrasts(study("full-factorial", tricks))
    random = np.random.default_rng(len(tricks))
    scores = {arm.name: random.normal() for arm in arms(compared)}
    expected = coefficients(scores, tricks)
    assert len(compared) == len(expected)
    for contrast in compared:
        # least squares by singular values, scores of size 1, condition number below 10: some tens of roundings
        assert value(contrast, scores) == pytest.approx(expected[contrast.trick], abs=1e-13)


def test_levels_of_a_larger_factor_are_each_compared_with_the_baseline_s_state():
    """Means written out: of 3 x 3 x 2 states, over those of the other factors that are there, none left out."""
    optimizers, penalties = (None, "adam", "momentum"), (None, "l2", "l1")
    tables = '[factors.optimizer]\nadam = { optimizer = "adam" }\nmomentum = { optimizer = "momentum" }\n[factors.penalty]\n'
    tables += 'l2 = { penalty = "l2[strength=0.001]" }\nl1 = { penalty = "l1[strength=0.001]" }'
    compared = contrasts(study("full-factorial", ["relu"], tables=tables))
    random = np.random.default_rng(5)
    y = {states: random.normal() for states in product((None, "relu"), optimizers, penalties)}
    scores = {" + ".join(filter(None, states)) or "baseline": score for states, score in y.items()}
    found = {contrast.trick: value(contrast, scores) for contrast in compared}
    assert sorted(arm.name for arm in arms(compared)) == sorted(scores)
    assert found["momentum"] == pytest.approx(np.mean([y[a, "momentum", p] - y[a, None, p] for a in (None, "relu") for p in penalties]), abs=1e-14)
    expected = np.mean([y[a, "adam", "l1"] - y[a, None, "l1"] - (y[a, "adam", None] - y[a, None, None]) for a in (None, "relu")])
    assert found["adam × l1"] == pytest.approx(expected, abs=1e-14)
    assert set(found) == {
        "relu", "adam", "momentum", "l2", "l1", "relu × adam", "relu × momentum", "relu × l2", "relu × l1",
        "adam × l2", "adam × l1", "momentum × l2", "momentum × l1",
    }  # fmt: skip


def test_levels_that_exclude_each_other_are_refused_by_name():
    tables = '[factors.rival]\nadagrad = { optimizer = "adagrad" }'
    with pytest.raises(InputError, match=r"optimizer.adam sets optimizer to 'adam' and rival.adagrad to 'adagrad', so they cannot be combined"):
        contrasts(study("full-factorial", ["adam"], tables=tables))


def test_too_many_arms_are_refused_before_any_is_made():
    levels = "\n".join(f"l{number} = {{ penalty = 'l2[strength={number}e-6]' }}" for number in range(1, 80))
    with pytest.raises(InputError, match=r"the design has 5,120 arms; accepted are at most 4,096: take a fraction, or leave factors out"):
        contrasts(study("full-factorial", ["relu", "adam", "dropout", "early", "he", "small"], tables=f"[factors.penalty]\n{levels}"))


def test_only_keeps_the_effects_that_a_trick_has_part_in(three):
    assert [item.trick for item in contrasts(three, ["optimizer=adam"])] == ["adam", "relu × adam", "adam × dropout"]


def test_only_keeps_what_cannot_be_told_from_an_effect_of_the_trick():
    tricks = list(FACTORS)[:3]
    asked = study("fractional-factorial", tricks, 'resolution = "III"')
    factor = next(iter(asked.factors))
    kept = contrasts(asked, [f"{factor}={next(iter(asked.factors[factor]))}"])
    assert [item.trick for item in kept] == tricks, "the two others are aliased with its interactions"


@pytest.mark.parametrize(("resolution", "count", "runs"), [("III", 6, 8), ("III", 7, 8), ("IV", 6, 16), ("IV", 7, 16), ("V", 6, 32), ("V", 8, 64)])
def test_an_alias_is_what_moves_the_estimate_and_nothing_else_does(resolution, count, runs):
    """Each effect of order one and two is planted alone: exactly the contrast that is it, or names it as an alias, sees it."""
    tricks = list(FACTORS)[:count]
    compared = contrasts(study("fractional-factorial", tricks, f'resolution = "{resolution}"'))
    names = [arm.name for arm in arms(compared)]
    assert len(names) == runs
    assert names[0] == "baseline"
    seen = []
    for planted in [(trick,) for trick in tricks] + list(combinations(tricks, 2)):
        scores = {name: np.prod([1.0 if on(name, trick) else -1.0 for trick in planted]) for name in names}
        moved = [contrast for contrast in compared if value(contrast, scores) != 0]
        assert len(moved) == 1
        named = [tuple(level.trick for level in effect) for effect in moved[0].effects]
        assert planted in named
        # a product of levels -1 and +1: 2 from off to on, 4 as a difference of differences; aliased by an odd word it has the other sign
        size, word = 2.0 if moved[0].kind == "main effect" else 4.0, set(named[0]) ^ set(planted)
        assert value(moved[0], scores) == (size if len(word) % 2 == 0 else -size)
        seen.append(moved[0].trick)
    assert set(seen) == {contrast.trick for contrast in compared}  # none of them sees nothing
    if resolution in ("IV", "V"):
        assert not any(contrast.aliases for contrast in compared if contrast.kind == "main effect")
    if resolution == "V":
        assert not any(contrast.aliases for contrast in compared)


def test_a_fraction_takes_the_level_that_full_names():
    tables = '[factors.optimizer]\nadam = { optimizer = "adam" }\nmomentum = { optimizer = "momentum" }'
    with pytest.raises(InputError, match=r"takes one level of each factor, and optimizer has 2 \(adam, momentum\); name one of them in \[full\]"):
        contrasts(study("fractional-factorial", ["relu"], tables=tables))
    compared = contrasts(study("fractional-factorial", ["relu"], tables=f'{tables}\n[full]\noptimizer = "momentum"'))
    assert [item.trick for item in compared] == ["relu", "momentum", "relu × momentum"]


def test_a_factor_of_two_levels_is_no_reason_for_a_design_that_is_there():
    tables = '[factors.optimizer]\nadam = { optimizer = "adam" }\nmomentum = { optimizer = "momentum" }'
    both = study('full-factorial", "fractional-factorial', ["relu"], tables=tables)
    with pytest.raises(InputError, match=r"name one of them in \[full\], or leave that design out\.$"):
        contrasts(both)
    with pytest.raises(InputError, match=r"name one of them in \[full\], or take the design full-factorial\.$"):
        contrasts(study("fractional-factorial", ["relu"], tables=tables))


def test_a_resolution_that_is_higher_than_asked_is_said():
    (sentence,) = described(study("fractional-factorial", ["relu", "adam", "dropout", "l2"], 'resolution = "III"'))
    assert sentence.startswith(
        "fractional-factorial: 2^(4-1) of resolution IV (III was asked for, and no smaller fraction has it), 8 of 16 combinations; l2 is on where"
    )
    (sentence,) = described(study("fractional-factorial", ["relu", "adam", "dropout", "l2", "early"], 'resolution = "III"'))
    assert sentence.startswith("fractional-factorial: 2^(5-2) of resolution III, 8 of 32 combinations;")


def test_the_same_recipe_in_two_designs_is_trained_once():
    whole = study("full-factorial", ["relu", "adam", "dropout"])
    both = whole.model_copy(update={"design": ("add-one-in", "full-factorial")})
    assert len({job.key for job in plan(both).jobs}) == len(plan(whole).jobs) == 16


def test_designs_say_what_they_are():
    assert described(study("full-factorial", ["relu", "adam"], tables='[full]\nactivation = "relu"')) == [
        "full-factorial: 2 × 2 = 4 arms, every combination. [full] restricts nothing here."
    ]
    (sentence,) = described(study("fractional-factorial", ["relu", "adam", "dropout", "l2"]))
    assert sentence == (
        "fractional-factorial: 2^(4-1) of resolution IV, 8 of 16 combinations; l2 is on where an odd number of relu, adam and dropout are. "
        "Not told apart: relu × adam = dropout × l2; relu × dropout = adam × l2; relu × l2 = adam × dropout."
    )
    assert described(study("fractional-factorial", ["relu", "adam"])) == [
        "fractional-factorial: 2^2, 4 of 4 combinations: no smaller fraction has resolution IV, and nothing is aliased."
    ]
    assert described(study("add-one-in", ["relu", "adam"])) == []


def test_a_result_remembers_what_its_design_is(three):
    assert record(three, (0, 1), contrasts(three), "", "")["arrangement"] == described(three)


def test_what_a_fraction_cannot_tell_apart_is_one_comparison_with_its_aliases_in_the_record():
    records = [item.record() for item in contrasts(study("fractional-factorial", ["relu", "adam", "dropout", "l2"]))]
    assert {record["trick"]: record["aliases"] for record in records if record["kind"] == "interaction"} == {
        "relu × adam": ["dropout × l2"], "relu × dropout": ["adam × l2"], "relu × l2": ["adam × dropout"],
    }  # fmt: skip
