import pandas as pd
import pytest

from trickbench.reports.answer import Finding, finding_sentence, findings, headline, settling

NAN = float("nan")


def effects(*rows: tuple[str, str, float, str]) -> pd.DataFrame:
    """(trick, metric, difference, verdict), each on a dataset of its own."""
    return pd.DataFrame(
        [
            {"design": "add-one-in", "factor": "f", "level": trick, "trick": trick, "dataset": f"d{i}", "metric": metric,
             "difference": difference, "verdict": verdict, "settle_low": NAN, "settle_high": NAN}
            for i, (trick, metric, difference, verdict) in enumerate(rows)
        ]
    )  # fmt: skip


def found(trick: str, unmeasured: int = 0, **counts: int) -> Finding:
    """Counts by verdict, each a difference of 0.1; what is negligible is `slightly`."""
    names = {"slightly": "helps, negligibly", "identical": "identical runs"}
    by = {names.get(name, name): count for name, count in counts.items()}
    verdicts = [verdict for verdict, count in by.items() for _ in range(count)]
    measured = tuple((f"d{place}", verdict, 0.1) for place, verdict in enumerate(verdicts))
    return Finding(trick, "f", trick, "add-one-in", measured, unmeasured)


def test_a_finding_counts_verdicts_and_keeps_metrics_apart():
    table = effects(
        ("adam", "accuracy", 0.1, "helps"), ("adam", "accuracy", -0.2, "hurts"), ("adam", "accuracy", 0.05, "helps"), ("adam", "r2", 3.0, "helps"),
        ("adam", "r2", 1.0, "undecided"), ("adam", "r2", NAN, "undecided"),
    )  # fmt: skip
    (finding,) = findings(table, "add-one-in")
    assert (finding.counts, finding.unmeasured) == ({"helps": 3, "undecided": 1, "hurts": 1}, 1)
    assert finding.ranges == (("accuracy", -0.2, 0.1), ("r2", 1.0, 3.0))
    assert finding_sentence(finding) == (
        "helps on 3 of 6 datasets, hurts on 1, is undecided on 1, not measured on 1 (accuracy −0.200 to +0.100; r2 +1.000 to +3.000)."
    )


def test_verdicts_that_are_not_there_are_not_mentioned():
    (finding,) = findings(effects(("l2", "accuracy", 0.0, "undecided")), "add-one-in")
    assert finding_sentence(finding) == "is undecided (accuracy +0.000)."


def test_tricks_keep_the_order_of_the_table():
    table = effects(("relu", "accuracy", 0.1, "helps"), ("adam", "accuracy", 0.1, "helps"), ("relu", "accuracy", 0.1, "helps"))
    assert [finding.trick for finding in findings(table, "add-one-in")] == ["relu", "adam"]


def test_the_headline_says_which_tricks_do_what_and_on_how_many_datasets():
    some = [found("adam", helps=1, undecided=3), found("relu", helps=4), found("dropout", hurts=3, helps=1), found("l2", undecided=4)]
    setting, told = headline(some)
    assert setting == "Alone"
    assert told.startswith("of the 4 datasets (in brackets on how many), relu (4)")
    assert told.endswith("relu (4), adam (1) and dropout (1) help; dropout (3) hurts; l2 is undecided on all of the datasets.")


def test_a_few_verdicts_among_many_undecided_are_not_hidden():
    some = [found("relu", helps=2, hurts=2, undecided=5), found("l2", undecided=9)]
    assert headline(some)[1].startswith("of the 9 datasets (in brackets on how many), relu (2) helps; relu (2) hurts; l2 is undecided")


def test_where_nothing_is_decided_the_headline_says_no_more():
    assert headline([found("adam", undecided=2), found("l2", undecided=2)])[1] == "adam and l2 are undecided on both datasets."


def test_one_dataset_needs_no_counting():
    assert headline([found("relu", helps=1), found("l2", undecided=1)])[1] == "on d0, relu (+0.100) helps; l2 is undecided."


def test_a_few_differences_are_told_by_dataset_with_their_size():
    some = [found("relu", helps=2, undecided=1), found("adam", hurts=1, helps=2), found("l2", undecided=3)]
    assert headline(some)[1] == (
        "relu (d0 +0.100, d1 +0.100) and adam (d1 +0.100, d2 +0.100) help; adam (d0 +0.100) hurts; l2 is undecided on all of the datasets."
    )
    assert headline([found(f"t{place}", helps=3) for place in range(5)])[1].startswith("of the 3 datasets (in brackets on how many), t0 (3)")


@pytest.mark.parametrize("unmeasured", [1, 3])
def test_without_a_measured_difference_the_headline_says_so(unmeasured: int):
    assert headline([found("relu", unmeasured=unmeasured)]) == ("Alone", "nothing has been measured yet.")


def test_what_is_negligible_counts_as_no_matter_and_as_a_finding():
    some = [
        found("relu", slightly=3, equivalent=1),
        found("l2", equivalent=2, undecided=2),
        found("he", identical=4),
        found("adam", helps=3, hurts=1),
    ]
    assert headline(some)[1] == (
        "of the 4 datasets (in brackets on how many), adam (3) helps; adam (1) hurts; relu (4) and l2 (2) make no difference that matters; "
        "he (4) changes nothing, bit for bit."
    )
    assert finding_sentence(some[0]) == "helps negligibly on 3 of 4 datasets, is equivalent on 1."


INF = float("inf")


@pytest.mark.parametrize(
    ("seeds", "sentence"),
    [
        ({}, ""),
        ({"iris": (40.0, 912.0)}, "On iris, between 40 and 920 seeds would settle it."),
        ({"iris": (INF, INF)}, "On iris, no number of seeds settles this on one dataset."),
        ({"iris": (12.0, INF)}, "On iris, 12 seeds or more would settle it, or no number of them."),
        ({"a": (40.0, 90.0), "b": (6.0, 31.0), "c": (8.0, 9.0)}, "On each of the undecided, between 6 and 90 seeds would settle it."),
        (
            {"a": (40.0, 90.0), "b": (6.0, 31.0), "c": (INF, INF)},
            "On each of the others, between 6 and 90 seeds would settle it; on 1 of them no number of seeds settles it.",
        ),
        (dict.fromkeys("abc", (INF, INF)), "On none of these does any number of seeds settle it."),
    ],
)
def test_what_is_undecided_says_how_many_seeds_would_settle_it(seeds: dict[str, tuple[float, float]], sentence: str):
    assert settling(seeds) == sentence


def test_seeds_to_settle_are_read_of_the_undecided_alone():
    table = effects(("l2", "accuracy", 0.1, "undecided"), ("l2", "accuracy", 0.1, "helps")).assign(settle_low=[12.0, NAN], settle_high=[40.0, NAN])
    (finding,) = findings(table, "add-one-in")
    assert finding.open == {"d0": (12.0, 40.0)}
    assert finding_sentence(finding).endswith("On d0, between 12 and 40 seeds would settle it.")
