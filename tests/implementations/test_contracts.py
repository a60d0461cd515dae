"""What every implementation owes its family, whatever it computes."""

import copy
import importlib

import numpy as np
import pytest

from trickbench.harness.families import COMPILED, methods
from trickbench.harness.kernel import Kernel, check_arguments
from trickbench.harness.registry import implementations


def test_every_technique_has_a_plain_form_and_a_compiled_one_where_the_loop_calls_it(technique):
    found = implementations(technique.name)
    assert any(variant.endswith("_reference") for variant in found), f"{technique.name} has no plain form"
    needed = COMPILED.get(technique.family, ())
    assert not needed or any(all(isinstance(getattr(each.cls, name), Kernel) for name in needed) for each in found.values())


def test_every_variant_of_a_technique_has_the_same_class_name(technique):
    assert len({each.cls.__name__ for each in implementations(technique.name).values() if each.origin == "trickbench"}) == 1


def test_every_technique_documents_its_hyperparameters_conventions_and_references(technique):
    text = importlib.import_module(f"trickbench.implementations.{technique.name}.technique").__doc__
    words = [*technique.hyperparameters, *technique.conventions, *(choice for choices in technique.conventions.values() for choice in choices)]
    assert [word for word in words if f"`{word}`" not in text and word not in ("0", "1")] == []
    assert "References:" in text
    assert technique.references
    assert len(technique.summary) > 40, "the first line is the idea in one sentence"


def test_every_method_takes_the_contract_s_arguments_by_name_and_order(member):
    for name, contract in methods(member.implementation.technique.family).items():
        check_arguments(getattr(member.implementation.cls, name), contract)


def test_every_kernel_compiles_to_its_contract(member):
    for name in methods(member.implementation.technique.family):
        assert callable(getattr(member, name))


def test_every_declared_convention_differs_from_the_first_choice(member):
    for name, choice in getattr(member.implementation.cls, "conventions", {}).items():
        assert choice != member.implementation.technique.conventions[name][0], "silence means the first choice"


def calls(member, random):
    """Every method of a member that a run calls, with arguments, and the positions of those that it changes and of those that it fills."""

    def one(*shape):
        return member.array(random.uniform(0.1, 1, shape))

    real, width = member.dtype.type, 14 if member.technique == "maxout" else 7
    return {
        "activation": lambda: [
            ("forward", [one(3, width), one(3, 7)], {1}, {1}),
            ("backward", [one(3, 7), one(3, width), one(3, 7), one(3, width)], {3}, {3}),
        ],
        "loss": lambda: [
            ("value", [one(5, 3), one(5, 3), one(5)], set(), set()),
            ("gradient", [one(5, 3), one(5, 3), one(5), one(5, 3)], {3}, {3}),
        ],
        "penalty": lambda: [
            ("value", [one(7), real(0.3)], set(), set()),
            ("add_gradient", [one(7), real(0.3), one(7)], {2}, set()),
            ("after_update", [one(7), real(0.3), real(0.1)], {0}, set()),
        ],
        "optimizer": lambda: [("update", [one(7), one(7), one(member.state_rows, 7), member.hyperparameters(), 3], {0, 2}, set())],
        "dropout": lambda: [("draw", [np.uint64(2**63 + 9), 4, 1, 0.3, one(5, 3)], {4}, {4})],
        "initializer": lambda: [("fill", [one(4, 6), 4, 6, np.random.default_rng(5)], {0}, {0})],
        "stopper": list,
    }[member.implementation.technique.family]()


def test_outputs_are_written_in_full_and_inputs_keep_their_bits(member, random):
    for name, arguments, changed, filled in calls(member, random):
        for position in filled:
            arguments[position][:] = np.nan
        before = copy.deepcopy(arguments)
        getattr(member, name)(*arguments)
        assert not any(np.isnan(arguments[position]).any() for position in filled)
        for position, argument in enumerate(arguments):
            if position not in changed and not isinstance(argument, np.random.Generator):
                assert np.array_equal(argument, before[position]), f"{name} changes argument {position}"


def test_equal_calls_give_equal_bits_whatever_was_called_before(member, random):
    for name, arguments, _, _ in calls(member, random):
        again = copy.deepcopy(arguments)
        first = getattr(member, name)(*arguments)
        assert getattr(member, name)(*again) == first
        assert all(np.array_equal(one, other) for one, other in zip(arguments, again, strict=True) if isinstance(one, np.ndarray))


def test_a_kernel_called_from_python_gives_what_it_gives_compiled(member, random):
    for name, arguments, _, _ in calls(member, random):
        again = copy.deepcopy(arguments)
        compiled, interpreted = getattr(member, name), getattr(member.implementation.create(), name)
        for one, other in zip([compiled(*arguments), *arguments], [interpreted(*again), *again], strict=True):
            if isinstance(one, (float, np.ndarray)):  # compiled, a product and a sum may be one operation
                np.testing.assert_allclose(one, other, rtol=8 * member.eps)


@pytest.mark.parametrize("size", [0, 1, 31])
def test_any_size_is_served_and_its_elements_do_not_depend_on_their_neighbours(size, optimizer, random):
    gradients = random.normal(size=(4, 33))
    whole, state = optimizer.walk(gradients)
    part, part_state = optimizer.walk(gradients[:, :size])
    # a vectorised loop and its remainder contract products and sums alike or not: one rounding a step
    tolerance = {"rtol": 8 * optimizer.eps, "atol": 8 * optimizer.eps * np.abs(whole).max()}
    np.testing.assert_allclose(part, whole[:, :size], **tolerance)
    np.testing.assert_allclose(part_state, state[:, :size], **tolerance)


def test_empty_batches_are_served(activation, random):
    del random
    width = 6 if activation.technique == "maxout" else 3
    for rows, units in ((0, 3), (2, 0), (0, 0)):
        z = np.empty((rows, units * width // 3), activation.dtype)
        a, dz = np.empty((rows, units), activation.dtype), np.empty_like(z)
        activation.forward(z, a)
        activation.backward(a.copy(), z, a, dz)


def test_losses_and_penalties_serve_empty_arrays(member):
    family, empty = member.implementation.technique.family, member.array([])
    if family == "loss":
        member.gradient(np.empty((0, 3), member.dtype), np.empty((0, 3), member.dtype), empty, np.empty((0, 3), member.dtype))
    if family == "penalty":
        real = member.dtype.type
        assert member.value(empty, real(1)) == 0
        member.add_gradient(empty, real(1), empty.copy())
        member.after_update(empty, real(1), real(1))
