"""What the lecture claims of one Maxout unit as a function of its input: convex, piecewise linear, and nothing else.

Weights and points are whole numbers of 1/32 and 1/8, so that values and chords are exact in float32 and an inequality needs no slack; other
sizes are powers of two times these. Violations are searched by keeping the units that come closest and changing them at random.
"""

from collections.abc import Callable, Sequence

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, below, equal, true
from ...harness.probe import Probe
from ...harness.subject import ActivationSubject
from ._layout import backward, forward, stack

POPULATION, GENERATIONS = 120, 8


def sown(random: np.random.Generator, *shape: int) -> Floats:
    """Weights: whole numbers of 1/32 in [-8, 8]."""
    return random.integers(-256, 257, shape) / 32


def search(random: np.random.Generator, units: Floats, score: Callable[[Floats], Floats]) -> Floats:
    """Units (parameters, pieces, population) bred for a high score: the best quarter stays, and gives changed copies of itself."""
    for generation in range(GENERATIONS):
        best = units[:, :, np.argsort(-score(units))[: units.shape[2] // 4]]
        changed = [best + np.rint(random.normal(0, 64 / 2**generation, best.shape)) / 32 for _ in range(3)]
        units = np.clip(np.concatenate([best, *changed], axis=2), -8, 8)
    return units


@claim("maxout.convex", kind="bound", section="Maxout")
def a_unit_is_convex_along_every_line(maxout: ActivationSubject, probe: Probe) -> Evidence:
    """One unit on an affine input is convex: along any line in input space no chord lies below the curve. A stack of units need not be."""
    return all_of(*(_no_chord_below(maxout, probe, pieces) for pieces in (2, 3, 5)), _stack_bends_down(maxout))


def _no_chord_below(maxout: ActivationSubject, probe: Probe, pieces: int) -> Evidence:
    random = probe.random(f"{pieces} pieces")
    start, direction = random.integers(-16, 17, (2, 3)) / 8
    points = np.column_stack([start + np.arange(5)[:, None] * direction, np.ones(5)])
    size = 2.0 ** random.integers(-60, 61)

    def curves(units: Floats) -> Floats:
        return forward(maxout, np.einsum("ri,ipu->rpu", points, units) * size).astype(np.float64)

    def overshoot(values: Floats) -> Floats:
        chord = values[0] + np.arange(1, 4)[:, None] / 4 * (values[4] - values[0])
        return (values[1:4] - chord) / size

    units = search(random, sown(random, 4, pieces, POPULATION), lambda units: overshoot(curves(units)).max(axis=0))
    units = np.concatenate([units, sown(random, 4, pieces, POPULATION)], axis=2)
    values = curves(units)
    return below(
        overshoot(values), np.zeros((3, units.shape[2])), ulps=0, scale=1, eps=1,
        given=lambda at: (
            f"pieces {np.einsum('ri,ip->pr', points, units[:, :, at[1]]).tolist()} along a line, times {size:g}: curve above chord at {at[0] + 1}/4"
        ),
    )  # fmt: skip


def _stack_bends_down(maxout: ActivationSubject) -> Evidence:
    """max(-max(x, -x), -1) is 0 at 0 and -1/2 halfway from there to its ends."""
    first, second = np.array([[[1.0], [-1.0]]]), np.array([[[-1.0], [0.0]]])
    network = stack(maxout, [first, second], [np.zeros((2, 1)), np.array([[0.0], [-1.0]])], np.ones((1, 1)))
    left, middle, right = network.outputs([[-0.5], [0.0], [0.5]])[:, 0].astype(float)
    case = Case("two layers, max(-max(x, -x), -1) at -0.5, 0, 0.5", "-0.5, 0, -0.5: not convex", f"{left:g}, {middle:g}, {right:g}")
    return true((left, middle, right) == (-0.5, 0, -0.5), case)


def convex_function(random: np.random.Generator, pieces: int) -> tuple[Floats, Floats, Floats]:
    """Knots, slopes and intercepts of a random convex function of so many linear pieces, from left to right."""
    knots = np.cumsum(random.integers(1, 9, pieces - 1)) / 8 - random.integers(0, 33) / 8
    slopes = np.cumsum(random.integers(1, 33, pieces)) / 32 - random.integers(0, 97) / 32
    intercepts = sown(random) - np.concatenate([[0], np.cumsum(np.diff(slopes) * knots)])
    return knots, slopes, intercepts


def integrated(points: Floats, knots: Floats, slopes: Floats, left: float) -> Floats:
    """The function with these slopes between these knots, found by adding up bends from its left line; no maximum is taken."""
    bends = np.diff(slopes)[:, None] * np.clip(points - knots[:, None], 0, None)
    return left + slopes[0] * points + bends.sum(axis=0)


@claim("maxout.pieces", kind="identity", section="Maxout", figures=10)
def a_group_of_k_gives_up_to_k_pieces(maxout: ActivationSubject, probe: Probe) -> Evidence:
    """A unit with k pieces is a function of at most k linear pieces of one input, and any convex function of k linear pieces is reproduced exactly
    by a unit built for it.
    """
    return all_of(*(part(maxout, probe, pieces) for pieces in (2, 3, 4, 7) for part in (_reproduces, _at_most)))


def _reproduces(maxout: ActivationSubject, probe: Probe, pieces: int) -> Evidence:
    random = probe.random(f"reproduce {pieces}")
    knots, slopes, intercepts = convex_function(random, pieces)
    points = np.unique(np.concatenate([np.arange(-128, 129) / 16, knots]))
    order = random.permutation(pieces)
    z = points[:, None, None] * slopes[order, None] + intercepts[order, None]
    expected = integrated(points, knots, slopes, intercepts[0])
    return equal(
        forward(maxout, z)[:, 0], expected, given=lambda at: f"pieces of slopes {slopes[order]}, intercepts {intercepts[order]} at x = {points[at]}"
    )


def _at_most(maxout: ActivationSubject, probe: Probe, pieces: int) -> Evidence:
    """Value and slope at a point give the line through it: no more lines than pieces."""
    random = probe.random(f"count {pieces}")
    slopes, intercepts = sown(random, pieces, 20), sown(random, pieces, 20)
    points = np.arange(-96, 97) / 16
    z = points[:, None, None] * slopes + intercepts
    # the upstream gradient is not 1 everywhere; where pieces tie there is no one slope
    upstream = random.choice([-2.0, 0.5, 4.0], (len(points), 20))
    slope = (backward(maxout, upstream, z).astype(np.float64) * slopes).sum(axis=1) / upstream
    lines = slope + 1j * (forward(maxout, z) - slope * points[:, None])
    ties = (z == z.max(axis=1, keepdims=True)).sum(axis=1) > 1
    counts = np.array([len(np.unique(lines[~ties[:, unit], unit])) for unit in range(20)])
    return below(
        counts,
        np.full(20, pieces),
        ulps=0,
        scale=1,
        eps=1,
        given=lambda at: f"linear pieces of the unit {slopes[:, at[0]]} x + {intercepts[:, at[0]]}:",
    )


@claim("maxout.not-concave", kind="bound", section="Maxout")
def no_unit_bends_down(maxout: ActivationSubject, probe: Probe) -> Evidence:
    """No single unit represents a concave function with a bend: somewhere it is off by at least half of what the middle rises above the chord (1/2
    for -|x| on [-1, 1], whose root mean square error is at least 1/sqrt(12)). The difference of two units represents it exactly.
    """
    parts = [part(maxout, probe, pieces) for pieces in (2, 4) for part in (_off_by_half_the_gap, _off_on_average, _difference_fits)]
    return all_of(*parts).note(least_rms=1 / np.sqrt(12))


def _best(
    maxout: ActivationSubject, probe: Probe, starts: Sequence[Floats], points: Floats, error: Callable[[Floats], Floats]
) -> tuple[Floats, Floats]:
    """Units (2, pieces, population), bred from these and random ones for a small error of their values at the points; and their errors."""
    random, pieces = probe.random("unit"), starts[0].shape[1]

    def errors(units: Floats) -> Floats:
        return error(forward(maxout, points[:, None, None] * units[0] + units[1]).astype(np.float64))

    given = np.stack(starts, axis=2)
    bred = search(random, np.concatenate([given, sown(random, 2, pieces, POPULATION)], axis=2), lambda units: -errors(units))
    units = np.concatenate([given, bred], axis=2)
    return units, errors(units)


def _off_by_half_the_gap(maxout: ActivationSubject, probe: Probe, pieces: int) -> Evidence:
    """On three points: the concave function itself as pieces, and its chord raised by half the gap, which attains the bound."""
    random = probe.random(f"concave {pieces}")
    rise, fall, top = random.integers(1, 65) / 32, -random.integers(1, 65) / 32, sown(random) / 4
    points, target = np.array([-1.0, 0.0, 1.0]), np.array([top - rise, top, top + fall])
    gap = top - (target[0] + target[2]) / 2
    chord = np.array([[(rise + fall) / 2], [top - gap / 2]])
    starts = [np.tile([[rise, fall], [top, top]], pieces // 2), np.tile(chord, pieces)]
    units, errors = _best(maxout, probe, starts, points, lambda values: np.abs(values - target[:, None]).max(axis=0))
    return below(
        -errors, np.full(errors.shape, -gap / 2), ulps=0, scale=1, eps=1,
        given=lambda at: f"unit {units[0, :, at[0]]} x + {units[1, :, at[0]]} against {target} at -1, 0, 1, minus the largest error:",
    )  # fmt: skip


def _off_on_average(maxout: ActivationSubject, probe: Probe, pieces: int) -> Evidence:
    points = (np.arange(64) + 0.5) / 32 - 1
    target = -np.abs(points)
    starts = [np.tile([[1.0, -1.0], [0.0, 0.0]], pieces // 2), np.tile([[0.0], [-0.5]], pieces)]
    units, errors = _best(maxout, probe, starts, points, lambda values: np.sqrt(np.square(values - target[:, None]).mean(axis=0)))
    # of 64 points in place of the whole interval: the deviation of |x|, which takes 32 equal steps of 1/32, is sqrt((1 - 1/32²) / 12)
    least = np.full(errors.shape, -np.sqrt((1 - 1 / 32**2) / 12))
    # 64 squares added in pairs and a root: a few units
    return below(
        -errors, least, ulps=4, eps=float(np.finfo(np.float64).eps),
        given=lambda at: f"unit {units[0, :, at[0]]} x + {units[1, :, at[0]]} against -|x|, minus the root mean square error:",
    )  # fmt: skip


def _difference_fits(maxout: ActivationSubject, probe: Probe, pieces: int) -> Evidence:
    """A function that bends up and down is one convex function less another: -|x| among them."""
    random = probe.random(f"difference {pieces}")
    points = np.arange(-64, 65) / 16
    for_abs = (np.zeros(pieces), np.zeros(pieces)), (np.tile([1.0, -1.0], pieces // 2), np.zeros(pieces))
    fits = [equal(_difference(maxout, *for_abs, points), -np.abs(points), given=lambda at: f"-|x| as a difference of two units, x = {points[at]}")]
    (up, plus, left), (down, minus, lower) = convex_function(random, pieces), convex_function(random, pieces)
    expected = integrated(points, up, plus, left[0]) - integrated(points, down, minus, lower[0])
    found = _difference(maxout, (plus, left), (minus, lower), points)
    return all_of(*fits, equal(found, expected, given=lambda at: f"max of {plus} x + {left} less max of {minus} x + {lower}, x = {points[at]}"))


def _difference(maxout: ActivationSubject, one: tuple[Floats, Floats], other: tuple[Floats, Floats], points: Floats) -> Floats:
    weights, biases = np.column_stack([one[0], other[0]]), np.column_stack([one[1], other[1]])
    return stack(maxout, [weights[None]], [biases], np.array([[1.0], [-1.0]])).outputs(points[:, None])[:, 0]
