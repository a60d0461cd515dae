"""Implementations that are PyTorch's own code against the plain forms of the same declared conventions, and PyTorch optimisers handed in as they are.

Optimisers walk in float64 over gradients of three sizes. A native form and a plain one that do not declare the same differ in what happens at
0 / 0 only, which these gradients do not reach.
"""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from trickbench.harness.adoption import adopt
from trickbench.harness.choice import choice
from trickbench.harness.errors import InputError
from trickbench.harness.registry import implementations, techniques

torch = pytest.importorskip("torch", reason="needs PyTorch")

EPS = np.finfo(float).eps
STEPS, SIZE = 100, 23

WALK_ALIKE = {
    "sgd/torch_native": "sgd/numpy_reference",
    "momentum/torch_native": "momentum/numpy_torch_form",
    "adagrad/torch_native": "adagrad/numpy_reference",
    "rmsprop/torch_native": "rmsprop/numpy_zero_start",
    "adam/torch_native": "adam/numpy_reference",
    "adamw/torch_native": "adamw/numpy_reference",
}
NATIVE = [name for name in implementations() if name.partition("/")[2].startswith("torch_")]


def gradients(scale=1.0, steps=STEPS):
    random = np.random.default_rng(11)
    return scale * (random.normal(size=(steps, SIZE)) + random.normal(size=SIZE))


def rates(steps=STEPS):
    """A learning rate that changes from step to step."""
    return 0.01 * np.linspace(1, 0.1, steps)


def walk(technique, member, rows, start=None, state=None, first=1, dtype=float):
    """Positions and states of a member over rows of gradients at a falling learning rate."""
    position = np.zeros(SIZE, dtype) if start is None else start.copy()
    state = np.zeros((member.state_rows, SIZE), dtype) if state is None else state.copy()
    path = [(position.copy(), state.copy())]
    for step, row in enumerate(rows[first - 1 :], first):
        values = technique.check({"learning_rate": rates(len(rows))[step - 1]})
        member.update(position, row.astype(dtype), state, np.array(list(values.values()), dtype), step)
        path.append((position.copy(), state.copy()))
    return [np.array(each) for each in zip(*path, strict=True)]


def walk_of(name, *arguments, **options):
    found = implementations()[name]
    return walk(found.technique, found.create(), *arguments, **options)


def test_every_technique_that_torch_has_stands_here():
    assert len(NATIVE) >= 18
    assert set(WALK_ALIKE) == {name for name in NATIVE if implementations()[name].technique.family == "optimizer"}


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("name", WALK_ALIKE)
def test_an_optimiser_walks_the_plain_form_s_path_and_keeps_its_state(name, scale):
    (path, states), (expected, expected_states) = (walk_of(each, gradients(scale)) for each in (name, WALK_ALIKE[name]))
    # a step's own operations round by at most 10 eps/2 of its size, its state has rounded twice a step, by eps/2 each, halved by the root, and the
    # position rounds by eps/2 of itself: 5 + t/2 + t/2 eps of the way, below 2 t eps
    length = np.abs(np.diff(expected, axis=0)).sum(axis=0).max()
    assert np.abs(path - expected).max() <= 2 * STEPS * EPS * length
    assert np.abs(states - expected_states).max(initial=0) <= STEPS * EPS * np.abs(expected_states).max(initial=0)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", WALK_ALIKE)
def test_an_optimiser_replays_from_any_saved_state_bit_for_bit(name, dtype):
    path, states = walk_of(name, gradients(), dtype=dtype)
    for saved in (1, 40):
        again, _ = walk_of(name, gradients(), start=path[saved], state=states[saved], first=saved + 1, dtype=dtype)
        assert np.array_equal(again, path[saved:])


@pytest.mark.parametrize("name", WALK_ALIKE)
def test_an_optimiser_walks_alike_in_threads(name):
    found = implementations()[name]
    member, scales = found.create(), (1e-3, 1.0, 1e3, 10.0)
    alone = [walk(found.technique, found.create(), gradients(scale))[0] for scale in scales]
    with ThreadPoolExecutor(2) as pool:
        together = [path for path, _ in pool.map(lambda scale: walk(found.technique, member, gradients(scale)), scales)]
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


@pytest.mark.parametrize("name", NATIVE)
def test_a_native_implementation_is_pickled(name):
    member = implementations()[name].create()
    assert type(pickle.loads(pickle.dumps(member))) is type(member)  # noqa: S301


def test_an_optimiser_handed_in_is_pickled_with_what_it_was_made_of():
    made = adopt(torch.optim.AdamW, techniques()["adamw"], conventions={"zero_over_zero": "nan"})()
    again = pickle.loads(pickle.dumps(made))  # noqa: S301
    (one, _), (other, _) = (walk(techniques()["adamw"], member, gradients()) for member in (made, again))
    assert np.array_equal(one, other)
    assert again.conventions == {"zero_over_zero": "nan"}


OWN_WALK = {
    "Adam": ("adam", 2),
    "AdamW": ("adamw", 2),
    "SGD": ("momentum", 1),
    "RMSprop": ("rmsprop", 1),
    "Adagrad": ("adagrad", 1),
    "NAdam": ("adam", 3),  # the product of its momenta is a number: a row of its own
    "RAdam": ("adam", 2),
    "Adamax": ("adam", 2),
    "Adadelta": ("rmsprop", 2),
    "ASGD": ("sgd", 3),
    "Rprop": ("sgd", 2),  # its first step sizes are not 0: the library starts by itself
}


@pytest.mark.parametrize("name", OWN_WALK)
def test_an_optimiser_handed_in_as_it_is_walks_its_own_path_bit_for_bit(name):
    technique, state_rows = OWN_WALK[name]
    technique = techniques()[technique]
    made = adopt(getattr(torch.optim, name), technique)
    assert made.state_rows == state_rows
    values = dict(zip(technique.hyperparameters, (bounds.default for bounds in technique.hyperparameters.values()), strict=True))
    position, state = np.zeros(SIZE), np.zeros((state_rows, SIZE))
    theirs = torch.zeros(SIZE, dtype=torch.float64)
    theirs_name = {"learning_rate": "lr", "epsilon": "eps", "decay": "rho" if name == "Adadelta" else "alpha", "strength": "weight_decay"}
    arguments = {theirs_name.get(key, key): value for key, value in values.items() if not key.startswith("beta")}
    if "beta1" in values:
        arguments["betas"] = (values["beta1"], values["beta2"])
    optimizer = getattr(torch.optim, name)([theirs], **arguments)
    for step, row in enumerate(gradients(), 1):
        made().update(position, row, state, np.array(list(values.values())), step)
        theirs.grad = torch.from_numpy(row.copy())
        optimizer.step()
        assert np.array_equal(position, theirs.numpy()), f"step {step}"


class Remembering(torch.optim.Optimizer):
    """Momentum whose velocity is kept on the object."""

    def __init__(self, params, lr=0.1):
        super().__init__(params, {"lr": lr})
        self.velocity = 0.0

    @torch.no_grad()
    def step(self, closure=None):
        (parameters,) = self.param_groups[0]["params"]
        self.velocity = 0.9 * self.velocity + parameters.grad
        parameters -= self.param_groups[0]["lr"] * self.velocity


class Holding(torch.optim.Optimizer):
    """Gradient descent on the parameters that its constructor was given, whatever the groups hold now; it scales gradients in place."""

    def __init__(self, params, step_size=0.1):
        super().__init__(params, {"step_size": step_size})
        self.held = self.param_groups[0]["params"][0]

    @torch.no_grad()
    def step(self, closure=None):
        self.held.sub_(self.held.grad.mul_(self.param_groups[0]["step_size"]))


class Listing(torch.optim.SGD):
    """Gradient descent that keeps a list of what it has seen."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)

    def step(self, closure=None):
        super().step(closure)
        (parameters,) = self.param_groups[0]["params"]
        self.state[parameters].setdefault("seen", []).append(parameters.clone())


@pytest.mark.parametrize(
    ("original", "sentence"),
    [
        (Remembering, "Remembering does not walk the same path when its state is saved and put back"),
        (Listing, r"The optimiser keeps seen = \[tensor.* which is neither a number nor one a parameter"),
        (torch.optim.LBFGS, "LBFGS cannot take a step as an optimiser of sgd: TypeError: .*closure"),
        (torch.optim.SparseAdam, "SparseAdam cannot take a step as an optimiser of sgd: RuntimeError"),
    ],
)
def test_an_optimiser_that_cannot_be_replayed_is_refused_with_the_reason(original, sentence):
    with pytest.raises(InputError, match=sentence):
        adopt(original, techniques()["sgd"])


def test_an_optimiser_that_holds_its_parameters_is_made_anew_for_every_step_and_leaves_the_gradient_alone():
    made = adopt(Holding, techniques()["sgd"], names={"learning_rate": "step_size"})
    position, row = np.ones(SIZE), gradients()[0]
    made().update(position, row, np.zeros((0, SIZE)), np.array([0.5]), 1)
    assert np.array_equal(position, 1 - 0.5 * gradients()[0])
    assert np.array_equal(row, gradients()[0])


def outputs(name, case):
    """What a member that keeps no state gives for one case, as one array."""
    found = implementations()[name]
    random, member = np.random.default_rng(case), found.create()
    if found.technique.family == "activation":
        width = 21 if found.technique.name == "maxout" else 7
        z, da = 10.0 ** (case - 2) * random.normal(size=(11, width)), random.normal(size=(11, 7))
        a, dz = np.empty_like(da), np.empty_like(z)
        member.forward(z, a)
        member.backward(da, z, a, dz)
        return np.append(a / np.abs(a).max(), dz)
    if found.technique.family == "loss":
        z, targets, weights = 3 * random.normal(size=(9, 5)), random.dirichlet(np.ones(5), 9), random.uniform(0, 2, 9)
        dz = np.empty_like(z)
        member.gradient(z, targets, weights, dz)
        return np.append(member.value(z, targets, weights), dz)
    weights, gradient = random.normal(size=50), random.normal(size=50)
    member.add_gradient(weights, 0.3, gradient)
    member.after_update(weights, 0.3, 0.5)
    return np.concatenate([[member.value(weights, 0.3) / 50], weights, gradient])


FUNCTIONS = {
    "sigmoid/torch_native": "sigmoid/numpy_reference",
    "relu/torch_native": "relu/numpy_reference",
    "maxout/torch_native": "maxout/numpy_reference",
    "maxout/torch_amax": "maxout/numpy_reference",  # there are no ties here
    "l1/torch_native": "l1/numpy_reference",
    "l1/torch_softshrink": "l1/numpy_proximal",
    "l2/torch_native": "l2/numpy_reference",
    "softmax_cross_entropy/torch_native": "softmax_cross_entropy/numpy_reference",
}


@pytest.mark.parametrize("case", [1, 2, 3])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_give_the_plain_form_s_values(name, case):
    # exponential, sums of up to 9 rows of 5, quotient and products: below 16 roundings, each of half an eps of a number below 4
    np.testing.assert_allclose(outputs(name, case), outputs(FUNCTIONS[name], case), rtol=0, atol=16 * EPS / 2 * 4)


def test_squared_error_is_twice_the_halved_one():
    np.testing.assert_allclose(outputs("squared_error/torch_native", 1), 2 * outputs("squared_error/numpy_reference", 1), rtol=16 * EPS)


def test_a_tie_is_shared_by_amax_and_taken_by_the_first_by_max():
    z, da = np.array([[4.0, 1.0, 4.0, 1.0]]), np.array([[6.0, 2.0]])  # pieces outermost
    for name, expected in (("torch_native", [6, 2, 0, 0]), ("torch_amax", [3, 1, 3, 1])):
        member, a, dz = implementations()[f"maxout/{name}"].create(), np.empty((1, 2)), np.empty((1, 4))
        member.forward(z, a)
        member.backward(da, z, a, dz)
        assert dz[0].tolist() == expected


INITIALIZERS = [name for name in NATIVE if implementations()[name].technique.family == "initializer"]


@pytest.mark.parametrize("name", INITIALIZERS)
def test_initial_weights_are_what_torch_puts_into_a_layer_of_its_own_for_every_piece(name):
    technique, fills = name.partition("/")[0], torch.nn.init
    uniform = implementations()[name].conventions["distribution"] == "uniform"
    function = {
        ("he", False): fills.kaiming_normal_,
        ("he", True): fills.kaiming_uniform_,
        ("lecun", False): fills.kaiming_normal_,
        ("lecun", True): fills.kaiming_uniform_,
        ("glorot", False): fills.xavier_normal_,
        ("glorot", True): fills.xavier_uniform_,
    }[technique, uniform]
    options = {"he": {"nonlinearity": "relu"}, "lecun": {"nonlinearity": "linear"}, "glorot": {}}[technique]
    weights = np.empty((30, 2 * 70))
    implementations()[name].create().fill(weights, 30, 70, np.random.default_rng(1))
    generator = torch.Generator().manual_seed(int(np.random.default_rng(1).integers(2**32)))
    for piece in np.split(weights, 2, axis=1):
        layer = function(torch.empty(70, 30, dtype=torch.float64), generator=generator, **options)
        assert np.array_equal(piece, layer.numpy().T)


def test_masks_are_torch_s_own_for_the_seed_and_leave_its_shared_generator_alone():
    before = torch.random.get_rng_state()
    member, mask = implementations()["dropout/torch_native"].create(), np.empty((50, 40))
    member.draw(np.uint64(3), 1, 0, 0.25, mask)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert set(np.unique(mask)) == {0, 1 / 0.75}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        theirs = torch.nn.functional.dropout(torch.ones(50, 40, dtype=torch.float64), 0.25)
    ours = torch.empty(50, 40, dtype=torch.float64).bernoulli_(0.75, generator=torch.Generator().manual_seed(5)).div_(0.75)
    assert torch.equal(theirs, ours), "the library's function is these two operations"


def test_torch_is_taken_where_nothing_else_declares_what_is_asked_for_and_never_else():
    assert choice("activation", "maxout[ties=split]").implementation.variant in ("torch_amax", "jax_native")
    assert choice("optimizer", "rmsprop[start=zero]").implementation.name == "rmsprop/numba_zero_start"
    for technique in techniques().values():
        assert choice(technique.family, technique.name).implementation.name not in NATIVE
