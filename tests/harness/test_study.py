"""Study files: what is right is read, and every mistake is one sentence with the file, the key, what was given and what is accepted."""

import tomllib

import pytest

from trickbench.harness.ablation import plan, run
from trickbench.harness.errors import InputError
from trickbench.harness.registry import studies
from trickbench.harness.study import Study, _distinct
from trickbench.harness.study_file import read

GOOD = """
question = "Does adam help?"
datasets = ["iris", "moons[noise=0.3]"]
seeds = 3
epochs = 5
[baseline]
hidden = [8]
activation = "sigmoid"
optimizer = "sgd[learning_rate=0.1]"
initializer = "glorot"
[factors.optimizer]
adam = { optimizer = "adam" }
"""


def parse(text: str) -> Study:
    return Study.parse(text, "mine", "mine.toml")


def test_a_good_file_is_read_with_its_defaults():
    study = parse(GOOD)
    assert study.seeds == (0, 1, 2)
    assert study.design == ("add-one-in",)
    assert study.metric == {"classification": "accuracy", "regression": "r2"}
    assert study.baseline.batch == 32


def test_a_file_may_begin_with_a_mark_of_its_encoding(tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD, encoding="utf-8-sig")
    assert Study.load(tmp_path / "mine.toml") == parse(GOOD)


def test_seeds_are_a_number_or_a_list():
    assert parse(GOOD.replace("seeds = 3", "seeds = [4, 9]")).seeds == (4, 9)


MISTAKES = {
    "a misspelt key": ("epochs = 5", "epoch = 5", "mine.toml: top level: Unknown key 'epoch'. Did you mean 'epochs'?"),
    "a misspelt key of the recipe": ("hidden = [8]", "hiden = [8]", "mine.toml: baseline: Unknown key 'hiden'. Did you mean 'hidden'?"),
    "a missing key": ("epochs = 5", "", "mine.toml: epochs is missing; add it."),
    "an impossible number": ("epochs = 5", "epochs = 0", "mine.toml: epochs is 0; accepted is 1 or more."),
    "a wrong type": ("epochs = 5", 'epochs = "many"', "mine.toml: epochs is 'many'; accepted is a whole number."),
    "a negative width": ("hidden = [8]", "hidden = [-8]", "mine.toml: baseline.hidden.0 is -8; accepted is 1 or more."),
    "an unknown technique": ('"sigmoid"', '"sigmoyd"', "mine.toml: baseline.activation: Unknown activation 'sigmoyd'. Did you mean 'sigmoid'?"),
    "a technique of another family": ('"sigmoid"', '"adam"', "mine.toml: baseline.activation: Unknown activation 'adam'."),
    "an unknown variant": (
        '"adam"',
        '"adam/numba_fussed"',
        "mine.toml: factors.optimizer.adam.optimizer: Unknown implementation 'adam/numba_fussed'.",
    ),
    "an unknown hyperparameter": ("learning_rate=0.1", "rate=0.1", "mine.toml: baseline.optimizer: Unknown hyperparameter of sgd 'rate'."),
    "a negative rate": (
        "learning_rate=0.1",
        "learning_rate=-1",
        "mine.toml: baseline.optimizer: sgd's learning_rate is -1; accepted is a number in (0, inf).",
    ),
    "a level that changes nothing known": (
        '{ optimizer = "adam" }',
        '{ optimiser = "adam" }',
        "mine.toml: factors.optimizer.adam: Unknown key 'optimiser'.",
    ),
    "an unknown dataset": ('"iris"', '"irs"', "mine.toml: datasets: Unknown dataset 'irs'. Did you mean 'iris'?"),
    "an unknown parameter of a dataset": ("noise=0.3", "nose=0.3", "mine.toml: datasets: Unknown parameter of moons 'nose'. Did you mean 'noise'?"),
    "a dataset that stands twice": ('"iris",', '"iris", "iris",', "mine.toml: datasets: the dataset 'iris' stands twice; give each once."),
    "an unknown design": (
        "seeds = 3",
        'seeds = 3\ndesign = ["all"]',
        "mine.toml: design.0 is 'all'; accepted is 'add-one-in', 'leave-one-out', 'one-factor', 'full-factorial' or 'fractional-factorial'.",
    ),
    "no full recipe to leave out of": (
        "seeds = 3",
        'seeds = 3\ndesign = ["leave-one-out"]',
        "mine.toml: the design leave-one-out needs a table [full]",
    ),
    "no seeds": ("seeds = 3", "seeds = 0", "mine.toml: seeds:"),
    "a metric that does not fit": (
        "seeds = 3",
        'seeds = 3\nmetric = {regression = "accuracy"}',
        "mine.toml: metric: The metric 'accuracy' does not fit",
    ),
    "a name that is no folder's": (
        "seeds = 3",
        'seeds = 3\nname = "../escaped"',
        "mine.toml: name is '../escaped'; accepted is a text of",
    ),
    "a seed too large": (
        "seeds = 3",
        "seeds = [9223372036854775808]",
        "mine.toml: seeds.0 is 9223372036854775808; accepted is less",
    ),
    "too many seeds": ("seeds = 3", "seeds = 100000000", "mine.toml: seeds: 100000000 seeds are asked for"),
    "two tricks of one name": (
        'adam = { optimizer = "adam" }',
        'relu = { optimizer = "adam" }\n[factors.activation]\nrelu = { activation = "relu" }',
        "mine.toml: the trick 'relu' stands twice; give each once.",
    ),
    "a dataset that stands twice, spelt in two ways": (
        '"iris",',
        '"moons[ noise = 3e-1 ]",',
        "mine.toml: datasets: the datasets 'moons[ noise = 3e-1 ]' and 'moons[noise=0.3]' are the same data; give them once.",
    ),
    "no design": ("seeds = 3", "seeds = 3\ndesign = []", "mine.toml: design is []; accepted is a list with at least 1 entry: name one."),
    "nothing that varies": ("seeds = 3", "seeds = 3\nvary = []", "mine.toml: vary is []; accepted is a list with at least 1 entry: name one."),
    "nothing to tune": (
        "seeds = 3",
        "seeds = 3\ntuning = { space = {} }",
        "mine.toml: tuning.space is {}; accepted is a table with at least 1 entry: name one.",
    ),
    "half a span to tune in": (
        "seeds = 3",
        "seeds = 3\ntuning = { space = { learning_rate = [0.1] } }",
        "mine.toml: tuning.space.learning_rate is [0.1]; accepted is a longer list.",
    ),
    "a span of three": (
        "seeds = 3",
        "seeds = 3\ntuning = { space = { learning_rate = [0.1, 0.2, 0.3] } }",
        "mine.toml: tuning.space.learning_rate is [0.1, 0.2, 0.3]; accepted is a list with at most 2 entries.",
    ),
    "a text for a list": (
        "seeds = 3",
        'seeds = 3\ndesign = "add-one-in"',
        "mine.toml: design is 'add-one-in'; accepted is a list: [\"add-one-in\"].",
    ),
    "a number for a table": ("seeds = 3", "seeds = 3\nlimits = 3", "mine.toml: limits is 3; accepted is a table."),
    "a number for a text": ("seeds = 3", "seeds = 3\nname = 3", "mine.toml: name is 3; accepted is a text in quotes."),
    "a number that is a text": ("epochs = 5", 'epochs = "5"', "mine.toml: epochs is '5'; accepted is a whole number."),
    "a part of an epoch": ("epochs = 5", "epochs = 1.5", "mine.toml: epochs is 1.5; accepted is a whole number."),
    "truth for a number": ("epochs = 5", "epochs = true", "mine.toml: epochs is true; accepted is a whole number."),
    "too many epochs": ("epochs = 5", "epochs = 1000000000", "mine.toml: epochs is 1000000000; accepted is 1,000,000 or less."),
    "a number too small": ("seeds = 3", "seeds = 3\nconfidence = 0.5", "mine.toml: confidence is 0.5; accepted is more than 0.5."),
    "a margin without an end": (
        "seeds = 3",
        "seeds = 3\nequivalence = { accuracy = inf }",
        "mine.toml: equivalence.accuracy is inf; accepted is a number that is finite.",
    ),
    "a target that is none": (
        "seeds = 3",
        "seeds = 3\ntarget = { accuracy = nan }",
        "mine.toml: target.accuracy is nan; accepted is a number",
    ),
    "an unknown task": (
        "seeds = 3",
        'seeds = 3\nmetric = { classify = "loss" }',
        "mine.toml: metric names 'classify'; accepted is 'classification' or 'regression'.",
    ),
    "a word for the seeds": (
        "seeds = 3",
        'seeds = "three"',
        "mine.toml: seeds: 'three' is given; accepted is a number of seeds",
    ),
    "truth for a number of trials": ("seeds = 3", "seeds = 3\ntuning = { trials = true }", "mine.toml: tuning.trials is true; accepted is a whole"),
    "an empty question": ('"Does adam help?"', '""', "mine.toml: question is ''; accepted is a text that says something."),
    "a resolution in figures": (
        "seeds = 3",
        "seeds = 3\nresolution = 4",
        "mine.toml: resolution is 4; accepted is 'III', 'IV', 'V', 'VI' or 'VII'.",
    ),
    "a word of a list misspelt": (
        "seeds = 3",
        'seeds = 3\nvary = ["weigths"]',
        "mine.toml: vary.0 is 'weigths'; accepted is 'split', 'weights', 'order' or 'masks'. Did you mean 'weights'?",
    ),
    "a design misspelt": ("seeds = 3", 'seeds = 3\ndesign = ["add-on-in"]', "mine.toml: design.0 is 'add-on-in'; accepted is 'add-one-in'"),
    "a key of a table misspelt": (
        "seeds = 3",
        'seeds = 3\nmetric = { clasification = "loss" }',
        "mine.toml: metric names 'clasification'; accepted is 'classification' or 'regression'. Did you mean 'classification'?",
    ),
    "no TOML": ("seeds = 3", "seeds = = 3", "mine.toml is no TOML:"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_sentence(old, new, sentence):
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        parse(GOOD.replace(old, new, 1))
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_two_mistakes_are_two_sentences():
    with pytest.raises(InputError) as caught:
        parse(GOOD.replace("epochs = 5", "epochs = -1").replace('"sigmoid"', '"sigmoyd"'))
    assert len(str(caught.value).splitlines()) == 2


def test_a_mistake_in_python_is_the_same_sentence():
    keys = tomllib.loads(GOOD.replace("epochs = 5", "epochs = 0").replace("hidden = [8]", "hiden = [8]"))
    with pytest.raises(InputError) as caught:
        Study(**keys)
    with pytest.raises(InputError) as in_file:
        parse(GOOD.replace("epochs = 5", "epochs = 0").replace("hidden = [8]", "hiden = [8]"))
    assert str(in_file.value) == "\n".join(f"mine.toml: {sentence}" for sentence in str(caught.value).splitlines())
    assert str(caught.value).startswith("epochs is 0; accepted is 1 or more.")
    assert Study(**tomllib.loads(GOOD)) == parse(GOOD).model_copy(update={"name": "study"})


def test_a_hundred_thousand_seeds_are_compared_by_their_hashes():
    class Seed(int):
        compared = 0

        def __eq__(self, other):
            Seed.compared += 1
            return int(self) == int(other)

        __hash__ = int.__hash__

    assert len(_distinct(tuple(map(Seed, range(1000))), "seed")) == 1000
    assert Seed.compared < 1000
    with pytest.raises(InputError, match="the seed 3 stands twice"):
        _distinct((3, 4, 3), "seed")


def test_seeds_that_are_shifted_out_of_their_range_are_refused():
    with pytest.raises(InputError, match="With 5 as the smallest seed the greatest is 9223372036854775812; accepted are seeds below"):
        plan(parse(GOOD.replace("seeds = 3", "seeds = [0, 9223372036854775807]")), seed=5)


def test_a_study_that_is_not_there_is_refused_with_the_bundled_ones():
    with pytest.raises(InputError, match="Did you mean 'lecture'"):
        read("lectur")
    with pytest.raises(InputError, match=r"no study file 'no/such.toml'"):
        read("no/such.toml")


def test_a_folder_is_no_study_and_its_files_are_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    bundled = ", ".join(studies())
    with pytest.raises(InputError) as refused:
        read(".")
    assert str(refused.value) == f"'.' is a folder; give the path of a TOML file (none in it), or a bundled study: {bundled}."
    (tmp_path / "mine.toml").write_text(GOOD)
    with pytest.raises(InputError, match=r"'\.' is a folder; give the path of a TOML file \(mine\.toml\), or"):
        read(".")
    with pytest.raises(InputError, match=r"There is no bundled study 'mine'; did you mean the file 'mine\.toml'\?$"):
        read("mine")


PLANNED = {
    "a design that does not fit": ("seeds = 3", 'seeds = 3\ndesign = ["one-factor"]', {}, "the design one-factor takes exactly one factor"),
    "a stopper that has to look": ("epochs = 5", "epochs = 5\nmeasure_every = 2", {}, "measure_every is 2, but early_stopping"),
    "what does not go with looks": ("seeds = 3", "seeds = 3\nsources = 3", {"until_decided": True}, "--until-decided does not go with sources"),
    "data that are not there": ('"iris"', '"csv[path=none.csv,target=y]"', {}, "There is no file 'none.csv'"),
    "a trick that is not there": ("seeds = 3", "seeds = 3", {"only": ["optimizer=adm"]}, "Unknown level of optimizer 'adm'. Did you mean 'adam'?"),
}


@pytest.mark.parametrize(("old", "new", "how", "sentence"), PLANNED.values(), ids=PLANNED)
def test_a_mistake_that_the_plan_finds_names_the_file_too(old, new, how, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = f'{GOOD}[factors.stopping]\nearly = {{ stopper = "early_stopping" }}\n'
    (tmp_path / "mine.toml").write_text(text.replace(old, new))
    with pytest.raises(InputError) as refused:
        plan("mine.toml", **how)
    assert str(refused.value).startswith(f"mine.toml: {sentence}")
    with pytest.raises(InputError) as in_python:
        plan(parse(text.replace(old, new)), **how)
    assert str(in_python.value) == str(refused.value).removeprefix("mine.toml: ")


def test_data_that_cannot_be_learnt_from_name_the_file_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_text("a,b,y\n" + "1,2,0\n" * 30 + "1,,1\n" * 30)
    (tmp_path / "mine.toml").write_text(GOOD.replace('"iris"', '"csv[path=rows.csv,target=y]"'))
    with pytest.raises(InputError, match=r"^mine\.toml: .*column 'b'"):
        run("mine.toml")


@pytest.mark.parametrize("name", sorted(studies()))
def test_every_bundled_study_is_right(name):
    assert Study.load(name).name == name


def test_the_lecture_study_asks_what_it_should():
    study = Study.load("lecture")
    assert set(study.design) == {"add-one-in", "leave-one-out"}
    assert len(study.datasets) >= 6
    assert len(study.seeds) >= 10
