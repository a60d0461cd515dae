"""What a check found: how far an implementation was from what is claimed, against how far it may be, and the case where it was furthest.

Deviation and tolerance are in one unit: units in the last place of a natural scale for identities and bounds, powers of ten of a p-value
for tests. A tolerance has its derivation beside the check; it is never a bare 1e-3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from .arrays import Floats

FALSE_ALARM = 1e-6
"""The largest rate at which a statistical check may refute a correct implementation."""


@dataclass(frozen=True)
class Case:
    """One input with what should come out and what did: the smallest counterexample, or the closest miss."""

    given: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.given}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True)
class Evidence:
    """What a check found. The claim held where the deviation does not exceed the tolerance, over at least one case."""

    deviation: float
    tolerance: float
    cases: int
    worst: Case | None = None
    """Where the deviation is largest."""
    numbers: Mapping[str, float | str] = field(default_factory=dict[str, "float | str"])
    """What else is worth reporting: scales, rates, measured effects."""
    exhibit: Case | None = None
    """For an erratum: the counterexample to the sentence as printed."""

    @property
    def held(self) -> bool:
        """Whether the claim held; a deviation that is NaN, and a check of no case, did not."""
        return self.cases > 0 and self.deviation <= self.tolerance

    @property
    def closeness(self) -> float:
        """The deviation as a share of the tolerance: above 1 is refuted, NaN counts as infinity."""
        if math.isnan(self.deviation) or self.cases == 0:
            return math.inf
        if self.tolerance > 0:
            return self.deviation / self.tolerance
        return 0.0 if self.deviation <= 0 else math.inf

    def note(self, **numbers: float | str) -> Evidence:
        """The same with further numbers."""
        return replace(self, numbers={**self.numbers, **numbers})


@dataclass(frozen=True)
class Finding:
    """What an empirical check found: an effect with its interval, and what that says of the claim."""

    verdict: Literal["supported", "not supported", "undecided"]
    effect: float
    low: float
    high: float
    what: str
    """What the effect is, with its unit."""
    runs: int
    numbers: Mapping[str, float | str] = field(default_factory=dict[str, "float | str"])

    def note(self, **numbers: float | str) -> Finding:
        """The same with further numbers."""
        return replace(self, numbers={**self.numbers, **numbers})

    def __str__(self) -> str:
        return f"{self.what}: {self.effect:+.3g} [{self.low:+.3g}, {self.high:+.3g}] over {self.runs} runs"


def finding(
    differences: Floats | Sequence[float],
    what: str,
    *,
    expected: Literal["positive", "negative"],
    confidence: float = 0.95,
    **numbers: float | str,
) -> Finding:
    """Paired differences, one a seed, against a claimed sign: supported or not where Student's interval excludes 0, else undecided."""
    from .inference.intervals import t_interval

    values = np.asarray(differences, np.float64)
    _, low, high = t_interval(values, confidence)
    right, wrong = (low > 0, high < 0) if expected == "positive" else (high < 0, low > 0)
    verdict = "supported" if right else "not supported" if wrong else "undecided"
    return Finding(verdict, float(values.mean()), float(low), float(high), what, len(values), numbers)


def jointly(main: Finding, *others: Finding) -> Finding:
    """A claim in several parts: supported where all are, not supported where one is not. The first gives the effect, the others become numbers."""
    verdicts = {main.verdict, *(other.verdict for other in others)}
    verdict = "supported" if verdicts == {"supported"} else "not supported" if "not supported" in verdicts else "undecided"
    return replace(
        main,
        verdict=verdict,
        numbers={**main.numbers, **{other.what: f"{other.effect:+.3g} [{other.low:+.3g}, {other.high:+.3g}]" for other in others}},
    )


def close(
    found: Any, expected: Any, *, ulps: float, scale: Any = None, eps: float | None = None, given: Callable[[tuple[int, ...]], str] | str = ""
) -> Evidence:
    """Two arrays agree within so many units in the last place of numbers of a scale (broadcast; by default the expected number's own size).

    `eps` is that of the dtype of `found` unless given. Where the scale is infinite nothing finite is refuted; where it is NaN, everything is. Equal
    infinities, and NaN where NaN is expected, agree. `given` names the inputs of an entry.
    """
    got, want = np.asarray(found), np.asarray(expected, np.float64)
    if want.shape not in ((), got.shape):
        return _other_shape(want.shape, got.shape, ulps, given)
    want = np.broadcast_to(want, got.shape)
    unit = (float(np.finfo(got.dtype).eps) if eps is None else eps) * np.abs(want if scale is None else np.asarray(scale, np.float64))
    wide = got.astype(np.float64)
    with np.errstate(all="ignore"):
        distance = np.abs(wide - want)
        deviations = np.where(distance == 0, 0.0, distance / unit)
    same = (wide == want) | (np.isnan(wide) & np.isnan(want))
    return _worst(np.where(same, 0.0, deviations), wide, want, ulps, given, "{:.17g}")


def below(values: Any, limits: Any, *, ulps: float, scale: Any = None, eps: float, given: Callable[[tuple[int, ...]], str] | str = "") -> Evidence:
    """No value exceeds its limit by more than so many units in the last place of a scale (by default the limit's own size)."""
    got = np.asarray(values, np.float64)
    limit = np.broadcast_to(np.asarray(limits, np.float64), got.shape)
    unit = eps * np.abs(limit if scale is None else np.asarray(scale, np.float64))
    with np.errstate(all="ignore"):
        deviations = np.where(got <= limit, 0.0, (got - limit) / unit)
    deviations = np.where(np.isnan(got), np.inf, deviations)
    return _worst(deviations, got, limit, ulps, given, "at most {:.17g}")


def equal(found: Any, expected: Any, *, given: Callable[[tuple[int, ...]], str] | str = "") -> Evidence:
    """Two arrays agree bit for bit in value (0 and -0 alike); NaN agrees with NaN."""
    return close(found, expected, ulps=0, scale=0, given=given)


def true(condition: bool, case: Case, *, cases: int = 1) -> Evidence:
    """A fact that is so or not; the case says what was expected and what was found."""
    return Evidence(0.0 if condition else math.inf, 0.0, cases, case)


def not_rejected(p_value: float, case: Case, *, cases: int, rate: float = FALSE_ALARM, **numbers: float | str) -> Evidence:
    """The claim is the null hypothesis: refuted where its p-value lies below the stated rate of false alarms."""
    surprise = -math.log10(max(p_value, 1e-300)) if p_value == p_value else math.inf  # noqa: PLR0124  NaN
    return Evidence(surprise, -math.log10(rate), cases, case, {"p_value": p_value, "false_alarm": rate, **numbers})


def all_of(*parts: Evidence) -> Evidence:
    """Several pieces of evidence for one claim: it held where every one did; the worst of them speaks."""
    if not parts:
        return Evidence(math.inf, 0.0, 0)
    worst = max(parts, key=lambda part: (not part.held, part.closeness))
    numbers = {name: value for part in parts for name, value in part.numbers.items()}
    exhibit = next((part.exhibit for part in parts if part.exhibit), None)
    cases = 0 if any(part.cases == 0 for part in parts) else sum(part.cases for part in parts)
    return replace(worst, cases=cases, numbers=numbers, exhibit=exhibit)


def first_refuted(*parts: Evidence) -> Evidence:
    """As `all_of`, but the first part that fails speaks: where parts go from plain to wild, it has the plainest counterexample."""
    return next((part for part in parts if not part.held), all_of(*parts))


def along(found: Any, expected: Any, tolerances: Any, given: Callable[[tuple[int, ...]], str]) -> Evidence:
    """Agreement of a path (steps, n) within so many eps at each entry; where it fails, at the first step that departs."""
    whole = close(found, expected, ulps=1, scale=tolerances, given=given)
    ends = range(1, 0 if whole.held else len(found))
    parts = (close(found[:end], expected[:end], ulps=1, scale=tolerances[:end], given=given) for end in ends)
    return next((part for part in parts if not part.held), whole)


def listed(values: Any) -> str:
    """A few digits of each number, the middle left out where there are many; one number where all are equal."""
    shown = [f"{value:.4g}" for value in np.atleast_1d(values)]
    if len(set(shown)) == 1 and len(shown) > 1:
        return f"{shown[0]} (every step)"
    return ", ".join(shown if len(shown) <= 8 else [*shown[:3], "...", *shown[-4:]])


def erratum(exhibit: Case, refuted: bool, corrected: Evidence, **numbers: float | str) -> Evidence:
    """The printed sentence fails on a counterexample and the corrected sentence passes the same check. `refuted` says whether the former did."""
    shown = true(refuted, replace(exhibit, expected=f"the sentence as printed to fail ({exhibit.expected})"))
    return replace(all_of(shown, corrected), exhibit=exhibit).note(**numbers)


def _worst(deviations: Floats, got: Floats, want: Floats, tolerance: float, given: Callable[[tuple[int, ...]], str] | str, form: str) -> Evidence:
    if deviations.size == 0:
        return Evidence(math.inf, tolerance, 0)
    ranked = np.where(np.isnan(deviations), np.inf, deviations)
    place = tuple(int(i) for i in np.unravel_index(int(np.argmax(ranked)), ranked.shape))
    named = given(place) if callable(given) else f"{given}{' ' if given else ''}entry {', '.join(map(str, place))}" if place else given
    case = Case(named, form.format(want[place]), f"{got[place]:.17g}")
    return Evidence(float(ranked[place]), float(tolerance), int(deviations.size), case)


def _other_shape(expected: tuple[int, ...], got: tuple[int, ...], tolerance: float, given: Callable[[tuple[int, ...]], str] | str) -> Evidence:
    named = given if isinstance(given, str) and given else "the result"
    return Evidence(math.inf, tolerance, 1, Case(named, f"shape {expected}", f"shape {got}"))
