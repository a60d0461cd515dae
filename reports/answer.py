"""The answer in words: of each trick, on how many datasets it helps, hurts, does nothing that matters, or is undecided.

A `Finding` counts one trick in one design over the datasets. `headline` says of a design which tricks do what, and on how many datasets;
`finding_sentence` tells one trick with the range of its differences, apart for each metric, since their units differ. `summary.py` counts all.

That a trick is equivalent is a finding; that it is undecided is none, and then the seeds are told that would settle it. A trick may help on one
dataset and hurt on another: it is named for each.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .confounding import aliases_of, confounded, told_from
from .result import VERDICTS
from .words import listed, settled_by, signed

if TYPE_CHECKING:
    from pandas import DataFrame

SETTING = {
    "add-one-in": "Alone",
    "leave-one-out": "Within the full recipe",
    "one-factor": "Against each other",
    "full-factorial": "On average over the other tricks",
    "fractional-factorial": "On average over a fraction of the other tricks' combinations",
}
MEANING = {
    "add-one-in": "the baseline with the trick against the baseline",
    "leave-one-out": "the full recipe against the full recipe without the trick",
    "one-factor": "the levels of one factor, pair by pair",
    "full-factorial": "with the trick against without it, the mean over all combinations of the others",
    "fractional-factorial": "with the trick against without it, the mean over the combinations that were run",
}

OUTCOMES = {
    "helps": ("helps",),
    "hurts": ("hurts",),
    "no matter": ("helps, negligibly", "equivalent", "hurts, negligibly"),
    "identical": ("identical runs",),
    "undecided": ("undecided",),
}
"""What a headline tells apart. Whatever is negligible is established to be too small to matter, as what is equivalent is."""


@dataclass(frozen=True)
class Finding:
    """One trick in one design: on how many datasets which verdict, and per metric the least and the greatest difference."""

    trick: str
    factor: str
    level: str
    design: str
    measured: tuple[tuple[str, str, float], ...]
    """(dataset, verdict, difference) of each that was."""
    unmeasured: int = 0
    ranges: tuple[tuple[str, float, float], ...] = ()
    open: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    """By dataset on which it is undecided: from how many to how many seeds would settle it."""
    aliases: tuple[str, ...] = ()
    """Effects that its design cannot tell from it."""

    @property
    def counts(self) -> Mapping[str, int]:
        """By verdict, of what was measured."""
        return Counter(verdict for _, verdict, _ in self.measured)

    @property
    def datasets(self) -> int:
        return len(self.measured) + self.unmeasured

    def on(self, outcome: str) -> int:
        """On how many datasets one of `OUTCOMES` holds."""
        return sum(verdict in OUTCOMES[outcome] for _, verdict, _ in self.measured)

    def counted(self, outcome: str, datasets: int) -> str:
        """Its name with the number of those datasets, where there are several, and with what it is confounded with."""
        return self._with(str(self.on(outcome)) if datasets > 1 else "")

    def sized(self, outcome: str, datasets: int) -> str:
        """Its name with those datasets, where there are several, and the difference on each."""
        found = [(dataset, difference) for dataset, verdict, difference in self.measured if verdict in OUTCOMES[outcome]]
        return self._with(", ".join(f"{dataset} {signed(difference)}" if datasets > 1 else signed(difference) for dataset, difference in found))

    def _with(self, aside: str) -> str:
        within = "; ".join(filter(None, [aside, told_from(self.aliases)]))
        return f"{self.trick} ({within})" if within else self.trick


def findings(effects: DataFrame, design: str) -> list[Finding]:
    """A design's tricks in the order of the table."""
    rows = effects[effects["design"] == design]
    return [_finding(key, group) for key, group in rows.groupby(["design", "factor", "level", "trick"], sort=False)]


def _finding(key: tuple[object, ...], rows: DataFrame) -> Finding:
    design, factor, level, trick = (str(part) for part in key)
    measured = rows[rows["difference"].notna()]
    ranges = tuple((str(metric), float(group.min()), float(group.max())) for metric, group in measured.groupby("metric", sort=False)["difference"])
    undecided = measured[measured["verdict"] == "undecided"]
    settled = zip(undecided["dataset"], undecided["settle_low"], undecided["settle_high"], strict=True)
    seeds = {str(dataset): (float(low), float(high)) for dataset, low, high in settled if not math.isnan(low)}
    aliases = tuple(aliases_of(rows["aliases"].iloc[0])) if "aliases" in rows else ()
    each = tuple((str(row["dataset"]), str(row["verdict"]), float(row["difference"])) for _, row in measured.iterrows())
    return Finding(trick, factor, level, design, each, len(rows) - len(each), ranges, seeds, aliases)


VERBS = {
    "helps": "helps", "helps, negligibly": "helps negligibly", "equivalent": "is equivalent", "undecided": "is undecided",
    "hurts, negligibly": "hurts negligibly", "hurts": "hurts", "identical runs": "changes nothing, bit for bit,",
}  # fmt: skip


def finding_sentence(finding: Finding) -> str:
    """`helps on 6 of 9 datasets, hurts on 1, is undecided on 2 (accuracy +0.010 to +0.312).`, and what would settle the undecided."""
    ordered = sorted(VERDICTS, key=lambda verdict: (verdict == "undecided", VERDICTS.index(verdict)))
    told = [(VERBS[verdict], finding.counts.get(verdict, 0)) for verdict in ordered] + [("not measured", finding.unmeasured)]
    parts = [f"{verb} on {count}" for verb, count in told if count]
    if finding.datasets == 1:
        parts = [verb.removesuffix(",") for verb, count in told if count]
    else:
        parts[0] += f" of {finding.datasets} datasets"
    ranges = "; ".join(f"{metric} {_range(low, high)}" for metric, low, high in finding.ranges)
    told = f"{confounded(finding.aliases)}{', '.join(parts)}{f' ({ranges})' if ranges else ''}."
    return " ".join(filter(None, [told, settling(finding.open)]))


def settling(undecided: Mapping[str, tuple[float, float]]) -> str:
    """What would settle it where it is undecided: dataset by dataset where those are two at most."""
    if len(undecided) <= 2:
        return " ".join(f"On {dataset}, {settled_by(*seeds)}." for dataset, seeds in undecided.items())
    settled = [seeds for seeds in undecided.values() if math.isfinite(seeds[0])]
    never = len(undecided) - len(settled)
    rest = f"on {never} of them no number of seeds settles it" if never else ""
    if not settled:
        return "On none of these does any number of seeds settle it."
    told = settled_by(min(low for low, _ in settled), max(high for _, high in settled))
    return f"On each of the {'others' if never else 'undecided'}, {told}{f'; {rest}' if rest else ''}."


def _range(low: float, high: float) -> str:
    return signed(low) if signed(low) == signed(high) else f"{signed(low)} to {signed(high)}"


def headline(found: Sequence[Finding]) -> tuple[str, str]:
    """What a design comes to, as (setting, sentence): which tricks do what on any of the datasets, the most datasets first."""
    setting = SETTING[found[0].design]
    measured = [finding for finding in found if finding.unmeasured < finding.datasets]
    if not measured:
        return setting, "nothing has been measured yet."
    datasets = max(finding.datasets for finding in measured)
    groups = {outcome: group for outcome in CLAUSES if (group := _with(outcome, measured))}
    few = datasets <= FEW_DATASETS and sum(finding.on(outcome) for outcome in groups for finding in measured) <= FEW_DIFFERENCES
    clauses = [_clause(outcome, group, datasets, few) for outcome, group in groups.items()]
    open_ = [finding for finding in measured if not any(finding.on(outcome) for outcome in CLAUSES)]
    clauses += [_undecided(open_, datasets)] if open_ else []
    return setting, f"{_where(measured, datasets, few or not groups)}{'; '.join(clauses)}."


def _where(measured: Sequence[Finding], datasets: int, named: bool) -> str:
    """What the numbers in brackets are; or the only dataset."""
    if datasets == 1:
        return f"on {measured[0].measured[0][0]}, "
    return "" if named else f"of the {datasets} datasets (in brackets on how many), "


def _with(outcome: str, found: Sequence[Finding]) -> list[Finding]:
    """Those of which it holds anywhere."""
    return sorted((finding for finding in found if finding.on(outcome)), key=lambda finding: -finding.on(outcome))


CLAUSES = {
    "helps": ("helps", "help"),
    "hurts": ("hurts", "hurt"),
    "no matter": ("makes no difference that matters", "make no difference that matters"),
    "identical": ("changes nothing, bit for bit", "change nothing, bit for bit"),
}


FEW_DATASETS = 3
FEW_DIFFERENCES = 12
"""Up to so many are named with their size; of more it is counted on how many datasets."""


def _clause(outcome: str, group: Sequence[Finding], datasets: int, few: bool) -> str:
    names = [finding.sized(outcome, datasets) if few else finding.counted(outcome, datasets) for finding in group]
    return f"{listed(names)} {CLAUSES[outcome][len(group) > 1]}"


def _undecided(group: Sequence[Finding], datasets: int) -> str:
    names = listed(f"{finding.trick} ({told})" if (told := told_from(finding.aliases)) else finding.trick for finding in group)
    everywhere = f" on {'both' if datasets == 2 else 'all of the'} datasets" if datasets > 1 else ""
    return f"{names} {'is' if len(group) == 1 else 'are'} undecided{everywhere}"
