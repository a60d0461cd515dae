"""The confusion tables of docs/diagnosis.md."""

from collections import Counter
from dataclasses import replace

from trickbench.harness.diagnosis.flow_chart import diagnose
from trickbench.harness.diagnosis.of_results import remedies

from . import conditions, trained

HEAD = """# How often the diagnosis is right

Every count below is made anew by a test (`tests/diagnosis/`), which compares.

## Curves made to have a condition

{made} of each condition, of 20 to 300 epochs, 2, 10 or 100 classes and noise of 0.1 to 2 points; neither a target nor the number of classes is told.

| made to have | right | told |
|---|---|---|
"""
TRAINED = """
## Trainings set up to have a condition

{seeds} seeds each, on two datasets, none of which a threshold was settled on. *Alone* are the learning curves and the
chance level by themselves; *beside* the other arms of the study the best validation result of any arm is known too. What levels off below what is
good cannot be told from what is as good as it gets, alone.

| what was done | right alone | told alone | right beside | told beside |
|---|---|---|---|---|
"""
WORKED = """
## Which remedy worked

A network of 128 units, 300 epochs, few rows with wrong labels: the baseline overfits. `trickbench.harness.remedies(result)` goes through the flow
chart again for each remedy; the effect on the test accuracy stands beside it, with its simultaneous 95 % interval and verdict.

| dataset | remedy | arm | after | worked | effect | verdict |
|---|---|---|---|---|---|---|
"""

READ = """
## What is read

| handed in | read as |
|---|---|
| a CSV with commas, semicolons or tabs between its cells | a column a curve, a row an epoch; one training for each `seed` or `run` |
| a JSON of lists by name, as of Keras or scikit-learn | a list a curve; a shorter one was recorded every so many epochs |
| a folder with results, finished or not | every arm on every dataset that has a run with a history |
| from Python: those, a pandas table, Keras' History, a fitted MLPClassifier or MLPRegressor | the same |

A column is named for its part (train, val, test; none is the training's) and its quantity (loss, accuracy, error, f1, auc, r2, mse, ...):
`val_loss`, `Test error (%)`, `train_loss_epoch`. `--column train_loss=NAME` says it of any other. Where cells are not separated by commas, a comma
in a number stands before its decimals. Where a column `step` rises beside `epoch`, several values of an epoch are its steps, and their mean is
taken. An empty cell, NA, or null was not recorded; `nan` and `inf` were, but a column of nothing but nan is refused. A pickle is not opened.

Scores are shares, or per cent where a name or a cell says so (%) or one of them is above 1. `--target` and `--chance` are in the same unit, and so is
what is told; the numbers of `--json` are shares. A mistake names the file, the column, and the row, and ends with status 2.

## What has diverged

A training loss that was no number at any epoch is diverging, whatever came later, and so is a run that is marked as diverged. Where the result is not
good, so is a training that left what it can come back from: an R² below -2²³, a loss of a classifier above 2²³, another loss above 2²³ times its
first value (beyond that float32 rounds the smaller of two numbers away), a layer's gradient that is infinite. A held-out loss does not decide that.
"""


def count(histories):
    return Counter(diagnose(history).title for history in histories)


def right(counts, titles):
    return sum(counts[title] for title in titles)


def told(counts):
    return ", ".join(f"{title} {number}" for title, number in sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def made():
    """Each condition with the counts of its diagnoses."""
    return {condition: count(conditions.histories(condition)) for condition in conditions.CONDITIONS}


def of_trainings(clean, noisy):
    """Each condition with the counts, of curves alone and beside the other arms'."""
    found = list(trained.conditions(clean, noisy))
    return {each.name: (each, count(replace(history, reachable=None) for history in each.histories), count(each.histories)) for each in found}


def page(of_made, of_trained, table):
    rows = [f"| {each.name} | {right(counts, each.right)} of {conditions.MADE} | {told(counts)} |" for each, counts in of_made.items()]
    real = [_trained(name, *found) for name, found in of_trained.items()]
    worked = [_worked(row) for row in table.itertuples()]
    heads = (HEAD.format(made=conditions.MADE), TRAINED.format(seeds=trained.SEEDS), WORKED)
    return "\n".join(f"{head}{chr(10).join(lines)}" for head, lines in zip(heads, (rows, real, worked), strict=True)) + "\n" + READ


def _trained(name, each, alone, beside):
    cells = [f"{right(counts, titles)} of {trained.SEEDS} | {told(counts)}" for counts, titles in ((alone, each.alone), (beside, each.beside))]
    return f"| {name} | {' | '.join(cells)} |"


def _worked(row):
    effect = f"{row.difference:+.3f} [{row.low:+.3f}, {row.high:+.3f}]"
    return f"| {row.dataset} | {row.remedy} | {row.arm} | {row.after} | {row.worked} | {effect} | {row.verdict} |"


def worked(noisy):
    return remedies(noisy)
