"""What counts as evidence, and what does not."""

import math
import pickle

import numpy as np
import pytest

from trickbench.harness.evidence import Case, Evidence, all_of, below, close, equal, erratum, finding, jointly, not_rejected, true

EPS = np.finfo(np.float64).eps
CASE = Case("given", "expected", "got")


def test_a_deviation_is_counted_in_units_of_the_last_place_of_the_scale():
    evidence = close(np.array([1.0, 8 + 32 * EPS]), np.array([1.0, 8.0]), ulps=4)
    assert evidence.deviation == 4
    assert evidence.held
    assert not close(np.array([8 + 40 * EPS]), np.array([8.0]), ulps=4).held


def test_the_unit_is_that_of_the_dtype_found():
    found = np.array([1 + 3e-7], np.float32)
    assert close(found, np.array([1.0]), ulps=1).deviation in (2, 3)


@pytest.mark.parametrize(
    ("found", "expected"),
    [(np.nan, 0.0), (np.inf, 0.0), (0.0, np.nan), (0.0, np.inf), (-np.inf, np.inf), (1e-300, 0.0)],
)
def test_nan_infinity_and_anything_where_nothing_is_owed_are_refuted(found, expected):
    assert not close(np.array([found]), np.array([expected]), ulps=1e6).held


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0])
def test_the_same_special_value_agrees(value):
    assert close(np.array([value]), np.array([value]), ulps=0).held


def test_no_case_is_no_evidence_and_another_shape_is_refuted():
    assert not close(np.zeros(0), np.zeros(0), ulps=1).held
    assert not close(np.zeros(2), np.zeros(3), ulps=1).held
    assert not Evidence(0.0, 1.0, 0).held
    assert not Evidence(math.nan, 1.0, 5).held
    assert Evidence(math.nan, 1.0, 5).closeness == math.inf


def test_the_worst_entry_is_named():
    evidence = close(np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]), ulps=1, given=lambda at: f"row {at[0]}, column {at[1]}")
    assert evidence.worst == Case("row 1, column 1", "4", "5")


def test_a_bound_may_be_met_and_not_passed():
    assert below([1.0, 2.0], [2.0, 2.0], ulps=0, eps=EPS).deviation == 0
    assert not below([2.1], [2.0], ulps=10, eps=EPS).held
    assert not below([np.nan], [2.0], ulps=10, eps=EPS).held


def test_equal_means_every_bit_of_value():
    assert equal(np.array([0.0, np.nan]), np.array([-0.0, np.nan])).held
    assert not equal(np.array([1.0]), np.array([1.0 + EPS])).held


def test_of_several_pieces_the_worst_speaks_and_none_may_be_empty():
    good, bad = Evidence(0.5, 1.0, 3), Evidence(2.0, 1.0, 4, CASE)
    assert all_of(good, bad).worst == CASE
    assert not all_of(good, bad).held
    assert all_of(good, good).cases == 6
    assert not all_of(good, Evidence(0.0, 1.0, 0)).held
    assert not all_of().held


def test_a_test_refutes_below_its_rate_of_false_alarms():
    assert not_rejected(1e-5, CASE, cases=1).held
    assert not not_rejected(1e-7, CASE, cases=1).held
    assert not not_rejected(math.nan, CASE, cases=1).held
    assert not not_rejected(0.0, CASE, cases=1).held


@pytest.mark.parametrize(("refuted", "corrected", "held"), [(True, True, True), (False, True, False), (True, False, False)])
def test_an_erratum_needs_its_counterexample_and_its_correction(refuted, corrected, held):
    evidence = erratum(CASE, refuted, true(corrected, CASE))
    assert evidence.held is held
    assert evidence.exhibit == CASE


def test_a_finding_follows_its_interval():
    noise = np.array([-1.0, 1.0] * 10)
    assert finding(noise * 0.1 + 1, "effect", expected="positive").verdict == "supported"
    assert finding(noise * 0.1 - 1, "effect", expected="positive").verdict == "not supported"
    assert finding(noise * 0.1 - 1, "effect", expected="negative").verdict == "supported"
    assert finding(noise, "effect", expected="negative").verdict == "undecided"
    assert finding([1.0], "one run has no interval", expected="positive").verdict == "undecided"


def test_a_claim_in_parts_is_as_good_as_its_worst_part():
    good, bad, open_ = (finding(np.array([-1.0, 1.0] * 10) * 0.5 + shift, f"{shift}", expected="positive") for shift in (1, -1, 0))
    assert jointly(good, good).verdict == "supported"
    assert jointly(good, open_).verdict == "undecided"
    assert jointly(good, open_, bad).verdict == "not supported"
    assert "-1" in jointly(good, bad).numbers


def test_evidence_travels_between_processes():
    evidence = close(np.array([1.0]), np.array([2.0]), ulps=1).note(rate=0.5)
    assert pickle.loads(pickle.dumps(evidence)) == evidence  # noqa: S301  our own


def test_an_infinite_scale_owes_nothing_and_one_that_is_nan_everything():
    assert close(np.array([5.0]), np.array([1.0]), ulps=1, scale=np.inf).held
    assert not close(np.array([np.nan]), np.array([1.0]), ulps=1, scale=np.inf).held
    assert not close(np.array([1.5]), np.array([1.0]), ulps=1, scale=np.nan).held
