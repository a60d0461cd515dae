"""The unit in which a loss is measured plays no part for optimisers that divide by the size of gradients."""

from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Evidence, all_of, close, equal, listed
from ...harness.probe import Probe
from ...harness.subject import OptimizerSubject

STEPS = 16
POWERS = (-30, -1, 1, 3, 30)
FACTORS = (3.0, 11.0, 3.0 * 2.0**-33, 7.0 * 2.0**29)


@claim("rmsprop.scale-free", kind="identity", section="not in the notes", about=("rmsprop", "adagrad", "adam"))
def the_unit_of_the_loss_plays_no_part(optimizer: OptimizerSubject, probe: Probe) -> Evidence:
    """With ε = 0, multiplying every gradient by c > 0 leaves every movement as it is: bit for bit where c is a power of 2, else to
    rounding.
    """
    gradients = _short_mantissas(probe)
    parts = []
    for settings in _settings(optimizer):
        walk = optimizer.walk(gradients, from_zero=True, epsilon=0.0, **settings)
        parts += [_scaled(optimizer, gradients, walk.movements, 2.0**power, None, settings) for power in POWERS]
        room = _room(optimizer, gradients, settings)
        parts += [_scaled(optimizer, gradients, walk.movements, factor, room, settings) for factor in FACTORS]
    return all_of(*parts)


def _settings(optimizer: OptimizerSubject) -> list[dict[str, Any]]:
    """Constants that forget fast and slowly, and where everything is new at each step."""
    names = [name for name in optimizer.implementation.technique.hyperparameters if name not in ("learning_rate", "epsilon")]
    values = {"decay": (0.9, 0.3), "beta1": (0.9, 0.2), "beta2": (0.99, 0.4)}
    return [{"learning_rate": rate} | {name: values[name][i] for name in names} for i, rate in enumerate((0.01, 3.0))]


def _short_mantissas(probe: Probe) -> Floats:
    """Whole numbers of up to 12 bits times a power of 2 for each parameter, so that times 3, 7 or 11 they are as exact; some are 0, the
    first among them.
    """
    random = probe.random("gradients")
    whole = random.integers(-4000, 4001, (STEPS, 8)) * 2.0 ** random.integers(-22, 12, 8)
    whole[0, 0] = whole[:3, 1] = whole[5, 2:] = 0
    whole[STEPS // 2 :, 3] *= 2.0**-6
    return whole.astype(probe.dtype)


def _room(optimizer: OptimizerSubject, gradients: Floats, settings: dict[str, Any]) -> Floats:
    """How many eps two walks may be apart. The movement over sizes alone is the scale: of a mean of both signs less may be left. At each step
    a mean and an average of squares are rounded by up to 3 and 4 half units, the latter halved by the root, and older roundings stay: 5/2 eps
    a step and 2 for the step itself, in each of two walks.
    """
    sizes = np.abs(optimizer.walk(np.abs(gradients), from_zero=True, epsilon=0.0, **settings).movements).astype(np.float64)
    return sizes * (2.5 * np.arange(1, STEPS + 1)[:, np.newaxis] + 4)


def _scaled(
    optimizer: OptimizerSubject, gradients: Floats, movements: Floats, factor: float, room: Floats | None, settings: dict[str, Any]
) -> Evidence:
    scaled = gradients * gradients.dtype.type(factor)
    walk = optimizer.walk(scaled, from_zero=True, epsilon=0.0, **settings)

    def given(at: tuple[int, ...]) -> str:
        told = ", ".join(f"{name} = {value:g}" for name, value in settings.items())
        return f"movement {at[0] + 1}, ε = 0, {told}, gradients {listed(gradients[: at[0] + 1, at[1]])}, all of them times {factor:.6g}"

    if room is None:
        return equal(walk.movements, movements, given=given)
    return close(walk.movements, movements, ulps=1, scale=room, given=given)
