"""Faulty forms of early stopping."""

import math
from typing import ClassVar

from ..collection import fault


class Right:
    """Right, in small methods for faulty forms to replace."""

    def __init__(self, *, patience=10, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.least, self.waited, self.kept = math.inf, 0, None

    def observe(self, epoch, score, parameters):
        self.waited += 1
        if self.improves(score):
            self.least, self.waited = score, 0
            self.keep(epoch, parameters)
        return self.ends()

    def improves(self, score):
        return math.isfinite(score) and score < self.least - self.min_delta

    def keep(self, epoch, parameters):
        self.kept = epoch, parameters.copy()

    def ends(self):
        return self.waited >= self.patience

    def best(self):
        return self.kept and (self.kept[0], self.kept[1].copy())


BOTH = ("early.stops-at-minimum", "early.patience-semantics")


@fault("early_stopping", *BOTH, seen="BUG deeplearning4j/deeplearning4j#5760 (es-maximised-metric-minimised)")
class Maximises(Right):
    """Takes the score for one that should rise: the worst model is kept."""

    def improves(self, score):
        return math.isfinite(score) and (self.kept is None or score > self.least + self.min_delta)


@fault("early_stopping", "early.patience-semantics", seen="BUG h2oai/h2o-3#1606 (es-zero-metric-ratio)")
class Ratio(Right):
    """Relative improvement: at a best score of 0 nothing is known, and the count starts again."""

    def improves(self, score):
        if self.kept is None:
            return math.isfinite(score)
        return self.least != 0 and (self.least - score) / abs(self.least) > self.min_delta

    def observe(self, epoch, score, parameters):
        ended = super().observe(epoch, score, parameters)
        if self.least == 0:
            self.waited = 0
        return ended and self.least != 0


@fault("early_stopping", "early.patience-semantics")
class RelativeDelta(Right):
    """min_delta is a share of the best score."""

    def improves(self, score):
        return math.isfinite(score) and (self.kept is None or score < self.least - self.min_delta * abs(self.least))


@fault("early_stopping", "early.patience-semantics")
class RelativeFactor(Right):
    """Improvement is a score below (1 - min_delta) times the best: wrong for negative scores."""

    def improves(self, score):
        return math.isfinite(score) and (self.kept is None or score < self.least * (1 - self.min_delta))


@fault("early_stopping", "early.patience-semantics", seen="UNC counters never reset")
class NeverReset(Right):
    """The count is not started again at an improvement."""

    def observe(self, epoch, score, parameters):
        waited = self.waited
        super().observe(epoch, score, parameters)
        self.waited = max(self.waited, waited)
        return self.ends()


@fault("early_stopping", *BOTH, seen="UNC best weights kept by reference")
class ByReference(Right):
    """Keeps the array itself, which training goes on changing."""

    def keep(self, epoch, parameters):
        self.kept = epoch, parameters


@fault("early_stopping", "early.stops-at-minimum")
class HandsOutItsOwn(Right):
    """Hands out the array that it keeps."""

    def best(self):
        return self.kept


@fault("early_stopping", *BOTH, seen="UNC best weights not restored")
class KeepsTheLast(Right):
    """The parameters are those of the last epoch."""

    def observe(self, epoch, score, parameters):
        ended = super().observe(epoch, score, parameters)
        if self.kept:
            self.kept = self.kept[0], parameters.copy()
        return ended


@fault("early_stopping", *BOTH)
class KeepsTheLastOfAll(Right):
    """Best epoch and parameters are the last one's."""

    def observe(self, epoch, score, parameters):
        ended = super().observe(epoch, score, parameters)
        self.keep(epoch, parameters)
        return ended


@fault("early_stopping", *BOTH)
class KeepsTheFirst(Right):
    """Keeps the first epoch's parameters for ever."""

    def keep(self, epoch, parameters):
        self.kept = self.kept or (epoch, parameters.copy())


@fault("early_stopping", "early.patience-semantics")
class TiesImprove(Right):
    """An equal score improves."""

    def improves(self, score):
        return math.isfinite(score) and score <= self.least - self.min_delta


@fault("early_stopping", "early.patience-semantics")
class TiesKeptWithoutDelta(Right):
    """Keeps the parameters of an equal score, though it counts on."""

    def observe(self, epoch, score, parameters):
        ended = super().observe(epoch, score, parameters)
        if score == self.least:
            self.keep(epoch, parameters)
        return ended


@fault("early_stopping", "early.patience-semantics")
class AgainstTheLast(Right):
    """Compares with the last score instead of the best."""

    def observe(self, epoch, score, parameters):
        ended = super().observe(epoch, score, parameters)
        self.least = score
        return ended


@fault("early_stopping", "early.patience-semantics")
class RunningMinimum(Right):
    """Small gains lower what must be beaten by min_delta: a curve that creeps down never improves."""

    def observe(self, epoch, score, parameters):
        ended = super().observe(epoch, score, parameters)
        self.least = min(self.least, score)
        return ended


@fault("early_stopping", "early.patience-semantics")
class KeepsSmallGains(Right):
    """Keeps the parameters of any lower score, be it lower by less than min_delta."""

    def observe(self, epoch, score, parameters):
        self.lowest = min(getattr(self, "lowest", math.inf), score) if math.isfinite(score) else getattr(self, "lowest", math.inf)
        ended = super().observe(epoch, score, parameters)
        if math.isfinite(score) and score == self.lowest:
            self.keep(epoch, parameters)
        return ended


@fault("early_stopping", "early.patience-semantics")
class DeltaAdded(Right):
    """min_delta has the wrong sign: a slightly worse score improves."""

    def improves(self, score):
        return math.isfinite(score) and score < self.least + self.min_delta


@fault("early_stopping", "early.patience-semantics")
class DeltaIgnored(Right):
    """min_delta is ignored."""

    def improves(self, score):
        return math.isfinite(score) and score < self.least


@fault("early_stopping", *BOTH)
class Impatient(Right):
    """Ends a check too early."""

    def ends(self):
        return self.waited >= self.patience - 1


@fault("early_stopping", *BOTH)
class ToleratesUndeclared(Right):
    """Ends a check later than it declares."""

    def ends(self):
        return self.waited > self.patience


@fault("early_stopping", *BOTH)
class DeclaresToTolerate(Right):
    """Declares that so many checks are tolerated and ends at the last of them."""

    conventions: ClassVar = {"patience_counts": "epochs_tolerated"}


@fault("early_stopping", "early.patience-semantics", seen="UNC NaN")
class NanStopsCounting(Right):
    """A score of NaN starts the count again, as scikit-learn's comparison does."""

    def observe(self, epoch, score, parameters):
        ended = super().observe(epoch, score, parameters)
        if math.isnan(score):
            self.waited = 0
            return False
        return ended


@fault("early_stopping", "early.patience-semantics")
class NanSkipped(Right):
    """A check whose score is NaN is not counted."""

    def observe(self, epoch, score, parameters):
        return False if math.isnan(score) else super().observe(epoch, score, parameters)


@fault("early_stopping", "early.patience-semantics")
class NanEnds(Right):
    """A score of NaN ends training at once."""

    def observe(self, epoch, score, parameters):
        return super().observe(epoch, score, parameters) or math.isnan(score)


@fault("early_stopping", "early.patience-semantics")
class NanIsBest(Right):
    """A first score of NaN is taken for the best, and nothing is below it."""

    def improves(self, score):
        return self.kept is None or score < self.least - self.min_delta


@fault("early_stopping", "early.patience-semantics")
class NotWorse(Right):
    """Improves unless it is worse: NaN is not worse."""

    def improves(self, score):
        return not score >= self.least - self.min_delta and not math.isinf(score)


@fault("early_stopping", "early.patience-semantics")
class MinusInfinityImproves(Right):
    """Takes a score of minus infinity."""

    def improves(self, score):
        return score < self.least - self.min_delta


@fault("early_stopping", "early.patience-semantics")
class InfinityForgotten(Right):
    """An infinite score starts everything anew."""

    def observe(self, epoch, score, parameters):
        if math.isinf(score):
            self.least = math.inf
        return super().observe(epoch, score, parameters)


@fault("early_stopping", *BOTH)
class StartsAtZero(Right):
    """The best score is 0 to begin with: positive ones never improve."""

    def __init__(self, *, patience=10, min_delta=0.0):
        super().__init__(patience=patience, min_delta=min_delta)
        self.least = 0.0


@fault("early_stopping", *BOTH)
class StartsAtAThousand(Right):
    """The best score is 1000 to begin with."""

    def __init__(self, *, patience=10, min_delta=0.0):
        super().__init__(patience=patience, min_delta=min_delta)
        self.least = 1000.0


@fault("early_stopping", *BOTH)
class SharedBest(Right):
    """The best score belongs to the class: the next run starts with it."""

    shared: ClassVar = {}

    def improves(self, score):
        better = math.isfinite(score) and score < self.shared.get("least", math.inf) - self.min_delta
        if better:
            self.shared["least"] = score
        return better


@fault("early_stopping", *BOTH)
class IgnoresPatience(Right):
    """Patience is 10 whatever is asked for."""

    def __init__(self, *, patience=10, min_delta=0.0):
        super().__init__(min_delta=min_delta)


@fault("early_stopping", "early.patience-semantics")
class AbsoluteScore(Right):
    """Compares sizes: scores below 0 look worse."""

    def improves(self, score):
        return super().improves(abs(score))

    def observe(self, epoch, score, parameters):
        return super().observe(epoch, abs(score), parameters)


@fault("early_stopping", "early.patience-semantics")
class SmallGainsLost(Right):
    """Gains of less than 1e-12 of the score count as ties."""

    def improves(self, score):
        return super().improves(score) and not math.isclose(score, self.least, rel_tol=1e-12)


@fault("early_stopping", "early.stops-at-minimum")
class AbsoluteTolerance(Right):
    """Gains of less than 1e-9 count as ties."""

    def improves(self, score):
        return super().improves(score) and self.least - score > 1e-9


@fault("early_stopping", *BOTH)
class WaitsFromTheStart(Right):
    """No end before twice the patience has passed: a warm-up nobody asked for."""

    def observe(self, epoch, score, parameters):
        return super().observe(epoch, score, parameters) and epoch >= 2 * self.patience


@fault("early_stopping", *BOTH)
class NeverEnds(Right):
    """Keeps the best and never ends."""

    def ends(self):
        return False


@fault("early_stopping", "early.patience-semantics")
class NeverWithoutABest(Right):
    """Does not end before there is a best epoch."""

    def ends(self):
        return super().ends() and self.kept is not None


@fault("early_stopping", *BOTH)
class EpochFromZero(Right):
    """Counts the best epoch from 0."""

    def keep(self, epoch, parameters):
        self.kept = epoch - 1, parameters.copy()


@fault("early_stopping", "early.stops-at-minimum")
class SinglePrecisionCopy(Right):
    """Keeps the parameters in single precision."""

    def keep(self, epoch, parameters):
        self.kept = epoch, parameters.astype("float32").astype(parameters.dtype)


@fault("early_stopping", "early.stops-at-minimum")
class AddsZero(Right):
    """Copies by adding 0, which takes the sign off -0."""

    def keep(self, epoch, parameters):
        self.kept = epoch, parameters + 0


@fault("early_stopping", "early.patience-semantics")
class SmoothedScore(Right):
    """Compares the mean of the last two scores."""

    def observe(self, epoch, score, parameters):
        before, self.before = getattr(self, "before", score), score
        return super().observe(epoch, (score + before) / 2, parameters)


@fault("early_stopping", "early.patience-semantics")
class CountsDecreases(Right):
    """Any fall from one check to the next starts the count again."""

    def observe(self, epoch, score, parameters):
        fell = score < getattr(self, "before", -math.inf)
        self.before = score
        ended = super().observe(epoch, score, parameters)
        if fell:
            self.waited = 0
        return ended and not fell


@fault("early_stopping", "early.patience-semantics")
class InARowNot(Right):
    """Counts checks without improvement over the whole run, not in a row."""

    def observe(self, epoch, score, parameters):
        before = getattr(self, "total", 0)
        super().observe(epoch, score, parameters)
        self.total = before + (self.waited > 0)
        return self.total >= self.patience


@fault("early_stopping", "early.stops-at-minimum")
class FloatScores(Right):
    """Compares scores in single precision."""

    def improves(self, score):
        import numpy as np

        return bool(np.isfinite(score) and np.float32(score) < np.float32(self.least - self.min_delta))
