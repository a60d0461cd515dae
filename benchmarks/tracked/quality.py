"""Quality on the same axis as speed: a change that makes training faster and worse shows here.

Numbers that are counted or trained, not timed: they are the same on every machine of one kind, so any step is a change of the code.
"""

from __future__ import annotations

from ._names import IMPLEMENTATIONS
from ._skipping import CHECK_COMMAND, first_of, skipping_what_is_missing
from .training import LOOP, USED, numbers, scratch

COMPILED = tuple(name for names in IMPLEMENTATIONS.values() for name in names if name.endswith("/numba_fused"))


class TestError:
    """Mean test error of the better arm of a small study: two hidden layers of 32 on digits, adam, 20 epochs, 5 seeds."""

    version = "1"
    unit = "share of rows"
    timeout = 600

    def setup(self) -> None:
        with skipping_what_is_missing():
            from trickbench.harness import Study, run

            self.study, self.run = Study, run

    @staticmethod
    def modules() -> tuple[str, ...]:
        return ("trickbench.harness.ablation", *LOOP, *USED, "trickbench.datasets.*")

    def track_adam_on_digits(self) -> float:
        baseline = {"activation": "relu", "optimizer": "sgd[learning_rate=0.1]", "initializer": "he", "hidden": [32, 32], "batch": 32}
        study = self.study(
            question="How well does it learn?",
            datasets=["digits"],
            seeds=5,
            epochs=20,
            baseline=baseline,
            factors={"optimizer": {"adam": {"optimizer": "adam"}}},
        )
        runs = self.run(study, workers=1, output=scratch() / str(next(numbers))).runs
        adam = runs[runs["arm"].str.contains("adam")]
        if len(adam) != 5 or not (adam["status"] == "done").all():
            raise RuntimeError(f"{len(adam)} runs of 5, with status {', '.join(adam['status'])}")
        return float(1 - adam["test_metric"].mean())


class RefutedClaims:
    """How many claims that train nothing are refuted of the compiled forms."""

    version = "1"
    unit = "claims"
    timeout = 600

    def setup(self) -> None:
        with skipping_what_is_missing():
            from trickbench.harness import registry

            command = first_of(*CHECK_COMMAND)
            self.asked, self.check = command.Asked, command.check
            self.names = tuple(name for name in COMPILED if name in registry.implementations())

    @staticmethod
    def modules() -> tuple[str, ...]:
        return ("trickbench.harness.*", "trickbench.implementations.*")

    def track_refuted(self) -> int:
        verdicts = self.check(self.asked(implementations=self.names, fast=True), 1)
        if not verdicts.made:
            raise RuntimeError("no claim was checked")
        return sum(each.verdict == "refuted" for each in verdicts.checked)
