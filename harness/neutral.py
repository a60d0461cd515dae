"""What stands in a slot that a recipe leaves empty: members that do nothing, so that the loop needs no branches."""

from __future__ import annotations

from .arrays import Key, Matrix, Real, Vector
from .kernel import Kernel, kernel

NONE = "none"
"""How a recipe leaves a slot empty."""


@kernel
def _no_gradient(weights: Vector, strength: Real, gradient: Vector) -> None:
    pass


@kernel
def _no_step(weights: Vector, strength: Real, learning_rate: Real) -> None:
    pass


@kernel
def _no_mask(key: Key, step: int, layer: int, rate: float, mask: Matrix) -> None:
    pass


class NoPenalty:
    """A price of nothing."""

    add_gradient: Kernel = _no_gradient
    after_update: Kernel = _no_step

    def value(self, weights: Vector, strength: Real) -> float:
        """Zero."""
        del weights, strength
        return 0.0


class NoDropout:
    """Nothing is dropped; the loop never asks for a mask, since all rates are 0."""

    draw: Kernel = _no_mask

    def test_scale(self, rate: float) -> float:
        """One."""
        del rate
        return 1.0
