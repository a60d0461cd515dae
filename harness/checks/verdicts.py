"""What came out of a run of checks: counts, the status that they deserve, and plain records for machines."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .. import catalogue
from ..evidence import Case, Evidence, Finding
from .perform import BAD, NOT_RUN, VERDICTS, Checked, Verdict
from .plan import CheckPlan

HOLDS, SOMETHING_REFUTED, INCOMPLETE, NOTHING_CHECKED = 0, 1, 3, 4


@dataclass(frozen=True)
class Verdicts:
    """All checks of a run, in the order of the plan, with those that were not made."""

    plan: CheckPlan
    checked: list[Checked]
    seed: int
    seconds: float
    interrupted: bool = False

    @classmethod
    def of(cls, plan: CheckPlan, checked: Iterable[Checked], seed: int, seconds: float, *, interrupted: bool = False) -> Verdicts:
        """The verdicts in the order of the plan, whatever order they came in."""
        found = {(each.implementation, each.claim): each for each in checked}
        ordered = [found[each.name, claim.id] for claim, each in plan.pairs if (each.name, claim.id) in found]
        return cls(plan, [*ordered, *plan.without], seed, seconds, interrupted)

    @property
    def expected(self) -> int:
        """The checks that should have been made."""
        return len(self.plan.pairs)

    @property
    def made(self) -> int:
        """The checks that were made, whatever they say; `not applicable` is an answer too."""
        return len(self.checked) - len(self.plan.without)

    def counts(self) -> dict[Verdict, int]:
        """How many checks have each verdict, without those that none has."""
        return {verdict: count for verdict in VERDICTS if (count := sum(each.verdict == verdict for each in self.checked))}

    def bad(self) -> list[Checked]:
        """The checks that end with status 1."""
        return [each for each in self.checked if each.verdict in BAD]

    @property
    def status(self) -> int:
        """0 all hold, 1 something is refuted, 3 checks are missing, 4 nothing was checked."""
        if self.bad():
            return SOMETHING_REFUTED
        if self.made < self.expected:
            return INCOMPLETE
        return HOLDS if any(each.verdict not in NOT_RUN for each in self.checked) else NOTHING_CHECKED

    def records(self) -> list[dict[str, Any]]:
        """One plain record for each check."""
        return [record(each) for each in self.checked]

    def summary(self) -> dict[str, Any]:
        """The counts in one record, with what each implementation declares."""
        counts = {"expected": self.expected, "made": self.made, "verdicts": self.counts()}
        return counts | {"seed": self.seed, "status": self.status, "seconds": round(self.seconds, 1), "conventions": self.conventions()}

    def conventions(self) -> dict[str, dict[str, str]]:
        """What every implementation in the plan declares, where its technique leaves a choice."""
        return {each.name: dict(each.conventions) for _, each in self.plan.pairs if each.conventions}


def record(checked: Checked) -> dict[str, Any]:
    """One check as plain data; infinity and NaN become text, which JSON has no number for."""
    claim = catalogue.claims()[checked.claim]
    return {
        "claim": checked.claim,
        "kind": claim.kind,
        "sentence": claim.sentence,
        "source": claim.source,
        "implementation": checked.implementation,
        "verdict": checked.verdict,
        "reason": checked.reason,
        "hint": checked.hint,
        "seconds": round(checked.seconds, 4),
        "evidence": {dtype: _evidence(each) for dtype, each in checked.evidence.items()},
    }


def _evidence(each: Evidence | Finding) -> dict[str, Any]:
    numbers = {name: _plain(value) for name, value in each.numbers.items()}
    if isinstance(each, Finding):
        interval = {"effect": _plain(each.effect), "low": _plain(each.low), "high": _plain(each.high)}
        return {"verdict": each.verdict, "what": each.what, **interval, "runs": each.runs, "numbers": numbers}
    return {
        "held": each.held,
        "deviation": _plain(each.deviation),
        "tolerance": _plain(each.tolerance),
        "closeness": _plain(each.closeness),
        "cases": each.cases,
        "worst": _case(each.worst),
        "exhibit": _case(each.exhibit),
        "numbers": numbers,
    }


def _case(case: Case | None) -> dict[str, str] | None:
    return None if case is None else {"given": case.given, "expected": case.expected, "got": case.got}


def _plain(value: float | str) -> float | str:
    if isinstance(value, str):
        return value
    return float(value) if math.isfinite(value) else str(float(value))


def reproduce(checked: Checked, seed: int) -> list[str]:
    """Three lines of Python that make a check again."""
    return [
        "from trickbench.harness import recheck",
        f'checked = recheck("{checked.claim}", {checked.again}, seed={seed})',
        "print(checked.worst)",
    ]
