"""Every claim of the lecture is there, and holds for every implementation that it is about."""

import pytest

from trickbench.harness import catalogue, registry
from trickbench.harness.checks.perform import perform
from trickbench.harness.checks.plan import check_plan
from trickbench.harness.evidence import Evidence
from trickbench.harness.laboratory import Laboratory

from .listed import IDS

PEERS = ("torch", "optax", "jax")
"""Implementations that stand on packages which the fast tests do not install have an environment of their own."""
OWN = [each for each in registry.implementations().values() if not each.variant.startswith(PEERS)]
PAIRS = check_plan(implementations=OWN, fast=True).pairs


def named(value):
    return getattr(value, "id", None) or getattr(value, "name", value)


@pytest.mark.parametrize(("claim", "implementation"), PAIRS, ids=named)
def test_a_claim_holds(claim, implementation):
    checked = perform(claim, implementation, laboratory=Laboratory())
    assert checked.verdict in ("held", "departs", "not applicable"), checked
    if checked.verdict == "held":
        assert all(isinstance(each, Evidence) and each.cases > 0 for each in checked.evidence.values())
    else:
        assert checked.reason


def test_every_row_of_the_list_is_a_claim():
    assert len(IDS) == 87
    assert set(IDS) <= set(catalogue.claims())


def test_every_claim_says_what_it_claims_and_where_the_lecture_says_it():
    for claim in catalogue.claims().values():
        assert len(claim.sentence) > 30, claim.id
        assert claim.section, claim.id
        assert claim.about or claim.family, claim.id
        assert all(1 <= figure <= 20 for figure in claim.figures)


def test_every_claim_is_about_some_implementation():
    checked = {claim.id for claim, _ in check_plan().pairs}
    assert checked == set(catalogue.claims())


def test_an_erratum_shows_its_counterexample():
    for claim, implementation in PAIRS:
        if claim.kind == "erratum" and implementation.variant == "numpy_reference":
            checked = perform(claim, implementation, laboratory=Laboratory())
            assert checked.verdict == "not applicable" or any(each.exhibit for each in checked.evidence.values()), claim.id
