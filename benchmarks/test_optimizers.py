"""Every optimiser's implementations against each other, on the same parameters in one run: `tox -e bench`."""

import numpy as np
import pytest

from trickbench.harness import registry
from trickbench.harness.families import Optimizer
from trickbench.harness.training import callable_of

FOUND = [found for found in registry.implementations().values() if found.technique.family == "optimizer"]


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.name)
def test_an_update_of_a_hundred_thousand_parameters(benchmark, found):
    benchmark.group = found.technique.name
    random = np.random.default_rng(0)
    parameters, gradient = (random.normal(size=100_000).astype(np.float32) for _ in range(2))
    member = found.create()
    state = np.zeros((member.state_rows, parameters.size), np.float32)
    hyperparameters = np.array([bounds.default for bounds in found.technique.hyperparameters.values()], np.float32)
    update = callable_of(member.update, Optimizer.update, parameters.dtype)
    benchmark(update, parameters, gradient, state, hyperparameters, 1)
    assert np.isfinite(parameters).all()
