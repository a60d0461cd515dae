"""Faulty training loops: each hands the test rows to what must not see them. The stopper in them is sound."""

from dataclasses import replace

import numpy as np

from trickbench.harness.dataset import Part
from trickbench.harness.registry import implementations
from trickbench.harness.training import Run, train

from ..collection import fault

Sound = implementations()["early_stopping/python_reference"].cls


def monitors_the_test_rows(recipe, split, *more):
    return train(recipe, replace(split, validation=split.test), *more)


def monitors_both(recipe, split, *more):
    both = Part(*(np.concatenate(parts) for parts in zip(split.validation, split.test, strict=True)))
    return train(recipe, replace(split, validation=both), *more)


def scales_by_the_test_rows(recipe, split, *more):
    scale = np.abs(split.test.inputs).max()
    return train(recipe, replace(split, train=Part(split.train.inputs / scale, split.train.targets)), *more)


def trains_on_a_test_row(recipe, split, *more):
    inputs, targets = (np.concatenate([ours, theirs[:1]]) for ours, theirs in zip(split.train, split.test, strict=True))
    return train(recipe, replace(split, train=Part(inputs, targets)), *more)


def seeds_from_the_test_rows(recipe, split, seed, *more):
    return train(recipe, split, seed + len(split.test.inputs) + int(split.test.inputs.sum() > 0), *more)


def showing(column):
    """A loop that shows the stopper another column of the history than the validation loss, or an older epoch's."""

    def training(recipe, split, seed, epochs, metric):
        run = Run(recipe, split, seed, metric)
        stopper = run.members.stopper
        for epoch in range(1, epochs + 1):
            run.members = run.members._replace(stopper=None)
            going = run.epoch()
            run.members = run.members._replace(stopper=stopper)
            if not going or stopper.observe(epoch, column(run), run.progress.parameters):
                break
        return run.outcome()

    return training


@fault(
    "early_stopping",
    "early.watches-validation",
    seen="BUG citoverse/cito#38 (es-train-loss-monitored)",
    training=showing(lambda run: run.history[-1][1]),
)
class MonitorsTheTrainingLoss(Sound):
    """The stopper is shown the training loss."""


@fault("early_stopping", "early.watches-validation", training=showing(lambda run: run.history[-2 if len(run.history) > 1 else -1][2]))
class MonitorsTheEpochBefore(Sound):
    """The stopper is shown the validation loss one epoch late."""


@fault(
    "early_stopping", "early.watches-validation", seen="BUG deeplearning4j/deeplearning4j#5760 (es-maximised-metric-minimised)",
    training=showing(lambda run: run.history[-1][5]),
)  # fmt: skip
class MonitorsTheAccuracy(Sound):
    """The stopper, which waits for less, is shown the validation accuracy."""


@fault("early_stopping", "early.validation-only", training=monitors_the_test_rows)
class MonitorsTheTestRows(Sound):
    """The stopper is shown the test loss."""


@fault("early_stopping", "early.validation-only", training=monitors_both)
class MonitorsBoth(Sound):
    """The stopper is shown the loss on validation and test rows together."""


@fault("early_stopping", "early.validation-only", training=scales_by_the_test_rows)
class ScalesByTheTestRows(Sound):
    """The inputs are scaled by the test rows' largest value."""


@fault("early_stopping", "early.validation-only", training=trains_on_a_test_row)
class TrainsOnATestRow(Sound):
    """One test row has slipped into the training rows."""


@fault("early_stopping", "early.validation-only", training=seeds_from_the_test_rows)
class SeedsFromTheTestRows(Sound):
    """The random streams depend on the test rows."""
