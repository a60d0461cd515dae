"""`trickbench diagnose`, step by step: what was handed in, one diagnosis for each arm and dataset, and how it is told.

Exit status: 0 every training is good; 1 a problem was diagnosed; 2 the input is wrong; 4 nobody can tell.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..errors import InputError
from .curves import Bounds, History
from .diagnosed import Diagnosed
from .histories import of_estimator, of_file, of_mapping, of_table
from .pooled import Pooled, Trainings, pooled

if TYPE_CHECKING:
    from rich.console import Console

GOOD, PROBLEM, CANNOT_TELL = 0, 1, 4
COLORS = {"good": "bold green", "overfitting": "bold red", "bad on training": "bold red", "cannot tell": "bold yellow"}


@dataclass(frozen=True)
class Asked:
    """What to diagnose, and what is known of it: target and chance in the unit in which the scores are written."""

    target: float | None = None
    chance: float | None = None
    metric: str | None = None
    columns: Sequence[str] = ()
    """Each ROLE=NAME."""
    arm: str | None = None
    dataset: str | None = None
    implementation: str | None = None
    """Whose diagnosis, instead of the project's own: what `lookup.named` takes."""


def diagnose(
    history: Any, *, target: float | None = None, chance: float | None = None, metric: str | None = None, columns: Mapping[str, str] | None = None,
    arm: str | None = None, dataset: str | None = None,
) -> Diagnosed:  # fmt: skip
    """What is wrong with a training: `.diagnosis`, `.kind`, `.evidence`, `.remedies`.

    `history` is a path (CSV, JSON, folder with results), a mapping of names to lists, Keras' History, a fitted MLPClassifier, a pandas table, a
    `Result`, or a `History`. `target` is the result that is good, `chance` what a constant prediction scores, both in the unit in which the scores
    are written: per cent where these are. Raises `InputError`.
    """
    named = [f"{role}={name}" for role, name in (columns or {}).items()]
    found = diagnoses(history, Asked(target, chance, metric, named, arm, dataset))
    if len(found) > 1:
        raise InputError(f"There are {len(found)} arms and datasets ({found[0].trainings.name}, ...); name one with arm= and dataset=.")
    return found[0].diagnosed


def diagnoses(given: Any, asked: Asked) -> list[Pooled]:
    """One diagnosis for each arm and dataset. Raises `InputError`."""
    found, judge = _trainings(given, asked), _judge(asked.implementation)
    return [pooled(replace(each, histories=tuple(_told(history, asked, each.name) for history in each.histories)), judge) for each in found]


def status(found: Sequence[Pooled]) -> int:
    """The exit status that they deserve."""
    said = {each.diagnosed.diagnosis for each in found}
    return PROBLEM if said & {"overfitting", "bad on training"} else CANNOT_TELL if "cannot tell" in said else GOOD


def _judge(implementation: str | None) -> Callable[[History], Diagnosed]:
    if implementation is None:
        from .flow_chart import diagnose as own

        return own
    from ..lookup import named

    found = [each for each in named(implementation) if each.technique.family == "diagnosis"]
    if len(found) != 1:
        raise InputError(f"{implementation} holds {len(found)} implementations of a diagnosis; accepted is one.")
    return found[0].create().diagnose


def _told(history: History, asked: Asked, whose: str) -> History:
    """The history with what the user knows besides."""
    target, chance = (_typed(name, value, history, whose) for name, value in (("target", asked.target), ("chance", asked.chance)))
    if target is not None and history.percent and history.measure.higher_is_better and target <= 0.01:
        raise InputError(
            f"target is {asked.target:g}, but the {history.measure.name} of {whose} is written in per cent, so that this is {asked.target:g} %; "
            "accepted is a number above 1 and up to 100, such as 95."
        )
    return replace(history, target=target, chance=history.chance if chance is None else chance)


def _typed(name: str, value: float | None, history: History, whose: str) -> float | None:
    """A number as somebody typed it, in the unit in which the history was written. Raises `InputError` outside the measure's range."""
    if value is None:
        return None
    measure, unit = history.measure, 100 if history.percent else 1
    low, high = (unit * end for end in measure.range)
    if math.isfinite(value) and low <= value <= high:
        return value / unit
    written = f"written {'in per cent' if history.percent else 'as a share'}" if measure.share else "a number"
    raise InputError(f"{name} is {value:g}, but the {measure.name} of {whose} is {written} {Bounds(low, high).words}; accepted is such a number.")


def _trainings(given: Any, asked: Asked) -> list[Trainings]:
    """Whatever was handed in, as trainings."""
    named = dict(_column(text) for text in asked.columns)
    if isinstance(given, History):
        return [Trainings(given.name or "the history", "", (given,))]
    if isinstance(given, (str, Path)):
        path = Path(given)
        if path.is_dir():
            return _of_results(_study(path), asked)
        return [_of_no_study(path.name, of_file(path, metric=asked.metric, named=named), asked)]
    if hasattr(given, "epochs_on"):
        return _of_results(given, asked)
    if hasattr(given, "loss_curve_"):
        return [_of_no_study(type(given).__name__, [of_estimator(given, metric=asked.metric)], asked)]
    lists = (
        of_table(given.to_dict("list"))
        if hasattr(given, "to_dict")
        else given.history
        if isinstance(getattr(given, "history", None), dict)
        else given
    )
    if not isinstance(lists, Mapping):
        raise InputError(f"{type(given).__name__} is no history; accepted are a path, a mapping of names to lists, a table, Keras' History, an MLP.")
    history = of_mapping(cast("Mapping[str, Any]", lists), "the history", metric=asked.metric, named=named)
    return [_of_no_study("the history", [history], asked)]


STUDIES_NAMED = 3
"""Folders that an error names."""


def _study(folder: Path) -> Path:
    """A folder with results. Raises `InputError` for another one, and names the studies in it."""
    from ..database import FILE

    if (folder / FILE).is_file():
        return folder
    below = sorted(str(path.parent) for path in folder.glob(f"*/{FILE}"))
    more = [f"{len(below) - STUDIES_NAMED} more"] if len(below) > STUDIES_NAMED else []
    here = f"; there are {', '.join([*below[:STUDIES_NAMED], *more])}" if below else ""
    raise InputError(
        f"{folder} is a folder without results of its own ({FILE} is missing); accepted are a CSV, a JSON, or the folder of one study, which "
        f"`trickbench run` names at its end{here}."
    )


def _of_no_study(name: str, histories: list[History], asked: Asked) -> Trainings:
    for option, value in (("--arm", asked.arm), ("--dataset", asked.dataset)):
        if value is not None:
            raise InputError(f"{option} is {value!r}, but {name} is no folder with results; leave it out.")
    return Trainings(name, "", tuple(histories))


def _of_results(given: Any, asked: Asked) -> list[Trainings]:
    from ..result import Result
    from .of_results import of_result

    for option, value in (("--metric", asked.metric), ("--column", asked.columns or None)):
        if value is not None:
            raise InputError(f"{option} is for files; a folder with results says itself what its columns are.")
    return of_result(Result(given) if isinstance(given, Path) else given, asked.arm, asked.dataset)


def _column(text: str) -> tuple[str, str]:
    role, equals, name = text.partition("=")
    if not equals or not name:
        raise InputError(f"--column is {text!r}; accepted is ROLE=NAME, such as train_loss=my_loss.")
    return role.strip(), name


def to_json(found: Sequence[Pooled]) -> str:
    """Everything, for machines."""
    return json.dumps({"diagnoses": [each.record() for each in found]}, indent=1)


def show(found: Sequence[Pooled], console: Console) -> None:
    """Each diagnosis in words; of many, a line each and then the words of those that are not good."""
    from rich.text import Text

    for each in found if len(found) > 1 else ():
        console.print(Text.assemble((each.diagnosed.title, COLORS[each.diagnosed.diagnosis]), f"  {each.trainings.name}"), soft_wrap=True)
    for each in found:
        if len(found) == 1 or each.diagnosed.diagnosis != "good":
            _show_one(each, console)


def _show_one(found: Pooled, console: Console) -> None:
    from rich.text import Text

    told = found.diagnosed
    console.print(Text.assemble(f"\n{found.trainings.name}: ", (told.title, COLORS[told.diagnosis])), soft_wrap=True)
    for sentence in told.evidence:
        console.print(Text(f"  {sentence}"), soft_wrap=True)
    if told.missing:
        console.print(Text(f"  missing: {told.missing}", style="yellow"), soft_wrap=True)
    if told.advice:
        console.print(Text(f"  {told.advice}"), soft_wrap=True)
    if told.remedies:
        console.print(
            Text(f"  the lecture's remedies, in its order: {', '.join(each.name for each in told.remedies)}; then look at the training result again"),
            soft_wrap=True,
        )
