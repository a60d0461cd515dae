"""Verdicts: what the printed intervals say, and nothing where there is none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trickbench.harness.inference.intervals import Interval, spread
from trickbench.harness.inference.judgement import DECIDED, VERDICTS, judge, reason_not_to_judge, rounding, skewness_warning, verdict_of
from trickbench.harness.inference.ranks import Pseudomedian

NAN = float("nan")


@pytest.mark.parametrize(
    ("interval", "narrower", "said"),
    [
        ((0.5, 3), (0.7, 2.8), "helps"),
        ((0.1, 0.8), (0.2, 0.7), "helps, negligibly"),
        ((0.1, 1.1), (0.2, 0.9), "helps, negligibly"),
        ((-0.5, 0.8), (-0.4, 0.7), "equivalent"),
        ((-0.5, 1.1), (-0.4, 0.9), "equivalent"),
        ((-0.5, 1.2), (-0.4, 1.0), "undecided"),  # up to the edge is not inside
        ((0.0, 3), (0.1, 2.8), "undecided"),  # nor is 0 on one side of 0
        ((-3, -0.5), (-2.8, -0.7), "hurts"),
        ((-0.8, -0.1), (-0.7, -0.2), "hurts, negligibly"),
        ((NAN, NAN), (NAN, NAN), "undecided"),
        ((0.2, np.inf), (0.3, np.inf), "helps"),
        ((-np.inf, np.inf), (-np.inf, np.inf), "undecided"),
    ],
)
def test_the_verdict_is_what_the_intervals_say(interval, narrower, said):
    assert verdict_of(Interval(0, *interval), Interval(0, *narrower), 1.0) == said


def test_every_verdict_but_one_decides():
    assert set(VERDICTS) - DECIDED == {"undecided"}


def said_by(low, high, inner_low, inner_high, margin):
    """The verdict from the four numbers that are printed, written a second time."""
    inside = abs(inner_low) < margin and abs(inner_high) < margin
    direction = "helps" if min(low, high) > 0 else "hurts" if max(low, high) < 0 else ""
    return direction + ", negligibly" if direction and inside else direction or ("equivalent" if inside else "undecided")


@given(
    st.lists(st.floats(-1, 1) | st.sampled_from([0.0, 0.25, np.inf, -np.inf]), min_size=0, max_size=14),
    st.floats(0.5, 0.9999, exclude_min=True),
    st.floats(1e-4, 2),
)
def test_the_verdict_never_disagrees_with_the_interval(differences, confidence, margin):
    values = np.array(differences)
    estimate = Pseudomedian(values) if np.isinf(values).any() else spread(values)
    found = judge(estimate, confidence, margin)
    assert found.verdict == said_by(found.interval.low, found.interval.high, found.equivalence.low, found.equivalence.high, margin)
    assert not found.equivalence.low < found.interval.low  # the narrower one lies within
    assert not found.equivalence.high > found.interval.high


def test_two_one_sided_tests_say_the_same():
    from scipy import stats

    random = np.random.default_rng(3)
    verdicts = []
    for values in random.normal(0.2, 0.6, (200, 8)):
        above, below = (stats.ttest_1samp(values, edge, alternative=side).pvalue for edge, side in ((-1, "greater"), (1, "less")))
        verdicts.append(judge(spread(values), 0.99, 1.0).verdict in ("equivalent", "helps, negligibly", "hurts, negligibly"))
        assert verdicts[-1] == (max(above, below) < 0.01)
    assert 0 < sum(verdicts) < 200


@pytest.mark.parametrize(
    ("differences", "reason"),
    [
        ([0.1, 0.12, 0.09], ""),
        ([0.1, 0.0, 0.09], ""),
        ([0.1, 0.0, 0.0, 0.09], ""),  # half is not over half
        ([0.0, 0.0, 0.0], "scored the same"),
        ([0.1, 0.1, 0.1], "no width"),
        ([0.9 - 0.8, 0.8 - 0.7, 0.7 - 0.6], "no width"),
        ([0.3 - 0.1 - 0.2, 0.1, 0.0], "2 of 3 pairs"),
        ([0.1], "fewer than two"),
        ([], "fewer than two"),
        ([np.inf, np.inf, np.inf], ""),  # signed ranks need no spread
    ],
)
def test_what_says_nothing_of_its_spread_is_not_judged(differences, reason):
    found = reason_not_to_judge(np.array(differences), 1.0)
    assert (reason in found) if reason else not found


def test_rounding_grows_with_what_was_subtracted():
    assert rounding(0.3) == rounding(1.0) == pytest.approx(8.9e-16, rel=0.01)
    assert rounding(1e6) == pytest.approx(8.9e-10, rel=0.01)


def test_a_warning_is_given_of_skewed_differences_and_seldom_of_others():
    random = np.random.default_rng(5)
    warned = {
        name: np.mean([bool(skewness_warning(draw(random, 30))) for _ in range(1000)])
        for name, draw in (("normal", lambda r, n: r.standard_normal(n)), ("exponential", lambda r, n: r.standard_exponential(n)))
    }
    assert warned["normal"] < 0.03  # one in a hundred by design; the tails of skewness at n = 30 are a little longer
    assert warned["exponential"] > 0.7
    assert skewness_warning(np.array([0.0, 0.0, 0.0, 100.0])) == ""


@pytest.mark.parametrize(("n", "least"), [(5, 0.04), (6, 0.06), (7, 0.08), (10, 0.15)])
def test_few_differences_may_be_warned_of_too(n, least):
    random, trials = np.random.default_rng(n), 3000
    normal, exponential = (np.mean([bool(skewness_warning(row)) for row in drawn]) for drawn in (
        random.standard_normal((trials, n)), random.standard_exponential((trials, n))
    ))  # fmt: skip
    # one in a hundred, to 1.5 where the standard error is used; five binomial standard deviations more
    assert normal < 0.015 + 5 * np.sqrt(0.015 / trials)
    assert exponential > least
