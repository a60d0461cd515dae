"""What the lecture claims of ReLU in a deep stack: the gradient does not vanish, where sigmoid's does."""

import numpy as np

from ...harness.claim import claim
from ...harness.evidence import Evidence, first_refuted
from ...harness.probe import Probe
from ...harness.stack import Stack, established, log_ratio
from ...harness.subject import ActivationSubject

MARGIN = 0.05
"""What counts as no change: a factor between 0.95 and 1.05 a layer."""


@claim("relu.no-depth-decay", kind="statistical", section="ReLU", figures=7, dtypes=("float64",))
def gradients_keep_their_size(relu: ActivationSubject, probe: Probe) -> Evidence:
    """At He initialisation the gradient keeps its size through 30 layers of 64: its mean log ratio a layer lies within ±0.05, where sigmoid in
    such a stack is below -1. Narrower layers drift downwards.
    """
    # Two one-sided tests, each at 1e-6, so that a false equivalence is held at most so often. Over 256 networks the ratio was -0.007 ± 0.017 (32
    # rows), and none of 200 000 samples of 32 drawn from these again failed; by the noncentral t distribution 1e-11 do. Sigmoid's was -1.15 ± 0.02
    # over 192 networks of 8 layers, which 16 fail to tell from -1 with a probability of 1e-26.
    ratios = _ratios(relu, probe, depth=30, rows=32, networks=32)
    other = _ratios(probe.reference("sigmoid"), probe, depth=8, rows=4, networks=16)
    parts = [
        established(ratios, above=-MARGIN, what="log ratio a layer over 30 layers"),
        established(ratios, below=MARGIN, what="log ratio a layer over 30 layers"),
        established(other, below=-1, what="log ratio a layer of sigmoid"),
    ]
    return first_refuted(*parts).note(false_refuted=1e-10, log_ratio=float(np.mean(ratios)), log_ratio_of_sigmoid=float(np.mean(other)))


def _ratios(activation: ActivationSubject, probe: Probe, *, depth: int, rows: int, networks: int) -> list[float]:
    fill = probe.reference("he").weights
    found = []
    for random in probe.random(f"depth {depth}").spawn(networks):
        stack = Stack.initialised(activation, fill, [64] * (depth + 2), random)
        found.append(log_ratio(stack.gradient_sizes(random.normal(size=(rows, 64)), random.normal(size=(rows, 64)))))
    return found
