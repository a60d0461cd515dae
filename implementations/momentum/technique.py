"""Momentum: each movement keeps a share of the last one, so consistent gradients gather speed and oscillating ones cancel.

    v ← λ v − η g        θ ← θ + v

| symbol | argument        | range  |
|--------|-----------------|--------|
| θ      | `parameters`    |        |
| g      | `gradient`      |        |
| η      | `learning_rate` | (0, ∞) |
| λ      | `momentum`      | [0, 1) |

State: v, one row.

**Convention.** `learning_rate_in`: the learning rate enters the `velocity` (the lecture's form, above), or the `update` (PyTorch's form,
v ← λ v + g, θ ← θ − η v). Both walk the same path while η is constant and different ones when it changes.

References: Polyak 1964; Sutskever, Martens, Dahl and Hinton 2013, eqs. (1) and (2). Lecture: section Momentum, figures 14 and 15.
"""

from math import inf

from ...harness.technique import Convention, Range, Technique

TECHNIQUE = Technique(
    family="optimizer",
    hyperparameters={
        "learning_rate": Range(0, inf, default=0.1, low_open=True),
        "momentum": Range(0, 1, default=0.9, high_open=True),
    },
    conventions={"learning_rate_in": Convention("velocity", "update")},
    references=("Polyak 1964", "Sutskever, Martens, Dahl and Hinton 2013, eqs. (1) and (2)"),
)
