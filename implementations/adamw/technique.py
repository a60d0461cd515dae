"""AdamW: Adam with the weights shrunk by a factor of their own, instead of by a gradient that Adam would rescale.

    θ ← (1 − η λ) θ        then Adam:
    m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²
    m̂ = m / (1 − β₁ᵗ)            v̂ = v / (1 − β₂ᵗ)            θ ← θ − η m̂ / (√v̂ + ε)

| symbol | argument         | range     |
|--------|------------------|-----------|
| θ      | `parameters`     |           |
| g      | `gradient`       |           |
| η      | `learning_rate`  | (0, ∞)    |
| β₁, β₂ | `beta1`, `beta2` | [0, 1)    |
| ε      | `epsilon`        | [0, ∞)    |
| λ      | `strength`       | [0, ∞)    |
| t      | `step`           | 1, 2, ... |

State: m and v, two rows. `strength` applies to weights; biases are trained with 0, which is Adam. Powers of the betas and the range of gradients
are as in Adam.

**Convention.** `decay_factor`: the weights keep 1 − η λ of themselves (`learning_rate_times_strength`: PyTorch, optax), or 1 − λ (`strength`: the
paper's Algorithm 2 with a schedule multiplier of 1). As in Adam: `epsilon_at` (`corrected`, `folded`, `inside`), `bias_correction` (`yes`, `no`),
`zero_over_zero` (`no_step`, `nan`).

References: Loshchilov and Hutter 2019, Algorithm 2. Lecture: sections Adam and Regularization.
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
        "strength": Range(0, inf, default=0.01),
    },
    weights_only=("strength",),
    conventions={
        "decay_factor": Convention("learning_rate_times_strength", "strength"),
        "epsilon_at": Convention("corrected", "folded", "inside"),
        "bias_correction": Convention("yes", "no"),
        "zero_over_zero": Convention("no_step", "nan"),
    },
    references=("Loshchilov and Hutter 2019, Algorithm 2",),
)
