"""Softmax cross-entropy: the negative log-probability of the target class, from logits.

    ℓ = log Σₖ exp zₖ − Σₖ tₖ zₖ        ∂ℓ/∂z = softmax(z) − t        for targets t that sum to 1

The value is the mean over the rows, weighted by `sample_weight`. The largest logit of a row is taken off first, so that neither large nor very
negative logits overflow. Shapes: `z` and `targets` (rows, classes).

References: Bridle 1990, eq. (11); Goodfellow, Bengio and Courville 2016, section 6.2.2.3.
"""

from ...harness.technique import Technique

TECHNIQUE = Technique(family="loss", task="classification", references=("Bridle 1990, eq. (11)", "Goodfellow, Bengio and Courville 2016, section 6.2.2.3"))
