"""The two forms of momentum: the learning rate enters the velocity, or the update."""

import numpy as np

from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, along, listed, true
from ...harness.probe import Probe
from ...harness.subject import OptimizerSubject
from ._recurrence import recurrence

STEPS, CHANGE = 24, 9
OTHER = {"velocity": "update", "update": "velocity"}


@claim("momentum.convention", kind="identity", section="not in the notes")
def the_two_forms_part_when_the_learning_rate_changes(momentum: OptimizerSubject, probe: Probe) -> Evidence:
    """The form v ← λv + g, θ ← θ - ηv walks the same path as v ← λv - ηg, θ ← θ + v while η is constant, and a different one when
    η changes: it brakes or speeds up at once, where the other keeps the velocity that it has. An implementation walks as it declares.
    """
    form = momentum.conventions["learning_rate_in"]
    other = probe.reference("momentum", learning_rate_in=OTHER[form])
    gradients = probe.gradients(STEPS)
    gradients[CHANGE:, :3] = 0  # from the change on these three only coast
    return all_of(*(_compared(momentum, other, gradients, factor) for factor in (0.1, 0.5, 4.0)))


def _compared(momentum: OptimizerSubject, other: OptimizerSubject, gradients, factor: float) -> Evidence:
    rates, decay = np.where(np.arange(STEPS) < CHANGE, 0.05, 0.05 * factor), 0.85
    own, off = recurrence(momentum, gradients, rates, decay)
    others, others_off = recurrence(other, gradients, rates, decay)
    walk = momentum.walk(gradients, from_zero=True, learning_rate=rates, momentum=decay)
    against = other.walk(gradients, from_zero=True, learning_rate=rates, momentum=decay)

    def given(at: tuple[int, ...]) -> str:
        step, column = at
        told = f"η = 0.05, from step {CHANGE + 1} on {0.05 * factor:.4g}; λ = {decay}; gradients {listed(gradients[: step + 1, column])}"
        return f"learning rate in the {momentum.conventions['learning_rate_in']}, step {step + 1}, {told}"

    same = along(walk.movements[:CHANGE], against.movements[:CHANGE].astype(np.longdouble), (off + others_off)[:CHANGE], given)
    declared = along(walk.movements, own, off, given)
    return all_of(same, declared, _gap(walk.movements, against.movements, own - others, off + others_off, momentum.eps, factor))


def _gap(movements, against, expected, off, eps: float, factor: float) -> Evidence:
    """After the change the two forms differ by far more than rounding, and by as much as their recurrences say."""
    found = (movements - against)[CHANGE, :3].astype(np.float64)
    wanted, room = expected[CHANGE, :3].astype(np.float64), eps * off[CHANGE, :3].astype(np.float64)
    agrees = bool(np.all(np.abs(found - wanted) <= room) and np.all(np.abs(found) > 1000 * room))
    case = Case(f"η times {factor} at step {CHANGE + 1}, movement less that of the other form", listed(wanted), listed(found))
    share = float(np.abs(wanted[0] / against[CHANGE, 0]))
    return true(agrees, case, cases=3).note(**{f"gap_as_share_of_the_other_forms_movement_at_factor_{factor:g}": share})
