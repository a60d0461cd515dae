"""Any two implementations of a technique that declare the same conventions compute the same: each is compared with all of the project's own.

What is compared, and how closely, each family says. Optimisers walk a hundred steps, in parameters and in state. An implementation may name the
rows of its state, `state_holds = ("velocity",)`: rows of one name are compared. Where two of the project's own name none and have as many,
all are. Masks and initial weights are draws: they agree bit for bit among those that declare one `stream`, and else in
distribution.
"""

from __future__ import annotations

from . import draws, functions, walks

CLAIMS = (*functions.CLAIMS, *walks.CLAIMS, *draws.CLAIMS)
