"""The sentences around the answer: the study's size, what is missing, what went wrong, and how to repeat it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .result import RUN_COLUMNS, Result, Study, with_columns
from .words import counted, duration, listed, numbers

if TYPE_CHECKING:
    from pandas import DataFrame


def facts(result: Result, runs: DataFrame) -> str:
    """How large the study is, in the words of the command line where the result has them."""
    study, arms = result.study, runs["arm"].nunique()
    few = "up to " if len(runs) < arms * len(study.datasets) * len(study.seeds) else ""
    size = f"{counted(arms, 'arm')} × {counted(len(study.datasets), 'dataset')} × {few}{counted(len(study.seeds), 'seed')}"
    compared = f"{counted(len(runs), 'run')} of up to {counted(study.epochs, 'epoch')}"
    return f"{size}: {getattr(result, 'size', compared)}"


def noun(result: Result) -> str:
    """What the rows of `runs` are called: those that are compared, where a study has others too."""
    return "run" if getattr(result, "compares_all", True) else "compared run"


def partial(runs: DataFrame, called: str = "run") -> str:
    """Why the result is partial, with counts; empty when every run ended by itself."""
    if runs.empty:
        return "This result is empty: it holds no run."
    parts = _counted(runs, {"pending": "not run yet", "failed": "failed", "timeout": "ran out of time"})
    return f"This result is partial: of {counted(len(runs), called)}, {parts}. Verdicts rest on the runs that ended by themselves." if parts else ""


def selection(study: Study, shown: int) -> str:
    """That `--only` left comparisons out; empty where it did not. `shown` are the comparisons in the report."""
    left = len(getattr(study, "left_out", ())) * len(study.datasets)
    if not left:
        return ""
    return (
        f"Of the study's {counted(shown + left, 'comparison')} this report shows {shown:,} (--only). Results of the others that are stored stay "
        "stored, and come back with the command without --only."
    )


def incidents(runs: DataFrame, called: str = "run") -> str:
    """How many runs diverged, failed or ran out of time."""
    parts = _counted(runs, {"diverged": "diverged", "failed": "failed", "timeout": "ran out of time"})
    if not parts:
        return "No run diverged, failed or ran out of time."
    ended = set(runs["status"])
    rules = [diverged_score(runs["metric"])] if "diverged" in ended else []
    rules += ["A run without a score takes no part in any comparison."] if ended & {"failed", "timeout"} else []
    return f"Of {counted(len(runs), called)}, {parts}. {' '.join(rules)}"


def diverged_score(metrics: Iterable[object]) -> str:
    """What a diverged run scores, by the metrics that there are."""
    there = {str(metric) for metric in metrics}
    bounded, loss = "what a constant prediction scores on its test rows", "worse than every other"
    if there == {"loss"}:
        return f"A diverged run has an infinite loss: it is {loss}."
    return f"A diverged run scores {bounded}{f'; where the metric is the loss, it is {loss}' if 'loss' in there else ''}."


def _counted(runs: DataFrame, words: dict[str, str]) -> str:
    counts = runs["status"].value_counts()
    parts = [f"{counts[status]:,} {word}" for status, word in words.items() if counts.get(status)]
    return listed(parts) if parts else ""


def reproduction(result: Result) -> list[str]:
    """Seeds, datasets, how seeds were added, and the time it took."""
    sequential = getattr(result.study, "sequential", None) or {}
    most = f", {sequential['most']} seeds at most" if sequential.get("most") else ""
    seconds, spent = result.seconds, float(with_columns(result.runs, RUN_COLUMNS)["seconds"].sum())
    total, compilation = (duration(seconds.get(part, float("nan"))) for part in ("total", "compilation"))
    return [
        f"Seeds: {numbers(result.study.seeds)}. Datasets: {listed(result.study.datasets)}.",
        *([f"Seeds were added until comparisons were decided{most}."] if sequential else []),
        f"Time: {total} in all, {compilation} of it for compilation; the runs add up to {duration(spent)}.",
    ]
