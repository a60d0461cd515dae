"""Where a claim about data has its networks trained: a study as data goes in, its runs come out; or one training is followed from within.

Nothing is stored: a study of a claim is small, and the same seeds give the same bits again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from . import registry
from .arrays import Floats
from .dataset import Part, Split
from .execution import execute, perform, splits
from .metrics import DEFAULT, metric_for
from .network import Network, weight_matrices
from .outcome import Outcome
from .planned import plan
from .planning import Job
from .recipe import Recipe, resolve
from .replication import Streams
from .study import Limits, Study
from .training import Run, train

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Look:
    """A training after some epochs; epoch 0 is before the first."""

    epoch: int
    parameters: Floats
    """A copy of all of them, weights first."""
    shape: Network
    figures: Mapping[str, float]
    """The epoch's row of the history: losses, metrics, norms; empty for epoch 0."""

    @property
    def weights(self) -> list[Floats]:
        """Each layer's weights (inputs, pre-activations)."""
        return list(weight_matrices(self.shape, self.parameters))


@dataclass(frozen=True)
class Laboratory:
    """Trains networks. `training` may be replaced by a faulty loop, so that claims about the loop can be shown to fail."""

    workers: int = 1
    training: Callable[..., Outcome] = train

    def runs(self, study: Mapping[str, Any]) -> pd.DataFrame:
        """Every run of a study given as data (the keys of a study file), one row each.

        Columns: arm, dataset, seed, status, message, recipe, epochs, best_epoch, the figures of the parameters that the run returns, and
        `history`, its epochs as a table. Where the study has its arms tuned, they are, and `recipe` has the values.
        """
        import pandas as pd

        planned = plan(Study(**study))
        if planned.trials:
            tried = self._outcomes(planned.trials, planned.study.limits)
            planned = planned.with_values({key: outcome.validated for key, outcome in tried.items()})
        jobs = [job for job in planned.jobs if not job.purpose]
        outcomes = self._outcomes(jobs, planned.study.limits)
        done = [(job, outcomes[job.key]) for job in jobs]
        rows = [
            {"arm": job.arm, "dataset": job.dataset, "seed": job.seed, "status": outcome.status, "message": outcome.message}
            | {"recipe": job.recipe, "epochs": outcome.epochs, "best_epoch": outcome.best_epoch, "history": _history(outcome)}
            | dict(outcome.figures or {})
            for job, outcome in done
        ]
        return pd.DataFrame(rows).sort_values(["dataset", "seed", "arm"], ignore_index=True)

    def _outcomes(self, jobs: list[Job], limits: Limits) -> dict[str, Outcome]:
        """What each of them gives, by key; runs that are the same are made once. Raises `RuntimeError` where one fails."""
        distinct = list({job.key: job for job in jobs}.values())
        here = [job for job in distinct if not job.isolated]
        done = [*execute(here, self.workers, limits), *((job, perform(job)) for job in distinct if job.isolated)]
        broken = [outcome.message for _, outcome in done if outcome.status in ("failed", "timeout")]
        if broken:
            raise RuntimeError(f"{len(broken)} of {len(done)} trainings failed: {broken[0]}")
        return {job.key: outcome for job, outcome in done}

    def follow(self, recipe: Mapping[str, Any], dataset: str, seed: int, epochs: int, every: int = 1) -> Iterator[Look]:
        """One training, looked at before the first epoch and after each, or every so many; it ends early where it diverges or stops."""
        task = registry.dataset(dataset).task()
        resolved = resolve(Recipe.model_validate(recipe), task)
        run = Run(resolved, self.split(dataset, seed, resolved.dtype.name), seed, metric_for(task, DEFAULT[task]))
        yield Look(0, run.progress.parameters.copy(), run.shape, {})
        for epoch in range(1, epochs + 1):
            with np.errstate(all="ignore"):
                going = run.epoch()
            if epoch % every == 0 or not going:
                figures = dict(zip(run.columns, run.history[-1], strict=True))
                yield Look(epoch, run.progress.parameters.copy(), run.shape, figures)
            if not going:
                return

    def train(self, recipe: Mapping[str, Any], split: Split, seed: int | Streams, epochs: int) -> Outcome:
        """One training on given rows by the loop under test; with `Streams`, each source of randomness has a seed of its own."""
        return self.training(resolve(Recipe.model_validate(recipe), split.task), split, seed, epochs, metric_for(split.task, DEFAULT[split.task]))

    @staticmethod
    def differences(runs: pd.DataFrame, column: str, arm: str, reference: str) -> Floats:
        """One arm minus another, paired by dataset and seed. A run that diverged counts with what it last had."""
        wide = runs.pivot_table(index=["dataset", "seed"], columns="arm", values=column, dropna=False)
        return (wide[arm] - wide[reference]).to_numpy(np.float64)

    @staticmethod
    def split(dataset: str, seed: int, dtype: str = "float64") -> Split:
        """The training, validation and test rows of one seed."""
        return splits(dataset, seed, dtype)

    @staticmethod
    def with_other_test_rows(split: Split, inputs: Any, targets: Any) -> Split:
        """The same split with its test rows replaced."""
        return replace(split, test=Part(inputs, targets))


def _history(outcome: Outcome) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(outcome.history, columns=list(outcome.columns))
