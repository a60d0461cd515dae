"""What goes wrong in words a reader can act on: what was given, what is accepted, what to do."""

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(ValueError):
    """The input is wrong: nothing was run. The command line turns it into one sentence and exit status 2."""


class UnavailableError(InputError):
    """The input is right, but something it needs (a package, a file, a network) is not there."""


class StorageError(OSError):
    """Results cannot be written or read: what was finished before is kept. On the command line one sentence and exit status 2."""


def unknown(kind: str, given: str, accepted: Iterable[str]) -> InputError:
    """An unknown name, with the nearest accepted ones first."""
    names = sorted(accepted)
    near = nearest(given, names)
    hint = f" Did you mean {near!r}?" if near else ""
    return InputError(f"Unknown {kind} {given!r}.{hint} Accepted: {', '.join(names) or 'none'}.")


def nearest(given: str, accepted: Iterable[str]) -> str | None:
    """The accepted name that was probably meant."""
    return next(iter(get_close_matches(given, sorted(accepted), n=1, cutoff=0.6)), None)
