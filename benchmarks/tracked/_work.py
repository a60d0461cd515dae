"""One call of one implementation's method on arrays made beforehand: the same work on every commit.

Arguments are made by the names that the family's contract gives them; a contract with a name that is not known here is skipped. A call may be
repeated any number of times and stays the same work: learning rates and strengths are so small that nothing drifts, to zero or to denormals.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ._skipping import skipping_what_is_missing

Work = Callable[[], Any]
DTYPE = np.dtype(np.float32)
TINY = 1e-12
EPOCHS = 20
"""How many scores a stopper sees in one call, each better than the last, so that it keeps the parameters every time."""


class Size(NamedTuple):
    """The shape of an argument, and how often a benchmark calls: about a tenth of a millisecond at least for a compiled form."""

    shape: tuple[int, ...]
    calls: int


VECTORS = {"1e4": Size((10_000,), 50), "1e6": Size((1_000_000,), 1), "1e7": Size((10_000_000,), 1)}
LAYERS = {"32 x 64": Size((32, 64), 100), "128 x 512": Size((128, 512), 5), "1024 x 2048": Size((1024, 2048), 1)}
OUTPUTS = {"32 x 10": Size((32, 10), 100), "1000 x 10": Size((1000, 10), 5), "10000 x 100": Size((10_000, 100), 1)}
WEIGHTS = {"64 x 64": Size((64, 64), 10), "512 x 512": Size((512, 512), 1), "2048 x 2048": Size((2048, 2048), 1)}
KEPT = {"1e3": Size((1_000,), 10), "1e5": Size((100_000,), 1), "1e6": Size((1_000_000,), 1)}
SIZES: dict[str, dict[str, Size]] = {
    "activation": LAYERS,
    "loss": OUTPUTS,
    "penalty": VECTORS,
    "optimizer": VECTORS,
    "dropout": LAYERS,
    "initializer": WEIGHTS,
    "stopper": KEPT,
}
METHODS: dict[str, tuple[str, ...]] = {
    "activation": ("forward", "backward"),
    "loss": ("value", "gradient"),
    "penalty": ("add_gradient", "after_update"),
    "optimizer": ("update",),
    "dropout": ("draw",),
    "initializer": ("fill",),
    "stopper": ("observe",),
}


@functools.cache
def work(name: str, method: str, shape: tuple[int, ...]) -> Work:
    """A method of the implementation `technique/variant` at one shape, called once already. Raises `NotImplementedError` where there is none."""
    with skipping_what_is_missing():
        from trickbench.harness import families, registry

        found = registry.implementations().get(name)
        if found is None:
            raise NotImplementedError(registry.unavailable().get(name, f"this commit has no {name}"))
        contract = families.methods(found.technique.family)[method]
        member, values = _arguments(found, shape)
        prepared = _stopping(found, values) if method == "observe" else _bound(getattr(member, method), contract, values)
    if method == "backward":
        _bound(member.forward, families.methods("activation")["forward"], values)()
    prepared()
    return prepared


def _bound(function: Any, contract: Callable[..., Any], values: dict[str, Any]) -> Work:
    from trickbench.harness.arrays import contract_arguments
    from trickbench.harness.kernel import Kernel

    unknown = [name for name in contract_arguments(contract) if name not in values]
    if unknown:
        raise NotImplementedError(f"this commit's contract has arguments that are not known here: {', '.join(unknown)}")
    call = function.compiled(contract, DTYPE) if isinstance(function, Kernel) else function
    return functools.partial(call, *(values[name] for name in contract_arguments(contract)))


def _stopping(found: Any, values: dict[str, Any]) -> Work:
    hyperparameters = {name: bounds.default for name, bounds in found.technique.hyperparameters.items()}

    def observe() -> None:
        stopper = found.create(**hyperparameters)
        for epoch in range(1, EPOCHS + 1):
            stopper.observe(epoch, 1 / epoch, values["parameters"])

    return observe


def _arguments(found: Any, shape: tuple[int, ...]) -> tuple[Any, dict[str, Any]]:
    family, bounds = found.technique.family, found.technique.hyperparameters
    if family == "stopper":
        return None, {"parameters": normal(shape, 0)}
    member = found.create()
    pieces = int(bounds["pieces"].default) if "pieces" in bounds else 1
    arrays: dict[str, Callable[[], dict[str, Any]]] = {
        "activation": lambda: (
            {"z": normal((shape[0], pieces * shape[1]), 0), "dz": np.zeros((shape[0], pieces * shape[1]), DTYPE)}
            | {"a": np.zeros(shape, DTYPE), "da": normal(shape, 1)}
        ),
        "loss": lambda: {"z": normal(shape, 0), "targets": one_hot(shape), "sample_weight": np.ones(shape[0], DTYPE), "dz": np.zeros(shape, DTYPE)},
        "penalty": lambda: (
            {"weights": normal(shape, 0), "gradient": normal(shape, 1)} | dict.fromkeys(("strength", "learning_rate"), DTYPE.type(TINY))
        ),
        "optimizer": lambda: {
            "parameters": normal(shape, 0),
            "gradient": normal(shape, 1),
            "state": np.zeros((member.state_rows, *shape), DTYPE),
            "hyperparameters": np.array([TINY if name == "learning_rate" else each.default for name, each in bounds.items()], DTYPE),
            "step": 10,
        },
        "dropout": lambda: {"key": np.uint64(2**63 + 5), "step": 10, "layer": 1, "rate": 0.5, "mask": np.zeros(shape, DTYPE)},
        "initializer": lambda: {"weights": np.zeros(shape, DTYPE), "fan_in": shape[0], "fan_out": shape[1]} | {"random": np.random.default_rng(0)},
    }
    return member, arrays[family]()


def normal(shape: tuple[int, ...], seed: int) -> Any:
    """Normal deviates, a block of them over and over: drawing ten million would take longer than what is measured."""
    block = np.random.default_rng(seed).standard_normal(65_521, DTYPE)
    return np.resize(block, shape)


def one_hot(shape: tuple[int, ...]) -> Any:
    """A target class for each row."""
    targets = np.zeros(shape, DTYPE)
    targets[np.arange(shape[0]), np.random.default_rng(2).integers(0, shape[1], shape[0])] = 1
    return targets
