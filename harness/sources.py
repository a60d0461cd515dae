"""A hash of the source that a module runs: its own and that of every module of the same package it imports, comments aside.

Part of a run's key: an edited implementation, helper or harness module gives its runs a new key, so that no stale result is ever
shown as a fresh one; an edited comment or docstring does not. Imports are read from the source, so nothing is executed.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path


def source_digest(*modules: str) -> str:
    """The hash over these modules, named in full, and all that they import from their own top-level packages."""
    reached: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting.extend(imported(module))
    lines = (f"{name} {_digest(name)}" for name in sorted(reached))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@functools.cache
def imported(module: str) -> frozenset[str]:
    """The modules of the same top-level package that a module's source names in imports, wherever they stand."""
    tree, root = _tree(module), module.partition(".")[0]
    return frozenset(name for node in ast.walk(tree) for name in _names(node, module) if name.partition(".")[0] == root and _path(name))


def _names(node: ast.AST, module: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = module if _is_package(module) else module.rpartition(".")[0]
        base = importlib.util.resolve_name("." * node.level + (node.module or ""), package) if node.level else (node.module or "")
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)


@functools.cache
def _digest(module: str) -> str:
    tree = _tree(module)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def _tree(module: str) -> ast.Module:
    path = _path(module)
    return ast.parse(path.read_bytes() if path else b"")


@functools.cache
def _spec(module: str) -> ModuleSpec | None:
    loaded = sys.modules.get(module)
    if loaded is not None:
        return loaded.__spec__
    try:
        return importlib.util.find_spec(module)
    except (ImportError, AttributeError, ValueError):
        return None


def _path(module: str) -> Path | None:
    spec = _spec(module)
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def _is_package(module: str) -> bool:
    spec = _spec(module)
    return spec is not None and spec.submodule_search_locations is not None
