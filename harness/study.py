"""A study: a question with its recipes, datasets and seeds, read from a TOML file and checked before anything runs.

    question = "Which of the lecture's tricks help?"
    design = ["add-one-in", "leave-one-out"]
    datasets = ["digits", "moons[noise=0.3,samples=2000]"]
    seeds = 10                                     # or a list
    epochs = 100

    [baseline]                                     # a recipe, see recipe.py
    activation = "sigmoid"
    optimizer = "sgd[learning_rate=0.1]"
    initializer = "glorot"

    [factors.optimizer]                            # a factor; each level is a set of changes to the baseline
    adam = { optimizer = "adam" }

    [full]                                         # the full recipe: one level of each factor
    optimizer = "adam"

What fixes the verdicts before anything runs: `metric`, `confidence`, `estimand`, `equivalence`, `family` (inference/terms.py). What differs between
replicates: `vary`; how much each source of randomness matters: `sources` (replication.py). Arms may be tuned: `[tuning]` (tuning/keys.py). Keys that
do not go together are refused in consistency.py. Every key is described in docs/studies.md.

Every mistake is one sentence with the file, the key, what was given and what is accepted.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, field_validator, model_validator
from pydantic_core.core_schema import ValidationInfo

from . import consistency, registry
from .dataset import Task
from .errors import InputError, unknown
from .inference.terms import CONFIDENCE, EQUIVALENCE, Estimand, Terms
from .metrics import DEFAULT, METRICS, metric_for
from .mistakes import of_file, sentences
from .recipe import Recipe
from .replication import STREAMS, Stream
from .study_file import read
from .tuning.keys import Tuning

Design = Literal["add-one-in", "leave-one-out", "one-factor", "full-factorial", "fractional-factorial"]
Resolution = Literal["III", "IV", "V", "VI", "VII"]
Changes = dict[str, Any]

MOST_SEEDS = 100_000
MOST_EPOCHS = 1_000_000
"""A smaller number is believed, and `--dry-run` says how long it takes; at a millisecond an epoch this many are a quarter of an hour a run."""


def _seeds(value: object) -> object:
    """A number of seeds stands for the seeds from 0."""
    if isinstance(value, (list, tuple)):
        return value  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InputError(f"{value!r} is given; accepted is a number of seeds from 1, or a list of them.")
    if value > MOST_SEEDS:
        raise InputError(f"{value} seeds are asked for; accepted are at most {MOST_SEEDS:,}, or a list.")
    return tuple(range(value))


class Limits(BaseModel, frozen=True, extra="forbid"):
    """What a run in a worker process may use before it is stopped."""

    seconds: Annotated[float, Field(gt=0)] = 600.0
    memory_mb: Annotated[int, Field(ge=256, strict=True)] = 8192


class Study(BaseModel, frozen=True, extra="forbid"):
    """A checked study. `Study.load` reads one; the constructor takes the same keys."""

    name: Annotated[str, Field(pattern=r"^[\w][\w .-]*$")] = "study"
    """Also the name of the folder with its results."""
    question: Annotated[str, Field(min_length=1)]
    design: Annotated[tuple[Design, ...], Field(min_length=1)] = ("add-one-in",)
    datasets: Annotated[tuple[str, ...], Field(min_length=1)]
    seeds: Annotated[tuple[Annotated[int, Field(ge=0, lt=2**63, strict=True)], ...], BeforeValidator(_seeds), Field(min_length=1)]
    epochs: Annotated[int, Field(ge=1, le=MOST_EPOCHS, strict=True)]
    measure_every: Annotated[int, Field(ge=1, strict=True)] = 1
    """Epochs from one look at all rows to the next, which costs as much as an epoch's updates; the last epoch is always looked at."""
    metric: dict[Task, str] = Field(default_factory=lambda: dict(DEFAULT))
    """The primary metric of each task: verdicts rest on it alone."""
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = CONFIDENCE
    estimand: Estimand = "this dataset"
    equivalence: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = Field(default_factory=lambda: dict(EQUIVALENCE))
    """By metric: half the width of the region of practical equivalence, in the metric's unit."""
    family: tuple[str, ...] = ()
    """The tricks whose comparisons share the confidence; all of them, if none is named."""
    resolution: Resolution = "IV"
    """Of a fractional factorial: below IV main effects are aliased with interactions of two factors, below V those with each other."""
    vary: Annotated[tuple[Stream, ...], Field(min_length=1)] = STREAMS
    """What is drawn afresh for each seed; the rest is drawn once, with the first seed."""
    sources: Annotated[int, Field(ge=0, strict=True)] = 0
    """Seeds for which each source of randomness is also drawn afresh alone, to tell how much it matters; 0 leaves it out."""
    target: dict[str, Annotated[float, Field(allow_inf_nan=False)]] = Field(default_factory=dict)
    """By metric: the validation score whose time to reach is reported; by default what the reference arm ends with."""
    tuning: Tuning | None = None
    baseline: Recipe
    factors: Annotated[dict[str, Annotated[dict[str, Changes], Field(min_length=1)]], Field(min_length=1)]
    full: dict[str, str] = Field(default_factory=dict)
    limits: Limits = Limits()

    def __init__(self, /, **keys: Any) -> None:
        try:
            super().__init__(**keys)
        except ValidationError as error:
            raise InputError("\n".join(sentences(error, _accepted))) from error

    @classmethod
    def load(cls, study: str | Path) -> Study:
        """A bundled study by name, or a TOML file by path. Raises `InputError`."""
        return cls.parse(*read(study))

    @classmethod
    def parse(cls, text: str, name: str, where: str) -> Study:
        """A study from TOML text; `where` names it in errors."""
        try:
            keys = {"name": name} | tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"{where} is no TOML: {error}.") from error
        with of_file(where):
            return cls(**keys)

    @field_validator("datasets")
    @classmethod
    def _known_datasets(cls, datasets: tuple[str, ...]) -> tuple[str, ...]:
        spelt: dict[str, str] = {}
        for text in _distinct(datasets, "dataset"):
            first = spelt.setdefault(str(registry.dataset(text).selection), text)
            if first != text:
                raise InputError(f"the datasets {first!r} and {text!r} are the same data; give them once.")
        return datasets

    @field_validator("seeds")
    @classmethod
    def _distinct_seeds(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        return _distinct(seeds, "seed")

    @field_validator("metric")
    @classmethod
    def _known_metrics(cls, metric: dict[Task, str]) -> dict[Task, str]:
        for task, name in metric.items():
            metric_for(task, name)
        return dict(DEFAULT) | metric

    @field_validator("equivalence", "target")
    @classmethod
    def _of_metrics(cls, given: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        for name in given:
            if name not in METRICS:
                raise unknown(f"metric in {info.field_name}", name, METRICS)
        return dict(EQUIVALENCE) | given if info.field_name == "equivalence" else given

    @field_validator("vary", "design")
    @classmethod
    def _each_once(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        return _distinct(names, {"vary": "source in vary"}.get(str(info.field_name), str(info.field_name)))

    @model_validator(mode="after")
    def _family_names_tricks(self) -> Self:
        known = [trick(factor, level) for factor, levels in self.factors.items() for level in levels]
        for name in _distinct(self.family, "trick in family"):
            if name not in known:
                raise unknown("trick in family", name, known)
        return self

    @model_validator(mode="after")
    def _keys_go_together(self) -> Self:
        consistency.check(self)
        return self

    @property
    def terms(self) -> Terms:
        """What fixes the verdicts."""
        return Terms(self.confidence, self.estimand, self.equivalence, self.family, self.vary, self.tuning.scope if self.tuning else "")

    @model_validator(mode="after")
    def _levels_make_recipes(self) -> Self:
        for factor, levels in self.factors.items():
            for level, changes in levels.items():
                _changed(self.baseline, changes, f"factors.{factor}.{level}")
        return self

    @model_validator(mode="after")
    def _tricks_have_names_of_their_own(self) -> Self:
        _distinct(tuple(trick(factor, level) for factor, levels in self.factors.items() for level in levels), "trick")
        return self

    @model_validator(mode="after")
    def _full_names_levels(self) -> Self:
        for factor, level in self.full.items():
            if factor not in self.factors:
                raise unknown("factor in full", factor, self.factors)
            if level not in self.factors[factor]:
                raise unknown(f"level of {factor} in full", level, self.factors[factor])
        if "leave-one-out" in self.design and not self.full:
            raise InputError("the design leave-one-out needs a table [full] that names one level of each factor; add it, or leave the design out.")
        self.recipe(self.full)
        return self

    @model_validator(mode="after")
    def _arms_can_be_tuned(self) -> Self:
        if self.tuning is not None:
            levels = [{factor: level} for factor, levels in self.factors.items() for level in levels]
            self.tuning.check([self.recipe(chosen) for chosen in ({}, *levels, self.full)])
        return self

    def recipe(self, levels: dict[str, str]) -> Recipe:
        """The baseline with some factors at these levels. Raises `InputError` where two of them set the same key."""
        changes: Changes = {}
        setter: dict[str, str] = {}
        for factor, level in levels.items():
            for key, value in self.factors[factor][level].items():
                if changes.get(key, value) != value:
                    both = f"{setter[key]} sets {key} to {changes[key]!r} and {factor}.{level} to {value!r}"
                    raise InputError(f"{both}, so they cannot be combined; let one factor set it, or put both levels into one factor.")
                changes[key], setter[key] = value, f"{factor}.{level}"
        return _changed(self.baseline, changes, "full")


def trick(factor: str, level: str) -> str:
    """A level's short name: the level itself, or the factor where its only level is `on`. Arms are named by it."""
    return factor if level == "on" else level


def _changed(baseline: Recipe, changes: Changes, where: str) -> Recipe:
    """The recipe with some keys changed, checked like a recipe of its own."""
    try:
        return Recipe.model_validate(baseline.model_dump() | changes)
    except ValidationError as error:
        raise InputError("\n".join(sentences(error, _accepted, where))) from error


def _accepted(place: tuple[int | str, ...], prefix: str) -> list[str]:
    """The keys that are accepted where an unknown one stands."""
    tables = {"baseline": Recipe, "limits": Limits, "tuning": Tuning}
    model = Recipe if prefix else next((table for name, table in tables.items() if name in place[:1]), Study)
    return list(model.model_fields)


def _distinct(values: tuple[Any, ...], what: str) -> tuple[Any, ...]:
    seen: set[Any] = set()
    for value in values:
        if value in seen:
            raise InputError(f"the {what} {value!r} stands twice; give each once.")
        seen.add(value)
    return values
