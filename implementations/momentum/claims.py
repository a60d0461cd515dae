"""What the lecture claims of momentum: its recurrence, and what the movement is made of."""

import numpy as np

from ...harness.claim import claim
from ...harness.evidence import Evidence, all_of, along, close, equal, listed
from ...harness.probe import LANDMARKS, Probe
from ...harness.subject import OptimizerSubject
from ._recurrence import STARTS, WIDE_SCALES, positions, recurrence, settings, smallest_normal

STEPS = 40


@claim("momentum.recurrence", kind="identity", section="Momentum", figures=14)
def the_recurrence(momentum: OptimizerSubject, probe: Probe) -> Evidence:
    """v⁰ = 0; vᵗ⁺¹ = λ vᵗ - η ∇L(θᵗ); θᵗ⁺¹ = θᵗ + vᵗ⁺¹. Where the learning rate is declared to enter the update: vᵗ⁺¹ = λ vᵗ + ∇L(θᵗ);
    θᵗ⁺¹ = θᵗ - η vᵗ⁺¹. It holds from every start, for changing learning rates and for gradients of every size.
    """
    gradients = probe.gradients(STEPS, WIDE_SCALES)
    start = momentum.array(np.resize(STARTS, gradients.shape[1]))
    parts = []
    for rates, decay in settings(probe, STEPS):
        movements, tolerances = recurrence(momentum, gradients, rates, decay)

        def moved(at: tuple[int, ...], rates=rates, decay=decay) -> str:
            step, column = at
            return f"movement {step + 1}, λ = {decay:.4g}, η = {listed(rates[: step + 1])}, gradients {listed(gradients[: step + 1, column])}"

        def reached(at: tuple[int, ...], rates=rates, decay=decay) -> str:
            step, column = at
            return (
                f"position after {step} steps from {start[column]:.4g}, λ = {decay:.4g}, "
                f"η = {listed(rates[: max(step, 1)])}, gradients {listed(gradients[: max(step, 1), column])}"
            )

        still = momentum.walk(gradients, from_zero=True, learning_rate=rates, momentum=decay)
        parts.append(along(still.movements, movements, tolerances, moved))
        walk = momentum.walk(gradients, start=start, learning_rate=rates, momentum=decay)
        parts.append(along(walk.positions, *positions(start, movements, tolerances), reached))
    return all_of(*parts, _many_parameters(momentum, probe))


def _many_parameters(momentum: OptimizerSubject, probe: Probe) -> Evidence:
    """One parameter alone, and more than any block or vector register holds."""
    parts = []
    for width in (1, 5003):
        gradients = probe.matrix(3, width, purpose=f"width {width}")
        movements, tolerances = recurrence(momentum, gradients, [0.5, 0.5, 0.05], 0.7)
        walk = momentum.walk(gradients, from_zero=True, learning_rate=[0.5, 0.5, 0.05], momentum=0.7)
        parts.append(along(walk.movements, movements, tolerances, lambda at, n=width: f"step {at[0] + 1}, parameter {at[1]} of {n}, λ = 0.7"))
    return all_of(*parts)


@claim("momentum.weighted-sum", kind="identity", section="Momentum", figures=14)
def movement_is_the_weighted_sum_of_all_past_gradients(momentum: OptimizerSubject, probe: Probe) -> Evidence:
    """After t steps the movement is -η Σ λ^(t-1-i) gⁱ: a gradient counts for λ to the power of its age, and none is forgotten. Where
    the learning rate enters the velocity each gradient counts with the rate of its own step, else all with the rate of the present one.
    """
    parts = []
    for rates, decay in settings(probe, STEPS):
        walk = momentum.walk(np.diag(probe.magnitudes(STEPS, -6, 6)), from_zero=True, learning_rate=rates, momentum=decay)
        parts.append(_echoes(momentum, probe, walk.movements, rates, decay))
    gradients = probe.gradients(STEPS, WIDE_SCALES)
    walk = momentum.walk(gradients, from_zero=True, learning_rate=0.03, momentum=0.9)
    rate, decay = np.longdouble(momentum.rounded(0.03)), np.longdouble(momentum.rounded(0.9))
    ages = np.subtract.outer(np.arange(STEPS), np.arange(STEPS))
    weights = rate * np.where(ages >= 0, decay ** np.maximum(ages, 0), 0)
    sums = -weights @ gradients.astype(np.longdouble)
    # two products and a sum a step, each within half a unit of the weighted sum of sizes, and λ shrinks older roundings: 1.5 / (1 - λ) units
    tolerances = weights @ np.abs(gradients).astype(np.longdouble) * 1.5 / (1 - decay)

    def given(at: tuple[int, ...]) -> str:
        return f"step {at[0] + 1}, η = 0.03, λ = 0.9, gradients {listed(gradients[: at[0] + 1, at[1]])}"

    return all_of(*parts, along(walk.movements, sums, tolerances, given))


def _echoes(momentum: OptimizerSubject, probe: Probe, movements, rates, decay: float) -> Evidence:
    """One gradient at step i in parameter i, nothing else: each later movement is an echo of it, λ times the one before."""
    impulses = probe.magnitudes(STEPS, -6, 6).astype(np.longdouble)
    ages = np.subtract.outer(np.arange(STEPS), np.arange(STEPS))
    given_rates, kept = momentum.array(rates).astype(np.longdouble), np.longdouble(momentum.rounded(decay))
    in_force = given_rates[np.newaxis, :] if momentum.conventions["learning_rate_in"] == "velocity" else given_rates[:, np.newaxis]
    expected = np.where(ages >= 0, -in_force * kept ** np.maximum(ages, 0) * impulses, 0)
    # a product a step of age, half a unit each, and the product with the learning rate; as much again for the order in which they are taken;
    # an echo below the smallest normal number may become 0 before and after the rate enters
    tolerances = np.abs(expected) * (np.maximum(ages, 0) + 1) + 2 * smallest_normal(momentum) * (1 + in_force)

    def given(at: tuple[int, ...]) -> str:
        step, column = at
        when = f"step {step + 1}, λ = {decay:.4g}, η = {listed(rates[: step + 1])}"
        return f"{when}, one gradient {impulses[column]:.4g} at step {column + 1} and 0 else"

    return along(movements, expected, tolerances, given)


@claim("momentum.zero-is-sgd", kind="identity", section="Momentum")
def without_momentum_it_is_gradient_descent(momentum: OptimizerSubject, probe: Probe) -> Evidence:
    """λ = 0 is plain gradient descent: the same movements and the same path, whatever the learning rates."""
    gradients = probe.gradients(12, WIDE_SCALES)
    rates = 10 ** probe.random("rates").uniform(-3, 1, 12)
    start = momentum.array(np.resize(STARTS, gradients.shape[1]))
    given = {"learning_rate": rates, "momentum": 0.0}
    still = momentum.walk(gradients, from_zero=True, **given)
    products = -momentum.array(rates).astype(np.longdouble)[:, np.newaxis] * gradients
    walk, descent = momentum.walk(gradients, start=start, **given), probe.reference("sgd").walk(gradients, start=start, learning_rate=rates)
    # a product and a sum a step in either of the two walks, half a unit each, and half as much again for other orders; so for the product alone
    wander = 1.5 * np.cumsum(np.abs(products) + np.maximum(np.abs(walk.positions[1:]), np.abs(descent.positions[1:])), axis=0)

    def at_step(at: tuple[int, ...]) -> str:
        return f"step {at[0] + 1}, η = {rates[at[0]]:.4g}, λ = 0, start {start[at[1]]:.4g}, gradients {listed(gradients[: at[0] + 1, at[1]])}"

    return all_of(
        along(still.movements, products, 1.5 * np.abs(products), at_step),
        along(walk.positions[1:], descent.positions[1:], wander, at_step),
    )


@claim("momentum.terminal-velocity", kind="identity", section="not in the notes")
def under_a_constant_gradient_the_velocity_has_a_limit(momentum: OptimizerSubject, probe: Probe) -> Evidence:
    """Under a constant gradient the movement tends to -ηg/(1-λ), and what is missing shrinks by λ at each step. Where the gradient
    changes its sign at each step most of it cancels: the movement tends to ηg/(1+λ) in size.
    """
    steps, sizes = 70, probe.magnitudes(9, -8, 8).astype(np.longdouble)
    parts = []
    for rate, decay in ((0.1, 0.5), (3.0, 0.9), (0.02, 0.99), (1e-6, 0.999), (0.7, 0.0)):
        kept, exact_rate = np.longdouble(momentum.rounded(decay)), np.longdouble(momentum.rounded(rate))
        count = np.arange(1, steps + 1, dtype=np.longdouble)[:, np.newaxis]
        for sign in (1, -1):  # the gradient's factor from step to step
            gradients = (sign ** (count - 1) * sizes).astype(probe.dtype)
            _, tolerances = recurrence(momentum, gradients, np.full(steps, rate), decay)
            ratio = kept * sign  # of one term of the geometric sum to the one before
            expected = -exact_rate * gradients * (1 - ratio**count) / (1 - ratio)
            walk = momentum.walk(gradients, from_zero=True, learning_rate=rate, momentum=decay)

            def given(at: tuple[int, ...], gradients=gradients, rate=rate, decay=decay) -> str:
                return f"step {at[0] + 1}, η = {rate}, λ = {decay}, gradients {listed(gradients[: at[0] + 1, at[1]])}"

            parts.append(along(walk.movements, expected, tolerances, given))
    return all_of(*parts)


@claim("momentum.two-parts", kind="identity", section="Momentum", figures=14)
def movement_is_made_of_last_movement_and_gradient(momentum: OptimizerSubject, probe: Probe) -> Evidence:
    """Each movement is the last movement times λ plus the negative gradient times η, and nothing else: not the step's number, not the
    position, not what happened to other parameters; a walk that is taken up from any saved state has the same future.
    """
    gradients, others = probe.gradients(STEPS, WIDE_SCALES), probe.matrix(STEPS, 3, scale=50.0, purpose="others")
    rates, decay = 10 ** probe.random("rates").uniform(-3, 1, STEPS), 0.85
    whole = momentum.walk(gradients, from_zero=True, learning_rate=rates, momentum=decay)
    parts = [_one_step(momentum, whole.movements, gradients, rates, decay)]
    taken_up = [(0, 1, STEPS), (0, 90, STEPS), (1, 2, 12), (7, 8, STEPS), *((20, number - 2, 25) for number in LANDMARKS)]
    for at, first_step, end in taken_up:
        momentum.walk(others[:2], from_zero=True, learning_rate=0.3, momentum=0.2)  # another group of parameters in between
        resumed = momentum.walk(
            gradients[at:end], from_zero=True, state=whole.states[at], first_step=first_step, learning_rate=rates[at:end], momentum=decay,
        )  # fmt: skip

        def given(place: tuple[int, ...], at=at, first_step=first_step) -> str:
            return f"taken up after {at} steps and counted on from {first_step}: movement {place[0] + 1} of parameter {place[1]}"

        parts.append(equal(resumed.movements, whole.movements[at:end], given=given))
    return all_of(*parts, _apart(momentum, gradients, rates, decay, whole.movements))


def _one_step(momentum: OptimizerSubject, movements, gradients, rates, decay: float) -> Evidence:
    """Each movement against the one before, as the implementation itself made it; before the first there was none."""
    exact, kept = momentum.array(rates).astype(np.longdouble)[:, np.newaxis], np.longdouble(momentum.rounded(decay))
    earlier, last = np.concatenate([exact[:1], exact[:-1]]), np.concatenate([np.zeros_like(movements[:1]), movements[:-1]])
    changed = 1.0 if momentum.conventions["learning_rate_in"] == "velocity" else exact / earlier
    before, new = kept * changed * last, exact * gradients
    # a movement is rounded at the size of its two parts, by two products and a sum; of the one before, what is left of it counts too
    sizes = np.abs(before) + np.abs(new)
    tolerances = 1.5 * (sizes + kept * changed * np.concatenate([np.zeros_like(sizes[:1]), sizes[:-1]]))

    def given(at: tuple[int, ...]) -> str:
        step, column = at
        told = f"η = {float(earlier[step, 0]):.4g}, then {rates[step]:.4g}, λ = {decay}, gradient {gradients[step, column]:.6g}"
        return f"movement {step + 1} after movement {last[step, column]:.6g}, {told}"

    return along(movements, before - new, tolerances, given)


def _apart(momentum: OptimizerSubject, gradients, rates, decay: float, together) -> Evidence:
    """Every parameter alone moves as it did among the others; a compiler may round a lone one differently."""
    _, tolerances = recurrence(momentum, gradients[:10], rates[:10], decay)
    chosen = [0, 4, gradients.shape[1] - 1]
    alone = [momentum.walk(gradients[:10, [i]], from_zero=True, learning_rate=rates[:10], momentum=decay).movements for i in chosen]
    return close(
        np.concatenate(alone, axis=1), together[:10, chosen], ulps=1, scale=tolerances[:, chosen],
        given=lambda at: f"parameter {chosen[at[1]]} alone, step {at[0] + 1}",
    )  # fmt: skip
