"""What the guide for extending the model lists for a capital and nothing else would miss: colours, places and words."""

import json
from pathlib import Path

import pytest

from sim.model.capitals import CAPITALS
from sim.model.goals import GOALS
from sim.report import style
from sim.report.figures import run_figures
from sim.report.render.network import ANGLE

PAGE = Path(__file__).parents[1] / "page"


@pytest.mark.parametrize("capital", CAPITALS)
def test_a_capital_has_its_place_in_pictures(capital: str) -> None:
    assert capital in style._PLACE, "its colour"
    assert capital in style.ORDER, "its lane"
    assert capital in ANGLE, "its place on the circle"
    assert any(capital in tie for tie in run_figures._TIES), "its ties"


@pytest.mark.parametrize("capital", CAPITALS)
def test_a_capital_has_its_place_and_words_on_the_page(capital: str) -> None:
    words = json.loads((PAGE / "strings" / "en.json").read_text(encoding="utf-8"))
    goals = (f"play.goal.{capital}.{goal.__name__}" for goal in GOALS[capital])
    needed = {f"actor.{capital}", f"play.wants.{capital}", *goals}
    assert not needed - words.keys()
    assert f"--{capital}:" in (PAGE / "style.css").read_text(encoding="utf-8"), "its colour"
    assert f"{capital}: [" in (PAGE / "views" / "play-map.js").read_text(encoding="utf-8"), "its place on the map"
