"""RMSProp: each parameter's step is divided by the root mean square of its recent gradients, so it adapts both ways.

    σ² ← α σ² + (1 − α) g²  (first step: σ² = g²)        θ ← θ − η g / (σ + ε)

| symbol | argument        | range  |
|--------|-----------------|--------|
| θ      | `parameters`    |        |
| g      | `gradient`      |        |
| η      | `learning_rate` | (0, ∞) |
| α      | `decay`         | [0, 1) |
| ε      | `epsilon`       | [0, ∞) |

State: σ², one row. With ε = 0 the path does not depend on the unit of g. Squares must neither overflow nor vanish: gradients in [1e-18, 1e18]
for float32, [1e-150, 1e150] for float64; smaller ones count as 0, larger ones make σ infinite, and their parameter stands still for ever.

**Convention.** `start`: the first gradient is taken in full, σ⁰ = abs(g⁰) (`first_gradient`, the lecture's), or the average starts at 0
(`zero`: PyTorch, optax). `epsilon_at`: `outside` the root (PyTorch), or `inside` it (optax). `zero_over_zero`: where the divisor is 0 (ε = 0
and no gradient yet) there is no step (`no_step`), or the parameter becomes NaN (`nan`).

References: Tieleman and Hinton 2012, lecture 6.5. Lecture: section RMSProp, figure 13.
"""

from math import inf

from ...harness.technique import Convention, Range, Technique

TECHNIQUE = Technique(
    family="optimizer",
    hyperparameters={
        "learning_rate": Range(0, inf, default=0.001, low_open=True),
        "decay": Range(0, 1, default=0.9, high_open=True),
        "epsilon": Range(0, inf, default=1e-8),
    },
    conventions={
        "start": Convention("first_gradient", "zero"),
        "epsilon_at": Convention("outside", "inside"),
        "zero_over_zero": Convention("no_step", "nan"),
    },
    references=("Tieleman and Hinton 2012, lecture 6.5",),
)
