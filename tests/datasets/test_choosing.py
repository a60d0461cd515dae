"""Choosing a dataset: what is accepted, what identifies the data, and that nothing heavy is imported for it."""

import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from trickbench.harness import registry
from trickbench.harness.dataset import SPLITTING, Dataset, Parameter, Source, choose
from trickbench.harness.errors import InputError
from trickbench.harness.selection import Selection, parse


def nothing(**parameters: object) -> Dataset:
    raise AssertionError(f"choosing must not load, but it loaded with {parameters}")


SOURCE = Source(
    "sample",
    "either",
    "For these tests.",
    nothing,
    {
        "rows": Parameter(100, "rows", low=10, high=1000),
        "noise": Parameter(0.1, "noise", low=0),
        "shuffled": Parameter(False, "whether shuffled"),
        "label": Parameter("y", "a name"),
        "task": Parameter("auto", "the task", choices=("auto", "classification", "regression")),
    },
)


def choice(text: str):
    return choose(SOURCE, parse(text))


def test_a_default_written_out_is_the_same_choice_as_one_left_out():
    written = choice("sample[noise=0.1,rows=100,shuffled=false,label=y,task=auto,train_rows=0,test_share=0.2]")
    assert str(written.selection) == "sample"
    assert written.identity() == choice("sample").identity()


def test_numbers_are_the_same_choice_however_they_are_written():
    assert choice("sample[rows=200.0,noise=1]").selection == Selection("sample", {"rows": 200, "noise": 1.0})
    assert str(choice("sample[rows=2e2,noise=1]").selection) == str(choice("sample[rows=200,noise=1.00]").selection) == "sample[noise=1.0,rows=200]"


def test_a_word_parameter_takes_whatever_looks_like_a_number():
    assert choice("sample[label=7]").parameters["label"] == "7"
    assert choice("sample[label=true]").parameters["label"] == "true"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sample[nois=1]", ["'nois'", "Did you mean 'noise'?", "rows", "train_rows"]),
        ("sample[rows=9]", ["sample's rows is 9", "a whole number from 10 up to 1000"]),
        ("sample[rows=1001]", ["1001"]),
        ("sample[rows=10.5]", ["10.5", "a whole number"]),
        ("sample[rows=many]", ["'many'", "a whole number"]),
        ("sample[rows=true]", ["True"]),
        ("sample[noise=-0.1]", ["-0.1", "a number from 0"]),
        ("sample[noise=nan]", ["nan"]),
        ("sample[noise=inf]", ["inf"]),
        (f"sample[noise=1{'0' * 400}]", ["a number from 0"]),
        ("sample[shuffled=1]", ["true or false"]),
        ("sample[shuffled=yes]", ["true or false"]),
        ("sample[task=classify]", ["'classify'", "auto, classification, regression"]),
        ("sample[test_share=0.9]", ["sample's test_share", "up to 0.8"]),
        ("sample[label_noise=1.1]", ["up to 1"]),
        ("sample[train_rows=-1]", ["from 0"]),
        ("sample[test_share=0.5,validation_share=0.5]", ["leave no rows for training", "less than 1"]),
        ("csv[target=y]", ["csv needs path", "csv[path=...]"]),
        ("openml", ["openml needs name"]),
        ("diabetes[label_noise=0.1]", ["diabetes is a regression dataset", "leave label_noise out"]),
    ],
)
def test_a_wrong_parameter_is_one_sentence_with_what_is_accepted(text, words):
    source = SOURCE if text.startswith("sample") else registry.sources()[parse(text).name]
    with pytest.raises(InputError) as refusal:
        choose(source, parse(text))
    assert [word for word in words if word not in str(refusal.value)] == []


def test_no_source_may_take_a_name_that_every_dataset_uses():
    with pytest.raises(InputError, match="'label_noise'"):
        Source("greedy", "classification", "", nothing, {"label_noise": Parameter(0.0, "")})


def test_the_source_gets_its_own_parameters_with_defaults_and_the_split_gets_its_own():
    got = {}

    def load(**parameters):
        got.update(parameters)
        return Dataset("echo", "classification", np.eye(4), np.array([0, 1, 0, 1]))

    source = Source("echo", "classification", "", load, {"rows": Parameter(5, ""), "noise": Parameter(0.5, "")})
    chosen = choose(source, parse("echo[rows=7,train_rows=20]"))
    chosen.load()
    assert got == {"rows": 7, "noise": 0.5}
    assert chosen.split_parameters == {name: parameter.default for name, parameter in SPLITTING.items()} | {"train_rows": 20}


def test_a_source_that_loads_another_task_than_it_declares_is_refused():
    wrong = Source("wrong", "regression", "", lambda: Dataset("wrong", "classification", np.eye(4), np.array([0, 1, 0, 1])))
    with pytest.raises(InputError, match="wrong is declared for regression, but loads data for classification"):
        choose(wrong, parse("wrong")).load()


@pytest.mark.parametrize(
    "change", ["noise=0.2", "rows=99", "label=z", "shuffled=true", "task=regression", "train_rows=5", "label_noise=0.5", "test_share=0.3"]
)
def test_every_parameter_is_part_of_the_identity(change):
    assert choice(f"sample[{change}]").identity() != choice("sample").identity()


def test_the_packages_that_hold_the_data_are_part_of_the_identity():
    for name in ("iris", "moons", "covtype"):
        assert registry.dataset(name).identity()["version of scikit-learn"] == version("scikit-learn")


def test_a_file_is_identified_by_its_content_not_by_its_name(tmp_path):
    first, copy = tmp_path / "first.csv", tmp_path / "copy.csv"
    first.write_text("a,y\n1,0\n2,1\n", encoding="utf-8")
    shutil.copy(first, copy)
    before = registry.dataset(f"csv[path={first},target=y]").identity()
    assert registry.dataset(f"csv[path={copy},target=y]").identity() == before
    copy.write_text("a,y\n1,0\n3,1\n", encoding="utf-8")
    assert registry.dataset(f"csv[path={copy},target=y]").identity() != before
    assert str(tmp_path) not in str(before)


def test_a_missing_file_is_refused_before_anything_runs(tmp_path):
    with pytest.raises(InputError, match="There is no file"):
        registry.dataset(f"csv[path={tmp_path}/absent.csv,target=y]").identity()


def test_an_unreadable_file_is_refused_in_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "secret.csv").touch()

    def refuse(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as a user who may read everything
    with pytest.raises(InputError, match=r"secret\.csv' cannot be read \(Permission denied\)"):
        registry.dataset(f"csv[path={tmp_path}/secret.csv,target=y]").identity()


def test_a_task_that_is_said_or_known_is_told_without_loading():
    assert choice("sample[task=regression]").task() == "regression"
    assert registry.dataset("covtype").task() == "classification"


def test_a_task_left_to_the_data_is_found_in_them(tmp_path):
    np.savez(tmp_path / "data.npz", X=np.eye(4), y=np.array([0.5, 1.5, 2.5, 3.25]))
    assert registry.dataset(f"npz[path={tmp_path}/data.npz]").task() == "regression"


def test_choosing_and_identifying_import_no_heavy_library(tmp_path):
    (tmp_path / "data.csv").write_text("a,y\n1,0\n2,1\n", encoding="utf-8")
    texts = ["digits[train_rows=100]", "moons[noise=0.3]", "covtype", f"csv[path={tmp_path}/data.csv,target=y,task=classification]"]
    code = (
        "import sys\n"
        "from trickbench.harness import registry\n"
        f"for text in {texts!r}: chosen = registry.dataset(text); chosen.identity(); chosen.task(); chosen.split_parameters\n"
        "[source.available() for source in registry.sources().values()]\n"
        "print(sorted({'sklearn', 'pandas', 'scipy', 'numba', 'pyarrow'} & set(sys.modules)))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
