"""What a plan does that nobody might expect of its study is said on the plan and before the runs, and nothing where there is nothing to say."""

import pytest

from trickbench.harness.ablation import plan
from trickbench.harness.registry import studies
from trickbench.harness.study import Study

from .test_cli import trickbench
from .test_design_factorial import study
from .test_study import GOOD, parse

ALL_ARMS = (
    "full-factorial: --only keeps 4 of 10 comparisons, and they need 16 of 16 arms: each effect is a mean over the combinations of all other "
    "factors. The design add-one-in takes two arms for a trick."
)


def remarks(text: str) -> list[str]:
    return plan(parse(text)).remarks


def test_a_factorial_of_which_some_comparisons_are_kept_says_why_it_has_all_arms():
    four = study("full-factorial", ["relu", "adam", "dropout", "l2"])
    assert plan(four).remarks == []
    assert plan(four, only=["penalty=l2"]).remarks == [ALL_ARMS]
    fraction = study("fractional-factorial", ["relu", "adam", "dropout", "l2"])
    (remark,) = plan(fraction, only=["penalty=l2"]).remarks
    assert remark.startswith("fractional-factorial: --only keeps 4 of 7 comparisons, and they need 8 of 8 arms:")


def test_where_arms_are_left_out_nothing_is_said(small):
    assert plan(small, only=["dropout=on"]).remarks == plan(small).remarks == []


def test_levels_that_no_design_compares_are_named(small):
    text = GOOD.replace("seeds = 3", 'seeds = 3\ndesign = ["leave-one-out"]')
    text += 'rmsprop = { optimizer = "rmsprop" }\n[full]\noptimizer = "adam"\n'
    assert remarks(text) == ["None of the designs (leave-one-out) compares rmsprop: not run."]
    assert remarks(text.replace('["leave-one-out"]', '["leave-one-out", "add-one-in"]')) == []


def test_limits_that_hold_for_no_run_are_named():
    limited = GOOD + "[limits]\nseconds = 5\n"
    (remark,) = remarks(limited)
    assert remark.startswith("limits hold for runs in worker processes")
    assert remarks(GOOD) == []
    assert remarks(limited.replace('"adam"', '"adam/numpy_reference"')) == [], "interpreted runs go through worker processes"


def test_one_seed_decides_nothing(small):
    one = small.model_copy(update={"seeds": (3,)})
    assert plan(one).remarks == [
        "Nothing can be decided from one seed: an interval takes two at least, and five are a beginning. Raise seeds, or give --until-decided."
    ]
    assert plan(one, until_decided=True).remarks == [], "its first look has five"


@pytest.mark.parametrize("name", sorted(studies()))
def test_nothing_is_unexpected_of_a_bundled_study(name):
    assert plan(Study.load(name)).remarks == []


def test_the_plan_and_the_run_say_it(tmp_path):
    text = GOOD.replace("seeds = 3", 'seeds = 2\ndesign = ["full-factorial"]').replace(', "moons[noise=0.3]"', "")
    (tmp_path / "mine.toml").write_text(text + '[factors.activation]\nrelu = { activation = "relu" }\n')
    planned = trickbench("run", "mine.toml", "--only", "activation=relu", "--dry-run", cwd=tmp_path)
    done = trickbench("run", "mine.toml", "--only", "activation=relu", cwd=tmp_path)
    assert (planned.returncode, done.returncode) == (0, 0), planned.stderr + done.stderr
    for said in (planned.stdout, done.stderr):
        assert "full-factorial: --only keeps 2 of 3 comparisons, and they need 4 of 4 arms:" in said
