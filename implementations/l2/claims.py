"""What the lecture claims of L2."""

import numpy as np

from ...harness.claim import claim
from ...harness.evidence import Evidence, close
from ...harness.probe import Probe
from ...harness.subject import PenaltySubject


@claim("l2.gradient", kind="identity", section="Regularization")
def the_gradient_grows_by_strength_times_weight(l2: PenaltySubject, probe: Probe) -> Evidence:
    """∂L'/∂w = ∂L/∂w + λw: the penalty adds to the gradient that is there, whatever its size."""
    weights, before = probe.magnitudes(201, -6, 6), probe.magnitudes(201, -3, 3, purpose="gradient")
    after = l2.gradient(weights, 0.3, before)
    term = l2.rounded(0.3) * weights.astype(np.float64)
    # one product and one sum, half a unit each
    return close(after, before + term, ulps=1, scale=np.abs(before) + np.abs(term), given=lambda at: f"w = {weights[at]}, gradient {before[at]}")
