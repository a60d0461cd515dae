"""The command line: `trickbench run`, `report`, `check`, `diagnose`, `speed` and `list`.

Exit status: 0 done, all claims hold, or a training is good; 1 a claim is refuted, or a problem is diagnosed; 2 the input is wrong; 3 some runs failed
or are missing, or results could not be written; 4 nothing was run, measured or checked, or a diagnosis cannot be told; 130 interrupted.
Everything heavy is imported inside the commands: `--help` answers at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from .errors import InputError, StorageError

if TYPE_CHECKING:
    from rich.console import Console

    from .result import Result

DONE, WRONG_INPUT, FAILED_RUNS, NOTHING, INTERRUPTED = 0, 2, 3, 4, 130

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]}
)


def main() -> None:
    """The console script: errors become one sentence and an exit status."""
    with _sentences():
        app()


@contextlib.contextmanager
def _sentences() -> Generator[None]:
    try:
        yield
    except InputError as error:
        _stop(str(error), WRONG_INPUT)
    except StorageError as error:
        _stop(str(error), FAILED_RUNS)


def _stop(sentence: str, status: int) -> NoReturn:
    print(f"trickbench: {sentence}", file=sys.stderr)  # noqa: T201
    sys.exit(status)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"trickbench {version('trickbench')}")
        raise typer.Exit


@app.callback()
def trickbench(
    _asked: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")] = False,
) -> None:
    """Prove training tricks: controlled ablations on real data, with intervals, and honest verdicts."""


@app.command()
def run(
    study: Annotated[str, typer.Argument(help="A bundled study (see `trickbench list studies`), or the path of a TOML file.")],
    seed: Annotated[int | None, typer.Option(min=0, help="The smallest seed, instead of the study's; the others follow at their distances.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Runs at the same time; by default one a core.")] = None,
    output: Annotated[Path | None, typer.Option(help="Folder for results and report; by default trickbench-out/STUDY.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="FACTOR=LEVEL", help="Only this trick and what it is compared with; may be repeated.")
    ] = None,
    implementation: Annotated[list[Path] | None, typer.Option(help="A Python file with an implementation of yours; may be repeated.")] = None,
    until_decided: Annotated[
        bool, typer.Option("--until-decided", help="Add seeds to comparisons that are undecided, at looks that keep the error rate.")
    ] = False,
    max_seeds: Annotated[int | None, typer.Option(metavar="N", help="With --until-decided: at most N seeds, fixed before the first look.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and the expected time; run nothing.")] = False,
) -> None:
    """Train a study's ablation and write its report. A second start continues where the first ended."""
    from rich.console import Console

    from . import ablation, registry
    from .cores import available_cores
    from .progress import watcher

    for path in implementation or ():
        registry.add_file(path)
    planned = ablation.plan(study, seed=seed, only=only or (), until_decided=until_decided, max_seeds=max_seeds)
    if dry_run:
        from .forecast import show

        show(planned, jobs or available_cores(), Console())
        return
    for remark in planned.remarks:
        Console(stderr=True).print(remark, highlight=False, soft_wrap=True, markup=False)
    try:
        result = ablation.run(planned, workers=jobs, output=output, watcher=watcher(Console(stderr=True)))
    except KeyboardInterrupt:  # caught before typer does, which would say nothing
        _stop("Interrupted. Every finished run is kept; the same command continues.", INTERRUPTED)
    _tell(result, _report_in(result.folder, "keep_report", result), Console())


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A folder with results, such as trickbench-out/lecture.")],
    output: Annotated[Path | None, typer.Option(help="Folder for the report; by default beside the results.")] = None,
) -> None:
    """Draw the report of a study again, without running anything."""
    from rich.console import Console

    from .result import Result

    result = Result(folder)
    _tell(result, _report_in(output or folder, "write_report", result), Console())


def _report_in(folder: Path, how: str, result: Result) -> list[Path]:
    """The files of the report: `write_report` draws it, `keep_report` only if it is not true any more."""
    from importlib import import_module

    try:
        return getattr(import_module("..reports", __package__), how)(result, folder)
    except OSError as error:
        again = f"trickbench report {result.folder}"
        raise StorageError(
            f"The report cannot be written ({error}); free some room or make the folder writable and run `{again}`, "
            f"or have it written elsewhere: `{again} --output FOLDER`."
        ) from error


def _tell(result: Result, summary: list[Path], console: Console) -> None:
    """Say how the runs ended and where the report is, and end with the status that the runs deserve."""
    done, diverged, failed, pending = (result.count(*status) for status in (("done",), ("diverged",), ("failed", "timeout"), ("pending",)))
    console.print(f"{done} runs done, {diverged} diverged, {failed} failed, {pending} without a result.", highlight=False)
    if result.grown:
        from .until_decided import sentence

        console.print(sentence(result.grown), highlight=False, soft_wrap=True)
    for message, count in list(result.failures.items())[:5]:
        console.print(f"  {count} failed: {message}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"Report: {next(path for path in summary if path.suffix == '.html')}", soft_wrap=True, highlight=False)
    if failed:
        sys.exit(FAILED_RUNS)
    if not done and not diverged:
        sys.exit(NOTHING)


@app.command()
def check(
    technique: Annotated[list[str] | None, typer.Option(help="Only implementations of this technique; may be repeated.")] = None,
    implementation: Annotated[
        list[str] | None,
        typer.Option(help="Only this one: a name (adam/numba_fused), a .py file, a module (my_package.my_adam), or module:class; may be repeated."),
    ] = None,
    claim: Annotated[list[str] | None, typer.Option(help="Only claims whose id fits this pattern, such as 'adam.*'; may be repeated.")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out the empirical claims, which train networks.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON instead of tables.")] = False,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit XML file for continuous integration.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the claims report, one page, into this folder.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of all inputs that the checks draw.")] = 0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Checks at the same time; by default one a core.")] = None,
) -> None:
    """Hold the lecture's claims against implementations: which hold, and a counterexample where one does not."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # arrays are small: other libraries' threads would cost more than they bring
    from rich.console import Console

    from .checks.command import Asked, check
    from .checks.output import show, to_json, write_junit
    from .cores import available_cores

    asked = Asked(claim or (), technique or (), implementation or (), fast, seed)
    with _nothing_else_on_stdout():
        verdicts = check(asked, jobs or available_cores(), Console(stderr=True))
    with contextlib.suppress(BrokenPipeError):  # a reader that has seen enough changes no verdict
        if json:
            print(to_json(verdicts), flush=True)  # noqa: T201
        else:
            console = Console()
            console.on_broken_pipe = lambda: None
            show(verdicts, console)
    if junit is not None:
        write_junit(verdicts, junit)
    if report is not None:
        _write_page("write_claims_report", "--report", report, verdicts.summary(), verdicts.records())
    if verdicts.interrupted:
        _stop(f"Interrupted after {verdicts.made} of {verdicts.expected} checks.", INTERRUPTED)
    if verdicts.status == NOTHING:
        _stop("Nothing was checked: no claim with a check fits what was asked for; see `trickbench list claims`.", NOTHING)
    sys.exit(verdicts.status)


@contextlib.contextmanager
def _nothing_else_on_stdout() -> Generator[None]:
    """What implementations print goes to the standard error, in this process and its workers: the standard output is the verdicts'."""
    sys.stdout.flush()
    saved = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(saved, 1)
        os.close(saved)


def _write_page(how: str, option: str, folder: Path, *contents: object) -> None:
    """A page of the reports, by one of its functions; `option` names the folder on the command line."""
    from importlib import import_module

    try:
        path = getattr(import_module("..reports", __package__), how)(*contents, folder)
    except OSError as error:
        raise StorageError(f"The report cannot be written into {folder} ({error}); name another folder with {option}.") from error
    typer.echo(f"Report: {path}", err=True)


@app.command()
def diagnose(
    history: Annotated[Path, typer.Argument(help="Learning curves: a CSV, a JSON of Keras or scikit-learn, or a folder with results.")],
    target: Annotated[float | None, typer.Option(help="The result that is good, in the history's unit: 0.95, or 95 where that is per cent.")] = None,
    chance: Annotated[float | None, typer.Option(help="What a constant prediction scores, in the same unit: 0.1, or 10, for ten classes.")] = None,
    metric: Annotated[str | None, typer.Option(help="Judge by this one, where several were recorded; loss is one.")] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="ROLE=NAME", help="What a column holds: train_loss=my_loss, test_accuracy=acc2; may be repeated.")
    ] = None,
    arm: Annotated[str | None, typer.Option(help="Of a folder with results: only this arm.")] = None,
    dataset: Annotated[str | None, typer.Option(help="Of a folder with results: only this dataset.")] = None,
    implementation: Annotated[str | None, typer.Option(help="Another diagnosis than the project's: a .py file, a module, or module:class.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON instead of words.")] = False,
) -> None:
    """Say what is wrong with a training from its learning curves: bad on training (which kind), overfitting, or good; and what helps against it."""
    from .diagnosis.command import Asked, diagnoses, show, status, to_json

    found = diagnoses(history, Asked(target, chance, metric, column or (), arm, dataset, implementation))
    if json:
        print(to_json(found), flush=True)  # noqa: T201
    else:
        from rich.console import Console

        show(found, Console())
    sys.exit(status(found))


@app.command()
def speed(
    technique: Annotated[list[str] | None, typer.Argument(metavar="[TECHNIQUE]...", help="All by default, in little time each.")] = None,
    implementation: Annotated[
        list[str] | None,
        typer.Option(
            help="A .py file, a module or module:class joins the others; a name (adam/numba_fused) leaves only it and the reference. May be repeated."
        ),
    ] = None,
    size: Annotated[list[int] | None, typer.Option(help="Elements of the arrays; may be repeated. By default three sizes a family.")] = None,
    method: Annotated[list[str] | None, typer.Option(help="Only this method, such as forward; may be repeated.")] = None,
    dtype: Annotated[str, typer.Option(help="float32 or float64.")] = "float32",
    seconds: Annotated[float | None, typer.Option(help="How long to measure a technique, about; 10 by default, 2 where all are timed.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON instead of tables.")] = False,
    output: Annotated[Path | None, typer.Option(help="Write a page, a picture a technique, and tables into this folder.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the order in which samples are taken.")] = 0,
) -> None:
    """Time all implementations of a technique against each other in one run: ratios with intervals, and shares of what the machine can do."""
    from .timing.command import Asked, measure
    from .timing.threads import one_thread

    one_thread()
    from rich.console import Console

    from .timing.output import show, with_words

    asked = Asked(technique or (), implementation or (), size or (), dtype, method or (), seconds, seed)
    with _nothing_else_on_stdout():
        speeds = measure(asked, Console(stderr=True))
    with contextlib.suppress(BrokenPipeError):
        if json:
            print(speeds.to_json(), flush=True)  # noqa: T201
        else:
            console = Console()
            console.on_broken_pipe = lambda: None
            show(speeds, console)
    if output is not None and speeds.rows:
        _write_page("write_speed_report", "--output", output, with_words(speeds))
    if speeds.interrupted:
        _stop("Interrupted; what was measured until then is shown.", INTERRUPTED)
    if not speeds.rows:
        _stop("Nothing was timed: no implementation that can run here has what was asked for.", NOTHING)
    if speeds.failed:
        sys.exit(FAILED_RUNS)


@app.command("list")
def list_(what: Annotated[str, typer.Argument(help="techniques, implementations, claims, datasets or studies; all by default.")] = "all") -> None:
    """List what there is: techniques, implementations, claims, datasets and studies."""
    from rich.console import Console

    from .listing import show

    show(what, Console())
