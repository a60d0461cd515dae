"""What the lecture claims of Maxout as a function of its groups: what it passes on, what it passes back, and what it contains.

A maximum rounds nothing, so all of this holds bit for bit; networks are built of whole quarters, whose products and sums are exact.
"""

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, close, equal, true
from ...harness.probe import Probe
from ...harness.subject import ActivationSubject
from ._layout import backward, columns, forward, groups, quarters, shares, stack

SHAPES = ((2, 1), (2, 5), (2, 37), (3, 4), (3, 3), (4, 2), (5, 3), (9, 2))
"""Pieces and units."""
UNEVEN = ((5, 2), (7, 3), (4, 3), (2, 4))
"""Columns and units that give no whole groups."""
SLOPES = (0.0, 0.25, 0.5, 0.75, 1.0)


def unkind_groups(probe: Probe, pieces: int, units: int) -> Floats:
    """Groups (rows, pieces, units): every piece wins somewhere, sizes over sixty decades, ties, near ties, negative and infinite ones."""
    random, shape = probe.random(f"{pieces} {units}"), (3, pieces, units)
    sizes = 10 ** random.uniform(-30, 30, shape)
    near = np.full(shape, random.choice([-1e3, 0.7, 3e-5]), probe.dtype)
    for _ in range(2):
        near = np.where(random.random(shape) < 0.5, near, np.nextafter(near, probe.dtype.type(np.inf)))
    turns = np.array([[np.roll(np.arange(pieces), first + unit) for unit in range(units)] for first in range(pieces)]).swapaxes(1, 2)
    ends = random.choice([-np.inf, np.inf, 0.0, 1.0], shape)
    even = np.broadcast_to(random.normal(size=(3, 1, units)), shape)
    kinds = [
        random.normal(size=shape),
        random.choice([-1, 1], shape) * sizes,
        -sizes,
        random.integers(-2, 3, shape),
        near,
        turns,
        -1.0 - turns,
        ends,
        even,
    ]
    return np.concatenate(kinds).astype(probe.dtype)


@claim("maxout.group-max", kind="identity", section="Maxout", figures=8)
def a_unit_is_the_largest_of_its_group(maxout: ActivationSubject, probe: Probe) -> Evidence:
    """Pre-activations are cut into groups of k = 2, 3, ..., in the declared layout, and a unit's output is its group's largest value, bit for bit;
    NaN in a group is passed on, and columns that make no whole groups are refused.
    """
    picture = equal(forward(maxout, [[[5, -1], [7, 1]]]), [[7, 1]], given="the lecture's groups (5, 7) and (-1, 1):")
    return all_of(
        picture, *(_largest(maxout, probe, *shape) for shape in SHAPES), _nan_passes(maxout, probe), *(_refused(maxout, *each) for each in UNEVEN)
    )


def _largest(maxout: ActivationSubject, probe: Probe, pieces: int, units: int) -> Evidence:
    z = unkind_groups(probe, pieces, units)
    named = f"k = {pieces}, {units} units:"
    batch = equal(forward(maxout, z), z.max(axis=1), given=lambda at: f"{named} the group {z[at[0], :, at[1]]}")
    return all_of(batch, equal(forward(maxout, z[:1]), z[:1].max(axis=1), given=lambda at: f"{named} one row, the group {z[0, :, at[1]]}"))


def _nan_passes(maxout: ActivationSubject, probe: Probe) -> Evidence:
    z = np.concatenate([probe.matrix(3, 6).reshape(3, 3, 2), np.full((3, 3, 2), np.inf)])
    expected = z.max(axis=1)
    for row in range(6):
        z[row, row % 3, row % 2], expected[row, row % 2] = np.nan, np.nan
    z[0, 2, 0] = np.nan
    return equal(forward(maxout, z), expected, given=lambda at: f"the group {z[at[0], :, at[1]]}")


def _refused(maxout: ActivationSubject, width: int, units: int) -> Evidence:
    z, a = maxout.array(np.arange(2 * width).reshape(2, width)), maxout.array(np.ones((2, units)))
    answers = [_answer(maxout, "forward", z, a), _answer(maxout, "backward", a.copy(), z, a, maxout.empty(2, width))]
    given = f"{width} columns for {units} units, forward and backward"
    return true("a result" not in answers, Case(given, "an error, an error", ", ".join(answers)), cases=2)


def _answer(maxout: ActivationSubject, method: str, *arrays: Floats) -> str:
    try:
        maxout.method(method)(*arrays)
    except Exception:  # noqa: BLE001  refusing is what is asked for, in whatever words
        return "an error"
    return "a result"


@claim("maxout.winner-gradient", kind="identity", section="Maxout - Training", figures=(11, 12))
def only_winners_are_trained(maxout: ActivationSubject, probe: Probe) -> Evidence:
    """Of each group only the winning piece gets the unit's gradient, unchanged; where pieces tie, the declared ones share it and nothing is lost.
    The network of the winners alone is linear, and has the same outputs and the same gradients.
    """
    return all_of(*(_winners(maxout, probe, *shape) for shape in SHAPES), _thin_network(maxout, probe))


def _winners(maxout: ActivationSubject, probe: Probe, pieces: int, units: int) -> Evidence:
    z = unkind_groups(probe, pieces, units)
    da = probe.magnitudes(len(z) * units, -20, 20, purpose="upstream").reshape(-1, units)
    da[::4, 0] = 0
    dz = backward(maxout, da, z)
    given = "z = {}, upstream {}: piece {}"
    split = maxout.conventions["ties"] == "split"
    parts = close(
        dz, shares(maxout, z) * da[:, None, :].astype(np.float64),
        # a share is a quotient, or a product with a rounded 1/n: 1.5 units; without shares nothing is rounded
        ulps=2 if split else 0, scale=np.broadcast_to(np.abs(da)[:, None, :], z.shape),
        given=lambda at: given.format(z[at[0], :, at[2]], da[at[0], at[2]], at[1]),
    )  # fmt: skip
    one = backward(maxout, da[3:4], z[3:4])
    return all_of(parts, equal(one, dz[3:4], given="the fourth row alone, and among others:"))


def _thin_network(maxout: ActivationSubject, probe: Probe) -> Evidence:
    random = probe.random("network")
    x, upstream, last = quarters(random, 6, 3), quarters(random, 6, 2), quarters(random, 5, 2)
    hidden, biases = [quarters(random, 3, 2, 4), quarters(random, 4, 2, 5)], [quarters(random, 2, 4), quarters(random, 2, 5)]
    for weights, bias in zip(hidden, biases, strict=True):
        weights[:, 1, 0], bias[1, 0] = weights[:, 0, 0], bias[0, 0]  # the first unit's pieces always tie
    network = stack(maxout, hidden, biases, last)
    space, gradient = network.gradients(x, upstream)
    h, share = [x], []
    for weights, bias in zip(hidden, biases, strict=True):
        z = np.einsum("ri,ipu->rpu", h[-1], weights) + bias
        share.append(shares(maxout, z))
        h.append((share[-1] * z).sum(axis=1))  # linear in the input once the shares are known
    dz = [share[1] * (upstream @ last.T)[:, None, :]]
    dz.insert(0, share[0] * np.einsum("rpu,ipu->ri", dz[0], hidden[1])[:, None, :])
    by_weights = [columns(maxout, np.einsum("ri,rpu->ipu", inputs, each)).ravel() for inputs, each in zip(h, dz, strict=False)]
    by_biases = [columns(maxout, each.sum(axis=0, keepdims=True)).ravel() for each in dz]
    expected = np.concatenate([*by_weights, (h[2].T @ upstream).ravel(), *by_biases, upstream.sum(axis=0)])
    return all_of(
        equal(space.z[-1], h[2] @ last, given="outputs of the thin linear network:"),
        equal(gradient, expected, given="gradient of the thin linear network by parameter:"),
        equal(groups(maxout, space.dz[0], 2), dz[0], given="gradient of the thin linear network by the first layer's (row, piece, unit):"),
    )


@claim("maxout.contains-relu", kind="identity", section="Maxout", figures=9)
def with_a_piece_of_zeros_it_is_relu(maxout: ActivationSubject, probe: Probe) -> Evidence:
    """With one piece wx + b and the other 0, and the latter frozen, Maxout equals ReLU of wx + b: values, and gradients by w, b and x. At wx + b = 0
    each passes on what it declares: with ties to the first piece they agree if wx + b stands first for derivative 1, second for 0.
    """
    parts: list[Evidence] = []
    for relu in probe.subjects("relu"):
        for linear in (0, 1):
            parts += [_same_slope(maxout, relu, linear, probe), _same_network(maxout, relu, linear, probe)]
    return all_of(*parts)


def _at_zero(maxout: ActivationSubject, linear: int) -> float:
    return 0.5 if maxout.conventions["ties"] == "split" else float(linear == 0)


def _same_slope(maxout: ActivationSubject, relu: ActivationSubject, linear: int, probe: Probe) -> Evidence:
    z = probe.magnitudes(60, -30, 30).reshape(12, 5)
    z[:3, 2], z[3:5, 1], z[5:7, 1] = 0, np.inf, -np.inf
    da = probe.magnitudes(60, -6, 6, purpose="upstream").reshape(12, 5)
    pieces = np.zeros((12, 2, 5), probe.dtype)
    pieces[:, linear] = z
    slope = backward(maxout, da, pieces)[:, linear]
    expected = np.where(z == 0, da * _at_zero(maxout, linear), relu.backward(da, z))
    named = f"piece {linear} is z, the other 0; against {relu.name}"
    return all_of(
        equal(forward(maxout, pieces), relu.forward(z), given=lambda at: f"{named}: z = {z[at]}"),
        equal(slope, expected, given=lambda at: f"{named}: gradient at z = {z[at]}, upstream {da[at]}"),
    )


def _same_network(maxout: ActivationSubject, relu: ActivationSubject, linear: int, probe: Probe) -> Evidence:
    """Random quarters hit 0 now and then, and row 0 hits it in unit 0; there only networks whose derivative at 0 is the same agree."""
    from ...harness.stack import Stack

    random = probe.random("relu network")
    x, w, b, last, upstream = (quarters(random, *shape) for shape in ((7, 3), (3, 4), (4,), (4, 2), (7, 2)))
    x[0], b[0] = 0, 0
    if float(relu.conventions["derivative_at_zero"]) != _at_zero(maxout, linear):
        b = b + 1 / 32  # no tie: z is a whole number of sixteenths plus one half
    weights, bias = np.zeros((3, 2, 4)), np.zeros((2, 4))
    weights[:, linear], bias[linear] = w, b
    thin, wide = Stack(relu, [w, last], [b, np.zeros(2)]), stack(maxout, [weights], [bias], last)
    (room, expected), (space, gradient) = thin.gradients(x, upstream), wide.gradients(x, upstream)
    by_w = groups(maxout, gradient[:24].reshape(3, 8), 2)[:, linear]
    by_b = groups(maxout, gradient[32:40].reshape(1, 8), 2)[:, linear]
    named = f"piece {linear} is wx + b, the other 0; against {relu.name}: "
    return all_of(
        equal(space.z[-1], room.z[-1], given=named + "outputs"),
        equal(by_w, expected[:12].reshape(3, 4), given=named + "gradient by w"),
        equal(by_b[0], expected[20:24], given=named + "gradient by b"),
        equal(wide.input_gradient(x, upstream), thin.input_gradient(x, upstream), given=named + "gradient by x"),
    )


@claim("maxout.contains-abs-leaky", kind="identity", section="Maxout", figures=10)
def with_other_second_pieces_it_is_other_activations(maxout: ActivationSubject, probe: Probe) -> Evidence:
    """With the pieces wx + b and -(wx + b) Maxout is the absolute value of wx + b, with wx + b and s(wx + b) it is leaky ReLU of slope s in [0, 1]:
    values and, off ties, gradients by w, b and x.
    """
    return all_of(*(_bent_line(maxout, slope, first, probe) for slope in (-1.0, *SLOPES) for first in (0, 1)))


def _bent_line(maxout: ActivationSubject, slope: float, first: int, probe: Probe) -> Evidence:
    random = probe.random(f"bent {slope}")
    x, w, upstream = quarters(random, 7, 3), quarters(random, 3, 5), quarters(random, 7, 2)
    b, last = quarters(random, 5) + 1 / 32, quarters(random, 5, 2)  # z is never 0
    factors = np.array([1.0, slope]) if first == 0 else np.array([slope, 1.0])
    network = stack(maxout, [w[:, None, :] * factors[:, None]], [b * factors[:, None]], last)
    space, gradient = network.gradients(x, upstream)
    z = x @ w + b
    dz = np.where(z > 0, 1, slope) * (upstream @ last.T)
    # what reaches w is what reaches each piece times the factor by which the piece holds w
    by_w = np.einsum("ipu,p->iu", groups(maxout, gradient[:30].reshape(3, 10), 2), factors)
    by_b = np.einsum("pu,p->u", groups(maxout, gradient[40:50].reshape(1, 10), 2)[0], factors)
    named = f"pieces {factors[0]:g}z and {factors[1]:g}z: "
    return all_of(
        equal(space.a[0], np.where(z > 0, z, slope * z), given=lambda at: f"{named}z = {z[at]}"),
        equal(by_w, x.T @ dz, given=named + "gradient by w"),
        equal(by_b, dz.sum(axis=0), given=named + "gradient by b"),
        equal(network.input_gradient(x, upstream), dz @ w.T, given=named + "gradient by x"),
    )
