"""The note beside a report: what it was made from, and what its files hold. By it a report that is still true is kept as it lies.

A report is true as long as its result, the source of this package and the libraries that draw are the same, and every file holds what was
written. Where only some of the figures have changed, only those are drawn again. Files of an earlier report that this one has no use for are
removed, unless somebody has changed them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .result import Result

FILE = ".report.json"
LIBRARIES = ("altair", "vl-convert-python", "jinja2", "markupsafe", "pandas")


@dataclass(frozen=True)
class Note:
    """Hashes: of all that a report was made from, of its files by their path, of its figures' descriptions by their name; and its answer."""

    made_from: str = ""
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    figures: Mapping[str, str] = field(default_factory=dict[str, str])
    answer: Sequence[Sequence[str]] = ()
    """(setting, sentence) of what the report says first, for whoever shows no page."""

    def holds(self, folder: Path, name: str) -> bool:
        """Whether a file is there and holds what was written."""
        if Path(name).is_absolute() or ".." in Path(name).parts:  # no name of ours
            return False
        try:
            return hash_of((folder / name).read_bytes()) == self.files[name]
        except (OSError, KeyError):
            return False

    def json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()


def noted(folder: Path) -> Note:
    """The note in a folder, an empty one where there is none that can be read."""
    try:
        return Note(**json.loads((folder / FILE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return Note()


def made_from(result: Result) -> str:
    """A hash of all that a report of this result is made from."""
    return hash_of(f"{result.fingerprint()} {drawn_with()}".encode())


@cache
def drawn_with() -> str:
    """A hash of this package's own files and of the versions of the libraries that draw."""
    own = [hash_of(path.read_bytes()) for path in sorted(Path(__file__).parent.iterdir()) if path.suffix in (".py", ".jinja")]
    return hash_of(" ".join([*own, *map(_version, LIBRARIES)]).encode())


def hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def hash_of_spec(spec: Mapping[str, Any]) -> str:
    """Of a figure's description, with what draws it."""
    return hash_of(f"{json.dumps(spec, sort_keys=True)} {drawn_with()}".encode())


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"
