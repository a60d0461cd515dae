"""Where seeds are added: what is said at the end, which seeds they are, and what a second start goes by."""

from trickbench.harness.inference.sequential import Sequential
from trickbench.harness.until_decided import Growth, asked, sentence

from .growing import grow, growing, study


def test_a_study_that_is_decided_is_not_said_to_have_ended_for_want_of_seeds():
    growth = growing(None)
    grow(growth, {(f"baseline + {trick}", dataset): 50 for trick in ("relu", "dropout") for dataset in ("iris", "wine")})
    assert not growth.summary()["capped"]
    assert sentence(growth.summary()) == "2 looks, after 5, 10 seeds: 4 of 4 comparisons decided. It stopped since all are decided."


def test_another_first_seed_takes_the_place_of_the_smallest():
    growth = Growth(study(), growing().compared, Sequential(30), first_seed=10)
    assert growth.planned_seeds == (14, 10, 15, 16, 17)


def test_what_is_shown_is_part_of_what_is_asked_and_when_is_looked_is_not():
    noted = {"question": "?", "left_out": [], "sequential": {"most": 30}, "command": "a"}
    assert asked(noted) == asked(noted | {"command": "b"})
    assert asked(noted | {"left_out": ["l1"]}).besides != asked(noted).besides
    later = asked(noted | {"sequential": {"most": 60}})
    assert (later.besides == asked(noted).besides, later.whole == asked(noted).whole) == (True, False)
