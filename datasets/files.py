"""The user's own data: `csv[path=data/wine.csv,target=quality]`, `parquet[...]`, `npz[path=digits.npz,inputs=X,target=y]`.

A file's content identifies the data, not its name or place. Numeric columns are scaled, all others are categories and become one-hot; a
value that is missing is refused rather than guessed.
"""

from __future__ import annotations

import warnings
import zlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from ..harness.dataset import Dataset, Parameter, Source, file_at
from ..harness.errors import InputError, UnavailableError, unknown
from ._tables import TASK, dataset_of, task_of

PATH = Parameter("", "the path of the file", required=True)
TARGET = Parameter("", "the column to predict", required=True)


def load_csv(path: str, target: str, separator: str, task: str) -> Dataset:
    """A text file with a line of names, then a line a row."""
    import pandas as pd

    mark = "\t" if separator == "tab" else separator
    if len(mark) != 1:
        raise InputError(f"csv's separator is {separator!r}; accepted is one character, or tab.")
    file = _filled(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # pandas would drop the surplus fields of a row
            frame = pd.read_csv(file, sep=mark, skipinitialspace=True, low_memory=False, index_col=False)
    except pd.errors.ParserWarning as error:
        raise InputError(f"{file} has more fields in a row than names in its first line; accepted is one name a column.") from error
    except (ValueError, OSError) as error:
        raise _unreadable(file, "CSV", error) from error
    return dataset_of(file.name, frame, target, task)


def load_parquet(path: str, target: str, task: str) -> Dataset:
    """A Parquet file; pandas reads it through pyarrow."""
    missing = _without_pyarrow()
    if missing:
        raise UnavailableError(missing)
    import pandas as pd

    file = _filled(path)
    try:
        frame = pd.read_parquet(file, engine="pyarrow")
    except (ValueError, OSError) as error:
        raise _unreadable(file, "Parquet", error) from error
    return dataset_of(file.name, frame, target, task)


def _without_pyarrow() -> str | None:
    return None if find_spec("pyarrow") else 'Parquet files need the package pyarrow; run pip install "trickbench[parquet]".'


def load_npz(path: str, inputs: str, target: str, task: str) -> Dataset:
    """NumPy arrays by name: inputs (rows, features) and target (rows,). Pickled objects are never loaded."""
    file = _filled(path)
    try:
        with file.open("rb") as stream:
            values, labels = _arrays(file, np.load(stream, allow_pickle=False), inputs, target)
    except InputError:
        raise
    except (ValueError, OSError, EOFError, BadZipFile, zlib.error) as error:
        raise _unreadable(file, "NPZ", error) from error
    return Dataset(file.name, task_of(labels, task), values, labels)


def _arrays(file: Path, archive: Any, *names: str) -> list[np.ndarray[Any, Any]]:
    if isinstance(archive, np.ndarray):
        raise InputError(f"{file} holds a single array (NPY); accepted is an NPZ file with inputs and target, written by numpy.savez.")
    for name in names:
        if name not in archive.files:
            raise unknown(f"array in {file}", name, archive.files)
    return [archive[name] for name in names]


def _filled(path: str) -> Path:
    file = file_at(path)
    if file.stat().st_size == 0:
        raise InputError(f"{file} is empty; give a file with data.")
    return file


def _unreadable(file: Path, kind: str, error: Exception) -> InputError:
    reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return InputError(f"{file} cannot be read as {kind} ({reason.rstrip('.')}); give a file of this kind that holds nothing but numbers and text.")


SOURCES = (
    Source(
        "csv",
        "either",
        "A CSV file with a line of column names, in UTF-8.",
        load_csv,
        {"path": PATH, "target": TARGET, "separator": Parameter(",", "what stands between two fields: one character, or tab"), "task": TASK},
        files=("path",),
        packages=("pandas",),
    ),
    Source(
        "parquet",
        "either",
        "A Parquet file.",
        load_parquet,
        {"path": PATH, "target": TARGET, "task": TASK},
        available=_without_pyarrow,
        files=("path",),
        packages=("pandas", "pyarrow"),
    ),
    Source(
        "npz",
        "either",
        "Two arrays in a NumPy file: inputs (rows, features), target (rows,).",
        load_npz,
        {"path": PATH, "inputs": Parameter("X", "name of the inputs' array"), "target": Parameter("y", "name of the target's array"), "task": TASK},
        files=("path",),
    ),
)
