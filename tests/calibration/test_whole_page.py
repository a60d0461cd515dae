"""The page is what a run of all these tests gives. This file runs last."""

import os

import pytest

from .whole import PAGE, PAGES, SECTIONS, made

pytestmark = pytest.mark.slow


def test_the_page_is_what_a_run_gives():
    assert sorted(PAGES) == sorted(SECTIONS), "run the whole folder, in one process: the page has a section of each test"
    if os.environ.get("TRICKBENCH_REWRITE"):
        PAGE.write_text(made(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made()
