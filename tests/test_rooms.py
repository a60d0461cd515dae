"""The rooms stand on floors: imports run one way, in the harness without a circle, and nothing in the harness names a technique."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from trickbench.harness import registry
from trickbench.harness.families import FAMILIES, JUDGES

ROOT = Path(registry.__file__).parents[1]
ROOMS = ("harness", "implementations", "datasets", "reports", "studies")


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imports(path: Path) -> set[str]:
    """The project's modules that a file imports at run time, wherever the import stands, as `room.module`."""
    tree, found = ast.parse(path.read_text(encoding="utf-8")), set()
    skipped = {inner for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level and node not in skipped:
            package = module_of(path).split(".")[: -node.level]
            base = ".".join([*package, *filter(None, [node.module])])
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    known = {module_of(file) for file in FILES}
    return {name for name in found if name in known}


FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
HARNESS = [path for path in FILES if module_of(path).startswith("harness.")]
MAY_IMPORT = {
    "implementations": {
        "harness.arrays",
        "harness.errors",
        "harness.exponential",
        "harness.families",
        "harness.kernel",
        "harness.technique",
        "harness.claim",
        "harness.diagnosis.curves",
        "harness.diagnosis.diagnosed",
        "harness.diagnosis.flow_chart",
        "harness.evidence",
        "harness.probe",
        "harness.stack",
        "harness.subject",
        "harness.adoption",
        "harness.network",
        "harness.adapters.jax_functions",
        "harness.adapters.jax_initializers",
    },
    "datasets": {"harness.dataset", "harness.errors"},
    "reports": set(),
    "studies": set(),
    "harness": set(),
}


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_room_imports_only_from_those_below(path):
    room, _, place = module_of(path).partition(".")
    foreign = {name for name in imports(path) if name.split(".")[0] != room}
    assert foreign <= MAY_IMPORT[room]
    if room == "implementations":  # rivals do not lean on one another
        folder = place.split(".")[0]
        assert all(name.split(".")[1] == folder for name in imports(path) if name.startswith("implementations."))


def test_the_harness_has_no_circle():
    graph = {module_of(path): imports(path) - {module_of(path)} for path in HARNESS if path.stem not in ("__init__", "__main__")}
    assert tuple(TopologicalSorter(graph).static_order())  # raises CycleError


@pytest.mark.parametrize("path", HARNESS, ids=module_of)
def test_nothing_in_the_harness_names_a_technique(path):
    names = set(registry.techniques()) - set(FAMILIES) - set(JUDGES)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert not names & words
