"""(e) Runs that are missing, at random and not, runs that diverge, and losses that do: estimates and coverage beside what they should be."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.random import default_rng
from numpy.typing import NDArray
from scipy import stats

from trickbench.harness.analysis.effects import effects, scores
from trickbench.harness.inference.terms import Terms

from .false_verdicts import COMPARISONS
from .made import ALONE, CONTRAST, Floats, frame, holding, judged
from .pages import Section, printed, share

SEEDS = 10
GAIN, CHANCE = 0.02, 0.1
OWN = 0.01
"""The standard deviation of what a run has of its own, beside its block's."""


class Broken(NamedTuple):
    """What goes wrong: runs that have no result, at random or where the treated arm's own deviation is worst, and runs of it that diverge."""

    missing: float = 0.0
    diverging: float = 0.0
    worst: float = 0.0

    @property
    def truth(self) -> float:
        return (1 - self.diverging) * GAIN + self.diverging * (CHANCE - 0.8)

    @property
    def bias(self) -> float:
        """How much better the treated arm looks without its worst runs: the mean of a normal deviation above its quantile."""
        return float(OWN * stats.norm.pdf(stats.norm.ppf(self.worst)) / (1 - self.worst))


KINDS = {
    "nothing": Broken(),
    "a tenth missing": Broken(missing=0.1),
    "a fifth diverged": Broken(diverging=0.2),
    "a tenth missing and a fifth diverged": Broken(missing=0.1, diverging=0.2),
    "the worst tenth of the treated runs missing": Broken(worst=0.1),
    "the worst third of the treated runs missing": Broken(worst=1 / 3),
}


class Counted(NamedTuple):
    """Of one kind."""

    estimate: float
    covered: float
    predicted: float
    error: float
    """The standard error of the mean estimate."""


def runs() -> tuple[Section, dict[str, Counted]]:
    """Estimate and coverage, as counted and as a chance diverged runs would have it."""
    section = Section(
        "(e) Missing and diverged runs, drawn",
        f"{COMPARISONS:,} comparisons of {SEEDS} seeds. The treated arm scores 0.02 more, or diverges, which scores chance level 0.1 where the "
        "others score 0.8. The mean estimate, the true difference, the coverage with what it should be, a diverged run taken for one number; and "
        "what dropping diverged runs would have said. Where the treated arm's runs are missing because they are bad, "
        "estimates are biased (by what is said), and nothing in the data tells.",
        ["what is broken", "true difference", "mean estimate", "coverage", "with diverged runs dropped"],
    )
    found: dict[str, Counted] = {}
    for what, kind in KINDS.items():
        made, diverged = _made(kind)
        table, dropped = (effects(each, [CONTRAST], Terms(family=ALONE)) for each in (made, made.assign(score=made["score"].where(~diverged))))
        held, of = holding(table, kind.truth)
        error = float(table["difference"].std() / np.sqrt(len(table)))
        counted = Counted(float(table["difference"].mean()), held / of, predicted(kind), error)
        found[what] = counted
        said = "" if kind.worst else f" (predicted {100 * counted.predicted:.1f})"
        biased = f" (predicted {kind.truth + kind.bias:+.4f})" if kind.worst else ""
        section.rows.append(
            [
                what,
                f"{kind.truth:+.4f}",
                f"{counted.estimate:+.4f}{biased}",
                printed(held, of, COMPARISONS) + said,
                f"{dropped['difference'].mean():+.4f}",
            ]
        )
    return section, found


def _made(kind: Broken) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Runs of as many datasets as comparisons, and which of them diverged."""
    random, shape = default_rng(31), (COMPARISONS, SEEDS)
    names = np.array([f"d{number}" for number in range(COMPARISONS)], dtype=object)
    block = 0.8 + random.normal(0, 0.03, shape)
    own = random.normal(0, OWN, shape)
    control, treated = block + random.normal(0, OWN, shape), block + GAIN + own
    made = pd.concat([frame(names, "with", treated), frame(names, "without", control)], ignore_index=True)
    of_treated = (made["arm"] == "with").to_numpy()
    gone, diverged = random.random(len(made)) < kind.missing, (random.random(len(made)) < kind.diverging) & of_treated
    gone |= np.concatenate([own, np.full(shape, np.inf)]).ravel() < OWN * stats.norm.ppf(kind.worst)
    made = made.assign(test_metric=made["score"], chance_metric=CHANCE)
    made["status"] = np.where(gone, "failed", np.where(diverged, "diverged", "done"))
    made["score"] = scores(made)
    return made, diverged


def predicted(kind: Broken) -> float:
    """How often Student's interval of differences that take two values, or are normal, holds their mean; blocks have both runs or do not count."""
    if not kind.diverging:
        return 0.95
    counts = np.arange(SEEDS + 1)
    chances = stats.binom.pmf(counts, SEEDS, (1 - kind.missing) ** 2)
    held = [sum(stats.binom.pmf(k, n, kind.diverging) for k in range(1, n) if _holds(k, n, kind)) for n in range(2, SEEDS + 1)]
    return float(chances[2:] @ held / chances[2:].sum())


def _holds(k: int, n: int, kind: Broken) -> bool:
    """Whether the interval of n differences of which k diverged holds the mean."""
    values = np.repeat([CHANCE - 0.8, GAIN], [k, n - k])
    return abs(values.mean() - kind.truth) <= stats.t.ppf(0.975, n - 1) * values.std(ddof=1) / np.sqrt(n)


LOSSES = {
    "a tenth of either arm": (0.1, 0.1),
    "a quarter of either arm": (0.25, 0.25),
    "a tenth of the treated arm": (0.1, 0.0),
    "a quarter of the treated arm": (0.25, 0.0),
}
COUNTS = (6, 10, 30)


def losses() -> tuple[Section, dict[tuple[str, int], tuple[int, int, int]]]:
    """Losses that are infinite where a run diverged: the interval of the pseudomedian."""
    section = Section(
        "(e) Losses that diverge, drawn",
        f"{COMPARISONS:,} comparisons of nothing but the runs that diverge, whose loss is worse than every other: the share of the intervals of "
        "signed ranks at 95 % that hold the pseudomedian, which is 0 where both arms diverge as often / the share called *helps* or *hurts*, of the "
        "rows in which a difference is infinite. Signed ranks assume symmetric differences: where one arm diverges they are not.",
        ["what diverges", "true pseudomedian / s", *(f"n = {n}" for n in COUNTS)],
    )
    found: dict[tuple[str, int], tuple[int, int, int]] = {}
    for what, (treated, control) in LOSSES.items():
        truth = pseudomedian(treated, control)
        row = [what, f"{truth:+.3f}"]
        for n in COUNTS:
            table = judged(_losses(treated, control, n), metric="loss")
            ranked = table[table["statistic"] == "pseudomedian"]
            held, made = holding(ranked, truth)
            wrongly = int(ranked["verdict"].str.startswith(("helps", "hurts")).sum())
            found[what, n] = held, made, wrongly
            row.append(f"{printed(held, made, len(ranked))} / {share(wrongly, len(ranked))}")
        section.rows.append(row)
    return section, found


def _losses(treated: float, control: float, n: int) -> Floats:
    """The treated arm's losses where the other's are 0, or both infinite, which is a tie: losses are oriented the other way round."""
    random, shape = default_rng([32, n]), (COMPARISONS, n)
    drawn = -random.standard_normal(shape)
    with_inf, without_inf = random.random(shape) < treated, random.random(shape) < control
    return np.where(with_inf & without_inf, 0.0, np.where(with_inf, np.inf, np.where(without_inf, -np.inf, drawn)))


def pseudomedian(treated: float, control: float) -> float:
    """The median of (D + D')/2 where D is normal, or infinite: worse with the chance that only the treated run diverges."""
    if treated == control:
        return 0.0
    finite = (1 - treated) ** 2  # of both; the mean of two is then normal with variance 1/2, and below everything otherwise
    return float(stats.norm.ppf((0.5 - (1 - finite)) / finite) / np.sqrt(2))
