"""A contrast on all datasets that share a metric: what `overall.py` answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..inference.intervals import Spread, spread
from ..inference.judgement import rounding
from ..inference.ranks import Pseudomedian
from ..inference.terms import Terms
from .blocks import Blocks, blocks
from .effects import Setting, settings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Question:
    """A contrast with its blocks on every dataset of one metric."""

    planned: list[Blocks]
    settings: list[Setting]

    @property
    def contrast(self) -> Mapping[str, Any]:
        """The same on all datasets."""
        return self.planned[0].contrast

    @property
    def metric(self) -> str:
        """What all datasets share."""
        return self.planned[0].metric

    @property
    def family(self) -> tuple[str, str]:
        """What shares a confidence."""
        return str(self.contrast["design"]), self.metric

    @property
    def in_family(self) -> bool:
        """As for the effects on each dataset."""
        return self.settings[0].in_family

    @property
    def not_shown(self) -> int:
        """Contrasts of the family that are left out: each would be a row beside this one."""
        return self.settings[0].terms.not_shown(self.family[0])

    def kept(self) -> Question:
        """With the datasets that have an interval of their own."""
        pairs = [(each, setting) for each, setting in zip(self.planned, self.settings, strict=True) if len(each.differences) > 1]
        return Question([each for each, _ in pairs], [setting for _, setting in pairs])

    @property
    def scale(self) -> float:
        """The size of what was subtracted."""
        return max((each.scale for each in self.planned), default=0.0)

    @property
    def infinite(self) -> bool:
        """Whether a difference has no mean: a loss diverged."""
        return any(np.isinf(each.differences).any() for each in self.planned)

    @property
    def identical(self) -> bool:
        """Whether all arms ended with the same parameters."""
        return bool(self.planned) and all(each.identical for each in self.planned)

    def spreads(self) -> list[Spread]:
        """Of each dataset, as its own verdict rests on."""
        return [spread(each.differences, setting.correction) for each, setting in zip(self.planned, self.settings, strict=True)]

    def centres(self) -> list[float]:
        """Each dataset's mean, or pseudomedian where a mean does not exist."""
        if self.infinite:
            return [Pseudomedian(each.differences, rounding(each.scale)).mean for each in self.planned]
        return [each.mean for each in self.spreads()]


def questions(runs: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]], terms: Terms) -> list[Question]:
    """In the order of contrasts; those on one dataset are none."""
    found = blocks(runs, contrasts)
    groups: dict[tuple[str, int], Question] = {}
    places = {id(contrast): place for place, contrast in enumerate(contrasts)}
    for each, setting in zip(found, settings(found, terms), strict=True):
        question = groups.setdefault((each.metric, places[id(each.contrast)]), Question([], []))
        question.planned.append(each)
        question.settings.append(setting)
    return [question for _, question in sorted(groups.items(), key=lambda item: item[0][1])]
