"""Time and peak memory of every implementation of every technique, through the methods that a training calls."""

from __future__ import annotations

from ._names import IMPLEMENTATIONS
from ._work import METHODS, SIZES, work

REPEAT = (2, 20, 0.5)
"""At least and at most so many samples, for so many seconds."""


class _Family:
    family: str
    version = "1"
    unit = "seconds"
    timeout = 300
    repeat = REPEAT
    warmup_time = 0.02
    param_names = ("implementation", "size")

    def __init_subclass__(cls) -> None:
        cls.params = (list(IMPLEMENTATIONS[cls.family]), list(SIZES[cls.family]))

    def setup(self, name: str, size: str) -> None:
        shape, self.calls = SIZES[self.family][size]
        self.works = {method: work(name, method, shape) for method in METHODS[self.family]}

    @staticmethod
    def modules(name: str, _size: str) -> tuple[str, ...]:
        """The implementation, and what binds and compiles it."""
        return (f"trickbench.implementations.{name.replace('/', '.')}", "trickbench.harness.kernel", "trickbench.harness.families")

    def _call(self, method: str) -> None:
        call = self.works[method]
        for _ in range(self.calls):
            call()


class Activation(_Family):
    family = "activation"

    def time_forward(self, _name: str, _size: str) -> None:
        self._call("forward")

    def time_backward(self, _name: str, _size: str) -> None:
        self._call("backward")


class Loss(_Family):
    family = "loss"

    def time_value(self, _name: str, _size: str) -> None:
        self._call("value")

    def time_gradient(self, _name: str, _size: str) -> None:
        self._call("gradient")


class Penalty(_Family):
    family = "penalty"

    def time_step(self, _name: str, _size: str) -> None:
        """Both of its methods, as a training calls them at every update: one of the two does nothing in most forms."""
        self._call("add_gradient")
        self._call("after_update")


class Optimizer(_Family):
    family = "optimizer"

    def time_update(self, _name: str, _size: str) -> None:
        self._call("update")


class Dropout(_Family):
    family = "dropout"

    def time_draw(self, _name: str, _size: str) -> None:
        self._call("draw")


class Initializer(_Family):
    family = "initializer"

    def time_fill(self, _name: str, _size: str) -> None:
        self._call("fill")


class Stopper(_Family):
    family = "stopper"

    def time_observe(self, _name: str, _size: str) -> None:
        self._call("observe")


class PeakMemory:
    """Of a process that calls every method once at the largest size: its arguments, and whatever the implementation makes beside them."""

    version = "1"
    unit = "bytes"
    timeout = 300
    params = ([name for family, names in IMPLEMENTATIONS.items() if family in METHODS for name in names],)
    param_names = ("implementation",)
    families = {name: family for family, names in IMPLEMENTATIONS.items() for name in names}  # noqa: RUF012

    def setup(self, name: str) -> None:
        family = self.families[name]
        shape = list(SIZES[family].values())[-1].shape
        self.works = [work(name, method, shape) for method in METHODS[family]]

    def peakmem_call(self, _name: str) -> None:
        for call in self.works:
            call()
