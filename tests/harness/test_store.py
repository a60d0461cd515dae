"""The store: written at once, read back bit for bit, complaints in sentences."""

import os
import sqlite3

import numpy as np
import pytest

from trickbench.harness.errors import InputError, StorageError
from trickbench.harness.execution import perform
from trickbench.harness.outcome import Outcome
from trickbench.harness.store import FILE, Store


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
    with pytest.raises(StorageError, match="is no results file"):
        Store(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="Choose another folder"):
        Store(tmp_path / "file" / "below")


def test_a_full_disk_is_said_and_what_was_finished_is_kept(store, jobs):
    store.set_plan(jobs)
    number = store.environment({})
    store.add(jobs[0], Outcome("done"), number)
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own way of running out of room
    with pytest.raises(StorageError, match="free some room and start again: every finished run is kept"):
        store.add(jobs[1], Outcome("done", history=np.zeros((2000, 10))), number)
    assert store.finished([jobs[0].key]) == {jobs[0].key}


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
