"""What differs between the replicates of an arm: four sources of randomness, each with a stream of its own.

    split      which rows are for training, validation and testing (and which labels are wrong, under label noise)
    weights    the initial weights
    order      the order of the rows in each epoch
    masks      dropout's masks

A replicate draws every source of `vary` afresh with its seed; the others are drawn once, with the study's first seed, and are the same in all
replicates. Verdicts then speak of what varies only, and say so.
"""

from __future__ import annotations

from typing import Literal, get_args

Stream = Literal["split", "weights", "order", "masks"]
STREAMS: tuple[Stream, ...] = get_args(Stream)
