"""The training loop against its peers: `python -m benchmarks.peers`, or `tox -e peers-speed`.

    --work W S      the works (works.py), all of them unless given
    --peer JAX      only peers whose names contain one of these words, beside ours
    --rounds 5      five or more, in each of which every peer trains all runs
    --runs 32       seeds, eight or more: fewer say little of accuracy
    --growth        also the time of a run as the number of runs grows, of ours
    --output DIR    for peers.md, peers.json, peers.csv, peers.svg and peers.png
    --json          the results on standard output as JSON, not as a table

What is not installed is named and left out. Exit status 0: everything was measured, and all learn as well as ours; 1: an accuracy differs, or a
peer failed; 2: the input is wrong; 4: no peer is left; 130: interrupted, and what had been measured is written.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .growth import SIZES, Growth, grow
from .interleaved import Progress, Timed, interleave
from .limits import best, measure
from .outcome import Findings, Row, complaints, rows
from .peer import Peer
from .picture import draw
from .roster import OURS, peers
from .table import markdown
from .worker import PeerError
from .works import WORKS, Work

WRONG_INPUT, NO_PEER, INTERRUPTED = 2, 4, 130
FEWEST_ROUNDS, FEWEST_RUNS = 5, 8
PACKAGES = ("numpy", "numba", "scikit-learn", "joblib", "torch", "jax", "optax")


@dataclass
class Measured:
    """What there is when the command ends, or is interrupted."""

    timed: dict[str, list[Timed]] = field(default_factory=dict[str, list[Timed]])
    """By the name of the work."""
    growth: dict[str, list[Growth]] = field(default_factory=dict[str, list[Growth]])
    failed: list[str] = field(default_factory=list[str])
    interrupted: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    wanted = _parsed(arguments)
    works, folder = [WORKS[name] for name in wanted.work], Path(wanted.output)
    chosen = _chosen(wanted.peer)
    if not any(_asked(peer, wanted.peer) and not peer.cannot(work) for peer in chosen for work in works):
        sys.stderr.write("No peer is left that could do the work: nothing was measured. Install torch, or jax, or ask for another one.\n")
        return NO_PEER
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.stderr.write(f"{folder} cannot be made a folder ({error.strerror}); give --output a folder that can be written to.\n")
        return WRONG_INPUT
    found = _found(wanted, works, chosen)
    page = markdown(found)
    write(folder, found, page)
    sys.stdout.write(json.dumps(found.plain(), indent=2) + "\n" if wanted.json else page)
    sys.stderr.writelines(f"{sentence}\n" for sentence in found.complaints)
    return INTERRUPTED if found.interrupted else 1 if found.complaints else 0


def _found(wanted: argparse.Namespace, works: list[Work], chosen: list[Peer]) -> Findings:
    measured, limits = Measured(), measure(works)
    try:
        _measure(measured, wanted, works, chosen)
        limits = best(limits, measure(works))
    except KeyboardInterrupt:
        measured.interrupted = True
    found: list[Row] = []
    for work in works:
        found += rows(work, measured.timed.get(work.name, []), OURS, limits)
        found += [Row(work.name, peer.name, note=peer.cannot(work)) for peer in chosen if peer.cannot(work)]
    versions = {name: _version(name) for name in PACKAGES}
    said = [*complaints(found), *measured.failed]
    return Findings(works, found, measured.growth, limits, versions, OURS, wanted.rounds, wanted.runs, said, measured.interrupted)


def _measure(measured: Measured, wanted: argparse.Namespace, works: list[Work], chosen: list[Peer]) -> None:
    able = {work.name: [peer for peer in chosen if not peer.cannot(work)] for work in works}
    grown = works if wanted.growth else []
    progress = Progress(sum(map(len, able.values())) * (wanted.rounds + 1) + len(grown) * wanted.rounds * len(SIZES))
    for work in works:
        timed = {peer.name: Timed(peer.name, wanted.runs) for peer in able[work.name]}
        measured.timed[work.name] = list(timed.values())
        interleave(work, able[work.name], timed, wanted.rounds, progress)
    for work in grown:
        try:
            measured.growth[work.name] = grow(work, peers()[OURS], wanted.rounds, progress)
        except PeerError as error:
            measured.failed.append(f"{work.name}, growth: {error}")


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", nargs="+", choices=list(WORKS), default=list(WORKS))
    parser.add_argument("--peer", nargs="+", type=_word, default=[])
    parser.add_argument("--rounds", type=_at_least(FEWEST_ROUNDS), default=5)
    parser.add_argument("--runs", type=_at_least(FEWEST_RUNS), default=32)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--output", default="peers-out")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args(arguments)
    wanted.work = list(dict.fromkeys(wanted.work))
    return wanted


def _at_least(least: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is given; accepted is a whole number from {least}")
        return int(text)

    return whole


def _word(text: str) -> str:
    names = list(peers())
    if not any(text.lower() in name.lower() for name in names):
        raise argparse.ArgumentTypeError(f"{text!r} is given; accepted are words of {'; '.join(names)}")
    return text


def _asked(peer: Peer, words: Sequence[str]) -> bool:
    """Whether it is one of those to compare with."""
    return any(word.lower() in peer.name.lower() for word in words) if words else not peer.name.startswith(OURS)


def _chosen(words: Sequence[str]) -> list[Peer]:
    """Ours and the peers that were asked for, those with something missing named and left out."""
    chosen: list[Peer] = []
    for peer in peers().values():
        if not peer.name.startswith(OURS) and not _asked(peer, words):
            continue
        missing = peer.available()
        if missing:
            sys.stderr.write(f"{peer.name} is left out: {missing}.\n")
        else:
            chosen.append(peer)
    return chosen


def write(folder: Path, found: Findings, page: str) -> None:
    """The files of the results; no picture where ours failed and there are no ratios."""
    (folder / "peers.md").write_text(page, encoding="utf-8")
    (folder / "peers.json").write_text(json.dumps(found.plain(), indent=2) + "\n", encoding="utf-8")
    with (folder / "peers.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [column.name for column in fields(Row)], lineterminator="\n")
        table.writeheader()
        table.writerows(row.plain() for row in found.rows)
    if any(row.ratio for row in found.rows):
        svg, png = draw(found.rows, found.base)
        (folder / "peers.svg").write_text(svg, encoding="utf-8")
        (folder / "peers.png").write_bytes(png)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


if __name__ == "__main__":
    sys.exit(main())
