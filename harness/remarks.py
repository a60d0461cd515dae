"""What a plan does with its study that nobody might expect, in sentences: `--dry-run` shows them, and a run says them before it begins.

- A factorial of which --only keeps some comparisons still has all of its arms.
- A level that none of the designs compares is not run.
- Limits hold for runs in worker processes, and the plan has none.
- From one seed nothing can be decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .designs.design import Contrast, Level, arms, contrasts
from .planning import Job
from .study import Study, trick
from .words import listed

FACTORIAL = ("full-factorial", "fractional-factorial")


def remarks(study: Study, compared: Sequence[Contrast], jobs: Sequence[Job]) -> list[str]:
    """The sentences on what is planned of a study; none where nothing is unexpected."""
    every = contrasts(study)
    return [*_factorials(compared, every), *_not_compared(study, every), *_limits(study, jobs), *_one_seed(jobs)]


def _factorials(compared: Sequence[Contrast], every: Sequence[Contrast]) -> Iterator[str]:
    for design in FACTORIAL:
        kept, of = ([contrast for contrast in items if contrast.design == design] for items in (compared, every))
        if 0 < len(kept) < len(of):
            yield (
                f"{design}: --only keeps {len(kept)} of {len(of)} comparisons, and they need {len(arms(kept)):,} of {len(arms(of)):,} arms: each "
                "effect is a mean over the combinations of all other factors. The design add-one-in takes two arms for a trick."
            )


def _not_compared(study: Study, every: Sequence[Contrast]) -> Iterator[str]:
    there = {level for contrast in every for effect in contrast.effects for level in effect}
    missing = [trick(factor, level) for factor, levels in study.factors.items() for level in levels if Level(factor, level) not in there]
    if missing:
        yield f"None of the designs ({', '.join(study.design)}) compares {listed(missing)}: not run."


def _limits(study: Study, jobs: Sequence[Job]) -> Iterator[str]:
    if "limits" in study.model_fields_set and not any(job.isolated for job in jobs):
        yield "limits hold for runs in worker processes; all of these runs are compiled and go through threads, which nothing stops."


def _one_seed(jobs: Sequence[Job]) -> Iterator[str]:
    if len({job.seed for job in jobs}) == 1:
        yield "Nothing can be decided from one seed: an interval takes two at least, and five are a beginning. Raise seeds, or give --until-decided."
