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


def digest(package) -> str:
    """In a process of its own, as a second start would see it."""
    program = "from trickbench.harness.sources import source_digest; print(source_digest('someones.rule'))"
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=package.parent, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(package.parent)}).stdout


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
