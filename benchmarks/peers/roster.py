"""All peers by name, ours first."""

from __future__ import annotations

from . import jax_scan, jax_stacked, ours, scikit_learn, torch_bmm, torch_compiled, torch_eager, torch_vmap
from .peer import Peer

OURS = "trickbench"


def peers() -> dict[str, Peer]:
    """Each form of each peer."""
    modules = (ours, jax_scan, jax_stacked, torch_bmm, torch_vmap, torch_eager, torch_compiled, scikit_learn)
    return {peer.name: peer for module in modules for peer in module.PEERS}
