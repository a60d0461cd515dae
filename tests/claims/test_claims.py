"""Every claim against every implementation that it is about, and against faulty ones that it must refute."""

from types import SimpleNamespace

import numpy as np
import pytest

from trickbench.harness import registry
from trickbench.harness.claim import Evidence, Probe, close
from trickbench.harness.families import methods
from trickbench.harness.training import callable_of

from .faults import REFUTED_BY

DTYPES = [np.dtype(np.float32), np.dtype(np.float64)]


def probe(technique, dtype) -> Probe:
    return Probe(
        dtype, hyperparameters={name: bounds.default for name, bounds in technique.hyperparameters.items()} | TELLING.get(technique.name, {})
    )


TELLING = {"l2": {"strength": 0.3}}
"""Where the default is so small that rounding would hide a fault."""

HELD = [
    (claim, found)
    for technique, claim in registry.claims().values()
    for found in registry.implementations(technique.name).values()
    if claim.conventions.items() <= dict(found.conventions).items()
]
FAULTS = [(fault, claim_id) for fault, claim_ids in REFUTED_BY.items() for claim_id in sorted(claim_ids)]


def as_compiled(implementation, dtype):
    """An instance whose kernels are machine code: called as they are, they would run as Python."""
    member = implementation.create()
    family = implementation.technique.family
    functions = {name: callable_of(getattr(member, name), contract, dtype) for name, contract in methods(family).items()}
    return SimpleNamespace(state_rows=getattr(member, "state_rows", 0), **functions)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize(("claim", "implementation"), HELD, ids=lambda value: getattr(value, "id", None) or value.name.replace("/", "."))
def test_a_claim_holds(claim, implementation, dtype):
    evidence = claim.check(as_compiled(implementation, dtype), probe(implementation.technique, dtype))
    assert evidence.held, f"{claim.sentence} {evidence}"


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize(("fault", "claim_id"), FAULTS, ids=lambda value: getattr(value, "__name__", value))
def test_a_faulty_implementation_is_refuted(fault, claim_id, dtype):
    technique, claim = registry.claims()[claim_id]
    assert not claim.check(fault(), probe(technique, dtype)).held


def test_every_claim_refutes_some_fault_and_says_what_it_claims():
    assert set(registry.claims()) == set().union(*REFUTED_BY.values())
    assert all(claim.sentence and claim.source for _, claim in registry.claims().values())


def test_no_case_and_no_number_are_no_evidence():
    assert not Evidence(0.0, 1.0, 0, "").held
    assert not close(np.array([np.nan]), np.array([0.0]), ulps=1, scale=1).held
    assert not close(np.zeros(0), np.zeros(0), ulps=1, scale=1).held
