"""The plan: one row a run, under a key that changes with everything that determines the result and with nothing else."""

import pytest

from trickbench.harness.ablation import plan
from trickbench.harness.errors import InputError
from trickbench.harness.planning import table
from trickbench.harness.study import Study

from .conftest import SMALL


def keys(text: str, **arguments) -> list[str]:
    return [job.key for job in plan(Study.parse(text, "small", "small.toml"), **arguments).jobs]


def test_one_row_a_run_with_arms_of_one_seed_side_by_side(jobs):
    rows = table(jobs)
    assert len(rows) == 6 * 2 * 2
    assert rows.groupby(["dataset", "seed"], sort=False).ngroups == 4
    assert rows.iloc[:6][["dataset", "seed"]].drop_duplicates().shape[0] == 1
    assert set(rows["executor"]) == {"thread"}


def test_the_same_study_has_the_same_keys():
    assert keys(SMALL) == keys(SMALL)


def test_whatever_determines_a_run_changes_its_key():
    before = set(keys(SMALL))
    for old, new in [
        ("learning_rate=0.1", "learning_rate=0.2"),
        ("epochs = 3", "epochs = 4"),
        ("epochs = 3", "epochs = 3\nmeasure_every = 2"),
        ("hidden = [8]", "hidden = [9]"),
        ("hidden = [8]", "hidden = [8]\nbatch = 16"),
        ("hidden = [8]", 'hidden = [8]\ndtype = "float64"'),
        ('optimizer = "sgd[', 'optimizer = "sgd/numpy_reference['),
        ('"iris", "diabetes"', '"iris[train_rows=50]", "diabetes[train_rows=50]"'),
        ("epochs = 3", 'epochs = 3\nmetric = {classification="error", regression="mae"}'),
    ]:
        assert old in SMALL
        assert not before & set(keys(SMALL.replace(old, new))), new
    assert not before & set(keys(SMALL, seed=2))


def test_words_do_not_change_a_key():
    assert keys(SMALL.replace("Does it help?", "Or does it?")) == keys(SMALL)
    assert keys(SMALL.replace("sgd[learning_rate=0.1]", "sgd[ learning_rate = 1e-1 ]")) == keys(SMALL)
    assert keys(SMALL.replace('"sgd[learning_rate=0.1]"', '"sgd/numba_fused[learning_rate=0.1]"')) == keys(SMALL), "the same implementation, named"


def test_the_first_seed_shifts_the_seeds():
    assert keys(SMALL, seed=1)[:6] == keys(SMALL)[6:12]


def test_arms_with_equal_recipes_share_their_runs():
    twice = SMALL.replace("[factors.dropout]", '[factors.again]\nrelu2 = { activation = "relu" }\n[factors.dropout]')
    planned = plan(Study.parse(twice, "small", "small.toml")).jobs
    assert len({job.key for job in planned}) < len(planned)


def test_interpreted_runs_go_to_processes():
    rows = table(plan(Study.parse(SMALL.replace("sgd[", "sgd/numpy_reference["), "small", "small.toml")).jobs)
    assert set(rows["executor"]) == {"process"}


def test_more_seeds_cost_no_more_than_their_hashes(monkeypatch):
    from trickbench.harness import planning

    counted = {"resolve": 0, "source_digest": 0}

    def counting(name, original):
        def called(*arguments):
            counted[name] += 1
            return original(*arguments)

        return called

    for name in counted:
        monkeypatch.setattr(planning, name, counting(name, getattr(planning, name)))
    few = keys(SMALL)
    once = dict(counted)
    many = keys(SMALL.replace("seeds = 2", "seeds = 500"))
    assert {name: count - once[name] for name, count in counted.items()} == once
    assert len(set(many)) == len(set(few)) * 250
    assert set(few) < set(many)


def test_a_stopper_has_to_see_every_epoch():
    watched = SMALL.replace("epochs = 3", "epochs = 3\nmeasure_every = 2").replace("[baseline]", '[baseline]\nstopper = "early_stopping"')
    with pytest.raises(InputError, match=r"measure_every is 2, but early_stopping.* has to see every epoch; leave measure_every at 1"):
        plan(Study.parse(watched, "small", "small.toml"))
