"""The store: written at once, read back bit for bit, complaints in sentences."""

import os
import sqlite3

import numpy as np
import pytest

from trickbench.harness.database import FILE
from trickbench.harness.errors import InputError, StorageError
from trickbench.harness.execution import perform
from trickbench.harness.outcome import Outcome
from trickbench.harness.store import Store


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path) as opened:
        yield opened


def test_a_run_comes_back_bit_for_bit(store, jobs):
    outcome = perform(jobs[0])
    store.set_plan(jobs[:1])
    store.add(jobs[0], outcome, store.environment({"machine": "this"}))
    row = store.runs().iloc[0]
    assert row["parameters_digest"] == outcome.parameters_digest
    assert {name: row[name] for name in outcome.figures} == outcome.figures
    epochs = store.epochs()
    assert np.array_equal(epochs[list(outcome.columns)].to_numpy(float), outcome.history, equal_nan=True)


def test_the_plan_shows_runs_without_a_result_as_pending(store, jobs):
    store.set_plan(jobs)
    assert set(store.runs()["status"]) == {"pending"}
    assert store.epochs().empty


def test_failed_runs_are_no_results(store, jobs):
    number = store.environment({})
    for job, status in zip(jobs, ("done", "diverged", "failed", "timeout"), strict=False):
        store.add(job, Outcome(status), number)
    assert store.finished(job.key for job in jobs) == {jobs[0].key, jobs[1].key}


def test_another_reader_sees_a_run_as_soon_as_it_is_added(store, jobs, tmp_path):
    store.set_plan(jobs)
    store.add(jobs[0], Outcome("done"), store.environment({}))
    with Store(tmp_path, create=False) as reader:
        assert (reader.runs()["status"] == "done").sum() == 1


def test_an_environment_is_noted_once(store):
    assert store.environment({"a": "1"}) == store.environment({"a": "1"}) != store.environment({"a": "2"})


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(InputError, match="no results"):
        Store(tmp_path, create=False)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / FILE).write_text("this is not a database, but it is long enough to be taken for one at first sight")
    with pytest.raises(InputError, match="is no results file"):
        Store(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError) as refused:
        Store(tmp_path / "file" / "below")
    assert str(refused.value) == (
        f"Results cannot be kept in {tmp_path / 'file' / 'below'} (Not a directory); name a folder that can be made and written with --output."
    )


def test_a_full_disk_is_said_and_what_was_finished_is_kept(store, jobs):
    store.set_plan(jobs)
    number = store.environment({})
    store.add(jobs[0], Outcome("done"), number)
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own way of running out of room
    with pytest.raises(StorageError, match="free some room and start again: every finished run is kept"):
        store.add(jobs[1], Outcome("done", history=np.zeros((2000, 10))), number)
    assert store.finished([jobs[0].key]) == {jobs[0].key}


def test_a_disk_that_fails_is_no_folder_that_wants_rights(store):
    with (
        pytest.raises(StorageError, match=r"\(disk I/O error\); free some room, or choose another folder with --output and start again"),
        store.explained(),
    ):
        raise sqlite3.OperationalError("disk I/O error")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_file_is_said(tmp_path):
    Store(tmp_path).connection.close()
    (tmp_path / FILE).chmod(0o400)
    with pytest.raises(StorageError, match="make the folder writable"):
        Store(tmp_path)


def test_durability_is_what_the_module_says(store):
    assert store.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert store.connection.execute("PRAGMA synchronous").fetchone()[0] == 1
    assert sqlite3.threadsafety >= 1


def test_counts_and_reasons_are_those_of_the_plan(store, jobs):
    different = list({job.key: job for job in jobs}.values())
    store.set_plan(different[:5])
    number = store.environment({})
    outcomes = (Outcome("done"), Outcome("failed", "a"), Outcome("timeout", "b"), Outcome("failed", "b"), Outcome("done"))
    for job, outcome in zip(different[1:6], outcomes, strict=True):
        store.add(job, outcome, number)
    assert store.counts() == {"pending": 1, "done": 1, "failed": 2, "timeout": 1}
    assert list(store.failures().items()) == [("b", 2), ("a", 1)]


def test_the_epochs_of_one_dataset_are_those_among_all(store, jobs):
    store.set_plan(jobs)
    number = store.environment({})
    for job in {job.dataset: job for job in jobs}.values():
        store.add(job, perform(job), number)
    everything, iris = store.epochs(), store.epochs("iris")
    assert 0 < len(iris) < len(everything)
    assert iris.equals(everything[everything["dataset"] == "iris"].reset_index(drop=True).dropna(axis=1, how="all")[iris.columns])


def test_the_fingerprint_changes_with_the_plan_each_run_and_each_note(store, jobs):
    seen = [store.fingerprint()]

    def changed():
        seen.append(store.fingerprint())
        return len(set(seen)) == len(seen)

    store.set_plan(jobs[:2])
    assert changed()
    store.set_record(study={"question": "?"})
    assert changed()
    number = store.environment({})
    assert changed()
    store.add(jobs[0], Outcome("failed", "no such luck"), number)
    assert changed()
    for outcome in (
        Outcome("done", "no such luck"),
        Outcome("done", "no such luck", parameters_digest="abc"),
        Outcome("done", "no such luck", seconds=2),
    ):
        store.add(jobs[0], outcome, number)
        assert changed()
    store.set_plan(list(reversed(jobs[:2])))
    assert changed()
    store.add(jobs[5], Outcome("done"), number)  # not in the plan
    assert not changed()


@pytest.fixture
def read_only(store, jobs, tmp_path, monkeypatch):
    """A folder that the system says cannot be written; root could."""
    store.set_plan(jobs)
    store.add(jobs[0], Outcome("done"), store.environment({}))
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    return tmp_path


def test_a_read_only_folder_is_read_as_it_stands(store, read_only, jobs):
    store.connection.close()
    before = {path: path.stat().st_mtime_ns for path in read_only.iterdir()}
    with Store(read_only, create=False) as reader:
        assert reader.counts() == {"pending": len(jobs) - 1, "done": 1}
        with pytest.raises(StorageError, match="make the folder writable"):
            reader.set_plan(jobs)
    assert {path: path.stat().st_mtime_ns for path in read_only.iterdir()} == before


def test_a_read_only_folder_whose_log_was_left_behind_loses_nothing(store, read_only, jobs):
    assert (read_only / f"{FILE}-wal").stat().st_size > 0, "the store is open"
    with Store(read_only, create=False) as reader:
        assert reader.counts()["done"] == 1


def test_what_is_shown_of_runs_is_read_without_their_histories(store):
    (layout,) = store.connection.execute("SELECT sql FROM sqlite_master WHERE name = 'runs'").fetchone()
    assert layout.rstrip(" )\n").endswith("history BLOB")
    assert "WITHOUT ROWID" not in layout
