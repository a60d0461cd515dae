"""The sentences around the answer: the study's size, what is missing, what went wrong, how to repeat it, and the method with its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .result import RUN_COLUMNS, Result, Study, with_columns
from .words import counted, duration, listed, numbers

if TYPE_CHECKING:
    from pandas import DataFrame


def facts(study: Study, runs: DataFrame) -> str:
    """How large the study is."""
    size = f"{counted(runs['arm'].nunique(), 'arm')} × {counted(len(study.datasets), 'dataset')} × {counted(len(study.seeds), 'seed')}"
    return f"{size}: {counted(len(runs), 'run')} of up to {counted(study.epochs, 'epoch')}"


def partial(runs: DataFrame) -> str:
    """Why the result is partial, with counts; empty when every run ended by itself."""
    if runs.empty:
        return "This result is empty: it holds no run."
    parts = _counted(runs, {"pending": "not run yet", "failed": "failed", "timeout": "ran out of time"})
    return f"This result is partial: of {counted(len(runs), 'run')}, {parts}. Verdicts rest on the runs that ended by themselves." if parts else ""


def incidents(runs: DataFrame) -> str:
    """How many runs diverged, failed or ran out of time."""
    parts = _counted(runs, {"diverged": "diverged", "failed": "failed", "timeout": "ran out of time"})
    if not parts:
        return "No run diverged, failed or ran out of time."
    ended = set(runs["status"])
    rules = ["A diverged run scores what a constant prediction scores."] if "diverged" in ended else []
    rules += ["A run without a score takes no part in any comparison."] if ended & {"failed", "timeout"} else []
    return f"Of {counted(len(runs), 'run')}, {parts}. {' '.join(rules)}"


def _counted(runs: DataFrame, words: dict[str, str]) -> str:
    counts = runs["status"].value_counts()
    parts = [f"{counts[status]:,} {word}" for status, word in words.items() if counts.get(status)]
    return listed(parts) if parts else ""


def reproduction(result: Result) -> list[str]:
    """Seeds, datasets, and the time it took."""
    seconds, spent = result.seconds, float(with_columns(result.runs, RUN_COLUMNS)["seconds"].sum())
    total, compilation = (duration(seconds.get(part, float("nan"))) for part in ("total", "compilation"))
    return [
        f"Seeds: {numbers(result.study.seeds)}. Datasets: {listed(result.study.datasets)}.",
        f"Time: {total} in all, {compilation} of it for compilation; the runs add up to {duration(spent)}.",
    ]


def method(study: Study, effects: DataFrame) -> list[str]:
    """How the verdicts come about, and what they cannot say."""
    pairs = (
        "Arms are compared in pairs of runs of the same seed. These share the split into training, validation and test rows, the batch order, "
        "the dropout masks and, where the networks have the same shape, the initial weights. A difference is the mean over the pairs, oriented "
        "so that positive is better."
    )
    interval = (
        f"The interval is Student's t at 95 % over {counted(len(study.seeds), 'seed')}. A trick helps where it lies above zero and hurts where it "
        "lies below; otherwise no difference can be detected, which does not show that there is none."
    )
    estimand = (
        "An interval speaks of one dataset: of fresh splits of its rows and fresh initial weights. For a new dataset of the same kind, whose rows "
        "would be others too, it is too narrow."
    )
    scores = (
        "A diverged run scores what a constant prediction scores on its test rows. Scores are those of the parameters that a run returns, "
        "which under early stopping are those of its best epoch."
    )
    untuned = "Hyperparameters were not tuned for any arm: they are those of the study file, and a trick may do better or worse with others."
    return [pairs, interval, _many(effects), estimand, scores, untuned]


def _many(effects: DataFrame) -> str:
    judged = int((effects["low"].notna() & effects["high"].notna()).sum())
    if not judged:
        return "No comparison has an interval: that takes two finished pairs of runs, and without one every verdict is left open."
    return (
        f"Each interval stands alone at 95 %: nothing is corrected for their number. If no trick did anything, about {judged / 20:.1f} "
        f"of the {counted(judged, 'comparison')} would still be called helpful or harmful, by chance."
    )
