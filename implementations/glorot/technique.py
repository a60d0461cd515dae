"""Glorot initialisation: a compromise that keeps the size of both the signal going forward and the gradient going back.

    Var W = 2 / (n + m)        n inputs a unit, m units

| symbol | argument            |
|--------|---------------------|
| W      | `weights`           |
| n, m   | `fan_in`, `fan_out` |

Shapes: `weights` (fan_in, pieces * fan_out). With several pieces a unit, m counts units.
Draws are taken in float64, row by row, and rounded to the weights' dtype, so that float32 and float64 start from the same network.

**Convention.** `distribution`: `normal`, or `uniform` on an interval of the same variance, ±√(3 Var), or `truncated_normal`: a normal one without
what lies beyond two of its deviations, widened by 1/0.8796 so that the variance is the same (JAX, Keras).

References: Glorot and Bengio 2010, eq. (12), and eq. (16) for the uniform form.
"""

from ...harness.technique import Convention, Technique

TECHNIQUE = Technique(
    family="initializer",
    conventions={"distribution": Convention("normal", "uniform", "truncated_normal")},
    references=("Glorot and Bengio 2010, eqs. (12) and (16)",),
)
