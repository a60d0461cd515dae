"""A small tuned study that takes seconds."""

from trickbench.harness.progress import Watcher
from trickbench.harness.study import Study

TUNED = """
question = "Does it help?"
datasets = ["iris", "diabetes"]
seeds = 3
epochs = 3
[tuning]
trials = 5
seeds = 2
space = { learning_rate = [1e-3, 10.0], dropout.rate = [0.0, 0.8] }
[baseline]
hidden = [8]
activation = "sigmoid"
optimizer = "sgd[learning_rate=0.1]"
initializer = "glorot"
[factors.activation]
relu = { activation = "relu" }
[factors.dropout]
on = { dropout = "dropout[rate=0.2]" }
"""
REPEATED = TUNED.replace("seeds = 2\n", "seeds = 2\nrepeat = true\n")


def study(text: str = TUNED) -> Study:
    return Study.parse(text, "tuned", "tuned.toml")


class Counting(Watcher):
    """Notes the parts of a study, counts runs, and may stop after some."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.done, self.stop_after, self.phases = 0, stop_after, []

    def begin(self, waiting, kept, workers, compilation, phase) -> None:
        self.phases.append((phase, waiting, kept))

    def finished(self, job, outcome) -> None:
        self.done += 1
        if self.done == self.stop_after:
            raise KeyboardInterrupt
