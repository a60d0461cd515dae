"""From runs to differences: a contrast on one dataset, block by block. A block is a dataset and a seed.

Two arms of one block share the split, the initial weights (where their shapes agree), the batch order and the masks, and differ in nothing but
their factors, so a contrast is taken within each: the weighted sum of its arms' scores. A diverged run scores what a constant prediction scores;
where the metric is the loss, it is worse than every other. A block with a failed or missing run is left out and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..inference.judgement import rounding
from ..metrics import METRICS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..arrays import Floats


class Blocks(NamedTuple):
    """A contrast on one dataset, seed by seed."""

    contrast: Mapping[str, Any]
    dataset: str
    task: str
    metric: str
    differences: Floats
    """Oriented so that positive is better; infinite where a loss diverged; exactly 0 where scores differ by rounding only."""
    scale: float
    """The size of what was subtracted: differences are rounded to `judgement.rounding(scale)`."""
    identical: bool
    """Whether arms ended with the same parameters in every block, as many with the trick as without."""
    diverged: tuple[int, ...]
    """Diverged runs in these blocks, of arms with the trick, and of those without; all of them in one number where no arm is either: each of the
    four cells of an interaction has two sides."""
    seeds: tuple[int, ...]
    """Of each difference."""
    left_out: int
    """Blocks of which a run has no result."""


def told_of_diverged(metric: str, *diverged: int) -> str:
    """How many runs diverged, counted as `Blocks` has them, and what they score; empty where none did."""
    scored = "are worse than every other" if METRICS[metric].compute is None else "score chance level"
    counted = [f"{count} {side}" for count, side in zip(diverged, ("with", "without") if len(diverged) > 1 else ("in all",), strict=True)]
    return f"diverged runs {scored} ({', '.join(counted)})" if any(diverged) else ""


def scores(runs: pd.DataFrame) -> pd.Series[float]:
    """What each run scores: its test metric; chance level if it diverged, and infinity where the metric has none; NaN if it has no result."""
    done, diverged = runs["status"] == "done", runs["status"] == "diverged"
    scored = runs["test_metric"].where(done).where(~diverged, runs["chance_metric"])
    unbounded = runs["metric"].isin([name for name, metric in METRICS.items() if metric.compute is None])
    return scored.mask(unbounded & (diverged | (done & scored.isna())), float("inf"))


def blocks(runs: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]]) -> list[Blocks]:
    """Every contrast on every dataset that has all of its arms. `runs` has a column `score`; contrasts are records of `design.Contrast`."""
    found: list[Blocks] = []
    for (dataset, task, metric), group in runs.groupby(["dataset", "task", "metric"], sort=False):
        table = _Table(group)
        whole = [contrast for contrast in contrasts if all(arm in table.arms for arm, _ in contrast["weights"])]
        found += [table.blocks(contrast, str(dataset), str(task), str(metric)) for contrast in whole]
    return found


class _Table:
    """The runs of one dataset as matrices (arms, seeds), so that a contrast is a weighted sum of rows."""

    def __init__(self, runs: pd.DataFrame) -> None:
        import pandas as pd

        arms, names = pd.factorize(runs["arm"])
        self.seeds, seeds = np.unique(runs["seed"].to_numpy(), return_inverse=True)
        self.arms = {str(name): row for row, name in enumerate(names)}
        shape, at = (len(names), len(self.seeds)), (arms, seeds)
        self.planned = np.zeros(shape, bool)
        self.planned[at] = True
        self.scores = np.full(shape, np.nan)
        self.scores[at] = runs["score"].to_numpy(np.float64)
        self.diverged = np.zeros(shape, bool)
        self.diverged[at] = (runs["status"] == "diverged").to_numpy()
        self.digests = np.full(shape, -1)
        if "parameters_digest" in runs:
            self.digests[at] = pd.factorize(runs["parameters_digest"].where(runs["parameters_digest"] != ""))[0]
        self.digests[self.diverged] = -1  # all NaN is not the same result

    def blocks(self, contrast: Mapping[str, Any], dataset: str, task: str, metric: str) -> Blocks:
        """The contrast in each complete block."""
        rows, weights = [self.arms[arm] for arm, _ in contrast["weights"]], np.array([weight for _, weight in contrast["weights"]], np.float64)
        complete = ~np.isnan(self.scores[rows]).any(axis=0)
        scored = (1.0 if METRICS[metric].higher_is_better else -1.0) * self.scores[rows][:, complete]
        differences, scale = weighted(weights, scored), _scale(weights, scored)
        differences[np.abs(differences) <= rounding(scale)] = 0.0
        sides = [weights != 0] if contrast["kind"] == "interaction" else [weights > 0, weights < 0]
        diverged = self.diverged[rows][:, complete].sum(axis=1)
        return Blocks(
            contrast, dataset, task, metric, differences, scale,
            identical=not differences.any() and _cancel(weights, self.digests[rows][:, complete]),
            diverged=tuple(int(diverged[side].sum()) for side in sides),
            seeds=tuple(self.seeds[complete].tolist()),
            left_out=int((self.planned[rows].all(axis=0) & ~complete).sum()),
        )  # fmt: skip


def weighted(weights: Floats, scored: Floats) -> Floats:
    """The sums over arms (arms,) @ (arms, seeds). Infinite scores are one number that grows without bound: two with opposite weights cancel."""
    finite = np.isfinite(scored)
    sums = (weights[:, None] * np.where(finite, scored, 0.0)).sum(axis=0)
    beyond = (weights[:, None] * np.where(finite, 0.0, np.sign(scored))).sum(axis=0)
    decisive = np.abs(beyond) > rounding(len(weights))
    sums[decisive] = np.copysign(np.inf, beyond[decisive])
    return sums


def _scale(weights: Floats, scored: Floats) -> float:
    """The largest finite score that is added up, times what the sum of so many of them adds to its rounding."""
    largest = float(np.abs(scored, where=np.isfinite(scored), out=np.zeros_like(scored)).max(initial=0.0))
    return largest * float(np.abs(weights).sum()) / 2 * len(weights) / 2


def _cancel(weights: Floats, digests: NDArray[np.int64]) -> bool:
    """Whether in every block the arms with the same parameters have weights that add up to 0; digests (arms, seeds), -1 where unknown."""
    if not digests.size or (digests < 0).any():
        return False
    return all(abs(weights[block == digest].sum()) <= rounding(len(weights)) for block in digests.T for digest in np.unique(block))
