"""`trickbench diagnose` as a user meets it, `diagnose` in Python, and a study's arms with the remedies that worked."""

import json
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from trickbench.harness import Study, diagnose, remedies, run
from trickbench.harness.diagnosis.curves import MEASURES, Curve, History
from trickbench.harness.diagnosis.diagnosed import told
from trickbench.harness.diagnosis.flow_chart import diagnose as own
from trickbench.harness.diagnosis.of_results import REMEDY_COLUMNS, of_result
from trickbench.harness.diagnosis.pooled import Trainings, pooled
from trickbench.harness.errors import InputError
from trickbench.harness.result import Result

from .test_cli import trickbench

OVERFITTED = "epoch,loss,val_loss,accuracy,val_accuracy\n" + "\n".join(
    f"{epoch},{2.3 * 0.8**epoch:.4f},{1 + 0.05 * epoch:.3f},{1 - 0.9 * 0.8**epoch:.4f},{0.6 - 0.3 * 0.8**epoch:.4f}" for epoch in range(1, 31)
)


@pytest.fixture
def overfitted(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text(OVERFITTED)
    return path


def test_a_problem_is_told_with_evidence_and_remedies_and_ends_with_status_1(overfitted):
    done = trickbench("diagnose", overfitted)
    assert done.returncode == 1, done.stderr
    assert "history.csv: overfitting" in done.stdout
    assert "the validation accuracy is 0.6" in done.stdout
    assert "the lecture's remedies, in its order: early stopping, regularisation, dropout" in done.stdout


def test_a_good_training_ends_with_status_0(overfitted):
    done = trickbench("diagnose", overfitted, "--target", "0.55")
    assert (done.returncode, done.stdout.count("good")) == (0, 1)


def test_what_cannot_be_told_ends_with_status_4_and_says_what_is_missing(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text("val_loss\n3\n2\n3\n")
    done = trickbench("diagnose", path)
    assert done.returncode == 4
    assert "missing: a loss or a score on the training data" in done.stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--column", "loss"], "accepted is ROLE=NAME"),
        (["--metric", "f1"], "Unknown metric"),
        (["--target", "2"], "target is 2, but the accuracy of history.csv is written as a share from 0 to 1"),
        (["--chance", "1.5"], "chance is 1.5, but the accuracy of history.csv is written as a share from 0 to 1"),
        (["--target", "nan"], "target is nan, but the accuracy of history.csv is written as a share from 0 to 1"),
        (["--metric", "loss", "--target", "inf"], "target is inf, but the loss of history.csv is a number that is finite"),
        (["--arm", "baseline"], "is no folder with results"),
        (["--implementation", "adam/numpy_reference"], "accepted is one"),
    ],
)
def test_wrong_input_is_one_sentence_and_status_2(overfitted, options, sentence):
    done = trickbench("diagnose", overfitted, *options)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_missing_file_is_wrong_input(tmp_path):
    assert trickbench("diagnose", tmp_path / "none.csv").returncode == 2
    assert trickbench("diagnose", tmp_path).returncode == 2


def test_a_folder_above_the_results_of_studies_names_them(tmp_path):
    said = f"trickbench: {tmp_path} is a folder without results of its own (results.sqlite is missing); accepted are a CSV, a JSON, or the folder "
    said += "of one study, which `trickbench run` names at its end"
    assert trickbench("diagnose", tmp_path).stderr == f"{said}.\n"
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.sqlite").touch()
    assert trickbench("diagnose", tmp_path).stderr == f"{said}; there are {tmp_path}/a, {tmp_path}/b.\n"
    for name in ("c", "d", "e"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.sqlite").touch()
    found = trickbench("diagnose", tmp_path)
    assert found.stderr.endswith(f"; there are {tmp_path}/a, {tmp_path}/b, {tmp_path}/c, 2 more.\n")
    assert found.returncode == 2


def test_json_tells_the_same(overfitted):
    done = trickbench("diagnose", overfitted, "--json")
    (record,) = json.loads(done.stdout)["diagnoses"]
    assert done.returncode == 1
    assert record["diagnosis"] == "overfitting"
    assert record["remedies"] == ["early stopping", "regularisation", "dropout"]
    assert record["counts"] == {"overfitting": 1}
    assert record["numbers"]["train"] == pytest.approx(0.999, abs=0.001)


def test_another_diagnosis_takes_the_place_of_the_projects(overfitted, tmp_path):
    path = tmp_path / "kind.py"
    path.write_text(
        "from trickbench.harness.diagnosis.diagnosed import told\n\nclass Kind:\n    technique = 'diagnosis'\n\n"
        "    def diagnose(self, history):\n        return told('good')\n\n    def again(self, before, history):\n        return told('good')\n"
    )
    assert trickbench("diagnose", overfitted, "--implementation", path).returncode == 0
    refuted = trickbench("check", "--implementation", path, "--claim", "recipe.train-first")
    assert refuted.returncode == 1
    assert "refuted" in refuted.stdout


def columns():
    rows = [line.split(",") for line in OVERFITTED.splitlines()]
    return {name: [float(row[at]) for row in rows[1:]] for at, name in enumerate(rows[0])}


def test_python_takes_what_there_is(overfitted):
    shown = columns()
    for given in (
        overfitted,
        str(overfitted),
        shown,
        pd.DataFrame(shown),
        SimpleNamespace(history=shown),
        SimpleNamespace(loss_curve_=shown["loss"]),
    ):
        found = diagnose(given)
        assert found.diagnosis == ("cannot tell" if hasattr(given, "loss_curve_") else "overfitting")
    assert diagnose(History({"train": Curve.of([1.0])})).diagnosis == "cannot tell"
    renamed = {"a": shown["accuracy"], "b": shown["val_accuracy"]}
    assert diagnose(renamed, columns={"train_accuracy": "a", "test_accuracy": "b"}).diagnosis == "overfitting"


def in_per_cent():
    return {name: [value * (100 if "accuracy" in name else 1) for value in column] for name, column in columns().items()}


def test_what_is_typed_is_in_the_unit_of_the_history():
    assert diagnose(in_per_cent(), target=55).diagnosis == diagnose(columns(), target=0.55).diagnosis == "good"
    assert diagnose(in_per_cent(), target=65).diagnosis == diagnose(columns(), target=0.65).diagnosis == "overfitting"
    assert diagnose(in_per_cent(), chance=10).numbers == pytest.approx(diagnose(columns(), chance=0.1).numbers, rel=1e-12)


def test_what_is_told_is_in_the_unit_of_the_history():
    told_in_per_cent = diagnose(in_per_cent(), target=65, chance=10).evidence
    assert "the validation accuracy is 60 % and misses the target of 65 %" in told_in_per_cent
    assert "the validation accuracy is 0.6 and misses the target of 0.65" in diagnose(columns(), target=0.65).evidence
    assert any("chance (10 %)" in sentence for sentence in diagnose(in_per_cent(), chance=10).evidence)


@pytest.mark.parametrize(
    ("measure", "known", "sentence"),
    [
        (
            "in per cent",
            {"target": 101},
            "target is 101, but the accuracy of the history is written in per cent from 0 to 100; accepted is such a number",
        ),
        ("in per cent", {"target": 0.95}, "is written in per cent, so that this is 0.95 %; accepted is a number above 1 and up to 100"),
        ("r2", {"target": 1.5}, "target is 1.5, but the r2 of the history is a number up to 1"),
        ("mse", {"chance": -1}, "chance is -1, but the mse of the history is a number from 0"),
        ("error", {"target": 5}, "target is 5, but the error of the history is written as a share from 0 to 1"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_the_unit_named(measure, known, sentence):
    given = in_per_cent() if measure == "in per cent" else {measure: [0.5, 0.2], f"val_{measure}": [0.5, 0.4]}
    with pytest.raises(InputError, match=sentence):
        diagnose(given, **known)


def test_an_r2_may_be_below_zero():
    assert diagnose({"r2": [-1.0, 0.5], "val_r2": [-2.0, 0.4]}, target=0.3, chance=-0.5).diagnosis == "good"


def test_python_refuses_what_is_no_history():
    with pytest.raises(InputError, match="int is no history"):
        diagnose(3)


def at(train, test):
    return History({}, {"train": Curve.of([train]), "test": Curve.of([test])}, MEASURES["accuracy"], target=0.9)


def test_seeds_are_pooled_by_what_most_of_them_have():
    scores = [(0.95, 0.95), (0.95, 0.5), (0.97, 0.5), (0.99, 0.5)]
    found = pooled(Trainings("arm", "data", tuple(at(*each) for each in scores)), own)
    assert found.diagnosed.diagnosis == "overfitting"
    assert found.counts == Counter({"overfitting": 3, "good": 1})
    assert found.diagnosed.evidence[0].startswith("overfitting in 3 of 4, good in 1 of 4")
    assert found.diagnosed.numbers["train"] == 0.97, "the evidence is that of the training in the middle"


def test_seeds_that_disagree_cannot_be_told():
    scores = [(0.95, 0.95), (0.95, 0.95), (0.95, 0.5), (0.5, 0.5)]
    found = pooled(Trainings("arm", "data", tuple(at(*each) for each in scores)), own)
    assert found.diagnosed.diagnosis == "cannot tell"
    assert "the seeds disagree" in found.diagnosed.evidence[0]


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Nine layers of sigmoid, which do not learn; ReLU, which does; and an L2 penalty, which is no remedy against that."""
    study = Study(
        name="deep", question="Does it help?", datasets=["iris"], seeds=3, epochs=40,
        baseline={"hidden": [16] * 9, "activation": "sigmoid", "optimizer": "sgd[learning_rate=0.1]", "initializer": "glorot"},
        factors={
            "activation": {"relu": {"activation": "relu", "initializer": "he"}}, "penalty": {"l2": {"penalty": "l2[strength=0.001]"}},
            "depth": {"shallow": {"hidden": [16]}}, "rate": {"wild": {"activation": "relu", "optimizer": "sgd[learning_rate=1e30]"}},
        },
    )  # fmt: skip
    return run(study, output=tmp_path_factory.mktemp("deep"), workers=1)


def test_every_arm_of_a_study_is_diagnosed(result):
    done = trickbench("diagnose", result.folder, "--json")
    records = {each["arm"]: each for each in json.loads(done.stdout)["diagnoses"]}
    assert done.returncode == 1
    assert records["baseline"]["kind"] == "vanishing gradient"
    assert records["baseline + wild"]["kind"] == "diverging"
    assert records["baseline + relu"]["diagnosis"] != "bad on training"
    assert records["baseline"]["numbers"]["gradient_ratio"] < 0.01


def test_a_study_of_a_loss_is_diagnosed_by_its_first_value(tmp_path):
    """A loss has no chance level: the run's is infinite."""
    study = Study(
        name="loss", question="Does it help?", datasets=["iris"], seeds=3, epochs=40, metric={"classification": "loss"},
        baseline={"hidden": [16], "activation": "relu", "optimizer": "adam[learning_rate=0.01]", "initializer": "he"},
        factors={"rate": {"wild": {"optimizer": "sgd[learning_rate=1e30]"}}},
    )  # fmt: skip
    found = run(study, output=tmp_path / "loss", workers=1)
    good, wild = (diagnose(found, arm=arm) for arm in ("baseline", "baseline + wild"))
    assert good.diagnosis in ("good", "overfitting")
    assert "its first value (" in " ".join(good.evidence)
    assert "inf" not in " ".join(good.evidence)
    assert wild.title == "bad on training: diverging"


def test_why_a_run_diverged_is_told_in_its_own_words(tmp_path):
    """Steps far too large for a regression, whose losses stay numbers: the gradient of the first layer vanishes too."""
    study = Study(
        name="absurd", question="Does it help?", datasets=["diabetes"], seeds=3, epochs=10, metric={"regression": "rmse"},
        baseline={"hidden": [32, 32], "activation": "relu", "optimizer": "adam[learning_rate=1000]", "initializer": "he"},
        factors={"dropout": {"on": {"dropout": "dropout[rate=0.2]"}}},
    )  # fmt: skip
    found = diagnose(run(study, output=tmp_path / "absurd", workers=1), arm="baseline")
    assert found.title == "bad on training: diverging"
    assert "that of a constant prediction is 0.5, and the training ended no better than that" in " ".join(found.evidence)


def test_one_arm_can_be_named(result):
    done = trickbench("diagnose", result.folder, "--arm", "baseline")
    assert "baseline on iris: bad on training: vanishing gradient" in done.stdout
    assert "bad on training: vanishing gradient in 3 of 3 seeds" in done.stdout
    assert diagnose(result, arm="baseline").kind == diagnose(result.folder, arm="baseline", dataset="iris").kind == "vanishing gradient"
    with pytest.raises(InputError, match="name one with arm="):
        diagnose(result)
    for options in (["--arm", "bse"], ["--dataset", "iri"], ["--metric", "loss"], ["--column", "a=b"], ["--target", "2"]):
        assert trickbench("diagnose", result.folder, *options).returncode == 2


def test_which_remedy_worked_is_told(result):
    table = remedies(result).set_index("arm")
    assert tuple(remedies(result).columns) == REMEDY_COLUMNS
    assert set(table.index) == {"baseline + relu", "baseline + l2", "baseline + wild"}, "depth is no remedy of the lecture"
    assert table.loc["baseline + relu", ["remedy", "fits", "worked"]].tolist() == ["another activation function", True, "worked"]
    assert table.loc["baseline + l2", ["remedy", "fits", "worked"]].tolist() == ["regularisation", False, "not enough"]
    assert table.loc["baseline + wild", "remedy"].tolist() == ["another activation function", "an adaptive learning rate"], "both slots were filled"
    assert set(table.loc["baseline + wild", "after"]) == {"bad on training: diverging"}
    effects = result.effects.set_index("with_arm")
    for arm in ("baseline + relu", "baseline + l2"):
        assert table.loc[arm, ["difference", "verdict"]].tolist() == effects.loc[arm, ["difference", "verdict"]].tolist()


def test_what_is_reached_is_the_best_validation_result_of_any_arm(result):
    runs = result.runs[result.runs["status"] == "done"]
    best = runs.groupby("arm")["validation_metric"].median().max()
    assert {history.reachable for each in of_result(result) for history in each.histories} == {best}
    assert {history.chance for each in of_result(result) for history in each.histories} == set(result.runs["chance_metric"])


def test_a_study_without_histories_yet_is_refused(result):
    empty = Result(result.folder)
    empty.__dict__["runs"] = result.runs.assign(run="none")
    with pytest.raises(InputError, match=r"No run in .* has a history yet"):
        of_result(empty)
    with pytest.raises(InputError, match=r"No run of the arm 'baseline' in .* has a history yet"):
        of_result(empty, "baseline")


def test_of_an_unfinished_study_what_is_there_is_diagnosed(result):
    arms = [each.arm for each in of_result(result)]
    unfinished = Result(result.folder)
    unfinished.__dict__["runs"] = result.runs.assign(run=result.runs["run"].where(result.runs["arm"] == "baseline", "none"))
    assert len(arms) > 1
    assert [each.arm for each in of_result(unfinished)] == ["baseline"]


def test_the_layers_gradients_make_up_the_whole_one_but_for_the_biases(result):
    epochs = result.epochs
    layers = [name for name in epochs if name.startswith("gradient_norm_")]
    row = epochs[epochs["arm"] == "baseline"].iloc[-1]
    together = np.sqrt((row[layers].astype(float) ** 2).sum())
    assert len(layers) == 10
    assert 0 < together <= row["gradient_norm"] * (1 + 1e-5), "the biases' gradient is not among the layers'"


def test_a_diagnosis_has_a_record_of_plain_values():
    record = told("overfitting", evidence=["why"], numbers={"train": 0.5}).record()
    assert json.loads(json.dumps(record)) == record
