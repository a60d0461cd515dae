"""Seeds are added where nothing is decided, and nowhere else; a verdict stays; and however it came about, the tables are the same bits."""

import numpy as np
import pandas as pd
import pytest

from trickbench.harness import ablation
from trickbench.harness.ablation import plan, run
from trickbench.harness.analysis.blocks import Blocks, blocks
from trickbench.harness.analysis.looks import LOOK_COLUMNS, looks
from trickbench.harness.errors import InputError
from trickbench.harness.inference import sequential
from trickbench.harness.inference.judgement import DECIDED
from trickbench.harness.inference.sequential import Sequential
from trickbench.harness.progress import Watcher
from trickbench.harness.result import Result
from trickbench.harness.store import Store
from trickbench.harness.until_decided import Growth, numbered, sentence

from .growing import grow, growing, runs, study


class Seen(Watcher):
    def __init__(self, stop_after: int | None = None) -> None:
        self.done, self.sentences, self.stop_after = 0, [], stop_after

    def finished(self, job, outcome) -> None:
        self.done += 1
        if self.done == self.stop_after:
            raise KeyboardInterrupt

    def looked(self, sentence) -> None:
        self.sentences.append(sentence)


def test_seeds_are_those_of_the_study_and_then_the_next_numbers():
    assert numbered([7, 3], 5) == (7, 3, 8, 9, 10)
    assert numbered([7, 3, 5], 2) == (7, 3)
    with pytest.raises(InputError, match="give smaller ones"):
        numbered([2**63 - 2], 3)


def test_the_first_look_has_five_seeds_of_everything_and_the_next_only_what_is_open():
    growth = growing(10)
    assert {job.seed for job in growth.jobs()} == {7, 3, 8, 9, 10}
    first = growth.jobs()
    frame = runs(first, {("baseline + relu", "iris"): 50, ("baseline + dropout", "iris"): 50, ("baseline + relu", "wine"): 50})
    assert growth.look(frame)
    second = growth.grown(first)
    added = [job for job in second if job.key not in {job.key for job in first}]
    assert {(job.arm, job.dataset) for job in added} == {("baseline", "wine"), ("baseline + dropout", "wine")}
    assert [job.seed for job in added if job.arm == "baseline"] == [11, 12, 13, 14, 15]


def test_a_verdict_stays_that_of_its_look_whatever_comes_later():
    growth = growing(30)
    gains = {("baseline + relu", "iris"): 50, ("baseline + relu", "wine"): 50}
    frame = grow(growth, gains)
    effects = growth.looks.effects().set_index(["trick", "dataset"])
    assert effects.loc[("relu", "iris"), ["verdict", "look", "seeds"]].tolist() == ["helps", 1, 5]
    assert effects.loc[("dropout", "iris"), ["verdict", "look", "seeds"]].tolist() == ["undecided", 4, 30]
    assert "decided at look 1, after 5 seeds" in effects.loc[("relu", "iris"), "note"]
    assert "undecided after 30 seeds, the most that there may be" in effects.loc[("dropout", "iris"), "note"]
    first = frame[frame["seed"].isin([7, 3, 8, 9, 10])]
    early = looks(
        first.assign(score=first["test_metric"]), [each.record() for each in growth.compared], terms(growth), Sequential(30), growth.planned_seeds[:5]
    )
    pd.testing.assert_series_equal(
        early.effects().set_index(["trick", "dataset"]).loc[("relu", "iris")].drop("p_holm"), effects.loc[("relu", "iris")].drop("p_holm")
    )


def terms(growth: Growth):
    return growth.study.terms


def test_reading_the_results_goes_the_same_way_as_adding_seeds():
    growth = growing(30)
    frame = grow(growth, {("baseline + relu", "iris"): 1.5, ("baseline + dropout", "wine"): -1.2})
    read = looks(
        frame.assign(score=frame["test_metric"]), [each.record() for each in growth.compared], terms(growth), Sequential(30), growth.planned_seeds
    )
    pd.testing.assert_frame_equal(read.effects(), growth.looks.effects(), check_exact=True)
    pd.testing.assert_frame_equal(read.table(), growth.looks.table(), check_exact=True)
    assert tuple(read.table().columns) == LOOK_COLUMNS


@pytest.mark.parametrize("most", [30, None])
def test_each_look_has_the_interval_of_its_level_and_the_family_shares_the_error(most):
    growth = growing(most)
    frame = runs(growth.jobs(), {})
    growth.look(frame)
    row = growth.looks.table().iloc[0]
    assert row["confidence"] == Sequential(most).confidence(0, 5, 1 - (1 - 0.05 / 4)) > 1 - 0.05 / 4
    found: Blocks = blocks(frame.assign(score=frame["test_metric"]), [growth.compared[0].record()])[0]
    half = Sequential(most).confidence(0, 5, 1 - (1 - 0.05 / 4))
    from scipy import stats

    reach = stats.t.ppf(0.5 + half / 2, 4) * stats.sem(found.differences)
    # 0.5 + confidence / 2 is rounded by 1e-16 where 1 - it is above 1e-6
    assert row["high"] - row["difference"] == pytest.approx(reach, rel=1e-9)


def test_p_values_say_what_the_verdicts_say():
    for gain in (0.4, 0.8, 1.2, 2, 5):
        growth = growing(30)
        grow(growth, {("baseline + relu", "iris"): gain, ("baseline + dropout", "wine"): -gain})
        effects = growth.looks.effects()
        significant = effects["p_value"] <= 1 - (1 - 0.05 / 4)
        assert (significant == effects["verdict"].str.startswith(("helps", "hurts"))).all()
        assert (effects["p_holm"] >= effects["p_value"]).all()
        assert effects["p_signed_rank"].isna().all(), "it is not made to be looked at repeatedly"


def test_only_the_family_is_waited_for():
    growth = growing(30, family=["relu"])
    grow(growth, {("baseline + relu", "iris"): 50, ("baseline + relu", "wine"): 50})
    assert growth.taken == 1
    assert growth.summary()["of"] == growth.summary()["decided"] == 2


def test_what_only_fails_gets_no_more_seeds():
    growth = growing(30)
    frame = grow(growth, {}, status=lambda job: "failed" if job.arm == "baseline + relu" else "done")
    assert len(frame.query("arm == 'baseline + relu'")) == 10, "five on each dataset"
    effects = growth.looks.effects().query("trick == 'relu'")
    assert effects["note"].str.contains("no more are added").all()


def test_a_look_waits_for_pending_runs():
    growth = growing(30)
    grow(growth, {})
    late = runs(growth.jobs(), {}, status=lambda job: "pending" if job.seed == growth.planned_seeds[7] and job.dataset == "iris" else "done")
    late = late.assign(score=late["test_metric"].where(late["status"] == "done"))
    seen = looks(late, [each.record() for each in growth.compared], terms(growth), Sequential(30), growth.planned_seeds).effects()
    assert set(seen.query("dataset == 'iris'")["look"]) == {1}
    whole = growth.looks.effects()
    assert set(whole.query("dataset == 'iris'")["look"]) != {1}
    pd.testing.assert_series_equal(seen.query("dataset == 'wine'")["look"], whole.query("dataset == 'wine'")["look"])
    nothing = late.assign(status="pending", score=np.nan)
    seen = looks(nothing, [each.record() for each in growth.compared], terms(growth), Sequential(30), growth.planned_seeds).effects()
    assert set(seen["verdict"]) == {"undecided"}
    assert set(seen["look"]) == {0}


def test_without_a_most_number_the_cap_ends_it_with_a_sentence(monkeypatch):
    monkeypatch.setattr(sequential, "MOST", 15)
    growth = growing(None)
    grow(growth, {})
    assert growth.taken == 3
    assert "No more are ever added; --max-seeds N" in sentence(growth.summary())


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"estimand": "new datasets"}, "new datasets"),
        ({"datasets": ["iris[folds=5]"], "estimand": "new datasets"}, "new datasets"),
        ({"sources": 2}, "sources"),
        ({"tuning": {"trials": 2}}, "tuning"),
    ],
)
def test_what_cannot_be_looked_at_repeatedly_is_refused(changes, named):
    with pytest.raises(InputError, match=named):
        plan(study(**changes), until_decided=True)


def test_a_most_number_without_adding_seeds_is_refused():
    with pytest.raises(InputError, match="give --until-decided too"):
        plan(study(), max_seeds=30)


def test_it_says_why_it_stopped():
    growth = growing(30)
    gains = {("baseline + relu", "iris"): 50, ("baseline + relu", "wine"): 50}
    growth.look(runs(growth.jobs(), gains))
    assert sentence(growth.summary()) == "1 look, after 5 seeds: 2 of 4 comparisons decided. 2 get more seeds."
    grow(growth, gains)
    ended = "4 looks, after 5, 10, 20, 30 seeds: 3 of 4 comparisons decided. It stopped with 1 undecided: "
    assert sentence(growth.summary()) == f"{ended}1 after 30 seeds, the most that there may be."
    decided = growing(30)
    grow(decided, {("baseline + relu", name): 50 for name in ("iris", "wine")} | {("baseline + dropout", name): 50 for name in ("iris", "wine")})
    assert sentence(decided.summary()) == "1 look, after 5 seeds: 4 of 4 comparisons decided. It stopped since all are decided."


def tied(frame):
    """The scores of one dataset are all the same."""
    return frame.assign(test_metric=frame["test_metric"].where(frame["dataset"] != "wine", 0.5))


@pytest.mark.parametrize(("most", "looks_taken"), [(10, "2 looks, after 5, 10 seeds"), (None, "3 looks, after 5, 10, 15 seeds")])
def test_comparisons_that_no_seeds_settle_are_counted_apart(most, looks_taken):
    gains = {("baseline + relu", "iris"): 50, ("baseline + dropout", "iris"): 50}
    growth = growing(most)
    while growth.look(tied(runs(growth.jobs(), gains))):
        pass
    assert sentence(growth.summary()) == (
        f"{looks_taken}: 2 of 4 comparisons decided. It stopped with 2 undecided: 2 that no seeds settle, since scores are tied: a finer metric or "
        "more test rows are needed."
    )


def test_comparisons_without_results_are_counted_apart():
    growth = growing(30)
    grow(growth, {("baseline + dropout", name): 50 for name in ("iris", "wine")}, status=lambda job: "failed" if "relu" in job.arm else "done")
    assert sentence(growth.summary()) == (
        "1 look, after 5 seeds: 2 of 4 comparisons decided. It stopped with 2 undecided: 2 whose last seeds gave no result: see the failures."
    )


def test_how_an_earlier_version_ended_is_told_without_reasons():
    ended = {"decided": 1, "of": 3, "looks": [5], "capped": False}
    assert sentence(ended) == "1 look, after 5 seeds: 1 of 3 comparisons decided. It stopped with 2 undecided."


def tables(result: Result):
    return result.runs.drop(columns="seconds"), result.effects, result.looks


def assert_same(one: Result, other: Result) -> None:
    for here, there in zip(tables(one), tables(other), strict=True):
        pd.testing.assert_frame_equal(here, there, check_exact=True)


def test_the_same_bits_for_any_number_of_workers_and_after_interrupts(small, tmp_path):
    asked = {"until_decided": True, "max_seeds": 20}
    alone = run(small, workers=1, output=tmp_path / "alone", **asked)
    assert len(alone.looks) > len(alone.effects), "there is more than one look"
    assert_same(alone, run(small, workers=2, output=tmp_path / "two", **asked))
    distinct = alone.runs["run"].nunique()
    for stop in (7, distinct // 2):  # in the first look, and later
        watcher = Seen(stop)
        with pytest.raises(KeyboardInterrupt):
            run(small, workers=2, output=tmp_path / "resumed", watcher=watcher, **asked)
    last = Seen()
    assert_same(alone, run(small, workers=2, output=tmp_path / "resumed", watcher=last, **asked))
    assert last.done == distinct - 7 - distinct // 2, "nothing is computed twice"
    assert_same(alone, Result(tmp_path / "alone"))


def test_a_second_start_computes_loads_and_looks_at_nothing(small, tmp_path, monkeypatch):
    first = run(small, output=tmp_path, until_decided=True, max_seeds=10)
    for name in ("check_data", "environment", "warm_up", "execute"):
        monkeypatch.setattr(ablation, name, None)
    monkeypatch.setattr(Store, "runs", None)
    again = run(small, output=tmp_path, until_decided=True, max_seeds=10)
    assert again.fingerprint() == first.fingerprint()
    assert again.grown == first.grown


def test_another_most_number_is_refused_once_the_verdicts_are_known(small, tmp_path):
    run(small, output=tmp_path, until_decided=True, max_seeds=10)
    for most in (20, None):
        with pytest.raises(InputError, match="errs more often than is said"):
            run(small, output=tmp_path, until_decided=True, max_seeds=most)


def test_other_seeds_are_looked_at_anew(small, tmp_path):
    run(small, output=tmp_path, until_decided=True, max_seeds=10)
    other = run(small, seed=100, output=tmp_path, until_decided=True, max_seeds=10)
    assert other.study.seeds[:5] == [100, 101, 102, 103, 104]
    once = run(small, output=tmp_path)
    assert once.looks.empty
    assert once.grown == {}


def test_each_look_is_told(small, tmp_path):
    watcher = Seen()
    result = run(small, output=tmp_path, until_decided=True, max_seeds=10, watcher=watcher)
    assert len(watcher.sentences) == result.looks["look"].max()
    decided = result.effects["verdict"].isin(DECIDED)
    assert f"{decided.sum()} of {len(decided)} comparisons decided" in watcher.sentences[-1]


def test_a_dry_run_shows_the_looks_and_the_most_runs(small, capsys):
    from rich.console import Console

    from trickbench.harness.forecast import show

    show(plan(small, until_decided=True, max_seeds=30), 1, Console(width=400))
    shown = capsys.readouterr().out
    assert "60 runs of up to 3 epochs" in shown
    assert "looks after 5, 10, 20, 30 seeds, Pocock-type error spending on p-values of t: at most 360 runs" in shown


def test_a_diverged_loss_is_judged_by_ranks_at_the_levels_and_not_at_all_without_a_most_number():
    for most, verdict in ((30, "helps"), (None, "undecided")):
        growth = growing(most, metric={"classification": "loss"}, datasets=["iris"])
        losses = {("baseline + relu", "iris"): -50}
        grown = runs(growth.jobs(), losses, status=lambda job: "diverged" if (job.arm, job.seed) == ("baseline", 3) else "done")
        growth.look(grown)
        assert growth.looks.effects().loc[0, "verdict"] == "undecided", "five signed ranks cannot reject"
        if most:
            growth.look(runs(growth.jobs(), losses, status=lambda job: "diverged" if (job.arm, job.seed) == ("baseline", 3) else "done"))
        row = growth.looks.effects().loc[0]
        assert row["verdict"] == verdict
        assert "signed ranks" in row["note"]
        assert row["statistic"] == "pseudomedian"
