"""Keys of a study that do not go together, would do nothing, or cannot be meant, are refused in one sentence."""

import pytest

from trickbench.harness.ablation import run
from trickbench.harness.errors import InputError
from trickbench.harness.study import Study

from .test_cli import trickbench
from .test_study import GOOD, parse

REGRESSION = ('datasets = ["iris", "moons[noise=0.3]"]', 'datasets = ["diabetes"]')
FULL = ('adam = { optimizer = "adam" }', 'adam = { optimizer = "adam" }\n[full]\noptimizer = "adam"')


def added(keys: str, *changes: tuple[str, str]) -> str:
    text = GOOD.replace("seeds = 3", f"seeds = 3\n{keys}", 1)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


REFUSED = {
    "a resolution without a fraction": (
        added('resolution = "III"'),
        "resolution is 'III', but the design is add-one-in: only fractional-factorial has one; leave it out, or take that design.",
    ),
    "the usual resolution without a fraction": (
        added('resolution = "IV"\ndesign = ["full-factorial"]'),
        "resolution is 'IV', but the design",
    ),
    "a full recipe that nothing is left out of": (added("", FULL), "a table [full] is given, but the design is add-one-in, which has no full recipe"),
    "a target that no dataset has": (
        added("target = { r2 = 0.9 }"),
        "target names r2, but these datasets are judged by accuracy; give a target of that, or none.",
    ),
    "a target of another metric than the study's": (
        added('metric = { classification = "loss" }\ntarget = { accuracy = 0.9 }'),
        "target names accuracy, but these datasets are judged by loss;",
    ),
    "a target in per cent": (added("target = { accuracy = 95 }"), "target.accuracy is 95; accepted is a number from 0 to 1."),
    "a target that no R² reaches": (added("target = { r2 = 1.5 }", REGRESSION), "target.r2 is 1.5; accepted is a number up to 1."),
    "a margin of another metric than the study's": (
        added('metric = { classification = "error" }\nequivalence = { accuracy = 0.02 }'),
        "equivalence names accuracy, but these datasets are judged by error; give a margin of that, or leave it out.",
    ),
    "a margin for a task that no dataset has": (
        added("equivalence = { accuracy = 0.02, r2 = 0.05 }"),
        "equivalence names r2, but these datasets are judged by accuracy; give a margin of that, or leave it out.",
    ),
    "a metric for a task that no dataset has": (
        added('metric = { regression = "mae" }'),
        "metric names mae for regression, but no dataset of this study is one of regression; leave it out, or add a dataset.",
    ),
    "an estimand that folds do not have": (
        added('estimand = "this dataset"', ('"iris"', '"iris[folds=3]"')),
        "estimand is 'this dataset', but verdicts over the folds of iris[folds=3] speak of new datasets; leave estimand out, or the folds.",
    ),
    "looks beyond the last epoch": (
        added("measure_every = 6"),
        "measure_every is 6, but epochs is 5; accepted is at most that, which looks at the last epoch alone.",
    ),
    "a margin in per cent": (
        added("equivalence = { accuracy = 1 }"),
        "equivalence.accuracy is 1; accepted is a share below 1: one per cent",
    ),
    "a design that stands twice": (added('design = ["add-one-in", "add-one-in"]'), "the design 'add-one-in' stands twice; give each once."),
    "too few seeds for the sources": (added("sources = 2"), "sources is 2; accepted is 0, or from 3"),
    "a level that changes nothing": (
        added("", ('{ optimizer = "adam" }', "{}")),
        "factors.optimizer.adam changes nothing in the baseline; give it a key, such as optimizer, or leave it out.",
    ),
    "a factor without a name": (added("", ("[factors.optimizer]", '[factors.""]')), "a factor or level is called ''; accepted is a name"),
    "a level of two lines": (added("", ("adam = {", '"a\\nb" = {')), r"a factor or level is called 'a\nb'; accepted is a name"),
    "two losses": (
        added('metric = { classification = "loss" }', ('{ optimizer = "adam" }', '{ loss = "softmax_cross_entropy" }')),
        "the metric is loss, but the factor optimizer changes the loss",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_go_together_is_refused_in_one_sentence(text, sentence):
    with pytest.raises(InputError) as refused:
        parse(text)
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("mine.toml: ")
    assert "\n" not in str(refused.value)


USED = {
    "a resolution of a fraction": added('resolution = "III"\ndesign = ["fractional-factorial"]'),
    "a full recipe to leave out of": added('design = ["leave-one-out"]', FULL),
    "a full recipe that names the levels of a fraction": added('design = ["fractional-factorial"]', FULL),
    "a full recipe beside a full factorial, which says that it restricts nothing": added('design = ["full-factorial"]', FULL),
    "a target": added("target = { accuracy = 0.9 }"),
    "a target for one of several tasks": added("target = { r2 = 0.9, accuracy = 0.9 }", ('"iris"', '"iris", "diabetes"')),
    "a target below zero of a loss that may be": added('metric = { classification = "loss" }\ntarget = { loss = -1.0 }'),
    "a target of data whose task only they tell": added("target = { r2 = 0.9 }", ('"iris"', '"csv[path=absent.csv,target=y]"')),
    "margins as they are by default": added('metric = { classification = "error" }\nequivalence = { accuracy = 0.01, r2 = 0.02 }'),
    "margins for both tasks": added("equivalence = { accuracy = 0.02, r2 = 0.05 }", ('"iris"', '"iris", "diabetes"')),
    "a metric of data whose task only they tell": added('metric = { regression = "mae" }', ('"iris"', '"csv[path=absent.csv,target=y]"')),
    "metrics as they are by default": added('metric = { classification = "loss", regression = "r2" }'),
    "the estimand that folds have": added('estimand = "new datasets"', ('"iris"', '"iris[folds=3]"')),
    "an estimand written down without folds": added('estimand = "this dataset"'),
    "folds and no estimand": added("", ('"iris"', '"iris[folds=3]"')),
    "a look at the last epoch alone": added("measure_every = 5"),
}


def test_a_spoilt_study_loses_nothing_of_what_was_computed(small_file, tmp_path):
    run(small_file, output=tmp_path / "out", workers=1)
    kept = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    small_file.write_text(small_file.read_text().replace("seeds = 2", 'seeds = 2\nresolution = "III"'))
    done = trickbench("run", small_file, "--output", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "small.toml: resolution is 'III', but the design is add-one-in, leave-one-out" in done.stderr
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == kept


@pytest.mark.parametrize("text", USED.values(), ids=USED)
def test_what_does_something_is_accepted(text):
    assert isinstance(parse(text), Study)
