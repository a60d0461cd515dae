"""The user's own files: what is read from them, which task they ask for, and the sentence for every file that will not do."""

import sys

import numpy as np
import pandas as pd
import pytest

from trickbench.harness import registry
from trickbench.harness.dataset import split
from trickbench.harness.errors import InputError, UnavailableError

FRAME = pd.DataFrame(
    {
        "acid": [7.4, 7.8, 6.1, 6.6, 8.2, 7.0, 5.9, 6.8, 7.7, 6.2],
        "sugar": [1, 2, 3, 1, 2, 3, 1, 2, 3, 1],
        "colour": ["red", "white", "red", "white", "red", "red", "white", "white", "red", "white"],
        "organic": [True, False, True, True, False, False, True, False, True, False],
        "quality": [5, 6, 5, 6, 5, 6, 5, 6, 5, 6],
        "price": [5.5, 6.25, 7.5, 9.99, 4.5, 6.5, 8.25, 7.75, 5.25, 9.5],
    }
)


def written(folder, text, name="data.csv"):
    path = folder / name
    path.write_bytes(text) if isinstance(text, bytes) else path.write_text(text, encoding="utf-8")
    return path


def loaded(kind, path, **parameters):
    given = "".join(f",{name}={value}" for name, value in parameters.items())
    return registry.dataset(f"{kind}[path={path}{given}]").load()


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "wine.csv"
    FRAME.to_csv(path, index=False)
    return path


@pytest.fixture
def parquet(tmp_path):
    path = tmp_path / "wine.parquet"
    FRAME.astype({"colour": "category"}).to_parquet(path)
    return path


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_table_gives_its_columns_but_the_target_as_inputs(kind, csv, parquet):
    dataset = loaded(kind, csv if kind == "csv" else parquet, target="quality")
    assert dataset.name == f"wine.{kind}"
    assert dataset.feature_names == ("acid", "sugar", "colour", "organic", "price")
    assert dataset.table.classes == ("5", "6")
    np.testing.assert_array_equal(dataset.table.categorical, [False, False, True, False, False])
    expected = FRAME.drop(columns="quality").assign(colour=FRAME["colour"] == "white").to_numpy(float)
    np.testing.assert_array_equal(dataset.table.inputs, expected)


def test_a_table_can_be_split_and_its_categories_become_columns(csv):
    chosen = registry.dataset(f"csv[path={csv},target=price,test_share=0.3]")
    result = split(chosen.load(), np.random.default_rng(0), np.dtype(np.float32), chosen.split_parameters)
    assert (result.task, result.train.inputs.shape, result.test.targets.shape) == ("regression", (5, 6), (3, 1))


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["a", "b"], "classification"),
        ([True, False], "classification"),
        (pd.Categorical(["1.5", "2.5"]), "classification"),
        (range(20), "classification"),
        (range(21), "regression"),
        ([1.0, 2.0], "classification"),
        (np.arange(21.0), "regression"),
        ([0.5, 1.0], "regression"),
        (pd.array([1, 2], dtype="Int64"), "classification"),
        (pd.array([0.25, 2], dtype="Float64"), "regression"),
    ],
)
def test_the_task_is_read_off_the_target(tmp_path, values, task):
    frame = pd.DataFrame({"x": np.arange(len(values)), "y": values})
    frame.to_parquet(tmp_path / "data.parquet")
    assert loaded("parquet", tmp_path / "data.parquet", target="y").task == task


def test_the_user_may_say_the_task(csv):
    assert loaded("csv", csv, target="quality", task="regression").task == "regression"
    assert loaded("csv", csv, target="sugar", task="classification").task == "classification"
    with pytest.raises(InputError, match="accepted for regression are numbers"):
        loaded("csv", csv, target="colour", task="regression")


@pytest.mark.parametrize(("separator", "mark"), [(";", ";"), ("tab", "\t")])
def test_another_separator_may_be_named(tmp_path, separator, mark):
    FRAME.to_csv(tmp_path / "data.csv", index=False, sep=mark)
    assert loaded("csv", tmp_path / "data.csv", target="price", separator=separator).table.inputs.shape == (10, 5)


def test_spaces_after_separators_belong_to_nobody(tmp_path):
    dataset = loaded("csv", written(tmp_path, "a, b, y\n1, u, 0\n2, v, 1\n3,u, 0\n"), target="y")
    assert dataset.feature_names == ("a", "b")
    np.testing.assert_array_equal(dataset.table.inputs, [[1, 0], [2, 1], [3, 0]])


def test_the_path_may_start_in_the_home_folder(csv, monkeypatch):
    monkeypatch.setenv("HOME", str(csv.parent))
    monkeypatch.setenv("USERPROFILE", str(csv.parent))
    assert loaded("csv", "~/wine.csv", target="price").task == "regression"


@pytest.mark.parametrize(
    ("text", "parameters", "words"),
    [
        ("", {}, ["data.csv is empty"]),
        ("a,y\n", {}, ["0 rows"]),
        ("y\n1\n0\n", {}, ["0 input columns"]),
        ("a,quality\n1,0\n2,1\n", {"target": "qualty"}, ["target column of data.csv 'qualty'", "Did you mean 'quality'?"]),
        ("a;y\n1;0\n2;1\n", {}, ["'y'", "Accepted: a;y"]),
        ("a,y\n1,0\n,1\n3,0\n,1\n", {}, ["column 'a' has no value (NaN) in 2 of 4 rows"]),
        ("a,y\nx,0\nNA,1\n", {}, ["column 'a' has no value (NaN) in 1 of 2 rows"]),
        ("a,y\n1,0\ninf,1\n", {}, ["column 'a' is infinite in 1 of 2 rows"]),
        ("a,y\n1,0\n2,\n3,1\n", {}, ["the target has no value (NaN) in 1 of 3 rows"]),
        ("a,y\n1,0.5\n2,\n3,1\n", {"task": "regression"}, ["the target has no value (NaN) in 1 of 3 rows"]),
        ("a,y\n1,u\n2,\n3,v\n", {}, ["the target has no value (NaN) in 1 of 3 rows"]),
        ("a,y\n1,0\n2,0\n", {}, ["one class only, '0'"]),
        ("a,y\n1,0.5\n2,0.5\n", {}, ["the same target, 0.5"]),
        (",a,y\n0,1,0\n1,2,1\n", {}, ["column 1 has no name"]),
        ("a,y\n1,0,5\n2,1,6\n", {}, ["more fields in a row than names"]),
        ("a,y\n1,0\n2,1,6\n", {}, ["cannot be read as CSV", "line 3"]),
        (b"a,y\n\xff\xfe,0\n2,1\n", {}, ["cannot be read as CSV", "utf-8"]),
        ("a,y\n1,0\n2,1\n", {"separator": "::"}, ["separator is '::'", "one character, or tab"]),
    ],
)
def test_a_csv_file_that_will_not_do_is_refused_in_a_sentence(tmp_path, text, parameters, words):
    with pytest.raises(InputError) as refusal:
        loaded("csv", written(tmp_path, text), **({"target": "y"} | parameters))
    assert [word for word in words if word not in str(refusal.value)] == []
    assert "\n" not in str(refusal.value)


def test_a_class_too_rare_is_refused_when_the_rows_are_drawn(tmp_path):
    dataset = loaded("csv", written(tmp_path, "a,y\n" + "1,u\n2,v\n" * 20 + "3,w\n"), target="y")
    with pytest.raises(InputError, match="1 rows of class 'w', too few to stratify"):
        split(dataset, np.random.default_rng(0), np.dtype(np.float32), {})


@pytest.mark.parametrize("kind", ["csv[target=y,", "parquet[target=y,", "npz["])
@pytest.mark.parametrize("missing", ["absent", "."])
def test_a_path_without_a_file_is_refused(kind, missing):
    with pytest.raises(InputError, match="There is no file"):
        registry.dataset(f"{kind}path={missing}]").load()


@pytest.mark.parametrize("kind", ["parquet[target=y,", "npz["])
@pytest.mark.parametrize("content", [b"", b"no such format", b"PK\x03\x04 broken"])
def test_a_file_of_another_kind_is_refused(kind, content, tmp_path):
    with pytest.raises(InputError, match=r"is empty|cannot be read as"):
        registry.dataset(f"{kind}path={written(tmp_path, content)}]").load()


def test_without_pyarrow_parquet_says_what_to_install(parquet, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pyarrow" in registry.sources()["parquet"].available()
    with pytest.raises(UnavailableError, match=r'pip install "trickbench\[parquet\]"'):
        loaded("parquet", parquet, target="price")


def test_arrays_are_read_by_their_names(tmp_path):
    random = np.random.default_rng(0)
    pixels = random.integers(0, 255, (30, 6), np.uint8)
    arrays = {
        "X": random.normal(size=(30, 4)),
        "y": np.arange(30) % 3,
        "pixels": pixels,
        "age": random.random(30),
    }
    np.savez(tmp_path / "data.npz", **arrays)
    usual, named = loaded("npz", tmp_path / "data.npz"), loaded("npz", tmp_path / "data.npz", inputs="pixels", target="age")
    assert (usual.task, usual.table.classes, named.task) == ("classification", ("0", "1", "2"), "regression")
    np.testing.assert_array_equal(usual.table.inputs, arrays["X"])
    np.testing.assert_array_equal(named.table.inputs, arrays["pixels"])


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("the file's code was run",))


@pytest.mark.parametrize(
    ("arrays", "parameters", "words"),
    [
        ({"X": np.ones((4, 2)), "label": np.arange(4)}, {"target": "labels"}, ["'labels'", "Did you mean 'label'?"]),
        ({"X": np.ones((4, 2)), "y": np.arange(5)}, {}, ["4 rows of inputs and a target of shape (5,)"]),
        ({"X": np.ones((4, 2)), "y": np.eye(4)}, {}, ["target of shape (4, 4)"]),
        ({"X": np.ones(4), "y": np.arange(4)}, {}, ["inputs of shape (4,)", "(rows, features)"]),
        ({"X": np.ones((4, 2, 2)), "y": np.arange(4)}, {}, ["inputs of shape (4, 2, 2)"]),
        ({"X": np.full((4, 2), "a"), "y": np.arange(4)}, {}, ["dtype <U1"]),
        ({"X": np.full((4, 2), np.nan), "y": np.arange(4)}, {}, ["column '0' has no value (NaN) in 4 of 4 rows"]),
        ({"X": np.ones((4, 2)), "y": np.array([Bomb()] * 4)}, {}, ["cannot be read as NPZ", "allow_pickle=False"]),
    ],
)
def test_arrays_that_will_not_do_are_refused_and_pickles_never_loaded(tmp_path, arrays, parameters, words):
    np.savez(tmp_path / "data.npz", **arrays)
    with pytest.raises(InputError) as refusal:
        loaded("npz", tmp_path / "data.npz", **parameters)
    assert [word for word in words if word not in str(refusal.value)] == []


def test_a_single_array_and_a_bare_pickle_are_refused(tmp_path):
    np.save(tmp_path / "single.npy", np.ones(3))
    with pytest.raises(InputError, match="holds a single array"):
        loaded("npz", tmp_path / "single.npy")
    pd.to_pickle(Bomb(), tmp_path / "bare.npz")
    with pytest.raises(InputError, match="cannot be read as NPZ"):
        loaded("npz", tmp_path / "bare.npz")


def test_a_damaged_archive_is_refused(tmp_path):
    path = tmp_path / "data.npz"
    np.savez_compressed(path, X=np.random.default_rng(0).normal(size=(50, 4)), y=np.arange(50))
    content = bytearray(path.read_bytes())
    content[200:240] = bytes(40)
    path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as NPZ"):
        loaded("npz", path)
