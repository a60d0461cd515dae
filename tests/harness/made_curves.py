"""Learning curves that are made, for the flow chart to go through."""

import numpy as np

from trickbench.harness.diagnosis.curves import MEASURES, Curve, History

TIME = np.arange(1, 101) / 100
LEARNED = 1 - np.exp(-12 * TIME)
FLAT = np.full(100, 2.303)


def history(train=None, test=None, validation=None, measure="accuracy", losses=None, **known):
    def curves(parts):
        return {part: Curve.of(values) for part, values in parts.items() if values is not None}

    scores = curves({"train": train, "test": test, "validation": validation})
    return History(curves(losses or {}), scores, MEASURES[measure], **known)


def of_loss(train, test=None, **known):
    return History({part: Curve.of(values) for part, values in (("train", train), ("test", test)) if values is not None}, **known)


def norms(*sizes, epochs=100):
    return tuple(Curve.of(np.full(epochs, size)) for size in sizes)
