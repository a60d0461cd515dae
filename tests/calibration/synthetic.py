"""The parts of the calibration that need no training: false verdicts (a), planted effects (b), coverage (c), interactions (d), broken runs (e)."""

import numpy as np
import pandas as pd
from numpy.random import default_rng
from scipy import stats

from trickbench.harness.analysis.effects import effects, scores
from trickbench.harness.designs.design import contrasts
from trickbench.harness.inference.intervals import averaged, over_such, spread
from trickbench.harness.inference.terms import Terms
from trickbench.harness.study import Study

from .made import CONTRAST, frame, judged
from .pages import Section, share
from .shapes import SHAPES, resampled

SEEDS = (3, 5, 10, 30)
COMPARISONS = 2000
RATIO = 1 / 3
"""n_test / n_train at the usual split; Nadeau and Bengio's correlation is then 1/4."""


def wrong(table: pd.DataFrame) -> int:
    """Verdicts that say a trick does something."""
    return int(table["verdict"].str.startswith(("helps", "hurts")).sum())


def false_verdicts(spoilt: float = 1.0) -> tuple[Section, list[tuple[str, str, int, float]]]:
    """(a) A against A, drawn. `spoilt` multiplies what the intervals are made from, to show that a wrong interval is seen."""
    section = Section(
        "(a) False verdicts: A against A, drawn",
        f"{COMPARISONS:,} comparisons of nothing each: the share that is called *helps* or *hurts*. 5 % are promised for symmetric differences.",
        ["estimand", "shape", *(f"n = {n}" for n in SEEDS)],
    )
    found: list[tuple[str, str, int, float]] = []
    for estimand in ("this dataset", "new datasets"):
        for name, shape in SHAPES.items():
            row = [estimand, name]
            for n in SEEDS:
                random = default_rng([1, n])
                drawn = shape(random, (COMPARISONS, n)) if estimand == "this dataset" else resampled(random, shape, (COMPARISONS, n), 0.25)
                drawn[:, 0] *= spoilt
                table = judged(drawn * 0.01, estimand=estimand)
                found.append((estimand, name, n, wrong(table) / COMPARISONS))
                row.append(share(wrong(table), COMPARISONS))
            section.rows.append(row)
    return section, found


def family() -> tuple[Section, list[float]]:
    """(a) Whole families of A against A that share a baseline: how many have any false verdict."""
    section = Section(
        "(a) False verdicts in a family",
        "1,000 studies of 9 tricks on 4 datasets, none of which does anything, all against one baseline: the share of studies with a false verdict.",
        ["seeds", "studies with a false verdict", "the same, each comparison alone at 95 %"],
    )
    studies, found = 1000, []
    for n in (3, 5, 10):
        random = default_rng([2, n])
        together = alone = 0
        for _ in range(studies):
            own, baseline = random.standard_normal((36, n)), np.repeat(random.standard_normal((4, n)), 9, axis=0)
            table = [spread(row) for row in own - baseline]
            together += any(not (low < 0 < high) for _, low, high in (each.interval(1 - 0.05 / 36) for each in table))
            alone += any(not (low < 0 < high) for _, low, high in (each.interval(0.95) for each in table))
        found.append(together / studies)
        section.rows.append([str(n), share(together, studies), share(alone, studies)])
    return section, found


def power() -> tuple[Section, list[tuple[float, float]]]:
    """(b) Effects of known size: how many are found, beside what the noncentral t distribution says."""
    section = Section(
        "(b) Planted effects, drawn",
        f"{COMPARISONS:,} comparisons each, with a true difference of so many standard deviations of the differences: found, and predicted.",
        ["true difference / s", *(f"n = {n}" for n in SEEDS)],
    )
    found: list[tuple[float, float]] = []
    for effect in (0.5, 1.0, 2.0):
        row = [f"{effect}"]
        for n in SEEDS:
            random = default_rng([3, n])
            table = judged((random.standard_normal((COMPARISONS, n)) + effect) * 0.05)
            helps = int(table["verdict"].str.startswith("helps").sum())
            reach = stats.t.ppf(0.975, n - 1)
            predicted = float(stats.nct.sf(reach, n - 1, effect * np.sqrt(n)))
            found.append((helps / COMPARISONS, predicted))
            row.append(f"{share(helps, COMPARISONS)} (predicted {100 * predicted:.1f})")
        section.rows.append(row)
    return section, found


def equivalence() -> tuple[Section, list[float]]:
    """(b) Two one-sided tests: arms that are equal, and arms that differ by exactly the margin."""
    section = Section(
        "(b) Equivalence, drawn",
        f"{COMPARISONS:,} comparisons each, s = half the margin δ: the share called *equivalent* (with or without *negligibly*).",
        ["true difference", *(f"n = {n}" for n in SEEDS)],
    )
    edge: list[float] = []
    for effect in (0.0, 0.5, 1.0):
        row = [f"{effect} δ"]
        for n in SEEDS:
            table = judged((default_rng([4, n]).standard_normal((COMPARISONS, n)) * 0.5 + effect) * 0.01)
            count = int(table["verdict"].isin(["equivalent", "helps, negligibly", "hurts, negligibly"]).sum())
            row.append(share(count, COMPARISONS))
            edge += [count / COMPARISONS] if effect == 1.0 else []
        section.rows.append(row)
    return section, edge


def coverage() -> tuple[Section, list[tuple[str, str, int, float]]]:
    """(c) Every interval of means: how often it holds the true one."""
    section = Section(
        "(c) Coverage, drawn",
        f"Share of {COMPARISONS:,} intervals at 95 % that hold the true mean. n counts seeds; of 'datasets like these', datasets.",
        ["interval", "shape", *(f"n = {n}" for n in SEEDS)],
    )
    found: list[tuple[str, str, int, float]] = []
    for kind, drawn_by in KINDS.items():
        for name, shape in SHAPES.items():
            row = [kind, name]
            for n in SEEDS:
                spreads = drawn_by(default_rng([5, n]), shape, n)
                held = sum(low <= 0 <= high for _, low, high in (each.interval(0.95) for each in spreads))
                known = not np.isnan(spreads[0].interval(0.95).low)
                row.append(share(held, len(spreads)) if known else "undefined")
                found += [(kind, name, n, held / len(spreads))] if known else []
            section.rows.append(row)
    return section, found


KINDS = {
    "this dataset: t": lambda random, shape, n: [spread(row) for row in shape(random, (COMPARISONS, n))],
    "new datasets: corrected resampled t": lambda random, shape, n: [spread(row, RATIO) for row in resampled(random, shape, (COMPARISONS, n), 0.25)],
    "new datasets: t without correction": lambda random, shape, n: [spread(row) for row in resampled(random, shape, (COMPARISONS, n), 0.25)],
    "these datasets: t over blocks of 3 datasets": lambda random, shape, n: [
        averaged([spread(row) for row in rows * [[1.0], [0.5], [2.0]]]) for rows in shape(random, (COMPARISONS, 3, n))
    ],
    "datasets like these: t over datasets": lambda random, shape, n: [over_such(row) for row in shape(random, (COMPARISONS, n))],
}

FACTORIAL = """
question = "Do they change each other's effect?"
design = ["full-factorial"]
datasets = ["iris"]
seeds = 10
epochs = 1
[baseline]
activation = "sigmoid"
optimizer = "sgd"
initializer = "glorot"
[factors.activation]
relu = { activation = "relu" }
[factors.optimizer]
adam = { optimizer = "adam" }
[factors.dropout]
on = { dropout = "dropout[rate=0.2]" }
"""


def interactions() -> tuple[Section, dict[str, tuple[float, float]]]:
    """(d) A 2³ factorial with one planted interaction: relu × adam; the others are absent."""
    section = Section(
        "(d) Interactions, drawn",
        "500 factorials of three tricks, 10 seeds: relu adds 0.03, adam 0.02, both together another 0.03; runs of one seed share a deviation "
        "of 0.05, each has one of 0.015. The share in which an effect is called *helps* or *hurts*, its family of effects at 95 %.",
        ["effect", "planted", "mean estimate", "called"],
    )
    study = Study.parse(FACTORIAL, "made", "made.toml")
    records = [contrast.record() for contrast in contrasts(study)]
    arms = {arm: tuple(word in arm for word in ("relu", "adam", "dropout")) for record in records for arm, _ in record["weights"]}
    studies, random, tables = 500, default_rng(6), []
    for _ in range(studies):
        block = random.normal(0, 0.05, 10)
        rows = [
            frame(np.array(["iris"]), arm, (0.7 + 0.03 * relu + 0.02 * adam + 0.03 * (relu and adam) + block + random.normal(0, 0.015, 10))[None])
            for arm, (relu, adam, _) in arms.items()
        ]
        tables.append(effects(pd.concat(rows, ignore_index=True), records, Terms()))
    whole = pd.concat(tables)
    whole = whole[whole["kind"].isin(["main effect", "interaction"])]
    planted = {"relu": 0.045, "adam": 0.035, "relu × adam": 0.03}
    called: dict[str, tuple[float, float]] = {}
    for trick, group in whole.groupby("trick", sort=False):
        count = int(group["verdict"].str.startswith(("helps", "hurts")).sum())
        size, error = planted.get(str(trick), 0.0), 0.015 / np.sqrt(8) * (4 if "×" in str(trick) else 2) / np.sqrt(10)
        reach = stats.t.ppf(1 - 0.05 / 12, 9)
        predicted = float(stats.nct.sf(reach, 9, size / error)) if size else 0.05 / 6
        called[str(trick)] = (count / studies, predicted)
        said = f"{share(count, studies)} (predicted {100 * predicted:.1f})"
        section.rows.append([str(trick), f"{size:+.3f}", f"{group['difference'].mean():+.4f}", said])
    return section, called


def broken_runs() -> tuple[Section, dict[str, tuple[float, float]]]:
    """(e) Runs that are missing at random, and runs that diverge: the estimate beside the true difference."""
    section = Section(
        "(e) Missing and diverged runs, drawn",
        f"{COMPARISONS:,} comparisons of 10 seeds. The treated arm scores 0.02 more, or diverges, which scores chance level 0.1 where the others "
        "score 0.8. The mean estimate, the true difference, the coverage; and what dropping diverged runs would have said.",
        ["what is broken", "true difference", "mean estimate", "coverage", "with diverged runs dropped"],
    )
    found: dict[str, tuple[float, float]] = {}
    names = np.array([f"d{number}" for number in range(COMPARISONS)], dtype=object)
    for what, missing, diverging in (("nothing", 0.0, 0.0), ("a tenth missing", 0.1, 0.0), ("a fifth diverged", 0.0, 0.2), ("both", 0.1, 0.2)):
        random = default_rng(7)
        shape = (COMPARISONS, 10)
        block = 0.8 + random.normal(0, 0.03, shape)
        control, treated = block + random.normal(0, 0.01, shape), block + 0.02 + random.normal(0, 0.01, shape)
        runs = pd.concat([frame(names, "with", treated), frame(names, "without", control)], ignore_index=True)
        gone, diverged = random.random(len(runs)) < missing, (random.random(len(runs)) < diverging) & (runs["arm"] == "with")
        runs = runs.assign(test_metric=runs["score"], chance_metric=0.1)
        runs["status"] = np.where(gone, "failed", np.where(diverged, "diverged", "done"))
        runs["score"] = scores(runs)
        truth = (1 - diverging) * 0.02 + diverging * (0.1 - 0.8)
        table = effects(runs, [CONTRAST], Terms(family=("none of these",)))
        held = int(((table["low"] <= truth) & (truth <= table["high"])).sum())
        dropped = effects(runs.assign(score=runs["score"].where(~diverged)), [CONTRAST], Terms(family=("none of these",)))
        found[what] = (float(table["difference"].mean()), truth)
        section.rows.append(
            [what, f"{truth:+.4f}", f"{table['difference'].mean():+.4f}", share(held, len(table)), f"{dropped['difference'].mean():+.4f}"]
        )
    return section, found
