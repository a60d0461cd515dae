"""Every fault against every claim about its technique: which claims refute it, and what would survive if one were missing.

python -m pytest tests/meta/test_matrix.py         compares with the table in docs/faults.md
TRICKBENCH_REWRITE=1 python -m pytest tests/meta/test_matrix.py         writes it
"""

import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from unittest import mock

from trickbench.harness import catalogue, registry

from .collection import Specimen, specimens

ROW = "| `{name}` | {wrong} | {seen} | {claims} |"
HEAD = """# Faulty implementations and the claims that refute them

Every class of `tests/meta/faults/` with all claims that refute it, in one run with seed 0. The claims that were named in advance are bold. A test
makes this table anew and compares.

| fault | what is wrong | seen | refuted by |
|---|---|---|---|
"""
SINGLE = """
## What a claim carries alone

The faults that no other claim refutes: were the claim missing, they would survive.

| claim | faults that only it refutes |
|---|---|
"""
NONE = "\nEvery fault that these claims refute is refuted by another as well: {claims}.\n"


def claims_about(specimen: Specimen) -> list[str]:
    """The claims that a fault is held against; those that train networks are left out, and those that refute it by chance."""
    if specimen.unguarded:
        return sorted(specimen.refuted_by)
    family = registry.techniques()[specimen.technique].family
    about = (claim for claim in catalogue.claims().values() if claim.concerns(specimen.technique, family))
    return sorted(claim.id for claim in about if not claim.slow and claim.id not in specimen.by_chance)


def refuting(name: str) -> tuple[str, list[str]]:
    """The claims that refute the fault of this name."""
    specimen = next(each for each in specimens("faults") if each.name == name)
    return name, [claim for claim in claims_about(specimen) if specimen.check(claim).verdict == "refuted"]


def matrix(workers: int = 2) -> dict[str, list[str]]:
    """Every fault with the claims that refute it."""
    names = [each.name for each in specimens("faults")]
    root = str(Path(__file__).parents[1])  # a new process imports this module by its name
    with mock.patch.object(sys, "path", [root, *sys.path]), ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return dict(pool.map(refuting, names, chunksize=8))


def alone(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Each claim with the faults that only it refutes."""
    known = sorted({each for claims in found.values() for each in claims})
    return {claim: [name for name, claims in found.items() if claims == [claim]] for claim in known}


def table(found: dict[str, list[str]]) -> str:
    """The page."""
    rows = [_row(each, found[each.name]) for each in specimens("faults")]
    single = alone(found)
    carried = [f"| `{claim}` | {_code(names)} |" for claim, names in single.items() if names]
    idle = _code([claim for claim, names in single.items() if not names])
    return HEAD + "\n".join(rows) + "\n" + SINGLE + "\n".join(carried) + "\n" + NONE.format(claims=idle)


def _row(each: Specimen, claims: list[str]) -> str:
    named = [f"**`{claim}`**" if claim in each.refuted_by else f"`{claim}`" for claim in claims]
    wrong = " ".join((each.cls.__doc__ or "").split()).replace("|", "\\|")
    return ROW.format(name=each.name, wrong=wrong, seen=each.seen, claims=", ".join(named))


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
