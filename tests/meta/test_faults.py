"""Every faulty implementation is refuted by the claims named in advance, and nothing that is right is refuted."""

import pytest

from trickbench.harness import catalogue, registry

from .collection import specimens

FAULTS = [(fault, claim_id) for fault in specimens("faults") for claim_id in fault.refuted_by]
SOUND = [
    (specimen, claim.id)
    for specimen in specimens("accepted")
    for claim in catalogue.claims().values()
    if claim.concerns(specimen.technique, registry.techniques()[specimen.technique].family) and not claim.slow
]


def named(value):
    return getattr(value, "name", value)


@pytest.mark.parametrize(("fault", "claim_id"), FAULTS, ids=named)
def test_a_faulty_implementation_is_refuted(fault, claim_id):
    assert fault.check(claim_id).verdict == "refuted"


@pytest.mark.parametrize(("specimen", "claim_id"), SOUND, ids=named)
def test_what_looks_wrong_and_is_right_is_accepted(specimen, claim_id):
    checked = specimen.check(claim_id)
    assert checked.verdict in ("held", "not applicable"), checked.worst


def test_every_fault_names_its_claims_and_says_what_is_wrong():
    assert all(fault.refuted_by and fault.cls.__doc__ for fault in specimens("faults"))


def test_every_specimen_has_a_name_of_its_own():
    for room in ("faults", "accepted"):
        names = [each.name for each in specimens(room)]
        assert sorted(set(names)) == sorted(names)
