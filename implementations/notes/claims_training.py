"""Sentences of the notes about trainings that are false as printed, each with its counterexample from trainings."""

from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, erratum, not_rejected, true
from ...harness.probe import Probe
from ...harness.subject import ActivationSubject, StopperSubject

SEEDS = 20
ALPHA = 1e-6


def _rises(differences: Floats) -> tuple[bool, float]:
    """Whether paired differences are positive on average, and the one-sided p-value of Student's test."""
    from scipy.stats import ttest_1samp

    p_value = float(ttest_1samp(differences, 0.0, alternative="greater").pvalue)
    return p_value < ALPHA, p_value


def _curves(stopper: StopperSubject, probe: Probe, part: str) -> Floats:
    """Loss curves (seeds, epochs) of a network that learns wrong labels by heart; training, validation and test rows are a random split."""
    study: dict[str, Any] = {
        "question": "What do the losses do while the network learns wrong labels by heart?",
        "datasets": ["digits[train_rows=300,label_noise=0.2]"], "seeds": list(range(probe.seed, probe.seed + SEEDS)), "epochs": 200,
        "baseline": {"hidden": [128], "activation": "relu", "optimizer": "adam[learning_rate=0.003]", "initializer": "he"},
        "factors": {"early_stopping": {"on": {"stopper": stopper.name}}},
    }  # fmt: skip
    runs = probe.laboratory.runs(study)
    return np.array([curve[f"{part}_loss"] for curve in runs[runs["arm"] == "baseline"]["history"]])


@claim("erratum.early-direction", kind="erratum", section="Early Stopping", figures=17, about="early_stopping", dtypes=("float32",), slow=True)
def the_test_error_rises_where_the_notes_let_it_fall(stopper: StopperSubject, probe: Probe) -> Evidence:
    """A slip of the notes: as training goes on, training error falls "and test error falls". The phenomenon is that the training loss falls and the
    test loss rises; here on the same curves.
    """
    train, test = (_curves(stopper, probe, part) for part in ("train", "test"))
    begin = int(test.mean(axis=0).argmin())
    rises, p_rise = _rises(test[:, -1] - test[:, begin])
    falls, p_fall = _rises(train[:, begin] - train[:, -1])
    means = f"{test[:, begin].mean():.3f} at epoch {begin + 1}, {test[:, -1].mean():.3f} at the last"
    exhibit = Case("300 digits, a fifth of the labels wrong", "a test loss that falls to the end", f"on average {means}")
    case = Case("the same curves", "a falling training loss and a rising test loss", f"p-values {p_fall:.1g} and {p_rise:.1g}")
    corrected = true(falls and rises, case)
    return erratum(exhibit, rises, corrected, p_value_rise=p_rise, p_value_fall=p_fall, seeds=SEEDS)


@claim("erratum.early-cause", kind="erratum", section="Early Stopping", figures=17, about="early_stopping", dtypes=("float32",), slow=True)
def the_losses_part_on_random_splits_of_one_dataset(stopper: StopperSubject, probe: Probe) -> Evidence:
    """The notes put the parting of training and test loss down to different distributions of the two. It occurs where both are random rows of one
    dataset: the network has seen the ones and not the others.
    """
    from scipy.stats import ks_2samp

    train, test = (_curves(stopper, probe, part) for part in ("train", "test"))
    gap = test - train
    parts, p_value = _rises(gap[:, -1] - gap[:, 0])
    split = probe.laboratory.split("digits[train_rows=300,label_noise=0.2]", probe.seed, "float32")
    features = zip(split.train.inputs.T, split.test.inputs.T, strict=True)
    alike = [float(ks_2samp(a, b).pvalue) for a, b in features if np.ptp(a) > 0 or np.ptp(b) > 0]
    same = not_rejected(min(1.0, min(alike) * len(alike)), Case("every feature of both parts", "one distribution", "two"), cases=len(alike))
    growth = f"a gap that grows by {np.mean(gap[:, -1] - gap[:, 0]):.3f}"
    exhibit = Case("random rows of the digits for training and for testing", "losses that stay together", growth)
    grown = true(parts, Case("the same curves", "a growing gap", f"p-value {p_value:.1g}"))
    return erratum(exhibit, parts, all_of(same, grown), p_value=p_value, seeds=SEEDS)


DEPTH, WIDTH, STEPS, RATE = 56, 32, 100, 0.003


@claim("erratum.residual-56", kind="erratum", section="Do not always blame Overfitting", figures=2, about="relu", dtypes=("float64",), slow=True)
def the_56_layers_of_the_figure_are_plain(relu: ActivationSubject, probe: Probe) -> Evidence:
    """The notes call the 56-layer network of the figure residual; the figure is of plain networks. At equal depth, width and budget the
    one with skip connections, begun at 1/depth of the plain one's weights as is usual, reaches the lower training loss.
    """
    losses = {skip: np.array([_trained(relu, probe, seed, skip=skip) for seed in range(probe.seed, probe.seed + 8)]) for skip in (False, True)}
    lower, p_value = _rises(losses[False] - losses[True])
    means = {skip: f"{values.mean():.2f}" for skip, values in losses.items()}
    found = f"loss {means[True]}, plain {means[False]}"
    exhibit = Case(f"{DEPTH} layers of {WIDTH} units on digits", "the network with skip connections to do badly", found)
    corrected = true(lower, Case("equal depth", "a lower loss with skip connections", f"p-value {p_value:.1g}"))
    return erratum(exhibit, lower, corrected, loss_plain=means[False], loss_residual=means[True], p_value=p_value)


def _trained(relu: ActivationSubject, probe: Probe, seed: int, *, skip: bool) -> float:
    """Full-batch descent with momentum on 256 digits; h ← h + relu(h W) with skip connections, h ← relu(h W) without. The last training loss."""
    part = probe.laboratory.split("digits[train_rows=256]", seed, "float64").train
    random = np.random.default_rng([seed, DEPTH])
    scale = np.sqrt(2 / WIDTH)
    weights = [random.normal(size=(WIDTH, WIDTH)) * scale / (DEPTH if skip else 1) for _ in range(DEPTH)]
    weights = [random.normal(size=(part.inputs.shape[1], WIDTH)) / 8, *weights, random.normal(size=(WIDTH, 10)) * scale]
    velocity, loss = [np.zeros_like(each) for each in weights], np.inf
    for _ in range(STEPS):
        loss, gradients = _pass(relu, weights, part.inputs, part.targets, skip=skip)
        velocity = [0.9 * speed - RATE * gradient for speed, gradient in zip(velocity, gradients, strict=True)]
        weights = [weight + speed for weight, speed in zip(weights, velocity, strict=True)]
    return loss


def _pass(relu: ActivationSubject, weights: list[Floats], inputs: Floats, targets: Floats, *, skip: bool) -> tuple[float, list[Floats]]:
    """Softmax cross-entropy and its gradient by every layer's weights."""
    h = [inputs @ weights[0]]
    z: list[Floats] = []
    for weight in weights[1:-1]:
        z.append(h[-1] @ weight)
        h.append(relu.forward(z[-1]) + (h[-1] if skip else 0))
    out = h[-1] @ weights[-1]
    shares = np.exp(out - out.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    loss = float(-np.mean(np.log(np.maximum((shares * targets).sum(axis=1), 1e-300))))
    delta = (shares - targets) / len(inputs)
    gradients = [h[-1].T @ delta]
    dh = delta @ weights[-1].T
    for layer in range(len(z) - 1, -1, -1):
        dz = relu.backward(dh, z[layer])
        gradients.append(h[layer].T @ dz)
        dh = dz @ weights[layer + 1].T + (dh if skip else 0)
    return loss, [inputs.T @ dh, *reversed(gradients)]
