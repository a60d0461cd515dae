"""The project's own flow chart."""

from ...harness.curves import History
from ...harness.diagnosed import Diagnosed
from ...harness.diagnosis import again, diagnose


class Diagnosis:
    def diagnose(self, history: History) -> Diagnosed:
        return diagnose(history)

    def again(self, before: Diagnosed, history: History) -> Diagnosed:
        return again(before, history)
