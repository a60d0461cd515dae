"""What a diagnosis says: the words of the recipe's flow chart, the evidence, and the remedies that the lecture names, in its order.

| diagnosis       | kind                                                                         | remedies           |
|-----------------|------------------------------------------------------------------------------|--------------------|
| bad on training | diverging, vanishing gradient, not learning, still improving, levelled off   | `FOR_TRAINING`     |
| overfitting     | test data unlike the training data                                           | `FOR_TESTING`      |
| good            |                                                                              | none               |
| cannot tell     |                                                                              | none               |

A kind is empty where nothing more can be said. A remedy is at home in one slot of a recipe: a study knows which of its levels is which
remedy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

Diagnosis = Literal["good", "overfitting", "bad on training", "cannot tell"]
DIAGNOSES: tuple[Diagnosis, ...] = get_args(Diagnosis)
Kind = Literal[
    "", "diverging", "vanishing gradient", "not learning", "still improving", "levelled off", "test data unlike the training data"
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
Success = Literal["worked", "not enough", "spoilt the training result", "not needed", "cannot tell"]


class Remedy(NamedTuple):
    """One of the lecture's remedies, and the slot of a recipe that it fills."""

    name: str
    slot: str


FOR_TRAINING = (Remedy("another activation function", "activation"), Remedy("an adaptive learning rate", "optimizer"))
FOR_TESTING = (Remedy("early stopping", "stopper"), Remedy("regularisation", "penalty"), Remedy("dropout", "dropout"))
REMEDIES: dict[Diagnosis, tuple[Remedy, ...]] = {
    "bad on training": FOR_TRAINING, "overfitting": FOR_TESTING, "good": (), "cannot tell": (),
}  # fmt: skip

ADVICE: dict[Kind, str] = {
    "diverging": "The steps are too large: a learning rate ten times smaller comes before anything else.",
    "vanishing gradient": "The first layers hardly get a gradient: the activation function comes first.",
    "still improving": "It was not trained to its end: more epochs, or larger steps, before anything else is judged.",
    "not learning": "Nothing has been learned: it is worth a look at the data and the labels too.",
    "levelled off": "It stopped improving before it was good: more epochs of the same will not help.",
    "test data unlike the training data": "Held-out rows of the training data are predicted well: look at where the test data come from first.",
}


@dataclass(frozen=True)
class Diagnosed:
    """One training's diagnosis."""

    diagnosis: Diagnosis
    kind: Kind = ""
    evidence: tuple[str, ...] = ()
    """Sentences with the numbers that it rests on, in the order of the flow chart."""
    missing: str = ""
    """What would have to be known to tell, or to tell more."""
    numbers: Mapping[str, float] = field(default_factory=dict[str, float])
    remedies: tuple[Remedy, ...] = ()
    """What the lecture names against it, in its order."""

    @property
    def advice(self) -> str:
        """What the kind adds to that."""
        return ADVICE.get(self.kind, "")

    @property
    def title(self) -> str:
        """Diagnosis and kind in one phrase."""
        return f"{self.diagnosis}: {self.kind}" if self.kind else self.diagnosis

    def record(self) -> dict[str, object]:
        """Plain values, for machines."""
        return {
            "diagnosis": self.diagnosis, "kind": self.kind, "evidence": list(self.evidence), "missing": self.missing,
            "remedies": [remedy.name for remedy in self.remedies], "advice": self.advice, "numbers": dict(self.numbers),
        }  # fmt: skip


def told(
    diagnosis: Diagnosis, kind: Kind = "", evidence: Iterable[str] = (), missing: str = "", numbers: Mapping[str, float] | None = None
) -> Diagnosed:
    """A diagnosis with the remedies of the lecture."""
    return Diagnosed(diagnosis, kind, tuple(evidence), missing, dict(numbers or {}), REMEDIES[diagnosis])


def success(before: Diagnosed, after: Diagnosed) -> Success:
    """What became of a diagnosis after a remedy: it worked where what was diagnosed is gone, and nothing before it in the chart came up."""
    if before.diagnosis == "good":
        return "not needed" if after.diagnosis != "bad on training" else "spoilt the training result"
    if "cannot tell" in (before.diagnosis, after.diagnosis):
        return "cannot tell"
    if before.diagnosis == "overfitting":
        return {"good": "worked", "overfitting": "not enough"}.get(after.diagnosis, "spoilt the training result")  # pyright: ignore[reportReturnType]
    return "worked" if after.diagnosis != "bad on training" else "not enough"
