"""The tables of a tuned study: its trials, its effects by budget, and what tuning changes.

trials         one row a trial: its values, its validation score, and whether it was chosen
budgets        each effect with what 1, 2, 4, ... trials would have chosen; `flips` where its verdicts cannot all be true
sensitivity    how far an arm's hyperparameter may be from its best value and still do as well
changed        the verdicts of two results side by side: untuned and tuned
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.effects import effects, scores
from ..metrics import METRICS
from ..outcome import Validated
from . import search
from .tuned import BUDGET, EVERY, TRIAL, Trained, best, score_of, trial_of
from .tuned import scores as trial_scores

if TYPE_CHECKING:
    import pandas as pd

    from ..arrays import Floats
    from ..inference.terms import Terms
    from ..store import Store
    from .keys import Tuning

KEY = ("design", "kind", "trick", "dataset", "metric")
"""What names an effect."""
BUDGET_COLUMNS = (*KEY, "budget", "difference", "low", "high", "verdict", "flips", "confidence", "note", "speaks_of")
CHANGED_COLUMNS = (
    *KEY, *(f"{side}_{name}" for side in ("untuned", "tuned") for name in ("difference", "low", "high", "verdict")), "changed",
)  # fmt: skip
SENSITIVITY_COLUMNS = ("arm", "dataset", "metric", "hyperparameter", "best", "low", "high", "share", "at_edge")


def trial_columns(space: Iterable[str]) -> tuple[str, ...]:
    """Of the table of trials: a column a hyperparameter."""
    return ("arm", "dataset", "trial", "replicate", *space, "score", "status", "chosen", "at_edge", "metric", "seeds", "seconds")


def trials(store: Store, tuning: Tuning | None) -> pd.DataFrame:
    """One row an arm, dataset, replicate and trial. `replicate` is -1 where one choice serves all; a value that an arm does not have is NaN.

    `at_edge`: a value is the least or the greatest that was tried. A choice there asks for a wider space.
    """
    import pandas as pd

    if tuning is None:
        return pd.DataFrame(columns=pd.Index(trial_columns(())))
    runs = store.runs_for(*(f"{TRIAL}{number}" for number in range(1, tuning.trials + 1)))
    runs = runs.assign(trial=runs["purpose"].map(trial_of), replicate=runs["seed"] if tuning.repeat else EVERY)
    picked = _picked(runs, store.validated(runs["run"]), tuning)
    values: Mapping[str, list[dict[str, float]]] = store.record("values")
    edges = {arm: _at_edge(each) for arm, each in values.items()}
    rows: list[dict[str, object]] = []
    for _, group in runs.groupby(["dataset", "arm", "replicate", "trial"], sort=False):
        dataset, arm, replicate, number, metric = _first(group, "dataset", "arm", "replicate", "trial", "metric")
        score, chosen = picked[dataset, arm, replicate]
        rows.append({
            "arm": arm, "dataset": dataset, "trial": number, "replicate": replicate, **values[arm][number - 1],
            "score": score[number - 1], "status": _worst(group["status"]), "chosen": number == chosen, "at_edge": edges[arm][number - 1],
            "metric": metric, "seeds": len(group), "seconds": group["seconds"].sum(),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=pd.Index(trial_columns(tuning.space)))


def _first(group: pd.DataFrame, *columns: str) -> tuple[Any, ...]:
    """What the rows of a group share."""
    return tuple(group[column].iloc[0] for column in columns)


def _picked(runs: pd.DataFrame, validated: Mapping[str, Validated], tuning: Tuning) -> dict[tuple[str, str, int], tuple[Any, int]]:
    """By dataset, arm and replicate: every trial's score in the metric's own direction, and the chosen trial, 0 while trials are pending."""
    nothing = Validated("pending", np.nan, np.nan)
    places = list(zip(runs["dataset"], runs["arm"], runs["replicate"], strict=True))
    rest = zip(places, runs["trial"], runs["metric"], runs["run"], strict=True)
    ended = ((place, trial, metric, validated.get(run, nothing)) for place, trial, metric, run in rest)
    trained = [Trained(*place, trial, metric, score_of(end), end.status == "diverged") for place, trial, metric, end in ended]
    sign = {each.dataset: 1.0 if METRICS[each.metric].higher_is_better else -1.0 for each in trained}
    open_ = {place for place, status in zip(places, runs["status"], strict=True) if status == "pending"}
    found = trial_scores(trained, tuning.trials)
    return {place: (sign[place[0]] * each.means, 0 if place in open_ else each.best()) for place, each in found.items()}


def _worst(statuses: pd.Series[str]) -> str:
    return next((status for status in ("pending", "failed", "timeout", "diverged") if (statuses == status).any()), "done")


def _at_edge(values: Sequence[Mapping[str, float]]) -> list[bool]:
    ends = {name: {min(column), max(column)} for name in values[0] if len(set(column := [each[name] for each in values])) > 2}
    return [any(each[name] in ends.get(name, ()) for name in each) for each in values]


def budgets(store: Store, tuning: Tuning | None, full: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]], terms: Terms) -> pd.DataFrame:
    """One row an effect and budget; `full` are the effects with all trials. Every budget is a family of its own: the last one is the study's."""
    import pandas as pd

    if tuning is None:
        return pd.DataFrame(columns=pd.Index(BUDGET_COLUMNS))
    *smaller, everything = search.budgets(tuning.trials)
    runs = store.runs_for(*(f"{BUDGET}{budget}" for budget in smaller))
    runs["score"] = scores(runs)
    parts = [effects(runs[runs["purpose"] == f"{BUDGET}{budget}"], contrasts, terms).assign(budget=budget) for budget in smaller]
    table = pd.concat([*parts, full.assign(budget=everything)], ignore_index=True)
    table["flips"] = table.groupby(list(KEY), sort=False)["verdict"].transform(flips) if len(table) else False
    place = table.groupby(list(KEY), sort=False).ngroup()
    return table.assign(place=place).sort_values(["place", "budget"], ignore_index=True)[list(BUDGET_COLUMNS)]


MEANS: dict[str, frozenset[str]] = {
    "helps": frozenset({"helps"}), "helps, negligibly": frozenset({"helps", "equivalent"}), "equivalent": frozenset({"equivalent"}),
    "identical runs": frozenset({"equivalent"}), "hurts, negligibly": frozenset({"hurts", "equivalent"}), "hurts": frozenset({"hurts"}),
    "undecided": frozenset({"helps", "equivalent", "hurts"}),
}  # fmt: skip
"""What each verdict leaves possible."""


def flips(verdicts: Iterable[str]) -> bool:
    """Whether no conclusion is left that all of these verdicts allow. An undecided one allows all."""
    left = set(MEANS["undecided"])
    for verdict in verdicts:
        left &= MEANS[verdict]
    return not left


def sensitivity(table: pd.DataFrame, margins: Mapping[str, float]) -> pd.DataFrame:
    """For each arm, dataset and hyperparameter of a table of trials: the best value, and from where to where trials score within the margin of it.

    `share` is that of all trials, which measures a search space as it was searched; replicates that are tuned on their own are averaged over.
    """
    import pandas as pd

    fixed = set(trial_columns(()))
    names = [name for name in table.columns if name not in fixed]
    rows: list[dict[str, object]] = []
    for _, group in table.groupby(["arm", "dataset", "metric"], sort=False):
        arm, dataset, metric = _first(group, "arm", "dataset", "metric")
        mean = group.groupby("trial")[[*names, "score"]].mean()
        ruined = group["status"].eq("diverged").groupby(group["trial"]).any().to_numpy(bool)
        score = mean["score"].to_numpy(np.float64) * (1 if METRICS[metric].higher_is_better else -1)
        for name in names:
            figures = _plateau(mean[name].to_numpy(np.float64), score, ruined, margins[metric])
            rows += [{"arm": arm, "dataset": dataset, "metric": metric, "hyperparameter": name, **figures}] if figures else []
    return pd.DataFrame(rows, columns=pd.Index(SENSITIVITY_COLUMNS))


def _plateau(values: Floats, score: Floats, ruined: NDArray[np.bool_], margin: float) -> dict[str, object]:
    """The trials whose score is within the margin of the best; nothing where the arm lacks the value or no trial has a score.

    A trial of which a training diverged is not among them, unless all are such, as for the choice.
    """
    if np.isnan(values).all() or np.isnan(score).all():
        return {}
    at = best(score, ruined) - 1
    good = values[(score >= score[at] - margin) & (ruined == ruined[at])]
    edge = len(set(values)) > 2 and values[at] in (values.min(), values.max())
    return {"best": values[at], "low": good.min(), "high": good.max(), "share": len(good) / len(values), "at_edge": edge}


def changed(untuned: pd.DataFrame, tuned: pd.DataFrame) -> pd.DataFrame:
    """The effects of two results that both have, side by side; `changed` where the verdicts are not the same words."""
    kept = ["difference", "low", "high", "verdict"]
    sides = [each[[*KEY, *kept]].rename(columns={name: f"{side}_{name}" for name in kept}) for side, each in (("untuned", untuned), ("tuned", tuned))]
    table = sides[0].merge(sides[1], on=list(KEY), validate="one_to_one")
    return table.assign(changed=table["untuned_verdict"] != table["tuned_verdict"])[list(CHANGED_COLUMNS)]
