"""Sigmoid: any number squeezed into [0, 1]; since its slope never exceeds 1/4, a deep stack of it attenuates gradients.

    a = σ(z) = 1 / (1 + e⁻ᶻ)        ∂a/∂z = a (1 − a) ≤ 1/4

| symbol | argument |
|--------|----------|
| z      | `z`      |
| a      | `a`      |
| ∂L/∂a  | `da`     |
| ∂L/∂z  | `dz`     |

Shapes: all (rows, units). +∞ gives 1, −∞ gives 0, NaN stays NaN; no finite input overflows. The derivative is taken from the activation, so
that no exponential is computed twice.

**Convention.** `negative_tail`: for z ≪ 0 the value is right to a few units in the last place down to underflow (`relative`), or only to an
absolute error of one eps, as 1 − σ(−z) and (1 + tanh(z/2))/2 are (`absolute`).

References: Rumelhart, Hinton and Williams 1986, eq. (2). Lecture: section Vanishing Gradient Problem, figures 3 and 4.
"""

from ...harness.technique import Convention, Technique

TECHNIQUE = Technique(
    family="activation",
    conventions={"negative_tail": Convention("relative", "absolute")},
    references=("Rumelhart, Hinton and Williams 1986, eq. (2)",),
)
