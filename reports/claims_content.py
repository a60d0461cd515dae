"""What the claims report says, decided once: from the records of `trickbench check` to words and numbers. `claims_page.py` sets them.

A record is one claim with one implementation: claim, kind, sentence, source, implementation, verdict, reason, hint, and the evidence by dtype.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]

SIGNS = {
    "held": "✓", "refuted": "✗", "departs": "d", "expired": "!", "not applicable": "·", "unavailable": "–",
    "supported": "✓", "not supported": "✗", "undecided": "~",
}  # fmt: skip
TONES = {"held": "good", "supported": "good", "refuted": "bad", "expired": "bad", "not supported": "bad", "departs": "odd", "undecided": "odd"}
"""How a verdict is coloured; the others are quiet."""


@dataclass(frozen=True)
class Check:
    """One row of a claim's table."""

    implementation: str
    verdict: str
    tone: str
    sign: str
    dtype: str
    measured: str
    """Deviation against tolerance, or the effect with its interval."""
    share: float | None
    """The deviation as a share of the tolerance, at most 1; None where there is none."""
    cases: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """One claim with all its checks."""

    id: str
    kind: str
    sentence: str
    source: str
    tone: str
    counts: str
    closest: str
    checks: tuple[Check, ...]
    numbers: tuple[tuple[str, str], ...]
    exhibit: tuple[tuple[str, str], ...]
    """For an erratum: given, printed sentence, found."""


@dataclass(frozen=True)
class Grid:
    """The verdicts of one technique: claims by implementations."""

    technique: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    """Claim id, and for each column sign, tone and hint."""


@dataclass(frozen=True)
class Difference:
    """One convention of a technique: each choice with the implementations that made it."""

    technique: str
    convention: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Claims:
    """Everything on the page."""

    headline: str
    facts: str
    by_kind: tuple[tuple[str, tuple[str, ...]], ...]
    verdicts: tuple[str, ...]
    grids: tuple[Grid, ...]
    claims: tuple[Said, ...]
    errata: tuple[Said, ...]
    differences: tuple[Difference, ...]
    reasons: tuple[tuple[str, str, str], ...]
    """Verdict, who, why: what departs, is unavailable or not applicable."""
    problems: tuple[Record, ...]


def claims_content(summary: Mapping[str, Any], records: Sequence[Record]) -> Claims:
    """The content of the claims report."""
    verdicts = tuple(verdict for verdict in SIGNS if verdict in summary["verdicts"])
    said = tuple(_said(claim, list(group)) for claim, group in _grouped(records, "claim"))
    problems = tuple(each for each in records if TONES.get(each["verdict"]) == "bad")
    return Claims(
        headline=_headline(summary, problems),
        facts=f"{summary['made']} of {summary['expected']} checks made, seed {summary['seed']}, {summary['seconds']:.0f} s. {_counts(records)}.",
        by_kind=tuple(_kind_row(kind, list(group), verdicts) for kind, group in _grouped(records, "kind")),
        verdicts=verdicts,
        grids=tuple(_grid(technique, list(group)) for technique, group in _by_technique(records)),
        claims=said,
        errata=tuple(each for each in said if each.exhibit),
        differences=tuple(_differences(summary["conventions"])),
        reasons=tuple(_reasons(records)),
        problems=problems,
    )


def _headline(summary: Mapping[str, Any], problems: Sequence[Record]) -> str:
    if problems:
        claims = len({each["claim"] for each in problems})
        which = "1 check is" if len(problems) == 1 else f"{len(problems)} checks of {claims} claim{'s' if claims > 1 else ''} are"
        return f"{which} refuted, out of date or not supported."
    if summary["made"] < summary["expected"]:
        return f"The run is incomplete: {summary['made']} of {summary['expected']} checks were made; none of them is refuted."
    if not summary["made"]:
        return "Nothing was checked."
    return "No implementation refutes a claim that is about it."


def _counts(records: Iterable[Record]) -> str:
    counted = Counter(each["verdict"] for each in records)
    return ", ".join(f"{counted[verdict]} {verdict}" for verdict in SIGNS if counted[verdict])


def _grouped(records: Iterable[Record], key: str) -> Iterable[tuple[str, list[Record]]]:
    groups: dict[str, list[Record]] = {}
    for each in records:
        groups.setdefault(each[key], []).append(each)
    return sorted(groups.items())


def _by_technique(records: Iterable[Record]) -> Iterable[tuple[str, list[Record]]]:
    groups: dict[str, list[Record]] = {}
    for each in records:
        if each["implementation"]:
            groups.setdefault(each["implementation"].partition("/")[0], []).append(each)
    return sorted(groups.items())


def _kind_row(kind: str, records: list[Record], verdicts: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    counted = Counter(each["verdict"] for each in records)
    claims = len({each["claim"] for each in records})
    return kind, (str(claims), *(str(counted[verdict] or "") for verdict in verdicts))


def _grid(technique: str, records: list[Record]) -> Grid:
    columns = tuple(dict.fromkeys(each["implementation"] for each in records))
    rows: dict[str, dict[str, Record]] = {}
    for each in records:
        rows.setdefault(each["claim"], {})[each["implementation"]] = each
    cells = tuple((claim, tuple(_cell(found.get(column)) for column in columns)) for claim, found in sorted(rows.items()))
    return Grid(technique, tuple(column.partition("/")[2] for column in columns), cells)


def _cell(each: Record | None) -> tuple[str, str, str]:
    if each is None:
        return "", "", ""
    return SIGNS[each["verdict"]], TONES.get(each["verdict"], "quiet"), f"{each['verdict']}. {each['reason']}".strip()


def _said(claim: str, records: list[Record]) -> Said:
    first, checks = records[0], tuple(_check(each) for each in records)
    tones = {check.tone for check in checks}
    shares = [check.share for check in checks if check.share is not None]
    exhibit = next((evidence["exhibit"] for each in records for evidence in each["evidence"].values() if evidence.get("exhibit")), None)
    return Said(
        id=claim, kind=first["kind"], sentence=first["sentence"], source=first["source"],
        tone=next((tone for tone in ("bad", "odd", "good") if tone in tones), "quiet"),
        counts=_counts(records),
        closest=f"the closest took {max(shares):.0%} of its tolerance" if shares and max(shares) > 0 else "",
        checks=tuple(check for check in checks if check.implementation),
        numbers=_numbers(records),
        exhibit=() if exhibit is None else (("given", exhibit["given"]), ("as printed", exhibit["expected"]), ("found", exhibit["got"])),
    )  # fmt: skip


def _check(each: Record) -> Check:
    dtype, evidence = _worst(each["evidence"])
    share = _number(evidence.get("closeness")) if evidence else None
    notes = [each["reason"], each["hint"]]
    if TONES.get(each["verdict"]) in ("bad", "odd") and evidence and evidence.get("worst"):
        worst = evidence["worst"]
        notes.append(f"{worst['given']}: expected {worst['expected']}, got {worst['got']}")
    return Check(
        each["implementation"], each["verdict"], TONES.get(each["verdict"], "quiet"), SIGNS[each["verdict"]], dtype,
        _measured(evidence), None if share is None else min(share, 1.0), _cases(each["evidence"]), tuple(note for note in notes if note),
    )  # fmt: skip


def _worst(evidence: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The dtype that came closest to being refuted."""
    if not evidence:
        return "", {}
    return max(evidence.items(), key=lambda item: _number(item[1].get("closeness")) or 0.0)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)  # "inf" and "nan" are text in the records


def _measured(evidence: Mapping[str, Any]) -> str:
    if not evidence:
        return ""
    if "effect" in evidence:
        return f"{float(evidence['effect']):+.3g} [{float(evidence['low']):+.3g}, {float(evidence['high']):+.3g}]"
    deviation, tolerance = float(evidence["deviation"]), float(evidence["tolerance"])
    if tolerance == 0:
        return "exact" if deviation == 0 else "differs"
    return f"{deviation:.3g} of {tolerance:.3g}"


def _cases(evidence: Mapping[str, Any]) -> str:
    total = sum(each.get("cases", each.get("runs", 0)) for each in evidence.values())
    return f"{total:,}" if total else ""


def _numbers(records: Sequence[Record]) -> tuple[tuple[str, str], ...]:
    """The further numbers of the first check that has any, and the effect's name of an empirical one."""
    for each in records:
        _, evidence = _worst(each["evidence"])
        effect = {evidence["what"]: _measured(evidence)} if "what" in evidence else {}
        numbers = {name: value if isinstance(value, str) else f"{value:.4g}" for name, value in evidence.get("numbers", {}).items()}
        if effect or numbers:
            return tuple((effect | numbers).items())
    return ()


def _differences(conventions: Mapping[str, Mapping[str, str]]) -> Iterable[Difference]:
    """Every convention in which the implementations of a technique differ."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for implementation, declared in conventions.items():
        technique, _, variant = implementation.partition("/")
        for name, choice in declared.items():
            found.setdefault((technique, name), {}).setdefault(choice, []).append(variant)
    for (technique, name), choices in sorted(found.items()):
        if len(choices) > 1:
            yield Difference(technique, name, tuple((choice, ", ".join(variants)) for choice, variants in choices.items()))


def _reasons(records: Iterable[Record]) -> Iterable[tuple[str, str, str]]:
    for verdict in ("departs", "unavailable", "not applicable"):
        groups: dict[str, list[str]] = {}
        for each in records:
            if each["verdict"] == verdict:
                groups.setdefault(each["reason"], []).append(each["implementation"])
        yield from ((verdict, ", ".join(dict.fromkeys(who)), reason) for reason, who in groups.items())
