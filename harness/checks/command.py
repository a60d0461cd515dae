"""`trickbench check`, step by step: what was asked for, the checks, and what is said of them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import catalogue, registry
from ..claim import Claim
from ..errors import InputError, unknown
from ..lookup import handed_in, named
from ..technique import Implementation
from .perform import BAD, Checked, perform
from .plan import CheckPlan, check_plan
from .run import LABORATORY, check_run
from .verdicts import Verdicts

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Asked:
    """What to check."""

    claims: Sequence[str] = ()
    """Patterns of ids."""
    techniques: Sequence[str] = ()
    implementations: Sequence[str] = ()
    """Names, files, modules, as `lookup.named` takes them."""
    fast: bool = False
    seed: int = 0

    def plan(self) -> CheckPlan:
        """Every check that was asked for."""
        chosen = [each for text in self.implementations for each in named(text)] if self.implementations else None
        return check_plan(self.claims, self.techniques, chosen, fast=self.fast)


def check(asked: Asked, workers: int = 1, console: Console | None = None) -> Verdicts:
    """Make the checks, with a moving line where the console is a terminal. An interrupt keeps what was found."""
    begin, plan, interrupted = time.perf_counter(), asked.plan(), False
    found: list[Checked] = []
    try:
        for each in _watched(check_run(plan, asked.seed, workers), len(plan.pairs), console):
            found.append(each)  # noqa: PERF402  an interrupt must find what is there
    except KeyboardInterrupt:
        interrupted = True
    return Verdicts.of(plan, found, asked.seed, time.perf_counter() - begin, interrupted=interrupted)


def _watched(results: Iterable[Checked], expected: int, console: Console | None) -> Iterator[Checked]:
    if console is None or not console.is_terminal:
        yield from results
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("checks"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TextColumn("left"))
    refuted = 0
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task("", total=expected)
        for each in results:
            refuted += each.verdict in BAD
            progress.update(task, advance=1, description=f"{refuted} refuted" if refuted else "")
            yield each


def recheck(
    claim: str, implementation: Any, *, file: str | Path | None = None, technique: str | None = None,
    conventions: Mapping[str, str] | None = None, seed: int = 0,
) -> Checked:  # fmt: skip
    """One claim held against one implementation again: a name (`adam/numba_fused`, with `file` for one of yours), `module:class`, or a class.

    `technique` and `conventions` are those of a class that does not name them itself. Raises `InputError` for what is unknown, or a claim about
    something else.
    """
    if claim not in catalogue.claims():
        raise unknown("claim", claim, catalogue.claims())
    if file is not None:
        registry.add_file(Path(file))
    found = named(implementation, technique, conventions) if isinstance(implementation, str) else [handed_in(implementation, technique, conventions)]
    if len(found) != 1:
        raise InputError(f"{implementation} holds {len(found)} implementations ({', '.join(each.name for each in found)}); name one.")
    return check_one(catalogue.claims()[claim], found[0], seed)


def check_one(claim: Claim, implementation: Implementation, seed: int = 0) -> Checked:
    """One check, here and now."""
    if seed < 0:
        raise InputError(f"seed is {seed}; accepted is a whole number from 0.")
    if not claim.concerns(implementation.technique.name, implementation.technique.family):
        raise InputError(f"{claim.id} is not about {implementation.name}.")
    return perform(claim, implementation, seed, LABORATORY)
