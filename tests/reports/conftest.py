"""A made-up result with the shape and the size of a real one: 17 arms, 9 datasets, 10 seeds, 100 epochs; or any part of it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

from . import further

DATASETS = {
    "iris": "classification", "wine": "classification", "breast_cancer": "classification", "digits": "classification",
    "moons[noise=0.3,rows=600]": "classification", "circles": "classification", "digits[label_noise=0.2,rows=500]": "classification",
    "diabetes": "regression", "friedman1": "regression",
}  # fmt: skip
METRIC = {"classification": "accuracy", "regression": "r2"}
FACTORS: dict[str, dict[str, dict[str, Any]]] = {
    "activation": {"relu": {"activation": "relu"}, "maxout": {"activation": "maxout[pieces=2]"}},
    "optimizer": {
        "momentum": {"optimizer": "momentum[learning_rate=0.05]"},
        "rmsprop": {"optimizer": "rmsprop[learning_rate=0.001]"},
        "adam": {"optimizer": "adam[learning_rate=0.001]"},
    },
    "penalty": {"l2": {"penalty": "l2[strength=0.001]"}},
    "dropout": {"dropout": {"dropout": "inverted[rate=0.5]"}},
    "stopping": {"early stopping": {"stopper": "patience[patience=10]"}},
    "initial weights": {"he": {"initializer": "he"}},
}
FULL = {"activation": "relu", "optimizer": "adam", "penalty": "l2", "dropout": "dropout", "stopping": "early stopping", "initial weights": "he"}
GAIN = {
    "relu": 0.09, "maxout": 0.07, "momentum": 0.03, "rmsprop": 0.04, "adam": 0.06, "l2": 0.0, "dropout": -0.03, "early stopping": 0.004, "he": 0.012,
}  # fmt: skip
MARGIN = {"accuracy": 0.01, "r2": 0.02}
SPEAKS_OF = "the expected difference over fresh random splits, initial weights, batch orders and masks, given this dataset"
QUESTION = "Which of the tricks help a small network, alone and together?"


@dataclass
class Made:
    """What `write_report` is given."""

    study: Any
    runs: pd.DataFrame
    epochs: pd.DataFrame
    effects: pd.DataFrame
    environment: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: {"compilation": 9.4, "total": 312.0})
    version: str = "first"

    def epochs_on(self, dataset: str) -> pd.DataFrame:
        return self.epochs[self.epochs["dataset"] == dataset] if len(self.epochs) else self.epochs

    def fingerprint(self) -> str:
        return self.version


def arms_of(full: bool = True) -> dict[str, tuple[float, bool]]:
    """Each arm's gain over the baseline, and whether it stops early."""
    arms = {"baseline": (0.0, False)} | {f"baseline + {trick}": (gain, trick == "early stopping") for trick, gain in GAIN.items()}
    if not full:
        return arms
    whole = sum(GAIN[trick] for trick in FULL.values())
    arms["full"] = (whole, True)
    return arms | {f"full - {trick}": (whole - GAIN[trick], trick != "early stopping") for trick in FULL.values()}


def make_result(datasets: tuple[str, ...] = tuple(DATASETS), seeds: int = 10, epochs: int = 100, status: str = "", question: str = QUESTION) -> Made:
    """`status` makes every run end that way; without it some runs of `baseline + momentum` diverge on digits, and none else."""
    text = f'name = "tricks"\nquestion = "{question}"\nseeds = {seeds}\nepochs = {epochs}\n\n[factors.optimizer]\nadam = {{optimizer = "adam"}}\n'
    design = ("add-one-in", "leave-one-out")
    study = SimpleNamespace(
        name="tricks", question=question, design=design, datasets=datasets, seeds=tuple(range(seeds)), epochs=epochs, metric=METRIC,
        baseline={"activation": "sigmoid", "optimizer": "sgd[learning_rate=0.1]", "widths": [64, 64], "batch": 32}, full=FULL, factors=FACTORS,
        text=text,
    )  # fmt: skip
    rows, curves = [], []
    for dataset in datasets:
        for arm, (gain, stops) in arms_of().items():
            for seed in range(seeds):
                row, curve = _run(dataset, arm, gain, stops, seed, epochs, status)
                rows.append(row)
                curves.append(curve)
    runs = pd.DataFrame(rows)
    environment = {
        "command": "trickbench run studies/tricks.toml --workers 2", "commit": "4f1c2aa", "machine": "x86_64", "processor": "Intel Xeon",
        "cores": "2", "python": "3.11.9", "numpy": "2.4.0", "numba": "0.68.0",
    }  # fmt: skip
    return Made(study, runs, pd.concat(curves, ignore_index=True), _effects(runs), environment)


def _run(dataset: str, arm: str, gain: float, stops: bool, seed: int, epochs: int, status: str) -> tuple[dict[str, Any], pd.DataFrame]:
    task = DATASETS[dataset]
    random = np.random.default_rng([zlib.crc32(dataset.encode()), zlib.crc32(arm.encode()), seed])
    shared = np.random.default_rng([zlib.crc32(dataset.encode()), seed]).normal(0, 0.02)
    key = f"{zlib.crc32(f'{dataset}{arm}{seed}'.encode()):08x}"
    chance = 0.33 if task == "classification" else -0.01
    score = min(0.995, 0.72 + gain + shared + random.normal(0, 0.008) + (0.05 * np.sin(len(dataset) + 7 * gain * 40)))
    ends = status or ("diverged" if arm == "baseline + momentum" and dataset == "digits" and seed in (3, 7) else "done")
    last = {"pending": 0, "failed": 0, "timeout": 0, "diverged": min(epochs, 4 + seed)}.get(ends, min(epochs, 35 + seed) if stops else epochs)
    curve = _curve(random, epochs, last, score, arm) if last else pd.DataFrame()
    if last:
        curve = curve.assign(run=key, arm=arm, dataset=dataset, seed=seed)
        if ends == "diverged":
            curve.loc[curve.index[-1], ["train_loss", "validation_loss", "test_loss", "gradient_norm"]] = np.inf
    infinite = f"The training loss became infinite at epoch {last}."
    message = {"diverged": infinite, "failed": "ValueError: the network has no rows.", "timeout": "Stopped after 60 s."}
    finished, nan = ends == "done", float("nan")
    metrics = dict.fromkeys(("train_metric", "validation_metric", "test_metric"), score if finished else nan)
    losses = {name: float(curve[name].iloc[-1]) if finished else nan for name in ("train_loss", "validation_loss", "test_loss")}
    return {
        "run": key, "arm": arm, "dataset": dataset, "task": task, "metric": METRIC[task], "seed": seed, "status": ends,
        "message": message.get(ends, ""), "epochs": last, "updates": last * 12, "best_epoch": last, "seconds": 0.004 * last,
        **losses, **metrics, "chance_metric": chance, "score": score if finished else chance if ends == "diverged" else nan,
    }, curve  # fmt: skip


def _curve(random: np.random.Generator, epochs: int, last: int, score: float, arm: str) -> pd.DataFrame:
    epoch = np.arange(1, last + 1)
    floor = max(0.02, 1.1 * (1 - score))
    speed = 0.18 if "adam" in arm or arm.startswith("full") else 0.05
    noise = np.exp(0.04 * random.normal(size=(2, last)))
    train = (0.6 * floor + 1.6 * np.exp(-speed * epoch)) * noise[0]
    validation = (floor + 1.5 * np.exp(-speed * epoch) + floor * 0.3 * (epoch / epochs) ** 2) * noise[1]
    sigmoid = arm.startswith("baseline") and not arm.endswith(("relu", "maxout"))
    dead = {f"dead_units_{layer}": np.full(last, np.nan) if sigmoid else 0.04 * layer * (1 - np.exp(-epoch / 20)) for layer in (1, 2)}
    norms = {f"weight_norm_{layer}": 4.0 + 0.1 * layer * np.sqrt(epoch) for layer in (1, 2, 3)}
    share = score * (1 - np.exp(-speed * epoch))
    metrics = {"train_metric": share, "validation_metric": share, "test_metric": share}
    return pd.DataFrame(
        {"epoch": epoch, "train_loss": train, "validation_loss": validation, "test_loss": validation, **metrics,
         "gradient_norm": 0.8 * np.exp(-0.03 * epoch) * noise[0] + 0.01, "seconds": 0.004, **norms, **dead}
    )  # fmt: skip


def _effects(runs: pd.DataFrame) -> pd.DataFrame:
    scores = runs.pivot_table(index=["dataset", "seed"], columns="arm", values="score", dropna=False)
    diverged = runs[runs["status"] == "diverged"].groupby(["dataset", "arm"]).size()
    tasks = dict(zip(runs["dataset"], runs["task"], strict=True))
    pairs = [("add-one-in", factor, level, f"baseline + {level}", "baseline") for factor, levels in FACTORS.items() for level in levels]
    pairs += [("leave-one-out", factor, level, "full", f"full - {level}") for factor, level in FULL.items()]
    family, rows = len(pairs) * len(tasks), []
    for design, factor, level, with_arm, without_arm in pairs:
        for dataset, task in tasks.items():
            metric = METRIC[task]
            difference = (scores.loc[dataset, with_arm] - scores.loc[dataset, without_arm]).dropna()
            named = {
                "design": design,
                "kind": "difference",
                "factor": factor,
                "level": level,
                "trick": level,
                "second_factor": "",
                "second_level": "",
            }
            named |= {"with_arm": with_arm, "without_arm": without_arm, "dataset": dataset, "task": task, "metric": metric}
            ended = {name: int(diverged.get((dataset, arm), 0)) for name, arm in (("diverged_with", with_arm), ("diverged_without", without_arm))}
            rows.append(named | judged(difference, MARGIN[metric], family) | ended | {"diverged": sum(ended.values())})
    return pd.DataFrame(rows)


def judged(difference: pd.Series, margin: float, family: int) -> dict[str, Any]:
    """What stands in a row of effects: the paired t interval at 1 - 0.05 / family, and the verdict."""
    pairs, mean = len(difference), float(difference.mean()) if len(difference) else float("nan")
    deviation = float(difference.std()) if pairs > 1 else float("nan")
    half, narrow, alone = (
        float(stdtrit(max(pairs - 1, 1), 1 - tail) * deviation / np.sqrt(pairs)) if pairs > 1 else float("nan")
        for tail in (0.025 / family, 0.05 / family, 0.025)
    )
    small = abs(mean) + narrow < margin
    verdict = "helps" if mean > half else "hurts" if mean < -half else "equivalent" if small else "undecided"
    if small and verdict in ("helps", "hurts"):
        verdict += ", negligibly"
    unsettled = (12.0, 640.0) if verdict == "undecided" and pairs > 1 else (float("nan"), float("nan"))
    return {
        "seeds": pairs, "difference": mean, "low": mean - half, "high": mean + half, "verdict": verdict, "margin": margin,
        "confidence": 1 - 0.05 / family, "alone_low": mean - alone, "alone_high": mean + alone, "p_value": 0.01 if pairs > 1 else float("nan"),
        "p_holm": 0.02 if pairs > 1 else float("nan"), "standardized": mean / deviation if deviation else float("nan"),
        "settle_low": unsettled[0], "settle_high": unsettled[1],
        "estimand": "this dataset", "speaks_of": SPEAKS_OF, "statistic": "mean", "in_family": True, "aliases": "", "note": "",
    }  # fmt: skip


@pytest.fixture(scope="session")
def make() -> Callable[..., Made]:
    return make_result


@pytest.fixture(scope="session")
def rich() -> Made:
    """Every table that a result may have, and a factorial's effects beside the others'."""
    made = make_result(datasets=("digits", "diabetes"), seeds=8, epochs=12)
    factorial = further.factorial(made.effects.iloc[0].to_dict())
    made.effects = pd.concat([made.effects, factorial.pop("effects")], ignore_index=True)
    made.study.tuning, made.study.sequential = further.TUNING, {"most": 20}
    for name in ("overall", "standings", "profiles", "sources", "trials", "sensitivity", "budgets", "looks", "remedies", "costs"):
        setattr(made, name, getattr(further, name)())
    for name, frame in factorial.items():
        setattr(made, name, frame)
    return made


@pytest.fixture(scope="session")
def small() -> Made:
    """Two datasets, eight seeds, twelve epochs: two runs diverged."""
    return make_result(datasets=("digits", "diabetes"), seeds=8, epochs=12)
