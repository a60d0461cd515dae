import pytest

from trickbench.reports.words import (
    confidence,
    counted,
    duration,
    interval,
    listed,
    number,
    numbers,
    p_value,
    percent,
    plus_minus,
    settled_by,
    shortened,
    signed,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (0.0341, "+0.034"),
        (-0.0341, "−0.034"),
        (0.0, "+0.000"),
        (-1e-17, "+0.000"),
        (-12345.0, "−1.23e+04"),
        (NAN, "—"),
        (float("inf"), "+∞"),
        (float("-inf"), "−∞"),
    ],
)
def test_differences_carry_their_sign(value: float, spelled: str):
    assert signed(value) == spelled


def test_numbers_are_rounded_to_the_digits_asked_for():
    assert number(0.98765) == "0.988"
    assert number(0.98765, digits=1) == "1.0"
    assert plus_minus(0.9, 0.0123) == "0.900 ± 0.012"


def test_one_run_has_a_mean_but_no_deviation_and_no_interval():
    assert plus_minus(0.9, NAN) == "0.900"
    assert interval(NAN, NAN) == "—"
    assert interval(-0.1, 0.25) == "[−0.100, +0.250]"


def test_counts_and_lists_read_as_words():
    assert [counted(1, "run"), counted(1530, "run"), counted(2, "epoch")] == ["1 run", "1,530 runs", "2 epochs"]
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert [numbers((0, 1, 2, 3)), numbers((4, 7)), numbers((5,)), numbers(())] == ["0 to 3", "4 and 7", "5", "none"]


@pytest.mark.parametrize(("seconds", "spelled"), [(0.0312, "0.031 s"), (1.25, "1.2 s"), (59.6, "60 s"), (312, "5 min"), (9000, "2.5 h"), (NAN, "—")])
def test_durations_are_in_the_unit_one_would_say(seconds: float, spelled: str):
    assert duration(seconds) == spelled


@pytest.mark.parametrize(
    ("value", "spelled"),
    [(0.95, "95 %"), (0.9, "90 %"), (1 - 0.05 / 30, "99.83 %"), (1 - 0.05 / 2000, "99.9975 %"), (0.975, "97.5 %"), (0.05, "5 %"), (NAN, "—")],
)
def test_a_confidence_shows_what_it_leaves(value: float, spelled: str):
    assert confidence(value) == spelled


def test_shares_and_p_values_are_as_short_as_they_can_be():
    assert [percent(0.613), percent(0.9996), percent(1.0), percent(NAN)] == ["61 %", "99.96 %", "100 %", "—"]
    assert [p_value(0.0314), p_value(0.00001), p_value(NAN)] == ["0.031", "< 0.001", "—"]
    assert [shortened("abc", 2), shortened("abcd", 2)] == ["a, b and c", "a, b and 2 others"]


def test_a_range_of_seeds_has_two_digits_and_never_promises_too_few():
    assert settled_by(40, 912) == "between 40 and 920 seeds would settle it"
    assert settled_by(1234.0, 98765.0) == "between 1,300 and 99,000 seeds would settle it"
    assert settled_by(12, 12) == "about 12 seeds would settle it"
    assert settled_by(NAN, NAN) == ""
