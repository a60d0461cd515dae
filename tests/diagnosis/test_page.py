"""docs/diagnosis.md is what a run gives, and what it gives is right nearly always.

python -m pytest tests/diagnosis -m slow         compares
TRICKBENCH_REWRITE=1 python -m pytest tests/diagnosis -m slow         writes it
"""

import os
from pathlib import Path

import pytest

from . import conditions, trained
from .page import READ, made, of_trainings, page, right, worked

PAGE = Path(__file__).parents[2] / "docs" / "diagnosis.md"


def test_the_page_says_what_is_read():
    assert PAGE.read_text(encoding="utf-8").endswith(READ)


@pytest.fixture(scope="module")
def of_made():
    return made()


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return trained.results(tmp_path_factory.mktemp("trained"))


@pytest.fixture(scope="module")
def of_trained(results):
    return of_trainings(*results)


@pytest.mark.slow
def test_made_curves_are_told_by_their_condition(of_made):
    # an error rate of 0.03 would give more than 20 of 300 once in 2000 (binomial); the seeds are fixed
    wrong = {each.name: conditions.MADE - right(counts, each.right) for each, counts in of_made.items()}
    assert max(wrong.values()) <= 20, wrong


@pytest.mark.slow
def test_trainings_are_told_by_what_was_done_to_them(of_trained):
    for name, (each, alone, beside) in of_trained.items():
        assert len(each.histories) == trained.SEEDS
        assert min(right(alone, each.alone), right(beside, each.beside)) >= 0.8 * trained.SEEDS, name


@pytest.mark.slow
def test_no_training_with_a_bad_training_result_is_called_overfitting(of_trained):
    for name, (_, alone, beside) in of_trained.items():
        if not name.startswith(("nothing", "wrong labels")):
            assert not [title for title in (*alone, *beside) if title.startswith(("overfitting", "good"))], name


@pytest.mark.slow
def test_the_page_is_what_a_run_gives(of_made, of_trained, results):
    text = page(of_made, of_trained, worked(results[1]))
    if os.environ.get("TRICKBENCH_REWRITE"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text
