"""One check: its verdict, whatever the implementation does."""

import pickle

from trickbench.harness import catalogue, registry
from trickbench.harness.checks.perform import perform
from trickbench.harness.claim import Claim, NotApplicable, claim
from trickbench.harness.evidence import Evidence, close

ZERO_IS_SGD = "momentum.zero-is-sgd"


class Right:
    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        state[0] = hyperparameters[1] * state[0] - hyperparameters[0] * gradient
        parameters += state[0]


class Wrong(Right):
    def update(self, parameters, gradient, state, hyperparameters, step):
        parameters += hyperparameters[0] * gradient


class Raises(Right):
    def update(self, parameters, gradient, state, hyperparameters, step):
        raise SystemExit("enough")


def check(cls, claim_id=ZERO_IS_SGD, **attributes):
    made = type(cls.__name__, (cls,), attributes)
    return perform(catalogue.claims()[claim_id], registry.implementation(registry.techniques()["momentum"], "mine", made, "tests"))


def test_what_is_right_is_held_and_what_is_wrong_is_refuted_with_a_case():
    assert check(Right).verdict == "held"
    refuted = check(Wrong)
    assert refuted.verdict == "refuted"
    _, evidence = refuted.worst
    assert evidence.worst.expected
    assert evidence.worst.got


def test_an_error_is_a_refutation_in_its_own_words():
    _, evidence = check(Raises).worst
    assert check(Raises).verdict == "refuted"
    assert evidence.worst.got == "SystemExit: enough"


def test_a_declared_departure_departs_and_one_that_is_none_has_expired():
    departs = check(Wrong, departures={ZERO_IS_SGD: "it climbs"})
    assert (departs.verdict, departs.reason) == ("departs", "it climbs")
    expired = check(Right, departures={ZERO_IS_SGD: "it climbs"})
    assert expired.verdict == "expired"
    assert "it climbs" in expired.reason


def test_a_declaration_that_would_make_it_hold_is_named():
    torch_form = registry.implementations()["momentum/numpy_torch_form"].cls
    checked = check(torch_form, "momentum.recurrence", conventions={})
    assert checked.verdict == "refuted"
    assert 'conventions = {"learning_rate_in": "update"}' in checked.hint
    assert check(Wrong, "momentum.recurrence").hint == ""


def never(_subject, _probe):
    raise AssertionError


def test_a_claim_about_another_convention_does_not_apply():
    about_one = claim("some.claim", kind="identity", section="nowhere", about="momentum", learning_rate_in="velocity")(never)
    checked = perform(about_one, registry.implementations()["momentum/numpy_torch_form"])
    assert checked.verdict == "not applicable"
    assert "learning_rate_in=update" in checked.reason


def test_every_dtype_of_a_claim_is_checked():
    assert set(check(Right).evidence) == {"float32", "float64"}


def made(checker) -> Claim:
    return claim("some.claim", kind="identity", section="nowhere", about="momentum")(checker)


def test_a_check_without_a_case_is_no_pass():
    implementation = registry.implementations()["momentum/numpy_reference"]
    assert perform(made(lambda _subject, _probe: Evidence(0.0, 1.0, 0)), implementation).verdict == "refuted"


def test_a_check_may_say_that_it_does_not_apply_and_why():
    def refuses(_subject, _probe):
        raise NotApplicable("no twin")

    checked = perform(made(refuses), registry.implementations()["momentum/numpy_reference"])
    assert (checked.verdict, checked.reason) == ("not applicable", "no twin")


def test_inputs_follow_the_seed_alone():
    seen = []

    def remembers(subject, probe):
        seen.append(probe.gradients(3).tobytes())
        return close(subject.array([1.0]), [1.0], ulps=0)

    for variant in ("numpy_reference", "numba_fused"):
        perform(made(remembers), registry.implementations()[f"momentum/{variant}"], seed=5)
    assert seen[:2] == seen[2:]


def test_a_verdict_travels_between_processes():
    checked = check(Wrong)
    assert pickle.loads(pickle.dumps(checked)).worst == checked.worst  # noqa: S301  our own
