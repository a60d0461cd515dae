"""He initialisation: ReLU silences half of its units, so weights of twice the variance keep the signal's size through the layers.

    Var W = 2 / n        n inputs a unit

| symbol | argument  |
|--------|-----------|
| W      | `weights` |
| n      | `fan_in`  |

Shapes: `weights` (fan_in, pieces * fan_out). `fan_out` is not used.
Draws are taken in float64, row by row, and rounded to the weights' dtype, so that float32 and float64 start from the same network.

**Convention.** `distribution`: `normal`, or `uniform` on an interval of the same variance, ±√(3 Var), or `truncated_normal`: a normal one without
what lies beyond two of its deviations, widened by 1/0.8796 so that the variance is the same (JAX, Keras).

References: He, Zhang, Ren and Sun 2015, eq. (10).
"""

from ...harness.technique import Convention, Technique

TECHNIQUE = Technique(
    family="initializer",
    conventions={"distribution": Convention("normal", "uniform", "truncated_normal")},
    references=("He, Zhang, Ren and Sun 2015, eq. (10)",),
)
