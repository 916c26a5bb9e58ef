"""How values and keys are shown in messages."""

from sim.scenario.errors import nearest_two, nearest_word, show_value, suggest, unknown_word
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


OPTIONS = ("Beijing", "Moscow", "squeeze")


def test_a_word_that_is_none_of_the_options_is_told_with_the_nearest_or_with_all_of_them() -> None:
    near = unknown_word("Bejing", OPTIONS, "capital")
    assert (near.nearest, near.fix) == ("Beijing", "write Beijing") and near.allowed == "Beijing, Moscow, squeeze"
    far = unknown_word("zzz", OPTIONS, "capital")
    assert far.nearest == "" and "allowed" in far.fix and far.value == "zzz"
    assert unknown_word("Bejing", OPTIONS, "capital", suggesting=False).nearest == ""


def test_the_nearest_words_are_found_whatever_their_case_and_only_where_they_look_alike() -> None:
    assert nearest_word("SQUEZE", OPTIONS) == "squeeze" and nearest_word("zzz", OPTIONS) == ""
    assert nearest_two("border_", ["border", "border_visits", "flood", "border_russia"])[0] == "border"
    assert len(nearest_two("border_", ["border", "border_visits", "border_russia"])) == 2
    assert suggest("Moskow", OPTIONS) == "; did you mean Moscow?" and suggest("zzz", OPTIONS) == ""
