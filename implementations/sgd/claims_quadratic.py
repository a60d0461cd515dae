"""Plain descent on a quadratic: which learning rates lower the loss, and which raise it.

Many quadratics are walked at once, side by side in one parameter vector: problem k has a random basis and curvatures up to L = share · 2/η.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Evidence, all_of, below
from ...harness.probe import Probe
from ...harness.subject import OptimizerSubject

SIZE, STEPS = 4, 25
BELOW = (1e-6, 0.03, 0.4, 0.5, 0.8, 0.99, 0.9999)
ABOVE = (1.001, 1.1, 2.0, 30.0)
ROUNDS, CANDIDATES = 5, 60


@dataclass(frozen=True)
class Bowls:
    """Quadratics x'Ax/2: matrices (problems, SIZE, SIZE), the largest curvature of each and the direction that has it."""

    matrices: Floats
    steepest: Floats
    along: Floats

    def losses(self, positions: Floats) -> Floats:
        """Each problem's loss at positions (steps, problems * SIZE)."""
        x = self.split(positions)
        return np.einsum("tki,kij,tkj->tk", x, self.matrices, x) / 2

    def gradient(self, position: Floats, _step: int = 0) -> Floats:
        """All problems' gradients, in full batch."""
        return np.einsum("kij,kj->ki", self.matrices, position.astype(np.float64).reshape(-1, SIZE)).ravel()

    def split(self, positions: Floats) -> Floats:
        """Positions (steps, problems, SIZE) in float64."""
        return positions.astype(np.float64).reshape(len(positions), -1, SIZE)


def _bowls(random: np.random.Generator, steepest: Floats) -> Bowls:
    bases = np.linalg.qr(random.normal(size=(len(steepest), SIZE, SIZE)))[0]
    shares = np.concatenate([np.ones((len(steepest), 1)), 10 ** random.uniform(-4, 0, (len(steepest), SIZE - 1))], axis=1)
    matrices = np.einsum("kij,kj,klj->kil", bases, shares * steepest[:, np.newaxis], bases)
    return Bowls((matrices + matrices.transpose(0, 2, 1)) / 2, steepest, bases[:, :, 0])


@claim("descent.right-rate", kind="bound", section="Adaptive Learning Rate", about=("sgd", "momentum"))
def the_loss_falls_below_twice_the_inverse_curvature(optimizer: OptimizerSubject, probe: Probe) -> Evidence:
    """Plain descent (momentum at λ = 0) on a quadratic of largest curvature L, in full batch: the loss never rises for 0 < η < 2/L, and
    rises at every step along the steepest direction for η > 2/L.
    """
    random, parts = probe.random("bowls"), []
    for rate in (0.1, 7.0):
        exact = optimizer.rounded(rate)
        starts = 10 ** random.uniform(-4, 4, (3 * len(BELOW), 1)) * random.normal(size=(3 * len(BELOW), SIZE))
        bowls = _bowls(random, np.repeat(BELOW, 3) * 2 / exact)
        starts[::3] = 50 * bowls.along[::3]
        parts.append(_never_rises(optimizer, bowls, starts, rate))
        parts.append(_rises(optimizer, _bowls(random, np.array(ABOVE) * 2 / exact), rate))
    return all_of(*parts, _searched(optimizer, random))


def _walk(optimizer: OptimizerSubject, bowls: Bowls, starts: Floats, rate: float, steps: int) -> Floats:
    plain: dict[str, Any] = {"momentum": 0.0} if optimizer.technique == "momentum" else {}
    return optimizer.walk(bowls.gradient, steps=steps, start=starts.ravel(), learning_rate=rate, **plain).positions


def _room(bowls: Bowls, positions: Floats) -> Floats:
    """A position is off by a unit of its own size and of the movement's, at most twice as long; the loss changes by slope times that."""
    sizes = np.linalg.norm(bowls.split(positions), axis=2)
    return bowls.steepest * (sizes[1:] + sizes[:-1]) * (sizes[1:] + 2 * sizes[:-1])


def _never_rises(optimizer: OptimizerSubject, bowls: Bowls, starts: Floats, rate: float) -> Evidence:
    positions = _walk(optimizer, bowls, starts, rate, STEPS)
    losses = bowls.losses(positions)

    def given(at: tuple[int, ...]) -> str:
        share = bowls.steepest[at[1]] * optimizer.rounded(rate) / 2
        return f"η = {rate} = {share:.6g} · 2/L, {SIZE} dimensions, start {_short(starts[at[1]])}: loss after step {at[0] + 1} against the one before"

    return below(losses[1:], losses[:-1], ulps=1, scale=_room(bowls, positions), eps=optimizer.eps, given=given)


def _rises(optimizer: OptimizerSubject, bowls: Bowls, rate: float) -> Evidence:
    """Along the steepest direction the loss is multiplied by (1 - ηL)²; the smallest growth asked for is half of that excess."""
    growth = (1 - optimizer.rounded(rate) * bowls.steepest) ** 2
    losses = bowls.losses(_walk(optimizer, bowls, bowls.along, rate, 8))

    def given(at: tuple[int, ...]) -> str:
        return f"η = {rate} = {bowls.steepest[at[1]] * rate / 2:.4g} · 2/L along the steepest direction: least growth of the loss at step {at[0] + 1}"

    return below(losses[:-1] * (1 + (growth - 1) / 2), losses[1:], ulps=0, eps=optimizer.eps, given=given)


def _searched(optimizer: OptimizerSubject, random: np.random.Generator) -> Evidence:
    """A climb for a rise of the loss, over start and curvatures: the best tenth of the candidates is varied, round after round."""
    shares, starts = random.uniform(0, 0.9999, CANDIDATES), random.normal(size=(CANDIDATES, SIZE))
    seed, parts = int(random.integers(2**31)), []
    for round_ in range(ROUNDS):
        bowls = _bowls(np.random.default_rng(seed), shares * 2 / optimizer.rounded(0.3))
        positions = _walk(optimizer, bowls, starts, 0.3, 1)
        losses = bowls.losses(positions)
        parts.append(_never_rises(optimizer, bowls, starts, 0.3))
        best = np.argsort(-(losses[1] - losses[0]) / losses[0])[: CANDIDATES // 10]
        chosen = np.resize(best, CANDIDATES)
        shares = np.clip(shares[chosen] + random.normal(scale=0.1 / (round_ + 1), size=CANDIDATES), 1e-6, 0.9999)
        starts = starts[chosen] + random.normal(scale=0.3 / (round_ + 1), size=starts.shape)
    return all_of(*parts)


def _short(values: Floats) -> str:
    return "(" + ", ".join(f"{value:.3g}" for value in values) + ")"
