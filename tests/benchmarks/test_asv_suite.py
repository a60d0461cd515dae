"""The tracked suite: its axes are what the registry finds, each benchmark says what it is, and what a commit lacks is skipped.

The suite limits its process to one core and loads what it measures, so these tests look at it in a process of its own.
"""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.run_suite import DONE, ERRORS, NOTHING, configuration, examine, main, parsed
from benchmarks.run_suite import outcome as told
from trickbench.harness import registry

ROOT = Path(__file__).resolve().parents[2]
LOOK = """
import inspect, json, sys
sys.path.insert(0, "benchmarks")
import numpy as np
import tracked
from tracked import _work, harness, implementations, quality, training
from tracked._names import IMPLEMENTATIONS

classes = [cls for module in (harness, implementations, quality, training) for cls in vars(module).values()
           if inspect.isclass(cls) and cls.__module__ == module.__name__ and not cls.__name__.startswith("_")]

def skipped(*what):
    try:
        _work.work(*what)
    except NotImplementedError as error:
        return str(error)

def drift(name, method, argument, calls=300):
    call = _work.work(name, method, (100,))
    before = [np.array(each) for each in call.args if isinstance(each, np.ndarray)]
    for _ in range(calls):
        call()
    after = [each for each in call.args if isinstance(each, np.ndarray)]
    return [float(np.abs(after[argument] - before[argument]).max()), bool(all(np.isfinite(each).all() for each in after))]

own = [(name, method, family) for family, names in IMPLEMENTATIONS.items() for name in names for method in _work.METHODS.get(family, ())
       if name.partition("/")[2].startswith(("numba_", "numpy_", "python_"))]
print(json.dumps({
    "names": {family: list(names) for family, names in IMPLEMENTATIONS.items()},
    "benchmarks": {cls.__name__: {name: getattr(cls, name, None) for name in ("version", "unit", "timeout")} for cls in classes},
    "kinds": {cls.__name__: [name for name in dir(cls) if name.startswith(("time_", "peakmem_", "track_"))] for cls in classes},
    "modules": sum((list(cls.modules(*[values[0] for values in getattr(cls, "params", ())])) for cls in classes if hasattr(cls, "modules")), []),
    "lacking": skipped("adam/of_another_commit", "update", (10,)),
    "skipped": {f"{name}.{method}": why for name, method, family in own
                if (why := skipped(name, method, next(iter(_work.SIZES[family].values())).shape)) is not None},
    "drifts": {"parameters": drift("adam/numba_fused", "update", 0), "weights": drift("l1/numba_proximal", "after_update", 0)},
}))
"""


@pytest.fixture(scope="module")
def suite():
    looked = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=False)
    assert looked.returncode == 0, looked.stderr
    return json.loads(looked.stdout.splitlines()[-1])


def test_the_names_are_those_of_the_registry(suite):
    listed = [name for names in suite["names"].values() for name in names]
    assert sorted(listed) == sorted([*registry.implementations(), *registry.unavailable()])
    families = {name: family for family, names in suite["names"].items() for name in names}
    assert all(families[name] == found.technique.family for name, found in registry.implementations().items())


def test_every_benchmark_says_its_version_unit_and_time(suite):
    assert len(suite["benchmarks"]) >= 14
    assert all(all(said.values()) for said in suite["benchmarks"].values())
    assert all(suite["kinds"].values())


def test_modules_that_a_benchmark_runs_are_there(suite):
    from importlib.util import find_spec

    assert suite["modules"]
    assert [name for name in suite["modules"] if find_spec(name.removesuffix(".*")) is None] == []


def test_nothing_of_our_own_is_skipped_here(suite):
    assert suite["skipped"] == {}


def test_what_a_commit_lacks_is_skipped(suite):
    assert suite["lacking"] == "this commit has no adam/of_another_commit"


def test_calls_that_are_repeated_stay_the_same_work(suite):
    # 300 steps of at most about 1e-12 each on numbers near 1: far below one unit in the last place of float32
    assert suite["drifts"] == {"parameters": [0.0, True], "weights": [0.0, True]}


EXPECTED = {
    "a.time_x": {"params": [["'adam/numba_fused'", "'adam/torch_native'"], ["'1e4'"]]},
    "b.time_y": {"params": []},
}


def outcome(x, y, unavailable=None):
    return examine(EXPECTED, {"a.time_x": [x], "b.time_y": [y]}, unavailable or {})


def test_all_measured_is_done():
    assert outcome([1.0, 2.0], [3.0]).status == DONE


def test_a_benchmark_that_raised_fails():
    report = outcome([1.0, None], [3.0])
    assert report.status == ERRORS
    assert report.failed == ["a.time_x(adam/torch_native, 1e4)"]
    assert outcome(None, [3.0]).failed == ["a.time_x(adam/numba_fused, 1e4)", "a.time_x(adam/torch_native, 1e4)"]


def test_a_benchmark_without_any_result_fails():
    assert examine(EXPECTED, {"a.time_x": [[1.0, 2.0]]}, {}).failed == ["b.time_y()"]


def test_a_pattern_leaves_out_what_it_does_not_fit_and_nothing_else():
    # asv notes NaN for a combination that a pattern leaves out
    assert examine(EXPECTED, {"a.time_x": [[1.0, math.nan]]}, {}, "numba_fused").measured == ["a.time_x(adam/numba_fused, 1e4)"]
    assert examine(EXPECTED, {"a.time_x": [[1.0, math.nan]]}, {}, "numba_fused").status == DONE
    assert examine(EXPECTED, {"a.time_x": [[1.0, 2.0]]}, {}, "time_").failed == ["b.time_y()"]
    assert examine(EXPECTED, {}, {}, "no such benchmark").status == NOTHING


def test_a_pattern_is_checked_before_anything_runs(capsys):
    with pytest.raises(SystemExit, match="2"):
        parsed(["("])
    assert "'(' is no regular expression" in capsys.readouterr().err
    assert (parsed([]), parsed(["adam"])) == ("", "adam")


def test_no_list_of_benchmarks_is_a_sentence(tmp_path):
    assert told(tmp_path, 1, "") == ("asv ended with 1 and left no list of benchmarks; what it says above tells why.", ERRORS)


def test_no_git_is_a_sentence(monkeypatch, capsys):
    def run(*_):
        raise FileNotFoundError("no git")

    monkeypatch.setattr("benchmarks.run_suite.run", run)
    assert main([]) == ERRORS
    assert "The benchmarks could not be run: no git" in capsys.readouterr().out


def test_a_skip_needs_a_missing_package():
    missing = {"adam/torch_native": "the package torch is not installed"}
    report = outcome([1.0, math.nan], [3.0], missing)
    assert report.status == DONE
    assert report.skipped == {"the package torch is not installed": ["a.time_x(adam/torch_native, 1e4)"]}
    assert "1 skipped, the package torch is not installed: adam/torch_native" in str(report)
    assert outcome([math.nan, 2.0], [3.0], missing).status == ERRORS
    assert "no missing package explains it: a.time_x(adam/numba_fused, 1e4)" in str(outcome([math.nan, 2.0], [3.0], missing))


def test_nothing_measured_is_no_success():
    assert examine({}, {}, {}).status == NOTHING


def test_the_configuration_keeps_quick_results_apart(tmp_path):
    settings = json.loads(configuration(tmp_path).read_text(encoding="utf-8"))
    assert Path(settings["benchmark_dir"]).is_dir()
    assert all(Path(settings[name]).is_relative_to(tmp_path) for name in ("results_dir", "env_dir", "html_dir"))
    assert settings["launch_method"] == "forkserver"
