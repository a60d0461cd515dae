"""Made-up tables that a result may have beside its effects, with the shape of real ones and values that a test can tell apart."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

TRICKS = ("relu", "adam", "dropout", "l2")
KEY = ("design", "kind", "trick", "dataset", "metric")
NAN, INF = float("nan"), float("inf")


def overall(tricks: tuple[str, ...] = TRICKS) -> pd.DataFrame:
    """Over seven datasets, as these and as a sample."""
    rows = []
    for place, trick in enumerate(tricks):
        mean, sure = 0.06 - 0.03 * place, 0.9 - 0.25 * place
        for estimand, half in (("these datasets", 0.008), ("datasets like these", 0.035)):
            verdict = "helps" if mean > half else "hurts" if mean < -half else "equivalent" if abs(mean) + half < 0.01 else "undecided"
            rows.append({
                "design": "add-one-in", "kind": "difference", "factor": trick, "level": trick, "trick": trick, "metric": "accuracy", "datasets": 7,
                "estimand": estimand, "difference": mean, "low": mean - half, "high": mean + half, "confidence": 0.9875, "margin": 0.01,
                "verdict": verdict, "p_value": 0.0004 + 0.1 * place, "p_signed_rank": 0.0156, "helps_probability": sure,
                "equivalent_probability": 0.08, "hurts_probability": 0.92 - sure, "improvement": 0.81 - 0.1 * place,
                "improvement_low": 0.7 - 0.1 * place, "improvement_high": 0.9 - 0.1 * place, "note": "",
            })  # fmt: skip
    return pd.DataFrame(rows)


def standings(arms: tuple[str, ...] = ("baseline", *(f"baseline + {trick}" for trick in TRICKS), "full")) -> pd.DataFrame:
    """Mean ranks over seven datasets."""
    ranks = np.linspace(5.5, 1.5, len(arms))
    return pd.DataFrame(
        {"metric": "accuracy", "arm": arms, "datasets": 7, "mean_rank": ranks, "critical_difference": 2.85, "p_friedman": 0.00002,
         "iqm": 1 - ranks / 20, "iqm_low": 0.98 - ranks / 20, "iqm_high": 1.02 - ranks / 20}
    )  # fmt: skip


def profiles(arms: tuple[str, ...] = ("baseline", *(f"baseline + {trick}" for trick in TRICKS), "full")) -> pd.DataFrame:
    """Shares of runs over a grid of scores."""
    tau = np.linspace(0, 1.1, 56)
    return pd.concat(
        [pd.DataFrame({"metric": "accuracy", "arm": arm, "tau": tau, "share": 1 / (1 + np.exp(30 * (tau - 0.7 - 0.04 * place)))})
         for place, arm in enumerate(arms)], ignore_index=True,
    )  # fmt: skip


def factorial(effect_row: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """Effects, interactions, cells and simple effects of a full factorial of four tricks on two datasets; relu × dropout is decided on digits."""
    effects, told, cells, simple = [], [], [], []
    shared = effect_row | {"design": "full-factorial", "with_arm": "", "without_arm": "", "task": "classification", "metric": "accuracy"}
    for dataset in ("digits", "moons"):
        here = shared | {"dataset": dataset}
        effects += [here | {"kind": "main effect", "trick": trick, "factor": trick, "level": trick} for trick in TRICKS]
        for first, second in combinations(TRICKS, 2):
            decided = (first, second, dataset) == ("relu", "dropout", "digits")
            verdict = "helps" if decided else "equivalent" if dataset == "moons" else "undecided"
            low, high = (0.02, 0.06) if decided else (-0.004, 0.004) if dataset == "moons" else (-0.03, 0.05)
            pair = {"trick": f"{first} × {second}", "factor": first, "level": first, "second_factor": second, "second_level": second}
            effects.append(here | pair | {"kind": "interaction", "difference": (low + high) / 2, "low": low, "high": high, "verdict": verdict})
            place = {"design": "full-factorial", "trick": first, "second_trick": second, "dataset": dataset, "metric": "accuracy"}
            sentence = f"{first} helps only with {second} (+0.040; without it +0.001)" if decided else f"{first} and {second}: {verdict}"
            told.append(place | {"sentence": sentence, "verdict": verdict, "difference": (low + high) / 2, "low": low, "high": high, "aliases": ""})
            for one, other in ((True, True), (True, False), (False, True), (False, False)):
                mean = 0.8 + 0.01 * one + 0.02 * other + 0.04 * (one and other and decided)
                cells.append(place | {"with_first": one, "with_second": other, "mean": mean, "low": mean - 0.01, "high": mean + 0.01, "seeds": 10})
            simple += [
                here | pair | {"kind": "simple effect", "trick": f"{first} {condition} {second}", "of": pair["trick"], "condition": condition}
                for condition in ("without", "with")
            ]
    names = ("effects", "interactions", "cells", "simple_effects")
    return dict(zip(names, map(pd.DataFrame, (effects, told, cells, simple)), strict=True))


def sources(tricks: tuple[str, ...] = TRICKS) -> pd.DataFrame:
    """The split matters most, the masks only to dropout; and the score of one arm."""
    rows = []
    for kind, trick in (*(("difference", trick) for trick in tricks), ("score", "baseline")):
        here = {
            "design": "add-one-in" if kind != "score" else "",
            "kind": kind,
            "trick": trick,
            "dataset": "digits",
            "metric": "accuracy",
            "seeds": 8,
        }
        for source, share in {"split": 0.71, "weights": 0.3, "order": 0.12, "masks": 0.2 if trick == "dropout" else 0.0}.items():
            rows.append(here | {
                "source": source, "variance": 4e-4 * share, "share": share, "share_low": share / 2, "share_high": min(1.0, 1.6 * share),
                "recommendation": "", "note": "",
            })  # fmt: skip
        advice = "71 % [36, 100] of the variance of this difference comes from the split: replicate splits."
        rows.append(
            here | {"source": "all", "variance": 4e-4, "share": 1.0, "share_low": 1.0, "share_high": 1.0, "recommendation": advice, "note": ""}
        )
    return pd.DataFrame(rows)


TUNING = {"trials": 8, "space": {"learning_rate": [1e-4, 1.0], "dropout.rate": [0.0, 0.8]}, "seeds": 2, "repeat": False}


def trials(arms: tuple[str, ...] = ("baseline", "baseline + adam", "baseline + dropout"), dataset: str = "digits") -> pd.DataFrame:
    """Eight trials an arm; the largest rate diverges, dropout has a rate of its own, adam's choice is at an edge."""
    rows = []
    for arm in arms:
        best = 1 if "adam" in arm else 5
        for trial, rate in enumerate(np.geomspace(1e-4, 1, 8), 1):
            rows.append({
                "arm": arm, "dataset": dataset, "trial": trial, "replicate": -1, "learning_rate": rate,
                "dropout.rate": 0.1 * trial if "dropout" in arm else NAN, "score": 0.1 if trial == 8 else 0.9 - 0.02 * abs(trial - best),
                "status": "diverged" if trial == 8 else "done", "chosen": trial == best, "at_edge": trial in (1, 8), "metric": "accuracy", "seeds": 2,
                "seconds": 0.5,
            })  # fmt: skip
    return pd.DataFrame(rows)


def sensitivity() -> pd.DataFrame:
    """One arm's plateau."""
    return pd.DataFrame(
        [{"arm": "baseline", "dataset": "digits", "metric": "accuracy", "hyperparameter": "learning_rate", "best": 0.0193, "low": 0.005,
          "high": 0.072, "share": 0.375, "at_edge": False}]
    )  # fmt: skip


def budgets() -> pd.DataFrame:
    """Adam helps with one trial and is equivalent with eight; dropout stays undecided."""
    rows = []
    for trick, verdicts in (("adam", ("helps", "undecided", "equivalent")), ("dropout", ("undecided",) * 3)):
        for budget, verdict in zip((1, 4, 8), verdicts, strict=True):
            mean = {"helps": 0.08, "undecided": 0.02, "equivalent": 0.001}[verdict]
            rows.append(dict(zip(KEY, ("add-one-in", "difference", trick, "digits", "accuracy"), strict=True)) | {
                "budget": budget, "difference": mean, "low": mean - 0.006, "high": mean + 0.006, "verdict": verdict, "flips": trick == "adam",
                "confidence": 0.975, "note": "",
            })  # fmt: skip
    return pd.DataFrame(rows)


def looks(count: int = 3) -> pd.DataFrame:
    """Relu is decided at the first look, adam at the second, l2 never."""
    rows = []
    for trick, decided in (("relu", 1), ("adam", 2), ("l2", 99)):
        for look in range(1, min(decided, count) + 1):
            verdict, mean = ("helps", 0.05) if look == decided else ("undecided", 0.01)
            rows.append(dict(zip(KEY, ("add-one-in", "difference", trick, "digits", "accuracy"), strict=True)) | {
                "look": look, "seeds": 5 * look, "confidence": 0.998, "difference": mean, "low": mean - 0.02, "high": mean + 0.02, "verdict": verdict,
            })  # fmt: skip
    return pd.DataFrame(rows)


def remedies() -> pd.DataFrame:
    """The baseline overfits on digits, where dropout works and l1 spoils the training result; it is good on moons."""
    spoilt = "spoilt the training result"
    said = {
        "baseline + dropout": ("digits", "overfitting", "good", "dropout", True, "worked", 0.04, "helps"),
        "baseline + l1": ("digits", "overfitting", "bad on training: not learning", "regularisation", True, spoilt, -0.4, "hurts"),
        "baseline + early stopping": ("moons", "good", "good", "early stopping", False, "not needed", 0.001, "equivalent"),
    }
    names = ("dataset", "before", "after", "remedy", "fits", "worked", "difference", "verdict")
    rows = [{"arm": arm, "reference": "baseline"} | dict(zip(names, values, strict=True)) for arm, values in said.items()]
    frame = pd.DataFrame(rows)
    return frame.assign(low=frame["difference"] - 0.005, high=frame["difference"] + 0.005)


def costs(arms: tuple[str, ...] = ("baseline", "baseline + adam", "baseline + dropout", "full")) -> pd.DataFrame:
    """Each arm is twice as fast as the one before; dropout reaches the target in 3 of 10 runs."""
    rows = []
    for dataset in ("digits", "moons"):
        for place, arm in enumerate(arms):
            reached = 3 if "dropout" in arm else 10
            epochs = 64 / 2**place if reached == 10 else INF
            rows.append({
                "arm": arm, "dataset": dataset, "metric": "accuracy", "target": 0.9, "runs": 10, "reached": reached, "median_epochs": epochs,
                "median_updates": 12 * epochs, "median_seconds": 0.01 * epochs, "seconds_per_run": 0.64,
                "note": "where the baseline ends",
            })  # fmt: skip
    return pd.DataFrame(rows)
