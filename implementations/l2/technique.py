"""L2: a price on the square of every weight, which under plain descent takes the same share off each: weight decay.

    penalty (λ/2) Σ w²        ∂/∂w = λ w

| symbol | argument   | range  |
|--------|------------|--------|
| w      | `weights`  |        |
| λ      | `strength` | [0, ∞) |

Shapes: `weights` and `gradient` (weights,). The value is summed in float64. The norm is squared and halved, so that plain descent multiplies weights
by 1 − η λ; an adaptive optimiser rescales this gradient like any other (see AdamW).

References: Hoerl and Kennard 1970; Krogh and Hertz 1992; Goodfellow, Bengio and Courville 2016, section 7.1.1. Lecture: section Regularization.
"""

from math import inf

from ...harness.technique import Range, Technique

TECHNIQUE = Technique(
    family="penalty",
    hyperparameters={"strength": Range(0, inf, default=1e-4)},
    references=("Hoerl and Kennard 1970", "Krogh and Hertz 1992", "Goodfellow, Bengio and Courville 2016, section 7.1.1"),
)
