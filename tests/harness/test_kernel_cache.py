"""Compiled kernels that nobody asks for are removed in time, and no others."""

import os
import subprocess
import sys
import time

import pytest

from trickbench.harness import kernel_cache


def plain(x):
    return x + 1


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("TRICKBENCH_CACHE_DIR", str(tmp_path))
    kernel_cache._prune_once.cache_clear()
    yield tmp_path
    kernel_cache._prune_once.cache_clear()


def aged(folder, days):
    folder.mkdir(exist_ok=True)
    (folder / "code").write_bytes(b"code")
    os.utime(folder, (time.time() - days * kernel_cache.DAY,) * 2)
    return folder


def test_folders_unused_for_three_months_go_and_others_stay(root):
    old, recent = aged(root / ("a" * 32), 91), aged(root / ("b" * 32), 89)
    kernel_cache.folder_for(plain)
    assert not old.exists()
    assert (recent / "code").exists()


def test_folders_of_others_in_the_same_place_stay(root):
    others = [aged(root / "photographs", 400), aged(root / ("A" * 32), 400)]
    (root / ("c" * 32)).symlink_to(others[0])
    kernel_cache.folder_for(plain)
    assert all((folder / "code").exists() for folder in others)


def test_asking_for_a_folder_keeps_it(root):
    mine = aged(kernel_cache.folder_for(plain), 200)
    kernel_cache._prune_once.cache_clear()
    (root / "pruned").unlink()
    assert kernel_cache.folder_for(plain) == mine
    assert (mine / "code").exists()


def test_one_day_prunes_once(root):
    kernel_cache.folder_for(plain)
    old = aged(root / ("a" * 32), 91)
    kernel_cache._prune_once.cache_clear()
    kernel_cache.folder_for(plain)
    assert old.exists()


FINGERPRINT = "from trickbench.harness import compiled, kernel_cache; print(kernel_cache.fingerprint(compiled.train_epoch_at.function))"


def test_another_process_finds_what_one_has_compiled():
    # the loop reaches everything, the code that writes machine code included; a place in memory in the hash would make every process compile
    found = {subprocess.run([sys.executable, "-c", FINGERPRINT], capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert len(found) == 1


SYMBOL = """
from numba.core.bytecode import FunctionIdentity
from trickbench.harness import compiler

print(FunctionIdentity.from_function(lambda: 0).unique_id)
"""


def test_no_two_processes_give_different_functions_the_same_symbol():
    # else two closures of one factory, cached by two processes and loaded by a third, are one to the linker: memory is overwritten
    found = {subprocess.run([sys.executable, "-c", SYMBOL], capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert len(found) == 2
