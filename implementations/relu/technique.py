"""ReLU: a unit passes what is positive and is silent otherwise, so along its active units the gradient is multiplied by exactly 1.

    a = max(z, 0)        ∂a/∂z = 1 for z > 0, 0 for z < 0

| symbol | argument |
|--------|----------|
| z      | `z`      |
| a      | `a`      |
| ∂L/∂a  | `da`     |
| ∂L/∂z  | `dz`     |

Shapes: all (rows, units). +∞ passes, and so does NaN, both ways.

**Convention.** `derivative_at_zero`: at z = 0 the derivative is undefined; 0 (commonest) or 1.

References: Nair and Hinton 2010, section 2; Glorot, Bordes and Bengio 2011, section 3. Lecture: section ReLU, figures 5 to 7.
"""

from ...harness.technique import Convention, Technique

TECHNIQUE = Technique(
    family="activation",
    conventions={"derivative_at_zero": Convention("0", "1")},
    references=("Nair and Hinton 2010, section 2", "Glorot, Bordes and Bengio 2011, section 3"),
    dead_output=0.0,
)
