"""The hash of a module's source sees every edit that can change a number, and no other."""

import subprocess
import sys

import pytest

FILES = {
    "__init__.py": "",
    "rule.py": '"""Doc."""\nfrom .helper import twice\nimport numpy\n\ndef rule(x):\n    """Doc."""\n    return twice(x)\n',
    "helper.py": "from . import deep\n\ndef twice(x):\n    return deep.add(x, x)\n",
    "deep.py": "def add(x, y):\n    return x + y\n",
    "stranger.py": "VALUE = 1\n",
}


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "someones"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def digest(package, module="someones.rule") -> str:
    """In a process of its own, as a second start would see it."""
    program = f"from trickbench.harness.sources import source_digest; print(source_digest('{module}'))"
    # an edit within a second, to the same size, would be hidden by Python's own bytecode
    environment = {"PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, "-c", program], cwd=package.parent, check=True, capture_output=True, text=True, env=environment).stdout


def test_a_helper_beside_a_file_that_stands_alone_is_seen(package):
    (package.parent / "alone.py").write_text("import beside\n")
    (package.parent / "beside.py").write_text("FACTOR = 1\n")
    before = digest(package, "alone")
    (package.parent / "beside.py").write_text("FACTOR = 2\n")
    assert digest(package, "alone") != before


def test_a_runs_own_path_leaves_out_what_only_shows_results():
    from trickbench.harness.planning import PATH
    from trickbench.harness.sources import imported

    reached, waiting = set(), list(PATH)
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting.extend(imported(module))
    names = {name.rpartition(".")[2] for name in reached}
    assert {"loop", "network", "splitting", "execution", "kernel", "products", "panels", "tiles", "views", "borrowed"} <= names
    assert not {"cli", "progress", "listing", "forecast", "store", "result", "statistics"} & names


def edit(package, name, old, new):
    text = (package / name).read_text()
    assert old in text
    (package / name).write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("rule.py", "twice(x)\n", "twice(x) + 1\n"), ("helper.py", "add(x, x)", "add(x, 2)"), ("deep.py", "x + y", "x - y")],
    ids=["its own", "a helper's", "a helper's helper's"],
)
def test_an_edit_is_seen(package, name, old, new):
    before = digest(package)
    edit(package, name, old, new)
    assert digest(package) != before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("rule.py", '"""Doc."""', '"""Other words."""'), ("deep.py", "x + y\n", "x + y  # the sum\n"), ("stranger.py", "1", "2")],
    ids=["a docstring", "a comment", "a module it does not import"],
)
def test_what_changes_no_number_is_not_seen(package, name, old, new):
    before = digest(package)
    edit(package, name, old, new)
    assert digest(package) == before


WITHOUT_IMPORTING = """
import sys
from trickbench.harness.sources import imported, source_digest
before = set(sys.modules)
assert "trickbench.implementations" not in before
source_digest("trickbench.datasets.bundled", "trickbench.harness.training", "trickbench.implementations.adam.numba_fused", "alone")
assert imported("trickbench.harness.training") >= {"trickbench.harness.loop", "trickbench.harness.machine"}
assert imported("trickbench.harness.machine") >= {"trickbench.harness.loop", "trickbench.harness.compiled"}
assert imported("trickbench.implementations.adam.numba_fused") >= {"trickbench.harness.kernel"}
assert imported("alone") == {"beside", "below.inner"}, imported("alone")
print([name for name in sorted(set(sys.modules) - before) if not name.startswith("encodings")])  # the parser may ask for one
"""


def test_modules_are_found_and_none_is_imported(package):
    folder = package.parent
    (folder / "alone.py").write_text("import beside\nfrom below import inner\nfrom sklearn import datasets\nimport numpy.linalg\n")
    (folder / "beside.py").write_text("raise SystemExit('imported')\n")
    (folder / "below").mkdir()
    (folder / "below" / "inner.py").write_text("raise SystemExit('imported')\n")
    environment = {"PYTHONPATH": str(folder)}
    shown = subprocess.run([sys.executable, "-c", WITHOUT_IMPORTING], cwd=folder, check=True, capture_output=True, text=True, env=environment)
    assert shown.stdout == "[]\n"


def test_each_file_is_parsed_once(monkeypatch):
    from trickbench.harness import sources

    parsed, parse = [], sources.ast.parse
    sources._source.cache_clear()
    monkeypatch.setattr(sources.ast, "parse", lambda text: parsed.append(text) or parse(text))
    first = sources.source_digest("trickbench.harness.training", "trickbench.harness.dataset")
    assert len(parsed) == len(set(parsed)) > 10
    assert sources.source_digest("trickbench.harness.dataset", "trickbench.harness.training") == first
    assert len(parsed) == len(set(parsed))


@pytest.mark.parametrize(
    "guard", ["if not TYPE_CHECKING:\n    from . import stranger\n", "if TYPE_CHECKING:\n    pass\nelse:\n    from . import stranger\n"]
)
def test_only_what_is_for_types_alone_is_left_out(package, guard):
    edit(package, "deep.py", "def add", f"from typing import TYPE_CHECKING\n{guard}\ndef add")
    before = digest(package)
    edit(package, "stranger.py", "1", "2")
    assert digest(package) != before
