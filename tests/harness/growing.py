"""Studies to which seeds are added, and made-up results for them."""

import numpy as np
import pandas as pd

from trickbench.harness.ablation import plan
from trickbench.harness.inference.sequential import Sequential
from trickbench.harness.planning import Job
from trickbench.harness.study import Study
from trickbench.harness.until_decided import Growth


def study(**changes) -> Study:
    baseline = {"activation": "sigmoid", "optimizer": "sgd[learning_rate=0.1]", "initializer": "glorot", "hidden": [4]}
    factors = {"activation": {"relu": {"activation": "relu"}}, "dropout": {"on": {"dropout": "dropout[rate=0.2]"}}}
    keys = {"question": "Does it help?", "datasets": ["iris", "wine"], "seeds": [7, 3], "epochs": 1, "baseline": baseline, "factors": factors}
    return Study(**(keys | changes))


def growing(most: int | None = 30, **changes) -> Growth:
    asked = study(**changes)
    return Growth(asked, plan(asked).contrasts, Sequential(most))


def runs(jobs: list[Job], gains: dict, status=lambda job: "done") -> pd.DataFrame:
    """Made-up results: an arm gains so much on a dataset, with noise of standard deviation 1 that depends on arm, dataset and seed alone."""
    rows = [(job.key, job.arm, job.dataset, job.task, job.metric, job.seed, status(job), gains.get((job.arm, job.dataset), 0)) for job in jobs]
    frame = pd.DataFrame(rows, columns=["run", "arm", "dataset", "task", "metric", "seed", "status", "test_metric"])
    frame["test_metric"] += [float(np.random.default_rng(list(f"{job.arm}{job.dataset}{job.seed}".encode())).standard_normal()) for job in jobs]
    frame["test_metric"] *= 0.01
    return frame.assign(chance_metric=0.0, parameters_digest=frame["run"])


def grow(growth: Growth, gains: dict, **how) -> pd.DataFrame:
    frame = runs(growth.jobs(), gains, **how)
    while growth.look(frame):
        frame = runs(growth.grown(growth.jobs()), gains, **how)
    return frame
