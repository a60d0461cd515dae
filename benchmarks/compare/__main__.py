"""`python -m benchmarks.compare BASE HEAD [PATTERN]`: does HEAD make a tracked benchmark slower than BASE?

Exit status 0 says that nothing got slower and that nothing is open; 5 that something is. All of them: `STATUSES` in output.py, or `--help`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
import traceback
from pathlib import Path

from .commits import BadInput, build
from .comparing import Settings, compare
from .output import ERRORS, INTERRUPTED, STATUSES, WRONG_INPUT, status, text, to_json
from .side import ROOT, SideError


def parser() -> argparse.ArgumentParser:
    """The command line."""
    words = argparse.ArgumentParser(
        prog="asv-compare",
        description="Compare the tracked benchmarks of time that a change can touch, both commits in turns.",
        epilog="Exit status: " + "; ".join(f"{number} {meaning}" for number, meaning in STATUSES.items()) + ".",
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
    words.add_argument("--repository", type=Path, default=ROOT, metavar="FOLDER", help="where the commits are; by default this checkout")
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
    if arguments.json is not None and (arguments.json.is_dir() or not os.access(arguments.json.parent, os.W_OK)):
        raise BadInput(f"--json is {arguments.json}; accepted is a file in a folder that is there and can be written to.")
    return Settings(arguments.pattern, arguments.all, arguments.factor, 60 * arguments.budget, arguments.seed)


def main(words: list[str]) -> int:
    """The command; returns its exit status. 1 means a slowdown and nothing else, so whatever goes wrong ends with another one."""
    arguments = parser().parse_intermixed_args(words)  # a pattern may stand after an option
    try:
        return run(arguments)
    except BadInput as error:
        _say(str(error))
        return WRONG_INPUT
    except KeyboardInterrupt:
        _say("Interrupted; there is nothing to show.")
        return INTERRUPTED
    except SideError as error:
        _say(str(error))
        return ERRORS
    except Exception as error:  # noqa: BLE001  whatever it is, it is no slowdown
        traceback.print_exc()
        _say(f"This was not foreseen: {type(error).__name__}: {error}")
        return ERRORS


def run(arguments: argparse.Namespace) -> int:
    """Build, compare, tell. Raises `BadInput` and `SideError`."""
    begin = time.monotonic()
    settings = checked(arguments)
    cache = ROOT / ".asv" / "compare"
    base, head = (build(arguments.repository, name, cache, arguments.here, _say) for name in (arguments.base, arguments.head))
    with tempfile.NamedTemporaryFile(prefix="asv-compare-", suffix=".log") as log:
        found = compare(base, head, settings, Path(log.name), _say, begin)
    print(text(found))  # noqa: T201
    if arguments.json is not None:
        arguments.json.write_text(to_json(found), encoding="utf-8")
    return status(found)


def _say(words: str) -> None:
    print(f"asv-compare: {words}", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
