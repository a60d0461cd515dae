"""Taking in other libraries' code, without any of the libraries: what is recognised, what is refused, and that nothing is imported too early."""

import subprocess
import sys

import numpy as np
import pytest

from trickbench.harness import adoption
from trickbench.harness.adoption import adopt, in_blocks, is_torch_optimizer, require
from trickbench.harness.errors import InputError
from trickbench.harness.registry import techniques


class Descent:
    state_rows = 0

    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters -= hyperparameters[0] * gradient


def optimizer_of_torch(**constructor):
    """A class that looks like PyTorch's from outside: its base's name and module are theirs."""
    base = type("Optimizer", (), {"__module__": "torch.optim.optimizer"})
    return type("Theirs", (base,), constructor)


def test_a_class_with_the_family_s_methods_is_returned_as_it_is():
    assert adopt(Descent, techniques()["sgd"]) is Descent
    assert adopt(Descent, techniques()["sgd"], conventions={}, departures={}) is Descent


def test_what_is_declared_for_a_class_stands_on_a_subclass():
    made = adopt(Descent, techniques()["momentum"], conventions={"learning_rate_in": "update"}, departures={"a.claim": "for a reason"})
    assert issubclass(made, Descent)
    assert (made.conventions, made.departures) == ({"learning_rate_in": "update"}, {"a.claim": "for a reason"})
    assert not hasattr(Descent, "conventions")


def test_a_torch_optimiser_is_told_by_its_bases_without_torch():
    assert is_torch_optimizer(optimizer_of_torch())
    assert not is_torch_optimizer(optimizer_of_torch().__mro__[1]), "the base itself takes no step"
    assert not is_torch_optimizer(optimizer_of_torch()())
    assert not is_torch_optimizer(Descent)


@pytest.mark.parametrize(
    ("thing", "technique", "sentence"),
    [
        (3, "sgd", "An instance of int cannot be taken as an implementation of sgd: it lacks update; accepted is a class with the methods update, "),
        (list, "sgd", "list cannot be taken as an implementation of sgd: it lacks update"),
        (Descent(), "sgd", r"An instance of Descent cannot be .* a subclass of torch.optim.Optimizer \(the class, not an instance\)"),
        (optimizer_of_torch()(), "sgd", "An instance of Theirs cannot be taken"),
        (
            optimizer_of_torch(),
            "relu",
            "Theirs cannot be taken as an implementation of relu: it lacks forward, backward; accepted is a class with the methods forward, backward",
        ),
        (lambda learning_rate: learning_rate, "relu", "lambda.* cannot be taken as an implementation of relu"),
    ],
)
def test_anything_else_is_refused_with_what_is_accepted(thing, technique, sentence):
    with pytest.raises(InputError, match=sentence):
        adopt(thing, techniques()[technique])


def test_a_function_is_refused_where_optax_is_not_installed(monkeypatch):
    monkeypatch.setattr(adoption.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(InputError, match=r"cannot be taken as an implementation of sgd: .* a function that makes an optax transformation"):
        adopt(lambda learning_rate: learning_rate, techniques()["sgd"])


def constructor(self, params, step_size=0.1, *, betas=(0.9, 0.999)): ...


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ({}, "Theirs takes no learning_rate, or anything that learning_rate is known to be called; it takes step_size, betas. Say which"),
        ({"learning_rate": "speed"}, "Theirs takes no learning_rate, called speed here; it takes step_size, betas"),
        ({"learning_rate": "step size"}, "Theirs takes no learning_rate, called step size here"),
    ],
)
def test_a_hyperparameter_without_a_place_in_the_constructor_is_refused_with_what_it_takes(names, sentence):
    with pytest.raises(InputError, match=sentence):
        adopt(optimizer_of_torch(__init__=constructor), techniques()["sgd"], names=names)


def test_arguments_that_are_passed_on_are_looked_for_in_the_base():
    base = optimizer_of_torch(__init__=constructor)

    def passing_on(self, params, speed=1.0, **others): ...

    with pytest.raises(InputError, match=r"takes no learning_rate, .* it takes step_size, betas, speed"):
        adopt(type("Passing", (base,), {"__init__": passing_on}), techniques()["sgd"])


def test_a_missing_package_is_named():
    with pytest.raises(ImportError, match="the package no_such_package is not installed") as refusal:
        require("no_such_package.inner")
    assert refusal.value.name == "no_such_package"


@pytest.mark.parametrize("module", ["sklearn.neural_network._base", "sklearn.neural_network._no_such_module"])
def test_a_release_that_has_moved_a_name_says_so(module):
    with pytest.raises(ImportError, match=f"the installed sklearn has no no_such_name in {module}"):
        require(module, "no_such_name")


PROGRAM = """
import sys
from trickbench.harness import registry
from trickbench.harness.adoption import require
registry.implementations()
module = require("wave")
print([name for name in ("torch", "sklearn", "jax", "optax", "wave") if name in sys.modules])
print(module.open.__name__, "wave" in sys.modules)
"""


def test_listing_implementations_imports_no_library():
    output = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
    assert output.splitlines() == ["[]", "open True"]


def test_a_stand_in_answers_no_question_of_python_s_own():
    later = require("wave")
    assert not hasattr(later, "__deepcopy__")
    assert repr(later) == "<wave, imported when it is used>"
    with pytest.raises(AttributeError, match="no_such_name"):
        later.no_such_name  # noqa: B018


def test_every_piece_is_a_layer_of_its_own():
    draws = iter(range(1, 100))
    weights = np.zeros((2, 6))
    in_blocks(weights, 2, 3, lambda: np.full((2, 3), next(draws)))
    assert weights.tolist() == [[1, 1, 1, 2, 2, 2]] * 2


def test_weights_of_another_shape_are_cut_from_whole_draws():
    weights = np.zeros((3, 2))
    in_blocks(weights, 2, 5, lambda: np.arange(10.0).reshape(2, 5))
    assert weights.tolist() == [[0, 1], [5, 6], [0, 1]]
    in_blocks(np.zeros((0, 4)), 0, 4, lambda: pytest.fail("there is nothing to draw"))
