import pandas as pd
import pytest

from trickbench.reports.answer import Finding, finding_sentence, findings, headline

NAN = float("nan")


def effects(*rows: tuple[str, str, float, str]) -> pd.DataFrame:
    """(trick, metric, difference, verdict), each on a dataset of its own."""
    return pd.DataFrame(
        [
            {"design": "add-one-in", "factor": "f", "level": trick, "trick": trick, "dataset": f"d{i}", "metric": metric,
             "difference": difference, "verdict": verdict}
            for i, (trick, metric, difference, verdict) in enumerate(rows)
        ]
    )  # fmt: skip


def found(trick: str, helps: int = 0, hurts: int = 0, undetected: int = 0, unmeasured: int = 0) -> Finding:
    return Finding(trick, "f", trick, "add-one-in", helps, hurts, undetected, unmeasured, ())


def test_a_finding_counts_verdicts_and_keeps_metrics_apart():
    table = effects(
        ("adam", "accuracy", 0.1, "helps"), ("adam", "accuracy", -0.2, "hurts"), ("adam", "accuracy", 0.05, "helps"), ("adam", "r2", 3.0, "helps"),
        ("adam", "r2", 1.0, "no detectable difference"), ("adam", "r2", NAN, "no detectable difference"),
    )  # fmt: skip
    (finding,) = findings(table, "add-one-in")
    assert (finding.helps, finding.hurts, finding.undetected, finding.unmeasured) == (3, 1, 1, 1)
    assert finding.ranges == (("accuracy", -0.2, 0.1), ("r2", 1.0, 3.0))
    assert finding_sentence(finding) == (
        "helps on 3 of 6 datasets, hurts on 1, cannot be told on 1, not measured on 1 (accuracy −0.200 to +0.100; r2 +1.000 to +3.000)."
    )


def test_verdicts_that_are_not_there_are_not_mentioned():
    (finding,) = findings(effects(("l2", "accuracy", 0.0, "no detectable difference")), "add-one-in")
    assert finding_sentence(finding) == "cannot be told on 1 of 1 dataset (accuracy +0.000)."


def test_tricks_keep_the_order_of_the_table():
    table = effects(("relu", "accuracy", 0.1, "helps"), ("adam", "accuracy", 0.1, "helps"), ("relu", "accuracy", 0.1, "helps"))
    assert [finding.trick for finding in findings(table, "add-one-in")] == ["relu", "adam"]


def test_the_headline_sorts_tricks_by_what_they_do_on_most_datasets():
    some = [found("relu", helps=4), found("adam", helps=3, undetected=1), found("dropout", hurts=3, helps=1), found("l2", undetected=4)]
    assert headline(some) == (
        "Alone",
        "on more than half of the 4 datasets, relu (4) and adam (3) help; dropout (3) hurts; no difference can be detected for l2 (4).",
    )


def test_half_of_the_datasets_is_not_most():
    assert headline([found("adam", helps=2, hurts=2)]) == ("Alone", "adam has no verdict that holds on more than half of the datasets.")


def test_one_dataset_needs_no_counting():
    assert headline([found("relu", helps=1), found("l2", undetected=1)])[1] == "on the one dataset, relu helps; no difference can be detected for l2."


@pytest.mark.parametrize("unmeasured", [1, 3])
def test_without_a_measured_difference_the_headline_says_so(unmeasured: int):
    assert headline([found("relu", unmeasured=unmeasured)]) == ("Alone", "nothing has been measured yet.")
