"""Which checks there are: the claims and implementations that were asked for, pair by pair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from .. import catalogue, registry
from ..choice import preference
from ..claim import Claim
from ..errors import InputError, unknown
from ..technique import Implementation
from .perform import Checked


@dataclass(frozen=True)
class CheckPlan:
    """The checks to be made, and those that cannot be, of implementations that cannot be loaded."""

    pairs: list[tuple[Claim, Implementation]]
    without: list[Checked]
    claims: list[Claim]


def check_plan(
    claims: Sequence[str] = (), techniques: Sequence[str] = (), implementations: Sequence[Implementation] | None = None, *, fast: bool = False
) -> CheckPlan:
    """The checks of all claims whose id fits one of the patterns (`adam.*`) with all implementations, or the given ones, of some techniques.

    `fast` leaves out what trains networks. An empirical claim is about the idea, not about its code: it is held against one implementation of
    each technique, unless implementations are given. Raises `InputError` for an unknown technique.
    """
    for technique in techniques:
        if technique not in registry.techniques():
            raise unknown("technique", technique, registry.techniques())
    wanted = _claims(claims, fast=fast)
    chosen = list(registry.implementations().values() if implementations is None else _distinct(implementations, techniques))
    chosen = [each for each in chosen if not techniques or each.technique.name in techniques]
    for each in chosen:
        _check_departures(each)
    broad = {each.name for each in (chosen if implementations is not None else _preferred(chosen))}
    pairs = [
        (claim, each)
        for each in chosen
        for claim in wanted
        if claim.concerns(each.technique.name, each.technique.family) and (not claim.slow or each.name in broad)
    ]
    return CheckPlan(pairs, [] if implementations is not None else [*_unavailable(wanted, techniques)], wanted)


def _claims(patterns: Sequence[str], *, fast: bool) -> list[Claim]:
    """The claims that fit some pattern. Where several are given, each must fit some claim: one that does not is misspelt."""
    known = catalogue.claims().values()
    for pattern in patterns if len(patterns) > 1 else ():
        if not any(_fits(claim.id, [pattern]) for claim in known):
            raise unknown("claim", pattern, catalogue.claims())
    return [claim for claim in known if _fits(claim.id, patterns) and not (fast and claim.slow)]


def _distinct(implementations: Sequence[Implementation], techniques: Sequence[str]) -> list[Implementation]:
    """Each implementation once; refuses two of one name, and one that the techniques exclude."""
    found: dict[str, Implementation] = {}
    for each in implementations:
        known = found.get(each.name) or registry.implementations().get(each.name, each)
        if known.cls is not each.cls and (known.origin, known.found_by) != (each.origin, each.found_by):
            raise InputError(f"{known.origin} and {each.origin} both bring {each.name}; give one of them another name.")
        if techniques and each.technique.name not in techniques:
            raise InputError(f"{each.name} is of none of the techniques {', '.join(techniques)}; leave one of the two out.")
        found.setdefault(each.name, each)
    return list(found.values())


def _check_departures(each: Implementation) -> None:
    about = [claim.id for claim in catalogue.claims().values() if claim.concerns(each.technique.name, each.technique.family)]
    for claim_id in each.departures:
        if claim_id not in about:
            raise unknown(f"claim that {each.name} departs from", claim_id, about)


def _fits(claim_id: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(claim_id, pattern) for pattern in patterns)


def _unavailable(claims: Iterable[Claim], techniques: Sequence[str]) -> Iterable[Checked]:
    for name, why in registry.unavailable().items():
        technique = registry.techniques().get(name.partition("/")[0])
        if technique is not None and (not techniques or technique.name in techniques):
            concerned = (claim for claim in claims if claim.concerns(technique.name, technique.family) and not claim.slow)
            yield from (Checked(claim.id, name, "unavailable", reason=why) for claim in concerned)


def _preferred(implementations: Sequence[Implementation]) -> list[Implementation]:
    """Of each technique the one that a study would take: the first choices in every convention, compiled before interpreted."""
    best: dict[str, Implementation] = {}
    for each in implementations:
        best[each.technique.name] = min(best.get(each.technique.name, each), each, key=_rank)
    return list(best.values())


def _rank(each: Implementation) -> tuple[bool, tuple[bool, bool, int, str]]:
    first = {name: choices[0] for name, choices in each.technique.conventions.items()}
    return dict(each.conventions) != first, preference(each)
