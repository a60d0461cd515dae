"""The keys of tuning, and the trials they make: the same search for every arm, on seeds that the study does not use."""

import pytest

from trickbench.harness.ablation import plan
from trickbench.harness.choice import choice
from trickbench.harness.designs.design import arms, contrasts
from trickbench.harness.errors import InputError
from trickbench.harness.study import Study

from .tuned_study import REPEATED, TUNED, study

MISTAKES = {
    "a slot that is none": (
        "dropout.rate",
        "dropoud.rate",
        "'dropoud.rate' is in no slot; accepted is a hyperparameter of the optimiser, or SLOT.NAME",
    ),
    "ends the wrong way round": ("[1e-3, 10.0]", "[10.0, 1e-3]", "learning_rate is searched from 10 to 0.001; accepted are two finite numbers"),
    "an end that is not finite": ("[1e-3, 10.0]", "[1e-3, inf]", "learning_rate is searched from 0.001 to inf; accepted are two finite numbers"),
    "what no arm has": ("dropout.rate", "penalty.strength", "penalty.strength is to be tuned, but no arm's penalty has a hyperparameter 'strength'"),
    "what no optimiser has": ("{ learning_rate", "{ momentum", "momentum is to be tuned, but no arm's optimizer has a hyperparameter 'momentum'"),
    "an end that is refused": ("[0.0, 0.8]", "[0.0, 1.5]", "an end of the space of dropout.rate, for dropout[rate=0.2], is 1.5; accepted is"),
    "the same twice": ("{ learning_rate", "{ optimizer.learning_rate = [0.1, 0.2], learning_rate", "a hyperparameter stands twice in the space"),
    "a misspelt key": ("trials = 5", "trails = 5", "tuning: Unknown key 'trails'. Did you mean 'trials'?"),
    "no trials": ("trials = 5", "trials = 0", "tuning.trials is 0; accepted is 1 or more."),
}


@pytest.mark.parametrize(("old", "new", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_sentence(old, new, sentence):
    assert old in TUNED
    with pytest.raises(InputError) as error:
        study(TUNED.replace(old, new))
    assert str(error.value).startswith("tuned.toml: ")
    assert sentence in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_name_may_stand_in_quotes_or_not():
    assert study().tuning == study(TUNED.replace("dropout.rate", '"dropout.rate"')).tuning


def test_an_arm_has_the_dimensions_it_has_and_as_many_trials():
    planned = plan(study())
    by_arm = {
        arm: [job for job in planned.trials if job.arm == arm and job.dataset == "iris" and job.seed == 0] for arm in {j.arm for j in planned.trials}
    }
    assert {len(jobs) for jobs in by_arm.values()} == {5}
    assert all(job.recipe.dropout == "none" for job in by_arm["baseline"])
    rates = {arm: [job.recipe.optimizer for job in jobs] for arm, jobs in by_arm.items()}
    assert rates["baseline"] == rates["baseline + dropout"] == rates["baseline + relu"], "every arm is tried with the same rates"
    assert len({job.recipe.dropout for job in by_arm["baseline + dropout"]}) == 5


def test_other_parameters_of_a_selection_are_kept():
    text = TUNED.replace("sgd[learning_rate=0.1]", "momentum[learning_rate=0.1,momentum=0.7]")
    recipe = study(text).tuning.recipe(1, study(text).baseline)
    assert recipe.optimizer == "momentum[learning_rate=0.1,momentum=0.7]"
    assert study(text).tuning.recipe(2, study(text).baseline).optimizer == "momentum[learning_rate=0.01,momentum=0.7]"


def seeds_of(jobs) -> set[int]:
    return {seed for job in jobs for seed in job.streams}


def test_trials_have_seeds_that_the_study_does_not_use():
    planned = plan(study())
    assert len(seeds_of(planned.trials)) == 2
    assert not seeds_of(planned.trials) & seeds_of(planned.jobs)
    more = plan(study(TUNED.replace("seeds = 3", "seeds = 30")))
    assert [job.key for job in more.trials] == [job.key for job in planned.trials], "further seeds of the study change no trial"
    assert not seeds_of(plan(study(), seed=7).trials) & seeds_of(plan(study(), seed=8).trials)


def test_where_the_split_does_not_vary_trials_keep_the_one_that_is_given():
    planned = plan(study(TUNED.replace("seeds = 3", 'seeds = 3\nvary = ["weights", "order", "masks"]')))
    assert {job.streams.split for job in planned.trials} == {job.streams.split for job in planned.jobs} == {0}
    assert not {job.streams.weights for job in planned.trials} & seeds_of(planned.jobs)


def test_a_repeated_trial_shares_the_split_of_its_replicate_and_nothing_else():
    planned = plan(study(REPEATED))
    assert len({job.key for job in planned.trials}) == 3 * len({job.key for job in plan(study()).trials})
    drawn = {(job.seed, job.streams.split, job.streams.weights) for job in planned.trials}
    assert {split for _, split, _ in drawn} == {0, 1, 2}
    assert all(seed == split for seed, split, _ in drawn)
    assert len({weights for *_, weights in drawn}) == len(drawn) == 6
    assert not {job.streams.weights for job in planned.trials} & seeds_of(planned.jobs)


def test_a_trial_is_looked_at_rarely_unless_a_stopper_has_to_see_every_epoch():
    text = TUNED.replace("epochs = 3", "epochs = 40").replace("relu = {", 'stops = { stopper = "early_stopping" }\nrelu = {')
    looks = {job.arm: job.measure_every for job in plan(study(text)).trials}
    assert looks["baseline"] == 10
    assert looks["baseline + stops"] == 1


def test_the_tuned_lecture_study_is_the_lecture_study_but_for_the_learning_rates():
    tuned, plain = (Study.load(name) for name in ("lecture_tuned", "lecture"))
    assert tuned.tuning.trials == 16
    assert set(tuned.tuning.space) == {"learning_rate"}
    assert len({arm.name for arm in arms(contrasts(tuned))}) == 17
    for one, other in zip(arms(contrasts(tuned)), arms(contrasts(plain)), strict=True):
        assert one.name == other.name
        same = [tuned.tuning.recipe(3, recipe) for recipe in (one.recipe, other.recipe)]
        assert choice("optimizer", same[0].optimizer) == choice("optimizer", same[1].optimizer), "at the same rate they are one"
        assert same[0].model_dump(exclude={"optimizer"}) == same[1].model_dump(exclude={"optimizer"})
    assert (tuned.datasets, tuned.seeds, tuned.epochs) == (plain.datasets, plain.seeds, plain.epochs)
