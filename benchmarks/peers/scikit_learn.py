"""scikit-learn's `MLPClassifier` in two processes of joblib's, which stay alive, with one BLAS thread each.

Inputs are float32, which it then computes in; checks of inputs and parameters are off, as is stopping early. Its initial weights, Glorot's by
default, are He's here, as everybody's: on a small network they make a difference of a point. It has neither dropout nor Maxout.
Measured after every epoch it is driven by `partial_fit`, which is one epoch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .peer import Peer, Trainer
from .works import BETA1, BETA2, CLASSES, EPSILON, LEARNING_RATE, Work, parts

WORKERS = 2


def prepare(work: Work, runs: Sequence[int]) -> Trainer:
    """The workers are started and have imported everything when the first runs are done."""
    from joblib import Parallel, delayed

    data = {run: [(part.inputs, part.labels) for part in parts(run).values()] for run in runs}
    pool = Parallel(n_jobs=WORKERS, backend="loky", inner_max_num_threads=1, batch_size=1)
    pool.__enter__()
    return lambda runs: list(pool(delayed(train)(work, data[run], run) for run in runs))


def train(work: Work, data: list[Any], run: int) -> float:
    """One run's test accuracy."""
    import warnings

    import numpy as np
    import sklearn
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.metrics import log_loss
    from sklearn.neural_network import MLPClassifier

    class Network(MLPClassifier):
        def _init_coef(self, fan_in: int, fan_out: int, dtype: Any) -> tuple[Any, Any]:
            weights = self._random_state.normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out))
            return weights.astype(dtype), np.zeros(fan_out, dtype)

    network = Network(
        work.hidden, alpha=0.0, batch_size=work.batch, learning_rate_init=LEARNING_RATE, max_iter=work.epochs, random_state=run, tol=0.0,
        n_iter_no_change=work.epochs + 1, beta_1=BETA1, beta_2=BETA2, epsilon=EPSILON,
    )  # fmt: skip
    with sklearn.config_context(assume_finite=True, skip_parameter_validation=True), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # that it did all its epochs
        if not work.measured:
            return float(network.fit(*data[0]).score(*data[2]))
        scores: list[tuple[float, float]] = []
        for _ in range(work.epochs):
            network.partial_fit(*data[0], classes=range(CLASSES))
            for inputs, labels in data:
                chances = network.predict_proba(inputs)
                scores.append((float(log_loss(labels, chances, labels=range(CLASSES))), float((chances.argmax(axis=1) == labels).mean())))
        return scores[-1][1]


PEERS = (
    Peer(
        "scikit-learn, 2 processes", prepare, ("sklearn", "joblib"), processes=1, threads=1, stack=0,
        cannot=lambda work: "it has no dropout" if work.dropout else "it has no Maxout" if work.pieces > 1 else "",
    ),
)  # fmt: skip
