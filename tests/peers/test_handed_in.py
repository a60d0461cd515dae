"""Other libraries' optimisers handed in as they are: the claims hold for them under the conventions of their library, and find what is wrong."""

import optax
import pytest
import torch

from trickbench.harness import catalogue, parametrize_with_claims
from trickbench.harness.checks.perform import perform
from trickbench.harness.lookup import handed_in

FEW = ["adam.recurrence", "adam.bias-correction", "adam.first-step", "conformance.optimizer.no-hidden-state"]


class Ascending(torch.optim.Adam):
    """A user's subclass that climbs."""

    technique = "adam"

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, lr=lr, betas=betas, eps=eps, maximize=True)


def my_adam(learning_rate, b1=0.9, b2=0.999, eps=1e-8):
    return optax.chain(optax.scale_by_adam(b1=b1, b2=b2, eps=eps), optax.scale(-learning_rate))


def uncorrected(learning_rate, b1=0.9, b2=0.999, eps=1e-8):
    return optax.chain(optax.ema(b1, debias=False), optax.scale(-learning_rate))


@parametrize_with_claims([torch.optim.Adam, optax.adam, my_adam], technique="adam", conventions={"zero_over_zero": "nan"}, claims=FEW)
def test_a_librarys_adam_as_it_is(check):
    check()


@pytest.mark.parametrize("wrong", [Ascending, uncorrected], ids=lambda thing: thing.__name__)
def test_a_wrong_one_is_refuted(wrong):
    assert perform(catalogue.claims()["adam.recurrence"], handed_in(wrong, "adam")).verdict == "refuted"


def test_another_convention_is_named_where_it_is_not_declared():
    checked = perform(catalogue.claims()["rmsprop.recurrence"], handed_in(torch.optim.RMSprop, "rmsprop"))
    assert checked.verdict == "refuted"
    assert '"start": "zero"' in checked.hint
    declared = handed_in(torch.optim.RMSprop, "rmsprop", {"start": "zero", "zero_over_zero": "nan"})
    assert perform(catalogue.claims()["rmsprop.recurrence"], declared).verdict == "held"
