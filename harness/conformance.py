"""What every member of a family owes, whatever it computes: `conformance.<family>.<topic>`."""

from __future__ import annotations

from . import (
    conformance_extremes,
    conformance_precision,
    conformance_purity,
    conformance_refusals,
    conformance_sizes,
    conformance_stopper,
    conformance_threads,
    conformance_use,
)

CLAIMS = (
    *conformance_purity.CLAIMS,
    *conformance_precision.CLAIMS,
    *conformance_sizes.CLAIMS,
    *conformance_extremes.CLAIMS,
    *conformance_refusals.CLAIMS,
    *conformance_use.CLAIMS,
    *conformance_threads.CLAIMS,
    *conformance_stopper.CLAIMS,
)
