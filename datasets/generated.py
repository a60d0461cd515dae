"""Datasets drawn by scikit-learn's generators: `moons[noise=0.3,samples=500]`.

`seed` is the generator's own: the dataset is fixed, and only its split varies from run to run. Parameters are scikit-learn's without their
`n_`; `label_noise`, which every dataset takes, spoils training labels only, a generator's `noise` all rows alike.
"""

from __future__ import annotations

from typing import Any

from ..harness.dataset import Dataset, Parameter, Source, Task
from ..harness.errors import InputError

SEED = Parameter(0, "seed of the generator: the data, not the split", low=0, high=2**32 - 1)


def _samples(default: int = 1000) -> Parameter:
    return Parameter(default, "rows", low=10, high=10_000_000)


def _count(default: int, meaning: str, low: int = 1) -> Parameter:
    return Parameter(default, meaning, low=low, high=10_000)


def _noise(default: float, meaning: str) -> Parameter:
    return Parameter(default, f"standard deviation of the noise on {meaning}", low=0)


def moons(samples: int, noise: float, seed: int) -> Dataset:
    from sklearn.datasets import make_moons

    return _dataset("moons", "classification", make_moons(samples, noise=noise, random_state=seed))


def circles(samples: int, noise: float, factor: float, seed: int) -> Dataset:
    from sklearn.datasets import make_circles

    return _dataset("circles", "classification", make_circles(samples, noise=noise, factor=factor, random_state=seed))


def blobs(samples: int, features: int, centers: int, spread: float, seed: int) -> Dataset:
    from sklearn.datasets import make_blobs

    return _dataset("blobs", "classification", make_blobs(samples, features, centers=centers, cluster_std=spread, random_state=seed))


def classification(features: int, informative: int, redundant: int, classes: int, clusters: int, samples: int, seed: int, **shape: float) -> Dataset:
    from sklearn.datasets import make_classification

    if informative + redundant > features:
        raise InputError(
            f"classification has informative={informative} and redundant={redundant}; together accepted are at most features={features}."
        )
    if classes * clusters > 2**informative:
        raise InputError(f"classification has classes={classes} times clusters={clusters}; accepted are at most 2**informative = {2**informative}.")
    options: dict[str, Any] = {
        "n_informative": informative,
        "n_redundant": redundant,
        "n_classes": classes,
        "n_clusters_per_class": clusters,
        **shape,
    }
    return _dataset("classification", "classification", make_classification(samples, features, **options, random_state=seed))


def friedman1(samples: int, features: int, noise: float, seed: int) -> Dataset:
    from sklearn.datasets import make_friedman1

    return _dataset("friedman1", "regression", make_friedman1(samples, features, noise=noise, random_state=seed))


def regression(samples: int, features: int, informative: int, noise: float, seed: int) -> Dataset:
    from sklearn.datasets import make_regression

    if informative > features:
        raise InputError(f"regression has informative={informative}; accepted are at most features={features}.")
    return _dataset("regression", "regression", make_regression(samples, features, n_informative=informative, noise=noise, random_state=seed))


def _dataset(name: str, task: Task, drawn: Any) -> Dataset:
    inputs, target = drawn
    return Dataset(name, task, inputs, target)


def _source(load: Any, task: Task, summary: str, **parameters: Parameter) -> Source:
    return Source(load.__name__, task, summary, load, {**parameters, "seed": SEED}, packages=("scikit-learn",))


SOURCES = (
    _source(moons, "classification", "Two interleaving half circles.", samples=_samples(), noise=_noise(0.1, "the points")),
    _source(
        circles,
        "classification",
        "A circle within a circle.",
        samples=_samples(),
        noise=_noise(0.1, "the points"),
        factor=Parameter(0.5, "radius of the inner circle, the outer one's being 1", low=0, high=0.99),
    ),
    _source(
        blobs,
        "classification",
        "Round clouds of points, one a class.",
        samples=_samples(),
        features=_count(2, "columns"),
        centers=_count(3, "clouds, each a class", low=2),
        spread=Parameter(1.0, "standard deviation of a cloud", low=0),
    ),
    _source(
        classification,
        "classification",
        "Clusters on the corners of a hypercube, with redundant and useless columns.",
        samples=_samples(),
        features=_count(20, "columns"),
        informative=_count(5, "columns that carry the classes"),
        redundant=_count(2, "columns that mix the informative ones", low=0),
        classes=_count(2, "classes", low=2),
        clusters=_count(2, "clusters of each class"),
        class_sep=Parameter(1.0, "half the side of the hypercube: larger is easier", low=0),
        flip_y=Parameter(0.01, "share of all rows, test rows too, whose label is drawn at random", low=0, high=1),
    ),
    _source(
        friedman1,
        "regression",
        "Friedman's first: 10 sin(pi x0 x1) + 20 (x2 - 1/2)^2 + 10 x3 + 5 x4, the other columns useless.",
        samples=_samples(),
        features=_count(10, "columns, of which five count", low=5),
        noise=_noise(1.0, "the target"),
    ),
    _source(
        regression,
        "regression",
        "A linear function of some columns.",
        samples=_samples(),
        features=_count(20, "columns"),
        informative=_count(10, "columns with a weight"),
        noise=_noise(10.0, "the target"),
    ),
)
