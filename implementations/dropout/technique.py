"""Dropout: before every update each unit is dropped with probability p, so no unit can rely on another.

    hᵤ = mᵤ aᵤ        mᵤ = 0 with probability p, else 1 / (1 − p)        at test time mᵤ = 1

| symbol | argument | range  |
|--------|----------|--------|
| p      | `rate`   | [0, 1) |
| m      | `mask`   |        |

Shapes: `mask` (rows, units), row by row. The mask is a pure function of `key` (the run's), `step`, `layer` and `rate`: the same arguments give
the same bits, whatever was drawn before, and further rows do not change the first ones. Element i has a 32-bit number of its own (see
`_stream.py`) and is dropped where that is below ⌊p 2³²⌋, so p is met to 2⁻³². p = 0 gives ones exactly; p outside [0, 1), or NaN, is refused:
ValueError.

**Convention.** `scaling`: what is kept is divided by 1 − p in training (`inverted`: libraries), or masks are 0 and 1 and outputs are multiplied by
1 − p in testing (`test_time`: the lecture). `mask_reach`: each `example` has a mask of its own, or all those of one `update` share one (the
lecture: one thinned network a mini-batch).

References: Hinton et al. 2012; Srivastava et al. 2014, section 4 (test-time scaling) and section 10 (inverted). Lecture: section Dropout, figures
18 to 20.
"""

from ...harness.technique import Convention, Range, Technique

TECHNIQUE = Technique(
    family="dropout",
    hyperparameters={"rate": Range(0, 1, default=0.5, high_open=True)},
    conventions={"scaling": Convention("inverted", "test_time"), "mask_reach": Convention("example", "update")},
    references=("Hinton et al. 2012", "Srivastava et al. 2014, sections 4 and 10"),
)
