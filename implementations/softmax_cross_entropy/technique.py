"""Softmax cross-entropy: the negative log-probability of the target class, from logits.

    ℓ = Σₖ tₖ (log Σⱼ exp zⱼ − zₖ)        ∂ℓ/∂z = softmax(z) Σₖ tₖ − t

| symbol | argument        |
|--------|-----------------|
| z      | `z`             |
| t      | `targets`       |
| ∂L/∂z  | `dz`            |
| rows'  | `sample_weight` |

The loss L is the mean of ℓ over the rows, weighted by `sample_weight`: not negative, and not all 0. Unit: nats. Shapes: `z`, `targets` and `dz`
(rows, classes), `sample_weight` (rows,); targets are one-hot or any other numbers. The value is computed in float64.

The largest logit of a row is taken off first, so that neither large nor very negative logits overflow. A logit of −∞ is a class of probability 0,
whose loss is infinite where it is the target and nothing (0 log 0 = 0) where it is not; a row of −∞ alone, or with +∞ or NaN, gives NaN.

References: Bridle 1990; Goodfellow, Bengio and Courville 2016, section 6.2.2.3.
"""

from ...harness.technique import Technique

TECHNIQUE = Technique(
    family="loss",
    task="classification",
    references=("Bridle 1990", "Goodfellow, Bengio and Courville 2016, section 6.2.2.3"),
)
