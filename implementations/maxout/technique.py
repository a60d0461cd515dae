"""Maxout: a unit is the largest of several linear pieces, so its shape, any convex piecewise linear one, is learned.

    aᵤ = max over p of zₚᵤ        ∂aᵤ/∂zₚᵤ = 1 for the winning piece, 0 for the others

| symbol | argument                                     | range        |
|--------|----------------------------------------------|--------------|
| z      | `z`                                          |              |
| a      | `a`                                          |              |
| ∂L/∂a  | `da`                                         |              |
| ∂L/∂z  | `dz`                                         |              |
| k      | `pieces`: columns of `z` over columns of `a` | 2, 3, ...    |

Shapes: `z` and `dz` (rows, pieces * units), `a` and `da` (rows, units). NaN in any piece gives NaN; its gradient goes to the first such piece.
Columns of `z` that are no whole multiple of those of `a` are refused: ValueError.

**Convention.** `layout`: piece p of unit u stands in column p * units + u (`strided`: pieces outermost, 20 times faster, since units are
neighbours in memory), or u * pieces + p (`consecutive`: as the lecture draws it). `ties`: where pieces tie, all the gradient goes to the
`first` of them, or each gets an equal share (`split`).

References: Goodfellow, Warde-Farley, Mirza, Courville and Bengio 2013, section 3. Lecture: section Maxout, figures 8 to 12.
"""

from math import inf

from ...harness.technique import Convention, Range, Technique

TECHNIQUE = Technique(
    family="activation",
    hyperparameters={"pieces": Range(2, inf, default=2, integer=True)},
    conventions={"layout": Convention("strided", "consecutive"), "ties": Convention("first", "split")},
    references=("Goodfellow, Warde-Farley, Mirza, Courville and Bengio 2013, section 3",),
)
