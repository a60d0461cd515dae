"""From a study to its arms and contrasts."""

import pytest

from trickbench.harness.design import arms, contrasts
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


@pytest.fixture
def study():
    return Study.parse(TEXT, "test", "test.toml")


def test_each_trick_alone_and_each_left_out(study):
    found = [(item.design, item.trick, *((arm.name, weight) for arm, weight in item.weights)) for item in contrasts(study)]
    found = [(design, trick, treated, control) for design, trick, (treated, one), (control, minus) in found if (one, minus) == (1, -1)]
    assert found == [
        ("add-one-in", "relu", "baseline + relu", "baseline"),
        ("add-one-in", "adam", "baseline + adam", "baseline"),
        ("add-one-in", "momentum", "baseline + momentum", "baseline"),
        ("add-one-in", "dropout", "baseline + dropout", "baseline"),
        ("leave-one-out", "relu", "full", "full - relu"),
        ("leave-one-out", "adam", "full", "full - adam"),
        ("leave-one-out", "dropout", "full", "full - dropout"),
    ]


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
    with pytest.raises(InputError, match=r"two levels set optimizer: 'adagrad', and optimizer.adam 'adam'"):
        Study.parse(clashing, "test", "test.toml")
