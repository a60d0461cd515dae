"""One side of a comparison, run by the Python of its environment: `worker.py SITE SUITE SOURCES`. Imports nothing of its neighbours.

Says when it is ready; then it reads a line of JSON and answers with one. `survey` lists the benchmarks with a hash of the source that each runs;
`open` forks a process that prepares one benchmark and answers from then on, until `close`. Whatever a benchmark prints goes to the standard error.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import importlib
import importlib.util
import itertools
import json
import os
import pkgutil
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

SUITE = "tracked"


class Case(NamedTuple):
    """One benchmark with one combination of parameters."""

    title: str
    cls: type[Any]
    method: str
    parameters: tuple[Any, ...]


def cases(suite: ModuleType) -> Iterator[Case]:
    """Every `time_` benchmark of the suite, found as asv finds them."""
    for info in pkgutil.iter_modules(suite.__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{suite.__name__}.{info.name}")
        for cls in vars(module).values():
            if isinstance(cls, type) and cls.__module__ == module.__name__ and not cls.__name__.startswith("_"):
                for method in sorted(name for name in dir(cls) if name.startswith("time_")):
                    for parameters in itertools.product(*getattr(cls, "params", ())):
                        yield Case(f"{info.name}.{cls.__name__}.{method}({', '.join(map(str, parameters))})", cls, method, parameters)


def digest(case: Case, sources: ModuleType) -> str:
    """The source that the benchmark runs: of the modules it names and all they import; in a whole folder also what is no Python."""
    modules: list[str] = []
    lines: list[str] = []
    for name in case.cls.modules(*case.parameters):
        if not name.endswith(".*"):
            modules.append(name)
            continue
        for folder in folders(name[:-2]):
            modules += [module_name(name[:-2], folder, path) for path in sorted(folder.rglob("*.py"))]
            lines += [f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in data_files(folder)]
    return hashlib.sha256("\n".join([sources.source_digest(*modules), *lines]).encode()).hexdigest()


def folders(package: str) -> list[Path]:
    """Where a package lies; the first place only, which is the one that is imported."""
    try:
        spec = importlib.util.find_spec(package)
    except ImportError:
        return []
    return [Path(place) for place in list(spec.submodule_search_locations or ())[:1]] if spec else []


def module_name(package: str, folder: Path, path: Path) -> str:
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join([package, *(parts[:-1] if parts[-1] == "__init__" else parts)])


def data_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc"))


def load(path: Path, name: str, **more: Any) -> ModuleType:
    """A module from a file, without its folder on the path."""
    spec = importlib.util.spec_from_file_location(name, path, **more)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no module")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Server:
    """Answers on two pipes that nothing else writes to or reads from."""

    def __init__(self) -> None:
        self.incoming = os.fdopen(os.dup(0), "rb", buffering=0)
        self.outgoing = os.fdopen(os.dup(1), "wb", buffering=0)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(2, 1)

    def receive(self) -> dict[str, Any]:
        line = self.incoming.readline()
        return json.loads(line) if line else {"do": "close"}

    def send(self, **answer: Any) -> None:
        self.outgoing.write(json.dumps(answer).encode() + b"\n")


def serve(server: Server, found: dict[str, Case], sources: Path) -> None:
    """The main process: nothing is ever prepared or timed in it."""
    while (message := server.receive())["do"] != "close":
        if message["do"] == "survey":
            server.send(benchmarks=survey(found, sources), problem=strangers(message["site"]))
            continue
        preload(found[message["title"]])
        if (child := os.fork()) == 0:
            status = 1
            try:
                perform(server, found[message["title"]])
                status = 0
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        if status:
            server.send(status="error", reason=f"its process ended with {os.waitstatus_to_exitcode(status)}")


def preload(case: Case) -> None:
    """Import what the benchmark says it needs, once for all processes that are forked from here."""
    for name in getattr(case.cls, "preload", ()):
        with contextlib.suppress(Exception):  # the benchmark itself will say what is missing
            importlib.import_module(name)


def survey(found: dict[str, Case], path: Path) -> dict[str, str]:
    """Every benchmark with its digest; an empty one where it cannot be told, which differs from every other."""
    sources = load(path, "trickbench_sources")
    return {title: _digest(case, sources) for title, case in found.items()}


def _digest(case: Case, sources: ModuleType) -> str:
    try:
        return digest(case, sources)
    except Exception:  # noqa: BLE001  another commit's source may be anything; then the benchmark is run
        return ""


def strangers(site: str) -> str:
    """What is wrong with the project's modules that are loaded, if anything: each must come from the side's own folder."""
    loaded = {name: getattr(module, "__file__", None) for name, module in sys.modules.items() if name.startswith("trickbench.")}
    outside = [name for name, file in loaded.items() if file and not Path(file).is_relative_to(site)]
    return f"{outside[0]} comes from {loaded[outside[0]]}, not from {site}" if outside else ""


def perform(server: Server, case: Case) -> None:
    """Prepare one benchmark, then time it as often as asked."""
    junk = bytearray(random.randrange(1, 2**20))  # noqa: S311  so that arrays do not lie alike in every process
    try:
        instance = case.cls()
        instance.setup(*case.parameters)
        call = bound(instance, case)
        begin = time.perf_counter()
        call()
        server.send(status="ok", seconds=time.perf_counter() - begin)
    except NotImplementedError as error:
        server.send(status="skipped", reason=str(error))
    except BaseException as error:  # noqa: BLE001  it costs this benchmark only
        server.send(status="error", reason=f"{type(error).__name__}: {error}")
    else:
        answer(server, call)
    while server.receive()["do"] != "close":
        pass
    server.send(status="closed", size=len(junk))


def answer(server: Server, call: Callable[[], None]) -> None:
    gc.collect()
    gc.disable()
    while (message := server.receive())["do"] == "time":
        try:
            server.send(status="ok", seconds=timed(call, message["calls"], message["blocks"], warm=message["warm"]))
        except BaseException as error:  # noqa: BLE001
            server.send(status="error", reason=f"{type(error).__name__}: {error}")
    server.send(status="closed")
    os._exit(0)


def bound(instance: Any, case: Case) -> Callable[[], None]:
    method, parameters = getattr(instance, case.method), case.parameters
    return lambda: method(*parameters)


def timed(call: Callable[[], None], calls: int, blocks: int, *, warm: bool) -> float:
    """Seconds a call, of the fastest block. What the other side has pushed out of the caches is fetched first, untimed."""
    if warm:
        call()
    best = float("inf")
    for _ in range(blocks):
        begin = time.perf_counter()
        for _ in range(calls):
            call()
        best = min(best, time.perf_counter() - begin)
    return best / calls


def main(site: str, suite: str, sources: str) -> None:
    server = Server()
    sys.path.insert(0, site)
    tracked = load(Path(suite) / "__init__.py", SUITE, submodule_search_locations=[suite])
    server.send(status="ready")
    serve(server, {case.title: case for case in cases(tracked)}, Path(sources))


if __name__ == "__main__":
    main(*sys.argv[1:])
