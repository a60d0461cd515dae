"""From a study to its arms and contrasts: the designs that compare two arms at a time."""

import pytest

from trickbench.harness.designs.design import arms, contrasts
from trickbench.harness.errors import InputError
from trickbench.harness.study import Study

TEXT = """
question = "Does it help?"
design = ["add-one-in", "leave-one-out"]
datasets = ["iris"]
seeds = 2
epochs = 1
[baseline]
activation = "sigmoid"
optimizer = "sgd"
initializer = "glorot"
[factors.activation]
relu = { activation = "relu" }
[factors.optimizer]
adam = { optimizer = "adam" }
momentum = { optimizer = "momentum" }
[factors.dropout]
on = { dropout = "dropout[rate=0.2]" }
[full]
activation = "relu"
optimizer = "adam"
dropout = "on"
"""
ONE_FACTOR = """
question = "Which optimiser?"
design = ["one-factor"]
datasets = ["iris"]
seeds = 2
epochs = 1
[baseline]
activation = "sigmoid"
optimizer = "sgd"
initializer = "glorot"
[factors.optimizer]
adam = { optimizer = "adam" }
momentum = { optimizer = "momentum" }
rmsprop = { optimizer = "rmsprop" }
"""


@pytest.fixture
def study():
    return Study.parse(TEXT, "test", "test.toml")


def two_arms(study):
    found = [(item.design, item.trick, *((arm.name, weight) for arm, weight in item.weights)) for item in contrasts(study)]
    return [(design, trick, treated, control) for design, trick, (treated, one), (control, minus) in found if (one, minus) == (1, -1)]


def test_each_trick_alone_and_each_left_out(study):
    assert two_arms(study) == [
        ("add-one-in", "relu", "baseline + relu", "baseline"),
        ("add-one-in", "adam", "baseline + adam", "baseline"),
        ("add-one-in", "momentum", "baseline + momentum", "baseline"),
        ("add-one-in", "dropout", "baseline + dropout", "baseline"),
        ("leave-one-out", "relu", "full", "full - relu"),
        ("leave-one-out", "adam", "full", "full - adam"),
        ("leave-one-out", "dropout", "full", "full - dropout"),
    ]


def test_the_levels_of_one_factor_meet_the_baseline_and_each_other():
    study = Study.parse(ONE_FACTOR, "test", "test.toml")
    assert two_arms(study) == [
        ("one-factor", "adam", "adam", "baseline"),
        ("one-factor", "momentum", "momentum", "baseline"),
        ("one-factor", "rmsprop", "rmsprop", "baseline"),
        ("one-factor", "adam against momentum", "adam", "momentum"),
        ("one-factor", "adam against rmsprop", "adam", "rmsprop"),
        ("one-factor", "momentum against rmsprop", "momentum", "rmsprop"),
    ]
    assert [arm.name for arm in arms(contrasts(study))] == ["baseline", "momentum", "rmsprop", "adam"]
    record = contrasts(study)[-1].record()
    assert (record["second_factor"], record["second_level"], record["tricks"]) == ("optimizer", "rmsprop", ["momentum", "rmsprop"])


def test_one_factor_is_one_factor(study):
    with pytest.raises(InputError, match=r"exactly one factor, and there are 3 \(activation, optimizer, dropout\)"):
        contrasts(study.model_copy(update={"design": ("one-factor",)}))


def test_an_arm_differs_from_its_reference_in_its_trick_only(study):
    for contrast in contrasts(study):
        treated, control = (arm.recipe.model_dump() for arm, _ in contrast.weights)
        changed = {key: treated[key] for key in treated if treated[key] != control[key]}
        assert changed == study.factors[contrast.first.factor][contrast.first.level]


def test_each_arm_stands_once_references_first(study):
    names = [arm.name for arm in arms(contrasts(study))]
    assert len(names) == len(set(names)) == 9
    assert names[0] == "baseline"
    assert names[1] == "full"


def test_two_recipes_of_one_name_are_refused():
    """A level called `baseline` would take the place of the baseline itself, unseen."""
    study = Study.parse(ONE_FACTOR.replace("adam = {", "baseline = {"), "test", "test.toml")
    with pytest.raises(InputError, match=r"two different arms would be called 'baseline'; give one of the levels in them another name"):
        arms(contrasts(study))


def test_only_keeps_a_trick_and_what_it_is_compared_with(study):
    assert [arm.name for arm in arms(contrasts(study, ["optimizer=momentum"]))] == ["baseline", "baseline + momentum"]


@pytest.mark.parametrize(
    ("only", "sentence"),
    [("optimizer", "accepted is FACTOR=LEVEL"), ("optimiser=adam", "Did you mean 'optimizer'"), ("optimizer=adm", "Did you mean 'adam'")],
)
def test_a_trick_that_is_not_there_is_refused(study, only, sentence):
    with pytest.raises(InputError, match=sentence):
        contrasts(study, [only])


def test_two_levels_that_set_the_same_key_are_refused():
    clashing = TEXT.replace('relu = { activation = "relu" }', 'relu = { activation = "relu", optimizer = "adagrad" }')
    with pytest.raises(InputError, match=r"activation.relu sets optimizer to 'adagrad' and optimizer.adam to 'adam', so they cannot be combined"):
        Study.parse(clashing, "test", "test.toml")
