"""What differs between replicates: each source of randomness has a seed of its own, which is in the key and changes that source alone."""

import hashlib
import sqlite3

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from trickbench.harness import forecast, planning
from trickbench.harness.ablation import plan, run
from trickbench.harness.database import FILE
from trickbench.harness.errors import InputError
from trickbench.harness.execution import execute, perform, splits
from trickbench.harness.metrics import METRICS
from trickbench.harness.recipe import Recipe, resolve
from trickbench.harness.replication import REDRAWN, STREAMS, Streams
from trickbench.harness.result import Result
from trickbench.harness.store import Store
from trickbench.harness.study import MOST_SEEDS, Limits, Study
from trickbench.harness.training import Run, train

from .conftest import SMALL
from .test_ablation import TIMES, Counting

RECIPE = Recipe(activation="relu", optimizer="sgd[learning_rate=0.1]", initializer="he", dropout="dropout[rate=0.5]", hidden=(8,))


def study(**changes) -> Study:
    text = SMALL.replace("seeds = 2", "seeds = 4").replace('"iris", "diabetes"', '"iris"')
    return Study.parse("\n".join([*(f"{key} = {value}" for key, value in changes.items()), text]), "small", "small.toml")


def draws(streams: Streams) -> dict[str, bytes]:
    """What each source of randomness gives a run before it starts."""
    rows = splits("iris", streams.split, "float32")
    made = Run(resolve(RECIPE, "classification"), rows, streams, METRICS["accuracy"])
    return {
        "split": rows.test.inputs.tobytes(),
        "weights": made.progress.parameters.tobytes(),
        "order": made.order.permutation(100).tobytes(),
        "masks": made.regulation.key.tobytes(),
    }


@pytest.mark.parametrize("source", STREAMS)
def test_a_source_drawn_afresh_changes_itself_and_no_other(source):
    kept = Streams.of(3)
    before, after = draws(kept), draws(kept.redrawn(source))
    assert [name for name in STREAMS if before[name] != after[name]] == [source]


@pytest.mark.parametrize("source", STREAMS)
def test_every_source_reaches_the_result(source):
    def digest(streams: Streams) -> str:
        rows = splits("iris", streams.split, "float32")
        return train(resolve(RECIPE, "classification"), rows, streams, 2, METRICS["accuracy"]).parameters_digest

    assert digest(Streams.of(3)) != digest(Streams.of(3).redrawn(source))


def test_one_number_is_the_seed_of_all_four():
    rows, recipe = splits("iris", 3, "float32"), resolve(RECIPE, "classification")
    one, four = (train(recipe, rows, seed, 2, METRICS["accuracy"]).parameters_digest for seed in (3, Streams(3, 3, 3, 3)))
    assert one == four


def test_the_key_of_equal_seeds_is_that_of_one_seed_and_other_seeds_change_it():
    assert planning._key("shared", Streams.of(5)) == hashlib.sha256(b"shared 5").hexdigest()[:24]
    keys = [planning._key("shared", Streams.of(5).redrawn(source)) for source in STREAMS]
    assert len({*keys, planning._key("shared", Streams.of(5)), planning._key("shared", Streams.of(5 + REDRAWN))}) == 6


@pytest.mark.parametrize("seed", [None, 7])
def test_what_does_not_vary_takes_the_first_seed(seed):
    jobs = plan(study(vary='["weights", "masks"]'), seed=seed).jobs
    first = seed or 0
    masked = [job for job in jobs if job.recipe.dropout != "none"]
    assert {job.streams for job in masked} == {Streams(first, s, first, s) for s in range(first, first + 4)}
    assert [job.seed for job in jobs[:: len(jobs) // 4]] == list(range(first, first + 4)), "blocks are still those of the seeds"


def test_the_first_seed_is_the_first_of_the_list():
    jobs = plan(study(vary='["weights"]').model_copy(update={"seeds": (9, 4)})).jobs
    assert {job.streams.split for job in jobs} == {9}


def test_a_study_in_which_everything_varies_has_the_keys_of_one_that_does_not_say_so():
    assert [job.key for job in plan(study()).jobs] == [job.key for job in plan(study(vary='["masks", "order", "weights", "split"]')).jobs]


def test_runs_without_masks_do_not_depend_on_their_seed():
    jobs = plan(study(vary='["masks"]')).jobs
    runs = {arm: {job.key for job in jobs if job.arm == arm} for arm in ("baseline", "baseline + dropout")}
    assert len(runs["baseline"]) == 1
    assert len(runs["baseline + dropout"]) == 4


def test_sharing_runs_without_masks_is_right():
    """The seed of the masks changes no bit of a run that draws none; else the shared key would be wrong."""
    rows, recipe = splits("iris", 3, "float32"), resolve(RECIPE.model_copy(update={"dropout": "none"}), "classification")
    digests = {train(recipe, rows, Streams(3, 3, 3, masks), 2, METRICS["accuracy"]).parameters_digest for masks in (3, 4)}
    assert len(digests) == 1


def test_redrawn_seeds_are_those_of_no_replicate():
    jobs = plan(study(sources=4)).jobs
    for source in STREAMS:
        of_replicates = {getattr(job.streams, source) for job in jobs if not job.purpose}
        of_redraws = {getattr(job.streams, source) for job in jobs if job.purpose == source and job.recipe.dropout != "none"}
        assert len(of_redraws) == 4
        assert not of_replicates & of_redraws
    with pytest.raises(InputError, match="seeds"):
        Study(**(study().model_dump() | {"seeds": [2**63]}))
    assert REDRAWN > 2**63 + 2**62 + MOST_SEEDS, "the greatest seed, shifted by --seed, and more seeds added"


def test_redraws_are_planned_for_some_seeds_of_what_varies():
    jobs = plan(study(sources=3, vary='["split", "weights"]')).jobs
    arms = {job.arm for job in jobs}
    counts = {purpose: sum(job.purpose == purpose for job in jobs) for purpose in ("", *STREAMS)}
    assert counts == {"": 4 * len(arms), "split": 3 * len(arms), "weights": 3 * len(arms), "order": 0, "masks": 0}
    assert {job.seed for job in jobs if job.purpose} == {0, 1, 2}
    for job in jobs:
        kept = Streams.varying(job.seed, 0, ("split", "weights")).used(masks=job.recipe.dropout != "none")
        assert job.streams == (kept.redrawn(job.purpose) if job.purpose else kept)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sources": 2}, r"sources is 2; accepted is 0, or from 3 to the number of seeds, which is 4"),
        ({"sources": 5}, r"sources is 5; accepted is 0, or from 3 to the number of seeds, which is 4"),
        ({"sources": 3, "vary": '["split"]'}, r"sources is 3, but the split alone varies.*vary more, or leave sources out"),
        ({"vary": '["split", "split"]'}, r"the source in vary 'split' stands twice; give each once"),
        ({"vary": "[]"}, r"vary"),
        ({"vary": '["wieghts"]'}, r"vary"),
    ],
)
def test_a_mistake_is_one_sentence(changes, sentence):
    with pytest.raises(InputError, match=sentence) as caught:
        study(**changes)
    assert len(str(caught.value).splitlines()) == 1


def tables(result: Result) -> tuple[pd.DataFrame, ...]:
    return result.runs.drop(columns=TIMES), result.epochs.drop(columns=TIMES), result.effects, result.sources


def assert_same(one: Result, other: Result) -> None:
    for here, there in zip(tables(one), tables(other), strict=True):
        pd.testing.assert_frame_equal(here, there, check_exact=True)


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> Result:
    return run(study(sources=3, vary='["split", "weights", "masks"]'), workers=1, output=tmp_path_factory.mktemp("alone"))


def test_tables_are_the_same_bits_for_any_number_of_workers_and_after_an_interrupt(alone, tmp_path):
    varied = study(sources=3, vary='["split", "weights", "masks"]')
    with pytest.raises(KeyboardInterrupt):
        run(varied, workers=2, output=tmp_path, watcher=Counting(stop_after=11))
    watcher = Counting()
    assert_same(alone, run(varied, workers=2, output=tmp_path, watcher=watcher))
    assert watcher.done == len({job.key for job in plan(varied).jobs}) - 11
    again = Counting()
    assert_same(alone, run(varied, workers=1, output=tmp_path, watcher=again))
    assert again.done == 0


def test_outcomes_are_the_same_bits_in_any_order(alone):
    jobs = list({job.key: job for job in plan(study(sources=3, vary='["split", "weights", "masks"]')).jobs}.values())
    order = np.random.default_rng(0).permutation(len(jobs))
    found = {job.key: outcome.parameters_digest for job, outcome in execute([jobs[i] for i in order], 2, Limits())}
    with Store(alone.folder, create=False) as store:
        stored = dict(store.connection.execute("SELECT run, parameters_digest FROM runs").fetchall())
    assert found == stored


def test_redraws_enter_no_other_table(alone, tmp_path):
    without = run(study(vary='["split", "weights", "masks"]'), output=tmp_path)
    for with_them, table in zip(tables(alone)[:3], tables(without)[:3], strict=True):
        pd.testing.assert_frame_equal(with_them, table, check_exact=True)
    assert without.sources.empty
    assert list(without.sources.columns) == list(alone.sources.columns)


def test_redraws_are_counted_in_plan_forecast_and_progress(alone, capsys):
    varied = study(sources=3, vary='["split", "weights", "masks"]')
    planned = plan(varied)
    forecast.show(planned, 1, Console(width=200))
    shown = capsys.readouterr().out
    redrawn = sum(bool(job.purpose) for job in planned.jobs)
    assert f"{len(planned.jobs) - redrawn} compared runs of up to" in shown
    assert f" and {redrawn} that draw one source of randomness afresh alone" in shown
    assert "Each source is drawn afresh alone for 3 seeds." in shown
    assert alone.count() == len(planned.jobs)
    assert (planning.table(planned.jobs)["purpose"] != "").sum() == redrawn == 3 * 3 * 6


def test_a_store_of_an_earlier_version_opens_and_continues(jobs, tmp_path):
    with Store(tmp_path) as store:
        store.add(jobs[0], perform(jobs[0]), store.environment({}))
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("DROP TABLE plan")
        connection.execute("CREATE TABLE plan (position INTEGER PRIMARY KEY, run TEXT, arm TEXT, dataset TEXT, task TEXT, metric TEXT, seed INTEGER)")
        connection.execute("INSERT INTO plan VALUES (0, ?, ?, ?, ?, ?, ?)", (jobs[0].key, jobs[0].arm, "iris", "classification", "accuracy", 0))
    connection.close()
    with Store(tmp_path, create=False) as store:
        assert list(store.runs()["status"]) == ["done"]
        store.set_plan(jobs[:2])
        assert list(store.runs()["status"]) == ["done", "pending"]


def test_interpreted_runs_redraw_in_worker_processes_as_well(tmp_path):
    foreign = study(sources=3).model_copy(
        update={"factors": {"activation": {"relu": {"activation": "relu/numpy_reference"}}}, "design": ("add-one-in",)}
    )
    result = run(foreign.model_copy(update={"full": {}, "epochs": 1}), workers=1, output=tmp_path)
    assert result.count("done") == result.count()
    assert set(result.sources["source"]) == {*STREAMS, "all"}
