"""What `trickbench check` says: a table of claims by implementations, every refuted claim in words, and the same for machines.

One block a technique: implementations are numbered across, so that a table fits a terminal of 80 columns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from rich.table import Table
from rich.text import Text

from .. import catalogue, words
from ..errors import StorageError
from ..evidence import Evidence, Finding
from .perform import BAD, NOT_RUN, Checked, Verdict
from .verdicts import Verdicts, record, reproduce

if TYPE_CHECKING:
    from rich.console import Console

SIGNS: dict[Verdict, tuple[str, str]] = {
    "held": ("+", "green"),
    "refuted": ("X", "bold red"),
    "departs": ("d", "yellow"),
    "expired": ("!", "bold red"),
    "not applicable": (".", "dim"),
    "unavailable": ("-", "dim"),
    "supported": ("S", "green"),
    "not supported": ("N", "bold red"),
    "undecided": ("u", "yellow"),
}
ACROSS = 12
"""So many implementations fit beside the claims' names."""


def show(verdicts: Verdicts, console: Console) -> None:
    """The tables, what is refuted or departs, and the counts."""
    techniques = dict.fromkeys(each.implementation.partition("/")[0] for each in verdicts.checked if each.implementation)
    for technique in sorted(techniques):
        _block(technique, [each for each in verdicts.checked if each.implementation.partition("/")[0] == technique], console)
    legend = [f"{sign} {verdict}" for verdict, (sign, _) in SIGNS.items() if verdict in verdicts.counts()]
    console.print(Text(", ".join(legend), style="dim"), soft_wrap=True)
    _reasons(verdicts, console)
    for each in verdicts.bad():
        console.print()
        console.print(Text(explanation(each, verdicts.seed)), soft_wrap=True)
    console.print()
    console.print(Text(counted(verdicts)), soft_wrap=True)


def _block(technique: str, checked: Sequence[Checked], console: Console) -> None:
    names = list(dict.fromkeys(each.implementation for each in checked))
    for first in range(0, len(names), ACROSS):
        shown = names[first : first + ACROSS]
        columns = {name: str(number) for number, name in enumerate(shown, first + 1)}
        console.print(Text(technique, style="bold underline"))
        console.print(Text("  ".join(f"{number} {name.partition('/')[2]}" for name, number in columns.items()), style="dim"), soft_wrap=False)
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
        table.add_column("")
        for number in columns.values():
            table.add_column(number, justify="center")
        signs = {(each.claim, each.implementation): Text(*SIGNS[each.verdict]) for each in checked}
        for claim in dict.fromkeys(each.claim for each in checked):
            table.add_row(claim, *(signs.get((claim, name), Text(" ")) for name in shown))
        console.print(table)
        console.print()


def _reasons(verdicts: Verdicts, console: Console) -> None:
    """One line for each reason why something departs or is unavailable."""
    for verdict in ("departs", "unavailable"):
        found = [each for each in verdicts.checked if each.verdict == verdict]
        for reason in dict.fromkeys(each.reason for each in found):
            same = [each for each in found if each.reason == reason]
            whose = dict.fromkeys(each.implementation for each in same)
            claims = f" ({_few(dict.fromkeys(each.claim for each in same))})"
            console.print(Text.assemble((f"{verdict}: ", SIGNS[verdict][1]), f"{_few(whose)}{claims}: {reason}"), soft_wrap=True)


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed) if len(listed) <= 4 else f"{', '.join(listed[:3])} and {len(listed) - 3} more"


def explanation(checked: Checked, seed: int) -> str:
    """A refuted claim in words: what is claimed, the counterexample, what was expected and got, how to make the check again."""
    claim = catalogue.claims()[checked.claim]
    lines = [f"{checked.verdict}: {checked.claim} by {checked.implementation}", f"  {claim.sentence}", f"  Source: {claim.source}."]
    if checked.reason:
        lines.append(f"  {checked.reason}")
    if checked.verdict != "expired":
        lines += _found(checked)
    if checked.hint:
        lines.append(f"  {checked.hint}")
    lines += ["  To see it again:", *(f"    {line}" for line in reproduce(checked, seed))]
    return "\n".join(lines)


def _found(checked: Checked) -> list[str]:
    if checked.worst is None:
        return []
    dtype, evidence = checked.worst
    if isinstance(evidence, Finding):
        return [f"  {evidence}"]
    lines = [f"  {name:15} {value}" for name, value in _case(evidence).items()]
    if evidence.tolerance > 0:
        lines.append(f"  {'deviation':15} {evidence.deviation:.3g}, allowed is {evidence.tolerance:.3g}, over {evidence.cases} cases in {dtype}")
    return lines


def _case(evidence: Evidence) -> dict[str, str]:
    if evidence.worst is None:
        return {"counterexample": "the check had no case to try"} if evidence.cases == 0 else {}
    return {"counterexample": evidence.worst.given, "expected": evidence.worst.expected, "got": evidence.worst.got}


def counted(verdicts: Verdicts) -> str:
    """The counts in one sentence."""
    counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.counts().items()) or "none"
    claims = len({each.claim for each in verdicts.checked})
    made = f"{verdicts.made:,} of {words.counted(verdicts.expected, 'check')} made of {words.counted(claims, 'claim')}"
    return f"{made} in {verdicts.seconds:.1f} s: {counts}."


def to_json(verdicts: Verdicts) -> str:
    """Summary and checks as one JSON document."""
    return json.dumps({"summary": verdicts.summary(), "checks": verdicts.records()}, indent=1, ensure_ascii=False)


def write_junit(verdicts: Verdicts, path: Path) -> None:
    """The checks as test cases in JUnit's XML: one suite a technique. Raises `StorageError` if the file cannot be written."""
    root = ET.Element("testsuites", name="trickbench check")
    for technique in sorted({_suite(each) for each in verdicts.checked}):
        cases = [each for each in verdicts.checked if _suite(each) == technique]
        totals = {
            "tests": len(cases),
            "failures": sum(each.verdict in BAD for each in cases),
            "skipped": sum(each.verdict in NOT_RUN for each in cases),
        }
        suite = ET.SubElement(root, "testsuite", {"name": technique, "errors": "0"} | {name: str(count) for name, count in totals.items()})
        for each in cases:
            _test_case(suite, each, verdicts.seed)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error}); name another file with --junit.") from error


def _printable(text: str) -> str:
    """XML has no place for control characters, not even escaped."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def _suite(each: Checked) -> str:
    return each.implementation.partition("/")[0]


def _test_case(suite: ET.Element, each: Checked, seed: int) -> None:
    case = ET.SubElement(suite, "testcase", classname=each.implementation, name=each.claim, time=f"{each.seconds:.4f}")
    if each.verdict in BAD:
        failure = ET.SubElement(case, "failure", message=f"{each.verdict}: {record(each)['sentence']}")
        failure.text = _printable(explanation(each, seed))
    elif each.verdict in NOT_RUN:
        ET.SubElement(case, "skipped", message=_printable(f"{each.verdict}: {each.reason}"))
