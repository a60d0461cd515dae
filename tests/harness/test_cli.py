"""The command line as a user meets it: what it prints, and its exit status."""

import contextlib
import os
import pty
import re
import select
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time

import pytest

from trickbench.harness.ablation import plan
from trickbench.harness.store import Store
from trickbench.harness.study_record import record

from .test_execution import rule_file

PROGRAM = [sys.executable, "-m", "trickbench.harness"]


def trickbench(*arguments, cwd=None, **environment):
    everything = os.environ | {"COLUMNS": "200"} | environment
    return subprocess.run([*PROGRAM, *map(str, arguments)], cwd=cwd, env=everything, capture_output=True, text=True, timeout=120, check=False)


HELP = """
    import sys
    from trickbench.harness.cli import main

    sys.argv = ["trickbench", "--help"]
    try:
        main()
    finally:
        print(set(sys.modules) & {"numpy", "numba", "pandas", "scipy", "sklearn", "altair", "pydantic"})
"""


def test_help_names_the_commands_and_imports_nothing_heavy():
    shown = subprocess.run([sys.executable, "-c", textwrap.dedent(HELP)], capture_output=True, text=True, check=True).stdout
    assert all(command in shown for command in ("run", "report", "list"))
    assert shown.strip().endswith("set()")


def test_the_version_is_the_packages():
    from importlib.metadata import version

    assert trickbench("--version").stdout == f"trickbench {version('trickbench')}\n"


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("techniques", ["adam", "maxout", "learning_rate=0.001", "start=first_gradient or zero"]),
        ("implementations", ["adam/numba_fused", "compiled", "rmsprop/numpy_zero_start"]),
        ("datasets", ["digits", "moons", "csv", "label_noise"]),
        ("studies", ["lecture"]),
    ],
)
def test_list_shows_what_there_is(what, names):
    shown = trickbench("list", what)
    assert shown.returncode == 0
    for name in names:
        assert name in shown.stdout


def test_a_study_runs_reports_and_continues(small_file, tmp_path):
    first = trickbench("run", small_file, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert first.stderr == "", "silent where nobody watches"
    folder = tmp_path / "trickbench-out" / "small"
    assert "24 runs done, 0 diverged, 0 failed" in first.stdout
    assert "\nIn all: of 8 comparisons of a trick on a dataset, " in first.stdout
    for name in ("report.html", "report.md", "runs.csv", "effects.csv", "results.sqlite"):
        assert (folder / name).stat().st_size > 0
    before = (folder / "runs.csv").read_bytes()
    assert trickbench("run", small_file, cwd=tmp_path).returncode == 0
    assert (folder / "runs.csv").read_bytes() == before
    (folder / "report.html").unlink()
    assert trickbench("report", folder).returncode == 0
    assert (folder / "report.html").is_file()


WITHOUT = """
    import sys
    from trickbench.harness.cli import main

    sys.argv = ["trickbench", *{arguments!r}]
    try:
        main()
    finally:
        print({{"pandas", "scipy.stats", "sklearn", "statsmodels", "numba", "altair", "vl_convert", "torch", "jax"}} & set(sys.modules))
"""


def without_anything_heavy(*arguments, cwd=None):
    program = textwrap.dedent(WITHOUT).format(arguments=[str(argument) for argument in arguments])
    shown = subprocess.run([sys.executable, "-c", program], cwd=cwd, capture_output=True, text=True, check=True).stdout
    assert shown.strip().endswith("set()"), shown[-500:]
    return shown


def test_a_second_start_of_a_finished_study_imports_nothing_heavy_and_draws_nothing(small_file, tmp_path):
    small_file.write_text(small_file.read_text().replace('"iris", "diabetes"', '"iris", "moons[samples=80]"'))
    trickbench("run", small_file, cwd=tmp_path)
    folder = tmp_path / "trickbench-out" / "small"
    files = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file() and "sqlite" not in path.name}
    assert "24 runs done" in without_anything_heavy("run", small_file, cwd=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in files} == files
    (folder / "arms.csv").write_text("edited")
    assert trickbench("run", small_file, cwd=tmp_path).returncode == 0
    assert (folder / "arms.csv").read_text().startswith("arm,")


@pytest.mark.parametrize("what", ["all", "techniques", "implementations", "claims", "datasets", "studies"])
def test_a_list_imports_nothing_heavy(what):
    assert len(without_anything_heavy("list", what)) > 50


def test_a_report_is_drawn_again_and_may_go_elsewhere(small_file, tmp_path):
    trickbench("run", small_file, cwd=tmp_path)
    folder, other = tmp_path / "trickbench-out" / "small", tmp_path / "other"
    before = (folder / "report.html").stat().st_mtime_ns
    assert trickbench("report", folder, "--output", other).returncode == 0
    assert (other / "report.html").read_bytes() == (folder / "report.html").read_bytes()
    assert (folder / "report.html").stat().st_mtime_ns == before
    assert trickbench("report", folder).returncode == 0
    assert (folder / "report.html").stat().st_mtime_ns > before


def test_a_report_that_cannot_be_written_is_one_sentence(small_file, tmp_path):
    trickbench("run", small_file, cwd=tmp_path)
    (tmp_path / "file").touch()
    shown = trickbench("report", tmp_path / "trickbench-out" / "small", "--output", tmp_path / "file")
    assert shown.returncode == 2
    assert "--output FOLDER" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_dry_run_shows_the_plan_and_runs_nothing(small_file, tmp_path):
    shown = trickbench("run", small_file, "--dry-run", cwd=tmp_path)
    assert "6 arms: baseline, full, baseline + relu" in shown.stdout
    assert "24 runs of up to 3 epochs, 16 of them different." in shown.stdout
    assert "Expected: about" in shown.stdout
    assert not (tmp_path / "trickbench-out").exists()


def test_only_one_trick(small_file, tmp_path):
    shown = trickbench("run", small_file, "--only", "dropout=on", "--output", "here", "--seed", "7", "--jobs", "1", cwd=tmp_path)
    assert "16 runs done" in shown.stdout, shown.stderr
    assert (tmp_path / "here" / "report.html").is_file()


def test_bad_data_are_refused_before_anything_runs(small_file, tmp_path):
    (tmp_path / "mine.csv").write_text("a,b,y\n" + "1,2,0\n" * 30 + "1,,1\n" * 30)
    small_file.write_text(small_file.read_text().replace('"iris", "diabetes"', '"iris", "csv[path=mine.csv,target=y]"'))
    shown = trickbench("run", small_file, cwd=tmp_path)
    assert shown.returncode == 2
    assert "column 'b'" in shown.stderr
    assert "30 of 60 rows" in shown.stderr
    assert "Traceback" not in shown.stderr


WRONG = {
    "an unknown study": (["run", "lectur"], "Did you mean 'lecture'"),
    "a file that is not there": (["run", "no/such.toml"], "There is no study file"),
    "an unknown trick": (["run", "lecture", "--only", "optimizer=adm"], "Did you mean 'adam'"),
    "a folder without results": (["report", "nowhere"], "There are no results in nowhere"),
    "an output that cannot be made": (
        ["run", "lecture", "--output", "README.md/below"],
        "Results cannot be kept in README.md/below (Not a directory)",
    ),
    "an unknown list": (["list", "technique"], "Did you mean 'techniques'"),
    "no jobs": (["run", "lecture", "--jobs", "0"], "Invalid value for '--jobs'"),
    "a file that is no implementation": (["run", "lecture", "--implementation", "README.md"], "is no Python file"),
}


@pytest.mark.parametrize(("arguments", "sentence"), WRONG.values(), ids=WRONG)
def test_wrong_input_is_one_sentence_and_exit_status_2(arguments, sentence):
    shown = trickbench(*arguments)
    assert shown.returncode == 2
    assert sentence in shown.stderr
    assert "Traceback" not in shown.stderr


def test_failed_runs_end_with_status_3_and_are_listed(small_file, tmp_path):
    bad = rule_file(tmp_path, "raises")
    small_file.write_text(
        small_file.read_text().replace("[factors.dropout]", '[factors.mine]\nraises = { optimizer = "sgd/raises" }\n[factors.dropout]')
    )
    shown = trickbench("run", small_file, "--implementation", bad, cwd=tmp_path)
    assert shown.returncode == 3, shown.stderr
    assert "4 failed: RuntimeError: no such luck" in shown.stdout
    assert "no such luck" in (tmp_path / "trickbench-out" / "small" / "report.md").read_text()


def test_a_report_of_nothing_ends_with_status_4(small, tmp_path):
    planned = plan(small)
    with Store(tmp_path) as store:
        store.set_plan(planned.jobs)
        store.set_record(study=record(small, small.seeds, planned.contrasts, "", "trickbench run small.toml"))
    shown = trickbench("report", tmp_path)
    assert shown.returncode == 4, shown.stderr
    assert "24 without a result" in shown.stdout


def test_when_every_run_fails_the_status_is_3(small_file, tmp_path):
    bad = rule_file(tmp_path, "raises")
    small_file.write_text(small_file.read_text().replace('optimizer = "sgd[learning_rate=0.1]"', 'optimizer = "sgd/raises"'))
    assert trickbench("run", small_file, "--implementation", bad, cwd=tmp_path).returncode == 3


def test_an_implementation_from_a_file_is_run(small_file, tmp_path):
    good = rule_file(tmp_path, "good")
    small_file.write_text(small_file.read_text().replace("[factors.dropout]", '[factors.mine]\ngood = { optimizer = "sgd/good" }\n[factors.dropout]'))
    assert trickbench("run", small_file, "--implementation", good, "--only", "mine=good", cwd=tmp_path).returncode == 0


def finished(folder):
    try:
        with contextlib.closing(sqlite3.connect(folder / "results.sqlite")) as connection:
            return connection.execute("SELECT count(*) FROM runs").fetchone()[0]
    except sqlite3.OperationalError:  # not made yet
        return 0


INTERRUPTIBLE = """
    import signal
    from trickbench.harness.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
"""
"""What runs in the background of a script inherits an ignored SIGINT."""


def test_an_interrupt_keeps_what_is_finished_and_says_so(small_file, tmp_path):
    small_file.write_text(small_file.read_text().replace("epochs = 3", "epochs = 300").replace("seeds = 2", "seeds = 2000"))
    program = [sys.executable, "-c", textwrap.dedent(INTERRUPTIBLE), "run", str(small_file)]
    running = subprocess.Popen(program, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    while finished(tmp_path / "trickbench-out" / "small") < 3:
        assert running.poll() is None, "it was still under way"
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert finished(tmp_path / "trickbench-out" / "small") >= 3
    assert running.returncode == 130
    stored = finished(tmp_path / "trickbench-out" / "small")
    sentence = r"trickbench: Interrupted with (.*) of 24,000 runs stored in trickbench-out/small; `trickbench run (.*)` continues.\n"
    told, file = re.fullmatch(sentence, said).groups()
    assert stored <= int(told.replace(",", "")) <= 2 * stored, "arms with equal recipes share their runs"
    assert file == str(small_file)


def test_progress_is_shown_in_a_terminal(small_file, tmp_path):
    here, there = pty.openpty()
    running = subprocess.Popen(
        [*PROGRAM, "run", str(small_file)], cwd=tmp_path, stdout=there, stderr=there, env=os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    )
    os.close(there)
    shown = b""
    while select.select([here], [], [], 60)[0]:
        try:
            shown += os.read(here, 4096)
        except OSError:  # the other end was closed: on Linux that is how a terminal ends
            break
    assert running.wait(timeout=60) == 0
    assert b"Kernels ready after" in shown
    assert b"16 runs on" in shown, "of 24 in the plan: arms with equal recipes share theirs"
    assert b"16/16" in shown


def test_shell_completion_is_offered():
    shown = trickbench("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1", SHELL="/bin/bash")
    assert "complete" in shown.stdout + shown.stderr
