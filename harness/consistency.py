"""What the keys of a study must have to do with one another, beyond what each of them accepts alone.

Keys that would do nothing where they stand are refused, since whoever wrote them expects something of them:

| key             | does something                                                                             |
|-----------------|--------------------------------------------------------------------------------------------|
| `resolution`    | in the design fractional-factorial                                                         |
| `[full]`        | in leave-one-out and fractional-factorial; a full factorial says that it restricts nothing |
| `estimand`      | without folds: these speak of new datasets, whatever is asked                              |
| `metric`        | for a task that one of the datasets has; the defaults may be written down                  |
| `target`        | for a metric by which one of the datasets is judged                                        |
| `equivalence`   | for such a metric too; the defaults may be written down                                    |
| `measure_every` | up to the number of epochs: the last one is always looked at                               |

So are levels that change no key, and numbers that cannot be meant: scores are shares, and 95 is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from . import registry
from .analysis.resampling import Resampling, check_resampling
from .dataset import Task
from .diagnosis.curves import MEASURES
from .errors import InputError
from .inference.terms import EQUIVALENCE
from .metrics import DEFAULT
from .replication import check_sources
from .words import listed

if TYPE_CHECKING:
    from .study import Study

WITH_FULL = ("leave-one-out", "full-factorial", "fractional-factorial")
TASKS: tuple[Task, ...] = get_args(Task)


def check(study: Study) -> None:
    """Raises `InputError` for the first keys of a study that do not go together."""
    _levels_are_tricks(study)
    check_sources(study.sources, study.vary, len(study.seeds))
    check_resampling(study.datasets, study.vary, study.estimand)
    _folds_speak_for_themselves(study)
    _epochs_are_looked_at(study)
    _metrics_have_a_task(study)
    _one_loss_is_compared(study)
    _the_design_uses_them(study)
    _targets_can_be_reached(study)
    _margins_are_used(study)


def _levels_are_tricks(study: Study) -> None:
    for factor, levels in study.factors.items():
        for name in (factor, *levels):
            if not name.strip() or not name.isprintable():
                raise InputError(f"a factor or level is called {name!r}; accepted is a name that can be read, on one line.")
        for level, changes in levels.items():
            if not changes:
                raise InputError(f"factors.{factor}.{level} changes nothing in the baseline; give it a key, such as optimizer, or leave it out.")


def _folds_speak_for_themselves(study: Study) -> None:
    folded = [dataset for dataset in study.datasets if Resampling.of(dataset).folds]
    if "estimand" in study.model_fields_set and study.estimand == "this dataset" and folded:
        raise InputError(
            f"estimand is 'this dataset', but verdicts over the folds of {folded[0]} speak of new datasets; leave estimand out, or the folds."
        )


def _epochs_are_looked_at(study: Study) -> None:
    if study.measure_every > study.epochs:
        raise InputError(
            f"measure_every is {study.measure_every}, but epochs is {study.epochs}; accepted is at most that, which looks at the last epoch alone."
        )


def _metrics_have_a_task(study: Study) -> None:
    there = {task for dataset in study.datasets for task in _tasks(dataset)}
    for task, name in study.metric.items():
        if name != DEFAULT[task] and task not in there:
            raise InputError(f"metric names {name} for {task}, but no dataset of this study is one of {task}; leave it out, or add a dataset.")


def _one_loss_is_compared(study: Study) -> None:
    for factor, levels in study.factors.items():
        if "loss" in study.metric.values() and any("loss" in changes for changes in levels.values()):
            raise InputError(f"the metric is loss, but the factor {factor} changes the loss: two losses cannot be compared; take another metric.")


def _the_design_uses_them(study: Study) -> None:
    designs = ", ".join(study.design)
    if "resolution" in study.model_fields_set and "fractional-factorial" not in study.design:
        raise InputError(
            f"resolution is {study.resolution!r}, but the design is {designs}: only fractional-factorial has one; leave it out, or take that design."
        )
    if study.full and not set(study.design) & set(WITH_FULL):
        raise InputError(f"a table [full] is given, but the design is {designs}, which has no full recipe; leave it out, or add leave-one-out.")


def _targets_can_be_reached(study: Study) -> None:
    judged = _judged_by(study)
    for name, value in study.target.items():
        if name not in judged:
            raise InputError(f"target names {name}, but these datasets are judged by {listed(judged)}; give a target of that, or none.")
        low, high = MEASURES[name].range
        if not low <= value <= high:
            raise InputError(f"target.{name} is {value:g}; accepted is a number {MEASURES[name].range.words}.")


def _margins_are_used(study: Study) -> None:
    judged = _judged_by(study)
    for name, margin in study.equivalence.items():
        if margin != EQUIVALENCE[name] and name not in judged:
            raise InputError(f"equivalence names {name}, but these datasets are judged by {listed(judged)}; give a margin of that, or leave it out.")
        if MEASURES[name].share and margin >= 1:
            raise InputError(f"equivalence.{name} is {margin:g}; accepted is a share below 1: one per cent is 0.01.")


def _judged_by(study: Study) -> list[str]:
    return sorted({study.metric[task] for dataset in study.datasets for task in _tasks(dataset)})


def _tasks(dataset: str) -> tuple[Task, ...]:
    """What may be learnt from a dataset, as far as its name tells: nothing is loaded."""
    chosen = registry.dataset(dataset)
    named = chosen.parameters.get("task") if chosen.source.task == "either" else chosen.source.task
    return tuple(task for task in TASKS if named == task) or TASKS
