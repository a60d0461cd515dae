"""Diagnosis: what is wrong with a training is told from its results on training data first, and on test data only where those are good.

    training result good?  no → another activation function, an adaptive learning rate
          ↓ yes
    test result good?      no → early stopping, regularisation, dropout; then the training result again
          ↓ yes
        done

| symbol          | argument  |
|-----------------|-----------|
| learning curves | `history` |
| what was wrong  | `before`  |

What counts as good, and which kinds of bad training there are, an implementation may settle in its own way; the order of the questions, the words
and the remedies it may not.

References: Ng 2018, Machine Learning Yearning, chapters 20-32 (bias before variance). Lecture: sections Recipe of Deep Learning and Do not always
blame Overfitting, figures 1 and 2.
"""

from ...harness.technique import Technique

TECHNIQUE = Technique(family="diagnosis", references=("Ng 2018, chapters 20-32", "He et al. 2016, figure 1"))
