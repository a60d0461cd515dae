"""Tuned arms: chosen on validation rows, compared on seeds that the choice has not seen, two phases in one store."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from trickbench.harness import ablation, execution
from trickbench.harness.ablation import plan, run
from trickbench.harness.dataset import Part
from trickbench.harness.execution import perform
from trickbench.harness.laboratory import Laboratory
from trickbench.harness.outcome import Outcome, Validated
from trickbench.harness.result import Result
from trickbench.harness.tuning.tuned import EVERY, Trained, best, score_of, scores

from .tuned_study import REPEATED, TUNED, Counting, study


def test_the_best_trial_is_the_first_of_several_and_never_one_without_a_score():
    nan = float("nan")
    assert best(np.array([0.1, 0.5, 0.5])) == 2
    assert best(np.array([0.1, np.mean([0.1, 0.7, 0.3]), np.mean([0.7, 0.3, 0.1]), np.mean([0.3, 0.1, 0.7])])) == 2
    assert best(np.array([nan, -np.inf, np.inf, np.inf])) == 3
    assert best(np.array([nan, -np.inf, nan])) == 2
    assert best(np.array([nan, nan])) == 1


def test_a_trial_that_diverged_comes_after_all_that_did_not():
    # chance level, which it scores, is more than a bad training that ended
    assert best(np.array([0.1, -0.3, -0.2]), np.array([True, False, False])) == 3
    assert best(np.array([0.5, -0.3]), np.array([True, False])) == 2
    assert best(np.array([0.1, 0.2]), np.array([True, True])) == 2
    for ended in ((True, False), (False, True)):  # one of its trainings is enough, whichever
        found = scores([Trained("d", "a", EVERY, 1, "accuracy", 0.5, diverged) for diverged in ended], 1)["d", "a", EVERY]
        assert found.diverged.tolist() == [True]


def test_scores_are_means_over_seeds_in_the_direction_of_the_metric_whatever_the_order():
    values = {1: (0.1, 0.2, 0.7), 2: (0.3, 0.1, 0.1), 3: (0.1, 0.1, float("nan"))}
    trained = [Trained("d", "a", EVERY, trial, "rmse", score) for trial, three in values.items() for score in three]
    for order in itertools.islice(itertools.permutations(trained), 0, None, 9973):
        found = scores(order, 3)["d", "a", EVERY]
        assert found.means[:2].tolist() == [-np.mean([0.1, 0.2, 0.7]), -np.mean([0.1, 0.1, 0.3])]
        assert found.best() == 2
        assert np.isnan(found.means[2]), "a trial of which one training failed has no score"


def test_a_diverged_training_scores_chance_on_validation_rows():
    assert score_of(Validated("done", 0.8, 0.3)) == 0.8
    assert score_of(Validated("diverged", 0.8, 0.3)) == 0.3
    assert np.isnan(score_of(Validated("failed", 0.8, 0.3)))
    job = next(job for job in plan(study()).jobs if job.dataset == "diabetes" and job.seed == 1)
    rows, outcome = execution.splits("diabetes", 1, "float32"), perform(job)
    mean = rows.train.targets.mean(dtype=np.float64).astype(np.float32)
    residual, spread_ = ((rows.validation.targets - centre).astype(np.float64) for centre in (mean, rows.validation.targets.mean(dtype=np.float64)))
    # some forty terms of float32 size in float64: 1e-12 is a thousand times their rounding, and the test rows' level is 0.01 away
    assert outcome.chance_validation_metric == pytest.approx(1 - (residual**2).sum() / (spread_**2).sum(), abs=1e-6)
    assert outcome.chance_validation_metric != outcome.chance_metric


DATA = {
    "question": "x", "datasets": ["iris"], "seeds": [0, 1], "epochs": 8,
    "tuning": {"trials": 8, "seeds": 2, "space": {"learning_rate": (1e-3, 10.0)}},
    "baseline": {"hidden": [8], "activation": "sigmoid", "optimizer": "sgd", "initializer": "glorot"},
    "factors": {"activation": {"relu": {"activation": "relu"}}},
}  # fmt: skip


@pytest.fixture
def other_test_rows(monkeypatch):
    """A function that gives the test rows wrong labels from then on."""

    def spoil():
        def spoilt(*arguments):
            rows = drawn(*arguments)
            return replace(rows, test=Part(rows.test.inputs, np.ascontiguousarray(np.roll(rows.test.targets, 1, axis=1))))

        drawn = execution.split
        monkeypatch.setattr(execution, "split", spoilt)
        execution.forget_data()

    yield spoil
    monkeypatch.undo()
    execution.forget_data()


def chosen_and_tested() -> tuple[list[str], list[float]]:
    runs = Laboratory().runs(DATA)
    return [recipe.optimizer for recipe in runs["recipe"]], runs["test_metric"].to_list()


def test_other_test_rows_change_nothing_of_the_choice(other_test_rows):
    rates, tested = chosen_and_tested()
    other_test_rows()
    assert chosen_and_tested()[0] == rates
    assert chosen_and_tested()[1] != tested


def test_a_choice_by_test_rows_would_be_found_out(other_test_rows, monkeypatch):
    cheating = property(lambda outcome: Validated(outcome.status, outcome.figures["test_metric"], outcome.chance_metric))
    monkeypatch.setattr(Outcome, "validated", cheating)
    rates, _ = chosen_and_tested()
    other_test_rows()
    assert chosen_and_tested()[0] != rates


def test_what_is_compared_has_the_values_of_the_best_trials(tuned_result):
    trials = tuned_result.trials
    assert len(trials) == 2 * 3 * 5
    table = trials.set_index(["arm", "dataset"])
    planned = plan(study())
    with tuned_result._store() as store:
        jobs = planned.with_values(store.validated(job.key for job in planned.trials)).jobs
        known = store.runs_for(*(f"trial {n}" for n in range(1, 6)))
        levels = dict(store.connection.execute("SELECT run, chance_validation_metric FROM runs").fetchall())
    assert {job.key for job in jobs if not job.purpose} == set(tuned_result.runs["run"])
    # scored once more from the trainings
    assert set(known["status"]) == {"done", "diverged"}
    known["score"] = known["validation_metric"].where(known["status"] == "done", known["run"].map(levels))
    mean = known.groupby(["arm", "dataset", "purpose"])["score"].mean().unstack()
    for job in jobs:
        if not job.purpose:
            number = 1 + int(np.argmax(mean.loc[(job.arm, job.dataset)]))
            own = table.loc[(job.arm, job.dataset)].set_index("trial")
            assert own["chosen"].to_dict() == {trial: trial == number for trial in range(1, 6)}
            assert own.loc[number, "score"] == pytest.approx(mean.loc[(job.arm, job.dataset)].iloc[number - 1], rel=0, abs=1e-15)
            assert job.recipe.optimizer == f"sgd[learning_rate={own.loc[number, 'learning_rate']}]"


def tables(result: Result) -> list[pd.DataFrame]:
    return [result.runs.drop(columns="seconds"), result.trials.drop(columns="seconds"), result.effects, result.budgets, result.sensitivity]


@pytest.mark.parametrize("text", [TUNED, REPEATED], ids=["once", "repeated"])
def test_the_same_bits_on_any_number_of_workers_and_after_an_interrupt_in_either_phase(text, tmp_path):
    alone = run(study(text), workers=1, output=tmp_path / "alone")
    for stop in (7, len({job.key for job in plan(study(text)).trials}) + 3):
        with pytest.raises(KeyboardInterrupt):
            run(study(text), workers=2, output=tmp_path / str(stop), watcher=Counting(stop))
        part = Result(tmp_path / str(stop))
        assert part.count("pending") > 0
        assert len(part.effects) == 4
        assert len(part.budgets) == (4 if stop == 7 else 16)
        again = run(study(text), workers=2, output=tmp_path / str(stop), watcher=(watcher := Counting()))
        assert watcher.done == len({*alone.runs["run"], *_others(alone)}) - stop
        for here, there in zip(tables(alone), tables(again), strict=True):
            pd.testing.assert_frame_equal(here, there, check_exact=True)


def _others(result: Result) -> set[str]:
    with result._store() as store:
        return {str(row[0]) for row in store.connection.execute("SELECT run FROM plan")}


def test_the_phases_are_named_and_a_second_start_computes_nothing(tmp_path, monkeypatch):
    first = run(study(), output=tmp_path, watcher=(watcher := Counting()))
    assert [phase for phase, *_ in watcher.phases] == ["trials", "runs"]
    assert watcher.phases[0][1] == len({job.key for job in plan(study()).trials})
    for name in ("check_data", "environment", "warm_up", "execute"):
        monkeypatch.setattr(ablation, name, None)
    assert run(study(), output=tmp_path).fingerprint() == first.fingerprint()


def test_results_of_the_untuned_study_in_the_same_folder_are_no_results_of_the_tuned_one(tmp_path):
    run(study(TUNED.partition("[tuning]")[0] + "[baseline]" + TUNED.partition("[baseline]")[2]), output=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run(study(), output=tmp_path, watcher=Counting(3))
    assert set(Result(tmp_path).runs["status"]) == {"pending"}


def test_while_trials_are_pending_none_of_theirs_is_chosen(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(study(), output=tmp_path, workers=1, watcher=Counting(len({job.key for job in plan(study()).trials}) - 3))
    groups = Result(tmp_path).trials.groupby(["arm", "dataset"])
    open_, chosen = groups["status"].agg(lambda status: status.eq("pending").any()), groups["chosen"].sum()
    assert open_.nunique() == 2, "some arms have all of their trials"
    assert chosen.tolist() == [0 if waiting else 1 for waiting in open_]


def test_each_replicate_is_tuned_on_its_own(tmp_path):
    result = run(study(REPEATED), output=tmp_path)
    trials = result.trials
    assert set(trials["replicate"]) == {0, 1, 2}
    assert (trials.groupby(["arm", "dataset", "replicate"])["chosen"].sum() == 1).all()
    chosen = trials[trials["chosen"]].groupby(["arm", "dataset"])["learning_rate"].nunique()
    assert chosen.max() > 1, "replicates choose different values somewhere, or the test shows nothing"
    assert result.effects["speaks_of"].str.contains("every replicate tuned on its own rows").all()


def test_an_interval_says_what_it_takes_as_given(tuned_result):
    assert tuned_result.effects["speaks_of"].str.endswith("given this dataset and the tuned values").all()


def test_the_source_of_variance_is_told_with_the_tuned_values(tmp_path):
    result = run(study(TUNED.replace("seeds = 3", "sources = 3\nseeds = 3")), output=tmp_path)
    assert {"split", "weights"} <= set(result.sources["source"])
    assert set(result.runs["status"]) == {"done"}
