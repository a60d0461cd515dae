"""Claims held against implementations: which checks there are, and what each of them says.

A check is one claim with one implementation, in every dtype that the claim names. Its verdict:

| verdict          |                                                                                              |
|------------------|----------------------------------------------------------------------------------------------|
| held             | no counterexample was found                                                                  |
| refuted          | one was, or the implementation raised an error                                               |
| departs          | one was, and the implementation declares so with its reason                                  |
| expired          | it declares a departure from a claim that it keeps: the excuse is out of date                |
| not applicable   | the conventions that it declares exclude the claim                                           |
| unavailable      | the implementation cannot be loaded here                                                     |
| pending          | the claim has no check yet                                                                   |
| supported, not supported, undecided | of empirical claims: what the data say                                    |
"""

from __future__ import annotations

import functools
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

import numpy as np

from . import registry
from .choice import PREFERRED, compiled
from .claim import Claim, NotApplicable
from .errors import unknown
from .evidence import Case, Evidence, Finding
from .probe import Probe
from .subject import subject
from .technique import Implementation

Verdict = Literal[
    "held", "refuted", "departs", "expired", "not applicable", "unavailable", "pending", "supported", "not supported", "undecided"
]  # fmt: skip
BAD: frozenset[str] = frozenset({"refuted", "expired", "not supported"})
"""Verdicts that end `trickbench check` with status 1."""
NOT_RUN: frozenset[str] = frozenset({"not applicable", "unavailable", "pending"})


@dataclass(frozen=True)
class Checked:
    """One claim held against one implementation."""

    claim: Claim
    implementation: str
    verdict: Verdict
    evidence: Mapping[str, Evidence | Finding] = field(default_factory=dict[str, "Evidence | Finding"])
    """By dtype."""
    reason: str = ""
    seconds: float = 0.0

    @property
    def worst(self) -> Evidence | Finding | None:
        """The dtype that came closest to being refuted, or was."""
        found = self.evidence.values()
        return max(found, key=lambda each: each.closeness if isinstance(each, Evidence) else 0.0) if found else None


def select_claims(patterns: Sequence[str] = (), *, fast: bool = False) -> list[Claim]:
    """The claims whose id fits one of the patterns (`adam.*`), all without one; `fast` leaves empirical ones out. None may come out."""
    found = [claim for claim in registry.claims().values() if not patterns or any(fnmatchcase(claim.id, pattern) for pattern in patterns)]
    return [claim for claim in found if not (fast and claim.slow)]


def select_implementations(names: Sequence[str] = (), techniques: Sequence[str] = ()) -> list[Implementation]:
    """The implementations of these names (`adam/numba_fused`) and techniques, all without one. Raises `InputError` for an unknown name."""
    for technique in techniques:
        if technique not in registry.techniques():
            raise unknown("technique", technique, registry.techniques())
    for name in names:
        if name not in registry.implementations() and name not in registry.unavailable():
            raise unknown("implementation", name, registry.implementations())
    found = registry.implementations().items()
    return [each for name, each in found if (not names or name in names) and (not techniques or each.technique.name in techniques)]


def pairs(claims: Iterable[Claim], implementations: Sequence[Implementation], *, named: bool = False) -> list[tuple[Claim, Implementation]]:
    """Every check. An empirical claim is about the idea: it is held against one implementation of each technique, unless some are named."""
    preferred = set(_preferred(implementations))
    return [
        (claim, each)
        for each in implementations
        for claim in claims
        if claim.concerns(each.technique.name, each.technique.family) and not claim.pending and (named or not claim.slow or each.name in preferred)
    ]


def _preferred(implementations: Sequence[Implementation]) -> list[str]:
    best: dict[str, Implementation] = {}
    for each in implementations:
        best[each.technique.name] = min(best.get(each.technique.name, each), each, key=_rank)
    return [each.name for each in best.values()]


def _rank(each: Implementation) -> tuple[Any, ...]:
    order = {variant: rank for rank, variant in enumerate(PREFERRED)}
    first = {name: choices[0] for name, choices in each.technique.conventions.items()}
    return dict(each.conventions) != first, not compiled(each), order.get(each.variant, len(order)), each.variant


def perform(claim: Claim, implementation: Implementation, seed: int = 0, laboratory: Any = None) -> Checked:
    """Hold one claim against one implementation; an error that the implementation raises refutes it."""
    begin = time.perf_counter()
    unmet = {name: choice for name, choice in claim.conventions.items() if implementation.conventions.get(name) != choice}
    if unmet:
        name, choice = next(iter(unmet.items()))
        return Checked(
            claim,
            implementation.name,
            "not applicable",
            reason=f"it declares {name}={implementation.conventions.get(name)}, the claim is about {choice}",
        )
    evidence: dict[str, Evidence | Finding] = {}
    try:
        for dtype in claim.dtypes:
            evidence[dtype] = _one(claim, implementation, np.dtype(dtype), seed, laboratory)
    except NotApplicable as error:
        return Checked(claim, implementation.name, "not applicable", reason=str(error), seconds=time.perf_counter() - begin)
    return replace(_judge(claim, implementation, evidence), seconds=time.perf_counter() - begin)


def _one(claim: Claim, implementation: Implementation, dtype: np.dtype[Any], seed: int, laboratory: Any) -> Evidence | Finding:
    probe = Probe(dtype, seed, claim.id, others, laboratory)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return claim.check(subject(implementation, dtype), probe)
    except (NotApplicable, KeyboardInterrupt):
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001  an implementation may raise anything
        return Evidence(float("inf"), 0.0, 1, Case(f"in {dtype}", "a result", f"{type(error).__name__}: {error}"))


def _judge(claim: Claim, implementation: Implementation, evidence: Mapping[str, Evidence | Finding]) -> Checked:
    made = functools.partial(Checked, claim, implementation.name, evidence=evidence)
    findings = [each for each in evidence.values() if isinstance(each, Finding)]
    if findings:
        return made(findings[0].verdict)
    held = all(each.held for each in evidence.values() if isinstance(each, Evidence))
    departure = implementation.departures.get(claim.id)
    if departure is None:
        return made("held" if held else "refuted")
    if held:
        return made("expired", reason=f"it declares a departure ({departure}), but the claim holds: take the declaration away")
    return made("departs", reason=departure)


@functools.cache
def others(technique: str, dtype: np.dtype[Any]) -> tuple[Any, ...]:
    """Subjects of the project's own implementations of a technique; one of each, whoever asks."""
    found = registry.implementations(technique).values()
    return tuple(subject(each, dtype) for each in found if each.origin == registry.OWN)
