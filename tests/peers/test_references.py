"""The plain forms against independent implementations: PyTorch, optax and scikit-learn, in float64.

Every other form is held against the plain ones, so these tests tie the whole collection to other people's code. Peers run under the conventions
that the plain forms declare; where a peer has another one, the test says how the two are brought together. Measured deviations are recorded
as properties of the tests (`--junitxml` shows them).
"""

import numpy as np
import pytest

from trickbench.harness.registry import implementations

STEPS, SIZE = 100, 23
EPS = np.finfo(float).eps
RATE = 0.01


def gradients(scale):
    random = np.random.default_rng(11)
    return scale * (random.normal(size=(STEPS, SIZE)) + random.normal(size=SIZE))


def our_path(name, rows, rates, **hyperparameters):
    """Positions of one of our optimisers, start at 0, with a learning rate for each step."""
    found = implementations()[name]
    member, position = found.create(), np.zeros(SIZE)
    state = np.zeros((member.state_rows, SIZE))
    path = [position.copy()]
    for step, (row, rate) in enumerate(zip(rows, rates, strict=True), 1):
        values = found.technique.check({"learning_rate": rate, **hyperparameters})
        member.update(position, row.copy(), state, np.array(list(values.values())), step)
        path.append(position.copy())
    return np.array(path)


def torch_path(make, rows, rates, prepare=None):
    """Positions of a PyTorch optimiser. `prepare` may fill its state."""
    torch = pytest.importorskip("torch", reason="needs PyTorch")
    position = torch.zeros(SIZE, dtype=torch.float64, requires_grad=True)
    optimizer = make(torch.optim, [position])
    if prepare:
        optimizer.state[position] = prepare(torch, torch.from_numpy(rows[0]))
    path = [np.zeros(SIZE)]
    for row, rate in zip(rows, rates, strict=True):
        optimizer.param_groups[0]["lr"] = rate
        position.grad = torch.from_numpy(row.copy())
        optimizer.step()
        path.append(position.detach().numpy().copy())
    return np.array(path)


def optax_path(make, rows, rates):
    """Positions of an optax optimiser, made from a schedule of learning rates."""
    optax, jax = pytest.importorskip("optax", reason="needs optax"), pytest.importorskip("jax", reason="needs JAX")
    with jax.enable_x64(True):
        table = jax.numpy.asarray(rates)
        optimizer = make(optax, lambda count: table[count])
        position = jax.numpy.zeros(SIZE)
        state, path = optimizer.init(position), [np.zeros(SIZE)]
        for row in rows:
            updates, state = optimizer.update(jax.numpy.asarray(row), state, position)
            position = optax.apply_updates(position, updates)
            path.append(np.asarray(position))
    return np.array(path)


def sklearn_path(make, rows, rates):
    """Positions of an optimiser of scikit-learn's multilayer perceptron."""
    optimizers = pytest.importorskip("sklearn.neural_network._stochastic_optimizers", reason="needs scikit-learn")
    position, path = np.zeros(SIZE), [np.zeros(SIZE)]
    optimizer = make(optimizers, [position])
    for row, rate in zip(rows, rates, strict=True):
        optimizer.learning_rate = optimizer.learning_rate_init = rate
        optimizer.update_params([position], [row])
        path.append(position.copy())
    return np.array(path)


def torch(make, prepare=None):
    return lambda rows, rates: torch_path(make, rows, rates, prepare)


def optax(make):
    return lambda rows, rates: optax_path(make, rows, rates)


def sklearn(make):
    return lambda rows, rates: sklearn_path(make, rows, rates)


CONSTANT, CHANGING = np.full(STEPS, RATE), RATE * np.linspace(1, 0.1, STEPS)

OPTIMIZERS = {
    "sgd torch": ("sgd/numpy_reference", {}, CHANGING, torch(lambda o, p: o.SGD(p))),
    "sgd optax": ("sgd/numpy_reference", {}, CHANGING, optax(lambda o, rate: o.sgd(rate))),
    # at a constant rate the lecture's form and PyTorch's walk the same path
    "momentum torch": ("momentum/numpy_reference", {}, CONSTANT, torch(lambda o, p: o.SGD(p, momentum=0.9))),
    "momentum torch, torch form": ("momentum/numpy_torch_form", {}, CHANGING, torch(lambda o, p: o.SGD(p, momentum=0.9))),
    "momentum optax, torch form": ("momentum/numpy_torch_form", {}, CHANGING, optax(lambda o, rate: o.sgd(rate, momentum=0.9))),
    # scikit-learn has the lecture's form; optax has it if the trace comes after the learning rate
    "momentum sklearn": ("momentum/numpy_reference", {}, CHANGING, sklearn(lambda o, p: o.SGDOptimizer(p, nesterov=False))),
    "momentum optax": ("momentum/numpy_reference", {}, CHANGING, optax(lambda o, rate: o.chain(o.scale_by_learning_rate(rate), o.trace(0.9)))),
    "adagrad torch": ("adagrad/numpy_reference", {"epsilon": 1e-10}, CHANGING, torch(lambda o, p: o.Adagrad(p, eps=1e-10))),
    # optax adds epsilon inside the root: without any the conventions agree
    "adagrad optax": ("adagrad/numpy_reference", {"epsilon": 0.0}, CHANGING, optax(lambda o, rate: o.adagrad(rate, 0.0, eps=0.0))),
    # PyTorch's average starts at 0. Started at g², the first step leaves it there, α g² + (1 - α) g² = g²: the lecture's start
    "rmsprop torch": (
        "rmsprop/numpy_reference",
        {},
        CHANGING,
        torch(lambda o, p: o.RMSprop(p, alpha=0.9, eps=1e-8), lambda t, g: {"step": t.tensor(0.0), "square_avg": g**2}),
    ),
    "rmsprop torch, zero start": ("rmsprop/numpy_zero_start", {}, CHANGING, torch(lambda o, p: o.RMSprop(p, alpha=0.9, eps=1e-8))),
    "rmsprop optax, zero start": (
        "rmsprop/numpy_zero_start",
        {},
        CHANGING,
        optax(lambda o, rate: o.rmsprop(rate, decay=0.9, eps=1e-8, eps_in_sqrt=False)),
    ),
    "adam torch": ("adam/numpy_reference", {}, CHANGING, torch(lambda o, p: o.Adam(p, eps=1e-8))),
    "adam optax": ("adam/numpy_reference", {}, CHANGING, optax(lambda o, rate: o.adam(rate, eps=1e-8))),
    # scikit-learn folds the corrections into the learning rate: without epsilon the conventions agree
    "adam sklearn": ("adam/numpy_reference", {"epsilon": 0.0}, CHANGING, sklearn(lambda o, p: o.AdamOptimizer(p, epsilon=0.0))),
    "adamw torch": ("adamw/numpy_reference", {"strength": 0.5}, CHANGING, torch(lambda o, p: o.AdamW(p, eps=1e-8, weight_decay=0.5))),
    "adamw optax": ("adamw/numpy_reference", {"strength": 0.5}, CHANGING, optax(lambda o, rate: o.adamw(rate, eps=1e-8, weight_decay=0.5))),
}


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("case", OPTIMIZERS)
def test_an_optimiser_walks_its_peer_s_path(case, scale, record):
    name, hyperparameters, rates, peer = OPTIMIZERS[case]
    rows = gradients(scale)
    ours, theirs = our_path(name, rows, rates, **hyperparameters), peer(rows, rates)
    deviation = np.abs(ours - theirs).max() / np.abs(theirs).max()
    record(deviation)
    # each of t steps rounds by at most 10 eps/2 of its size, its state has rounded twice a step, by eps/2 each, halved by the root, and the position
    # rounds by eps/2 of itself: relative to the distance moved 5 + t/2 + t/2 eps, below 2 t eps = 4.4e-14
    assert deviation <= 2 * STEPS * EPS


def test_l2_is_torch_s_weight_decay(record):
    rows, penalty = gradients(1.0), implementations()["l2/numpy_reference"].create()
    theirs = torch_path(lambda o, p: o.SGD(p, weight_decay=0.5), rows, CONSTANT)
    weights, path = np.zeros(SIZE), [np.zeros(SIZE)]
    for row in rows:
        gradient = row.copy()
        penalty.add_gradient(weights, 0.5, gradient)
        weights -= RATE * gradient
        path.append(weights.copy())
    deviation = np.abs(np.array(path) - theirs).max() / np.abs(theirs).max()
    record(deviation)
    assert deviation <= 2 * STEPS * EPS
