"""Where the text of a study comes from: a bundled one by name, or a file by path."""

from __future__ import annotations

from pathlib import Path

from . import registry
from .errors import InputError, unknown


def read(study: str | Path) -> tuple[str, str, str]:
    """The text of a study, its name and where it stands. A name without a suffix is a bundled study."""
    bundled = registry.studies()
    path = bundled.get(str(study), Path(study))
    if path.is_dir():
        files = ", ".join(sorted(str(path / each.name) for each in path.glob("*.toml"))) or "none in it"
        raise InputError(f"{str(study)!r} is a folder; give the path of a TOML file ({files}), or a bundled study: {', '.join(bundled)}.")
    if not path.is_file():
        if (file := path.with_name(f"{path.name}.toml")).is_file():
            raise InputError(f"There is no bundled study {str(study)!r}; did you mean the file {str(file)!r}?")
        if path.suffix == ".toml" or len(path.parts) > 1:
            raise InputError(f"There is no study file {str(study)!r}; give the path of a TOML file, or a bundled study: {', '.join(bundled)}.")
        raise unknown("study", str(study), bundled)
    try:
        return path.read_text(encoding="utf-8-sig"), path.stem, str(study)
    except UnicodeDecodeError as error:
        raise InputError(f"{study} is not UTF-8 text: {error.reason} at byte {error.start}.") from error
