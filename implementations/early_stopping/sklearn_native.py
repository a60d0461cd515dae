"""Early stopping by scikit-learn's own bookkeeping, that of a network which is shown scores instead of being trained.

Its score should rise, ours falls. The best epoch travels as an intercept, since the network keeps a copy of its intercepts with the best score.
"""

from typing import Any, ClassVar

import numpy as np

from ...harness.adoption import require
from ...harness.arrays import Floats

networks = require("sklearn.neural_network._multilayer_perceptron", "MLPRegressor", "_update_no_improvement_count", "sample_weight_val")


class EarlyStopping:
    conventions: ClassVar = {"patience_counts": "epochs_tolerated"}
    departures: ClassVar = {
        "agreement.stopper.same-stop": "a tie and NaN start the count again",
        "conformance.stopper.nan-and-infinity": "a score of minus infinity is taken for the best",
        "early.patience-semantics": "a tie and NaN start the count again, and small gains raise what must be beaten by min_delta without doing so",
    }

    def __init__(self, *, patience: int = 10, min_delta: float = 0.0) -> None:
        self.patience, self.min_delta = patience, min_delta
        self._network = _network(patience, min_delta)

    def observe(self, epoch: int, score: float, parameters: Floats) -> bool:
        network = self._network
        network.coefs_, network.intercepts_ = [parameters], [np.array([epoch])]
        network._score = lambda *_data, **_weights: -score
        network._update_no_improvement_count(True, None, None, None)
        del network._score
        return network._no_improvement_count > network.n_iter_no_change

    def best(self) -> tuple[int, Floats] | None:
        if not hasattr(self._network, "_best_coefs"):
            return None
        return int(self._network._best_intercepts[0][0]), self._network._best_coefs[0].copy()


def _network(patience: int, min_delta: float) -> Any:
    """A network at the start of its training, as `_initialize` leaves it."""
    network = networks.MLPRegressor(early_stopping=True, n_iter_no_change=patience, tol=min_delta)
    network._no_improvement_count, network.best_validation_score_, network.validation_scores_ = 0, -np.inf, []
    return network
