"""optax transformations handed in as they are: what they compute, what they remember, when they are compiled, and what is refused."""

import functools
import pickle

import numpy as np
import pytest

from trickbench.harness.adapters.optax_transformations import optimizer_class
from trickbench.harness.adoption import adopt
from trickbench.harness.errors import InputError
from trickbench.harness.registry import implementation, implementations, techniques
from trickbench.harness.subject import subject

jax = pytest.importorskip("jax", reason="needs JAX")
optax = pytest.importorskip("optax", reason="needs optax")

STEPS, SIZE = 30, 23


def adopted(factory, technique="adam", dtype="float64", **more):
    cls = optimizer_class(factory, techniques()[technique], **more)
    return subject(implementation(techniques()[technique], "handed_in", cls, "tests"), dtype)


def gradients(steps=STEPS, size=SIZE):
    return np.random.default_rng(4).normal(size=(steps, size))


def optax_path(transformation, rows, dtype="float64"):
    """The positions of a transformation in optax's own loop, start at 0."""
    with jax.enable_x64(dtype == "float64"):
        position = jax.numpy.zeros(rows.shape[1], dtype)
        state, path = transformation.init(position), []
        update = jax.jit(transformation.update)
        for row in rows.astype(dtype):
            updates, state = update(jax.numpy.asarray(row), state, position)
            position = optax.apply_updates(position, updates)
            path.append(np.asarray(position))
    return np.array(path)


def my_adam(learning_rate, b1=0.9, b2=0.999, eps=1e-8):
    """Adam as a user might write it, without optax's own."""

    def init(parameters):
        zeros = jax.numpy.zeros_like(parameters)
        return {"mean": zeros, "square": zeros, "count": jax.numpy.zeros([], jax.numpy.int32)}

    def update(gradient, state, parameters=None):
        count = state["count"] + 1
        mean, square = b1 * state["mean"] + (1 - b1) * gradient, b2 * state["square"] + (1 - b2) * gradient**2
        step = -learning_rate * (mean / (1 - b1**count)) / (jax.numpy.sqrt(square / (1 - b2**count)) + eps)
        return step, {"mean": mean, "square": square, "count": count}

    return optax.GradientTransformation(init, update)


def careful_adam(learning_rate, b1, b2, eps):
    """Looks at the values of its arguments, so that they cannot be traced."""
    if learning_rate <= 0 or not 0 <= b1 < 1:
        raise ValueError("Bad hyperparameters.")
    return optax.adam(learning_rate, b1, b2, eps)


def plain_without_momentum(learning_rate, momentum):
    return optax.sgd(learning_rate, momentum) if momentum > 0 else optax.sgd(learning_rate)


def untraceable(learning_rate):
    """Computes with NumPy, which no compiler sees."""
    return optax.stateless(lambda updates, _: -learning_rate * np.asarray(updates))


def clipped_adam(learning_rate, b1, b2, eps):
    return optax.chain(optax.clip_by_global_norm(1.0), optax.adam(learning_rate, b1, b2, eps))


def decaying(learning_rate):
    return optax.sgd(optax.exponential_decay(learning_rate, 10, 0.5))


def accumulating(learning_rate):
    return optax.MultiSteps(optax.sgd(learning_rate, momentum=0.9), every_k_schedule=3).gradient_transformation()


def warm_adagrad(learning_rate, eps):
    return optax.adagrad(learning_rate, initial_accumulator_value=0.5, eps=eps)


def two_memories(learning_rate):
    """Keeps the last two gradients in one array (2, n)."""

    def init(parameters):
        return jax.numpy.zeros((2, *parameters.shape), parameters.dtype)

    def update(gradient, state, parameters=None):
        return -learning_rate * (gradient + state.sum(axis=0)), jax.numpy.stack([gradient, state[0]])

    return optax.GradientTransformation(init, update)


def centred(learning_rate):
    """Every parameter's step depends on how many there are."""
    return optax.stateless(lambda updates, _: -learning_rate * (updates - updates.mean()))


def noisy(learning_rate):
    return optax.chain(optax.add_noise(0.1, 0.5, 0), optax.sgd(learning_rate))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("factory", [optax.adam, my_adam, careful_adam], ids=lambda factory: factory.__name__)
def test_an_adam_keeps_our_state_and_walks_our_path(factory, dtype):
    walk = adopted(factory, dtype=dtype).walk(gradients(), learning_rate=0.01)
    reference = subject(implementations()["adam/numpy_reference"], dtype).walk(gradients(), learning_rate=0.01)
    eps, count = np.finfo(dtype).eps, np.arange(1, STEPS + 1)
    # two roundings of the state and its position a step, and what a correction in the parameters' dtype is off by (see test_jax_natives.py)
    tolerance = (2 * STEPS + 4 * (0.5 / (1 - 0.999**count)).mean()) * eps * np.abs(reference.positions).max()
    np.testing.assert_allclose(walk.positions, reference.positions, rtol=0, atol=tolerance)
    np.testing.assert_allclose(walk.states[-1], reference.states[-1], rtol=0, atol=STEPS * eps * np.abs(reference.states[-1]).max())


@pytest.mark.parametrize(
    ("factory", "technique", "made"),
    [
        (clipped_adam, "adam", lambda: clipped_adam(0.01, 0.9, 0.999, 1e-8)),
        (decaying, "sgd", lambda: decaying(0.01)),
        (accumulating, "sgd", lambda: accumulating(0.01)),
        (warm_adagrad, "adagrad", lambda: warm_adagrad(0.01, 1e-10)),
        (two_memories, "sgd", lambda: two_memories(0.01)),
        (centred, "sgd", lambda: centred(0.01)),
        (functools.partial(optax.adam, nesterov=True), "adam", lambda: optax.adam(0.01, nesterov=True)),
    ],
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_transformation_walks_as_in_optax_s_own_loop(factory, technique, made, dtype):
    walk = adopted(factory, technique, dtype).walk(gradients(), learning_rate=0.01)
    expected = optax_path(made(), gradients(), dtype)
    # the same operations on hyperparameters that are rounded to the dtype: each by eps/2, and 1 - beta by eps/2 of beta, 500 eps of itself; the
    # powers of a beta that is off by eps/2 are off by t times that
    tolerance = (2 * STEPS + (1000 if technique == "adam" and dtype == "float32" else 0)) * np.finfo(dtype).eps
    np.testing.assert_allclose(walk.positions[1:], expected, rtol=0, atol=tolerance * np.abs(expected).max())


@pytest.mark.parametrize(
    ("factory", "technique"),
    [(optax.adam, "adam"), (clipped_adam, "adam"), (accumulating, "sgd"), (decaying, "sgd"), (warm_adagrad, "adagrad"), (two_memories, "sgd")],
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_any_saved_state_has_the_same_future(factory, technique, dtype):
    optimizer = adopted(factory, technique, dtype)
    whole = optimizer.walk(gradients())
    for saved in (1, 7, 20):  # in the middle of what is accumulated, too
        rest = optimizer.walk(gradients()[saved:], start=whole.positions[saved], state=whole.states[saved], first_step=saved + 1)
        assert np.array_equal(rest.positions, whole.positions[saved:])
        assert np.array_equal(rest.states, whole.states[saved:])


def test_counts_of_steps_take_no_row_and_other_numbers_one():
    assert adopted(optax.adam).state_rows == 2
    assert adopted(decaying, "sgd").state_rows == 0
    assert adopted(accumulating, "sgd").state_rows == 4  # velocity, sum of gradients, steps since and steps of the inner transformation
    assert adopted(two_memories, "sgd").state_rows == 2


def test_a_later_step_may_come_first():
    """A walk that begins at step 1000 with a state of its own: the corrections are those of step 1000."""
    state, plain = np.abs(np.random.default_rng(2).normal(size=(2, SIZE))), subject(implementations()["adam/numpy_reference"], "float64")
    found, expected = (optimizer.walk(gradients(1), state=state, first_step=1000) for optimizer in (adopted(optax.adam), plain))
    np.testing.assert_allclose(found.positions[1], expected.positions[1], rtol=20 * np.finfo(float).eps)


def traces(factory):
    """The factory, counting how often it is called: once to look at it, then once for each compilation."""

    @functools.wraps(factory)
    def counted(*arguments, **named):
        counted.calls += 1
        return factory(*arguments, **named)

    counted.calls = 0
    return counted


def test_other_hyperparameters_and_nearby_lengths_cost_no_compilation():
    factory = traces(optax.adam)
    optimizer = adopted(factory)
    optimizer.walk(gradients(2, 20))
    before = factory.calls
    optimizer.walk(gradients(), learning_rate=0.01 * np.linspace(1, 2, STEPS), beta1=0.5)
    optimizer.walk(gradients(size=60), epsilon=0.5)
    assert factory.calls == before
    optimizer.walk(gradients(2, 100))
    assert factory.calls == before + 1


def test_where_values_are_looked_at_they_become_constants_but_the_rate_if_it_can_stay():
    factory = traces(plain_without_momentum)
    optimizer = adopted(factory, "momentum", names={"momentum": "momentum"})
    optimizer.walk(gradients(2))
    before = factory.calls
    expected = optax_path(optax.sgd(lambda count: 0.01 * (1 + count), momentum=0.9), gradients(3))
    found = optimizer.walk(gradients(3), learning_rate=[0.01, 0.02, 0.03])
    assert factory.calls == before
    np.testing.assert_allclose(found.positions[1:], expected, rtol=10 * np.finfo(float).eps)


def test_what_cannot_be_compiled_runs_as_it_is():
    optimizer = adopted(untraceable, "sgd")
    found = optimizer.walk(gradients(4), learning_rate=[0.5, 0.25, 0.5, 0.25])
    assert np.array_equal(found.movements[0], -0.5 * gradients(4)[0])
    np.testing.assert_allclose(np.diff(found.positions, axis=0), -np.array([[0.5], [0.25], [0.5], [0.25]]) * gradients(4), atol=1e-15)


def test_an_error_of_the_transformation_s_own_is_shown():
    with pytest.raises(ValueError, match="Bad hyperparameters"):
        adopted(careful_adam).method("update")(np.zeros(3), np.ones(3), np.zeros((2, 3)), np.array([-1.0, 0.9, 0.999, 1e-8]), 1)


def test_no_parameters_are_served():
    adopted(optax.adam).walk(np.zeros((2, 0)))


def test_precision_is_left_as_it_was():
    for switch in (False, True):
        with jax.enable_x64(switch):
            paths = [adopted(optax.adam, dtype=dtype).walk(gradients(3)).positions for dtype in ("float64", "float32")]
            assert jax.config.jax_enable_x64 is switch
        assert not np.array_equal(*paths)


def test_a_member_is_pickled_by_its_factory_s_name():
    member = optimizer_class(optax.adam, techniques()["adam"], {"zero_over_zero": "nan"})()
    again = pickle.loads(pickle.dumps(member))  # noqa: S301  our own bytes
    assert (again.state_rows, again.conventions) == (2, {"zero_over_zero": "nan"})
    paths = []
    for each in (member, again):
        position, state = np.zeros(3), np.zeros((2, 3))
        each.update(position, np.ones(3), state, np.array([0.01, 0.9, 0.999, 1e-8]), 1)
        paths.append(position)
    assert np.array_equal(*paths)


def test_names_are_found_or_given():
    def odd(eta, forget=0.9):
        return optax.sgd(eta, forget)

    found = adopted(odd, "momentum", names={"learning_rate": "eta", "momentum": "forget"}).walk(gradients(5))
    expected = subject(implementations()["momentum/numpy_torch_form"], "float64").walk(gradients(5))
    np.testing.assert_allclose(found.positions, expected.positions, rtol=0, atol=10 * np.finfo(float).eps * np.abs(expected.positions).max())


@pytest.mark.parametrize(
    ("factory", "technique", "more", "words"),
    [
        (optax.sgd, "adam", {}, "sgd takes no beta1.*it takes learning_rate, momentum"),
        (lambda: optax.sgd(0.1), "sgd", {}, "takes no learning_rate.*it takes nothing"),
        (optax.adam, "adam", {"names": {"beta3": "b3"}}, "Unknown hyperparameter of adam 'beta3'"),
        (optax.adam, "adam", {"names": {"beta1": "b3"}}, "takes no beta1, called b3 here"),
        (lambda lr, horizon: optax.sgd(lr), "sgd", {}, "needs horizon too"),
        (lambda lr: 3, "sgd", {}, "makes 3, which has no init and update"),
        (noisy, "sgd", {}, "noisy cannot be taken: its state holds an array key"),
        (lambda lr: optax.scale_by_lbfgs(5), "sgd", {}, r"its state holds an array float32\[5\] for 11 parameters"),
        (lambda lr: 1 / 0, "sgd", {}, "makes no transformation that can be started: ZeroDivisionError"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(factory, technique, more, words):
    with pytest.raises(InputError, match=words):
        optimizer_class(factory, techniques()[technique], **more)


def test_a_finished_transformation_is_refused():
    for hand_in in (adopt, optimizer_class):
        with pytest.raises(InputError, match=r"such as optax\.adam"):
            hand_in(optax.adam(0.1), techniques()["adam"])


def test_a_state_that_changes_its_structure_is_refused():
    def growing(learning_rate):
        return optax.GradientTransformation(lambda parameters: (), lambda gradient, state, parameters: (-learning_rate * gradient, (gradient,)))

    with pytest.raises(InputError, match="a state keeps its structure"):
        adopted(growing, "sgd").walk(gradients(1))
