"""One comparison, look by look: what is kept of the looks before, and what is said of the last."""

import numpy as np
import pytest
from scipy import stats

from trickbench.harness.analysis.looks import looks
from trickbench.harness.inference.sequential import Sequential
from trickbench.harness.inference.terms import Terms

from .test_effects import CONTRAST, runs

NEARLY = np.array([0.03, 0.02, 0.05, 0.0, 0.03])
"""p = 0.03 for Student's t: not enough at the first of several looks."""


def looked(differences, most=30, terms=None):
    """Every look at a comparison with these differences, one a seed."""
    frame = runs(0.5 + np.asarray(differences), np.full(len(differences), 0.5))
    return looks(frame, [CONTRAST], terms or Terms(), Sequential(most), range(len(differences)))


@pytest.mark.parametrize("most", [30, None])
def test_a_later_look_that_says_less_takes_no_p_value_back(most):
    first, second = looked(NEARLY, most), looked([*NEARLY, *-NEARLY], most)
    assert stats.ttest_1samp(NEARLY, 0).pvalue < 0.05
    assert second.table()["verdict"].tolist() == ["undecided"] * 2
    assert second.table()["difference"].tolist() == pytest.approx([NEARLY.mean(), 0])
    assert 0.05 < first.effects().loc[0, "p_value"] < 1
    assert second.effects().loc[0, "p_value"] == first.effects().loc[0, "p_value"]
