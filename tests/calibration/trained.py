"""The parts of the calibration that train networks: A against A (a), planted harm (b), coverage under repeated splits and fresh datasets (c)."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from trickbench.harness.execution import one_blas_thread
from trickbench.harness.inference.intervals import spread
from trickbench.harness.laboratory import Laboratory
from trickbench.harness.replication import Streams

from .arithmetic import called
from .made import judged, wrong
from .pages import Section, share

Floats = NDArray[np.float64]
Recipe = Mapping[str, Any]

PLAIN = {"hidden": [16], "activation": "relu", "optimizer": "adam[learning_rate=0.01]", "initializer": "he"}
DROPOUT = PLAIN | {"dropout": "dropout[rate=0.2]"}
SLOW = PLAIN | {"optimizer": "adam[learning_rate=0.001]"}
EPOCHS = 20
RATIO = 1 / 3
"""n_test / n_train at the usual split."""
OTHER = 10**6
"""Added to a seed where the other arm draws its own weights, order and masks."""


def score(dataset: str, recipe: Recipe, streams: Streams, epochs: int = EPOCHS) -> float:
    """The test metric of one training."""
    lab = Laboratory()
    outcome = lab.train(recipe, lab.split(dataset, streams.split, "float32"), streams, epochs)
    assert outcome.figures is not None, outcome.message
    return outcome.figures["test_metric"]


def differences(treated: tuple[str, Recipe], control: tuple[str, Recipe], seeds: Sequence[int], other: int = 0) -> Floats:
    """One difference a seed; `other` is added to the seeds of what the treated arm draws besides its split."""

    def one(seed: int) -> float:
        apart = Streams(seed, seed + other, seed + other, seed + other)
        return score(*treated, apart) - score(*control, Streams.of(seed))

    with one_blas_thread(), ThreadPoolExecutor(2) as pool:
        return np.fromiter(pool.map(one, seeds), np.float64, len(seeds))


def a_against_a() -> tuple[Section, list[tuple[str, int, int]]]:
    """(a) The same recipe twice: shared splits, but weights, order and masks of their own."""
    section = Section(
        "(a) False verdicts: A against A, trained",
        "The same recipe (16 ReLU units, Adam, dropout 0.2, 20 epochs) in both arms, 10 seeds: the arms share each seed's split and draw their "
        "own initial weights, batch order and masks. The share of comparisons that is called *helps* or *hurts*; and the share that is found "
        "(*helps*) if one standard deviation of all differences is added to each: 80.3 % of normal ones for this dataset.",
        ["dataset", "estimand", "comparisons", "called", "found, one standard deviation added"],
    )
    found: list[tuple[str, int, int]] = []
    for name in ("diabetes", "digits[train_rows=200]"):
        same = (name, DROPOUT)
        drawn = differences(same, same, range(4000), OTHER).reshape(400, 10)
        found += [_row(section, name, estimand, drawn) for estimand in ("this dataset", "new datasets")]
    fresh = np.array([differences((data, DROPOUT), (data, DROPOUT), range(10), OTHER) for data in _fresh(200)])
    found.append(_row(section, "friedman1, 200 rows, a fresh one for each comparison", "new datasets", fresh))
    return section, found


def _row(section: Section, name: str, estimand: str, drawn: Floats) -> tuple[str, int, int]:
    count, of = wrong(judged(drawn, estimand=estimand)), len(drawn)
    helps = int(judged(drawn + drawn.std(), estimand=estimand)["verdict"].str.startswith("helps").sum())
    section.rows.append([name, estimand, str(of), share(count, of), share(helps, of)])
    return estimand, count, of


def _fresh(count: int) -> Iterator[str]:
    return (f"friedman1[samples=200,noise=1,seed={number}]" for number in range(count))


PLANTED: dict[str, tuple[tuple[str, Recipe], tuple[str, Recipe]]] = {
    "5 % of the labels wrong in one arm": (("digits[train_rows=300,label_noise=0.05]", PLAIN), ("digits[train_rows=300]", PLAIN)),
    "a learning rate ten times too small": (("diabetes", SLOW), ("diabetes", PLAIN)),
    "nothing": (("diabetes", PLAIN), ("diabetes", PLAIN)),
}


class Planted(NamedTuple):
    """How often one harm was found, how often it should be, and the standard error of the difference between the two."""

    harm: str
    rate: float
    predicted: float
    error: float


def planted() -> tuple[Section, list[Planted]]:
    """(b) Harm that was done on purpose: how often it is found, beside what its size in 500 other seeds predicts."""
    section = Section(
        "(b) Planted harm, trained",
        "How many comparisons of n seeds find the harm (*hurts*), and how many should: what 4,000 draws of n from 500 other seeds' differences "
        "say, with the standard error that 500 seeds leave (bootstrap). Arms draw weights and order of their own.",
        ["harm", "mean difference", "s", "n = 3", "n = 5", "n = 10"],
    )
    found: list[Planted] = []
    for name, (treated, control) in PLANTED.items():
        pilot = differences(treated, control, range(10_000, 10_500), OTHER)
        drawn = differences(treated, control, range(1500), OTHER)
        row = [name, f"{pilot.mean():+.4f}", f"{pilot.std(ddof=1):.4f}"]
        for n in (3, 5, 10):
            groups = drawn.reshape(-1, n)
            hurts, of = int(judged(groups)["verdict"].str.startswith("hurts").sum()), len(groups)
            predicted, uncertain = prediction(pilot, n)
            found.append(Planted(name, hurts / of, predicted, float(np.hypot(np.sqrt(predicted * (1 - predicted) / of), uncertain))))
            row.append(f"{share(hurts, of)} (predicted {100 * predicted:.1f} ± {100 * uncertain:.1f})")
        section.rows.append(row)
    return section, found


def prediction(pilot: Floats, n: int) -> tuple[float, float]:
    """The chance that n of these differences find a harm, and its standard error by bootstrap of the pilot."""
    random = default_rng([9, n])

    def found(differences: Floats) -> float:
        some = random.choice(differences, (4000, n))
        return float(np.mean(called(some, 0.95) & (some.mean(axis=1) < 0)))

    return found(pilot), float(np.std([found(random.choice(pilot, len(pilot))) for _ in range(200)], ddof=1))


FRESH, ORDERS = 150, 4


def coverage() -> tuple[Section, dict[tuple[str, int], tuple[float, int]]]:
    """(c) Intervals of real trainings: repeated splits of one dataset, and fresh datasets."""
    section = Section(
        "(c) Coverage, trained",
        "Dropout 0.2 against none. *Repeated splits*: 4,000 seeds of diabetes and of digits (200 training rows), their mean taken for the "
        f"truth. *Fresh datasets*: {FRESH} draws of friedman1 (200 rows), 30 splits each, the mean of all for the truth; {ORDERS} choices of n "
        f"splits of each are averaged, but the standard error is that of {FRESH} datasets, the only ones that are independent.",
        ["what is drawn afresh", "interval", "n = 3", "n = 5", "n = 10", "n = 30"],
    )
    found: dict[tuple[str, int], tuple[float, int]] = {}
    for name in ("diabetes", "digits[train_rows=200]"):
        splits = differences((name, DROPOUT), (name, PLAIN), range(4000))
        groups = {n: splits[: 4000 // n * n].reshape(-1, n) for n in (3, 5, 10, 30)}
        _cover(section, found, f"splits and seeds of {name}", "this dataset: t", groups, float(splits.mean()), 0.0)
    fresh = np.array([differences((data, DROPOUT), (data, PLAIN), range(30)) for data in _fresh(FRESH)])
    random = default_rng(8)
    chosen = {n: np.concatenate([random.permuted(fresh, axis=1)[:, :n] for _ in range(ORDERS)]) for n in (3, 5, 10, 30)}
    for kind, ratio in (("new datasets: corrected resampled t", RATIO), ("new datasets: t without correction", 0.0)):
        _cover(section, found, "friedman1, all of it", kind, chosen, float(fresh.mean()), ratio, copies=ORDERS)
    return section, found


def _cover(
    section: Section, found: dict[tuple[str, int], tuple[float, int]], what: str, kind: str, groups: Mapping[int, Floats], truth: float,
    ratio: float, copies: int = 1,
) -> None:  # fmt: skip
    """Groups (intervals, n), of which so many copies rest on the same datasets."""
    row = [what, kind]
    for n, drawn in groups.items():
        independent = len(drawn) // copies
        held = sum(low <= truth <= high for _, low, high in (spread(each, ratio).interval(0.95) for each in drawn)) / copies
        found[f"{what} {kind}", n] = held / independent, independent
        row.append(share(held, independent))
    section.rows.append(row)
