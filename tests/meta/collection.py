"""How faulty implementations are kept: each with what is wrong, where it was seen, and the claims that must refute it, named in advance."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trickbench.harness import catalogue, registry
from trickbench.harness.checks.perform import Checked, perform
from trickbench.harness.laboratory import Laboratory
from trickbench.harness.outcome import Outcome
from trickbench.harness.technique import Implementation
from trickbench.harness.training import train

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Specimen:
    """A class to hold the claims against. `seen` is a source such as `BUG owner/repository#1`, or `thought of`."""

    technique: str
    cls: type
    seen: str
    refuted_by: tuple[str, ...] = ()
    """Empty for one that looks wrong and is right."""
    training: Callable[..., Outcome] = train
    """The training loop that it runs in: faults of the loop bring their own."""
    unguarded: bool = False
    """Whether it reaches beyond its arrays: only the named claims put guards there, elsewhere it would break the process."""
    by_chance: tuple[str, ...] = ()
    """Claims that refute it in some runs only, by how threads take turns or where arrays come to lie: they have no place in a table."""

    @property
    def name(self) -> str:
        return f"{self.technique}/{self.cls.__name__}"

    @property
    def implementation(self) -> Implementation:
        return registry.implementation(registry.techniques()[self.technique], self.cls.__name__, self.cls, "tests")

    def check(self, claim_id: str, seed: int = 0) -> Checked:
        return perform(catalogue.claims()[claim_id], self.implementation, seed, Laboratory(training=self.training), hint=False)


def fault(
    technique: str, *refuted_by: str, seen: str = "thought of", training: Callable[..., Outcome] = train, unguarded: bool = False,
    by_chance: tuple[str, ...] = (),
):  # fmt: skip
    """Note a faulty class, or a sound one in a faulty training loop: its docstring says what is wrong."""

    def noted(cls: type) -> Specimen:
        return Specimen(technique, cls, seen, refuted_by, training, unguarded, by_chance)

    return noted


def sound(technique: str, *, seen: str = "thought of"):
    """Note a class that looks wrong and is right, or follows another convention and says so: no claim may refute it."""

    def noted(cls: type) -> Specimen:
        return Specimen(technique, cls, seen)

    return noted


def specimens(room: str) -> list[Specimen]:
    """All of `faults` or `accepted`, in the order of their files."""
    modules = [importlib.import_module(f".{room}.{path.stem}", __package__) for path in sorted((HERE / room).glob("[a-z]*.py"))]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Specimen)]
