"""From results to effects where seeds were added until comparisons were decided: each is judged look by look, and its first verdict stays.

A comparison is looked at after 5 seeds, then at the next of the study's looks (`inference/sequential.py`), until it is decided; what came later,
because other comparisons needed it, does not count for it. So its row is that of the look at which it was decided, or of the last one. A look is
taken when all of its runs have ended. Who adds seeds and who reads the results both go this way, and find the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..inference.judgement import DECIDED, reason_not_to_judge
from ..inference.sequential import Sequential
from ..inference.terms import Terms
from .blocks import Blocks, blocks
from .effects import Look, Setting, effect, estimate_of, not_shown, settings, table

if TYPE_CHECKING:
    import pandas as pd

LOOK_COLUMNS = (
    "design", "kind", "trick", "dataset", "metric", "look", "seeds", "confidence", "difference", "low", "high", "verdict", "speaks_of",
)  # fmt: skip

NO_RANKS = "a diverged run has an infinite loss: only signed ranks could judge it, and they need a most number of seeds"


TIED = 3
"""Looks at which scores are tied, after which no more seeds are added where there is no plan to end."""


@dataclass
class Comparison:
    """A contrast on one dataset, on its way."""

    blocks: Blocks
    """As far as its runs have ended, looks or not."""
    setting: Setting
    looks: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    """One row of effects for each look that was taken."""
    p_value: float = 1.0
    stuck: bool = False
    """Whether more seeds would bring nothing: the last look brought no complete block, or the scores are tied."""
    withheld: int = 0
    """Looks in a row at which an interval would have meant nothing."""

    @property
    def decided(self) -> bool:
        """Whether it has a verdict."""
        return bool(self.looks) and self.looks[-1]["verdict"] in DECIDED

    @property
    def open(self) -> bool:
        """Whether another look may change it."""
        return not self.decided and not self.stuck

    def see(self, found: Blocks, sequential: Sequential, planned: int) -> None:
        """Take the next look, after `planned` seeds."""
        before = self.looks[-1]["seeds"] if self.looks else 0
        setting = at_look(found, self.setting, sequential, len(self.looks), self.p_value)
        self.p_value = setting.look.p_value if setting.look else self.p_value
        row = effect(found, setting)
        self.withheld = self.withheld + 1 if reason_not_to_judge(found.differences, found.scale) else 0
        self.stuck = row["seeds"] == before or (sequential.most is None and self.withheld >= TIED)
        self.looks.append(row | {"look": len(self.looks) + 1, "note": _noted(row, self, sequential, planned)})

    def row(self) -> dict[str, object]:
        """Its row of effects."""
        if self.looks:
            return self.looks[-1]
        unseen = self.setting._replace(look=Look(1.0, 1.0, 1.0, "not looked at yet: runs of its first look are missing"))
        return effect(self.blocks, unseen) | {"look": 0}


def at_look(found: Blocks, setting: Setting, sequential: Sequential, look: int, before: float = 1.0) -> Setting:
    """The setting at a look (from 0); `before` is the least p-value of the looks before it."""
    seeds, error = len(found.differences), 1 - setting.confidence
    if reason_not_to_judge(found.differences, found.scale):  # `effect` says it
        return setting._replace(look=Look(1.0, 1.0, before))
    if sequential.most is None and np.isinf(found.differences).any():
        return setting._replace(look=Look(1.0, 1.0, before, NO_RANKS))
    nominal = estimate_of(found, setting).p_value()
    reached = 1.0 if np.isnan(nominal) else sequential.p_value(look, seeds, nominal, error)
    confidence, alone = (sequential.confidence(look, seeds, level) for level in (error, 1 - setting.terms.confidence))
    return setting._replace(look=Look(confidence, alone, min(before, reached), last=look + 1 == len(sequential.looks)))


def _noted(row: Mapping[str, object], comparison: Comparison, sequential: Sequential, planned: int) -> str:
    """When it was decided, before what was to be said anyway."""
    look, of = len(comparison.looks) + 1, len(sequential.looks)
    if row["verdict"] in DECIDED:
        said = f"decided at look {look}, after {planned} seeds"
    elif comparison.stuck and comparison.withheld >= TIED:
        said = f"undecided after {planned} seeds, and no more are added: scores are tied, and a finer metric or more test rows are needed"
    elif comparison.stuck:
        said = f"undecided after {planned} seeds, and no more are added: the last of them gave no result"
    elif look == of:
        said = f"undecided after {planned} seeds, the most that there may be"
    else:
        said = f"undecided after {planned} seeds, at look {look}" + (f" of {of}" if sequential.most else "")
    return "; ".join(filter(None, [said, str(row["note"])]))


class Looks:
    """All comparisons of a study. `runs` are those of the plan, with a column `score`; `seeds` stand in the order in which they are added."""

    def __init__(self, runs: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]], terms: Terms, sequential: Sequential) -> None:
        found = blocks(runs, contrasts)
        self.sequential = sequential
        self.not_shown = not_shown(found, terms)
        """Comparisons of the family that are none of these."""
        self.taken = 0
        """Looks that were taken."""
        self.comparisons = [Comparison(*each) for each in zip(found, settings(found, terms), strict=True)]

    @property
    def awaited(self) -> list[Comparison]:
        """Those for which seeds are added: the family's, and all where it has none here."""
        return [each for each in self.comparisons if each.setting.in_family] or self.comparisons

    @property
    def open(self) -> list[Comparison]:
        """The awaited ones that another look may change."""
        return [each for each in self.awaited if each.open]

    def take(self, runs: pd.DataFrame, seeds: Sequence[int]) -> bool:
        """Take the next look at every comparison that is not decided and whose runs up to it have ended; False if there is none."""
        if self.taken == len(self.sequential.looks) or self.sequential.looks[self.taken] > len(seeds):
            return False
        planned = self.sequential.looks[self.taken]
        ended = _ended(runs, seeds[:planned])
        waiting = {(each.blocks.dataset, id(each.blocks.contrast)): each for each in self.comparisons if each.open and len(each.looks) == self.taken}
        found = [each for dataset, group in ended.groupby("dataset", sort=False) for each in blocks(group, _contrasts(waiting, str(dataset)))]
        for each in found:
            waiting[each.dataset, id(each.contrast)].see(each, self.sequential, planned)
        self.taken += 1
        return bool(found)

    def effects(self) -> pd.DataFrame:
        """One row a comparison, with the number of its last look in a further column."""
        return table([each.row() for each in self.comparisons], self.not_shown, "look")

    def table(self) -> pd.DataFrame:
        """One row a comparison and look, in `LOOK_COLUMNS`."""
        import pandas as pd

        rows = [row for each in self.comparisons for row in each.looks]
        return pd.DataFrame(rows, columns=pd.Index(LOOK_COLUMNS))


def no_looks() -> pd.DataFrame:
    """The table of looks where there are none."""
    import pandas as pd

    return pd.DataFrame(columns=pd.Index(LOOK_COLUMNS))


def _contrasts(waiting: Mapping[tuple[str, int], Comparison], dataset: str) -> list[Mapping[str, Any]]:
    return [each.blocks.contrast for (place, _), each in waiting.items() if place == dataset]


def _ended(runs: pd.DataFrame, seeds: Sequence[int]) -> pd.DataFrame:
    """The runs with these seeds, of arms that have all of them on a dataset, none pending."""
    head = runs[runs["seed"].isin(list(seeds))]
    counts = head["status"].ne("pending").groupby([head["dataset"], head["arm"]], sort=False).transform("sum")
    return head[counts == len(seeds)]


def looks(runs: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]], terms: Terms, sequential: Sequential, seeds: Sequence[int]) -> Looks:
    """Every look that can be taken at these runs, taken."""
    made = Looks(runs, contrasts, terms, sequential)
    while made.take(runs, seeds):
        pass
    return made
