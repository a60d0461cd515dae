"""What a person sees while a study runs: runs done, running, failed, and the time left. Silent where nobody watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .words import counted

if TYPE_CHECKING:
    from rich.console import Console

    from .outcome import Outcome
    from .planning import Job


PHASES = {"trials": "runs of trials"}
"""What is run in a part of a study, where that is not its name."""


class Watcher:
    """Is told what happens, and says nothing of it."""

    def compiling(self) -> None:
        """Kernels are being compiled, or loaded from the cache."""

    def begin(self, waiting: int, kept: int, workers: int, compilation: float, phase: str) -> None:
        """Runs that are about to start, results kept from before, workers, the seconds that compilation took, and which part of the study this is."""

    def started(self, job: Job) -> None:
        """A run was handed to a worker."""

    def finished(self, job: Job, outcome: Outcome) -> None:
        """A run has its outcome, and it is written."""

    def looked(self, sentence: str) -> None:
        """The comparisons were looked at, and this came out; seeds may be added now."""

    def end(self) -> None:
        """Nothing more will happen."""


class Bar(Watcher):
    """A line that moves in the terminal."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        self.console = console
        self.counts = {"running": 0, "diverged": 0, "failed": 0, "timeout": 0}
        self.workers = 1
        self.progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[counts]}"),
            TextColumn("elapsed"), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(), console=console, transient=True,
        )  # fmt: skip
        self.task = self.progress.add_task("compiling", total=None, counts="")

    def compiling(self) -> None:
        """Show that something happens."""
        self.progress.start()

    def begin(self, waiting: int, kept: int, workers: int, compilation: float, phase: str) -> None:
        """Say what took the time before the first run, and start counting."""
        self.workers = workers
        kept_text = f"; {counted(kept, 'result')} kept from before" if kept else ""
        told = f"{counted(waiting, 'run')}{PHASES.get(phase, phase).removeprefix('runs')} on {counted(workers, 'worker')}{kept_text}"
        self.console.print(f"Kernels ready after {compilation:.1f} s; {told}.", highlight=False)
        self.progress.reset(self.task, description=phase, total=waiting, counts="")

    def started(self, job: Job) -> None:
        """One more under way."""
        del job
        self.counts["running"] += 1

    def finished(self, job: Job, outcome: Outcome) -> None:
        """One less under way."""
        del job
        self.counts["running"] -= 1
        if outcome.status in self.counts:
            self.counts[outcome.status] += 1
        shown = self.counts | {"running": min(self.counts["running"], self.workers)}
        self.progress.update(self.task, advance=1, counts=", ".join(f"{count} {name}" for name, count in shown.items() if count))

    def looked(self, sentence: str) -> None:
        """What a look gave."""
        self.console.print(sentence, highlight=False)

    def end(self) -> None:
        """Leave the terminal as it was."""
        self.progress.stop()


def watcher(console: Console) -> Watcher:
    """A bar where the console is a terminal, silence elsewhere."""
    return Bar(console) if console.is_terminal else Watcher()
