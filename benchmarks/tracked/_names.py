"""The implementations that are tracked, by family: those of the present checkout, read from its files.

The axis of a plot must not depend on what is installed where asv looks, so nothing is imported: a technique's family is read from the source of
its `technique.py`, and its implementations are the files beside it. A name that a commit lacks is skipped there.
"""

import ast
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "implementations"


def _family(source: str) -> str:
    """What `family=` says."""
    keywords = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.keyword) and node.arg == "family")
    return next(ast.literal_eval(keyword.value) for keyword in keywords)


def _variants(folder: Path) -> list[str]:
    names = (path.stem for path in sorted(folder.glob("*.py")))
    return [name for name in names if name != "technique" and not name.startswith(("_", "claims"))]


def _by_family() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(FOLDER.glob("*/technique.py")):
        family = _family(path.read_text(encoding="utf-8"))
        found[family] = (*found.get(family, ()), *(f"{path.parent.name}/{variant}" for variant in _variants(path.parent)))
    return found


IMPLEMENTATIONS = _by_family()
