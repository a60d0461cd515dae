"""The table of faults and claims in `docs/faults.md` is what a run gives."""

import os
from pathlib import Path

import pytest

from trickbench.harness import catalogue

from .collection import specimens
from .matrix import matrix, table

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


@pytest.mark.slow
def test_the_table_of_faults_is_what_a_run_gives():
    found = matrix()
    assert all(found.values()), [name for name, claims in found.items() if not claims]
    made = table(found)
    if os.environ.get("TRICKBENCH_REWRITE"):
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made


@pytest.mark.slow
def test_every_claim_that_can_be_tested_so_refutes_some_fault():
    refuted = {claim for fault in specimens("faults") for claim in fault.refuted_by}
    checked = {claim.id for claim in catalogue.claims().values() if claim.kind in ("identity", "bound", "statistical", "conformance", "agreement")}
    slow = {claim.id for claim in catalogue.claims().values() if claim.slow}
    assert checked - slow - refuted == set()
