"""What the lecture claims of training Maxout networks, held against trainings."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Finding, finding, jointly
from ...harness.probe import Probe
from ...harness.subject import ActivationSubject

SECTION = "Maxout - Training"
SEEDS = 10
WIDTH = 32


def _recipe(maxout: ActivationSubject, pieces: int) -> dict[str, Any]:
    return {
        "hidden": [WIDTH, WIDTH], "activation": f"{maxout.name}[pieces={pieces}]", "optimizer": "sgd[learning_rate=0.1]", "initializer": "he",
    }  # fmt: skip


@claim("maxout.all-pieces-learn", kind="empirical", section=SECTION, figures=12, dtypes=("float32",))
def over_different_inputs_every_piece_wins_sometimes(maxout: ActivationSubject, probe: Probe) -> Finding:
    """Over different inputs every piece wins sometimes, so all are trained: after 20 epochs of plain descent without decay the share of pieces
    that stand bit for bit where they began is below 1 % for groups of 2. For larger groups it is reported.
    """
    shares = {k: [_unmoved(maxout, probe, k, seed) for seed in range(probe.seed, probe.seed + SEEDS)] for k in (2, 4, 8)}
    others = {f"share unmoved for k = {k}": float(np.mean(values)) for k, values in shares.items() if k > 2}
    return finding(np.array(shares[2]) - 0.01, "share of unmoved pieces for k = 2, minus 1 %", expected="negative", **others)


def _unmoved(maxout: ActivationSubject, probe: Probe, pieces: int, seed: int) -> float:
    looks = list(probe.laboratory.follow(_recipe(maxout, pieces), "digits", seed, 20, every=20))
    still = [np.all(after == before, axis=0) for before, after in zip(looks[0].weights[:-1], looks[-1].weights[:-1], strict=True)]
    return float(np.mean(np.concatenate(still)))


@claim("maxout.winners-change", kind="empirical", section=SECTION, figures=12, dtypes=("float32",))
def for_a_fixed_input_the_winner_changes_during_training(maxout: ActivationSubject, probe: Probe) -> Finding:
    """For a fixed input the winner changes while the network trains: after one epoch of plain descent some groups of the first hidden layer
    have another winning piece than before it.
    """
    return finding(
        [_changed(maxout, probe, seed) for seed in range(probe.seed, probe.seed + SEEDS)],
        "share of groups of 2 with another winner after one epoch", expected="positive",
    )  # fmt: skip


def _changed(maxout: ActivationSubject, probe: Probe, seed: int) -> float:
    inputs = probe.laboratory.split("digits", seed, "float32").train.inputs
    before, after = (look.weights[0] for look in probe.laboratory.follow(_recipe(maxout, 2), "digits", seed, 1))
    return float(np.mean(_winners(maxout, inputs @ before) != _winners(maxout, inputs @ after)))


def _winners(maxout: ActivationSubject, z: Floats) -> NDArray[np.bool_]:
    """The columns that a unit of gradient reaches: which piece of each group wins."""
    return maxout.backward(np.ones((len(z), z.shape[1] // 2)), z, 2) > 0


SHAPES: dict[str, Callable[[Floats], Floats]] = {"abs": np.abs, "square": np.square, "hinge": lambda x: np.maximum(x, 0)}
STARTS, STEPS, POINTS = 20, 5000, 101


@claim("maxout.learnable", kind="empirical", section="Maxout", figures=10, dtypes=("float64",))
def one_unit_learns_its_shape_from_samples(maxout: ActivationSubject, probe: Probe) -> Finding:
    """The activation is learned: from 20 random starts each, one Maxout unit of 4 pieces comes closer to samples of abs(x) and x² on [-1, 1] than
    one ReLU unit with a trained read-out, and it fits max(0, x). From some starts a piece never wins and stays behind; the share of starts that
    end within 0.1 is reported, and what a sum of ReLU units with as many parameters does.
    """
    relu, random = probe.reference("relu"), probe.random()
    unit = {shape: _maxout_errors(maxout, shape, random) for shape in SHAPES}
    single = {shape: _relu_errors(relu, shape, 1, random) for shape in ("abs", "square")}
    summed = {shape: _relu_errors(relu, shape, 3, random) for shape in SHAPES}
    closer = [finding(single[shape] - unit[shape], f"error of one ReLU unit minus Maxout's for {shape}", expected="positive") for shape in single]
    fits = finding(unit["hinge"] - 0.1, "Maxout's error for the hinge, minus 0.1", expected="negative")
    said: dict[str, float | str] = {}
    for name, errors in {"Maxout": unit, "one ReLU unit": single, "sum of 3 ReLU units": summed}.items():
        said |= {f"{name} for {shape}": f"median {np.median(each):.3f}, {np.mean(each < 0.1):.0%} within 0.1" for shape, each in errors.items()}
    return jointly(closer[0], *closer[1:], fits).note(**said)


def _maxout_errors(maxout: ActivationSubject, shape: str, random: np.random.Generator) -> Floats:
    """Errors of one unit of 4 pieces for each start; the starts are the units of one layer, which do not see one another."""
    pieces, x = 4, np.linspace(-1, 1, POINTS)[:, None]
    weights, biases = random.normal(size=(2, pieces * STARTS))

    def values(weights: Floats, biases: Floats) -> tuple[Floats, tuple[Floats, ...]]:
        z = x * weights + biases
        a = maxout.forward(z, pieces)
        dz = maxout.backward(2 * (a - SHAPES[shape](x)) / POINTS, z, pieces)
        return a, ((x * dz).sum(axis=0), dz.sum(axis=0))

    return _descend(values, [weights, biases], SHAPES[shape](x))


def _relu_errors(relu: ActivationSubject, shape: str, units: int, random: np.random.Generator) -> Floats:
    """Errors of a sum of ReLU units with trained read-out for each start."""
    x = np.linspace(-1, 1, POINTS)[:, None]
    weights, biases, readout = random.normal(size=(3, units * STARTS))

    def values(weights: Floats, biases: Floats, readout: Floats, offset: Floats) -> tuple[Floats, tuple[Floats, ...]]:
        z = x * weights + biases
        a = relu.forward(z)
        out = (a * readout).reshape(POINTS, STARTS, units).sum(axis=2) + offset
        upstream = 2 * (out - SHAPES[shape](x)) / POINTS
        spread = np.repeat(upstream, units, axis=1)
        dz = relu.backward(spread * readout, z)
        return out, ((x * dz).sum(axis=0), dz.sum(axis=0), (spread * a).sum(axis=0), upstream.sum(axis=0))

    return _descend(values, [weights, biases, readout, np.zeros(STARTS)], SHAPES[shape](x))


def _descend(values: Callable[..., tuple[Floats, tuple[Floats, ...]]], parameters: list[Floats], target: Floats) -> Floats:
    """Full-batch descent with momentum; the root mean square error of each start at its end."""
    velocities = [np.zeros_like(each) for each in parameters]
    for _ in range(STEPS):
        _, gradients = values(*parameters)
        velocities = [0.9 * velocity - 0.05 * gradient for velocity, gradient in zip(velocities, gradients, strict=True)]
        parameters = [parameter + velocity for parameter, velocity in zip(parameters, velocities, strict=True)]
    return np.sqrt(np.mean((values(*parameters)[0] - target) ** 2, axis=0))
