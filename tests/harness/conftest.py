"""A small study that takes seconds, and its plan."""

import pytest

from trickbench.harness.ablation import plan, run
from trickbench.harness.study import Study

from .tuned_study import study

SMALL = """
question = "Does it help?"
design = ["add-one-in", "leave-one-out"]
datasets = ["iris", "diabetes"]
seeds = 2
epochs = 3
[baseline]
hidden = [8]
activation = "sigmoid"
optimizer = "sgd[learning_rate=0.1]"
initializer = "glorot"
[factors.activation]
relu = { activation = "relu" }
[factors.dropout]
on = { dropout = "dropout[rate=0.2]" }
[full]
activation = "relu"
dropout = "on"
"""


@pytest.fixture
def small() -> Study:
    return Study.parse(SMALL, "small", "small.toml")


@pytest.fixture
def small_file(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


@pytest.fixture
def jobs(small):
    return plan(small).jobs


@pytest.fixture(scope="session")
def tuned_result(tmp_path_factory):
    """The tables of a small tuned study."""
    return run(study(), output=tmp_path_factory.mktemp("tuned"), workers=1)
