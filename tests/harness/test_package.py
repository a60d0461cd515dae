"""The package's face: lazy attributes that stay what they are, whatever was imported before."""

import importlib
import pkgutil
import subprocess
import sys

from trickbench import harness


def test_no_public_name_is_also_a_modules():
    modules = {module.name for module in pkgutil.iter_modules(harness.__path__)}
    assert not modules & set(harness.__all__), "importing the module would replace the attribute"


def test_every_public_name_can_be_had():
    for name in harness.__all__:
        assert getattr(harness, name).__module__.startswith("trickbench.harness.")


def test_importing_the_package_imports_nothing_heavy():
    program = "import sys, trickbench.harness; print([name for name in ('numpy', 'numba', 'pandas', 'pydantic') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_every_module_can_be_imported_and_says_what_it_is():
    for module in pkgutil.iter_modules(harness.__path__):
        if module.name != "__main__":
            assert importlib.import_module(f"trickbench.harness.{module.name}").__doc__, module.name
