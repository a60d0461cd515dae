"""`tox -e asv`: every tracked benchmark once, on what is installed; fails where asv itself would end with 0.

    python benchmarks/run_suite.py [PATTERN]      a regular expression, searched as asv does: "time_update.'adam/"

asv notes a benchmark that raised as null in its result file, one that was skipped as NaN, and ends with 0 after both. Here an error, a missing
result, and a skip for any other reason than a package that is not installed end with 3, and no measured benchmark at all with 4; a pattern that
is no regular expression with 2. The results of this quick run are thrown away: they would be too noisy beside those of `asv run`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DONE, ERRORS, NOTHING = 0, 3, 4


@dataclass
class Report:
    """What became of every benchmark, one entry a combination of parameters."""

    measured: list[str] = field(default_factory=list[str])
    failed: list[str] = field(default_factory=list[str])
    skipped: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """By the reason."""
    unexplained: list[str] = field(default_factory=list[str])
    """Skipped, though nothing that it names is missing here."""

    @property
    def status(self) -> int:
        """The exit status."""
        if self.failed or self.unexplained:
            return ERRORS
        return DONE if self.measured else NOTHING

    def __str__(self) -> str:
        skipped = sum(map(len, self.skipped.values()))
        lines = [f"{len(self.measured)} measured, {skipped} skipped, {len(self.failed) + len(self.unexplained)} wrong."]
        for reason, titles in self.skipped.items():
            names = dict.fromkeys(title.partition("(")[2].rstrip(")").partition(", ")[0] for title in titles)
            lines.append(f"  {len(titles)} skipped, {reason}: {', '.join(names)}")
        lines += [f"  skipped, and no missing package explains it: {what}" for what in self.unexplained]
        lines += [f"  failed: {what}" for what in self.failed]
        return "\n".join(lines)


def examine(expected: dict[str, Any], results: dict[str, Any], unavailable: dict[str, str], pattern: str = "") -> Report:
    """asv's list of benchmarks against its results: `{name: [values, ...]}`, values null as a whole where every one is.

    asv notes what a pattern leaves out as it notes what was skipped, so the pattern is applied here anew.
    """
    report = Report()
    for name, benchmark in sorted(expected.items()):
        combinations = list(itertools.product(*benchmark["params"]))
        values = (results.get(name) or [None])[0] or [None] * len(combinations)
        for combination, value in zip(combinations, values, strict=True):
            if re.search(pattern, f"{name}({', '.join(combination)})" if combination else name):
                _place(report, name, [text.strip("'\"") for text in combination], value, unavailable)
    return report


def _place(report: Report, name: str, combination: list[str], value: float | None, unavailable: dict[str, str]) -> None:
    title = f"{name}({', '.join(combination)})"
    reasons = [unavailable[word] for word in combination if word in unavailable]
    if value is None:
        report.failed.append(title)
    elif not math.isnan(value):
        report.measured.append(title)
    elif reasons:
        report.skipped.setdefault(reasons[0], []).append(title)
    else:
        report.unexplained.append(title)


def configuration(folder: Path) -> Path:
    """`asv.conf.json` with results in a folder of their own."""
    settings = json.loads((ROOT / "asv.conf.json").read_text(encoding="utf-8"))
    settings |= {"repo": str(ROOT), "benchmark_dir": str(ROOT / settings["benchmark_dir"]), "results_dir": str(folder / "results")}
    path = folder / "asv.conf.json"
    path.write_text(json.dumps(settings | {"env_dir": str(folder / "env"), "html_dir": str(folder / "html")}), encoding="utf-8")
    return path


def run(path: Path, pattern: str) -> int:
    """asv's own run, its output as it comes."""
    asv = [sys.executable, "-m", "asv"]
    if not Path("~/.asv-machine.json").expanduser().is_file():
        subprocess.run([*asv, "machine", "--yes", "--config", str(path)], check=True, stdout=subprocess.DEVNULL)
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    chosen = ["--bench", pattern] if pattern else []
    command = [*asv, "run", "--config", str(path), "--quick", "--python=same", "--set-commit-hash", commit, "--show-stderr", *chosen]
    return subprocess.run(command, check=False).returncode


def parsed(arguments: list[str]) -> str:
    """The pattern; a wrong one ends the process with 2."""
    parser = argparse.ArgumentParser("run_suite.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pattern", nargs="?", default="", help="a regular expression; all benchmarks unless given")
    pattern = parser.parse_args(arguments).pattern
    try:
        re.compile(pattern)
    except re.error as error:
        parser.error(f"{pattern!r} is no regular expression: {error}.")
    return pattern


def outcome(folder: Path, status: int, pattern: str) -> tuple[str, int]:
    """What asv, which ended with `status`, left in the folder: in words, and as an exit status."""
    from trickbench.harness import registry

    listed = folder / "results" / "benchmarks.json"
    if not listed.is_file():
        return f"asv ended with {status} and left no list of benchmarks; what it says above tells why.", ERRORS
    expected = json.loads(listed.read_text(encoding="utf-8"))
    files = [path for path in listed.parent.glob("*/*.json") if path.name != "machine.json"]
    results = json.loads(files[0].read_text(encoding="utf-8"))["results"] if files else {}
    report = examine({name: each for name, each in expected.items() if name != "version"}, results, registry.unavailable(), pattern)
    if status not in (0, 2) and report.status == DONE:
        return f"{report}\nasv ended with {status}.", ERRORS
    return str(report), report.status


def main(arguments: list[str]) -> int:
    """Run, examine, tell."""
    pattern = parsed(arguments)
    with tempfile.TemporaryDirectory(prefix="asv-") as name:
        try:
            words, status = outcome(Path(name), run(configuration(Path(name)), pattern), pattern)
        except (OSError, subprocess.CalledProcessError) as error:
            words, status = f"The benchmarks could not be run: {error}", ERRORS
    print(words)  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
