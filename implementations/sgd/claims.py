"""What users of gradient descent expect of it: one rule, no memory, and nothing hidden."""

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, close, equal, true
from ...harness.probe import LANDMARKS, SCALES, Probe
from ...harness.subject import OptimizerSubject

STEPS = 30
STARTS = (0.0, 1.0, -3e3, 1e-6)
WIDE_SCALES = (*SCALES, 1e-25, 1e25)


@claim("sgd.definition", kind="identity", section="Recipe of Deep Learning")
def a_step_against_the_gradient(sgd: OptimizerSubject, probe: Probe) -> Evidence:
    """θ ← θ - η g: from every start, for gradients of every size and of either sign, at every learning rate, for any number of parameters."""
    gradients = probe.gradients(STEPS, WIDE_SCALES)
    start = sgd.array(np.resize(STARTS, gradients.shape[1]))
    parts = [_walked(sgd, gradients, start, rates) for rates in _rates(probe)]
    wide = probe.matrix(2, 5003, purpose="wide")
    return all_of(*parts, _walked(sgd, wide, np.ones(5003), np.array([0.5, 0.01])), _walked(sgd, wide[:, :1], np.ones(1), np.array([0.5, 0.01])))


def _rates(probe: Probe) -> list[Floats]:
    wild = 10 ** probe.random("rates").uniform(-6, 3, STEPS)
    return [wild, 0.3 * 0.5 ** np.arange(STEPS), np.full(STEPS, 0.1)]


def _walked(sgd: OptimizerSubject, gradients: Floats, start: Floats, rates: Floats) -> Evidence:
    exact = sgd.array(rates).astype(np.longdouble)[:, np.newaxis]
    products = -exact * gradients
    still = sgd.walk(gradients, from_zero=True, learning_rate=rates)
    walk = sgd.walk(gradients, start=start, learning_rate=rates)

    def given(at: tuple[int, ...]) -> str:
        step, column = at
        return f"step {step + 1}, η = {rates[step]:.6g}, θ = {walk.positions[step, column]:.9g}, g = {gradients[step, column]:.9g}"

    sums = walk.positions[:-1].astype(np.longdouble) + products
    # a product and a sum round by half a unit each, and so may the expected number; the sum is taken from where the walk stands
    moved = _first(still.movements, products, 1.5 * np.abs(products), given)
    return all_of(moved, _first(walk.positions[1:], sums, 1.5 * (np.abs(products) + np.abs(sums)), given))


def _first(found: Floats, expected: Floats, tolerances: Floats, given) -> Evidence:
    """Agreement within so many eps at each entry; where it fails, at the first step that departs."""
    whole = close(found, expected, ulps=1, scale=tolerances, given=given)
    ends = range(1, 0 if whole.held else len(found))
    parts = (close(found[:end], expected[:end], ulps=1, scale=tolerances[:end], given=given) for end in ends)
    return next((part for part in parts if not part.held), whole)


@claim("sgd.stateless", kind="identity", section="not in the notes")
def a_step_depends_on_its_own_gradient_alone(sgd: OptimizerSubject, probe: Probe) -> Evidence:
    """A step depends on its own gradient and learning rate and on nothing else: not on earlier gradients, the step's number, the position,
    or other parameters.
    """
    gradients = probe.gradients(STEPS, WIDE_SCALES)
    forward = sgd.walk(gradients, from_zero=True, learning_rate=0.07).movements
    parts = [
        equal(
            sgd.walk(gradients[::-1], from_zero=True, learning_rate=0.07, first_step=first_step).movements[::-1], forward,
            given=lambda at, n=first_step: f"the gradients in reverse, counted from step {n}: parameter {at[1]}, g = {gradients[at]:.9g}",
        )
        for first_step in (1, 90)
    ]  # fmt: skip
    parts += [
        equal(
            sgd.walk(gradients[:5], from_zero=True, learning_rate=0.07, first_step=number - 2).movements, forward[:5],
            given=lambda at, n=number: f"counted from step {n - 2}: step {n - 2 + at[0]}, parameter {at[1]}, g = {gradients[at]:.9g}",
        )
        for number in LANDMARKS
    ]  # fmt: skip
    order = probe.random("order").permutation(gradients.shape[1])
    shuffled = sgd.walk(gradients[:, order], from_zero=True, learning_rate=0.07).movements
    alone = [sgd.walk(gradients[:, [i]], from_zero=True, learning_rate=0.07).movements for i in range(3)]
    # a compiler may round a product differently in another place of the vector
    parts.append(close(shuffled, forward[:, order], ulps=1, given=lambda at: f"parameter {order[at[1]]} in place {at[1]}, step {at[0] + 1}"))
    parts.append(close(np.hstack(alone), forward[:, :3], ulps=1, given=lambda at: f"parameter {at[1]} alone, step {at[0] + 1}"))
    return all_of(*parts)


@claim("descent.nan-shows", kind="identity", section="not in the notes", about=("sgd", "momentum", "adagrad", "rmsprop"))
def what_is_no_number_shows(optimizer: OptimizerSubject, probe: Probe) -> Evidence:
    """A gradient of NaN makes its parameter NaN at that step, an infinite one moves it to no finite place, and neither touches another
    parameter.
    """
    gradients = probe.matrix(4, 5)
    harmless = optimizer.walk(gradients, start=1.0)
    parts = []
    for step in (0, 2):
        for bad in (np.nan, np.inf, -np.inf):
            broken = gradients.copy()
            broken[step, 3] = bad
            walk = optimizer.walk(broken, start=1.0)
            got, where = float(walk.positions[step + 1, 3]), f"gradient {bad} at step {step + 1}, after {step} ordinary ones"
            parts.append(true(not np.isfinite(got), Case(where, "NaN" if np.isnan(bad) else "NaN or infinity", f"{got}")))
            others = [0, 1, 2, 4]
            parts.append(equal(walk.positions[:, others], harmless.positions[:, others], given=f"{where}, in another parameter: "))
    return all_of(*parts)
