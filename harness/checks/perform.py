"""One check: a claim held against one implementation, in every dtype that the claim names.

| verdict                             |                                                                                           |
|-------------------------------------|-------------------------------------------------------------------------------------------|
| held                                | no counterexample was found                                                               |
| refuted                             | one was, or the implementation raised an error                                            |
| departs                             | one was, and the implementation declares so with its reason                               |
| expired                             | it declares a departure from a claim that it keeps: the excuse is out of date             |
| not applicable                      | the conventions that it declares exclude the claim                                        |
| unavailable                         | the implementation cannot be loaded here                                                  |
| supported, not supported, undecided | of empirical claims: what the data say                                                    |
"""

from __future__ import annotations

import functools
import itertools
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from .. import registry
from ..claim import Claim, NotApplicable
from ..evidence import Case, Evidence, Finding
from ..probe import Probe
from ..subject import subject
from ..technique import Implementation

Verdict = Literal[
    "held", "refuted", "departs", "expired", "not applicable", "unavailable", "supported", "not supported", "undecided"
]  # fmt: skip
VERDICTS: tuple[Verdict, ...] = (
    "held", "refuted", "departs", "expired", "not applicable", "unavailable", "supported", "not supported", "undecided",
)  # fmt: skip
BAD: frozenset[Verdict] = frozenset({"refuted", "expired", "not supported"})
"""Verdicts that end `trickbench check` with status 1."""
NOT_RUN: frozenset[Verdict] = frozenset({"not applicable", "unavailable"})
"""Verdicts that no check stands behind."""
HINT_SECONDS = 2.0
"""So long are other conventions tried on a refuted implementation, to see whether it only declares the wrong one."""


@dataclass(frozen=True)
class Checked:
    """One claim held against one implementation, both by name."""

    claim: str
    implementation: str
    verdict: Verdict
    evidence: Mapping[str, Evidence | Finding] = field(default_factory=dict[str, "Evidence | Finding"])
    """By dtype."""
    reason: str = ""
    """Why it departs, is unavailable or not applicable."""
    hint: str = ""
    """What would make a refuted check hold."""
    seconds: float = 0.0
    again: str = ""
    """The arguments of `recheck` that find the implementation again."""

    @property
    def worst(self) -> tuple[str, Evidence | Finding] | None:
        """The dtype in which it came closest to being refuted, or was, and the evidence."""
        found = self.evidence.items()
        return max(found, key=lambda each: each[1].closeness if isinstance(each[1], Evidence) else 0.0) if found else None


def perform(claim: Claim, implementation: Implementation, seed: int = 0, laboratory: Any = None, *, hint: bool = True) -> Checked:
    """Hold one claim against one implementation; an error that the implementation raises refutes it. A `hint` costs as much as several checks."""
    begin = time.perf_counter()
    checked = _checked(claim, implementation, seed, laboratory)
    if hint and checked.verdict == "refuted" and claim.kind != "conformance":  # which does not depend on what is declared
        checked = replace(checked, hint=_hint(claim, implementation, seed))
    return replace(checked, seconds=time.perf_counter() - begin, again=implementation.again)


def _checked(claim: Claim, implementation: Implementation, seed: int, laboratory: Any) -> Checked:
    for name, choice in claim.conventions.items():
        declared = implementation.conventions.get(name)
        if declared != choice:
            reason = f"it declares {name}={declared}, and the claim is about {choice}"
            return Checked(claim.id, implementation.name, "not applicable", reason=reason)
    evidence: dict[str, Evidence | Finding] = {}
    reason = ""
    for dtype in claim.dtypes:
        try:
            evidence[dtype] = _evidence(claim, implementation, dtype, seed, laboratory)
        except NotApplicable as error:
            reason = str(error)
    if reason and all(each.held for each in evidence.values() if isinstance(each, Evidence)):
        return Checked(claim.id, implementation.name, "not applicable", reason=reason)
    return _judge(claim, implementation, evidence)


def _evidence(claim: Claim, implementation: Implementation, dtype: str, seed: int, laboratory: Any) -> Evidence | Finding:
    probe = Probe(np.dtype(dtype), seed, claim.id, others, laboratory)
    try:
        with registry.present(implementation), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return claim.check(subject(implementation, dtype), probe)
    except (NotApplicable, KeyboardInterrupt):
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001  an implementation may raise anything
        return Evidence(float("inf"), 0.0, 1, Case("the check", "a result", f"{type(error).__name__}: {error}"))


def _judge(claim: Claim, implementation: Implementation, evidence: Mapping[str, Evidence | Finding]) -> Checked:
    made = functools.partial(Checked, claim.id, implementation.name, evidence=evidence)
    departure = implementation.departures.get(claim.id)
    findings = [each for each in evidence.values() if isinstance(each, Finding)]
    if findings and (departure is None or findings[0].verdict == "undecided"):
        return made(findings[0].verdict)
    held = all(each.held if isinstance(each, Evidence) else each.verdict == "supported" for each in evidence.values())
    if departure is None:
        return made("held" if held else "refuted")
    if held:
        return made("expired", reason=f"it declares a departure ({departure}), but the claim holds: take the declaration away")
    return made("departs", reason=departure)


def _hint(claim: Claim, implementation: Implementation, seed: int) -> str:
    """The declaration under which a refuted claim holds, if there is one: most often the code is right and the declaration is missing."""
    known = implementation.technique.conventions
    combinations = (dict(zip(known, choices, strict=True)) for choices in itertools.product(*known.values()))
    different = [{name: choice for name, choice in each.items() if implementation.conventions[name] != choice} for each in combinations]
    end = time.perf_counter() + HINT_SECONDS
    for changed in sorted((each for each in different if each), key=len):
        if time.perf_counter() > end:
            break
        other = replace(implementation, conventions={**implementation.conventions, **changed})
        if _checked(claim, other, seed, None).verdict == "held":
            declaration = ", ".join(f'"{name}": "{choice}"' for name, choice in changed.items())
            return f"It would hold under another convention: if that is what the code does, declare conventions = {{{declaration}}}."
    return ""


@functools.cache
def others(technique: str, dtype: np.dtype[Any]) -> tuple[Any, ...]:
    """Subjects of the project's own implementations of a technique; one of each, whoever asks."""
    found = registry.implementations(technique).values()
    return tuple(subject(each, dtype) for each in found if each.origin == registry.OWN)
