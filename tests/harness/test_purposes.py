"""The command line, the plan and the report count the runs of a study in the same words."""

from types import SimpleNamespace

import pandas as pd
import pytest

from trickbench.harness.purposes import sizes
from trickbench.harness.result import Result
from trickbench.reports import write_report
from trickbench.reports.sentences import facts

from .test_cli import trickbench


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"": 24}, "24 runs of up to 3 epochs"),
        ({"": 1}, "1 run of up to 3 epochs"),
        ({"": 24, "weights": 6, "split": 6}, "24 compared runs of up to 3 epochs and 12 that draw one source of randomness afresh alone"),
        (
            {"trial 1": 600, "trial 2": 600, "budget 1": 8, "": 8},
            "8 compared runs of up to 3 epochs, 1,200 of trials and 8 with what fewer trials would have chosen",
        ),
    ],
)
def test_runs_are_counted_by_what_they_are_for(counts, words):
    assert sizes(counts, 3) == words


def header(result: Result, folder) -> str:
    write_report(result, folder)
    return (folder / "report.md").read_text(encoding="utf-8")


def test_the_command_line_and_the_report_count_the_same_runs(small_file, tmp_path):
    small_file.write_text(small_file.read_text().replace("seeds = 2", "seeds = 3\nsources = 3").replace('"iris", "diabetes"', '"iris"'))
    done = trickbench("run", small_file, "--output", tmp_path / "out")
    words = "18 compared runs of up to 3 epochs and 72 that draw one source of randomness afresh alone"
    assert f"{words}: 90 done, 0 diverged, 0 failed, 0 without a result." in done.stdout
    assert f"6 arms × 1 dataset × 3 seeds: {words}" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert words in trickbench("run", small_file, "--dry-run").stdout


def test_a_tuned_study_has_its_trials_in_the_header(tuned_result, tmp_path):
    assert tuned_result.size in header(tuned_result, tmp_path)
    assert " of trials and " in tuned_result.size


def test_seeds_that_not_all_arms_have_are_no_factor_of_the_size():
    runs = pd.DataFrame({"arm": ["baseline"] * 10 + ["baseline + adam"] * 5})
    result = SimpleNamespace(study=SimpleNamespace(datasets=["iris"], seeds=range(10), epochs=3))
    assert facts(result, runs) == "2 arms × 1 dataset × up to 10 seeds: 15 runs of up to 3 epochs"


def test_one_of_each_is_no_plural(small_file):
    small_file.write_text(
        small_file.read_text().replace("seeds = 2", "seeds = 1").replace('"iris", "diabetes"', '"iris"').replace("epochs = 3", "epochs = 1")
    )
    shown = trickbench("run", small_file, "--dry-run", "--jobs", 1).stdout
    assert "\n1 dataset: iris\n1 seed: 0\n6 runs of up to 1 epoch, " in shown
    assert " s on 1 worker," in shown
