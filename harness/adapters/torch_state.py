"""Where a PyTorch optimiser keeps its memory, and how ours is put there and taken back: see `torch_optimizers.py`.

What it keeps is learned from a trial of three steps over three parameters. What counts 1, 2, 3 is a number of steps.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Floats, Matrix
from ..errors import InputError

TRIED = 3
"""Steps, and parameters, of a trial."""

Make = Callable[[Sequence[float], Any], Any]
"""An optimiser for these hyperparameters and one tensor of parameters."""


@dataclass(frozen=True)
class Layout:
    """What an optimiser keeps for a tensor of parameters, in the order of our rows, and how it starts."""

    rows: tuple[str, ...]
    """Tensors like the parameters."""
    numbers: Mapping[str, Any]
    """Other numbers by name, as they stood at the end of the trial."""
    counts: Mapping[str, Any]
    """Numbers of steps, likewise."""
    from_zero: bool
    """Whether a state of zeros is the library's own start."""

    @property
    def size(self) -> int:
        """Rows of our state."""
        return len(self.rows) + len(self.numbers)


def put(layout: Layout, entries: dict[str, Any], rows: Sequence[Any], step: int) -> None:
    """Our state into theirs, before step number `step`."""
    entries.update(zip(layout.rows, rows, strict=False))
    for (name, like), row in zip(layout.numbers.items(), rows[len(layout.rows) :], strict=True):
        entries[name] = _number(row[0].item(), like)
    entries.update({name: _number(step - 1, like) for name, like in layout.counts.items()})


def take(layout: Layout, entries: Mapping[str, Any], state: Matrix) -> None:
    """What a step left, into our state: most of it stands there already. Raises `InputError` where it keeps more than in the trial."""
    for name, row in zip([*layout.rows, *layout.numbers], state, strict=True):
        entry: Any = entries.get(name)
        if hasattr(entry, "data_ptr"):
            if entry.data_ptr() != row.ctypes.data:
                row[:] = entry.numpy()
        elif entry is not None:
            row[:] = entry
    for name in entries.keys() - {*layout.rows, *layout.numbers, *layout.counts}:
        if entries[name] is not None:
            raise InputError(f"The optimiser keeps {name}, which it did not at the default hyperparameters; adopt it for another technique.")


def _number(value: float, like: Any) -> Any:
    """A number as the library holds it: a tensor without dimensions, or Python's."""
    return like.new_full(like.shape, value) if hasattr(like, "new_full") else type(like)(value)


def layout_of(make: Make, values: Sequence[float]) -> Layout:
    """What the optimiser keeps, from a trial."""
    seen: list[dict[str, Any]] = []
    for _, entries in walk(make, values, trial_gradients(0)):
        seen.append({name: entry for name, entry in entries.items() if entry is not None})
    rows = [name for name, entry in seen[-1].items() if np.shape(entry) == (TRIED,)]
    single = {name: entry for name, entry in seen[-1].items() if name not in rows and _is_number(entry)}
    for name in seen[-1].keys() - {*rows, *single}:
        text = f"The optimiser keeps {name} = {seen[-1][name]!r:.60}, which is neither a number nor one a parameter"
        raise InputError(f"{text}; it cannot be saved and put back.")
    counts = {name: entry for name, entry in single.items() if [float(each.get(name, -1)) for each in seen] == [1, 2, 3]}
    numbers = {name: entry for name, entry in single.items() if name not in counts}
    return Layout(tuple(rows), numbers, counts, from_zero=_starts_at_zero(make, values, Layout(tuple(rows), numbers, counts, from_zero=True)))


def _is_number(entry: Any) -> bool:
    return np.shape(entry) in ((), (1,)) and isinstance(entry.item() if hasattr(entry, "item") else entry, (int, float))


def _starts_at_zero(make: Make, values: Sequence[float], layout: Layout) -> bool:
    """Whether the first step from a state of zeros is the one that the library takes by itself, bit for bit."""
    own, entries = next(iter(walk(make, values, trial_gradients(0))))
    tensor = as_tensor(np.zeros(TRIED))
    state = np.zeros((layout.size, TRIED))
    optimizer = make(values, tensor)
    optimizer.state.clear()
    put(layout, optimizer.state[tensor], [as_tensor(row) for row in state], 1)
    tensor.grad = as_tensor(trial_gradients(0)[0].copy())
    try:
        optimizer.step()
    except Exception:  # noqa: BLE001  a library's code may stumble over an empty number; then the start is its own
        return False
    take(layout, optimizer.state[tensor], state)
    expected = np.zeros_like(state)
    take(layout, entries, expected)
    return np.array_equal(tensor.numpy(), own) and np.array_equal(state, expected)


def walk(make: Make, values: Sequence[float], gradients: Floats) -> Iterator[tuple[Floats, dict[str, Any]]]:
    """Positions of the optimiser itself, from 0, each with its state, copied."""
    tensor = as_tensor(np.zeros(TRIED))
    optimizer = make(values, tensor)
    for gradient in gradients:
        tensor.grad = as_tensor(gradient.copy())
        optimizer.step()
        entries = {name: entry.clone() if hasattr(entry, "clone") else entry for name, entry in optimizer.state[tensor].items()}
        yield tensor.numpy().copy(), entries


def trial_gradients(which: int) -> Floats:
    """Gradients of a trial; their sizes and signs differ from step to step and from path to path."""
    return np.sin(1.0 + which + np.arange(TRIED * TRIED).reshape(TRIED, TRIED)) * 2.0 ** np.arange(TRIED)[:, None]


def as_tensor(array: Floats) -> Any:
    """The array as a tensor that shares its memory. Whoever hands in an optimiser of PyTorch has imported it."""
    return sys.modules["torch"].from_numpy(array)
