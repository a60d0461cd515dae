"""The main job: nothing is computed twice, whatever is interrupted continues, and the tables are the same bits however they came about."""

import pandas as pd
import pytest

from trickbench.harness import ablation
from trickbench.harness.ablation import run
from trickbench.harness.errors import InputError
from trickbench.harness.progress import Watcher
from trickbench.harness.result import Result

TIMES = ["seconds"]


class Counting(Watcher):
    """Counts runs, and may stop the study after some."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.done, self.stop_after = 0, stop_after

    def finished(self, job, outcome) -> None:
        self.done += 1
        if self.done == self.stop_after:
            raise KeyboardInterrupt


def timeless(result: Result) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return result.runs.drop(columns=TIMES), result.epochs.drop(columns=TIMES), result.effects


def assert_same(one: Result, other: Result) -> None:
    for here, there in zip(timeless(one), timeless(other), strict=True):
        pd.testing.assert_frame_equal(here, there, check_exact=True)


def test_tables_are_the_same_bits_for_any_number_of_workers_and_after_an_interrupt(small, tmp_path):
    alone = run(small, workers=1, output=tmp_path / "alone")
    assert_same(alone, run(small, workers=2, output=tmp_path / "two"))
    with pytest.raises(KeyboardInterrupt):
        run(small, workers=2, output=tmp_path / "resumed", watcher=Counting(stop_after=7))
    watcher = Counting()
    assert_same(alone, run(small, workers=2, output=tmp_path / "resumed", watcher=watcher))
    assert watcher.done == alone.runs["run"].nunique() - 7


def test_a_second_start_computes_nothing(small, tmp_path):
    first = run(small, output=tmp_path)
    watcher = Counting()
    second = run(small, output=tmp_path, watcher=watcher)
    assert watcher.done == 0
    assert_same(first, second)


def test_more_seeds_compute_only_what_is_new(small, tmp_path):
    run(small, output=tmp_path)
    watcher = Counting()
    result = run(small.model_copy(update={"seeds": (0, 1, 2)}), output=tmp_path, watcher=watcher)
    assert watcher.done == result.runs.query("seed == 2")["run"].nunique() == 8, "arms with equal recipes share their runs"
    assert len(result.runs) == 36


def test_effects_are_the_paired_differences_of_the_scores(small, tmp_path):
    result = run(small, output=tmp_path)
    effect = result.effects.query("design == 'add-one-in' and trick == 'relu' and dataset == 'iris'").iloc[0]
    scores = result.runs.query("dataset == 'iris'").pivot_table(index="seed", columns="arm", values="test_metric")
    assert effect["difference"] == pytest.approx((scores["baseline + relu"] - scores["baseline"]).mean(), abs=1e-15)
    assert effect["seeds"] == 2


def test_another_study_does_not_take_the_place_of_one(small, tmp_path):
    first = run(small, output=tmp_path)
    with pytest.raises(InputError, match=f"holds the study {small.name}, whose plan and report another would replace"):
        run(small.model_copy(update={"name": "another"}), output=tmp_path)
    assert_same(first, Result(tmp_path))


def test_a_result_shows_itself_in_a_notebook(small, tmp_path):
    page = run(small, output=tmp_path)._repr_html_()
    assert "Does it help?" in page
    assert "<table" in page


def test_a_plan_may_be_looked_at_before_it_is_run(small, tmp_path):
    planned = ablation.plan(small, only=["activation=relu"], seed=5)
    assert {job.arm for job in planned.jobs} == {"baseline", "baseline + relu", "full", "full - relu"}
    assert run(planned, output=tmp_path).study.seeds == [5, 6]


def test_the_environment_and_the_command_are_recorded(small, tmp_path):
    environment = run(small, output=tmp_path).environment
    assert {"machine", "python", "numpy", "numba", "commit", "command"} <= set(environment)


def test_refused_data_leave_no_trace(small, tmp_path):
    (tmp_path / "mine.csv").write_text("a,y\n" + "1,0\n" * 30 + ",1\n" * 30)
    # the task is given: to find it out, planning would read the data, and refuse them
    bad = small.model_copy(update={"datasets": ("iris", f"csv[path={tmp_path / 'mine.csv'},target=y,task=classification]")})
    with pytest.raises(InputError, match="column 'a'"):
        run(bad, output=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    run(small, output=tmp_path / "out")
    before = (tmp_path / "out" / "results.sqlite").read_bytes()
    with pytest.raises(InputError, match="column 'a'"):
        run(bad, output=tmp_path / "out")
    assert (tmp_path / "out" / "results.sqlite").read_bytes() == before


def test_a_second_start_loads_no_data_and_notes_nothing(small, tmp_path, monkeypatch):
    first = run(small, output=tmp_path)
    for name in ("check_data", "environment", "warm_up", "execute"):
        monkeypatch.setattr(ablation, name, None)
    assert run(small, output=tmp_path).fingerprint() == first.fingerprint()


def test_a_result_that_came_later_makes_a_report_look_stale_and_never_fresh(small, tmp_path):
    some = run(small, output=tmp_path)
    run(small.model_copy(update={"seeds": (0, 1, 2)}), output=tmp_path)
    assert len(some.runs) == 36, "tables are read when they are first asked for"
    assert some.fingerprint() != Result(tmp_path).fingerprint(), "the hash is older than the tables"


def test_the_epochs_of_a_dataset_are_read_by_themselves(small, tmp_path):
    result = run(small, output=tmp_path)
    assert set(result.epochs_on("iris")["dataset"]) == {"iris"}
    assert "epochs" not in vars(result)
