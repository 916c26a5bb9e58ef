"""How values and keys are shown in messages."""

from sim.scenario.errors import shown
from sim.scenario.reading import dotted


def test_a_value_is_shown_whole_up_to_a_length_and_cut_beyond_it() -> None:
    assert shown("x" * 60) == "x" * 60
    assert shown("x" * 61) == "x" * 57 + "..." and len(shown("x" * 999)) == 60


def test_a_value_is_shown_as_a_file_would_have_it() -> None:
    assert shown([1.0, {"a": None, "b": 0.25}]) == "[1, {a: , b: 0.25}]"
    assert shown("a\nb") == repr("a\nb") and shown(None) == ""


def test_a_key_is_shown_by_its_place_and_cut_where_it_is_endless() -> None:
    assert dotted(("a", 0, "b"), "start") == "start.a #1.b" and dotted(("moves", 2)) == "moves #3"
    assert dotted(("",)) == "''" and dotted(("k" * 200,)) == "k" * 200
    assert dotted(("k" * 201,)) == "k" * 57 + "..."
