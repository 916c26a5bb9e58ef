"""What a class has on paper is what the rules, the record and the verdict give today."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from research import teaching
from sim.model.capitals import CAPITALS
from sim.model.goals import GOALS
from sim.model.moves import LEVERS

DOCS = Path(__file__).parents[2] / "docs"


@cache
def made() -> dict[str, str]:
    return teaching.pages(DOCS)


@pytest.mark.parametrize("name", teaching.PAGES)
def test_a_page_of_the_class_is_the_one_that_the_command_makes(name: str) -> None:
    """Where it is not: `python -m research.teaching docs`."""
    assert (DOCS / name).read_text(encoding="utf-8") == made()[name]


def test_the_key_has_every_answer_of_every_lesson() -> None:
    for lesson in teaching.lessons():
        assert len(lesson.answers) == len(lesson.values) == len(lesson.guesses) > 0
        for guess, value in lesson.answers:
            assert f"| {guess} | {value} |" in made()["answer-key.md"]


def test_the_bet_sheet_asks_what_the_lessons_ask() -> None:
    for lesson in teaching.lessons():
        assert lesson.word("question") in made()["handouts.md"]


def test_the_role_cards_hold_every_goal_and_every_lever_once() -> None:
    cards = {card.capital: card for card in teaching.cards()}
    assert list(cards) == list(CAPITALS)
    assert {capital: len(card.goals) for capital, card in cards.items()} == {
        capital: len(goals) for capital, goals in GOALS.items()
    }
    levers = [lever for card in cards.values() for lever in card.levers]
    assert sorted(lever.field for lever in levers) == sorted(lever.field for lever in LEVERS)


class Slides(HTMLParser):
    """What the slides say, and the pictures in them."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.addresses = "", 0
        self.pictures: list[dict[str, str | None]] = []
        self.feed(made()["slides.html"])

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pictures += [dict(attrs)] if tag == "img" else []
        self.addresses += dict(attrs).get("class") == "address"


def test_the_slides_have_the_answer_one_picture_and_a_line_for_the_address() -> None:
    slides = Slides()
    assert teaching.answer() in slides.words
    (picture,) = slides.pictures
    assert str(picture["src"]).startswith("data:image/png;base64,") and len(str(picture["alt"])) > 20
    assert slides.addresses == 1
