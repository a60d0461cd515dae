import dataclasses
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest

from trickbench.reports.content import content
from trickbench.reports.markdown import escaped, fenced, markdown
from trickbench.reports.page import as_data, as_script, page
from trickbench.reports.words import plus_minus, signed

BUNDLE = "window.vegaEmbed = () => {};"


class Reader(HTMLParser):
    """Text as a reader sees it, tables as rows of cells, and what the page would load."""

    def __init__(self, html: str):
        super().__init__()
        self.text, self.rows, self.addresses, self.scripts, self._inside = "", [], [], [], ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]):
        self.addresses += [value for name, value in attrs if name in ("src", "href", "srcset", "data", "action", "poster") and value]
        self.scripts += [attrs] if tag == "script" else []
        self.rows += [[]] if tag == "tr" else []
        self._inside = self._inside if tag == "wbr" else tag
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str):
        self._inside = "cell" if tag == "small" else ""

    def handle_data(self, data: str):
        if self._inside in ("script", "style"):
            return
        self.text += data
        if self.rows and self._inside in ("td", "th", "small", "cell"):
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def said(small: Any) -> Any:
    return content(small)


@pytest.fixture(scope="module")
def html(said: Any) -> str:
    return page(said, BUNDLE)


def test_question_and_every_arm_and_dataset_stand_on_the_page(small: Any, html: str):
    reader = Reader(html)
    assert small.study.question in reader.text
    heads = {row[0] for row in reader.rows if row}
    assert set(small.runs["arm"]) <= heads
    assert all(dataset in reader.text for dataset in small.study.datasets)


def test_the_answer_comes_before_everything_else(html: str):
    places = [html.index(f'id="{section}"') for section in ("answer", "effects", "curves", "arms", "incidents", "reproduce", "method")]
    assert places == sorted(places)


def test_every_diverged_run_is_listed_with_its_message(small: Any, html: str):
    diverged = small.runs[small.runs["status"] == "diverged"]
    assert len(diverged) == 2
    rows = Reader(html).rows
    for _, run in diverged.iterrows():
        assert [run["arm"], run["dataset"], str(run["seed"]), "diverged", f"{run['epochs']} epochs", run["message"]] in rows


def test_scores_on_the_page_are_those_of_the_runs(small: Any, html: str):
    rows = {row[0]: row for row in Reader(html).rows if len(row) == 1 + len(small.study.datasets)}
    for (arm, dataset), scores in small.runs.groupby(["arm", "dataset"])["score"]:
        place = 1 + list(small.study.datasets).index(dataset)
        assert rows[arm][place].startswith(plus_minus(scores.mean(), scores.std()))


def test_differences_on_the_page_are_those_of_the_effects(small: Any, html: str):
    rows = Reader(html).rows
    for _, effect in small.effects.iterrows():
        comparison = f"{effect['with_arm']} against {effect['without_arm']}"
        (row,) = [row for row in rows if row[1:3] == [comparison, effect["dataset"]]]
        assert row[4:6] == [signed(effect["difference"]), f"[{signed(effect['low'])}, {signed(effect['high'])}]"]


def test_what_the_intervals_hold_together_is_said(small: Any, html: str):
    assert len(small.effects) == 30
    assert "The 30 comparisons are one family: each interval stands at 99.83 %" in html
    assert "would be 5 % at most" in html


def test_a_comparison_without_an_interval_still_has_its_share(small: Any):
    made = dataclasses.replace(small, effects=small.effects.assign(low=small.effects["low"].where(small.effects.index > 3)))
    assert any(sentence.startswith("The 30 comparisons are one family") for sentence in content(made).method)


def test_who_shows_some_comparisons_only_is_told_of_the_others(small: Any):
    left_out = [{"design": "add-one-in", "kind": "difference", "trick": trick, "tricks": [trick], "aliases": []} for trick in ("tanh", "elu")]
    given = SimpleNamespace(**vars(small.study), left_out=left_out)
    told = content(dataclasses.replace(small, study=given))
    assert told.partial.startswith("Of the study's 34 comparisons this report shows 30 (--only).")
    (family,) = (part for part in told.method if "famil" in part)
    assert family.startswith("The 30 comparisons are part of a family of 34, which --only leaves as large as it was: each interval")
    assert "hold together, with the 4 of the family that are not shown, with 95 % confidence" in told.headlines[0][1]
    named = content(dataclasses.replace(small, study=SimpleNamespace(**vars(given), family=["elu"])))
    assert "with the 2 of the family that are not shown" in named.headlines[0][1]
    assert not content(small).partial


def test_of_a_named_family_the_others_prove_nothing(small: Any):
    inside = small.effects["trick"].eq("adam")
    study = SimpleNamespace(**vars(small.study), family=["adam"])
    (told,) = (
        part for part in content(dataclasses.replace(small, study=study, effects=small.effects.assign(in_family=inside))).method if "famil" in part
    )
    assert told.startswith("The 4 comparisons (of adam) are one family")
    assert told.endswith("26 other comparisons stand alone and prove nothing.")


def test_charts_carry_the_effects_exactly(small: Any, html: str):
    specs = json.loads(re.search(r'id="specs">(.*?)</script>', html, re.DOTALL).group(1))  # pyright: ignore[reportOptionalMemberAccess]
    (drawn,) = specs["effects-add-one-in"]["datasets"].values()
    expected = small.effects[small.effects["design"] == "add-one-in"]
    for column in ("difference", "low", "high", "verdict"):
        assert [row[column] for row in drawn] == expected[column].tolist()


def test_nothing_is_loaded_from_anywhere(html: str):
    reader = Reader(html)
    assert {address for address in reader.addresses if not address.startswith("#")} == set()
    assert "default-src 'none'" in html
    assert not re.search(r"@import|url\(", html)
    assert '"url"' not in re.search(r'id="specs">(.*?)</script>', html, re.DOTALL).group(1)  # pyright: ignore[reportOptionalMemberAccess]


HOSTILE = '</script><script>alert(1)</script><img src="https://example.org/x.png">'


@pytest.fixture(scope="module")
def hostile(make: Callable[..., Any]) -> Any:
    """Every text that a user or a run can write is markup."""
    made = make(datasets=("iris",), seeds=2, epochs=3, question=HOSTILE)
    made.study.name = made.study.text = HOSTILE
    made.study.datasets = (HOSTILE,)
    made.study.factors = {HOSTILE: {HOSTILE: {HOSTILE: HOSTILE}}}
    made.environment[HOSTILE] = made.environment["command"] = HOSTILE
    made.runs = made.runs.assign(message=HOSTILE, dataset=HOSTILE, arm=made.runs["arm"].replace("full", HOSTILE))
    made.runs.loc[0, "status"] = "failed"
    made.epochs = made.epochs.assign(dataset=HOSTILE, arm=made.epochs["arm"].replace("full", HOSTILE))
    made.effects = made.effects.assign(dataset=HOSTILE, trick=HOSTILE, note=HOSTILE, with_arm=HOSTILE)
    return made


def test_what_users_write_is_text_and_never_markup(hostile: Any):
    html = page(content(hostile), BUNDLE)
    reader = Reader(html)
    assert HOSTILE in reader.text
    assert "<script>alert" not in html
    assert "<img" not in html
    assert len(reader.scripts) == 4  # two of data, the bundle, our own


def test_data_cannot_end_its_script_element():
    assert "<" not in as_data({"</script>": "<!--"})
    assert json.loads(as_data({"</script>": "<!--"})) == {"</script>": "<!--"}
    assert as_script('x = "</script><!--"') == 'x = "<\\/script><\\!--"'


def test_what_users_write_is_no_markup_in_markdown_either(hostile: Any):
    text = markdown(content(hostile))
    outside = re.sub(r"(?ms)^(`{3,})$.*?^\1$", "", text)
    assert set(re.findall(r"<[^>]*>", outside)) == {"<details>", "</details>", "<summary>", "</summary>"}


def test_markdown_says_what_the_page_says(small: Any, said: Any):
    text = markdown(said)
    assert small.study.question in text
    for setting, sentence in said.headlines:
        assert f"**{setting}:** {escaped(sentence)}" in text
    for _, effect in small.effects.iterrows():
        row = f"| {effect['with_arm']} against {effect['without_arm']} | {effect['dataset']} | {effect['metric']} | {signed(effect['difference'])} |"
        assert row in text
    assert text.count("The training loss became infinite at epoch") == 2


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("a|b\nc", r"a\|b c"),
        ("*d* `e` ~f~ \\", r"\*d\* \`e\` \~f\~ \\"),
        ("_g_ and breast_cancer", r"\_g\_ and breast_cancer"),
        ("[h](i) [j][k] moons[noise=0.3] [+0.1, +0.2]", r"[h\](i) [j\][k] moons[noise=0.3] [+0.1, +0.2]"),
        ("<b> &lt;", "&lt;b> &amp;lt;"),
    ],
)
def test_markdown_makes_markup_literal_and_leaves_the_rest_alone(text: str, literal: str):
    assert escaped(text) == literal


def test_a_fence_is_longer_than_any_inside():
    assert fenced("a ```` b") == "`````\na ```` b\n`````"


def test_what_a_verdict_speaks_of_stands_in_the_method(rich: Any, make: Callable[..., Any]):
    said = content(make(datasets=("iris",), seeds=4, epochs=3)).method
    assert any("An interval speaks of the expected difference over fresh random splits" in sentence for sentence in said)
    tuned = content(rich).method
    assert any("chosen on validation rows" in sentence and "given the tuned value" in sentence for sentence in tuned)
    assert any("a main effect is the mean with a trick minus the mean without it" in sentence for sentence in tuned)
    assert not any("not tuned" in sentence for sentence in tuned)
