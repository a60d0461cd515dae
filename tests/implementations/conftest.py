"""Every implementation, in both dtypes, as fixtures: kernels compiled, everything else as it is.

A test that takes an argument named for a family (`optimizer`) or a technique (`adam`) runs once for each of its implementations and dtypes. One
that takes `double_activation` runs in float64 only, `adaptive_optimizer` for those that divide by the gradient's size, `optimizer_twins` once for
each compiled implementation, beside the plain one of the same declared conventions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from trickbench.harness.families import FAMILIES, methods
from trickbench.harness.kernel import Kernel
from trickbench.harness.registry import OWN, implementations, techniques
from trickbench.harness.technique import Implementation

DTYPES = ("float32", "float64")

DEPARTURES = {
    "maxout/torch_amax": {"test_nan_in_any_piece": "a piece that is NaN makes the gradient of all its group NaN"},
    "maxout/jax_native": {"test_nan_in_any_piece": "a piece that is NaN makes the gradient of all its group NaN"},
    "relu/jax_native": {"test_relu_passes_what_is_positive_and_nan": "JAX's derivative at NaN is 0"},
    **{
        name: {f"test_the_first_adaptive_step_has_one_size_at_either_end_of_the_range[{name}-float32]": "XLA takes subnormal numbers for 0"}
        for name in ("adam/optax_native", "adam/optax_root", "adamw/optax_native")
    },
    "softmax_cross_entropy/torch_native": {"test_an_impossible_class": "0 log 0 is NaN to PyTorch"},
    "softmax_cross_entropy/sklearn_native": {
        "test_an_impossible_class": "log_loss clips probabilities",
        "test_only_differences_of_logits": "log_loss clips probabilities",
        "test_targets_that_do_not_sum_to_one": "the gradient is softmax minus targets",
    },
    "early_stopping/sklearn_native": {
        "test_both_forms_agree": "ties start the count again, and small gains raise the best",
        "-a tie is none": "a tie starts the count again",
        "-exactly min_delta": "so does a gain of exactly min_delta",
        "-less than min_delta": "the best score's parameters are kept, however small the gain",
        "-small gains": "small gains raise what must be beaten",
        "-NaN is none": "NaN starts the count again",
        "-never a number": "NaN starts the count again",
        "-minus infinity": "minus infinity is the best score there is",
    },
}
"""Where a library does otherwise, and declares so of a claim: implementation, then part of a test's name."""


@dataclass(frozen=True)
class Member:
    """One implementation for arrays of one dtype; its methods are attributes."""

    implementation: Implementation
    dtype: np.dtype[Any]

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.implementation.create(), name)
        if isinstance(value, Kernel):
            return value.compiled(methods(self.implementation.technique.family)[name], self.dtype)
        return value

    @property
    def technique(self) -> str:
        return self.implementation.technique.name

    @property
    def conventions(self) -> dict[str, str]:
        return dict(self.implementation.conventions)

    @property
    def eps(self) -> float:
        return float(np.finfo(self.dtype).eps)

    @property
    def plain(self) -> bool:
        """Whether it is written in array expressions or Python of our own."""
        return self.implementation.variant.startswith(("numpy_", "python_"))

    @property
    def compiled(self) -> bool:
        return any(isinstance(getattr(self.implementation.cls, name), Kernel) for name in methods(self.implementation.technique.family))

    def array(self, values: Any) -> Any:
        return np.array(values, self.dtype)

    def hyperparameters(self, **given: float) -> Any:
        """An optimiser's vector: the given values, the technique's defaults for the others."""
        return self.array(list(self.implementation.technique.check(given).values()))

    def walk(self, gradients: Any, start: Any = None, state: Any = None, first: int = 1, **hyperparameters: float) -> tuple[Any, Any]:
        """An optimiser's positions, start included, and its last state, along given gradients (steps, parameters)."""
        gradients = self.array(gradients)
        state = np.zeros((self.state_rows, gradients.shape[1]), self.dtype) if state is None else state.copy()
        positions = [np.zeros(gradients.shape[1], self.dtype) if start is None else self.array(start)]
        for step, gradient in enumerate(gradients, first):
            positions.append(positions[-1].copy())
            self.update(positions[-1], gradient, state, self.hyperparameters(**hyperparameters), step)
        return np.array(positions), state


def _members(name: str) -> list[Member]:
    found = [each for each in implementations().values() if each.origin == OWN and name in (each.technique.family, each.technique.name)]
    return [Member(each, np.dtype(dtype)) for each in found for dtype in DTYPES]


def _twins(family: str) -> list[tuple[Member, Member]]:
    plain = {(each.technique, *each.conventions.values(), each.dtype): each for each in _members(family) if each.plain}
    return [(each, plain[each.technique, *each.conventions.values(), each.dtype]) for each in _members(family) if each.compiled]


def _label(case: Member | tuple[Member, Member]) -> str:
    member = case if isinstance(case, Member) else case[0]
    return f"{member.implementation.name}-{member.dtype}"


def _cases(name: str) -> list[Member] | list[tuple[Member, Member]]:
    if name.endswith("_twins"):
        return _twins(name.removesuffix("_twins"))
    if name.startswith("double_"):
        return [each for each in _members(name.removeprefix("double_")) if each.dtype == np.float64]
    if name == "adaptive_optimizer":
        return [each for each in _members("optimizer") if "epsilon" in each.implementation.technique.hyperparameters]
    return [each for family in FAMILIES for each in _members(family)] if name == "member" else _members(name)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name in metafunc.fixturenames:
        if name == "technique":
            metafunc.parametrize(name, techniques().values(), ids=techniques())
        elif cases := _cases(name):
            metafunc.parametrize(name, cases, ids=_label)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for implementation, parts in DEPARTURES.items():
            reasons = [reason for part, reason in parts.items() if part in item.name and f"[{implementation}-" in item.name]
            if reasons:
                item.add_marker(pytest.mark.xfail(reason=reasons[0], strict=True))


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(20)


@pytest.fixture(scope="session")
def differences() -> Callable[[Callable[[Any], float], Any], Any]:
    """Central differences of a function of an array. Third-root rule: truncation and rounding are both of the order eps^(2/3)."""

    def gradient(function: Callable[[Any], float], at: Any) -> Any:
        slope = np.empty_like(at)
        for index in np.ndindex(at.shape):
            step = np.finfo(float).eps ** (1 / 3) * max(1.0, abs(at[index]))
            above, below = at.copy(), at.copy()
            above[index] += step
            below[index] -= step
            slope[index] = (function(above) - function(below)) / (above[index] - below[index])
        return slope

    return gradient
