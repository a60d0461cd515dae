"""How many runs a study has, and what for, in the words that the command line and a report share.

Those that are compared are the study's; others tell where variance comes from, choose values, or show what fewer trials would have chosen.
"""

from __future__ import annotations

from collections.abc import Mapping

from .replication import STREAMS
from .tuning.tuned import BUDGET, TRIAL
from .words import counted, listed

KINDS = {
    **dict.fromkeys(STREAMS, "that draw one source of randomness afresh alone"),
    TRIAL: "of trials",
    BUDGET: "with what fewer trials would have chosen",
}
"""By how a purpose begins."""


def sizes(counts: Mapping[str, int], epochs: int) -> str:
    """`24 runs of up to 3 epochs`, or `24 compared runs of up to 3 epochs and 60 of trials`; `counts` by purpose, as in a plan."""
    others: dict[str, int] = {}
    for purpose, count in counts.items():
        if purpose:
            kind = next(words for start, words in KINDS.items() if purpose.startswith(start))
            others[kind] = others.get(kind, 0) + count
    compared = counted(counts.get("", 0), "compared run" if others else "run")
    return listed([f"{compared} of up to {counted(epochs, 'epoch')}", *(f"{count:,} {kind}" for kind, count in others.items())])
