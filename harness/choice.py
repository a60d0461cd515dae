"""A selection such as `adam[learning_rate=0.01]`, resolved to one implementation with all its hyperparameters.

Parameters are hyperparameters, or conventions that pick among the variants: `rmsprop[start=zero]`. Where several variants fit, the compiled
ones come first, then those in the order of `PREFERRED`, so that a study which names techniques runs at full speed.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import InputError, UnavailableError, unknown
from .families import COMPILED
from .kernel import Kernel
from .registry import OWN, implementations, remembered, techniques, unavailable
from .selection import Selection, parse
from .technique import Implementation, Technique

PREFERRED = ("numba_fused", "numpy_reference", "python_reference")
PLAIN = ("numba_", "numpy_", "python_")
"""What the project's own forms stand on; a form on another library is taken where it is named, or where no other declares a convention."""


@dataclass(frozen=True)
class Choice:
    """One implementation and the values of all hyperparameters of its technique."""

    implementation: Implementation
    hyperparameters: dict[str, float]

    def __str__(self) -> str:
        """The canonical selection: equal choices are equal texts."""
        return str(Selection(self.implementation.name, self.hyperparameters))


def choice(family: str, text: str) -> Choice:
    """Resolve `technique[...]` or `technique/variant[...]` of a family.

    Raises `InputError` for an unknown name or value, `UnavailableError` where a package is missing.
    """
    return remembered((family, text), lambda: _choice(family, text))


def _choice(family: str, text: str) -> Choice:
    selection = parse(text)
    name, slash, _ = selection.name.partition("/")
    known = {technique.name: technique for technique in techniques().values() if technique.family == family}
    if name not in known:
        raise unknown(family, name, known)
    technique = known[name]
    wanted = {key: str(value) for key, value in selection.parameters.items() if key in technique.conventions}
    for key, value in wanted.items():
        if value not in technique.conventions[key]:
            raise unknown(f"choice of {name}'s convention {key}", value, technique.conventions[key])
    hyperparameters = technique.check({key: value for key, value in selection.parameters.items() if key not in wanted})
    return Choice(_named(selection.name, wanted) if slash else _best(technique, wanted), hyperparameters)


def _named(name: str, wanted: dict[str, str]) -> Implementation:
    if name in unavailable():
        raise UnavailableError(f"{name} is not available here: {unavailable()[name]}.")
    if name not in implementations():
        raise unknown("implementation", name, implementations(name.partition("/")[0]))
    found = implementations()[name]
    for key, value in wanted.items():
        if found.conventions[key] != value:
            raise InputError(f"{name} declares {key}={found.conventions[key]}, not {value}; leave one of the two out.")
    return found


def _best(technique: Technique, wanted: dict[str, str]) -> Implementation:
    conventions = {key: wanted.get(key, choices[0]) for key, choices in technique.conventions.items()}
    fitting = [found for found in implementations(technique.name).values() if found.origin == OWN and found.conventions == conventions]
    if not fitting:
        asked = ", ".join(f"{key}={value}" for key, value in conventions.items())
        raise InputError(f"No implementation of {technique.name} declares {asked}; accepted by name: {', '.join(implementations(technique.name))}.")
    return min(fitting, key=preference)


def preference(found: Implementation) -> tuple[bool, bool, int, str]:
    """The order among implementations that declare the same: our own forms before other libraries', compiled before interpreted."""
    order = {variant: rank for rank, variant in enumerate(PREFERRED)}
    return not found.variant.startswith(PLAIN), not compiled(found), order.get(found.variant, len(order)), found.variant


def compiled(implementation: Implementation) -> bool:
    """Whether all that the training loop calls of it are kernels."""
    return all(isinstance(getattr(implementation.cls, name), Kernel) for name in COMPILED.get(implementation.technique.family, ()))


def loss_for(task: str) -> str:
    """The technique that declares itself the usual loss of a task."""
    return next(technique.name for technique in techniques().values() if technique.family == "loss" and technique.task == task)
