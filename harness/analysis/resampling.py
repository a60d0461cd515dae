"""How the replicates of a dataset are drawn, as its name says: what an interval over them must know.

digits                 every seed draws a split of its own
digits[folds=5]        seed s is fold s mod 5 of the (s div 5)-th partition: all rows are tested once in five seeds
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..dataset import SPLITTING
from ..errors import InputError
from ..inference.terms import Estimand, Terms, wording
from ..replication import Stream
from ..selection import parse


class Resampling(NamedTuple):
    """`folds` is 0 for random splits."""

    folds: int
    noise: bool
    """Whether wrong labels are drawn with the split."""
    test_to_train: float
    """n_test / n_train. Rows set aside for validation are not trained on; `train_rows` does not count: with training sets that are a small
    part of all rows, replicates overlap less than this ratio allows for. Of K folds 1/(K - 1) (Bouckaert and Frank 2004)."""

    @classmethod
    def of(cls, dataset: str) -> Resampling:
        """From the text by which a study names it."""
        given = parse(dataset).parameters
        validation, test = (float(given.get(name, SPLITTING[name].default)) for name in ("validation_share", "test_share"))
        folds = int(given.get("folds", 0))
        return cls(folds, bool(given.get("label_noise", 0)), 1 / (folds - 1) if folds else test / (1 - validation - test))

    def correction(self, terms: Terms) -> float:
        """n_test / n_train where replicates speak of *new datasets*, else 0."""
        return self.test_to_train if terms.scope(self.folds) == "new datasets" else 0.0

    def speaks_of(self, terms: Terms, quantity: str) -> str:
        """The estimand in full."""
        return wording(terms, folds=self.folds, noise=self.noise, quantity=quantity)

    def broken(self, seeds: Sequence[int]) -> str:
        """A sentence where these seeds leave partitions incomplete, so that some rows are tested more often than others; else empty."""
        partitions = [seed // self.folds for seed in seeds] if self.folds else []
        if all(partitions.count(each) == self.folds for each in set(partitions)):
            return ""
        return f"{len(seeds)} seeds are no whole number of partitions into {self.folds} folds: not all rows are tested equally often"


def check_resampling(datasets: Sequence[str], vary: Sequence[Stream], estimand: Estimand) -> None:
    """Refuse what takes fresh splits where the split does not vary. Raises `InputError`."""
    if "split" in vary:
        return
    if estimand == "new datasets":
        raise InputError("the estimand 'new datasets' takes fresh splits, but vary leaves out 'split'; add it, or ask for 'this dataset'.")
    for dataset in datasets:
        if Resampling.of(dataset).folds:
            raise InputError(f"{dataset} tests another fold with every seed, but vary leaves out 'split'; add it, or leave folds out.")
