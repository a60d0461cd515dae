"""Finding techniques and implementations: own folders, other packages' entry points, files."""

import dataclasses
import subprocess
import sys
import textwrap

import pytest

from trickbench.harness import registry
from trickbench.harness.choice import choice
from trickbench.harness.errors import InputError, UnavailableError
from trickbench.harness.families import FAMILIES, JUDGES

ADAM = """
class MyAdam:
    technique = "adam"
    state_rows = 2

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters -= hyperparameters[0] * gradient
"""


@pytest.fixture
def own_registry(monkeypatch):
    """What a test registers is forgotten after it."""
    monkeypatch.setattr(registry, "_files", [])
    registry._found.cache_clear()
    yield
    registry._found.cache_clear()


def write(folder, text, name="my_adam.py"):
    path = folder / name
    path.write_text(textwrap.dedent(text))
    return path


def test_every_technique_says_what_it_is():
    for name, technique in registry.techniques().items():
        assert technique.name == name
        assert technique.family in FAMILIES | JUDGES
        assert technique.references
        assert len(technique.summary) > 20


def test_the_techniques_of_the_lecture_are_there():
    lecture = {"sigmoid", "relu", "maxout", "sgd", "momentum", "adagrad", "rmsprop", "adam", "adamw", "l1", "l2", "dropout", "early_stopping"}
    assert lecture | {"he", "glorot", "lecun", "softmax_cross_entropy", "squared_error"} <= set(registry.techniques())


def test_a_technique_picks_its_compiled_form_and_a_convention_picks_a_variant():
    assert choice("optimizer", "adam").implementation.name == "adam/numba_fused"
    assert choice("optimizer", "rmsprop[start=zero]").implementation.conventions["start"] == "zero"
    assert choice("penalty", "l1[form=proximal,strength=0.01]").implementation.name == "l1/numba_proximal"
    assert choice("optimizer", "adam/numpy_reference[beta1=0.5]").hyperparameters["beta1"] == 0.5


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("adma", "Unknown optimizer 'adma'. Did you mean 'adam'"),
        ("adam[start=zero]", "Unknown hyperparameter of adam 'start'"),
        ("rmsprop[start=never]", "Unknown choice of rmsprop's convention start 'never'"),
        ("rmsprop/numba_fused[start=zero]", "declares start=first_gradient, not zero"),
        ("adam[beta1=1]", r"adam's beta1 is 1; accepted is a number in \[0, 1\)"),
        ("adam[beta1=high]", "adam's beta1 is 'high'"),
        ("adam[beta1=nan]", "adam's beta1 is nan"),
    ],
)
def test_a_wrong_selection_is_refused_with_what_is_accepted(text, sentence):
    with pytest.raises(InputError, match=sentence):
        choice("optimizer", text)


@pytest.mark.usefixtures("own_registry")
def test_a_file_brings_an_implementation(tmp_path):
    (added,) = registry.add_file(write(tmp_path, ADAM))
    assert added.name == "adam/my_adam"
    assert choice("optimizer", "adam/my_adam").implementation.cls.__name__ == "MyAdam"
    assert choice("optimizer", "adam").implementation.origin == registry.OWN, "a foreign one is never taken unless it is named"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = 1", "defines no class with a `technique` attribute"),
        (ADAM.replace('"adam"', '"adma"'), "Did you mean 'adam'"),
        (ADAM.replace("state_rows = 2", ""), "lacks state_rows"),
        (ADAM.replace("def update", "def step"), "lacks update"),
        (ADAM + '    conventions = {"epsilon": "inside"}\n', "Unknown convention of adam 'epsilon'"),
        ("import no_such_package", "cannot be imported: ModuleNotFoundError"),
        ("this is no Python", "cannot be imported: SyntaxError"),
    ],
)
@pytest.mark.usefixtures("own_registry")
def test_a_wrong_file_is_refused(tmp_path, text, sentence):
    with pytest.raises(InputError, match=sentence):
        registry.add_file(write(tmp_path, text, f"wrong_{abs(hash(text))}.py"))


PROGRAM = """
from trickbench.harness import registry
print(sorted(name for name, found in registry.implementations("adam").items() if found.origin != "trickbench"), registry.unavailable())
"""


def with_package(folder, entry_point):
    """What another installed package would bring: a module and its metadata."""
    write(folder, ADAM, "their_adam.py")
    info = folder / "theirs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[trickbench.implementations]\n{entry_point}\n")
    return subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=True
    ).stdout


def test_another_packages_entry_point_brings_an_implementation(tmp_path):
    assert with_package(tmp_path, "adam/theirs = their_adam:MyAdam").startswith("['adam/theirs']")


def test_an_entry_point_that_cannot_be_loaded_is_shown_as_unavailable(tmp_path):
    assert "theirs cannot load it: AttributeError" in with_package(tmp_path, "adam/theirs = their_adam:NoSuchClass")


@pytest.mark.usefixtures("own_registry")
def test_an_unavailable_implementation_says_why(monkeypatch):
    registry._found().unavailable["adam/torch_native"] = "the package torch is not installed"
    with pytest.raises(UnavailableError, match="adam/torch_native is not available here: the package torch is not installed"):
        choice("optimizer", "adam/torch_native")


def test_every_dataset_source_says_what_it_is():
    assert {"iris", "wine", "digits", "breast_cancer", "diabetes", "moons", "circles", "blobs", "classification", "friedman1", "regression"} <= set(
        registry.sources()
    )
    assert {"california_housing", "covtype", "openml", "csv", "parquet", "npz"} <= set(registry.sources())
    assert all(source.summary for source in registry.sources().values())


def test_a_choice_is_made_once_until_other_implementations_are_there(own_registry, tmp_path):
    first = choice("optimizer", "adam")
    assert choice("optimizer", "adam") is first
    with registry.present(registry.implementations()["adam/numpy_reference"]):
        assert choice("optimizer", "adam") is not first
    assert choice("optimizer", "adam") is not first
    with pytest.raises(InputError):
        choice("optimizer", "adam/my_adam")
    registry.add_file(write(tmp_path, ADAM))
    assert choice("optimizer", "adam/my_adam").implementation.cls.__name__ == "MyAdam"


def test_what_is_handed_in_for_a_while_is_chosen_for_that_while_only(own_registry):
    theirs = registry.implementations()["adam/numpy_reference"]
    other = dataclasses.replace(theirs, cls=type("Other", (theirs.cls,), {}))
    assert choice("optimizer", "adam/numpy_reference").implementation is theirs
    with registry.present(other):
        assert choice("optimizer", "adam/numpy_reference").implementation is other
    assert choice("optimizer", "adam/numpy_reference").implementation is theirs
