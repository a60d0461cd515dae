"""What a comparison says: a table, JSON, an exit status."""

from __future__ import annotations

import json
import math
from typing import Any

from .comparing import Comparison
from .sequential import FALSE_ALARM, SHOWN, Judgement, passes_needed

NO_SLOWDOWN, SLOWDOWN, WRONG_INPUT, ERRORS, NOTHING, NOT_ALL_DECIDED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
STATUSES = {
    NO_SLOWDOWN: "no slowdown, everything that the change can touch was decided",
    SLOWDOWN: "a slowdown",
    WRONG_INPUT: "the input is wrong, or a commit cannot be built",
    ERRORS: "a benchmark raised an error, or the comparison itself failed",
    NOTHING: "nothing was compared",
    NOT_ALL_DECIDED: "no slowdown so far, but not all decided: something is undecided or was left out",
    INTERRUPTED: "interrupted; what was decided until then is shown",
}
ORDER = ("slower", "undecided", "no slowdown")


def status(found: Comparison) -> int:
    """One of `STATUSES`. A slowdown outweighs an error, and an error what is not decided: 0 says that nothing is open."""
    if found.interrupted:
        return INTERRUPTED
    verdicts = {each.verdict for each in found.judgements().values()}
    if "slower" in verdicts:
        return SLOWDOWN
    if found.errors:
        return ERRORS
    if "undecided" in verdicts or found.left_out:
        return NOT_ALL_DECIDED
    return NO_SLOWDOWN if verdicts or found.untouched else NOTHING


def text(found: Comparison) -> str:
    """The table and what it means."""
    judged = found.judgements()
    lines = [f"{found.head.name} ({found.head.commit[:8]}) against {found.base.name} ({found.base.commit[:8]}), factor {found.factor:g}", ""]
    if judged:
        width = max(map(len, judged))
        lines.append(f"{'benchmark':{width}}  {'before':>9}  {'ratio':>6}  {'interval':>14}  passes  verdict")
        for each in sorted(found.compared, key=lambda each: (ORDER.index(judged[each.title].verdict), -judged[each.title].ratio)):
            before = each.visits[-1].base if each.visits else math.nan
            lines.append(f"{each.title:{width}}  {_duration(before):>9}  {_row(judged[each.title])}")
        lines.append("")
    return "\n".join([*lines, *_sentences(found, judged)])


def _row(judgement: Judgement) -> str:
    low, high = (f"{math.exp(end):.3f}" if math.isfinite(end) else "?" for end in (judgement.low, judgement.high))
    corrected = f", by {math.exp(judgement.at_least):.2f} or more" if judgement.verdict == "slower" else ""
    return f"{math.exp(judgement.ratio):6.3f}  {f'{low} to {high}':>14}  {judgement.passes:6}  {judgement.verdict}{corrected}"


def _sentences(found: Comparison, judged: dict[str, Judgement]) -> list[str]:
    counts = {verdict: sum(each.verdict == verdict for each in judged.values()) for verdict in ORDER}
    outcome = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    said = [
        f"{found.known} benchmarks fit; {found.untouched} run the same source in both commits and were left alone (--all compares them too).",
        f"{len(judged)} compared in {found.passes} passes and {found.seconds:.0f} s: {outcome}.",
        f"Interval of the median over passes: each end wrong at most {SHOWN:.0%} of the time; ? where the passes are too few for it.",
        f"A slowdown is reported where there is none in at most {FALSE_ALARM:.0%} of comparisons, all benchmarks together.",
    ]
    if counts["undecided"]:
        needed = passes_needed(len(judged))
        said.append(f"Undecided: a slowdown takes {needed} passes or more; a larger --budget or a narrower pattern would tell.")
    if found.interrupted:
        said.append("Interrupted; what was found until then is shown.")
    said += [f"not measured, the budget is too small: {title}" for title in found.left_out]
    said += [f"skipped: {title}: {reason}" for title, reason in found.skipped.items()]
    said += [f"error: {title}: {reason}" for title, reason in found.errors.items()]
    return said


def _duration(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def to_json(found: Comparison) -> str:
    """Everything, with the log ratio of every pass."""
    judged = found.judgements()
    return json.dumps(
        {
            "base": {"name": found.base.name, "commit": found.base.commit},
            "head": {"name": found.head.name, "commit": found.head.commit},
            "factor": found.factor,
            "status": status(found),
            "known": found.known,
            "untouched": found.untouched,
            "passes": found.passes,
            "seconds": found.seconds,
            "benchmarks": [_record(judged[each.title], each.title, [visit.ratio for visit in each.visits]) for each in found.compared],
            "left_out": found.left_out,
            "skipped": found.skipped,
            "errors": found.errors,
        },
        indent=1,
    )


def _record(judgement: Judgement, title: str, ratios: list[float]) -> dict[str, Any]:
    ends = {"ratio": judgement.ratio, "low": judgement.low, "high": judgement.high, "at_least": judgement.at_least}
    numbers = {name: math.exp(end) if math.isfinite(end) else None for name, end in ends.items()}
    return {"title": title, "verdict": judgement.verdict, **numbers, "log_ratios": ratios}
