"""A commit, built and ready to run: its wheel unpacked in a folder, and a Python with what the wheel requires.

Commits with equal requirements share one environment: it is made once, in about a minute, and library versions are then equal by construction,
which two environments made by asv on different days need not be. All of it is kept under `.asv/compare` and can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

Say = Callable[[str], None]


class BadInput(Exception):  # noqa: N818  a sentence for the reader
    """What was asked for cannot be done."""


@dataclass(frozen=True)
class Built:
    """Where one commit lies."""

    name: str
    commit: str
    site: Path
    requirements: tuple[str, ...]
    python: Path
    kernels: Path


def resolve(repository: Path, name: str) -> str:
    """The full hash of a commit. Raises `BadInput`."""
    found = _git(repository, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if found.returncode:
        raise BadInput(f"{name!r} is no commit of {repository}; give a hash, a branch or a tag.")
    return found.stdout.decode().strip()


def build(repository: Path, name: str, cache: Path, here: bool, say: Say) -> Built:
    """Make whatever is not there yet. With `here` the packages are those of the Python that runs this. Raises `BadInput`."""
    commit = resolve(repository, name)
    folder = cache / "commits" / commit
    if not (folder / "site").is_dir():
        say(f"building a wheel of {name} ({commit[:8]})")
        _unpack_wheel(repository, commit, folder / "site")
    requirements = required(folder / "site")
    python = Path(sys.executable) if here else environment(requirements, cache / "environments", say)
    kernels = folder / f"kernels-{hashlib.sha256(str(python).encode()).hexdigest()[:8]}"
    return Built(name, commit, folder / "site", requirements, python, kernels)


def _unpack_wheel(repository: Path, commit: str, site: Path) -> None:
    archive = _git(repository, "archive", "--format=tar", commit)
    if archive.returncode:
        raise BadInput(f"git cannot take {commit[:8]} out of {repository}: {_last_line(archive.stderr.decode(errors='replace'))}")
    with tempfile.TemporaryDirectory(prefix="trickbench-build-") as name:
        source, wheels = Path(name) / "source", Path(name) / "wheels"
        try:
            with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
                tar.extractall(source, filter="data")
        except tarfile.TarError as error:
            raise BadInput(f"{commit[:8]} cannot be unpacked: {error}") from error
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(source)]
        _run(command, f"{commit[:8]} cannot be built")
        found = list(wheels.glob("*.whl"))
        if len(found) != 1:
            raise BadInput(f"{commit[:8]} cannot be built: {len(found)} wheels came of it, where one is expected.")
        site.parent.mkdir(parents=True, exist_ok=True)
        unpacked = Path(tempfile.mkdtemp(dir=site.parent))
        with zipfile.ZipFile(found[0]) as wheel:
            wheel.extractall(unpacked)  # noqa: S202  our own, made above
        unpacked.rename(site)  # whole or not at all


def required(site: Path) -> tuple[str, ...]:
    """What an unpacked wheel requires, its extras left out. Raises `BadInput`."""
    metadata = next(site.glob("*.dist-info/METADATA"), None)
    if metadata is None:
        raise BadInput(f"The wheel in {site} has no METADATA: delete that folder, and it is built anew.")
    lines = Parser().parsestr(metadata.read_text(encoding="utf-8")).get_all("Requires-Dist", [])
    return tuple(sorted(line for line in lines if "extra ==" not in line))


def environment(requirements: tuple[str, ...], cache: Path, say: Say) -> Path:
    """The Python of a virtual environment with these requirements."""
    text = "\n".join([sys.version, *requirements])
    folder = cache / hashlib.sha256(text.encode()).hexdigest()[:12]
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (folder / "complete").is_file():
        say("making an environment, which takes about a minute")
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(folder)], "No environment can be made")
        _run([str(python), "-m", "pip", "install", "--quiet", *requirements], "The requirements cannot be installed")
        (folder / "complete").touch()
    return python


def _git(repository: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise BadInput("There is no git on the path; install it, the commits are taken from it.") from error


def _run(command: list[str], trouble: str) -> None:
    """Raises `BadInput` with the last line that the command said."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        raise BadInput(f"{trouble}: {_last_line(done.stdout + done.stderr) or f'it ended with {done.returncode}'}")


def _last_line(words: str) -> str:
    return next(reversed(words.strip().splitlines()), "")
