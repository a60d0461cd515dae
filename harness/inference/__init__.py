"""From differences to verdicts: functions of plain arrays, which know neither studies nor runs.

terms.py        what a study fixes before it runs: confidence, estimand, family, regions of practical equivalence
intervals.py    a mean with its interval, for each estimand
judgement.py    an interval, a region of equivalence -> helps, hurts, equivalent, undecided
settling.py     how many seeds would decide
families.py     many comparisons at once: Bonferroni's share and Holm's p-values
ranks.py        signed ranks, with the sizes from which they can reject at all
sequential.py   looks at growing numbers of seeds, with the error rate kept: spending.py up to a maximum, mixture.py without one
hierarchical.py what to expect of a further dataset
shares.py       how often something happens, with an interval that holds near 0 and 1 too
friedman.py     many arms ranked over datasets
trimmed.py      the interquartile mean
"""
