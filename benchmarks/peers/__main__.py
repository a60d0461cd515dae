"""The training loop against its peers: `python -m benchmarks.peers`, or `tox -e peers-speed`.

    --work W S      the works (works.py), all of them unless given
    --peer JAX      only peers whose names contain one of these words, beside ours
    --rounds 5      in each of which every peer trains all runs
    --runs 32       seeds, two or more
    --growth        also the time of a run as the number of runs grows, of ours
    --output DIR    for peers.md, peers.json, peers.csv, peers.svg and peers.png
    --json          the results on standard output as JSON, not as a table

Exit status 0: everything was measured, and all learn as well as ours; 1: an accuracy differs, or a peer failed; 2: the input is wrong. What is not
installed is named and left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .growth import SIZES, Growth, grow
from .interleaved import Progress, interleave
from .limits import best, measure
from .outcome import Findings, Row, complaints, rows
from .peer import Peer
from .picture import draw
from .roster import OURS, peers
from .table import markdown
from .worker import PeerError
from .works import WORKS, Work

PACKAGES = ("numpy", "numba", "scikit-learn", "joblib", "torch", "jax", "optax")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    wanted = _parsed(arguments)
    found = _found(wanted, [WORKS[name] for name in wanted.work], _chosen(wanted.peer))
    page = markdown(found)
    write(Path(wanted.output), found, page)
    sys.stdout.write(json.dumps(found.plain(), indent=2) + "\n" if wanted.json else page)
    sys.stderr.writelines(f"{sentence}\n" for sentence in found.complaints)
    return 1 if found.complaints else 0


def _found(wanted: argparse.Namespace, works: list[Work], chosen: list[Peer]) -> Findings:
    before = measure(works)
    able = {work.name: [peer for peer in chosen if not peer.cannot(work)] for work in works}
    steps = sum(map(len, able.values())) * (wanted.rounds + 1) + wanted.growth * len(works) * wanted.rounds * len(SIZES)
    progress, found = Progress(steps), list[Row]()
    timed = {work: interleave(work, able[work.name], wanted.rounds, wanted.runs, progress) for work in works}
    growth, failed = _grown(works if wanted.growth else [], wanted.rounds, progress)
    limits = best(before, measure(works))
    for work in works:
        found += rows(work, timed[work], OURS, limits)
        found += [Row(work.name, peer.name, note=peer.cannot(work)) for peer in chosen if peer.cannot(work)]
    versions = {name: _version(name) for name in PACKAGES}
    return Findings(works, found, growth, limits, versions, OURS, wanted.rounds, wanted.runs, [*complaints(found), *failed])


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", nargs="+", choices=list(WORKS), default=list(WORKS))
    parser.add_argument("--peer", nargs="+", default=[])
    parser.add_argument("--rounds", type=_from_one, default=5)
    parser.add_argument("--runs", type=_from_two, default=32)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--output", default="peers-out")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _from_one(text: str, least: int = 1) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text!r} is given; accepted is a whole number from {least}")
    return int(text)


def _from_two(text: str) -> int:
    """One run has no spread, and its accuracy agrees with nothing."""
    return _from_one(text, 2)


def _chosen(words: Sequence[str]) -> list[Peer]:
    """Ours and the peers that were asked for, those with something missing named and left out."""
    chosen: list[Peer] = []
    for peer in peers().values():
        if words and not peer.name.startswith(OURS) and not any(word.lower() in peer.name.lower() for word in words):
            continue
        missing = peer.available()
        if missing:
            sys.stderr.write(f"{peer.name} is left out: {missing}.\n")
        else:
            chosen.append(peer)
    return chosen


def _grown(works: Sequence[Work], rounds: int, progress: Progress) -> tuple[dict[str, list[Growth]], list[str]]:
    found: dict[str, list[Growth]] = {}
    failed: list[str] = []
    for work in works:
        try:
            found[work.name] = grow(work, peers()[OURS], rounds, progress)
        except PeerError as error:
            failed.append(f"{work.name}, growth: {error}")
    return found, failed


def write(folder: Path, found: Findings, page: str) -> None:
    """The files of the results; no picture where ours failed and there are no ratios."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "peers.md").write_text(page, encoding="utf-8")
    (folder / "peers.json").write_text(json.dumps(found.plain(), indent=2) + "\n", encoding="utf-8")
    with (folder / "peers.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [field.name for field in fields(Row)], lineterminator="\n")
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
