"""What a study fixes before anything is run, so that no verdict depends on what came out; and in words, what a verdict then speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..replication import STREAMS, Stream
from ..words import listed
from .sequential import Sequential

Estimand = Literal["this dataset", "new datasets"]

Scope = Literal["this dataset", "this split", "new datasets"]
"""What the verdict on one dataset speaks of: the study's estimand, or `this split` where the split does not vary."""

EQUIVALENCE = {"accuracy": 0.01, "error": 0.01, "r2": 0.02, "rmse": 0.02, "mae": 0.02, "loss": 0.02}
"""The half-width of the region of practical equivalence, in each metric's own unit, unless a study says otherwise."""

CONFIDENCE = 0.95
Tuned = Literal["", "once", "each"]


@dataclass(frozen=True)
class Terms:
    """The terms of a study's verdicts."""

    confidence: float = CONFIDENCE
    """Of a whole family: the chance that all of its intervals hold."""
    estimand: Estimand = "this dataset"
    equivalence: Mapping[str, float] = field(default_factory=lambda: dict(EQUIVALENCE))
    """By metric: differences smaller than this do not matter to whoever asks."""
    family: tuple[str, ...] = ()
    """The tricks whose comparisons share the confidence; all of the study's, if none is named."""
    vary: tuple[Stream, ...] = STREAMS
    """What is drawn afresh for each replicate: without the split, verdicts speak of one split."""
    tuned: Tuned = ""
    """Whether the arms were tuned: `once`, and verdicts take the values as given, or `each` replicate on its own rows."""
    sequential: Sequential | None = None
    """Where seeds were added until comparisons were decided: when was looked."""
    left_out: tuple[Mapping[str, Any], ...] = ()
    """Contrasts of the study that are not shown. Those of the family share its confidence all the same, so that who picks some gains nothing."""

    def includes(self, contrast: Mapping[str, Any]) -> bool:
        """Whether a contrast, as the store has it, is of the family: all the tricks that it is about are named."""
        return not self.family or all(trick in self.family for trick in contrast.get("tricks", [contrast["trick"]]))

    def not_shown(self, design: str = "") -> int:
        """How many contrasts of the family, or of one of its designs, are not shown. Each is a comparison on every dataset."""
        return sum(self.includes(contrast) and design in ("", contrast["design"]) for contrast in self.left_out)

    def scope(self, folds: int = 0) -> Scope:
        """What the verdict on a dataset speaks of. Folds share rows by design, so that they give no independent replicates of *this dataset*."""
        if folds or self.estimand == "new datasets":
            return "new datasets"
        return "this dataset" if "split" in self.vary else "this split"


DRAWN: dict[Stream, str] = {"split": "random splits", "weights": "initial weights", "order": "batch orders", "masks": "masks"}
KEPT: dict[Stream, str] = {
    "split": "this split", "weights": "one draw of the initial weights", "order": "one order of the batches", "masks": "one draw of the masks",
}  # fmt: skip


EACH = ", every replicate tuned on its own rows"


DIFFERENCE = {"mean": "expected difference", "pseudomedian": "pseudomedian of the differences"}


def wording(terms: Terms, *, folds: int = 0, noise: bool = False, quantity: str = DIFFERENCE["mean"]) -> str:
    """The estimand in full, for a report: which quantity, over what is drawn afresh, given what is kept, and how it is estimated.

    `folds` is the number of folds of cross-validation, 0 for random splits; `noise` says that the split also draws wrong labels.
    """
    if terms.scope(folds) == "new datasets":
        way = f"{folds} folds, repeated" if folds else "random splits of this one"
        return f"the {quantity} over fresh datasets of this size from the same source, by the corrected resampled t from {way}: conservative" + (
            ", given the tuned values" if terms.tuned == "once" else EACH if terms.tuned else ""
        )
    labels = {"split": " with its wrong labels"} if noise else {}
    drawn = [DRAWN[stream] + labels.get(stream, "").replace("its", "their") for stream in STREAMS if stream in terms.vary]
    kept = [KEPT[stream] + labels.get(stream, "") for stream in STREAMS if stream not in terms.vary]
    values = ["the tuned values"] if terms.tuned == "once" else []
    return f"the {quantity} over fresh {listed(drawn)}, given {listed(['this dataset', *kept, *values])}{EACH if terms.tuned == 'each' else ''}"


def over_datasets(statistic: str, wordings: Sequence[str]) -> str:
    """The estimand of a statistic over several datasets, of which each has its own `wording`."""
    return f"{statistic}, of {' or '.join(dict.fromkeys(words.replace('this dataset', 'the dataset') for words in wordings))}"
