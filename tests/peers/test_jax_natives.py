"""The native implementations of JAX and optax against the formulas whose conventions they declare, and against the plain forms.

Beside what is computed: they leave JAX's precision as it was, serve threads, and are not imported before they are used.
"""

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from trickbench.harness import registry
from trickbench.harness.execution import splits
from trickbench.harness.metrics import metric_for
from trickbench.harness.recipe import Recipe, resolve
from trickbench.harness.subject import subject
from trickbench.harness.training import train

jax = pytest.importorskip("jax", reason="needs JAX")
pytest.importorskip("optax", reason="needs optax")

STEPS = 100
NATIVES = sorted(name for name in registry.implementations() if name.partition("/")[2].startswith(("jax_", "optax_")))


def member(name, dtype="float64"):
    return subject(registry.implementations()[name], dtype)


def of_family(family):
    return [name for name in NATIVES if registry.implementations()[name].technique.family == family]


def adam(g, m, v, step, h, root=0.0, outside=0.0):
    m, v = h["beta1"] * m + (1 - h["beta1"]) * g, h["beta2"] * v + (1 - h["beta2"]) * g**2
    return m / (1 - h["beta1"] ** step) / (np.sqrt(v / (1 - h["beta2"] ** step) + root) + outside), (m, v)


def rmsprop(g, v, h):
    return h["decay"] * v + (1 - h["decay"]) * g**2


# Each gives, from gradient, position, state rows, step and hyperparameters, the movement over the learning rate, and the next state.
FORMULAS = {
    "sgd/optax_native": lambda g, x, s, t, h: (g, ()),
    "momentum/optax_native": lambda g, x, s, t, h: (h["momentum"] * s[0] + g, (h["momentum"] * s[0] + g,)),
    "adagrad/optax_native": lambda g, x, s, t, h: (g / np.sqrt(s[0] + g**2 + h["epsilon"]), (s[0] + g**2,)),
    "rmsprop/optax_native": lambda g, x, s, t, h: (g / np.sqrt(rmsprop(g, s[0], h) + h["epsilon"]), (rmsprop(g, s[0], h),)),
    "rmsprop/optax_outside": lambda g, x, s, t, h: (g / (np.sqrt(rmsprop(g, s[0], h)) + h["epsilon"]), (rmsprop(g, s[0], h),)),
    "adam/optax_native": lambda g, x, s, t, h: adam(g, *s, t, h, outside=h["epsilon"]),
    "adam/optax_root": lambda g, x, s, t, h: adam(g, *s, t, h, root=h["epsilon"]),
    "adamw/optax_native": lambda g, x, s, t, h: (adam(g, *s, t, h, outside=h["epsilon"])[0] + h["strength"] * x, adam(g, *s, t, h)[1]),
}


def gradients(scale, size=23):
    random = np.random.default_rng(11)
    return scale * (random.normal(size=(STEPS, size)) + random.normal(size=size))


def test_every_native_optimiser_has_its_formula():
    assert sorted(FORMULAS) == of_family("optimizer")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("name", FORMULAS)
def test_an_optimiser_walks_as_its_formula_says(name, scale, dtype, record):
    optimizer = member(name, dtype)
    more = {"epsilon": 0.01} if "epsilon" in optimizer.implementation.technique.hyperparameters else {}
    rates = 0.01 * np.linspace(1, 0.1, STEPS)
    rows = gradients(scale).astype(dtype)
    walk = optimizer.walk(rows, learning_rate=rates, **more)
    position, state, path = np.zeros(rows.shape[1]), [np.zeros(rows.shape[1])] * optimizer.state_rows, []
    for step, row in enumerate(rows.astype(float), 1):
        h = optimizer.hyperparameters(learning_rate=rates[step - 1], **more)
        movement, state = FORMULAS[name](row, position, state, step, h)
        position = position - h["learning_rate"] * movement
        path.append(position)
    deviation = np.abs(walk.positions[1:] - path).max() / np.abs(path).max()
    record(deviation)
    # each step rounds its own operations (below 5 eps), a state that has rounded twice a step, and the position by eps/2 of itself, as do the steps
    # after it: below 2 eps a step. optax takes 1 - beta2^t in the parameters' dtype, where it is off by eps / (1 - beta2^t), halved by the root:
    corrections = 0.5 / (1 - 0.999 ** np.arange(1, STEPS + 1)) @ rates / rates.sum() if "beta2" in h else 0.0
    assert deviation <= (2 * STEPS + 4 * corrections) * optimizer.eps
    for row, expected in zip(walk.states[-1], state, strict=True):
        assert np.abs(row - expected).max() <= STEPS * optimizer.eps * np.abs(expected).max()


@pytest.mark.parametrize("name", of_family("optimizer"))
def test_a_saved_state_has_the_same_future(name):
    optimizer, rows = member(name), gradients(1.0)
    whole = optimizer.walk(rows)
    half = STEPS // 2
    rest = optimizer.walk(rows[half:], start=whole.positions[half], state=whole.states[half], first_step=half + 1)
    assert np.array_equal(rest.positions, whole.positions[half:])
    assert np.array_equal(rest.states, whole.states[half:])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("name", "plain"), [(name, f"{name.partition('/')[0]}/numpy_reference") for name in of_family("activation")])
def test_an_activation_is_the_plain_one_on_every_shape(name, plain, dtype):
    ours, theirs, random = member(name, dtype), member(plain, dtype), np.random.default_rng(3)
    pieces = 3 if "maxout" in name else 1
    for rows, units in ((1, 1), (65, 3), (0, 4), (1100, 5)):
        z, da = 4 * random.normal(size=(rows, pieces * units)), random.normal(size=(rows, units))
        # sigmoid: exponential, sum and quotient in either form, below one unit in the last place each; the others copy
        np.testing.assert_allclose(ours.forward(z, pieces), theirs.forward(z, pieces), rtol=6 * ours.eps, atol=0)
        np.testing.assert_allclose(ours.backward(da, z, pieces), theirs.backward(da, z, pieces), rtol=0, atol=8 * ours.eps)


def test_maxout_shares_a_tie_s_gradient():
    dz = member("maxout/jax_native").backward([[3.0, 6.0]], [[1, 0, 4, 0, 4, 0]], pieces=3)
    assert dz.tolist() == [[0, 2, 1.5, 2, 1.5, 2]]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", of_family("loss"))
def test_a_loss_is_the_plain_one_on_every_number_of_rows(name, dtype):
    ours, random = member(name, dtype), np.random.default_rng(3)
    theirs, factor = member(f"{ours.technique}/numpy_reference", dtype), 2 if ours.conventions.get("factor") == "one" else 1
    for rows in (1, 33, 1100):
        z, targets, weights = random.normal(size=(rows, 4)), random.dirichlet(np.ones(4), rows), random.uniform(0.1, 2, rows)
        # values are sums of positive terms in float64, whatever the dtype
        assert ours.value(z, targets, weights) == pytest.approx(factor * theirs.value(z, targets, weights), rel=(rows + 20) * 2.3e-16)
        # exponential, sum, quotient, difference and share, and the sum of the weights: a few roundings and one for each of log2(rows) partial sums
        got, expected = ours.gradient(z, targets, weights), factor * theirs.gradient(z, targets, weights)
        np.testing.assert_allclose(got, expected, rtol=0, atol=(12 + np.log2(rows)) * ours.eps * np.abs(expected).max())


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_l2_is_the_plain_one(dtype):
    ours, theirs = member("l2/optax_native", dtype), member("l2/numpy_reference", dtype)
    weights, onto = np.random.default_rng(3).normal(size=(2, 201))
    assert ours.value(weights, 0.3) == pytest.approx(theirs.value(weights, 0.3), rel=201 * 2.3e-16)
    np.testing.assert_allclose(
        ours.gradient(weights, 0.3, onto), theirs.gradient(weights, 0.3, onto), rtol=0, atol=2 * ours.eps * 4
    )  # a product, a sum
    assert np.array_equal(ours.after_update(weights, 0.3, 0.1), weights.astype(dtype))


@pytest.mark.parametrize("name", of_family("initializer"))
def test_initial_weights_have_their_formula_s_limits_in_every_piece(name):
    initializer, (fan_in, fan_out, pieces) = member(name), (30, 70, 3)
    weights = initializer.weights(fan_in, fan_out, np.random.default_rng(1), pieces)
    deviation = np.sqrt({"he": 2 / fan_in, "glorot": 2 / (fan_in + fan_out), "lecun": 1 / fan_in}[initializer.technique])
    # two deviations of a normal distribution which that cut leaves a deviation of 0.8796, or those of a uniform one
    limit = deviation * (np.sqrt(3) if initializer.conventions["distribution"] == "uniform" else 2 / 0.87962566103423978)
    for piece in np.split(weights, pieces, axis=1):
        # at least 0.7 % of the draws lie in the outermost 3 %: that 2100 draws have none there is a chance of 4e-7
        assert 0.97 * limit < np.abs(piece).max() <= limit * (1 + initializer.eps)
    assert len(np.unique(weights)) == weights.size


def test_masks_are_zero_or_the_share_s_inverse_and_begin_alike_at_any_length():
    dropout = member("dropout/jax_native")
    mask = dropout.mask(40, 130, rate=0.3)  # longer than what is padded
    assert np.array_equal(np.unique(mask), [0, 1 / (1 - 0.3)])
    assert np.array_equal(dropout.mask(3, 130, rate=0.3), mask[:3])


def used(name, dtype="float64"):
    """Something that a member computes."""
    found, random = member(name, dtype), np.random.default_rng(5)
    z, targets = random.normal(size=(6, 4)), random.dirichlet(np.ones(4), 6)
    return {
        "activation": lambda: found.backward(z[:, :2], z, 2) if "maxout" in name else found.backward(targets, z),
        "loss": lambda: found.gradient(z, targets),
        "penalty": lambda: found.gradient(z[0], 0.1),
        "optimizer": lambda: found.walk(z).positions,
        "dropout": lambda: found.mask(6, 4, rate=0.3),
        "initializer": lambda: found.weights(6, 4, random),
    }[found.implementation.technique.family]()


@pytest.mark.parametrize("switch", [False, True])
@pytest.mark.parametrize("name", NATIVES)
def test_precision_is_that_of_the_arrays_and_jax_s_own_stays_as_it_was(name, switch):
    with jax.enable_x64(switch):
        outcomes = {dtype: used(name, dtype) for dtype in ("float64", "float32")}
        assert jax.config.jax_enable_x64 is switch
    for dtype, outcome in outcomes.items():
        assert outcome.dtype == dtype
        assert np.array_equal(outcome, used(name, dtype))
    assert not np.array_equal(outcomes["float64"], outcomes["float32"]) or "relu" in name or "maxout" in name


@pytest.mark.parametrize("name", NATIVES)
def test_threads_do_not_disturb_one_another(name):
    dtypes = ["float64", "float32"] * 4
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda dtype: used(name, dtype), dtypes))
    assert all(np.array_equal(outcome, used(name, dtype)) for outcome, dtype in zip(found, dtypes, strict=True))


@pytest.mark.parametrize("name", NATIVES)
def test_a_member_can_be_pickled(name):
    created = registry.implementations()[name].create()
    used(name)
    assert type(pickle.loads(pickle.dumps(created))) is type(created)  # noqa: S301  our own bytes


def test_listing_imports_neither_library():
    code = "import sys; from trickbench.harness import registry; registry.implementations(); sys.exit('jax' in sys.modules or 'optax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


PLAIN = {"activation": "relu/numpy_reference", "optimizer": "adam/numpy_reference", "initializer": "he/numpy_reference", "hidden": (16, 16)}


def losses(split, dtype, **changed):
    """Losses on the split's rows after 1, 2 and 3 epochs."""
    resolved = resolve(Recipe(**{**PLAIN, **changed}, dtype=dtype), "classification")
    outcome = train(resolved, splits("iris", 0, dtype), 0, 3, metric_for("classification", "error"))
    assert outcome.status == "done"
    return outcome.history[:, outcome.columns.index(f"{split}_loss")]


@pytest.mark.parametrize(
    ("slot", "native", "plain"),
    [
        ("optimizer", "adam/optax_native", "adam/numpy_reference"),
        ("optimizer", "momentum/optax_native", "momentum/numpy_torch_form"),
        ("activation", "sigmoid/jax_native", "sigmoid/numpy_reference"),
        ("activation", "maxout/jax_native", "maxout/numpy_reference"),
        ("loss", "softmax_cross_entropy/optax_native", "softmax_cross_entropy/numpy_reference"),
        ("penalty", "l2/optax_native[strength=0.01]", "l2/numpy_reference[strength=0.01]"),
    ],
)
def test_a_network_trains_with_a_native_as_with_the_plain_form(slot, native, plain):
    found, expected = (losses("test", "float64", **{slot: choice}) for choice in (native, plain))
    # 12 updates that differ by a few eps each, which the curvature of a loss of this size multiplies by less than 100
    np.testing.assert_allclose(found, expected, rtol=12 * 100 * np.finfo(float).eps)


@pytest.mark.parametrize(
    "changed", [{"dropout": "dropout/jax_native[rate=0.2]"}, {"initializer": "glorot/jax_native"}, {"initializer": "he/jax_uniform"}], ids=str
)
def test_a_network_trains_with_draws_of_jax(changed):
    found = losses("train", "float32", **changed)
    assert found[-1] < found[0]
