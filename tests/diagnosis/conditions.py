"""Learning curves made to have one condition each, in many lengths, with little noise and much.

A curve is a share s(t) of the way from chance to perfect; accuracy is chance + s (1 - chance), the loss ln(classes) (1 - s), and both get noise of
their own. Nothing else is told unless a condition says so: neither a target nor the number of classes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from trickbench.harness.diagnosis.curves import MEASURES, Curve, History

MADE = 300


@dataclass(frozen=True)
class Condition:
    """Curves of one condition, and the titles of the diagnoses that are right."""

    name: str
    right: tuple[str, ...]
    make: Callable[[np.random.Generator], History]


def times(random):
    """From 1/n to 1, for 20 to 300 epochs."""
    epochs = int(np.exp(random.uniform(np.log(20), np.log(300))))
    return np.arange(1, epochs + 1) / epochs


def approach(random, time, end, rate=(8, 40)):
    return end * (1 - np.exp(-random.uniform(*rate) * time))


def history(random, shares, **known):
    """Accuracy and loss of each part, from its shares."""
    classes, noise = int(random.choice([2, 10, 100])), np.exp(random.uniform(np.log(0.001), np.log(0.02)))
    chance, scores, losses = 1 / classes, {}, {}
    for part, share in shares.items():
        accuracy = chance + share * (1 - chance) + noise * random.normal(size=len(share))
        scores[part] = Curve.of(np.clip(accuracy, 0, 1))
        losses[part] = Curve.of(np.maximum(np.log(classes) * (1 - share), 0.01) * np.exp(noise * random.normal(size=len(share))))
    return History(losses, scores, MEASURES["accuracy"], **known)


def good(random):
    time = times(random)
    train = approach(random, time, random.uniform(0.95, 1))
    return history(random, {part: train * random.uniform(0.96, 1) for part in ("train", "validation", "test")} | {"train": train})


def overfitted(random):
    """The held-out result rests behind, and its loss turns up."""
    time = times(random)
    train, kept = approach(random, time, random.uniform(0.96, 1)), random.uniform(0.2, 0.65)
    made = history(random, {"train": train, "validation": kept * train, "test": kept * train})
    rise = 1 + random.uniform(0.5, 2) * np.maximum(time - random.uniform(0.1, 0.4), 0)
    return replace(made, losses={part: curve if part == "train" else Curve.of(curve.values * rise) for part, curve in made.losses.items()})


def unlike(random):
    train = approach(random, times(random), random.uniform(0.96, 1))
    return history(random, {"train": train, "validation": train * random.uniform(0.96, 1), "test": train * random.uniform(0.2, 0.6)})


def unlearned(random):
    rest = np.zeros(len(times(random)))
    return history(random, dict.fromkeys(("train", "validation", "test"), rest))


def vanished(random):
    made = unlearned(random)
    epochs, layers = len(made.losses["train"]), int(random.integers(5, 12))
    passed = random.uniform(0.15, 0.3) ** np.arange(layers - 1, -1, -1)
    norms = [Curve.of(norm * np.exp(0.3 * random.normal(size=epochs))) for norm in passed]
    return replace(made, gradients=tuple(norms))


def blown_up(random):
    """The loss grows, and every second time it ends as no number."""
    time = times(random)
    made = history(random, dict.fromkeys(("train", "validation", "test"), np.zeros(len(time))))
    growth = np.exp(random.uniform(1, 8) * time)
    if random.random() < 0.5:
        growth[int(len(time) * random.uniform(0.1, 0.9)) :] = random.choice([np.nan, np.inf])
    return replace(made, losses={part: Curve.of(curve.values * growth) for part, curve in made.losses.items()})


def unfinished(random):
    """It covers 15 to 70 % of the way at a speed that hardly falls off."""
    time, end = times(random), random.uniform(0.15, 0.7)
    train = end * time if random.random() < 0.5 else end * (1 - np.exp(-2 * time)) / (1 - np.exp(-2))
    return history(random, {"train": train, "validation": 0.97 * train, "test": 0.97 * train})


def stuck(random, **known):
    train = approach(random, times(random), random.uniform(0.3, 0.7), rate=(15, 60))
    return history(random, {"train": train, "validation": 0.97 * train, "test": 0.97 * train}, **known)


def without(make, *parts):
    def made(random):
        found = make(random)
        return replace(
            found, **{name: {part: curve for part, curve in getattr(found, name).items() if part not in parts} for name in ("losses", "scores")}
        )

    return made


CONDITIONS = (
    Condition("good", ("good",), good),
    Condition("overfitting", ("overfitting",), overfitted),
    Condition("test rows of another kind", ("overfitting: test data unlike the training data",), unlike),
    Condition("nothing learned", ("bad on training: not learning",), unlearned),
    Condition("vanishing gradient, the layers' gradients recorded", ("bad on training: vanishing gradient",), vanished),
    Condition("diverging", ("bad on training: diverging",), blown_up),
    Condition("ended too early", ("bad on training: still improving",), unfinished),
    Condition("levelled off below a target of 0.95", ("bad on training: levelled off",), lambda random: stuck(random, target=0.95)),
    Condition("levelled off, no target", ("cannot tell",), stuck),
    Condition("good, nothing held out", ("cannot tell",), without(good, "validation", "test")),
    Condition("overfitting, no training result", ("cannot tell",), without(overfitted, "train")),
    Condition("nothing learned, no training result", ("cannot tell",), without(unlearned, "train")),
)


def histories(condition):
    """All of one condition: the same each time."""
    return [condition.make(random) for random in np.random.default_rng(20).spawn(MADE)]
