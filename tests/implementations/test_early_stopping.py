"""Early stopping: a table of curves with the epochs at which training ends and which are returned."""

from math import inf, nan

import numpy as np
import pytest

TABLE = [
    # why, curve, patience, min_delta, ends at (None: never), best epoch (None: none)
    ("one minimum: patience checks after it", [5, 3, 1, 2, 3, 4], 2, 0.0, 5, 3),
    ("still improving", [5, 4, 3, 2, 1], 1, 0.0, None, 5),
    ("the first epoch is an improvement", [5, 6], 1, 0.0, 2, 1),
    ("a tie is none", [3, 3, 3], 2, 0.0, 3, 1),
    ("a new minimum starts the count again", [5, 6, 4, 6, 6], 2, 0.0, 5, 3),
    ("less than min_delta is none", [5.0, 4.75, 4.6], 2, 0.5, 3, 1),
    ("exactly min_delta is none", [5.0, 4.5, 4.0], 1, 0.5, 2, 1),
    ("small gains add up against the last improvement", [5.0, 4.75, 4.5, 4.25, 4.0], 3, 0.5, None, 4),
    ("NaN is none", [3, nan, nan], 2, 0.0, 3, 1),
    ("NaN before and after", [nan, 4, nan, 3, 5], 2, 0.0, None, 4),
    ("never a number", [nan, inf, nan], 3, 0.0, 3, None),
    ("minus infinity is a fault, not a success", [3, -inf, -inf], 2, 0.0, 3, 1),
    ("a score of 0 can be improved on", [0.0, -1.0, 0.0, 0.0], 2, 0.0, 4, 2),
    ("negative scores fall too", [-1, -2, -3, -2.5], 1, 0.0, 4, 3),
]


def observe(stopper, curve):
    """Where the stopper ends a curve; every epoch has parameters of its own, in one array that training goes on changing."""
    parameters = np.empty(3)
    for epoch, score in enumerate(curve, 1):
        parameters[:] = [epoch, score, epoch / 7]
        if stopper.observe(epoch, score, parameters):
            return epoch
    parameters[:] = nan
    return None


@pytest.mark.parametrize(("why", "curve", "patience", "min_delta", "end", "best"), TABLE, ids=[row[0] for row in TABLE])
def test_curves_end_where_the_table_says(early_stopping, why, curve, patience, min_delta, end, best):
    del why
    patience -= early_stopping.conventions["patience_counts"] == "epochs_tolerated"  # ends at the one after
    stopper = early_stopping.implementation.create(patience=patience, min_delta=min_delta)
    assert observe(stopper, curve) == end
    found = stopper.best()
    assert (found and found[0]) == best
    if best is not None:
        assert np.array_equal(found[1], [best, curve[best - 1], best / 7]), "the parameters are those of the best epoch, bit for bit"


def test_both_forms_agree_on_any_curve(early_stopping, random):
    from trickbench.harness.registry import implementations

    for _ in range(300):
        curve = random.integers(-3, 4, 20) / 2
        chosen = {"patience": int(random.integers(1, 6)), "min_delta": float(random.choice([0, 0.25, 0.5, 1]))}
        one, other = early_stopping.implementation.create(**chosen), implementations()["early_stopping/python_reference"].create(**chosen)
        assert observe(one, curve) == observe(other, curve)
        assert one.best()[0] == other.best()[0]
        assert np.array_equal(one.best()[1], other.best()[1])


def test_what_is_returned_is_a_copy(early_stopping):
    stopper = early_stopping.implementation.create()
    parameters = np.array([1.0, 2.0])
    stopper.observe(1, 0.5, parameters)
    stopper.best()[1][:] = 9
    assert stopper.best()[1].tolist() == [1, 2]


def test_it_starts_anew_for_every_run(early_stopping):
    early_stopping.implementation.create(patience=1).observe(1, 0.0, np.zeros(1))
    assert early_stopping.implementation.create(patience=1).best() is None


def test_its_own_defaults_are_the_technique_s(early_stopping):
    stopper = early_stopping.implementation.create()
    defaults = {name: bounds.default for name, bounds in early_stopping.implementation.technique.hyperparameters.items()}
    assert {name: getattr(stopper, name) for name in defaults} == defaults
