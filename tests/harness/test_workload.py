"""What implementations are timed on: bytes and operations against counts by hand, calls that can be repeated without end, shared arrays."""

from collections import Counter

import numpy as np
import pytest

from trickbench.harness import registry
from trickbench.harness.errors import InputError
from trickbench.harness.timing.count import Counted, counted, operations
from trickbench.harness.timing.workload import SIZES, TIMED, another, workloads

PLAIN = ("numpy", "numba", "python")
OWN = {
    name: each
    for name, each in registry.implementations().items()
    if each.origin == registry.OWN and each.variant.startswith(PLAIN) and each.technique.family in TIMED
}
IN_PLACE = [name for name, each in OWN.items() if each.variant.startswith("numba") and each.technique.family in ("optimizer", "penalty")]


def found(name, size=2560, dtype="float32"):
    return {work.method: work for work in workloads(registry.implementations()[name], size, dtype)}


@pytest.mark.parametrize(
    ("name", "method", "numbers", "kinds"),
    [
        # p, g, m, v read; p, m, v written. m: two products, one sum; v: square, two products, one sum; two corrections; root, + epsilon;
        # is it 0?; times the learning rate; divided; taken off
        ("adam/numpy_reference", "update", 7, {"multiply": 5, "add": 3, "divide": 3, "square": 1, "sqrt": 1, "not_equal": 1, "subtract": 1}),
        ("sgd/numba_fused", "update", 3, {"multiply": 1, "subtract": 1}),
        ("relu/numpy_reference", "forward", 2, {"maximum": 1}),
        # da and z read, not a; dz written: a comparison and a choice
        ("relu/numba_fused", "backward", 3, {"less_equal": 1, "where": 1}),
        ("l2/numba_fused", "add_gradient", 3, {"multiply": 1, "add": 1}),
        ("l1/numba_proximal", "after_update", 2, {"clip": 1, "subtract": 1}),
        # of two pieces one maximum; forward reads two and writes one, backward reads da and two pieces and writes two
        ("maxout/numpy_reference", "forward", 3, {"maximum": 1}),
        ("maxout/numpy_reference", "backward", 5, {"maximum": 1, "equal": 2, "where": 2}),
        # da and a read, not z
        ("sigmoid/numpy_reference", "backward", 3, {"multiply": 2, "subtract": 1}),
    ],
)
def test_bytes_and_operations_are_those_counted_by_hand(name, method, numbers, kinds):
    work = found(name)[method]
    assert work.kinds == kinds
    assert work.operations == sum(kinds.values()) * work.elements
    hyperparameters = 16  # at most four float32 numbers, read once
    assert 0 <= work.bytes - numbers * 4 * work.elements <= hyperparameters


def test_float64_moves_twice_the_bytes():
    assert found("relu/numba_fused", dtype="float64")["forward"].bytes == 2 * found("relu/numba_fused")["forward"].bytes


def test_the_working_set_counts_each_array_once():
    assert found("l2/numba_fused", 1000)["add_gradient"].working_set == 2 * 4000


@pytest.mark.parametrize("name", ["dropout/numba_fused", "he/numpy_reference"])
def test_drawn_numbers_are_not_counted_as_no_operations(name):
    (work,) = found(name).values()
    assert work.operations is None
    assert work.bytes == 4 * work.elements  # written, never read


def test_a_convention_without_a_plain_form_counts_on_itself_or_not_at_all(tmp_path):
    path = tmp_path / "split_relu.py"
    path.write_text(
        "import numpy as np\n\nclass ReLU:\n    technique = 'relu'\n    conventions = {'derivative_at_zero': '1'}\n\n"
        "    def forward(self, z, a):\n        a[:] = np.maximum(z, 0) + 0\n\n    def backward(self, da, z, a, dz):\n        dz[:] = (z >= 0) * da\n"
    )
    implementation = registry.adopted(_class_in(path), variant="mine", origin="here")
    works = {work.method: work for work in workloads(implementation, 2560)}
    assert works["forward"].kinds == {"maximum": 1, "add": 1}
    assert works["backward"].kinds == {"greater_equal": 1, "multiply": 1}


def _class_in(path):
    names = {}
    exec(compile(path.read_text(), path, "exec"), names)  # noqa: S102  written above
    return names["ReLU"]


@pytest.mark.parametrize("name", OWN)
def test_every_own_form_has_a_workload_and_leaves_finite_numbers(name):
    technique = OWN[name].technique
    works = workloads(OWN[name], SIZES[technique.family][0])
    assert works[0].implementation == name
    assert {work.method for work in works} <= set(TIMED[technique.family])
    for work in works:
        work.call()
        assert work.bytes > 0
        assert work.elements == pytest.approx(SIZES[technique.family][0], rel=0.05)
        assert all(np.isfinite(array).all() for array in work.written)


@pytest.mark.parametrize("name", IN_PLACE)
def test_thousands_of_calls_neither_overflow_nor_decay(name):
    smallest = np.finfo(np.float32).smallest_normal
    for work in workloads(OWN[name], 256):
        for _ in range(20_000):
            work.call()
        for array in work.written:
            sizes = np.abs(array[array != 0])
            assert np.isfinite(sizes).all()
            assert (sizes >= smallest).all()
            assert work.method != "after_update" or array.all()  # what a soft threshold has taken to 0 is another work than before


def test_a_form_that_does_nothing_in_a_method_is_not_timed_on_it():
    assert set(found("l2/numba_fused")) == {"add_gradient", "value"}
    assert set(found("l1/numba_proximal")) == {"after_update", "value"}


def test_forms_share_what_they_do_not_change():
    shared = {}
    first, second = (
        workloads(registry.implementations()[f"adam/{form}"], 1000, "float32", shared)[0].call.args for form in ("numba_fused", "numpy_reference")
    )
    assert first[1] is second[1]  # the gradient
    assert not np.shares_memory(first[0], second[0])  # the parameters
    assert not np.shares_memory(first[2], second[2])  # the state
    assert np.array_equal(first[0], second[0])


@pytest.mark.parametrize(("name", "method"), [("adam/numba_fused", "update"), ("relu/numpy_reference", "backward"), ("l2/numba_fused", "value")])
def test_another_workload_has_the_same_numbers_in_arrays_of_its_own(name, method):
    first, second = found(name, 1000)[method], another(registry.implementations()[name], method, 1000)
    arrays = [(one, other) for one, other in zip(first.call.args, second.call.args, strict=True) if isinstance(one, np.ndarray)]
    assert len(arrays) >= 1
    for one, other in arrays:
        assert np.array_equal(one, other)
        assert not np.shares_memory(one, other)
    assert (first.bytes, first.kinds) == (second.bytes, second.kinds)


def test_a_stopper_is_shown_a_whole_curve_every_time():
    (work,) = found("early_stopping/python_reference", 1000).values()
    assert work.call()[0] == work.call()[0] == 28  # the last of the epochs 1, 4, 7, ... up to 30
    assert work.bytes == 2 * 11 * 4000  # ten improvements and the answer, each read and written


@pytest.mark.parametrize("size", [0, -1])
def test_a_size_below_one_is_refused(size):
    with pytest.raises(InputError, match=f"size is {size}; accepted is a whole number from 1"):
        workloads(registry.implementations()["sgd/numba_fused"], size)


def test_tiny_sizes_work():
    for name in ("relu/numba_fused", "softmax_cross_entropy/numba_fused", "adam/numba_fused", "dropout/numba_fused", "he/numba_fused"):
        for work in found(name, 1).values():
            work.call()
            assert work.elements == 1


def count(function, *arrays):
    return operations(function, dict(enumerate(np.array(array, float) for array in arrays)))


def test_reductions_products_and_choices_are_counted():
    assert count(lambda x: x.sum(), np.ones(10)) == {"add": 9}
    assert count(lambda x: np.max(x, axis=1), np.ones((3, 4))) == {"maximum": 9}
    assert count(lambda x, y: x @ y, np.ones((2, 5)), np.ones((5, 3))) == {"matmul": 2 * 2 * 5 * 3}
    assert count(lambda x: np.where(x > 0, x, 0), np.ones(6)) == {"greater": 6, "where": 6}
    assert count(lambda x: x.argmax(axis=0), np.ones((3, 4))) == {"maximum": 8}
    assert count(lambda x: x.clip(-1, 1), np.ones(5)) == {"clip": 5}


def test_views_copies_and_results_count_into_the_same_tally():
    assert count(lambda x: np.exp(-x.reshape(2, 3)[0].copy()) + 1, np.ones(6)) == {"negative": 3, "exp": 3, "add": 3}


def test_counting_changes_no_result():
    tally = Counter()
    array = counted(np.arange(5.0), tally)
    array += 1
    assert isinstance(array, Counted)
    assert np.array_equal(np.asarray(np.sqrt(array)), np.sqrt(np.arange(5.0) + 1))
    assert tally == {"add": 5, "sqrt": 5}


def test_what_fails_on_counted_arrays_or_computes_nothing_has_no_count():
    def refuses(array):
        raise TypeError

    assert count(refuses, np.ones(3)) is None
    assert count(lambda x: x.reshape(3, 1), np.ones(3)) is None
