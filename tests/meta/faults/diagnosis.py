"""Faulty diagnoses: flow charts that ask the wrong question first, or leave one out."""

import math
from dataclasses import replace

from trickbench.harness.diagnosis.curves import History
from trickbench.harness.diagnosis.diagnosed import FOR_TESTING, FOR_TRAINING, told

from ..collection import fault


class Right:
    """Right, in small methods for faulty forms to replace: by the target, on the median of the last third."""

    def diagnose(self, history):
        train, test = self.result(history, "train"), self.result(history, self.held_out(history))
        if train is None:
            return self.unknown()
        if not train:
            return self.bad_on_training()
        return self.unknown() if test is None else self.good() if test else self.overfitting()

    def again(self, before, history):
        return self.diagnose(history)

    def held_out(self, history):
        return history.held_out or "test"

    def result(self, history, part):
        judged = history.judged(part)
        if judged is None:
            return None
        curve, measure = judged
        return self.is_good(self.end(curve.values), measure, history.target)

    def end(self, values):
        return float(sorted(values[-max(1, len(values) // 5) :], key=lambda value: (math.isnan(value), value))[len(values) // 5 // 2])

    def is_good(self, value, measure, target):
        return not math.isnan(value) and measure.better(value, target)

    def good(self):
        return told("good")

    def unknown(self):
        return told("cannot tell")

    def bad_on_training(self):
        return told("bad on training")

    def overfitting(self):
        return told("overfitting")


ALL = ("recipe.train-first", "recipe.overfit", "recipe.retest-train", "recipe.remedy-match", "recipe.done-needs-both")


@fault("diagnosis", "recipe.train-first", "recipe.retest-train", seen="the notes: Do not always blame Overfitting")
class BlamesOverfitting(Right):
    """Says overfitting whenever the test result is bad."""

    def diagnose(self, history):
        test = self.result(history, self.held_out(history))
        return self.overfitting() if test is False else super().diagnose(history)


@fault("diagnosis", "recipe.train-first", "recipe.done-needs-both")
class TestOnly(Right):
    """Looks at the test result alone: whatever tests well is good."""

    def diagnose(self, history):
        test = self.result(history, self.held_out(history))
        return self.unknown() if test is None else self.good() if test else self.overfitting()


@fault("diagnosis", "recipe.overfit", "recipe.done-needs-both")
class TrainingOnly(Right):
    """Calls a training good for its training result."""

    def diagnose(self, history):
        train = self.result(history, "train")
        return self.unknown() if train is None else self.good() if train else self.bad_on_training()


@fault("diagnosis", "recipe.remedy-match")
class RemediesMixedUp(Right):
    """Names dropout and its like against bad training results, where they make things worse."""

    def bad_on_training(self):
        return replace(told("bad on training"), remedies=FOR_TESTING)


@fault("diagnosis", "recipe.remedy-match")
class EverythingAgainstEverything(Right):
    """Names all remedies for whatever is wrong."""

    def bad_on_training(self):
        return replace(told("bad on training"), remedies=FOR_TRAINING + FOR_TESTING)

    def overfitting(self):
        return replace(told("overfitting"), remedies=FOR_TRAINING + FOR_TESTING)


@fault("diagnosis", "recipe.remedy-match")
class NothingAgainstBadTraining(Right):
    """Knows a kind of bad training, and no remedy for it."""

    def bad_on_training(self):
        return replace(told("bad on training", "diverging"), remedies=())


@fault("diagnosis", "recipe.remedy-match")
class OneTooMany(Right):
    """Names dropout beside the remedies for a kind of bad training."""

    def bad_on_training(self):
        found = told("bad on training", "diverging")
        return replace(found, remedies=(*found.remedies, FOR_TESTING[-1]))


@fault("diagnosis", "recipe.remedy-match")
class OneTooFew(Right):
    """Names, for a kind of bad training, only the remedy that changes the steps."""

    def bad_on_training(self):
        return replace(told("bad on training", "diverging"), remedies=FOR_TRAINING[1:])


@fault("diagnosis", "recipe.remedy-match")
class RemedyForTheGood(Right):
    """Names remedies for a training that has nothing wrong with it."""

    def good(self):
        return replace(told("good"), remedies=FOR_TESTING)


@fault("diagnosis", "recipe.overfit", "recipe.remedy-match")
class NoDropout(Right):
    """Knows no remedy but early stopping."""

    def overfitting(self):
        return replace(told("overfitting"), remedies=FOR_TESTING[:1])


@fault("diagnosis", "recipe.overfit")
class WrongOrder(Right):
    """Names dropout before early stopping."""

    def overfitting(self):
        return replace(told("overfitting"), remedies=FOR_TESTING[::-1])


@fault("diagnosis", "recipe.retest-train")
class DoesNotLookAgain(Right):
    """After a remedy for overfitting it looks at the test result alone."""

    def again(self, before, history):
        if before.diagnosis != "overfitting":
            return self.diagnose(history)
        return self.good() if self.result(history, self.held_out(history)) else self.overfitting()


@fault("diagnosis", "recipe.retest-train")
class TakesItForCured(Right):
    """After a remedy it takes what was diagnosed for gone, where the training result is good."""

    def again(self, before, history):
        return self.good() if self.result(history, "train") else self.bad_on_training()


@fault("diagnosis", *ALL)
class Backwards(Right):
    """Takes every measure for one that should rise: the worst error is the best."""

    def is_good(self, value, measure, target):
        return value >= target


@fault("diagnosis", "recipe.train-first", "recipe.done-needs-both")
class BestEver(Right):
    """Judges by the best epoch there ever was, whatever is left of it at the end."""

    def result(self, history, part):
        judged = history.judged(part)
        return None if judged is None else any(self.is_good(value, judged[1], history.target) for value in judged[0].values)


@fault("diagnosis", "recipe.overfit", "recipe.done-needs-both")
class FirstEpoch(Right):
    """Judges by the first epoch."""

    def end(self, values):
        return float(values[0])


@fault("diagnosis", "recipe.train-first", "recipe.done-needs-both")
class NaNIsGood(Right):
    """Asks whether a result is worse than the target: what is no number never is."""

    def is_good(self, value, measure, target):
        worse = value < target if measure.higher_is_better else value > target
        return not worse


@fault("diagnosis", "recipe.train-first", "recipe.overfit", "recipe.done-needs-both")
class ByTheGap(Right):
    """Says overfitting where test and training results are far apart, and good where they are near."""

    def diagnose(self, history):
        ends = [judged[0].values[-1] for part in ("train", self.held_out(history)) if (judged := history.judged(part))]
        if len(ends) < 2:
            return self.unknown()
        return self.overfitting() if abs(ends[0] - ends[1]) > 0.2 else self.good()


@fault("diagnosis", "recipe.done-needs-both")
class MissingIsGood(Right):
    """Takes a test result that is not there for good."""

    def diagnose(self, history):
        if self.result(history, "train") and self.result(history, self.held_out(history)) is None:
            return self.good()
        return super().diagnose(history)


@fault("diagnosis", "recipe.train-first")
class GuessesWithoutTraining(Right):
    """Without a training result it calls a bad test result overfitting."""

    def diagnose(self, history):
        if self.result(history, "train") is None and self.result(history, self.held_out(history)) is False:
            return self.overfitting()
        return super().diagnose(history)


@fault("diagnosis", "recipe.overfit")
class ValidationForTest(Right):
    """Judges by the validation result where there is one, though the test result is bad."""

    def held_out(self, history):
        return "validation" if history.judged("validation") is not None else "test"


@fault("diagnosis", "recipe.done-needs-both")
class NeverGood(Right):
    """Never calls anything good: it can always be better."""

    def good(self):
        return told("bad on training", "still improving")


@fault("diagnosis", "recipe.overfit", "recipe.done-needs-both")
class LossOnly(Right):
    """Judges by the loss, with a target that is one of the score."""

    def result(self, history, part):
        return super().result(History(history.losses, target=history.target), part) if part in history.losses else super().result(history, part)
