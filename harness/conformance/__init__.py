"""What every member of a family owes, whatever it computes: `conformance.<family>.<topic>`."""

from __future__ import annotations

from . import (
    extremes,
    precision,
    purity,
    refusals,
    sizes,
    stopper,
    threads,
    use,
)

CLAIMS = (
    *purity.CLAIMS,
    *precision.CLAIMS,
    *sizes.CLAIMS,
    *extremes.CLAIMS,
    *refusals.CLAIMS,
    *use.CLAIMS,
    *threads.CLAIMS,
    *stopper.CLAIMS,
)
