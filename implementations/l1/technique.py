"""L1: a price on the absolute value of every weight, which takes the same amount off each, however large.

    penalty λ Σ abs(w)        ∂/∂w = λ sgn(w), 0 at w = 0

| symbol | argument        | range  |
|--------|-----------------|--------|
| w      | `weights`       |        |
| λ      | `strength`      | [0, ∞) |
| η      | `learning_rate` | (0, ∞) |

Shapes: `weights` and `gradient` (weights,). The value is summed in float64.

**Convention.** `form`: the `subgradient` is added to the gradient, so that weights oscillate around 0 with amplitude η λ; or the optimiser's step is
followed by w ← sgn(w) max(abs(w) − η λ, 0) (`proximal`), which reaches 0 and stays. The factor η λ is right after plain gradient descent;
after an adaptive optimiser it ignores the step's scale.

References: Tibshirani 1996; Parikh and Boyd 2014, section 6.5.2, for the proximal form. Lecture: section Regularization.
"""

from math import inf

from ...harness.technique import Convention, Range, Technique

TECHNIQUE = Technique(
    family="penalty",
    hyperparameters={"strength": Range(0, inf, default=1e-4)},
    conventions={"form": Convention("subgradient", "proximal")},
    references=("Tibshirani 1996", "Parikh and Boyd 2014, section 6.5.2"),
)
