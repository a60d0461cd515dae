"""Early stopping: training ends when the validation score has not improved for a while, and the best epoch's parameters are kept.

    epoch e improves:  s(e) < b − δ,  b the score of the last epoch that improved (∞ before)        stop after k epochs in a row that do not

| symbol | argument     | range     |
|--------|--------------|-----------|
| s      | `score`      |           |
| θ      | `parameters` |           |
| k      | `patience`   | 1, 2, ... |
| δ      | `min_delta`  | [0, ∞)    |

The score should fall (a loss; the unit of δ is the score's). An equal score, NaN and infinity never improve. `best` returns the last epoch
that improved with a copy of its parameters, bit for bit; with δ = 0 it is the first minimum of the curve. None before any finite score.

**Convention.** `patience_counts`: training ends at the k-th epoch in a row without improvement (`epochs_without_improvement`: Keras), or at the one
after, when k were tolerated (`epochs_tolerated`: scikit-learn's MLPClassifier).

References: Prechelt 1998; Goodfellow, Bengio and Courville 2016, Algorithm 7.1. Lecture: section Early Stopping, figure 17.
"""

from math import inf

from ...harness.technique import Convention, Range, Technique

TECHNIQUE = Technique(
    family="stopper",
    hyperparameters={
        "patience": Range(1, inf, default=10, integer=True),
        "min_delta": Range(0, inf, default=0.0),
    },
    conventions={"patience_counts": Convention("epochs_without_improvement", "epochs_tolerated")},
    references=("Prechelt 1998", "Goodfellow, Bengio and Courville 2016, Algorithm 7.1"),
)
