"""What the lecture claims of ReLU itself: it passes what is positive, as it is, and nothing else."""

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Evidence, equal, first_refuted
from ...harness.probe import Probe
from ...harness.subject import ActivationSubject

PLAIN = (1.0, -1.0, 0.0, -0.0, 2.0, -2.0, 0.5, -0.5, 7.0, -7.0, 100.0, -100.0, 1e4, -1e4)


@claim("relu.definition", kind="identity", section="ReLU", figures=(5, 6))
def what_is_positive_passes_and_nothing_else(relu: ActivationSubject, probe: Probe) -> Evidence:
    """a = z and the derivative is 1 for z > 0, a = 0 and the derivative is 0 for z < 0; at 0 the derivative is as declared. +∞ passes, and NaN is
    not turned into 0.
    """
    points = _points(probe)
    return first_refuted(
        *(part for z in _shapes(points) for part in (_values(relu, z), _gradients(relu, probe, z))),
        _far(relu),
        _values(relu, relu.array([[np.inf, np.nan, 1.0, np.nan], [-3.0, np.inf, np.nan, -1.0]])),
        _gradients(relu, probe, relu.array([[np.inf, -2.0], [1.0, np.inf], [0.0, 3.0]])),
        *(_unkind_upstream(relu, value) for value in (np.inf, -np.inf, np.nan)),
    )


def _points(probe: Probe) -> Floats:
    """Every size from the smallest normal number to a quarter of the largest, with zeros of both signs in between."""
    information = np.finfo(probe.dtype)
    edges = np.array([float(information.tiny), float(information.max) / 4, 6.0, 20.0, 1.0, float(information.eps)])
    near_six = np.nextafter(np.array([6.0, 20.0, 1.0]), np.inf)  # where clipped forms bend
    drawn = probe.magnitudes(280, -8, 8)
    drawn[::9], drawn[1::27] = 0.0, -0.0
    return np.concatenate([PLAIN, edges, -edges, near_six, probe.magnitudes(40, -35, 35, purpose="far"), drawn]).astype(probe.dtype)


def _shapes(values: Floats) -> list[Floats]:
    """The same numbers one by one, as rows of many columns, as one row, as one column, in many rows: implementations fail at one shape only."""
    rows = values[: values.size // 7 * 7].reshape(7, -1)
    many = np.resize(values, (67, 251))
    return [
        *(values[i : i + 1, None] for i in range(4)),
        values[None, :],
        values[:, None],
        rows,
        np.ascontiguousarray(rows.T),
        many,
        many.reshape(1, -1),
    ]


def _values(relu: ActivationSubject, z: Floats) -> Evidence:
    expected = z.astype(np.float64)
    expected[expected < 0] = 0
    return equal(relu.forward(z), expected, given=lambda at: f"z = {z[at]} in shape {z.shape}")


def _gradients(relu: ActivationSubject, probe: Probe, z: Floats) -> Evidence:
    """Nothing is rounded: the gradient from above passes bit for bit, or not at all."""
    upstream = probe.magnitudes(z.size, -8, 8, purpose=f"upstream {z.shape}").reshape(z.shape)
    upstream.ravel()[::13] = 0
    at_zero = float(relu.conventions["derivative_at_zero"])
    slope = np.where(z > 0, 1.0, np.where(z == 0, at_zero, 0.0))
    return equal(relu.backward(upstream, z), slope * upstream, given=lambda at: f"z = {z[at]} in shape {z.shape}, ∂L/∂a = {upstream[at]}")


def _far(relu: ActivationSubject) -> Evidence:
    """-∞ gives 0, or NaN where it is multiplied by a mask; nothing else."""
    found = relu.forward([[-np.inf]])
    return equal(np.where(np.isnan(found), 0, found), [[0.0]], given="z = -inf")


def _unkind_upstream(relu: ActivationSubject, value: float) -> Evidence:
    """An infinite gradient passes an active unit as it is."""
    return equal(relu.backward([[value, 1.0]], [[2.0, 3.0]]), [[value, 1.0]], given=f"z = 2, ∂L/∂a = {value}")
