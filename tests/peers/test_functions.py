"""Activations, losses, penalties, masks, initial scales and early stopping against PyTorch and scikit-learn, in float64.

The counterpart of `test_references.py` for what is not walked along a path. Deviations are recorded as properties of the tests.
"""

import numpy as np
import pytest

from trickbench.harness.registry import implementations

EPS = np.finfo(float).eps


@pytest.fixture
def torch():
    return pytest.importorskip("torch", reason="needs PyTorch")


def normal(*shape, scale=1.0):
    return np.random.default_rng(sum(shape)).normal(0, scale, shape)


def close(ours, theirs, record, tolerance):
    """Within a multiple of eps of the peer's values, in units of the largest of them."""
    deviation = np.abs(np.asarray(ours) - np.asarray(theirs)).max() / np.abs(theirs).max()
    record(deviation)
    assert deviation <= tolerance * EPS


ACTIVATIONS = {
    "sigmoid/numpy_reference": lambda z: z.sigmoid(),
    "relu/numpy_reference": lambda z: z.relu(),
    "maxout/numpy_reference": lambda z: z.reshape(len(z), 3, -1).max(dim=1).values,
    "maxout/numpy_consecutive": lambda z: z.reshape(len(z), -1, 3).max(dim=2).values,
}


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_their_derivatives_are_torch_s(name, scale, torch, record):
    z = normal(16, 21, scale=scale)
    variable = torch.tensor(z, requires_grad=True)
    theirs = ACTIVATIONS[name](variable)
    da = normal(*theirs.shape)
    theirs.backward(torch.from_numpy(da))
    member, a, dz = implementations()[name].create(), np.empty(theirs.shape), np.empty_like(z)
    member.forward(z, a)
    member.backward(da, z, a, dz)
    both = np.append(theirs.detach().numpy().ravel() / np.abs(a).max(), variable.grad.numpy())
    close(np.append(a.ravel() / np.abs(a).max(), dz), both, record, 4)  # exponential, sum, quotient; two products


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("name", ["softmax_cross_entropy", "squared_error"])
def test_losses_and_their_gradients_are_torch_s(name, scale, torch, record):
    z, targets, weights = normal(20, 5, scale=scale), np.random.default_rng(0).dirichlet(np.ones(5), 20), np.linspace(0, 2, 20)
    variable, wanted, shares = torch.tensor(z, requires_grad=True), torch.from_numpy(targets), torch.from_numpy(weights / weights.sum())
    functional = torch.nn.functional
    rows = functional.cross_entropy(variable, wanted, reduction="none") if "cross_entropy" in name else ((variable - wanted) ** 2).sum(dim=1) / 2
    loss = (rows * shares).sum()
    loss.backward()
    member, dz = implementations()[f"{name}/numpy_reference"].create(), np.empty_like(z)
    member.gradient(z, targets, weights, dz)
    ours = np.append(member.value(z, targets, weights) / loss.item(), dz / np.abs(dz).max())
    # the value sums 20 rows of 5 terms; a gradient is a difference of a softmax (8 roundings) and a target, of at most 1, and its largest is 1/10
    close(ours, np.append(1, variable.grad.numpy() / np.abs(dz).max()), record, 100)


def test_the_proximal_step_is_torch_s_soft_threshold(torch, record):
    weights = normal(1000)
    theirs = torch.nn.functional.softshrink(torch.from_numpy(weights.copy()), 0.125 * 0.5).numpy()
    implementations()["l1/numpy_proximal"].create().after_update(weights, 0.5, 0.125)
    close(weights, theirs, record, 0)


def test_penalties_are_torch_s_norms(torch, record):
    weights = normal(1000)
    tensor = torch.from_numpy(weights)
    theirs = [0.3 * torch.linalg.vector_norm(tensor, 1).item(), 0.3 / 2 * torch.linalg.vector_norm(tensor, 2).item() ** 2]
    close([implementations()[f"{name}/numpy_reference"].create().value(weights, 0.3) for name in ("l1", "l2")], theirs, record, 20)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.75])
def test_inverted_dropout_scales_as_torch_does(rate, torch, record):
    """Masks are each library's own; what is kept, and what testing does, must agree."""
    member, mask = implementations()["dropout/numpy_reference"].create(), np.empty((50, 40))
    member.draw(np.uint64(3), 1, 0, rate, mask)
    with torch.random.fork_rng(devices=[]):
        theirs = torch.nn.functional.dropout(torch.ones(50, 40, dtype=torch.float64), rate).numpy()
    close(np.unique(mask), np.unique(theirs), record, 1)
    at_test_time = torch.nn.functional.dropout(torch.ones(50, 40, dtype=torch.float64), rate, training=False)
    assert (at_test_time.numpy() == member.test_scale(rate)).all()


def recovered(weights, draws):
    """The one factor between weights and the unit draws they were made from."""
    factors = weights / draws
    return float(factors[np.abs(draws) > 0.1].mean())


INITIALIZERS = {
    "he": lambda init: (init.kaiming_normal_, init.kaiming_uniform_, {"nonlinearity": "relu"}),
    "glorot": lambda init: (init.xavier_normal_, init.xavier_uniform_, {}),
    "lecun": lambda init: (init.kaiming_normal_, init.kaiming_uniform_, {"nonlinearity": "linear"}),
}


@pytest.mark.parametrize("distribution", ["normal", "uniform"])
@pytest.mark.parametrize("name", INITIALIZERS)
def test_initial_scales_are_torch_s(name, distribution, torch, record):
    """Divided by unit draws from the same stream, weights give up the factor that their formula put there, without any sampling error."""
    inputs, outputs, uniform = 30, 70, distribution == "uniform"
    normal_, uniform_, options = INITIALIZERS[name](torch.nn.init)

    def tensor():
        return torch.empty(outputs, inputs, dtype=torch.float64)  # PyTorch keeps (outputs, inputs)

    def stream():
        return torch.Generator().manual_seed(1)

    unit = tensor().uniform_(-1, 1, generator=stream()) if uniform else tensor().normal_(generator=stream())
    theirs = recovered((uniform_ if uniform else normal_)(tensor(), generator=stream(), **options).numpy(), unit.numpy())
    ours, random = np.empty((inputs, outputs)), np.random.default_rng(1)
    implementations()[f"{name}/{'numpy_uniform' if uniform else 'numpy_reference'}"].create().fill(ours, inputs, outputs, random)
    random = np.random.default_rng(1)
    draws = 2 * random.random(ours.shape) - 1 if uniform else random.standard_normal(ours.shape)
    close(recovered(ours, draws), theirs, record, 20)  # draws as small as 0.1 carry the rounding of a range of 2


@pytest.mark.parametrize("variant", ["python_reference", "python_history"])
def test_early_stopping_is_scikit_learn_s_one_epoch_sooner(variant):
    """MLPRegressor *tolerates* `n_iter_no_change` epochs without improvement and ends at the next, the convention `epochs_tolerated`.

    Its own validation curve, with one epoch more of patience, must end in the same epoch. Its score should rise, ours fall; a tie counts as an
    improvement to it, but a curve of coefficients of determination has none.
    """
    networks = pytest.importorskip("sklearn.neural_network", reason="needs scikit-learn")
    random = np.random.default_rng(2)
    inputs = random.normal(size=(80, 5))
    targets = inputs[:, 0] + random.normal(size=80)
    for patience in (1, 4, 8):
        peer = networks.MLPRegressor(early_stopping=True, tol=0.0, n_iter_no_change=patience, learning_rate_init=0.01, max_iter=500, random_state=0)
        peer.fit(inputs, targets)
        curve = [-score for score in peer.validation_scores_]
        assert len(set(curve)) == len(curve)
        stopper = implementations()[f"early_stopping/{variant}"].create(patience=patience + 1)
        ends = [epoch for epoch, score in enumerate(curve, 1) if stopper.observe(epoch, score, np.array([score]))]
        assert ends == [peer.n_iter_]
        assert stopper.best()[0] == 1 + int(np.argmin(curve))
        assert stopper.best()[1][0] == -peer.best_validation_score_
