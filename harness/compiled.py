"""The compiled forms of the loop: the same two kernels, entered with the slots' addresses instead of the slots.

Only this module and `compiler.py` know that slots can be pointers. Importing it imports numba; `training.py` does so when a run's slots
are all kernels.
"""

from __future__ import annotations

from typing import get_args, get_type_hints

from .arrays import Indices, Matrix, Real, Vector
from .compiler import CONTRACTS, function_at
from .kernel import kernel
from .loop import Progress, Regulation, Rows, measure, train_epoch
from .network import Network, Slots

CONTRACTS.update({name: get_args(hint)[1] for name, hint in get_type_hints(Slots, include_extras=True).items()})


@kernel
def slots_at(addresses: Indices, like: Vector) -> Slots:
    """The slots behind eight addresses, in the order of the fields of `Slots`."""
    return Slots(
        function_at("forward", addresses[0], like),
        function_at("backward", addresses[1], like),
        function_at("loss_value", addresses[2], like),
        function_at("loss_gradient", addresses[3], like),
        function_at("penalty_gradient", addresses[4], like),
        function_at("penalty_after", addresses[5], like),
        function_at("update", addresses[6], like),
        function_at("draw", addresses[7], like),
    )


@kernel
def train_epoch_at(
    shape: Network, progress: Progress, regulation: Regulation, rows: Rows, order: Indices, batch: int, step: int, addresses: Indices
) -> int:
    """`train_epoch` with the slots' addresses."""
    return train_epoch(shape, progress, regulation, rows, order, batch, step, slots_at(addresses, progress.parameters))


@kernel
def measure_at(
    shape: Network, parameters: Vector, regulation: Regulation, scales: Vector, rows: Rows, gradient: Vector, activity: Vector, dead: Real,
    outputs: Matrix, addresses: Indices,
) -> float:  # fmt: skip
    """`measure` with the slots' addresses."""
    return measure(shape, parameters, regulation, scales, rows, gradient, activity, dead, outputs, slots_at(addresses, parameters))
