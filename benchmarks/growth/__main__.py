"""How the cost of a study grows: `python -m benchmarks.growth`, or `tox -e growth`.

    --axis runs       an axis (axes.py); may be repeated; all of them unless given
    --quick           two small points an axis
    --beyond          also points larger than anybody needs, to see where it breaks
    --limit 120       seconds after which a point is stopped, and larger ones of its axis are left out
    --memory 8192     MB that a point may use, at most four fifths of the machine's
    --output FOLDER   for growth.md, growth.json, and the pictures growth and per-run as SVG and PNG
    --json            the results on standard output as JSON, not as a table

Exit status 0: every axis was measured; 1: one was not, not even at its least size; 2: the input is wrong; 130: interrupted, what was measured is
written. That something breaks at some size is what this is for, and no error.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .axes import AXES, Axis
from .breaking import sentences
from .findings import Findings
from .growing import rows
from .points import START, Sample, attempt, measured
from .table import duration, markdown, whole

PACKAGES = ("trickbench", "numpy", "scipy", "numba", "scikit-learn", "altair")
DONE, NOT_MEASURED, INTERRUPTED = 0, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    wanted = _parsed(arguments)
    folder: Path = wanted.output
    axes = {name: AXES[name] for name in AXES if name in (wanted.axis or AXES)}
    sizes = {name: _sizes(axis, wanted) for name, axis in axes.items()}
    samples: dict[str, list[Sample]] = {name: [] for name in axes}
    interrupted = False
    try:
        for name, axis in axes.items():
            _measure(axis, sizes[name], samples[name], wanted.limit, wanted.memory)
    except KeyboardInterrupt:
        interrupted = True
    found = _findings(sizes, samples, wanted)
    sys.stdout.write(json.dumps(_plain(found), indent=2) + "\n" if wanted.json else markdown(found))
    sys.stdout.flush()
    write(folder, found)
    if interrupted:
        sys.stderr.write("Interrupted; what was measured until then is written.\n")
        return INTERRUPTED
    return DONE if all(found.rows.values()) else NOT_MEASURED


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.growth", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--axis", action="append", choices=list(AXES))
    many = parser.add_mutually_exclusive_group()
    many.add_argument("--quick", action="store_true")
    many.add_argument("--beyond", action="store_true")
    parser.add_argument("--limit", type=_seconds, default=120.0)
    parser.add_argument("--memory", type=_megabytes, default=min(8192, _most()))
    parser.add_argument("--output", type=_folder, default="growth-out")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _sizes(axis: Axis, wanted: argparse.Namespace) -> tuple[int, ...]:
    return axis.quick if wanted.quick else (*axis.sizes, *(axis.beyond if wanted.beyond else ()))


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is given; accepted is a positive number of seconds")
    return value


def _megabytes(text: str) -> int:
    if not text.isdecimal() or not 256 <= int(text) <= _most():
        raise argparse.ArgumentTypeError(f"{text!r} is given; accepted is a whole number of MB from 256 to {_most()}, four fifths of the machine's")
    return int(text)


def _most() -> int:
    """Four fifths of the machine's memory, in MB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 4 // 5 // 2**20


def _folder(text: str) -> Path:
    """Made before anything is measured: hours must not end in a folder that cannot be written."""
    folder = Path(text)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is given and cannot be made ({error}); name another folder") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise argparse.ArgumentTypeError(f"{text!r} is given and cannot be written; name another folder")
    return folder


def _measure(axis: Axis, sizes: Sequence[int], samples: list[Sample], limit: float, megabytes: int) -> None:
    """Append every sample of an axis as it is taken."""
    begin = time.perf_counter()
    warm = attempt(axis, 0, 0, START, megabytes)
    _say(f"{axis.name}: {warm.error or 'kernels are in the cache'}", begin)

    def say(turn: int, sample: Sample) -> None:
        steps = ", ".join(f"{step} {duration(each.seconds)}" for step, each in sample.steps.items())
        _say(f"{axis.name} {sample.size:,}, repetition {turn + 1} of {axis.rounds}: {sample.error or steps}", begin)

    for sample in measured(sizes, lambda size: attempt(axis, size, max(sizes), limit, megabytes), axis.rounds, say, always=axis.flat):
        samples.append(sample)  # noqa: PERF402  one by one: an interrupt keeps them


def _say(words: str, begin: float) -> None:
    sys.stderr.write(f"[{time.perf_counter() - begin:.0f} s] {words}\n")


def _findings(sizes: dict[str, tuple[int, ...]], samples: dict[str, list[Sample]], wanted: argparse.Namespace) -> Findings:
    from trickbench.harness.timing.hardware import processor

    tables = {name: rows(AXES[name], taken) for name, taken in samples.items()}
    versions = {name: _version(name) for name in PACKAGES}
    return Findings(sizes, samples, tables, processor(), versions, wanted.limit, wanted.memory)


def write(folder: Path, found: Findings) -> None:
    """The files of the results."""
    from .picture import pictures

    (folder / "growth.md").write_text(markdown(found), encoding="utf-8")
    (folder / "growth.json").write_text(json.dumps(_plain(found), indent=2) + "\n", encoding="utf-8")
    for name, data in pictures(found.rows).items():
        (folder / name).write_bytes(data)


def _plain(found: Findings) -> dict[str, object]:
    said = {name: sentences(AXES[name], samples, found.rows[name], found.sizes[name]) for name, samples in found.samples.items()}
    return found.plain(whole(found), said)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


if __name__ == "__main__":
    sys.exit(main())
