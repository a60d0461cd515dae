"""Slips of the notes about momentum."""

import numpy as np

from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, close, erratum
from ...harness.probe import Probe
from ...harness.subject import OptimizerSubject


@claim("erratum.momentum-indices", kind="erratum", section="Momentum", about="momentum")
def the_first_movement_has_two_definitions(momentum: OptimizerSubject, _probe: Probe) -> Evidence:
    """A slip of indices: the notes define v¹ as -η∇L(θ⁰) and again as -η∇L(θ¹), call two movements v¹, and never compute θ¹. On L = θ²/2
    from θ⁰ = 1 with η = 0.1 the two are -0.1 and -0.09. Right is v¹ = -η∇L(θ⁰), θ¹ = θ⁰ + v¹, v² = -λη∇L(θ⁰) - η∇L(θ¹), θ² = θ¹ + v².
    """
    rate, decay = (np.longdouble(momentum.rounded(value)) for value in (0.1, 0.9))
    walk = momentum.walk(lambda theta, _step: theta, steps=2, start=1.0, learning_rate=0.1, momentum=0.9)
    first = float(walk.positions[1, 0] - walk.positions[0, 0])
    printed = -float(rate) * float(walk.positions[1, 0])
    exhibit = Case("L = θ²/2, θ⁰ = 1, η = 0.1: the movement from θ⁰ to θ¹", f"-η∇L(θ¹) = {printed:.4g}", f"{first:.4g}")
    one = 1 - rate
    right = [1, one, one - decay * rate - rate * one]
    # each position is rounded twice, its movement three times, all of them at sizes of at most 1
    corrected = close(walk.positions[:, 0], np.array(right, np.float64), ulps=4, scale=1, given="θ⁰, θ¹, θ² of L = θ²/2 from 1, η = 0.1, λ = 0.9;")
    return erratum(exhibit, abs(first - printed) > 0.005, corrected, first_movement=first, as_printed=printed)
