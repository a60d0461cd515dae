"""The claims report: every verdict, number and counterexample of the records stands on the page, and nothing of theirs can run there."""

from html.parser import HTMLParser

import pytest

from trickbench.reports import write_claims_report
from trickbench.reports.claims_content import claims_content
from trickbench.reports.claims_page import claims_page


def evidence(deviation=0.5, tolerance=1.0, **more):
    share = deviation / tolerance if tolerance else 0.0
    fields = {"held": deviation <= tolerance, "deviation": deviation, "tolerance": tolerance, "closeness": share, "cases": 1200}
    return fields | {"worst": None, "exhibit": None, "numbers": {}} | more


def record(claim, implementation, verdict, kind="identity", **more):
    fields = {"claim": claim, "kind": kind, "sentence": f"Sentence of {claim}.", "source": "Adam, figure 16", "seconds": 0.1}
    return fields | {"implementation": implementation, "verdict": verdict, "reason": "", "hint": "", "evidence": {"float64": evidence()}} | more


CASE = {"given": "step 2, gradient <b>1</b>", "expected": "0.5", "got": "0.75"}
RECORDS = [
    record("adam.recurrence", "adam/plain", "held"),
    record("adam.recurrence", "adam/wrong", "refuted", hint="Declare it.", evidence={"float64": evidence(9e9, worst=CASE)}),
    record("adam.first-step", "adam/plain", "departs", reason="as the paper says"),
    record("adam.first-step", "adam/torch", "unavailable", reason="torch is not installed", evidence={}),
    record("erratum.slip", "adam/plain", "held", kind="erratum", evidence={"float64": evidence(0.0, 0.0, exhibit=CASE)}),
    record(
        "early.helps", "early/plain", "supported", kind="empirical",
        evidence={"float32": {"verdict": "supported", "what": "test loss", "effect": 0.2, "low": 0.1, "high": 0.3, "runs": 20, "numbers": {"k": 4}}},
    ),
]  # fmt: skip
SUMMARY = {
    "made": 5, "expected": 5, "seed": 7, "seconds": 3.0, "status": 1,
    "verdicts": {"held": 2, "refuted": 1, "departs": 1, "unavailable": 1, "supported": 1},
    "conventions": {"adam/plain": {"epsilon_at": "corrected"}, "adam/sklearn": {"epsilon_at": "folded"}, "adam/torch": {"epsilon_at": "corrected"}},
}  # fmt: skip


class Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words, self.tags, self.ids, self.links = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        named = dict(attrs)
        self.ids += [named["id"]] if "id" in named else []
        self.links += [named["href"].removeprefix("#")] if "href" in named else []

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def page():
    parsed = Text()
    parsed.feed(claims_page(SUMMARY, RECORDS))
    return parsed


def test_everything_that_was_found_stands_on_the_page(page):
    text = " ".join(" ".join(page.words).split())
    for words in (
        "1 check is refuted", "5 of 5 checks made, seed 7", "Declare it.", "as the paper says", "torch is not installed",
        "step 2, gradient <b>1</b>", "9e+09 of 1", "+0.2 [+0.1, +0.3]", "epsilon_at", "folded", "plain, torch",
    ):  # fmt: skip
        assert words in text, words


def test_nothing_of_a_record_becomes_markup_and_nothing_is_loaded(page):
    assert "b" not in page.tags
    assert not page.tags & {"script", "img", "iframe", "link"}


def test_every_link_leads_somewhere_on_the_page(page):
    assert set(page.links) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_the_counts_add_up():
    content = claims_content(SUMMARY, RECORDS)
    counted = {kind: [int(cell or 0) for cell in cells[1:]] for kind, cells in content.by_kind}
    assert sum(map(sum, counted.values())) == len(RECORDS)
    assert [each.id for each in content.errata] == ["erratum.slip"]
    assert [(each.convention, len(each.choices)) for each in content.differences] == [("epsilon_at", 2)]


@pytest.mark.parametrize(
    ("records", "made", "words"),
    [(RECORDS[:1], 1, "No implementation refutes"), (RECORDS[:1], 0, "incomplete"), ([], 0, "incomplete"), ([], 1, "No implementation refutes")],
)
def test_the_headline_says_what_matters_most(records, made, words):
    summary = SUMMARY | {"made": made, "expected": 1, "verdicts": {"held": 1}}
    assert words in claims_content(summary, records).headline


def test_the_file_is_written_into_the_folder(tmp_path):
    path = write_claims_report(SUMMARY, RECORDS, tmp_path / "new")
    assert "<!doctype html>" in path.read_text()
