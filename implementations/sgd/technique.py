"""Gradient descent: a step against the gradient, as long as the learning rate says.

    θ ← θ − η g

| symbol | argument        | range  |
|--------|-----------------|--------|
| θ      | `parameters`    |        |
| g      | `gradient`      |        |
| η      | `learning_rate` | (0, ∞) |

State: none.

References: Cauchy 1847; Robbins and Monro 1951, for gradients of mini-batches. Lecture: section Recipe of Deep Learning.
"""

from math import inf

from ...harness.technique import Range, Technique

TECHNIQUE = Technique(
    family="optimizer",
    hyperparameters={"learning_rate": Range(0, inf, default=0.1, low_open=True)},
    references=("Cauchy 1847", "Robbins and Monro 1951"),
)
