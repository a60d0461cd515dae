"""What stands beside the verdict of a family's member is worked out at the member's share of the confidence, not at the whole of it."""

import numpy as np
import pandas as pd
import pytest

from trickbench.harness.analysis.effects import effects
from trickbench.harness.inference.families import shared
from trickbench.harness.inference.settling import floor, seeds_needed
from trickbench.harness.inference.terms import Terms

from .test_effects import CONTRAST, diverging, runs


def family(members, seeds, **terms):
    """Effects of one trick on so many datasets, with differences of 0.004 ± 0.01 on each."""
    random = np.random.default_rng(members)
    frames = [runs(0.5 + random.normal(0.004, 0.01, seeds), np.full(seeds, 0.5), dataset=f"d{place}") for place in range(members)]
    return effects(pd.concat(frames), [CONTRAST], Terms(**terms)), [frame["score"].to_numpy()[:seeds] - 0.5 for frame in frames]


@pytest.mark.parametrize(("seeds", "refused"), [(8, True), (9, True), (10, False)])
def test_signed_ranks_are_refused_at_the_share_of_a_family(seeds, refused):
    """2/2⁹ is above 0.05/15, and 2/2¹⁰ is not; one comparison alone takes 6."""
    assert family(15, seeds)[0]["p_signed_rank"].isna().all() == refused
    assert family(1, seeds)[0]["p_signed_rank"].notna().all()


def test_an_infinite_loss_among_many_comparisons_is_refused_at_the_share_of_the_family():
    frame = pd.concat([diverging(diverged_without=[3]).assign(dataset=f"d{place}") for place in range(15)])
    found = effects(frame, [CONTRAST])
    assert found["low"].isna().all()
    assert found["note"].str.contains(r"signed ranks of 8 differences that are not 0 cannot reject at 0\.0033 .* it takes 10").all()
    assert effects(frame[frame["dataset"] == "d0"], [CONTRAST])["low"].notna().all()


def test_the_seeds_that_settle_a_comparison_are_those_that_do_so_within_its_family():
    found, differences = family(36, 5)
    open_ = found[found["verdict"] == "undecided"]
    assert len(open_) > 10
    for place, row in open_.iterrows():
        values = differences[place]
        expected = seeds_needed(values.mean(), values.std(ddof=1), 5, 1 - 0.05 / 36, 0.01)
        assert (row["settle_low"], row["settle_high"]) == expected
        assert expected.high > seeds_needed(values.mean(), values.std(ddof=1), 5, 0.95, 0.01).high


def test_the_width_below_which_no_number_of_seeds_brings_an_interval_is_that_of_the_family():
    found, differences = family(36, 10, estimand="new datasets")
    unsettled = found[found["settle_low"] == np.inf]
    assert len(unsettled) > 5
    for place, row in unsettled.iterrows():
        deviation = differences[place].std(ddof=1)
        assert f"its interval stays wider than ±{floor(deviation, shared(0.95, 36), 0.2 / 0.6):.2g}" in row["note"]
