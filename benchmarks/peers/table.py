"""The results as Markdown: a table a work, the fastest first, and what the numbers are."""

from __future__ import annotations

from collections.abc import Sequence

from .growth import Growth
from .limits import Limits
from .outcome import Findings, Row
from .ratios import BELOW, ERRORS, MARGIN, quartiles
from .works import ROWS, Work

WORDS = (
    "A time is that of one run, all runs over both cores: median and quartiles over the rounds, in which everybody takes turns. A ratio is to the "
    "time of `{base}` in the same round: the median of {rounds} rounds, and the least and the most of them; above 1 the peer is slower. The share of "
    "the limit is the least time over the median: matrix products at the measured peak of two cores, plus Adam's bytes at the bandwidth over a "
    "working set that stays in the caches (in brackets: at that of memory). Accuracy is the mean over runs and rounds on the test rows; the "
    "difference from ours and its standard error are those of the worst round. It is held to be equal where the difference with {errors:g} standard "
    "errors added is at most {margin:g} in every round, and no run lies more than {below:g} below the worst of ours. Ready is what comes before: "
    "imports, data, compilation and a first training of all runs."
)
HEAD = ("peer", "ms a run", "quartiles", "ratio", "least to most", "share of the limit", "rows/s", "accuracy", "difference", "ready")


def markdown(found: Findings) -> str:
    """The whole page."""
    parts = ["# The training loop and its peers", _machine(found), _words(found)]
    for work in found.works:
        rows = [row for row in found.rows if row.work == work.name]
        parts += [f"## {work.name}: {describe(work)}", _bound(work, found.limits), _table(rows)]
    parts += [f"## {name}: time per run as the number of runs grows\n\n{_growth(sizes)}" for name, sizes in found.growth.items()]
    parts += ["## What is wrong\n\n" + "\n".join(f"- {sentence}" for sentence in found.complaints)] if found.complaints else []
    return "\n\n".join(parts) + "\n"


def describe(work: Work) -> str:
    """A work in words."""
    extras = [f"dropout {work.dropout:g} and L2"] if work.dropout else []
    extras += [f"Maxout of {work.pieces} pieces"] if work.pieces > 1 else []
    extras += ["measured after every epoch"] if work.measured else []
    widths = "-".join(map(str, [work.shapes[0][0], *work.hidden, work.shapes[-1][1]]))
    return ", ".join([widths, f"batches of {work.batch}", f"{work.epochs} epochs of {ROWS['train']:,} rows", *extras])


def _words(found: Findings) -> str:
    return WORDS.format(base=found.base, rounds=found.rounds, errors=ERRORS, margin=MARGIN, below=BELOW)


def _machine(found: Findings) -> str:
    limits, libraries = found.limits, ", ".join(f"{name} {version}" for name, version in found.versions.items())
    return (
        f"{limits.processor}. Measured on two cores: {limits.products / 1e9:.0f} Gflop/s in float32 matrix products, {limits.memory / 1e9:.0f} GB/s "
        f"over 512 MB. {found.rounds} rounds of {found.runs} runs{', interrupted' if found.interrupted else ''}. {libraries}."
    )


def _bound(work: Work, limits: Limits) -> str:
    return (
        f"Least time {limits.seconds(work) * 1e3:.2f} ms a run: {work.operations / 1e9:.2f} Gflop, and {work.optimiser_bytes / 1e6:.0f} MB at "
        f"{limits.cache[work.optimiser_set] / 1e9:.0f} GB/s over {work.optimiser_set / 1e3:.0f} kB a core "
        f"({limits.seconds(work, cached=False) * 1e3:.2f} ms at that of memory)."
    )


def _table(found: Sequence[Row]) -> str:
    lines = [_line(HEAD), _line(["---", *["---:"] * (len(HEAD) - 1)])]
    return "\n".join([*lines, *(_line(_cells(row)) for row in found)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: Row) -> list[str]:
    if row.median is None:
        return [row.peer, row.note.replace("|", "/"), *[""] * (len(HEAD) - 2)]
    away = "" if row.difference is None else f"{row.difference:+.4f} ± {row.difference_error:.4f}{'' if row.agrees else ' **differs**'}"
    return [
        row.peer,
        f"{row.median * 1e3:.2f}",
        f"{_thousandths(row.lower)} to {_thousandths(row.upper)}",
        _number(row.ratio),
        f"{_number(row.ratio_least)} to {_number(row.ratio_most)}",
        f"{row.share or 0:.0%} ({row.share_memory or 0:.0%})",
        f"{row.rows_a_second or 0:,.0f}",
        f"{row.accuracy:.4f}",
        away,
        f"{row.ready:.1f} s",
    ]


def _thousandths(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1e3:.2f}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _growth(sizes: Sequence[Growth]) -> str:
    lines = [_line(("runs at a time", "ms a run", "quartiles", "ratio", "least to most")), _line(("---:",) * 5)]
    for size in sizes:
        low, middle, high = (f"{seconds * 1e3:.2f}" for seconds in quartiles(size.seconds))
        to = size.to_least
        lines.append(_line((str(size.runs), middle, f"{low} to {high}", f"{to.median:.3f}", f"{to.least:.3f} to {to.most:.3f}")))
    return "\n".join(lines)
