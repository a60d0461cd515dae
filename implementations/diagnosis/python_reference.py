"""The project's own flow chart."""

from ...harness.diagnosis.curves import History
from ...harness.diagnosis.diagnosed import Diagnosed
from ...harness.diagnosis.flow_chart import again, diagnose


class Diagnosis:
    def diagnose(self, history: History) -> Diagnosed:
        return diagnose(history)

    def again(self, before: Diagnosed, history: History) -> Diagnosed:
        return again(before, history)
