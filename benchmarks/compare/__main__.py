"""`python -m benchmarks.compare BASE HEAD [PATTERN]`: does HEAD make a tracked benchmark slower than BASE?"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

from .commits import BadInput, build
from .comparing import Settings, compare
from .output import ERRORS, WRONG_INPUT, status, text, to_json
from .side import ROOT, SideError


def parser() -> argparse.ArgumentParser:
    """The command line."""
    words = argparse.ArgumentParser(
        prog="asv-compare",
        description="Compare the tracked benchmarks that a change can touch, both commits in turns.",
        epilog="Exit status: 0 no slowdown, 1 a slowdown, 2 the input is wrong, 3 a benchmark raised an error, 4 nothing was compared.",
    )
    words.add_argument("base", help="the commit before")
    words.add_argument("head", help="the commit after")
    words.add_argument("pattern", nargs="?", default="", help="only benchmarks in whose title this regular expression is found: 'adam/numba'")
    words.add_argument("--budget", type=float, default=15, metavar="MINUTES", help="of everything, building included (default 15)")
    words.add_argument("--factor", type=float, default=1.1, help="the slowdown that matters (default 1.1)")
    words.add_argument("--all", action="store_true", help="also benchmarks that run the same source in both commits")
    words.add_argument("--here", action="store_true", help="take the packages of the Python that runs this, not an environment of their own")
    words.add_argument("--seed", type=int, help="of the order of turns; by default another one each time")
    words.add_argument("--json", type=Path, metavar="FILE", help="write everything there too")
    words.add_argument("--repository", type=Path, default=ROOT, help=argparse.SUPPRESS)
    return words


def checked(arguments: argparse.Namespace) -> Settings:
    """The settings. Raises `BadInput`."""
    if not arguments.factor > 1:
        raise BadInput(f"--factor is {arguments.factor:g}; accepted is a number above 1.")
    if not arguments.budget > 0:
        raise BadInput(f"--budget is {arguments.budget:g}; accepted is a number of minutes above 0.")
    try:
        re.compile(arguments.pattern)
    except re.error as error:
        raise BadInput(f"{arguments.pattern!r} is no regular expression: {error}.") from error
    return Settings(arguments.pattern, arguments.all, arguments.factor, 60 * arguments.budget, arguments.seed)


def main(words: list[str]) -> int:
    """Build, compare, tell."""
    begin = time.monotonic()
    arguments = parser().parse_intermixed_args(words)  # a pattern may stand after an option
    try:
        settings = checked(arguments)
        cache = ROOT / ".asv" / "compare"
        base, head = (build(arguments.repository, name, cache, arguments.here, _say) for name in (arguments.base, arguments.head))
        with tempfile.NamedTemporaryFile(prefix="asv-compare-", suffix=".log") as log:
            found = compare(base, head, settings, Path(log.name), _say, begin)
    except BadInput as error:
        print(f"asv-compare: {error}", file=sys.stderr)  # noqa: T201
        return WRONG_INPUT
    except SideError as error:
        print(f"asv-compare: {error}", file=sys.stderr)  # noqa: T201
        return ERRORS
    print(text(found))  # noqa: T201
    if arguments.json is not None:
        arguments.json.write_text(to_json(found), encoding="utf-8")
    return status(found)


def _say(words: str) -> None:
    print(f"asv-compare: {words}", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
