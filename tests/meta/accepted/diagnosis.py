"""Diagnoses that look wrong and are right."""

from trickbench.harness.diagnosis.diagnosed import told

from ..collection import sound


class Plain:
    """Small methods for others to replace."""

    def diagnose(self, history):
        results = [self.result(history, part) for part in ("train", history.held_out or "test")]
        if results[0] is None:
            return told("cannot tell")
        if not results[0]:
            return told("bad on training")
        return told("cannot tell" if results[1] is None else "good" if results[1] else "overfitting")

    def again(self, before, history):
        del before
        return self.diagnose(history)

    def result(self, history, part):
        judged = history.judged(part)
        return None if judged is None else bool(judged[1].better(judged[0].values[-1], history.target))


@sound("diagnosis")
class LastEpoch(Plain):
    """Knows no kinds, and judges by the last epoch and the target alone."""


@sound("diagnosis")
class WithoutTrainingItIsBadTraining(Plain):
    """What was not looked at is not good: a training without a training result is bad on training until somebody has looked."""

    def diagnose(self, history):
        return super().diagnose(history) if history.judged("train") is not None else told("bad on training")


@sound("diagnosis")
class NamesTheOtherPossibility(Plain):
    """Says with every overfitting that the test data may be unlike the training data."""

    def diagnose(self, history):
        found = super().diagnose(history)
        return told("overfitting", "test data unlike the training data") if found.diagnosis == "overfitting" else found
