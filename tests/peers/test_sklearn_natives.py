"""Implementations that are scikit-learn's own code, against the plain forms or the formula, and against a network of scikit-learn that trains."""

import pickle
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from trickbench.harness import adoption, registry
from trickbench.harness.choice import choice
from trickbench.harness.registry import implementations, techniques

networks = pytest.importorskip("sklearn.neural_network", reason="needs scikit-learn")

EPS = np.finfo(float).eps
STEPS, SIZE = 100, 23
NATIVE = [name for name in implementations() if name.endswith("/sklearn_native")]
OPTIMIZERS = [name for name in NATIVE if implementations()[name].technique.family == "optimizer"]


def gradients(scale=1.0):
    random = np.random.default_rng(11)
    return scale * (random.normal(size=(STEPS, SIZE)) + random.normal(size=SIZE))


def vector(name, step, dtype=float):
    """An optimiser's hyperparameters at a learning rate that falls from step to step."""
    return np.array(list(implementations()[name].technique.check({"learning_rate": 0.01 * (1 - step / 200)}).values()), dtype)


def walk(name, rows, member=None, start=None, state=None, first=1, dtype=float):
    """Positions and states over rows of gradients."""
    member = member or implementations()[name].create()
    position = np.zeros(SIZE, dtype) if start is None else start.copy()
    state = np.zeros((member.state_rows, SIZE), dtype) if state is None else state.copy()
    path = [(position.copy(), state.copy())]
    for step, row in enumerate(rows[first - 1 :], first):
        member.update(position, row.astype(dtype), state, vector(name, step, dtype), step)
        path.append((position.copy(), state.copy()))
    return [np.array(each) for each in zip(*path, strict=True)]


def folded_adam(rows):
    """Adam by its formula with the corrections folded into the learning rate, from exact sums of weighted gradients."""
    position, path = np.zeros(SIZE), [np.zeros(SIZE)]
    for step in range(1, len(rows) + 1):
        learning_rate, beta1, beta2, epsilon = vector("adam/sklearn_native", step)
        age = np.arange(step - 1, -1, -1)[:, None]
        mean = ((1 - beta1) * beta1**age * rows[:step]).sum(axis=0)
        square = ((1 - beta2) * beta2**age * rows[:step] ** 2).sum(axis=0)
        rate = learning_rate * np.sqrt(1 - beta2**step) / (1 - beta1**step)
        position = position - rate * mean / (np.sqrt(square) + epsilon)
        path.append(position)
    return np.array(path)


def test_what_scikit_learn_has_stands_here():
    expected = {"sgd", "momentum", "adam", "sigmoid", "relu", "glorot", "squared_error", "softmax_cross_entropy", "early_stopping"}
    assert {name.partition("/")[0] for name in NATIVE} == expected


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("name", ["sgd", "momentum"])
def test_descent_and_momentum_walk_the_plain_form_s_path_bit_for_bit(name, scale):
    (path, states), (expected, expected_states) = (walk(f"{name}/{variant}", gradients(scale)) for variant in ("sklearn_native", "numpy_reference"))
    assert np.array_equal(path, expected)
    assert np.array_equal(states, expected_states)


@pytest.mark.parametrize("scale", [1e-8, 1e-6, 1.0, 1e6])  # at the first two epsilon counts, and its place with it
def test_adam_walks_the_path_of_the_folded_formula(scale):
    path, expected = walk("adam/sklearn_native", gradients(scale))[0], folded_adam(gradients(scale))
    # as for the plain forms: 5 + t/2 + t/2 eps of the way, below 2 t eps
    length = np.abs(np.diff(expected, axis=0)).sum(axis=0).max()
    assert np.abs(path - expected).max() <= 2 * STEPS * EPS * length


def test_the_place_of_epsilon_makes_a_difference_where_gradients_are_small():
    path, other = (walk(f"adam/{variant}", gradients(1e-8))[0] for variant in ("sklearn_native", "numpy_reference"))
    assert np.abs(path - other).max() > 0.1 * np.abs(other).max()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimiser_replays_from_any_saved_state_bit_for_bit(name, dtype):
    path, states = walk(name, gradients(), dtype=dtype)
    for saved in (1, 40):
        again, _ = walk(name, gradients(), start=path[saved], state=states[saved], first=saved + 1, dtype=dtype)
        assert np.array_equal(again, path[saved:])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimiser_walks_alike_in_threads(name):
    member, scales = implementations()[name].create(), (1e-3, 1.0, 1e3, 10.0)
    alone = [walk(name, gradients(scale))[0] for scale in scales]
    with ThreadPoolExecutor(2) as pool:
        together = [path for path, _ in pool.map(lambda scale: walk(name, gradients(scale), member), scales)]
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


@pytest.mark.parametrize("name", NATIVE)
def test_a_native_implementation_is_pickled(name):
    member = implementations()[name].create()
    assert type(pickle.loads(pickle.dumps(member))) is type(member)  # noqa: S301


def test_a_stopper_is_pickled_in_the_middle_of_a_run():
    stopper = implementations()["early_stopping/sklearn_native"].create(patience=1)
    stopper.observe(1, 3.0, np.array([1.0]))
    again = pickle.loads(pickle.dumps(stopper))  # noqa: S301
    assert again.best() == stopper.best() == (1, np.array([1.0]))
    assert [again.observe(epoch, 4.0, np.zeros(1)) for epoch in (2, 3)] == [False, True]


@pytest.mark.parametrize("scale", [1e-3, 1.0, 30.0])
@pytest.mark.parametrize("name", ["sigmoid", "relu"])
def test_activations_give_the_plain_form_s_values(name, scale):
    random = np.random.default_rng(3)
    z, da = scale * random.normal(size=(9, 7)), random.normal(size=(9, 7))
    given = []
    for variant in ("sklearn_native", "numpy_reference"):
        member, a, dz = implementations()[f"{name}/{variant}"].create(), np.empty_like(z), np.empty_like(z)
        member.forward(z, a)
        member.backward(da, z, a, dz)
        given.append((a, dz))
    # exponential, sum and quotient, below one unit in the last place each, in either form; where a is near 1 the difference 1 - a has its error
    np.testing.assert_allclose(given[0][0], given[1][0], rtol=6 * EPS)
    np.testing.assert_allclose(given[0][1], given[1][1], rtol=0, atol=8 * EPS * np.abs(da).max())


@pytest.mark.parametrize("name", ["softmax_cross_entropy", "squared_error"])
def test_losses_give_the_plain_form_s_values_for_usual_outputs(name):
    random = np.random.default_rng(4)
    z, targets, weights = 3 * random.normal(size=(9, 5)), random.dirichlet(np.ones(5), 9), random.uniform(0, 2, 9)
    given = []
    for variant in ("sklearn_native", "numpy_reference"):
        member, dz = implementations()[f"{name}/{variant}"].create(), np.empty_like(z)
        member.gradient(z, targets, weights, dz)
        given.append(np.append(member.value(z, targets, weights), dz))
    # exponential, sums of up to 9 rows of 5, quotient and products: below 16 roundings, each of half an eps of a number below 16
    np.testing.assert_allclose(given[0], given[1], rtol=0, atol=16 * EPS / 2 * 16)


def trained(**options):
    """A network of scikit-learn that has trained one epoch of plain descent on all rows at once, with one hidden unit, and what it began with."""
    random = np.random.default_rng(5)
    inputs, targets = random.normal(size=(20, 3)), random.normal(size=(20, 2))
    network = networks.MLPRegressor(
        hidden_layer_sizes=(), solver="sgd", momentum=0.0, batch_size=20, alpha=0.0, random_state=1, shuffle=False, **options
    )
    network.partial_fit(inputs, targets)
    return network, inputs, targets


def test_squared_error_s_gradient_is_the_one_that_a_network_descends_and_its_loss_is_the_mean_over_outputs():
    network, inputs, targets = trained(learning_rate_init=0.125)
    start = networks.MLPRegressor(hidden_layer_sizes=(), random_state=1)
    start._random_state = np.random.RandomState(1)
    start.activation = "relu"
    weights, biases = start._init_coef(3, 2, float)
    member, outputs, dz = implementations()["squared_error/sklearn_native"].create(), inputs @ weights + biases, np.empty((20, 2))
    member.gradient(outputs, targets, np.ones(20), dz)
    # sums of 20 products of numbers below 8, and two roundings more
    np.testing.assert_allclose(network.coefs_[0], weights - 0.125 * inputs.T @ dz, rtol=0, atol=22 * EPS * 8)
    np.testing.assert_allclose(network.loss_, member.value(outputs, targets, np.ones(20)) / 2, rtol=40 * EPS)


def test_initial_weights_are_those_of_a_network_a_layer_for_every_piece():
    weights = np.empty((30, 2 * 70))
    implementations()["glorot/sklearn_native"].create().fill(weights, 30, 70, np.random.default_rng(1))
    random, limit = np.random.default_rng(1), np.sqrt(6 / 100)
    for piece in np.split(weights, 2, axis=1):
        assert np.array_equal(piece, random.uniform(-limit, limit, (30, 70)))
        random.uniform(size=70)  # the biases, which are not used


def test_early_stopping_ends_where_a_network_ends_and_keeps_its_best():
    random = np.random.default_rng(2)
    inputs = random.normal(size=(80, 5))
    targets = inputs[:, 0] + random.normal(size=80)
    for patience, tol in ((1, 0.0), (4, 0.0), (8, 0.0), (4, 0.01)):
        peer = networks.MLPRegressor(early_stopping=True, tol=tol, n_iter_no_change=patience, learning_rate_init=0.01, max_iter=500, random_state=0)
        peer.fit(inputs, targets)
        stopper = implementations()["early_stopping/sklearn_native"].create(patience=patience, min_delta=tol)
        parameters = np.empty(1)
        for epoch, score in enumerate(peer.validation_scores_, 1):
            parameters[:] = score
            if stopper.observe(epoch, -score, parameters):
                break
        assert epoch == peer.n_iter_ < 500
        assert stopper.best() == (1 + int(np.argmax(peer.validation_scores_)), np.array([peer.best_validation_score_]))


def stops(curve, **options):
    stopper = implementations()["early_stopping/sklearn_native"].create(**options)
    return next((epoch for epoch, score in enumerate(curve, 1) if stopper.observe(epoch, score, np.array([score]))), None)


def test_early_stopping_departs_where_scikit_learn_does():
    assert stops([3, 4, 4, 4, 4], patience=2) == 4, "two epochs without improvement are tolerated"
    assert stops([3, 3, 3, 3, 3], patience=2) is None, "a tie starts the count again"
    assert stops([3, np.nan, np.nan, np.nan, np.nan], patience=2) is None, "and so does NaN"
    assert stops([5.0, 4.75, 4.5, 4.25, 4.0], patience=2, min_delta=0.5) == 4, "small gains do not add up"


def test_a_release_that_has_moved_them_makes_them_unavailable(monkeypatch):
    monkeypatch.setattr(adoption, "_source", lambda _package, _module: "class SomethingElse: ...")
    found = registry.Found({}, {})
    monkeypatch.delitem(sys.modules, "trickbench.implementations.adam.sklearn_native")
    registry._add_module(found, techniques()["adam"], "sklearn_native")
    assert found.implementations == {}
    assert found.unavailable["adam/sklearn_native"].startswith("the installed sklearn has no AdamOptimizer in sklearn.neural_network._stochastic_opt")


def test_scikit_learn_is_taken_where_nothing_else_declares_what_is_asked_for_and_never_else():
    assert choice("stopper", "early_stopping[patience_counts=epochs_tolerated]").implementation.name == "early_stopping/sklearn_native"
    for technique in techniques().values():
        assert choice(technique.family, technique.name).implementation.name not in NATIVE
