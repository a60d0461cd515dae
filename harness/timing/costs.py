"""What a method has to move and to compute at least, counted on few elements: both are proportional to them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import registry
from ..choice import PREFERRED
from ..kernel import Kernel
from ..subject import Subject
from ..technique import Implementation
from .arguments import WRITTEN, arguments, counted_by
from .count import operations, traffic

SMALL = 2560
"""So few elements."""


def costs(implementation: Implementation, method: str, dtype: np.dtype[Any]) -> tuple[dict[str, tuple[bool, bool]], dict[str, float]]:
    """Which arrays are read and written, and the operations an element by kind: of the nearest plain form, or of this one itself."""
    plain = nearest_plain(implementation, method) or implementation
    subject = Subject(plain, dtype)
    given, written = arguments(subject, method, SMALL), WRITTEN.get(method, ())
    moved = traffic(subject.method(method), given, arguments(subject, method, SMALL, seed=1), written)
    elements = max(np.size(value) for name, value in given.items() if name in counted_by(method))
    shows = plain if plain.conventions == implementation.conventions else implementation
    function = getattr(shows.create(), method)
    found = None if isinstance(function, Kernel) else operations(function, given)
    return moved, {kind: count / elements for kind, count in (found or {}).items()}


def nearest_plain(implementation: Implementation, method: str) -> Implementation | None:
    """The project's own NumPy form that shares the most conventions, the reference first. All forms of a technique touch the same arrays."""
    own = (each for each in registry.implementations(implementation.technique.name).values() if each.origin == registry.OWN)
    plain = [each for each in own if each.variant.startswith("numpy_") and not isinstance(getattr(each.cls, method), Kernel)]

    def distance(each: Implementation) -> tuple[int, bool, str]:
        return (
            sum(each.conventions[name] != choice for name, choice in implementation.conventions.items()),
            each.variant not in PREFERRED,
            each.variant,
        )

    return min(plain, key=distance, default=None)
