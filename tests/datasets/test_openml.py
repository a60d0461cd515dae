"""Datasets that are downloaded: what lies in the data home is used without a network, what does not is refused at once."""

import gzip
import hashlib
import json
import socket
import time

import joblib
import numpy as np
import pytest
from sklearn import datasets as sklearn_datasets

from trickbench.harness import registry
from trickbench.harness.errors import InputError, UnavailableError

ARFF = b"""@relation credit
@attribute duration numeric
@attribute purpose {car,tv}
@attribute class {good,bad}
@data
6,tv,good
48,car,bad
12,tv,good
42,car,good
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty data home, and no network."""

    def no_network(*_arguments, **_options):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    return tmp_path


def keep(home, path, content):
    file = home / "openml" / "openml.org" / f"{path}.gz"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(content if isinstance(content, bytes) else json.dumps(content).encode()))


def prepare(home, arff=ARFF, targets=("class",), kind="ARFF"):
    """The files that scikit-learn keeps after it has downloaded credit-g, version 1."""
    description = {
        "id": "31",
        "name": "credit-g",
        "version": "1",
        "status": "active",
        "format": kind,
        "url": "https://www.openml.org/data/v1/download/31/credit-g.arff",
        "md5_checksum": hashlib.md5(arff).hexdigest(),  # noqa: S324  OpenML's own checksum
        "description": "Credits.",
    }
    kinds = {"duration": "numeric", "purpose": "nominal", "class": "nominal"}
    features = [
        {
            "index": str(index),
            "name": name,
            "data_type": data_type,
            "is_target": str(name in targets).lower(),
            "is_ignore": "false",
            "is_row_identifier": "false",
            "number_of_missing_values": "0",
        }
        for index, (name, data_type) in enumerate(kinds.items())
    ]
    keep(home, "api/v1/json/data/list/data_name/credit-g/limit/2/data_version/1", {"data": {"dataset": [{"did": 31, "version": 1}]}})
    keep(home, "api/v1/json/data/31", {"data_set_description": description})
    keep(home, "api/v1/json/data/features/31", {"data_features": {"feature": features}})
    keep(home, "api/v1/json/data/qualities/31", {"data_qualities": {"quality": [{"name": "NumberOfInstances", "value": "4"}]}})
    keep(home, "data/v1/download/31/credit-g.arff", arff)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("california_housing", ["cal_housing_py3.pkz"]),
        ("covtype", ["covertype/samples_py3", "covertype/targets_py3"]),
        ("openml[name=credit-g]", ["openml"]),
    ],
)
def test_without_a_network_one_sentence_names_the_files_and_their_place_at_once(text, files, home):
    begin = time.perf_counter()
    with pytest.raises(UnavailableError) as refusal:  # a warning about retries would be an error here
        registry.dataset(text).load()
    assert time.perf_counter() - begin < 3  # scikit-learn's usual three retries alone wait for 3 s
    expected = [str(home / file) for file in files]
    words = [*expected, "cannot be downloaded", "Name or service not known", "sklearn.datasets.fetch_", "SCIKIT_LEARN_DATA"]
    assert [word for word in words if word not in str(refusal.value)] == []


def test_a_data_home_that_cannot_be_made_is_refused_alike(home, monkeypatch):
    (home / "file").touch()
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(home / "file" / "data"))
    with pytest.raises(UnavailableError, match="cannot be downloaded"):
        registry.dataset("covtype").load()


def test_waiting_for_a_server_is_limited_and_the_limit_lifted_afterwards(monkeypatch):
    limits = []

    def fetch(**_options):
        limits.append(socket.getdefaulttimeout())
        raise TimeoutError("timed out")

    monkeypatch.setattr(sklearn_datasets, "fetch_california_housing", fetch)
    with pytest.raises(UnavailableError, match="timed out"):
        registry.dataset("california_housing").load()
    assert limits[0] <= 30
    assert socket.getdefaulttimeout() is None


def test_california_housing_is_read_from_the_data_home(home):
    kept = np.random.default_rng(0).uniform(1, 10, (50, 9))
    joblib.dump(kept, home / "cal_housing_py3.pkz", compress=6)
    dataset = registry.dataset("california_housing").load()
    assert (dataset.task, dataset.inputs.shape, dataset.feature_names[0]) == ("regression", (50, 8), "MedInc")
    np.testing.assert_array_equal(dataset.target, kept[:, 0] / 100_000)


def test_covtype_is_read_from_the_data_home(home):
    (home / "covertype").mkdir()
    joblib.dump(np.random.default_rng(0).normal(size=(40, 54)), home / "covertype" / "samples_py3", compress=9)
    joblib.dump(np.arange(40, dtype=np.int32) % 7 + 1, home / "covertype" / "targets_py3", compress=9)
    dataset = registry.dataset("covtype").load()
    assert (dataset.task, dataset.inputs.shape, dataset.table.classes) == ("classification", (40, 54), tuple("1234567"))


def test_a_damaged_file_in_the_data_home_is_named(home):
    (home / "cal_housing_py3.pkz").write_bytes(b"\x80\x05broken")
    with pytest.raises(InputError, match=r"cal_housing_py3\.pkz is damaged, delete it"):
        registry.dataset("california_housing").load()


def test_an_openml_dataset_is_read_from_the_data_home(home):
    prepare(home)
    dataset = registry.dataset("openml[name=credit-g,version=1]").load()
    assert (dataset.name, dataset.task, dataset.feature_names) == ("credit-g", "classification", ("duration", "purpose"))
    assert dataset.table.classes == ("bad", "good")
    np.testing.assert_array_equal(dataset.table.inputs, [[6, 1], [48, 0], [12, 1], [42, 0]])  # car 0, tv 1


def test_another_column_of_an_openml_dataset_may_be_the_target(home):
    prepare(home)
    dataset = registry.dataset("openml[name=credit-g,target=duration,task=regression]").load()
    assert (dataset.task, dataset.feature_names) == ("regression", ("purpose", "class"))
    np.testing.assert_array_equal(dataset.target, [6, 48, 12, 42])


def test_an_unknown_openml_target_is_refused_with_the_nearest_name(home):
    prepare(home)
    with pytest.raises(InputError, match=r"'durations'\. Did you mean 'duration'\?"):
        registry.dataset("openml[name=credit-g,target=durations]").load()


@pytest.mark.parametrize("targets", [(), ("class", "purpose")])
def test_an_openml_dataset_without_exactly_one_target_asks_for_one(home, targets):
    prepare(home, targets=targets)
    with pytest.raises(InputError, match=rf"names {len(targets)} targets .*openml\[name=credit-g,target="):
        registry.dataset("openml[name=credit-g]").load()


def test_a_missing_value_in_an_openml_dataset_is_refused_by_column(home):
    prepare(home, ARFF.replace(b"48,car,bad", b"?,car,bad"))
    with pytest.raises(InputError, match=r"column 'duration' has no value \(NaN\) in 1 of 4 rows"):
        registry.dataset("openml[name=credit-g]").load()


def test_a_sparse_openml_dataset_is_refused(home):
    prepare(home, ARFF[: ARFF.index(b"6,tv")] + b"{0 6, 1 tv, 2 good}\n{0 48, 2 bad}\n", kind="Sparse_ARFF")
    with pytest.raises(InputError, match="sparse"):
        registry.dataset("openml[name=credit-g]").load()


def test_a_name_that_openml_does_not_know_is_wrong_input_not_a_missing_network(monkeypatch):
    def fetch(**options):
        raise ValueError(f"Dataset {options['name']} with version {options['version']} not found.")

    monkeypatch.setattr(sklearn_datasets, "fetch_openml", fetch)
    with pytest.raises(InputError, match=r"creditg cannot be loaded \(Dataset creditg with version 2 not found\)") as refusal:
        registry.dataset("openml[name=creditg,version=2]").load()
    assert not isinstance(refusal.value, UnavailableError)
