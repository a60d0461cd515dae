"""What a study found in a few lines: how many comparisons are decided, how sure that is, what would settle the rest; and what holds on average.

The first lines are over comparisons on a dataset, interactions counted apart. *On average* is over the study's own datasets, one estimand of
`overall.py`; where seeds were added until verdicts were decided it rests on the first look alone, and is left to its own section.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .answer import OUTCOMES, SETTING
from .confounding import named
from .effects import OWN, family, of_kind
from .overall_figures import THESE
from .result import Result, table
from .terms import terms
from .words import confidence, counted, listed, settled_by, signed, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

IN_ALL = "In all"
WORDS = {
    "helps": ("helps", "help"),
    "hurts": ("hurts", "hurt"),
    "no matter": ("makes no difference that matters", "make no difference that matters"),
    "identical": ("changes nothing, bit for bit", "change nothing, bit for bit"),
    "undecided": ("is undecided", "are undecided"),
}


TOGETHER = WORDS | {"helps": ("gains more together than apart", "gain more together than apart"), "hurts": ("gains less", "gain less")}
"""Of interactions."""


def summary(result: Result, effects: DataFrame) -> list[tuple[str, str]]:
    """(setting, sentence) of all comparisons; none where nothing was measured. `effects` are prepared ones."""
    measured = effects[effects["difference"].notna()]
    if measured.empty:
        return []
    own, pairs = of_kind(measured, *OWN), of_kind(measured, "interaction")
    counts = [_counts(own, "comparison of a trick", WORDS), _counts(pairs, "interaction of two tricks", TOGETHER)]
    told = f"of {'; of '.join(filter(None, counts))}."
    return [(IN_ALL, " ".join(filter(None, [told, _sure(result, measured), _settled(measured)])))]


def _counts(rows: DataFrame, noun: str, words: Mapping[str, tuple[str, str]]) -> str:
    """`135 comparisons of a trick on a dataset, 12 help, 4 hurt, 7 make no difference that matters and 112 are undecided`."""
    count = rows["verdict"].value_counts()
    by = {outcome: sum(int(count.get(verdict, 0)) for verdict in verdicts) for outcome, verdicts in OUTCOMES.items()}
    told = [f"{number:,} {words[outcome][number != 1]}" for outcome, number in by.items() if number]
    kind, _, what = noun.partition(" ")
    return f"{counted(len(rows), kind)} {what} on a dataset, {listed(told)}" if told else ""


def _sure(result: Result, rows: DataFrame) -> str:
    """How sure the decided ones are."""
    inside = family(rows)
    if not inside["verdict"].isin([verdict for outcome in ("helps", "hurts", "no matter") for verdict in OUTCOMES[outcome]]).any():
        return ""
    whom = "These verdicts" if len(inside) == len(rows) else f"The {counted(len(inside), 'verdict')} of the family"
    fixed = terms(result.study)
    rest = f", with the {fixed.not_shown:,} of the family that are not shown," if fixed.not_shown else ""
    return f"{whom} hold together{rest} with {confidence(fixed.confidence)} confidence."


def _settled(rows: DataFrame) -> str:
    """What the middle one of the undecided takes, and how many no number of seeds settles."""
    undecided = rows[rows["verdict"] == "undecided"]
    open_ = undecided[undecided["settle_low"].notna() & undecided["settle_high"].notna()]
    if open_.empty:
        return ""
    never = int(open_["settle_low"].map(math.isinf).sum())
    within = open_[~open_["settle_low"].map(math.isinf)]
    rest = f" No number of seeds settles {never:,} of them on one dataset." if never else ""
    unknown = len(undecided) - len(open_)
    rest += f" Of {unknown:,} it is not known, since they have no interval." if unknown else ""
    if within.empty:
        return rest.strip()
    seeds = whole(rows["seeds"].max())
    typical = within.sort_values(["settle_high", "settle_low"], kind="stable").iloc[(len(within) - 1) // 2]
    middle = settled_by(float(typical["settle_low"]), float(typical["settle_high"]))
    which = f"Of {len(within):,} undecided comparisons the middle one is" if len(within) > 1 else "The undecided comparison is"
    about = f"{which} {typical['trick']} on {typical['dataset']}: if its difference is as seen, {middle}"
    return f"There are {counted(seeds, 'seed')}. {about}.{rest}"


def averages(result: Result) -> dict[str, tuple[str, str]]:
    """By design (setting, sentence): what its tricks do on average over these datasets, metric by metric; none of those on one dataset.

    None either where seeds were added: beside verdicts of all seeds, those of the first look alone would seem to contradict them.
    """
    if getattr(result.study, "sequential", None):
        return {}
    rows = table(result, "overall")
    rows = rows[rows["kind"].fillna("difference").isin(OWN) & rows["estimand"].eq(THESE) & (rows["datasets"] > 0)]
    sure, told = confidence(terms(result.study).confidence), dict[str, tuple[str, str]]()
    for design, group in rows.groupby("design", sort=False):
        parts = [_average(str(metric), some, sure) for metric, some in group.groupby("metric", sort=False)]
        setting = SETTING.get(str(design), str(design))
        average = f"{setting}, {'and' if setting.startswith('On average') else 'on average'} over these datasets"
        told[str(design)] = average, f"{'; '.join(parts)}."
    return told


def _average(metric: str, rows: DataFrame, sure: str) -> str:
    """`in accuracy (6 datasets, together with 95 % confidence) relu +0.090 helps, the other 9 are undecided`."""
    clauses, decided = [], 0
    for outcome, verdicts in OUTCOMES.items():
        group = rows[rows["verdict"].isin(verdicts)]
        if outcome == "undecided" or group.empty:
            continue
        decided += len(group)
        names = [f"{named(str(row['trick']), row['aliases'])} {signed(float(row['difference']))}" for _, row in group.iterrows()]
        clauses.append(f"{listed(names)} {WORDS[outcome][len(group) > 1]}")
    left = len(rows) - decided
    rest = (f"the other {left}" if left > 1 else "the other one") if decided else "all" if left > 1 else str(rows["trick"].iloc[0])
    clauses += [f"{rest} {WORDS['undecided'][left > 1]}"] if left else []
    together = f", together with {sure} confidence" if decided > 1 else f", with {sure} confidence" if decided else ""
    return f"in {metric} ({counted(whole(rows['datasets'].max()), 'dataset')}{together}) {', '.join(clauses)}"
