"""What plain descent with L1 should give, in either form, computed in float64 or wider."""

from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.subject import PenaltySubject


def proximal(l1: PenaltySubject) -> bool:
    """Whether it takes its share off after the update instead of adding to the gradient."""
    return l1.conventions["form"] == "proximal"


def updated(l1: PenaltySubject, weights: Any, gradient: Any, strength: float, learning_rate: float) -> Any:
    """The weights after one update, for numbers as they are given."""
    price, rate = np.longdouble(l1.rounded(strength)), np.longdouble(l1.rounded(learning_rate))
    if not proximal(l1):
        return weights - rate * gradient - rate * price * np.sign(weights)
    moved = weights - rate * gradient
    return np.sign(moved) * np.maximum(np.abs(moved) - rate * price, 0)


def course(l1: PenaltySubject, start: Any, gradients: Any, strength: float, learning_rate: float) -> Floats:
    """The weights before the first update and after every one (steps + 1, weights)."""
    path = [l1.array(start)]
    for gradient in gradients:
        path.append(l1.descend(path[-1], gradient, strength, learning_rate))
    return np.array(path)


def few_digits(values: Floats) -> Floats:
    """The same with three significant digits, so that a counterexample can be typed in."""
    return np.array([float(f"{value:.2e}") for value in values], values.dtype)
