"""Every claim against every implementation on torch, optax and jax: held, or a departure that it declares."""

import pytest

from trickbench.harness import registry
from trickbench.harness.checks.perform import perform
from trickbench.harness.checks.plan import check_plan

NATIVES = [each for each in registry.implementations().values() if each.variant.startswith(("torch", "optax", "jax"))]


def named(value):
    return getattr(value, "id", None) or getattr(value, "name", value)


@pytest.mark.parametrize(("claim", "implementation"), check_plan(implementations=NATIVES, fast=True).pairs, ids=named)
def test_a_claim_holds_for_another_librarys_form(claim, implementation):
    checked = perform(claim, implementation)
    assert checked.verdict in ("held", "departs", "not applicable"), checked


def test_every_library_is_here():
    assert {each.variant.partition("_")[0] for each in NATIVES} == {"torch", "optax", "jax"}
    assert not registry.unavailable()
