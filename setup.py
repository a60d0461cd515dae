"""Maps the folders at the top to the namespace `trickbench`; everything else stands in pyproject.toml.

The list of packages is computed, so that adding a technique touches nothing but its own folder.
"""

from setuptools import find_namespace_packages, setup

ROOMS = ("harness", "implementations", "datasets", "reports", "studies")
folders = find_namespace_packages(include=[pattern for room in ROOMS for pattern in (room, f"{room}.*")], exclude=["*.__pycache__"])

setup(package_dir={f"trickbench.{room}": room for room in ROOMS}, packages=[f"trickbench.{folder}" for folder in folders])
