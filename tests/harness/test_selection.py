"""`name[key=value]`."""

import pytest

from trickbench.harness.errors import InputError
from trickbench.harness.selection import Selection, parse


@pytest.mark.parametrize(
    ("text", "name", "parameters"),
    [
        ("digits", "digits", {}),
        ("adam/numba_fused", "adam/numba_fused", {}),
        ("moons[noise=0.3,samples=2000]", "moons", {"noise": 0.3, "samples": 2000}),
        (" moons [ noise = 0.3 , samples = 2000 ] ", "moons", {"noise": 0.3, "samples": 2000}),
        ("csv[path=data/a b.csv,header=true]", "csv", {"path": "data/a b.csv", "header": True}),
        ("l2[strength=1e-3]", "l2", {"strength": 1e-3}),
        ("empty[]", "empty", {}),
    ],
)
def test_reads_a_name_and_typed_parameters(text, name, parameters):
    assert parse(text) == Selection(name, parameters)


@pytest.mark.parametrize(
    "text", ["", "[a=1]", "moons[noise=0.3", "moons noise=0.3]", "moons[noise]", "moons[=1]", "moons[noise=]", "a[b=1][c=2]", "a[x=1,x=2]"]
)
def test_refuses_what_is_no_selection(text):
    with pytest.raises(InputError, match=r"accepted is|give it once"):
        parse(text)


def test_equal_selections_are_equal_texts_that_read_back():
    one, other = parse("m[b=2,a=0.1,c=true]"), parse("m[c=True, a=0.10, b=2]")
    assert str(one) == str(other) == "m[a=0.1,b=2,c=true]"
    assert parse(str(one)) == one


def test_a_word_that_looks_like_a_number_reads_back_as_a_word():
    given = Selection("csv", {"target": "01", "path": "true"})
    assert parse(str(given)) == given
