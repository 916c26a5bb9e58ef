"""How values and keys are shown in messages."""

from sim.scenario.errors import show_value
from sim.scenario.yaml_reading import dotted_path


def test_a_value_is_shown_whole_up_to_a_length_and_cut_beyond_it() -> None:
    assert show_value("x" * 60) == "x" * 60
    assert show_value("x" * 61) == "x" * 57 + "..." and len(show_value("x" * 999)) == 60


def test_a_value_is_shown_as_a_file_would_have_it() -> None:
    assert show_value([1.0, {"a": None, "b": 0.25}]) == "[1, {a: , b: 0.25}]"
    assert show_value("a\nb") == repr("a\nb") and show_value(None) == ""


def test_a_key_is_shown_by_its_place_and_cut_where_it_is_endless() -> None:
    assert dotted_path(("a", 0, "b"), "start") == "start.a #1.b" and dotted_path(("moves", 2)) == "moves #3"
    assert dotted_path(("",)) == "''" and dotted_path(("k" * 200,)) == "k" * 200
    assert dotted_path(("k" * 201,)) == "k" * 57 + "..."
