"""The JavaScript that draws a page's charts: Vega, Vega-Lite and `vegaEmbed` in one piece of 900 KB.

vl-convert packs it in about a second, always the same for one version of it, so it is kept in the user's cache folder. A kept copy counts only
with its hash; where the folder cannot be written, it is packed each time.
"""

from __future__ import annotations

import contextlib
import os
from importlib.metadata import version
from pathlib import Path

from .files import write_whole
from .note import hash_of
from .pictures import vega_lite


def bundle() -> str:
    """The script."""
    kept = _cache() / f"vega-{vega_lite()}-{version('vl-convert-python')}.js"
    try:
        mark, _, script = kept.read_text(encoding="utf-8").partition("\n")
    except (OSError, ValueError):
        mark = script = ""
    return script if mark == f"// {hash_of(script.encode())}" else _packed(kept)


def _packed(kept: Path) -> str:
    import vl_convert

    script: str = vl_convert.javascript_bundle(vl_version=vega_lite())  # pyright: ignore[reportCallIssue]  its types forget a default
    with contextlib.suppress(OSError):
        write_whole(kept, f"// {hash_of(script.encode())}\n{script}".encode())
    return script


def _cache() -> Path:
    import platformdirs

    chosen = os.environ.get("TRICKBENCH_CACHE_DIR")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("trickbench")) / "page"
