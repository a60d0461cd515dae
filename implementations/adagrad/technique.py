"""Adagrad: each parameter's step is divided by the root of all its squared gradients so far, so it only ever gets shorter.

    s ← s + g²        θ ← θ − η g / (√s + ε)

| symbol | argument        | range  |
|--------|-----------------|--------|
| θ      | `parameters`    |        |
| g      | `gradient`      |        |
| η      | `learning_rate` | (0, ∞) |
| ε      | `epsilon`       | [0, ∞) |

State: s, one row. With ε = 0 the path does not depend on the unit of g. Squares must neither overflow nor vanish: gradients in [1e-18, 1e18]
for float32, [1e-150, 1e150] for float64; smaller ones count as 0, larger ones make s infinite, and their parameter stands still.

**Convention.** `epsilon_at`: `outside` the root, or `inside` it. `zero_over_zero`: where the divisor is 0 (ε = 0 and no gradient yet) there
is no step (`no_step`), or the parameter becomes NaN (`nan`).

References: Duchi, Hazan and Singer 2011 (the diagonal form). Lecture: section Adaptive Learning Rate.
"""

from math import inf

from ...harness.technique import Convention, Range, Technique

TECHNIQUE = Technique(
    family="optimizer",
    hyperparameters={
        "learning_rate": Range(0, inf, default=0.01, low_open=True),
        "epsilon": Range(0, inf, default=1e-10),
    },
    conventions={"epsilon_at": Convention("outside", "inside"), "zero_over_zero": Convention("no_step", "nan")},
    references=("Duchi, Hazan and Singer 2011",),
)
