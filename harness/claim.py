"""A claim is data: what is said of a technique, where the lecture says it, and a check that holds it against one implementation.

A check gets a `Subject`, one implementation bound for one dtype (`subject.py`), and a `Probe`, seeded inputs (`probe.py`); it returns
`Evidence` (`evidence.py`), or a `Finding` where the claim is about data. The checker (`checks/perform.py`) runs it and gives the verdict. A claim
stands in a `claims.py`, or `claims_<topic>.py`, of the folder of its technique; `about` and `family` widen it to other techniques.

| kind        | what its check does                                                                                                  |
|-------------|----------------------------------------------------------------------------------------------------------------------|
| identity    | compares within a tolerance that is derived from the dtype and the scale                                             |
| bound       | searches for inputs that break an inequality                                                                         |
| statistical | tests a hypothesis, at a stated rate of false alarms of at most 1e-6                                                 |
| empirical   | trains networks and reports an effect with its interval; slow                                                        |
| erratum     | produces the counterexample to a sentence that is false as printed, and shows that the corrected sentence passes     |
| conformance | holds a member to what its family owes, whatever it computes                                                         |
| agreement   | compares with every other implementation that declares the same conventions                                          |
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from .evidence import Evidence, Finding

Kind = Literal["identity", "bound", "statistical", "empirical", "erratum", "conformance", "agreement"]
KINDS: tuple[Kind, ...] = ("identity", "bound", "statistical", "empirical", "erratum", "conformance", "agreement")
DTYPES = ("float64", "float32")


class NotApplicable(Exception):  # noqa: N818  not an error: the claim says nothing of this implementation
    """Raised by a check, with the reason, where its claim says nothing of an implementation: the conventions it declares exclude it."""


class Check(Protocol):
    """Holds a claim against one implementation."""

    def __call__(self, subject: Any, probe: Any, /) -> Evidence | Finding:
        """`subject` is one of the classes of `subject.py`; `probe` supplies the inputs and the other implementations."""
        ...


@dataclass(frozen=True)
class Claim:
    """One claim. The sentence is its check's docstring."""

    id: str
    kind: Kind
    sentence: str
    check: Check
    section: str
    """Where the lecture says it; or "not in the notes", or the paper."""
    figures: tuple[int, ...] = ()
    about: tuple[str, ...] = ()
    """The techniques whose every implementation it is held against; the registry fills in the folder's own."""
    family: str = ""
    """Instead of techniques: every member of this family, whatever the technique."""
    dtypes: tuple[str, ...] = DTYPES
    conventions: dict[str, str] = field(default_factory=dict[str, str])
    """The conventions an implementation must declare for the claim to be about it."""
    slow: bool = False
    """Whether checking it means training networks on data."""

    @property
    def source(self) -> str:
        """Section and figures in one phrase."""
        figures = f", figure{'s' if len(self.figures) > 1 else ''} {', '.join(map(str, self.figures))}" if self.figures else ""
        return f"{self.section}{figures}"

    def concerns(self, technique: str, family: str) -> bool:
        """Whether it is held against the implementations of this technique."""
        return technique in self.about or family == self.family


def claim(
    id: str,  # noqa: A002  the word of the claims' list
    *,
    kind: Kind,
    section: str,
    figures: int | Sequence[int] = (),
    about: str | Sequence[str] = (),
    family: str = "",
    dtypes: Sequence[str] = DTYPES,
    slow: bool = False,
    **conventions: str,
) -> Callable[[Check], Claim]:
    """Make a claim of a check: `@claim("momentum.zero-is-sgd", kind="identity", section="Momentum")`."""

    def made(check: Check) -> Claim:
        sentence = " ".join((check.__doc__ or "").split())
        addressed = (_tuple(figures), _tuple(about), family, tuple(dtypes), conventions)
        return Claim(id, kind, sentence, check, section, *addressed, slow=slow or kind == "empirical")

    return made


def _tuple(values: Any) -> tuple[Any, ...]:
    return tuple(values) if isinstance(values, (list, tuple)) else (values,)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def of_folder(found: Claim, folder: str) -> Claim:
    """A claim without any address is about the technique of its folder."""
    return found if found.about or found.family else dataclasses.replace(found, about=(folder,))
