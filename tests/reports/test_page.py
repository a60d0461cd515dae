import dataclasses
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pandas as pd
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
        self._inside = tag
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str):
        self._inside = "cell" if tag in ("wbr", "small") else ""

    def handle_data(self, data: str):
        if self._inside in ("script", "style"):
            return
        self.text += data
        if self.rows and self._inside in ("td", "th", "small", "wbr", "cell"):
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
    assert "The 30 comparisons with an interval are one family: each stands at 99.83 %" in html
    assert "would be 5 % at most" in html


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


def both(made: Any) -> tuple[str, str]:
    said = content(made)
    return Reader(page(said, BUNDLE)).text, markdown(said)


def test_a_result_with_pending_and_failed_runs_says_first_that_it_is_partial(make: Callable[..., Any]):
    made = make(datasets=("iris",), seeds=2, epochs=3)
    made.runs.loc[:4, "status"] = "pending"
    made.runs.loc[5:6, "status"] = "failed"
    made.runs.loc[7, "status"] = "timeout"
    for text in both(made):
        assert "This result is partial: of 34 runs, 5 not run yet, 2 failed and 1 ran out of time." in text
        assert text.index("partial") < text.index("Alone")


def test_a_complete_result_is_not_called_partial(said: Any):
    assert said.partial == ""


@pytest.mark.parametrize(
    ("status", "sentences"),
    [
        ("pending", ["of 34 runs, 34 not run yet", "nothing has been measured yet.", "There is no measured difference to draw."]),
        ("pending", ["No run has finished an epoch yet.", "Neither the baseline nor the full recipe has finished an epoch yet."]),
        ("failed", ["of 34 runs, 34 failed", "nothing has been measured yet.", "ValueError: the network has no rows."]),
        ("diverged", ["Of 34 runs, 34 diverged.", "The training loss became infinite at epoch 3."]),
    ],
)  # fmt: skip
def test_a_study_in_which_all_runs_end_alike_is_reported(make: Callable[..., Any], status: str, sentences: list[str]):
    for text in both(make(datasets=("iris",), seeds=2, epochs=3, status=status)):
        assert [sentence for sentence in sentences if sentence not in text] == []


def test_one_seed_gives_differences_without_intervals(make: Callable[..., Any]):
    made = make(datasets=("iris",), seeds=1, epochs=3)
    assert made.effects["low"].isna().all()
    for text in both(made):
        assert "No comparison has an interval" in text
        assert "relu, maxout, momentum, rmsprop, adam, l2, dropout, early stopping and he are undecided" in text
        assert "nan" not in text.lower()


def test_one_dataset_of_a_design_without_a_full_recipe_is_reported(make: Callable[..., Any]):
    made = make(datasets=("diabetes",), seeds=3, epochs=3)
    made.study.design = ("add-one-in",)
    keep = ~made.runs["arm"].str.startswith("full")
    made.runs, made.epochs = made.runs[keep], made.epochs[~made.epochs["arm"].str.startswith("full")]
    made.effects = made.effects[made.effects["design"] == "add-one-in"]
    for text in both(made):
        assert "10 arms × 1 dataset × 3 seeds" in text
        assert "Within the full recipe" not in text


@pytest.mark.parametrize("frame", [pd.DataFrame(), None])
def test_without_effects_the_report_says_so(make: Callable[..., Any], frame: pd.DataFrame | None):
    made = make(datasets=("iris",), seeds=2, epochs=3)
    made.effects = made.effects.head(0) if frame is None else frame
    for text in both(made):
        assert "There is no comparison to show" in text
        assert "no comparison has both of its arms yet" in text


def test_a_result_without_any_run_is_reported(make: Callable[..., Any]):
    made = dataclasses.replace(make(datasets=("iris",), seeds=1, epochs=2), runs=pd.DataFrame(), epochs=pd.DataFrame(), effects=pd.DataFrame())
    for text in both(made):
        assert "This result is empty" in text


def test_runs_without_a_single_finished_epoch_are_reported(make: Callable[..., Any]):
    made = make(datasets=("iris",), seeds=2, epochs=1, status="diverged")
    for text in both(made):
        assert "Every run diverged before it was first looked at" in text
