"""What the checks of conformance and agreement stand on. That they find faults, `tests/meta/faults/conformance.py` shows."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from trickbench.harness import catalogue, registry
from trickbench.harness.agreement.peers import peers
from trickbench.harness.agreement.walks import rows_in_common
from trickbench.harness.checks.perform import others
from trickbench.harness.claim import NotApplicable
from trickbench.harness.conformance.calls import GUARD_VALUE, Call, Draws, handed, make, same
from trickbench.harness.conformance.problems import calls, problems
from trickbench.harness.conformance.rounding import near, sensitivity
from trickbench.harness.conformance.threads import Interruptions
from trickbench.harness.conformance.topic import ARRAYS
from trickbench.harness.conformance.use import pickled
from trickbench.harness.families import FAMILIES
from trickbench.harness.probe import Probe
from trickbench.harness.subject import subject
from trickbench.harness.technique import Implementation

FAMILY_CLAIMS = [claim for claim in catalogue.claims().values() if claim.kind in ("conformance", "agreement")]


def implementation(name="adam/numpy_reference", **changes):
    found = registry.implementations()[name]
    return Implementation(**{**vars(found), **changes})


def probe(claim="a claim", seed=0):
    return Probe(np.dtype("float64"), seed, claim, others)


def a_call():
    return Call("update", {"x": np.arange(6.0).reshape(2, 3), "y": np.zeros(3), "n": 3}, outputs=frozenset({"y"}))


def test_claims_of_families_are_registered_with_sentences_that_read_as_such():
    for claim in FAMILY_CLAIMS:
        assert catalogue.claims()[claim.id] is claim
        assert re.fullmatch(rf"{claim.kind}\.{claim.family}\.[a-z-]+", claim.id)
        assert claim.sentence[-1] == "."
        assert not claim.about


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_examined_in_every_respect_that_makes_sense(family):
    topics = {claim.id.split(".")[2] for claim in FAMILY_CLAIMS if claim.family == family and claim.kind == "conformance"}
    of_all = "writes-only-outputs no-hidden-state no-global-state both-dtypes any-size refuses-or-right pickles threads follows-contract"
    everywhere = set(of_all.split())
    assert everywhere <= topics
    assert (family in ("dropout", "initializer")) == ("draws-afresh" in topics)
    assert (family in ("dropout", "initializer")) != ("nan-and-infinity" in topics)
    assert any(claim.family == family and claim.kind == "agreement" for claim in FAMILY_CLAIMS)


def test_arrays_are_handed_over_as_aligned_copies_between_guards():
    call = a_call()
    given = handed(call)
    x = given.arguments["x"]
    assert x.flags.c_contiguous
    assert x.ctypes.data % 64 == 0
    assert np.array_equal(x, call.arguments["x"])
    assert np.isnan(given.arguments["y"]).all()
    x[:] = 9
    assert call.arguments["x"].max() == 5
    assert given.overrun() is None


@pytest.mark.parametrize("side", [0, 1])
def test_a_number_written_beside_an_array_shows(side):
    given = handed(a_call())
    before_or_after = given.guarded["y"][side]
    before_or_after[-1 if side == 0 else 0] = GUARD_VALUE + 1
    assert given.overrun() == "y"


def test_a_generator_begins_its_stream_anew_at_every_call():
    call = Call("fill", {"weights": np.zeros(3), "random": Draws(4)}, outputs=frozenset({"weights"}))
    drawn = [handed(call).arguments["random"].random() for _ in range(2)]
    assert drawn[0] == drawn[1]


def test_outcomes_that_differ_in_one_bit_are_not_the_same():
    one, other = {"y": np.array([0.0, 1.0])}, {"y": np.array([0.0, np.nextafter(1.0, 2)])}
    evidence = same(one, other, "a call")
    assert not evidence.held
    assert evidence.worst.given == "a call: y[1]"
    assert same(one, {"y": np.array([-0.0, 1.0])}, "a call").held


def test_the_tolerance_of_a_call_grows_with_how_far_its_inputs_move_it():
    def steep(x, y):
        y[:] = 1000 * (x - 1)

    call = Call("steep", {"x": np.array([1.0, 3.0]), "y": np.zeros(2)}, outputs=frozenset({"y"}))
    tolerance = sensitivity(call, steep, np.random.default_rng(0), 1.0)["y"]
    # 8 times the furthest of four moves of up to 1000 x, and 5 times the largest outcome, 2000
    assert 10_000 < tolerance[0] <= 18_000
    assert 10_000 < tolerance[1] <= 34_000


def test_a_distance_beyond_its_tolerance_is_reported_where_it_is_furthest():
    evidence = near({"y": np.array([1.0, 2.0])}, {"y": np.array([1.5, 4.0])}, {"y": np.array([1.0, 1.0])}, "a call")
    assert (evidence.deviation, evidence.tolerance, evidence.worst.given) == (2.0, 1.0, "a call: y[1]")
    assert not near({"y": np.array([np.nan])}, {"y": np.array([1.0])}, {"y": np.array([1.0])}, "a call").held


@pytest.mark.parametrize("family", ARRAYS)
def test_problems_are_three_of_two_sizes_and_the_same_for_every_implementation(family):
    found = [each for each in registry.implementations().values() if each.technique.family == family and each.variant.startswith("numpy")]
    examined = subject(found[0], "float64")
    made = problems(examined, np.random.default_rng(0))
    third = len(made) // 3
    shapes = [{name: values.shape for name, values in call.arrays.items()} for call in made]
    assert shapes[:third] == shapes[third : 2 * third] != shapes[2 * third :]
    again = problems(examined, np.random.default_rng(0))
    assert [str(call) for call in again] == [str(call) for call in made]


def test_a_walk_s_calls_stand_alone():
    examined = subject(implementation(), "float64")
    first, second = calls(examined, np.random.default_rng(0))[:2]
    assert first.arguments["step"] == 1
    assert np.array_equal(make(examined, first)["state"], second.arguments["state"])
    assert np.array_equal(make(examined, first)["parameters"], second.arguments["parameters"])


def test_another_thread_comes_between_every_two_lines():
    seen = []

    def three_lines():
        a = [1]
        a.append(2)
        return a[1]

    with Interruptions({__file__}).before_each(lambda: seen.append(1) or True):
        assert three_lines() == 2
    assert len(seen) == 3


def test_after_one_that_does_not_end_there_are_no_more_interruptions():
    lines = Interruptions({__file__})
    seen = []

    def two_lines():
        seen.append(0)
        seen.remove(0)

    with lines.before_each(lambda: bool(seen.append(1))):
        two_lines()
        two_lines()
    assert len(seen) == 1


def test_an_instance_is_pickled_whose_class_nobody_could_find():
    class Local:
        def __init__(self):
            self.count = 3

    assert pickled(Local(), Local).count == 3


def with_state(cls, **attributes):
    made = type(cls.__name__, (cls,), attributes)
    return subject(implementation(cls=made), "float64")


def test_states_are_compared_row_by_row_of_one_name():
    adam = implementation().cls
    one, other = with_state(adam, state_holds=("mean", "square")), with_state(adam, state_holds=("square", "mean", "steps"))
    assert rows_in_common(one, other) == ([0, 1], [1, 0])
    assert rows_in_common(one, with_state(adam)) == ([], [])
    assert rows_in_common(with_state(adam), with_state(adam)) == ([0, 1], [0, 1])
    assert rows_in_common(with_state(adam), with_state(adam, state_rows=3)) == ([], [])
    assert rows_in_common(with_state(adam), subject(implementation(origin="another package"), "float64")) == ([], [])


def test_an_implementation_is_compared_with_the_others_of_its_conventions():
    found = peers(subject(implementation("momentum/numpy_reference"), "float64"), probe())
    assert "momentum/numba_fused" in [peer.name for peer in found]
    assert "momentum/numpy_reference" not in [peer.name for peer in found]
    assert all(peer.conventions == {"learning_rate_in": "velocity"} for peer in found)


def test_nothing_is_compared_with_one_that_departs():
    departing = SimpleNamespace(**vars(others("momentum", np.dtype("float64"))[0]))
    departing.implementation = implementation("momentum/numba_fused", departures={"a claim": "a reason"})
    departing.conventions = departing.implementation.conventions
    found = Probe(np.dtype("float64"), 0, "a claim", lambda _technique, _dtype: [departing])
    examined = subject(implementation("momentum/numpy_reference"), "float64")
    with pytest.raises(NotApplicable, match="no other implementation declares learning_rate_in=velocity"):
        peers(examined, found)
    found = Probe(np.dtype("float64"), 0, "another claim", lambda _technique, _dtype: [departing])
    assert peers(examined, found) == [departing]
