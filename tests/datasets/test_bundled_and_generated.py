"""scikit-learn's own datasets and generators."""

import numpy as np
import pytest
from sklearn import datasets as sklearn_datasets

from trickbench.harness import registry
from trickbench.harness.dataset import split
from trickbench.harness.errors import InputError

BUNDLED = {
    "iris": ("classification", (150, 4), 3),
    "wine": ("classification", (178, 13), 3),
    "breast_cancer": ("classification", (569, 30), 2),
    "digits": ("classification", (1797, 64), 10),
    "diabetes": ("regression", (442, 10), 0),
}
GENERATED = {
    "moons": ("classification", (1000, 2), 2),
    "circles": ("classification", (1000, 2), 2),
    "blobs": ("classification", (1000, 2), 3),
    "classification": ("classification", (1000, 20), 2),
    "friedman1": ("regression", (1000, 10), 0),
    "regression": ("regression", (1000, 20), 0),
}


@pytest.mark.parametrize("name", [*BUNDLED, *GENERATED])
def test_it_has_its_known_shape_and_its_declared_task_and_can_be_split(name):
    task, shape, classes = (BUNDLED | GENERATED)[name]
    chosen = registry.dataset(name)
    dataset = chosen.load()
    assert (dataset.name, dataset.task, dataset.inputs.shape, len(dataset.table.classes)) == (name, task, shape, classes)
    assert chosen.task() == task
    result = split(dataset, np.random.default_rng(0), np.dtype(np.float32), chosen.split_parameters)
    assert sum(len(part.inputs) for part in (result.train, result.validation, result.test)) == shape[0]


def test_classes_that_have_names_carry_them():
    assert registry.dataset("iris").load().table.classes == ("setosa", "versicolor", "virginica")
    cancer = registry.dataset("breast_cancer").load()
    assert (cancer.target == "malignant").sum() == 212  # as scikit-learn's description counts them
    assert cancer.feature_names[0] == "mean radius"


def test_diabetes_is_as_measured_and_not_scaled_by_rows_that_will_be_test_rows():
    ages = registry.dataset("diabetes").load().inputs[:, 0]
    assert (ages.min(), ages.max()) == (19, 79)


@pytest.mark.parametrize("name", GENERATED)
def test_the_same_seed_draws_the_same_data_and_another_seed_others(name):
    first, again, other = (registry.dataset(f"{name}[seed={seed}]").load() for seed in (3, 3, 4))
    assert first.inputs.tobytes() == again.inputs.tobytes()
    assert first.target.tobytes() == again.target.tobytes()
    assert first.inputs.tobytes() != other.inputs.tobytes()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("moons[samples=50,noise=0.3,seed=7]", sklearn_datasets.make_moons(50, noise=0.3, random_state=7)),
        ("circles[samples=50,noise=0.2,factor=0.7,seed=7]", sklearn_datasets.make_circles(50, noise=0.2, factor=0.7, random_state=7)),
        (
            "blobs[samples=50,features=3,centers=4,spread=2,seed=7]",
            sklearn_datasets.make_blobs(50, 3, centers=4, cluster_std=2.0, random_state=7),
        ),
        (
            "classification[samples=50,features=9,informative=4,redundant=3,classes=3,clusters=1,class_sep=2,flip_y=0.2,seed=7]",
            sklearn_datasets.make_classification(
                50, 9, n_informative=4, n_redundant=3, n_classes=3, n_clusters_per_class=1, class_sep=2.0, flip_y=0.2, random_state=7
            ),
        ),
        ("friedman1[samples=50,features=6,noise=2,seed=7]", sklearn_datasets.make_friedman1(50, 6, noise=2.0, random_state=7)),
        (
            "regression[samples=50,features=8,informative=3,noise=2,seed=7]",
            sklearn_datasets.make_regression(50, 8, n_informative=3, noise=2.0, random_state=7),
        ),
    ],
    ids=lambda value: value.partition("[")[0] if isinstance(value, str) else "",
)
def test_every_parameter_reaches_the_generator(text, expected):
    dataset = registry.dataset(text).load()
    np.testing.assert_array_equal(dataset.inputs, expected[0])
    np.testing.assert_array_equal(dataset.target, expected[1])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("classification[informative=19]", ["informative=19", "redundant=2", "at most features=20"]),
        ("classification[classes=20]", ["classes=20 times clusters=2", "2**informative = 32"]),
        ("regression[informative=21]", ["informative=21", "at most features=20"]),
        ("friedman1[features=4]", ["friedman1's features is 4", "from 5"]),
        ("circles[factor=1]", ["circles's factor is 1", "up to 0.99"]),
        ("blobs[centers=1]", ["blobs's centers is 1", "from 2"]),
        ("moons[samples=9]", ["moons's samples is 9", "from 10"]),
        ("moons[seed=-1]", ["moons's seed is -1", "from 0"]),
    ],
)
def test_parameters_that_do_not_fit_together_are_refused_in_our_own_words(text, words):
    with pytest.raises(InputError) as refusal:
        registry.dataset(text).load()
    assert [word for word in words if word not in str(refusal.value)] == []
