"""The inputs of checks: seeded, unkind, and made smaller where a check fails."""

import numpy as np
import pytest

from trickbench.harness.checks.perform import others
from trickbench.harness.probe import SCALES, Probe, shrink

DTYPES = ["float32", "float64"]


def probe(seed=0, dtype="float64", claim="some.claim"):
    return Probe(np.dtype(dtype), seed, claim, others)


def test_the_same_seed_claim_and_purpose_give_the_same_draws():
    assert np.array_equal(probe().gradients(5), probe().gradients(5))
    assert not np.array_equal(probe(1).gradients(5), probe().gradients(5))
    assert not np.array_equal(probe(claim="other.claim").gradients(5), probe().gradients(5))
    assert not np.array_equal(probe().matrix(3, 3), probe().matrix(3, 3, purpose="weights"))


@pytest.mark.parametrize("dtype", DTYPES)
def test_gradients_have_every_scale_exact_zeros_and_one_that_comes_once(dtype):
    gradients = probe(dtype=dtype).gradients(20)
    assert gradients.dtype == dtype
    sizes = np.abs(gradients[:, : len(SCALES)]).mean(axis=0)
    assert np.all((sizes > 0.3 * np.array(SCALES)) & (sizes < 3 * np.array(SCALES)))
    assert np.count_nonzero(gradients[:, -2]) == 1
    assert np.all(gradients[:2, -1] == 0)
    assert np.count_nonzero(gradients[:, -1]) > 10


def test_other_implementations_are_found_by_convention():
    assert all(other.conventions["learning_rate_in"] == "update" for other in probe().subjects("momentum", learning_rate_in="update"))
    assert probe().reference("momentum").name == "momentum/numpy_reference"
    assert probe().reference("momentum", learning_rate_in="update").conventions["learning_rate_in"] == "update"


def test_a_counterexample_is_made_shorter_and_rounder():
    small = shrink([0.123, -7.77, 3.14159, 2.71828, 0.5], lambda values: any(abs(value) > 3 for value in values))
    assert len(small) == 1
    assert abs(small[0]) > 3
    assert len(repr(small[0])) <= 4


def test_what_cannot_be_made_smaller_stays():
    assert shrink([2.0], lambda values: values == [2.0]) == [2.0]
