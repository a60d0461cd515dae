"""(d) Interactions, drawn: planted in a full factorial, and in fractions that cannot tell it from another effect."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.random import default_rng
from scipy import stats

from trickbench.harness.analysis.effects import effects
from trickbench.harness.designs.design import contrasts
from trickbench.harness.inference.terms import Terms
from trickbench.harness.study import Study

from .made import Record, frame, wrong
from .pages import Section, share

STUDIES, SEEDS = 500, 10
NOISE = 0.015
STUDY = """
question = "Do they change each other's effect?"
design = ["{design}"]{resolution}
datasets = ["iris"]
seeds = 10
epochs = 1
[baseline]
activation = "sigmoid"
optimizer = "sgd"
initializer = "glorot"
[factors.activation]
relu = {{ activation = "relu" }}
[factors.optimizer]
adam = {{ optimizer = "adam" }}
[factors.dropout]
on = {{ dropout = "dropout[rate=0.2]" }}
"""
FOURTH = """[factors.initializer]
he = { initializer = "he" }
"""


class Called(NamedTuple):
    """How often an effect was called something, how often it should be, and what it cannot be told from."""

    rate: float
    predicted: float
    aliases: str
    estimate: float
    truth: float


def full() -> tuple[Section, dict[str, Called]]:
    """A 2³ factorial with one planted interaction: relu × adam; the others are absent."""
    section = Section(
        "(d) Interactions, drawn",
        f"{STUDIES} factorials of three tricks, {SEEDS} seeds: relu adds 0.03, adam 0.02, both together another 0.03; runs of one seed share a "
        "deviation of 0.05, each has one of 0.015. The share in which an effect is called *helps* or *hurts*, its family of effects at 95 %.",
        ["effect", "planted", "mean estimate", "called"],
    )
    called = _called(STUDY.format(design="full-factorial", resolution=""), {"relu": 0.03, "adam": 0.02, "relu adam": 0.03})
    for trick, each in called.items():
        said = f"{share(round(each.rate * STUDIES), STUDIES)} (predicted {100 * each.predicted:.1f})"
        section.rows.append([trick, f"{each.truth:+.3f}", f"{each.estimate:+.4f}", said])
    return section, called


def fractions() -> tuple[Section, dict[tuple[str, str, str], Called]]:
    """Half fractions: the interaction stands in the row of its alias, and nothing else is called."""
    section = Section(
        "(d) Interactions in fractions, drawn",
        f"{STUDIES} half fractions of three tricks (resolution III) and of four (IV), {SEEDS} seeds, deviations as above; nothing does anything, "
        "or relu and adam together add 0.03 and nothing else does. The share in which an effect is called; *planted* is what the row estimates, "
        "which in resolution III is minus half of an interaction.",
        ["resolution", "does anything", "effect", "not told from", "planted", "mean estimate", "called"],
    )
    found: dict[tuple[str, str, str], Called] = {}
    for resolution, further in (("III", ""), ("IV", FOURTH)):
        text = STUDY.format(design="fractional-factorial", resolution=f'\nresolution = "{resolution}"') + further
        for does, planted in (("nothing", {}), ("relu × adam", {"relu adam": 0.03})):
            for trick, each in _called(text, planted).items():
                found[resolution, does, trick] = each
                said = f"{share(round(each.rate * STUDIES), STUDIES)} (predicted {100 * each.predicted:.1f})"
                section.rows.append([resolution, does, trick, each.aliases or "nothing", f"{each.truth:+.3f}", f"{each.estimate:+.4f}", said])
    return section, found


def _called(text: str, planted: dict[str, float]) -> dict[str, Called]:
    """What is called in studies in which arms with all tricks of a key of `planted` score that much more."""
    records = [contrast.record() for contrast in contrasts(Study.parse(text, "made", "made.toml"))]
    asked: list[Record] = [record for record in records if record["kind"] in ("main effect", "interaction")]
    scores = {arm: _expected(arm, planted) for record in asked for arm, _ in record["weights"]}
    random, tables = default_rng([30, len(scores)]), []
    for _ in range(STUDIES):
        block = 0.7 + random.normal(0, 0.05, SEEDS)
        rows = [frame(np.array(["iris"]), arm, (score + block + random.normal(0, NOISE, SEEDS))[None]) for arm, score in scores.items()]
        tables.append(effects(pd.concat(rows, ignore_index=True), asked, Terms()))
    whole = pd.concat(tables)
    return {str(record["trick"]): _one(record, scores, whole[whole["trick"] == record["trick"]], len(asked)) for record in asked}


def _expected(arm: str, planted: dict[str, float]) -> float:
    return sum(gain for tricks, gain in planted.items() if all(trick in arm.split(" + ") for trick in tricks.split()))


def _one(record: Record, scores: dict[str, float], rows: pd.DataFrame, family: int) -> Called:
    truth = sum(weight * scores[arm] for arm, weight in record["weights"])
    error = NOISE * np.sqrt(sum(weight**2 for _, weight in record["weights"]) / SEEDS)
    reach = stats.t.ppf(1 - 0.05 / family / 2, SEEDS - 1)
    predicted = float(stats.nct.sf(reach, SEEDS - 1, abs(truth) / error)) if abs(truth) > 1e-9 else 0.05 / family
    return Called(wrong(rows) / STUDIES, predicted, str(rows["aliases"].iloc[0]), float(rows["difference"].mean()), float(truth))
