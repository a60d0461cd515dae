"""The sections that are there only where a result has something for them: interactions, all datasets, looks, tuning, variance, costs."""

import dataclasses
import re
from typing import Any

import pandas as pd
import pytest

from trickbench.reports.content import Content, content
from trickbench.reports.content import sections as sections_of
from trickbench.reports.effects import prepared
from trickbench.reports.looks import ADDED, MIXTURE, SPENDING, SYMMETRY
from trickbench.reports.markdown import escaped, markdown
from trickbench.reports.page import page
from trickbench.reports.result import TABLES
from trickbench.reports.section import Section

from . import further
from .test_page import BUNDLE, HOSTILE, Reader


@pytest.fixture(scope="module")
def said(rich: Any) -> Content:
    return content(rich)


@pytest.fixture(scope="module")
def sections(said: Content) -> dict[str, Section]:
    return {section.name: section for section in said.sections}


def texts(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def changed(made: Any, **tables: pd.DataFrame) -> dict[str, Section]:
    """The sections with some tables in place of others."""
    copy = dataclasses.replace(made)
    for name in TABLES:
        setattr(copy, name, tables.get(name, getattr(made, name, None)))
    return {section.name: section for section in sections_of(copy, prepared(copy.effects))}


def test_every_table_makes_its_section_and_none_of_them_is_there_without(small: Any, sections: dict[str, Section]):
    assert list(sections) == ["interactions", "overall", "looks", "tuning", "sources", "diagnosis", "costs"]
    assert content(small).sections == []
    assert changed(small, **{name: pd.DataFrame() for name in TABLES}) == {}


def test_page_and_markdown_say_the_same_in_the_same_order(said: Content):
    html, text = page(said, BUNDLE), markdown(said).replace("**", "")
    reader = Reader(html)
    rows = [[cell.strip() for cell in row] for row in reader.rows]
    for section in said.sections:
        assert f'href="#{section.name}"' in html
        assert f"## {section.title}" in text
        for sentence in [*section.sentences, *(sentence for point in section.points for sentence in point)]:
            assert sentence in reader.text
            assert escaped(sentence) in text
        for table in [*section.tables, *(table for _, table in section.folded)]:
            for row in table.rows:
                assert [f"{cell.text} {cell.aside}".strip() for cell in row] in rows
                assert " | ".join(escaped(cell.text) for cell in row[:2]) in text
    places = [[where.index(section.title) for section in said.sections] for where in (re.sub(r"<nav.*?</nav>", "", html, flags=re.DOTALL), text)]
    assert all(order == sorted(order) for order in places)


def test_figures_of_sections_are_drawn_and_linked(said: Content):
    names = {figure.name for section in said.sections for figure in section.figures}
    assert names == {
        "interactions", "interaction-plot", "overall-add-one-in", "standings", "profiles", "sensitivity-digits-learning-rate",
        "sensitivity-digits-dropout.rate", "budgets", "sources", "costs",
    }  # fmt: skip
    assert names <= {figure.name for figure in said.figures if figure.spec is not None}
    assert all(f'data-figure="{name}"' in page(said, BUNDLE) and f"figures/{name}.svg" in markdown(said) for name in names)


def test_what_a_result_writes_into_its_tables_is_no_markup(rich: Any):
    made = dataclasses.replace(rich)
    for name in (*TABLES, "effects"):
        frame = getattr(rich, name)
        words = {column: HOSTILE for column in ("trick", "arm", "dataset", "note", "sentence", "recommendation", "of") if column in frame.columns}
        setattr(made, name, frame.assign(**words))
    html, text = page(content(made), BUNDLE), markdown(content(made))
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "<img" not in text


def test_main_effects_and_interactions_stay_apart(said: Content, sections: dict[str, Section]):
    assert [row[0].text for row in said.verdicts[2].rows] == list(further.TRICKS)
    assert len(sections["interactions"].tables[0].rows) == 6
    assert "of 12 interactions" in sections["interactions"].sentences[0].lower()
    assert "1 more together than apart (▲), 6 with no change that matters (≈) and 5 undecided (·)" in sections["interactions"].sentences[0]


def test_only_decided_interactions_have_a_point_and_a_plot(sections: dict[str, Section]):
    section = sections["interactions"]
    assert section.points == [("relu × dropout on digits", "relu helps only with dropout (+0.040; without it +0.001).")]
    (plot,) = (figure for figure in section.figures if figure.name == "interaction-plot")
    (rows,) = plot.spec["datasets"].values()  # pyright: ignore[reportOptionalSubscript]
    assert {(row["first"], row["second"], round(row["mean"], 9)) for row in rows} == {
        ("with relu", "with the second", 0.87), ("with relu", "without the second", 0.81),
        ("without relu", "with the second", 0.82), ("without relu", "without the second", 0.8),
    }  # fmt: skip
    assert len(section.folded[1][1].rows) == 24  # two conditions, six pairs, two datasets


def test_over_datasets_the_two_estimands_are_told_apart(sections: dict[str, Section]):
    these, such = (": ".join(point) for point in sections["overall"].points)
    assert these == "Alone, accuracy on these 7 datasets: ▲ helps: relu and adam; ≈ equivalent: dropout; ▼ hurts: l2."
    assert such == "Alone, accuracy on datasets like these 7: ▲ helps: relu; · undecided: adam, dropout and l2."
    (row, *_) = texts(sections["overall"].folded[0][1])
    assert row == [
        "relu", "add-one-in", "accuracy", "these datasets", "7", "+0.060", "[+0.052, +0.068]", "▲ helps", "< 0.001", "0.016", "90 %", "8 %", "2 %",
        "0.810", "",
    ]  # fmt: skip


def test_probabilities_fill_the_bar_in_the_order_of_the_legend(sections: dict[str, Section]):
    spec = sections["overall"].figures[0].spec
    assert spec is not None
    (bars,) = (rows for rows in spec["datasets"].values() if "probability" in rows[0])
    for trick in further.TRICKS:
        parts = sorted((row["place"], row["outcome"], row["probability"]) for row in bars if row["trick"] == trick)
        assert [outcome for _, outcome, _ in parts] == ["helps", "equivalent", "hurts"]
        assert sum(probability for *_, probability in parts) == pytest.approx(1)


def test_bars_of_mean_ranks_overlap_where_arms_cannot_be_told_apart(sections: dict[str, Section]):
    spec = sections["overall"].figures[1].spec
    assert spec is not None
    (rows,) = (rows for rows in spec["datasets"].values() if "rank" in rows[0])
    for one in rows:
        for other in rows:
            overlap = one["low"] <= other["high"] and other["low"] <= one["high"]
            assert overlap == (abs(one["rank"] - other["rank"]) <= 2.85)
    assert "the arms differ (Friedman, Iman and Davenport: p < 0.001); the best mean rank has full." in " ".join(sections["overall"].sentences)


def test_without_six_datasets_there_is_no_sample_and_no_ranking(rich: Any):
    frame = further.overall()
    fixed = frame[frame["estimand"] == "these datasets"].assign(datasets=4, helps_probability=float("nan"), p_signed_rank=float("nan"))
    section = changed(rich, overall=fixed, standings=pd.DataFrame(), profiles=pd.DataFrame())["overall"]
    assert [figure.name for figure in section.figures] == ["overall-add-one-in"]
    assert "like these" not in section.figures[0].caption
    assert "further dataset" not in section.figures[0].caption
    assert section.tables == []


def test_each_comparison_is_shown_at_the_look_that_decided_it(sections: dict[str, Section]):
    section = sections["looks"]
    assert section.sentences == [
        "Of 3 comparisons, 1 at 5 seeds and 1 at 10 seeds were decided. Undecided with 15 seeds: l2 on digits.", ADDED, SPENDING, SYMMETRY,
    ]  # fmt: skip
    assert [row[3:] for row in texts(section.tables[0])] == [
        ["▲ +0.050", "—", "—", "5 seeds"],
        ["· +0.010", "▲ +0.050", "—", "10 seeds"],
        ["· +0.010", "· +0.010", "· +0.010", "undecided"],
    ]
    assert [[cell.kind for cell in row if "best" in cell.kind] for row in section.tables[0].rows] == [["helps best"], ["helps best"], []]


def test_when_all_are_decided_none_is_named(rich: Any):
    frame = further.looks()
    section = changed(rich, looks=frame[frame["trick"] != "l2"])["looks"]
    assert section.sentences[0] == "Of 2 comparisons, 1 at 5 seeds and 1 at 10 seeds were decided. None is left undecided."


def test_with_many_looks_only_the_last_ones_stand_in_the_table(rich: Any):
    made = dataclasses.replace(rich, study=rich.study.__class__(**{**vars(rich.study), "sequential": {"most": None}}))
    section = changed(made, **{name: getattr(rich, name) for name in TABLES if name != "looks"}, looks=further.looks(40))["looks"]
    assert section.sentences[2:] == [MIXTURE, SYMMETRY]
    assert texts(section.tables[0])[1] == ["adam", "digits (accuracy)", "add-one-in", "10 seeds", "▲ +0.050"]


def test_a_conclusion_that_flips_with_the_budget_is_flagged_and_drawn(sections: dict[str, Section]):
    section = sections["tuning"]
    assert any(sentence.startswith("⚑ 1 of 2 conclusions flip with the number of trials: adam on digits.") for sentence in section.sentences)
    assert texts(section.tables[0]) == [
        ["adam", "digits (accuracy)", "add-one-in", "▲ +0.080", "· +0.020", "≈ +0.001", "⚑ flips"],
        ["dropout", "digits (accuracy)", "add-one-in", "· +0.020", "· +0.020", "· +0.020", ""],
    ]
    (drawn,) = section.figures[0].spec["datasets"].values()  # pyright: ignore[reportOptionalSubscript]
    assert [row["panel"] for row in drawn] == ["adam · digits · add-one-in"] * 3


def test_a_long_table_of_budgets_is_folded_away(rich: Any):
    many = pd.concat([further.budgets().assign(dataset=f"d{place}") for place in range(16)])
    section = changed(rich, budgets=many)["tuning"]
    assert section.tables == []
    title, table = section.folded[0]
    assert (title, len(table.rows)) == ("Verdict by the number of trials of each arm", 32)


def test_trials_of_losses_are_not_said_to_score_what_a_constant_prediction_does(rich: Any):
    losses = dataclasses.replace(rich, effects=rich.effects.assign(metric="loss"))
    section = changed(losses, **{name: getattr(rich, name) for name in TABLES})["tuning"]
    assert section.sentences[0].endswith("3 trials diverged: they come after all others.")
    assert not any("constant prediction" in figure.caption for figure in section.figures)


def test_arms_whose_scores_have_no_scale_are_ranked_alone(rich: Any):
    nothing = dict.fromkeys(("iqm", "iqm_low", "iqm_high"), float("nan"))
    section = changed(rich, standings=further.standings().assign(metric="loss", **nothing))["overall"]
    (figure,) = (figure for figure in section.figures if figure.name == "standings")
    assert len(figure.spec["concat"]) == 1  # pyright: ignore[reportOptionalSubscript]
    assert "mean rank in loss" in str(figure.spec)
    assert figure.caption.startswith("The mean rank over datasets")
    assert "interquartile" not in figure.caption
    assert section.tables[0].columns == ["arm", "metric", "mean rank", "critical difference"]


def test_where_nothing_flips_that_is_said_and_not_drawn(rich: Any):
    section = changed(rich, budgets=further.budgets().assign(flips=False))["tuning"]
    assert any(sentence.startswith("None of 2 conclusions flips") for sentence in section.sentences)
    assert "budgets" not in {figure.name for figure in section.figures}


def test_trials_are_told_with_what_was_taken_and_what_asks_for_a_wider_space(sections: dict[str, Section]):
    section = sections["tuning"]
    made, edge, *_ = section.sentences
    assert made.startswith("24 trials were made, for each arm and dataset 8 trials each;")
    assert "a row that tests later may have helped to choose" in made
    assert made.endswith("3 trials diverged: they score what a constant prediction scores, and come after all others.")
    assert edge == "Of 3 choices, 1 lies at an edge of what was tried: more trials or a wider space might do better."
    assert texts(section.folded[0][1])[1] == ["baseline + adam", "digits", "1", "0.0001", "—", "0.900"]
    assert texts(section.folded[1][1]) == [["baseline", "digits (accuracy)", "learning_rate", "0.0193", "0.005 to 0.072", "38 %", ""]]


def test_trials_that_diverged_stand_below_the_others_and_flatten_nothing(sections: dict[str, Section]):
    (rows,) = sections["tuning"].figures[1].spec["datasets"].values()  # pyright: ignore[reportOptionalSubscript]
    finished = [row["place"] for row in rows if row["role"] != "diverged"]
    (below,) = {row["place"] for row in rows if row["role"] == "diverged"}
    assert all(row["place"] == row["score"] for row in rows if row["role"] != "diverged")
    assert below == pytest.approx(min(finished) - 0.15 * (max(finished) - min(finished)))
    assert {row["arm"] for row in rows if row["role"] == "taken"} == {"baseline", "baseline + adam", "baseline + dropout"}


def test_shares_of_the_variance_come_with_what_to_replicate(sections: dict[str, Section]):
    section = sections["sources"]
    assert section.points[0] == ("relu on digits", "71 % [36, 100] of the variance of this difference comes from the split: replicate splits.")
    table = section.folded[0][1]
    assert texts(table)[0] == ["relu", "digits (accuracy)", "0.0200", "71 %", "30 %", "12 %", "0 %", section.points[0][1]]
    assert texts(table)[-1][0] == "score of baseline"
    (drawn,) = section.figures[0].spec["datasets"].values()  # pyright: ignore[reportOptionalSubscript]
    assert {row["trick"] for row in drawn} == set(further.TRICKS)  # scores of arms are in the table alone


def test_of_many_differences_the_median_share_is_told_instead(rich: Any):
    many = pd.concat([further.sources().assign(dataset=name) for name in "abcd"])
    section = changed(rich, sources=many)["sources"]
    assert section.points == []
    told = "71 % for the split, 30 % for the initial weights, 12 % for the batch order and 0 % for the dropout masks"
    assert section.sentences[1] == f"Over 16 differences the median share is {told}."


def test_an_arm_that_does_not_reach_the_target_says_so(sections: dict[str, Section]):
    section = sections["costs"]
    assert section.sentences[0].startswith("The targets are 0.900 accuracy on digits and 0.900 accuracy on moons (where the baseline ends).")
    (_, _, dropout, full) = section.tables[0].rows
    assert [(cell.text, cell.aside) for cell in dropout[1:3]] == [("not reached", "3 of 10")] * 2
    assert [(cell.text, cell.kind) for cell in full[1:]] == [("8", "number best"), ("8", "number best"), ("1.3 s", "number")]
    assert "10 of 10 runs reach it; median 96 updates, 0.08 s; a whole run takes 0.64 s" in full[1].hint


def test_where_all_arms_take_as_long_or_rank_alike_none_is_bold(rich: Any):
    costs = further.costs().assign(median_epochs=8.0)
    standings = further.standings().assign(mean_rank=3.5)
    sections = changed(rich, costs=costs, standings=standings)
    cells = [cell for name in ("costs", "overall") for table in sections[name].tables for row in table.rows for cell in row]
    assert [cell.text for cell in cells if "best" in cell.kind] == []


def test_a_dataset_without_a_target_is_told_with_its_reason(rich: Any):
    reason = "no target: baseline diverged in half of its runs or more"
    moons = further.costs()["dataset"] == "moons"
    costs = further.costs().assign(target=lambda rows: rows["target"].mask(moons), note=lambda rows: rows["note"].mask(moons, reason))
    (told,) = changed(rich, costs=costs)["costs"].sentences
    assert told.startswith(f"The target is 0.900 accuracy on digits (where the baseline ends). There is no target for moons: {reason}. A run")
    (told,) = changed(rich, costs=costs[moons])["costs"].sentences
    assert told == f"There is no target for moons: {reason}."
    assert "—" not in told


def test_shares_of_two_designs_are_two_figures_that_name_them(rich: Any):
    other = further.sources(("relu", "adam")).assign(design="leave-one-out")
    section = changed(rich, sources=pd.concat([further.sources(), other[other["kind"] != "score"]]))["sources"]
    assert [(figure.name, figure.title) for figure in section.figures] == [
        ("sources-add-one-in", "Shares of the variance of each difference: alone"),
        ("sources-leave-one-out", "Shares of the variance of each difference: within the full recipe"),
    ]
    for figure, tricks in zip(section.figures, (further.TRICKS, ("relu", "adam")), strict=True):
        (drawn,) = figure.spec["datasets"].values()  # pyright: ignore[reportOptionalSubscript]
        assert {row["trick"] for row in drawn} == set(tricks)
    assert section.folded[0][1].columns[:3] == ["of", "design", "dataset"]


def test_a_difference_whose_variance_has_no_shares_is_told_instead_of_an_empty_row(rich: Any):
    frame = further.sources()
    lost = frame["trick"].eq("adam") & frame["source"].ne("masks") & frame["kind"].eq("difference")
    frame.loc[lost, ["share", "share_low", "share_high", "variance"]] = float("nan")
    frame.loc[frame["trick"].eq("adam") & frame["source"].eq("masks"), ["share", "share_low", "share_high"]] = 0.0
    (figure,) = changed(rich, sources=frame)["sources"].figures
    (drawn,) = figure.spec["datasets"].values()  # pyright: ignore[reportOptionalSubscript]
    assert "adam" not in {row["trick"] for row in drawn}
    assert figure.caption.endswith("No shares can be told of adam on digits.")
    assert figure.spec["resolve"]["scale"]["y"] == "independent"  # pyright: ignore[reportOptionalSubscript]  no panel has another's empty rows


def test_where_seeds_were_added_the_section_and_its_figure_say_so_first(rich: Any, sections: dict[str, Section]):
    section = sections["overall"]
    assert rich.study.sequential
    assert section.sentences[0].startswith(
        "Seeds were added until each dataset's own verdict was decided, so that datasets are compared by the seeds of the first look"
    )
    assert section.sentences[0] in section.figures[0].caption
    once = dataclasses.replace(rich, study=rich.study.__class__(**{**vars(rich.study), "sequential": None}))
    section = changed(once, **{name: getattr(rich, name) for name in TABLES})["overall"]
    assert not any("Seeds were added" in said for said in [*section.sentences, *(figure.caption for figure in section.figures)])


@pytest.mark.parametrize("name", sorted(TABLES))
def test_columns_that_are_missing_are_empty_and_no_error(rich: Any, name: str):
    kept = {"design", "kind", "trick", "second_trick", "dataset", "metric", "arm", "look", "seeds", "budget", "verdict", "tau", "share", "estimand"}
    frame = getattr(rich, name)
    sections = changed(rich, **{name: frame[[column for column in frame.columns if column in kept]]})
    assert sections


def test_the_diagnosis_says_what_was_wrong_and_what_worked(sections: dict[str, Section], rich: Any):
    section = sections["diagnosis"]
    assert section.points == [("baseline, digits", "overfitting; dropout worked."), ("baseline, moons", "good.")]
    (table,) = section.tables
    assert [row[5].kind for row in table.rows] == ["helps", "hurts", ""]
    assert texts(table)[1][3:6] == ["overfitting", "bad on training: not learning", "spoilt the training result"]
    many = pd.concat([rich.remedies] * 12)
    assert changed(rich, remedies=many)["diagnosis"].folded[0][0] == "Every remedy"
