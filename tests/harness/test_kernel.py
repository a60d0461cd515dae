"""Kernels: called as Python, compiled when asked, refused in our own words, cached so that an edited helper is seen."""

import subprocess
import sys
import textwrap
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from trickbench.harness.arrays import Matrix, Vector
from trickbench.harness.errors import InputError
from trickbench.harness.kernel import Kernel, Twin, kernel, twin
from trickbench.harness.kernel_cache import fingerprint

DOUBLE, SINGLE = np.dtype(np.float64), np.dtype(np.float32)


def contract(source: Vector, target: Vector) -> None:
    """A contract to compile against."""


def total_contract(values: Matrix) -> float:
    """A contract with a result."""


@kernel
def doubled(x):
    return x + x


@kernel
def double_into(source: Vector, target: Vector) -> None:
    for i in range(source.size):
        target[i] = doubled(source[i])


def test_a_kernel_runs_as_python_when_called():
    target = np.empty(3)
    double_into(np.arange(3.0), target)
    assert target.tolist() == [0, 2, 4]


@pytest.mark.parametrize("dtype", [SINGLE, DOUBLE], ids=str)
def test_the_compiled_form_gives_what_python_gives(dtype):
    source = np.linspace(-1, 1, 7, dtype=dtype)
    compiled, interpreted = np.empty_like(source), np.empty_like(source)
    double_into.compiled(contract, dtype)(source, compiled)
    double_into(source, interpreted)
    assert compiled.tobytes() == interpreted.tobytes()


def test_the_compiled_form_is_closed_to_other_dtypes():
    closed = double_into.compiled(contract, SINGLE)
    with pytest.raises(TypeError, match="No matching definition"):
        closed(np.zeros(2), np.zeros(2))


def test_threads_that_ask_at_once_get_one_compilation():
    fresh = Kernel(double_into.function)
    with ThreadPoolExecutor(8) as pool:
        addresses = list(pool.map(lambda _: fresh.address(contract, DOUBLE), range(8)))
    assert len(set(addresses)) == 1


def test_other_arguments_than_the_contracts_are_refused_by_name():
    @kernel
    def swapped(target: Vector, source: Vector) -> None: ...

    with pytest.raises(InputError, match=r"takes \(target, source\); its family's contract is \(source, target\)"):
        swapped.compiled(contract, DOUBLE)


def test_a_result_of_another_type_is_refused():
    @kernel
    def no_total(values: Matrix) -> float:
        return values

    with pytest.raises(InputError, match="no_total cannot be compiled"):
        no_total.compiled(total_contract, DOUBLE)


def test_what_numba_cannot_compile_is_refused_in_our_words():
    @kernel
    def opens_a_file(source: Vector, target: Vector) -> None:
        target[0] = open(source)  # noqa: SIM115, PTH123

    with pytest.raises(InputError, match="A kernel may use numbers, NumPy arrays and other kernels only"):
        opens_a_file.compiled(contract, DOUBLE)


@pytest.mark.parametrize("given", [None, 3, np.add, double_into], ids=["none", "number", "ufunc", "kernel"])
def test_only_a_plain_function_becomes_a_kernel(given):
    with pytest.raises(InputError, match="plain function"):
        kernel(given)


def test_an_exception_in_a_kernel_reaches_the_caller():
    @kernel
    def refuses(source: Vector, target: Vector) -> None:
        if source.size != target.size:
            raise ValueError("sizes differ")

    with pytest.raises(ValueError, match="sizes differ"):
        refuses.compiled(contract, DOUBLE)(np.zeros(1), np.zeros(2))


def test_the_fingerprint_sees_a_constant_and_a_helper_but_no_comment():
    def make(body: str, scale: float = 2.0, helper: str = "x + 1") -> str:
        space: dict[str, object] = {"kernel": kernel, "SCALE": scale}
        exec(f"@kernel\ndef helper(x):\n    return {helper}\n\ndef f(x):\n    {body}\n    return helper(x) * SCALE\n", space)  # noqa: S102
        return fingerprint(space["f"])

    plain = make("'a docstring'")
    assert make("'another docstring'  # and a comment") == plain
    assert make("'a docstring'", scale=3.0) != plain
    assert make("'a docstring'", helper="x + 2") != plain


def test_the_fingerprint_sees_a_named_tuples_fields_a_plain_helper_and_a_contract():
    def make(fields: str = "a b", body: str = "x + 1", contract: str = "rate: float") -> str:
        space: dict[str, object] = {"namedtuple": namedtuple}  # noqa: PYI024  a type made of text
        program = f"""
            Pair = namedtuple("Pair", "{fields}")
            def helper(x): return {body}
            def draw({contract}): ...
            CONTRACTS = {{"draw": draw}}
            def f(x): return helper(Pair(x, 1).a), CONTRACTS
        """
        exec(textwrap.dedent(program), space)  # noqa: S102
        return fingerprint(space["f"])

    assert make() == make()
    assert len({make(), make(fields="b a"), make(body="x + 2"), make(contract="rate: int"), make(contract="share: float")}) == 5


def test_a_damaged_cache_is_compiled_afresh(plugin, tmp_path):
    cache = {"TRICKBENCH_CACHE_DIR": str(tmp_path / "cache")}
    run(PROGRAM, tmp_path, **cache)
    for damaged in (tmp_path / "cache").glob("*/*/*.nb?"):
        damaged.write_bytes(damaged.read_bytes()[:20])
    assert run(PROGRAM, tmp_path, **cache) == "2.0"


PROGRAM = """
import numpy as np
from trickbench.harness.arrays import Vector
from plugin.rule import step

def contract(source: Vector, target: Vector) -> None: ...

target = np.empty(1)
step.compiled(contract, np.dtype(float))(np.ones(1), target)
print(target[0])
"""
RULE = """
from trickbench.harness.kernel import kernel
from .helper import scaled

@kernel
def step(source, target):
    target[0] = scaled(source[0])
"""
HELPER = """
from trickbench.harness.kernel import kernel

@kernel
def scaled(x):
    return {factor} * x
"""


def run(program: str, folder: Path, **environment: str) -> str:
    command = [sys.executable, "-c", textwrap.dedent(program)]
    # a helper that is edited within a second, to the same size, would be taken from Python's own stale bytecode
    everything = {"PATH": "", "PYTHONPATH": str(folder), "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"} | environment
    return subprocess.run(command, cwd=folder, env=everything, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def plugin(tmp_path):
    package = tmp_path / "plugin"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "rule.py").write_text(RULE)
    (package / "helper.py").write_text(HELPER.format(factor=2.0))
    return package


def test_an_edited_helper_in_another_module_is_seen_by_the_next_process(plugin, tmp_path):
    cache = {"TRICKBENCH_CACHE_DIR": str(tmp_path / "cache")}
    assert run(PROGRAM, tmp_path, **cache) == "2.0"
    assert len(list((tmp_path / "cache").glob("*/*/*.nbc"))) == 1, "the first process caches"
    (plugin / "helper.py").write_text(HELPER.format(factor=5.0))
    assert run(PROGRAM, tmp_path, **cache) == "5.0"


def test_without_a_writable_cache_kernels_still_compile(plugin, tmp_path):
    (tmp_path / "file").touch()
    assert run(PROGRAM, tmp_path, TRICKBENCH_CACHE_DIR=str(tmp_path / "file" / "below")) == "2.0"


def test_importing_implementations_imports_no_numba(tmp_path):
    program = """
        import sys
        from trickbench.harness import registry
        registry.implementations()
        print([name for name in ("numba", "sklearn", "scipy.stats", "pandas", "torch", "altair") if name in sys.modules])
    """
    assert run(program, tmp_path) == "[]"


def generating(width, writer):
    """What an intrinsic looks like: a function that closes over numbers, and a class that writes machine code."""

    def typed(context, array):
        return writer, width

    class Intrinsic:
        _defn = staticmethod(typed)

    return Intrinsic()


class Writer:
    def load(self):
        return 1


class OtherWriter:
    def load(self):
        return 2


def test_what_an_intrinsic_is_made_of_belongs_to_the_fingerprint():
    def asking(intrinsic):
        def function(x):
            return intrinsic(x)

        return fingerprint(function)

    prints = [asking(generating(width, writer)) for width, writer in ((4, Writer), (8, Writer), (4, OtherWriter))]
    assert len(set(prints)) == 3
    assert asking(generating(4, Writer)) == prints[0]


def test_a_twin_is_its_compiled_source():
    def plain(x):
        return x

    def twice(x):
        return 2 * x

    def asking(other):
        twin = Twin(plain, lambda: Kernel(other))

        def function(x):
            return twin(x)

        return fingerprint(function)

    assert asking(plain) != asking(twice)
    assert Twin(plain, lambda: Kernel(twice))(3) == 3


def test_a_marked_function_is_compiled_from_the_kernel_of_its_name():
    from types import SimpleNamespace

    asked = []

    def elsewhere():
        asked.append(True)
        return SimpleNamespace(doubled=Kernel(lambda x: x + x), other=Kernel(lambda x: -x))

    @twin(elsewhere)
    def doubled(x):
        return 2 * x

    assert doubled(3) == 6
    assert not asked, "called from Python, the module with machine code is not imported"
    assert doubled.source(3) == 6
    assert doubled.source is not doubled.function
    assert asked
