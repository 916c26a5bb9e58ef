"""The page and the picture of what is left of an impulse."""

from pathlib import Path

import numpy as np
import pytest

from research import impulse, impulse_page
from research.impulse_figures import DRAWN, chart
from sim.engine.sets import HAND_SET, Sets
from sim.inference.parameter_sets import retained_sets

DOCS = Path(__file__).parents[2] / "docs"
LENGTH = 144


def answers() -> dict[str, dict[str, impulse.Response]]:
    """Return responses that end with their impulse."""
    response = impulse.Response(np.repeat([5.0, 0.0], [12, LENGTH - 12])[None], np.zeros((1, LENGTH)))
    return {which: dict.fromkeys(impulse.SHOWN, response) for which in impulse.IMPULSES}


@pytest.fixture(scope="module")
def evidence() -> impulse_page.ImpulseEvidence:
    return impulse_page.evidence(HAND_SET.values, 60)


def test_the_picture_has_a_panel_a_series_and_a_line_and_a_band_an_impulse() -> None:
    figure = chart(answers(), "")
    assert len(figure.panels) == len(DRAWN) and impulse.REENGAGEMENT not in DRAWN
    for panel in figure.panels:
        assert [line.label for line in panel.lines] == list(impulse.IMPULSES)
        assert len(panel.bands) == len(impulse.IMPULSES) and panel.lines[0].months[0] == impulse.YEAR.start
    assert figure.data.shape == (LENGTH, len(DRAWN) * len(impulse.IMPULSES))


def test_its_title_says_what_is_seen() -> None:
    assert chart(answers(), "").head.title.startswith("0 years after")
    swinging = np.tile(np.repeat([5.0, -5.0], 12), 6)
    twice = answers()
    twice["gifts"]["china_flow"] = impulse.Response(swinging[None], np.zeros((1, LENGTH)))
    assert chart(twice, "").head.title == "After an impulse comes back more than once: Trade, fuel and aid from China"
    stays = answers()
    stays["gifts"]["china_flow"] = impulse.Response(np.ones((1, LENGTH)), np.zeros((1, LENGTH)))
    assert chart(stays, "").head.title == "Nothing comes back twice, but some of what an impulse changes stays"


def test_the_page_has_a_row_for_each_series_of_each_impulse(evidence: impulse_page.ImpulseEvidence) -> None:
    text = impulse_page.page(evidence, HAND_SET, 60)
    for which in impulse.IMPULSES:
        assert text.count(f"\n| {which} |") == len(impulse.SHOWN)
    assert len(evidence.slow) == text.partition("## What settles slowly")[2].count("\n| ") - 2
    assert HAND_SET.source in text


@pytest.fixture(scope="module")
def retained() -> tuple[Sets, impulse_page.ImpulseEvidence]:
    sets = retained_sets().some(impulse.SETS, impulse.SEED)
    return sets, impulse_page.evidence(sets.values, impulse.RUNS, 2)


@pytest.mark.long
def test_on_average_nothing_comes_back_twice_and_the_page_says_what_is_found(
    retained: tuple[Sets, impulse_page.ImpulseEvidence],
) -> None:
    sets, evidence = retained
    assert impulse_page.page(evidence, sets, impulse.RUNS) == (DOCS / impulse_page.PAGE).read_text(encoding="utf-8")
    for which in [*evidence.answers.values(), evidence.alone]:
        back = {
            name: impulse.returns(response.mean, response.error)
            for name, response in which.items()
            if response.moves(name)
        }
        assert max(back.values()) <= impulse.ONCE, back
    unexplained = {name: slow.months for name, slow in evidence.slow.items() if slow.cause == impulse.UNEXPLAINED}
    assert not unexplained


@pytest.mark.long
def test_in_hardly_any_set_does_a_series_come_back_twice(retained: tuple[Sets, impulse_page.ImpulseEvidence]) -> None:
    assert impulse_page.largest_share(retained[1]) <= impulse_page.AIM
