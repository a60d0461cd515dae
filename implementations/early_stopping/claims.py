"""What the lecture claims of early stopping, and what its two numbers mean: training ends some checks after the best one, and the best is kept."""

from collections.abc import Sequence
from math import inf, nan
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, true
from ...harness.probe import Probe, shrink
from ...harness.subject import Stop, StopperSubject

CURVES: tuple[tuple[str, tuple[float, ...], int, float, int | None, int], ...] = (
    # what, scores, patience, min_delta, the epoch at which k checks in a row have not improved (None: never), the best epoch (0: none)
    ("rises from the start", (1.0, 2.0, 3.0, 4.0, 5.0), 2, 0.0, 3, 1),
    ("rises, and nothing is tolerated", (3.0, 2.0, 2.5, 1.0, 0.5, 0.25), 1, 0.0, 3, 2),
    ("still improves", (6.0, 5.0, 4.0, 3.0, 2.0, 1.0), 2, 0.0, None, 6),
    ("still improves, every third check", (9.0, 9.5, 9.5, 8.0, 8.5, 8.5, 7.0, 7.5), 3, 0.0, None, 7),
    ("has a second, lower minimum within patience", (5.0, 4.0, 4.5, 4.4, 3.0, 3.5, 3.4, 3.3, 3.2), 3, 0.0, 8, 5),
    ("has a second, lower minimum beyond patience", (5.0, 4.0, 4.5, 4.4, 4.6, 4.7, 3.0, 2.0), 3, 0.0, 5, 2),
    ("falls from check to check but not below the best", (5.0, 1.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0), 4, 0.0, 6, 2),
    ("ties with the best", (2.0, 1.0, 1.0, 1.0, 1.0, 1.0), 3, 0.0, 5, 2),
    ("is constant", (0.7,) * 8, 3, 0.0, 4, 1),
    ("rests at 0", (1.0, 0.0, 0.0, 0.0, 0.0, 0.0), 2, 0.0, 4, 2),
    ("passes through 0", (2.0, 1.0, 0.0, -1.0, -2.0, -1.5, -1.0, -0.5), 2, 0.0, 7, 5),
    ("is negative", (-1.0, -2.0, -3.0, -2.5, -2.0, -1.0), 2, 0.0, 5, 3),
    ("zeros of both signs tie", (0.0, -0.0, 0.0, -0.0, 0.0), 2, 0.0, 3, 1),
    ("has NaN first", (nan, nan, 3.0, 2.0, 4.0, 4.0, 4.0, 4.0), 3, 0.0, 7, 4),
    ("has NaN in between", (3.0, 2.0, nan, nan, 1.0, nan, nan, nan, nan), 3, 0.0, 8, 5),
    ("is NaN throughout", (nan,) * 6, 4, 0.0, 4, 0),
    ("becomes NaN", (3.0, 2.0, nan, nan, nan, nan), 2, 0.0, 4, 2),
    ("has infinities", (inf, 3.0, inf, 2.0, inf, inf, inf), 2, 0.0, 6, 4),
    ("is infinite throughout", (inf,) * 5, 3, 0.0, 3, 0),
    ("has minus infinity, which is no score", (3.0, -inf, 2.0, 4.0, 4.0, 4.0), 2, 0.0, 5, 3),
    ("improves by the smallest number there is", (1.0, 1 - 2.0**-53, 1 - 2.0**-52, 1.0, 1.0, 1.0), 2, 0.0, 5, 3),
    ("is huge", (1e308, -1e308, 1e308, 1e308, 1e308), 2, 0.0, 4, 2),
    ("is tiny", (3e-300, 2e-300, 1e-300, 2e-300, 2e-300, 2e-300), 2, 0.0, 5, 3),
    ("improves by min_delta exactly, which is not enough", (2.0, 1.5, 1.5, 1.5, 1.5), 3, 0.5, 4, 1),
    ("improves by a little more than min_delta", (2.0, 1.4375, 0.875, 0.875, 0.875, 0.875), 3, 0.5, 6, 3),
    ("creeps, less than min_delta a check", (4.0, 3.75, 3.5, 3.25, 3.0, 2.75, 2.5, 2.25), 3, 0.5, None, 7),
    ("creeps too slowly for its patience", (4.0, 3.875, 3.75, 3.625, 3.5, 3.25), 3, 0.5, 4, 1),
    ("improves in one leap after creeping", (4.0, 3.75, 3.0, 2.75, 2.75, 2.75, 2.75), 3, 0.5, 6, 3),
    ("is negative, min_delta an amount and no share", (-8.0, -8.5, -9.25, -9.25, -9.25), 2, 1.0, 5, 3),
    ("crosses 0 by less than min_delta", (0.25, -0.25, -0.5, -0.75, -0.5, -0.5), 2, 1.0, 3, 1),
    ("min_delta is larger than every score", (0.5, 0.25, 0.0, 0.125, 0.125), 3, 2.0, 4, 1),
    ("has patience for more checks than there are", (1.0, 2.0, 3.0, 4.0), 100, 0.0, None, 1),
    ("is one check", (1.0,), 1, 0.0, None, 1),
)


def grace(stopper: StopperSubject) -> int:
    """How many checks later than at the k-th without improvement it ends, as it declares."""
    return int(stopper.conventions.get("patience_counts") == "epochs_tolerated")


@claim("early.stops-at-minimum", kind="identity", section="Early Stopping", figures=17)
def training_ends_some_checks_after_the_minimum_and_its_parameters_are_kept(stopper: StopperSubject, probe: Probe) -> Evidence:
    """On a loss curve with one minimum and with min_delta = 0, training ends `patience` checks after it (one more where that many are tolerated), and
    the parameters returned are those of the minimum, bit for bit, whatever has been done to the arrays since.
    """
    random, parts = probe.random(), []
    for minimum, patience in ((1, 1), (1, 5), (2, 1), (4, 3), (9, 1), (12, 7), (30, 10), (55, 2)):
        for scale, shift in ((1.0, 0.0), (1e-12, 3.0), (1e200, 0.0), (1.0, -5.0)):
            curve = _valley(random, minimum, minimum + patience + 4, scale, shift)
            parts.append(_ends(stopper, curve, minimum, patience, random))
    return all_of(*parts, *(_apart(stopper, random) for _ in range(3)))


def _valley(random: np.random.Generator, minimum: int, length: int, scale: float, shift: float) -> Floats:
    """Scores that fall strictly up to the epoch of the minimum and rise strictly after it, in steps of very different size."""
    steps = np.round(10.0 ** random.uniform(0, 3, length))
    heights = np.array([steps[epoch:minimum].sum() if epoch < minimum else steps[minimum : epoch + 1].sum() for epoch in range(1, length + 1)])
    heights = np.where(np.arange(1, length + 1) == minimum, 0, heights)
    return shift + scale * heights


def _ends(stopper: StopperSubject, curve: Floats, minimum: int, patience: int, random: np.random.Generator) -> Evidence:
    words = np.uint64 if stopper.dtype == np.float64 else np.uint32
    bits = random.integers(0, np.iinfo(words).max, (len(curve), 4), words, endpoint=True)  # NaNs, zeros and subnormal numbers among them
    bits[:, 3] = np.array(-0.0, stopper.dtype).view(words)
    member, parameters, ended = stopper.make(patience=patience), stopper.array(np.zeros(4)), 0
    for epoch, score in enumerate(curve, 1):
        parameters.view(words)[:] = bits[epoch - 1]
        if member.observe(epoch, float(score), parameters):
            ended = epoch
            break
    parameters[:] = -1
    first, second = member.best(), None
    if first is not None:
        first = first[0], first[1].copy()
        member.best()[1][:] = 7  # what is handed out is a copy
        second = member.best()
    expected = minimum + patience + grace(stopper)
    kept = first is not None and second is not None and all(
        best[0] == minimum and np.array_equal(np.asarray(best[1]).view(words), bits[minimum - 1]) for best in (first, second)
    )  # fmt: skip
    shown = "nothing" if first is None or second is None else f"best {first[0]}" + ("" if kept else f" with parameters {first[1]}, then {second[1]}")
    given = f"patience {patience}, scores {[float(f'{score:.6g}') for score in curve[:expected]]}"
    want = f"the end at {expected}, best {minimum}" + ("" if kept else f" with parameters {bits[minimum - 1].view(stopper.dtype)}")
    return true(ended == expected and kept, Case(given, want, f"the end at {ended or 'no check'}, {shown}"))


def _apart(stopper: StopperSubject, random: np.random.Generator) -> Evidence:
    """Two stoppers used in turns keep apart."""
    members = [stopper.make(patience=3), stopper.make(patience=5)]
    curves, ends = [_valley(random, 4, 14, 1.0, 0.0), _valley(random, 2, 14, 1.0, -1e6)], [0, 0]
    for epoch in range(1, 15):
        for which, member in enumerate(members):
            if not ends[which] and member.observe(epoch, float(curves[which][epoch - 1]), stopper.array([epoch, which])):
                ends[which] = epoch
    bests = [member.best() for member in members]
    found = [(end, None if best is None else best[0]) for end, best in zip(ends, bests, strict=True)]
    expected = [(7 + grace(stopper), 4), (7 + grace(stopper), 2)]
    return true(found == expected, Case(f"two runs in turns, patience 3 and 5, scores {curves}", f"ends and best epochs {expected}", str(found)))


@claim("early.patience-semantics", kind="identity", section="not in the notes")
def patience_counts_checks_in_a_row_without_improvement(stopper: StopperSubject, probe: Probe) -> Evidence:
    """A check improves where its score is finite and lies below that of the last one that improved by more than min_delta, an amount in the score's
    unit; ties, NaN and infinities do not. Training ends at the `patience`-th check in a row that does not (at the next one where that many are
    tolerated), and never while the curve still improves.
    """
    table = [_entry(stopper, *curve) for curve in CURVES]
    random = probe.random()
    return all_of(*table, *(_random_curve(stopper, random) for _ in range(150)))


def _entry(stopper: StopperSubject, what: str, scores: Sequence[float], patience: int, min_delta: float, end: int | None, best: int) -> Evidence:
    """One row of the table; where an end is one check later, the row goes on with what it said last."""
    later = grace(stopper)
    curve = list(scores) + ([scores[-1]] if later and end == len(scores) else [])
    stop = stopper.run(curve, patience=patience, min_delta=min_delta)
    ends = end is not None and (not later or not _improves(curve, end, best, min_delta))
    if end is not None and not ends:  # the check that is tolerated improves: the row says no more than that it did not end there
        return true(stop.epochs > end, Case(_named(curve, patience, min_delta), f"no end at check {end}: {what}", _shown(stop)))
    epochs = len(curve) if end is None else end + later
    wanted = Stop(epochs, ends, best, None)
    return _compared(stop, wanted, _named(curve, patience, min_delta), what)


def _improves(curve: Sequence[float], end: int, best: int, min_delta: float) -> bool:
    return end < len(curve) and bool(np.isfinite(curve[end])) and (best == 0 or curve[end] < curve[best - 1] - min_delta)


def _random_curve(stopper: StopperSubject, random: np.random.Generator) -> Evidence:
    """Scores in quarters, so that differences are exact and ties frequent; on a fault the curve is shortened."""
    scores = [float(score) for score in random.integers(-6, 7, int(random.integers(1, 14))) / 4 + random.choice([0, -3, 1000])]
    for special in (nan, inf, -inf):
        if random.random() < 0.25:
            scores[int(random.integers(len(scores)))] = special
    patience, min_delta = int(random.integers(1, 5)), float(random.choice([0, 0, 0.25, 0.5, 1]))

    def wrong(curve: list[float]) -> bool:
        return not _compared(stopper.run(curve, patience=patience, min_delta=min_delta), _expected(stopper, curve, patience, min_delta), "").held

    curve = shrink(scores, wrong) if wrong(scores) else scores
    found, wanted = (stopper.run(curve, patience=patience, min_delta=min_delta), _expected(stopper, curve, patience, min_delta))
    return _compared(found, wanted, _named(curve, patience, min_delta))


def _expected(stopper: StopperSubject, curve: Sequence[float], patience: int, min_delta: float) -> Stop:
    """By the definition: the last epoch that improved, and how many came after it."""
    best, limit = 0, patience + grace(stopper)
    for epoch, score in enumerate(curve, 1):
        if np.isfinite(score) and (best == 0 or score < curve[best - 1] - min_delta):
            best = epoch
        if epoch - best >= limit:
            return Stop(epoch, True, best, None)
    return Stop(len(curve), False, best, None)


def _named(curve: Sequence[float], patience: int, min_delta: float) -> str:
    return f"patience {patience}, min_delta {min_delta:g}, scores {list(curve)}"


def _shown(stop: Stop) -> str:
    return f"{'the end at' if stop.stopped else 'no end by'} {stop.epochs}, best {stop.best_epoch or 'none'}"


def _compared(found: Stop, wanted: Stop, given: str, what: str = "") -> Evidence:
    """Ends, best epochs, and the parameters kept, which hold the epoch's number."""
    same = (found.epochs, found.stopped, found.best_epoch) == (wanted.epochs, wanted.stopped, wanted.best_epoch)
    kept: Any = found.best_parameters
    right = (kept is None) if wanted.best_epoch == 0 else kept is not None and bool((np.asarray(kept) == wanted.best_epoch).all())
    parameters = "" if right else f", parameters of epoch {None if kept is None else kept[0]:g}" if kept is not None else ", no parameters"
    return true(same and right, Case(given, _shown(wanted) + (f": the curve {what}" if what else ""), _shown(found) + parameters))
