"""The SQLite file of a study: its tables, how it is opened, and its complaints as sentences.

Write-ahead logging with synchronous NORMAL: 0.07 ms a run, and whatever kills the process loses at most the runs under way. A folder that cannot be
written is read as it stands.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from .errors import InputError, StorageError

FILE = "results.sqlite"
FIGURES = ("train_loss", "validation_loss", "test_loss", "train_metric", "validation_metric", "test_metric")
NEEDED = {True: "name a folder that can be made and written with --output", False: "give a folder that can be read"}
ADVICE = {
    "full": "free some room",
    "I/O": "free some room, or choose another folder with --output",
    "": "make the folder writable, or choose another one with --output",
}
"""By a word of SQLite's reason for not writing: what helps."""

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS runs (
    run TEXT PRIMARY KEY, recipe TEXT, dataset TEXT, task TEXT, metric TEXT, seed INTEGER, status TEXT, message TEXT, epochs INTEGER,
    updates INTEGER, best_epoch INTEGER, seconds REAL, {", ".join(f"{name} REAL" for name in FIGURES)}, chance_metric REAL,
    chance_validation_metric REAL, parameters_digest TEXT, columns TEXT, environment INTEGER, finished TEXT DEFAULT CURRENT_TIMESTAMP,
    history BLOB
);
CREATE TABLE IF NOT EXISTS plan (position INTEGER PRIMARY KEY, run TEXT, arm TEXT, dataset TEXT, task TEXT, metric TEXT, seed INTEGER,
    purpose TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS record (name TEXT PRIMARY KEY, json TEXT);
CREATE TABLE IF NOT EXISTS environments (id INTEGER PRIMARY KEY, json TEXT UNIQUE);
"""
"""The history stands last, and rows have numbers: what comes before it is then read without it, twenty times as fast."""
ADDED = (
    ("plan", "purpose", "ALTER TABLE plan ADD COLUMN purpose TEXT NOT NULL DEFAULT ''"),
    ("runs", "chance_validation_metric", "ALTER TABLE runs ADD COLUMN chance_validation_metric REAL"),
)


class Database:
    """An open file. Used by one thread; a context manager that closes it."""

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self.path = folder / FILE
        if not create and not self.path.is_file():
            raise InputError(f"There are no results in {folder} ({FILE} is missing); give the folder that `trickbench run` names at its end.")
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{folder} is a file; give a folder.")
        try:
            if create:
                folder.mkdir(parents=True, exist_ok=True)
            read_only = not create and not os.access(folder, os.W_OK)
            self.connection = self._reader() if read_only else sqlite3.connect(self.path, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            reason = (isinstance(error, OSError) and error.strerror) or error
            raise StorageError(f"Results cannot be {'kept' if create else 'read'} in {folder} ({reason}); {NEEDED[create]}.") from error
        try:
            if not read_only:
                self._prepare()
        except BaseException:
            self.connection.close()
            raise

    def _reader(self) -> sqlite3.Connection:
        """A connection that writes nothing, not even the file of locks that write-ahead logging needs, unless a log waits to be read."""
        log = self.path.with_name(f"{FILE}-wal")
        waits = log.is_file() and log.stat().st_size > 0
        return sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro{'' if waits else '&immutable=1'}", uri=True, isolation_level=None)

    def _prepare(self) -> None:
        with self.explained():
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=NORMAL")
            self.connection.executescript(SCHEMA)
            for table, column, addition in ADDED:  # which an earlier version's file lacks
                if column not in {row[1] for row in self.connection.execute(f"PRAGMA table_info({table})")}:
                    self.connection.execute(addition)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.connection.close()

    @contextmanager
    def explained(self) -> Generator[None]:
        """SQLite's complaints as sentences."""
        try:
            yield
        except sqlite3.OperationalError as error:
            advice = next(
                (words for reason, words in ADVICE.items() if reason in str(error)), "make the folder writable, or choose another with --output"
            )
            raise StorageError(f"{self.path} cannot be written ({error}); {advice} and start again: every finished run is kept.") from error
        except sqlite3.DatabaseError as error:
            raise InputError(f"{self.path} is no results file ({error}); move it away, or choose another folder with --output.") from error
