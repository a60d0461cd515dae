"""What a `Stopper` owes. It is the one member that remembers: a training's scores, in itself, and its best parameters, as a copy."""

from __future__ import annotations

import inspect
import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from ..evidence import Case, Evidence, all_of, true
from ..probe import Probe
from ..subject import StopperSubject
from .calls import Outcome, same
from .curves import EPOCHS, Curve, Watched, agree, curves, make, values_of, watched
from .purity import untouched
from .threads import THREADS, Interruptions, ended, files_of
from .topic import topic
from .use import pickled


@topic("writes-only-outputs", "stopper")
def parameters_are_copied(stopper: StopperSubject, probe: Probe) -> Evidence:
    """The parameters that a stopper is shown keep their bits, and those that it keeps and hands out are copies: what the caller does to its own
    array, or to one that it was given, changes nothing.
    """
    parts = list[Evidence]()
    for curve in curves(probe):
        one, room = make(stopper), np.full(3 * curve.width, -5.0, stopper.dtype)
        parameters = room[curve.width : -curve.width]
        for epoch, score in enumerate(curve.scores, 1):
            parameters[:] = values = values_of(epoch, curve.width).astype(stopper.dtype)
            one.observe(epoch, score, parameters)
            parts.append(
                same({"parameters": parameters, "around": np.unique(room[room < 0])}, {"parameters": values, "around": np.array([-5.0])}, str(curve))
            )
            parameters[:] = -2
            parts += _copies(one, stopper, curve)
    return all_of(*parts)


def _copies(one: Any, examined: StopperSubject, curve: Curve) -> Iterator[Evidence]:
    best = one.best()
    if best is not None:
        expected = {"best parameters": values_of(best[0], curve.width).astype(examined.dtype)}
        yield same({"best parameters": best[1]}, expected, f"{curve}, after epoch {best[0]} was overwritten")
        best[1][:] = -3
        yield same({"best parameters": one.best()[1]}, expected, f"{curve}, after what best() returned was overwritten")


@topic("no-hidden-state", "stopper")
def stoppers_do_not_see_each_other(stopper: StopperSubject, probe: Probe) -> Evidence:
    """What a stopper remembers stands in itself: one made after another has ended, or shown its curve in turns with others of other hyperparameters
    and sizes, says what it says alone.
    """
    made = curves(probe)
    alone = [watched(stopper, curve, which).show().said for which, curve in enumerate(made)]
    turns = [watched(stopper, curve, which) for which, curve in enumerate(made)]
    for _ in range(EPOCHS):
        for each in reversed(turns):
            each.show(1)
    parts = [agree(each.said, expected, f"{each.curve}, in turns with others") for each, expected in zip(turns, alone, strict=True)]
    again = [watched(stopper, curve, which).show().said for which, curve in enumerate(made)]
    parts += [
        true(int(said[0]["best epoch"]) == 1, Case(f"{curve}", "the first epoch the best so far", "none"))
        for curve, said in zip(made, alone, strict=True)
    ]
    return all_of(*parts, *(agree(one, other, f"{curve}, a second time") for one, other, curve in zip(again, alone, made, strict=True)))


@topic("no-global-state", "stopper")
def globals_are_left_alone(stopper: StopperSubject, probe: Probe) -> Evidence:
    """The global random generators of NumPy, Python and, where it is loaded, torch are neither read nor written, whatever their seeds."""
    made = curves(probe)
    words = [f"{curve}, after an epoch" for curve in made for _ in watched(stopper, curve).show().said]
    return untouched(lambda: [said for curve in made for said in watched(stopper, curve).show().said], words)


@topic("both-dtypes", "stopper")
def parameters_keep_their_dtype(stopper: StopperSubject, probe: Probe) -> Evidence:
    """Parameters of float32 and of float64 come back bit for bit, in their own dtype; a score may be a number of Python's or of NumPy's."""
    parts = list[Evidence]()
    for curve in curves(probe):
        one = watched(stopper, curve).show()
        other = watched(stopper, Curve(tuple(np.float64(score) for score in curve.scores), curve.width)).show()
        parts += [agree(other.said, one.said, f"{curve}, as NumPy's numbers"), *_kept(one, str(curve))]
    return all_of(*parts)


def _kept(one: Watched, words: str) -> Iterator[Evidence]:
    best = one.stopper.best()
    if best is None:
        yield true(False, Case(words, "a best epoch", "none"))
    else:
        expected = values_of(best[0], one.curve.width).astype(one.parameters.dtype)
        yield true(best[1].dtype == expected.dtype, Case(words, f"{expected.dtype}", f"{best[1].dtype}"))
        yield same({"best parameters": best[1]}, {"best parameters": expected}, words)


@topic("any-size", "stopper")
def any_number_of_parameters_and_epochs_is_served(stopper: StopperSubject, probe: Probe) -> Evidence:
    """Parameters of 0, 1, 3, 7 and 33 numbers are kept, a training may end after any epoch, and before the first one there is no best."""
    parts = [true(make(stopper).best() is None, Case("no epoch", "no best", f"{make(stopper).best()}"))]
    scores = curves(probe, 1)[0].scores
    for width in (0, 1, 3, 7, 33):
        whole = watched(stopper, Curve(scores, width)).show()
        parts += _kept(whole, f"{whole.curve}")
        parts += [agree(watched(stopper, Curve(scores[:end], width)).show().said, whole.said[:end], f"{end} epochs") for end in (1, 4)]
    return all_of(*parts)


@topic("nan-and-infinity", "stopper")
def scores_that_are_no_numbers_are_never_the_best(stopper: StopperSubject, _probe: Probe) -> Evidence:
    """NaN and infinity raise nothing and are never the best; before any finite score there is no best, and the first finite one after them is.
    NaN among the parameters is kept as any number is.
    """
    nan, inf, parts = math.nan, math.inf, list[Evidence]()
    for scores in ((nan, nan, nan), (inf, nan, 0.5), (nan, 0.5, nan, 0.4, nan), (0.5, nan, 0.6), (inf, inf), (-inf, 0.5, 0.4), (0.5, -inf, 0.4)):
        said = watched(stopper, Curve(scores)).show().said
        for epoch, left in enumerate(said, 1):
            finite = [one for one in range(1, epoch + 1) if math.isfinite(scores[one - 1])]
            least = min(finite, key=lambda one: scores[one - 1], default=0)
            case = Case(f"scores {scores[:epoch]}", f"best epoch {least}" if least else "no best epoch", f"{left['best epoch']}")
            parts.append(true(int(left["best epoch"]) == least, case))
    one, parameters = make(stopper), stopper.array([1.0, nan, inf])
    one.observe(1, 0.5, parameters)
    best: Any = one.best()
    parts.append(same({"best parameters": best[1]}, {"best parameters": parameters}, "parameters 1, NaN, inf"))
    return all_of(*parts)


@topic("refuses-or-right", "stopper")
def parameters_of_another_layout_are_kept_rightly(stopper: StopperSubject, probe: Probe) -> Evidence:
    """Parameters that are not contiguous are refused with an error that says something, or kept rightly."""
    curve = curves(probe, 1)[0]
    one, expected = watched(stopper, curve), watched(stopper, curve).show().said
    one.parameters = np.full(2 * curve.width, np.nan, stopper.dtype)[::2]
    try:
        one.show()
    except Exception as error:  # noqa: BLE001  to refuse is right, in whatever words
        return true(bool(str(error)), Case(str(curve), "an error that says something", repr(error)))
    return agree(one.said, expected, f"{curve}, not contiguous")


@topic("pickles", "stopper")
def stoppers_can_be_pickled(stopper: StopperSubject, probe: Probe) -> Evidence:
    """A stopper can be pickled in the middle of a training, and goes on from there."""
    parts = list[Evidence]()
    for curve in curves(probe):
        one, expected = watched(stopper, curve).show(5), watched(stopper, curve).show().said
        one.stopper = pickled(one.stopper, stopper.implementation.cls)
        parts.append(agree(one.show().said, expected, f"{curve}, pickled after epoch 5"))
    return all_of(*parts)


@topic("threads", "stopper")
def stoppers_in_threads_do_not_disturb_each_other(stopper: StopperSubject, probe: Probe) -> Evidence:
    """Eight stoppers in eight threads say what each says alone; and so does one between any two of whose lines another thread shows another one
    its curve.
    """
    made = curves(probe)
    expected = [watched(stopper, curve).show().said for curve in made]
    barrier = threading.Barrier(THREADS, timeout=60)

    def run(place: int) -> list[Outcome]:
        barrier.wait()
        return watched(stopper, made[place]).show().said

    parts = list[Evidence]()
    with ThreadPoolExecutor(THREADS) as pool:
        places = [thread % len(made) for thread in range(THREADS)]
        for place, said in zip(places, pool.map(run, places), strict=True):
            parts.append(agree(said, expected[place], f"{made[place]}, in threads"))
    return all_of(*parts, agree(_interrupted(stopper, made[0], made[2]), expected[0], f"{made[0]}, interrupted by others"))


def _interrupted(stopper: StopperSubject, curve: Curve, others: Curve) -> list[Outcome]:
    with ThreadPoolExecutor(1) as pool, Interruptions(files_of(stopper)).before_each(lambda: ended(pool.submit(watched(stopper, others).show, 6))):
        return watched(stopper, curve).show().said


@topic("follows-contract", "stopper")
def stoppers_take_their_technique_s_hyperparameters(stopper: StopperSubject, probe: Probe) -> Evidence:
    """A stopper takes each of its technique's hyperparameters by name and no others; `observe` answers true or false, and `best` returns None, or an
    epoch and its parameters: an epoch as it was given, where not every one is looked at.
    """
    known = stopper.implementation.technique.hyperparameters
    parts = [_takes(stopper.implementation.cls, {name: bounds.default for name, bounds in known.items()})]
    one, parameters = make(stopper), stopper.array([1.0, 2.0])
    for epoch, score in enumerate(curves(probe, 1)[0].scores, 1):
        answer: Any = one.observe(epoch, score, parameters)
        best: Any = one.best()
        pair = isinstance(best, tuple) and isinstance(best[0], (int, np.integer)) and isinstance(best[1], np.ndarray)
        parts += [
            true(isinstance(answer, (bool, np.bool_)), Case(f"observe({epoch}, {score}, parameters)", "True or False", f"{answer!r}")),
            true(best is None or pair, Case(f"best() after epoch {epoch}", "None, or an epoch and its parameters", f"{best!r}")),
        ]
    return all_of(*parts, _of_every_fifth(stopper))


def _of_every_fifth(stopper: StopperSubject) -> Evidence:
    one = make(stopper)
    for epoch, score in ((5, 1.0), (10, 0.25), (15, 0.5)):
        one.observe(epoch, score, stopper.array(values_of(epoch, 3)))
    found, expected = one.best(), (10, values_of(10, 3))
    right = found is not None and found[0] == 10 and np.array_equal(found[1], expected[1])
    return true(right, Case("scores 1, 0.25, 0.5 of epochs 5, 10, 15", f"{expected}", f"{found}"))


def _takes(cls: Callable[..., Any], arguments: dict[str, float]) -> Evidence:
    expected = f"keyword arguments {', '.join(arguments)} and no others"
    try:
        inspect.signature(cls).bind(**arguments)
        inspect.signature(cls).bind()
    except TypeError as error:
        return true(False, Case(f"{cls.__name__}(...)", expected, str(error)))
    for name, value in arguments.items():
        cls(**{name: value})
    return true(True, Case(f"{cls.__name__}(...)", expected, "accepted"))


CLAIMS = (
    *parameters_are_copied,
    *stoppers_do_not_see_each_other,
    *globals_are_left_alone,
    *parameters_keep_their_dtype,
    *any_number_of_parameters_and_epochs_is_served,
    *scores_that_are_no_numbers_are_never_the_best,
    *parameters_of_another_layout_are_kept_rightly,
    *stoppers_can_be_pickled,
    *stoppers_in_threads_do_not_disturb_each_other,
    *stoppers_take_their_technique_s_hyperparameters,
)
