"""Squared error: half the squared distance between outputs and targets, so that its derivative is their difference.

    ℓ = ½ Σₖ (zₖ − tₖ)²        ∂ℓ/∂z = z − t

| symbol | argument        |
|--------|-----------------|
| z      | `z`             |
| t      | `targets`       |
| ∂L/∂z  | `dz`            |
| rows'  | `sample_weight` |

The loss L is the mean of ℓ over the rows, weighted by `sample_weight`: not negative, and not all 0. It is summed over the outputs, in float64.
Shapes: `z`, `targets` and `dz` (rows, outputs), `sample_weight` (rows,). Unit: the square of the targets'.

**Convention.** `factor`: the squared distance is halved (`half`), or taken as it is (`one`: the mean squared error, for one output).

References: Goodfellow, Bengio and Courville 2016, section 6.2.2.1.
"""

from ...harness.technique import Convention, Technique

TECHNIQUE = Technique(
    family="loss",
    task="regression",
    conventions={"factor": Convention("half", "one")},
    references=("Goodfellow, Bengio and Courville 2016, section 6.2.2.1",),
)
