"""The answer in words: of each trick, on how many datasets it helps, hurts, or cannot be told, alone and within the full recipe.

A `Finding` counts one trick in one design over the datasets. `headline` sorts a design's tricks by what they do on most datasets;
`finding_sentence` tells one trick with the range of its differences, apart for each metric, since their units differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .words import counted, listed, signed

if TYPE_CHECKING:
    from pandas import DataFrame

SETTING = {"add-one-in": "Alone", "leave-one-out": "Within the full recipe"}
MEANING = {
    "add-one-in": "the baseline with the trick against the baseline",
    "leave-one-out": "the full recipe against the full recipe without the trick",
}


@dataclass(frozen=True)
class Finding:
    """One trick in one design: on how many datasets which verdict, and per metric the least and the greatest difference."""

    trick: str
    factor: str
    level: str
    design: str
    helps: int
    hurts: int
    undetected: int
    unmeasured: int
    ranges: tuple[tuple[str, float, float], ...]

    @property
    def datasets(self) -> int:
        return self.helps + self.hurts + self.undetected + self.unmeasured

    def mostly(self, verdict: str) -> bool:
        """Whether `helps`, `hurts` or `undetected` holds on more than half of the datasets."""
        return 2 * getattr(self, verdict) > self.datasets


def findings(effects: DataFrame, design: str) -> list[Finding]:
    """A design's tricks in the order of the table."""
    rows = effects[effects["design"] == design]
    return [_finding(key, group) for key, group in rows.groupby(["design", "factor", "level", "trick"], sort=False)]


def _finding(key: tuple[object, ...], rows: DataFrame) -> Finding:
    design, factor, level, trick = (str(part) for part in key)
    measured = rows[rows["difference"].notna()]
    count = measured["verdict"].value_counts()
    helps, hurts, undetected = (int(count.get(verdict, 0)) for verdict in ("helps", "hurts", "no detectable difference"))
    ranges = tuple((str(metric), float(group.min()), float(group.max())) for metric, group in measured.groupby("metric", sort=False)["difference"])
    return Finding(trick, factor, level, design, helps, hurts, undetected, len(rows) - helps - hurts - undetected, ranges)


def finding_sentence(finding: Finding) -> str:
    """`Alone: helps on 6 of 9 datasets, hurts on 1, cannot be told on 2 (accuracy +0.010 to +0.312).`"""
    told = [("helps", finding.helps), ("hurts", finding.hurts), ("cannot be told", finding.undetected), ("not measured", finding.unmeasured)]
    parts = [f"{verb} on {count}" for verb, count in told if count]
    parts[0] += f" of {counted(finding.datasets, 'dataset')}"
    ranges = "; ".join(f"{metric} {_range(low, high)}" for metric, low, high in finding.ranges)
    return f"{', '.join(parts)}{f' ({ranges})' if ranges else ''}."


def _range(low: float, high: float) -> str:
    return signed(low) if signed(low) == signed(high) else f"{signed(low)} to {signed(high)}"


def headline(found: Sequence[Finding]) -> tuple[str, str]:
    """What a design comes to, as (setting, sentence): which tricks help, hurt, or cannot be told on more than half of the datasets."""
    setting = SETTING[found[0].design]
    measured = [finding for finding in found if finding.unmeasured < finding.datasets]
    if not measured:
        return setting, "nothing has been measured yet."
    datasets = max(finding.datasets for finding in measured)
    groups = {verdict: [finding for finding in measured if finding.mostly(verdict)] for verdict in ("helps", "hurts", "undetected")}
    clauses = [_clause(verdict, group, counts=datasets > 1) for verdict, group in groups.items() if group]
    mixed = [finding.trick for finding in measured if not any(finding in group for group in groups.values())]
    where = f"on more than half of the {datasets} datasets, " if datasets > 1 else "on the one dataset, "
    told = f"{where}{'; '.join(clauses)}." if clauses else ""
    rest = f"{listed(mixed)} {'has' if len(mixed) == 1 else 'have'} no verdict that holds on more than half of the datasets." if mixed else ""
    return setting, f"{told} {rest}".strip()


def _clause(verdict: str, group: Sequence[Finding], counts: bool) -> str:
    names = listed(f"{finding.trick} ({getattr(finding, verdict)})" if counts else finding.trick for finding in group)
    if verdict == "undetected":
        return f"no difference can be detected for {names}"
    return f"{names} {verdict if len(group) == 1 else verdict.removesuffix('s')}"
