"""What the lecture claims of momentum."""

import numpy as np

from ...harness.claim import claim
from ...harness.evidence import Evidence, close
from ...harness.probe import Probe
from ...harness.subject import OptimizerSubject

STEPS = 50


@claim("momentum.weighted-sum", kind="identity", section="Momentum", figures=14, learning_rate_in="velocity")
def movement_is_the_weighted_sum_of_all_past_gradients(momentum: OptimizerSubject, probe: Probe) -> Evidence:
    """After t steps the movement is -η Σ λ^(t-1-i) gⁱ: old gradients count less and less, and none is forgotten."""
    gradients = probe.gradients(STEPS)
    learning_rate, decay = momentum.hyperparameters(learning_rate=0.03, momentum=0.8).values()
    walk = momentum.walk(gradients, from_zero=True, learning_rate=0.03, momentum=0.8)
    powers = [decay ** np.arange(t, -1, -1) for t in range(STEPS)]
    expected = np.array([-learning_rate * (power @ gradients[: t + 1].astype(np.float64)) for t, power in enumerate(powers)])
    # each step rounds two products and a sum within half a unit of the largest of them, and λ shrinks older roundings: 1.5 / (1 - λ) units
    largest = learning_rate * np.array([power @ np.abs(gradients[: t + 1]).astype(np.float64) for t, power in enumerate(powers)])
    return close(
        walk.movements, expected, ulps=1.5 / (1 - decay), scale=largest, given=lambda at: f"step {at[0] + 1} over {gradients[: at[0] + 1, at[1]]}"
    )


@claim("momentum.zero-is-sgd", kind="identity", section="Momentum")
def without_momentum_it_is_gradient_descent(momentum: OptimizerSubject, probe: Probe) -> Evidence:
    """λ = 0 is plain gradient descent."""
    gradients = probe.gradients(10)
    walk = momentum.walk(gradients, from_zero=True, learning_rate=0.03, momentum=0.0)
    expected = -momentum.rounded(0.03) * gradients.astype(np.float64)
    return close(walk.movements, expected, ulps=1)  # one product
