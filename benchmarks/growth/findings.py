"""Everything that one call of the command found, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .growing import Row
from .points import Sample


@dataclass(frozen=True)
class Findings:
    """By the name of the axis: what was asked for, what was measured, and what comes of it."""

    sizes: Mapping[str, Sequence[int]]
    samples: Mapping[str, Sequence[Sample]]
    rows: Mapping[str, Sequence[Row]]
    machine: str
    versions: Mapping[str, str]
    limit: float
    megabytes: int

    def plain(self, verdict: str, said: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """For JSON, with the sentences."""
        return {
            "machine": self.machine,
            "versions": dict(self.versions),
            "limits": {"seconds": self.limit, "megabytes": self.megabytes},
            "verdict": verdict,
            "axes": {
                name: {
                    "sizes": list(self.sizes[name]),
                    "sentences": list(said[name]),
                    "rows": [row.plain() for row in self.rows[name]],
                    "samples": [asdict(sample) | {"steps": {step: each._asdict() for step, each in sample.steps.items()}} for sample in samples],
                }
                for name, samples in self.samples.items()
            },
        }
