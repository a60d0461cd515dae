"""Adam: RMSProp and momentum together, both averages corrected for having started at zero.

    m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²
    m̂ = m / (1 − β₁ᵗ)            v̂ = v / (1 − β₂ᵗ)            θ ← θ − η m̂ / (√v̂ + ε)

| symbol | argument         | range     |
|--------|------------------|-----------|
| θ      | `parameters`     |           |
| g      | `gradient`       |           |
| η      | `learning_rate`  | (0, ∞)    |
| β₁, β₂ | `beta1`, `beta2` | [0, 1)    |
| ε      | `epsilon`        | [0, ∞)    |
| t      | `step`           | 1, 2, ... |

State: m and v, two rows. The powers of the betas, as rounded to the arrays' dtype, are taken in float64: in float32 the correction is off by
29 eps at the second step. With ε = 0 the path does not depend on the unit of g. Squares must neither overflow nor vanish: gradients in
[1e-18, 1e18] for float32, [1e-150, 1e150] for float64; beyond, a step is too long or, once v is infinite, 0.

**Convention.** `epsilon_at`: added to the root of the corrected average (`corrected`, the paper's Algorithm 1), or to the root of the
uncorrected one with the corrections folded into the learning rate (`folded`, the end of the paper's section 2: ε̂), or under the root of the
corrected average (`inside`). `bias_correction`: `yes`, or `no`. `zero_over_zero`: where the divisor is 0 (ε = 0 and no gradient yet) there is
no step (`no_step`), or the parameter becomes NaN (`nan`).

References: Kingma and Ba 2015, Algorithm 1. Lecture: section Adam, figure 16.
"""

from math import inf

from ...harness.technique import Convention, Range, Technique

TECHNIQUE = Technique(
    family="optimizer",
    hyperparameters={
        "learning_rate": Range(0, inf, default=0.001, low_open=True),
        "beta1": Range(0, 1, default=0.9, high_open=True),
        "beta2": Range(0, 1, default=0.999, high_open=True),
        "epsilon": Range(0, inf, default=1e-8),
    },
    conventions={
        "epsilon_at": Convention("corrected", "folded", "inside"),
        "bias_correction": Convention("yes", "no"),
        "zero_over_zero": Convention("no_step", "nan"),
    },
    references=("Kingma and Ba 2015, Algorithm 1",),
)
