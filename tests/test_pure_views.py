"""Whatever shows a stored result is a function of what it holds: with every engine made to raise, all comes out."""

from collections.abc import Callable
from typing import Any

import pytest

import sim
from sim import api
from sim.analysis.run_outcomes import outcomes
from sim.engine import blocks, choosing, draws, plan
from sim.engine.mesa import agents
from sim.report.figures import run_figures
from sim.report.text import answer, doubt
from sim.report.text.chronicle import years
from sim.report.text.turning_points import turns

ENDS = sim.load("war-ends-early").with_(name="short", months={"from": "2023-01", "to": "2027-02"})


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """Everything that is simulated, before any engine raises."""
    asked = api.experiment(ENDS, 8, seed=7, jobs=1, sets=4)
    return {
        "run": asked.run(3),
        "bare": asked.ensemble(),
        "many": asked.ensemble(control=True),
        "pair": asked.versus(asked.replace(scenario=sim.load("baseline"))),
        "ablation": sim.ablate(ENDS, "readings", runs=2, sets=2, seed=7, jobs=1),
        "hindcast": sim.hindcast(2, 2, seed=7, jobs=1),
    }


VIEWS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a run in a notebook": lambda of: of["run"]._repr_html_(),
    "its story": lambda of: of["run"].plot(),
    "its capitals": lambda of: run_figures.capitals(of["run"]),
    "its chronicle": lambda of: of["run"].chronicle(),
    "its turning points": lambda of: turns(of["run"]),
    "its years": lambda of: years(of["run"]),
    "its reasons": lambda of: [of["run"].why(capital, "2024-06") for capital in ("Pyongyang", "Moscow", "Seoul")],
    "its doubt": lambda of: doubt.doubt_of_run(of["run"]),
    "an ensemble in a notebook": lambda of: of["many"]._repr_html_(),
    "its fan": lambda of: of["many"].plot("tension"),
    "its control": lambda of: of["many"].control.series("tension"),
    "its definitions": lambda of: answer.definition_rows(of["many"].drift),
    "its answer": lambda of: answer.answer_of_run(of["many"], of["many"].control),
    "its outcomes": lambda of: (of["many"].outcomes, outcomes(of["many"], of["many"].drift)),
    "its table": lambda of: of["many"].tidy(),
    "some of its runs": lambda of: of["many"].select(slice(2, 5)).control.states,
    "one without its control in a notebook": lambda of: of["bare"]._repr_html_(),
    "its fan alone": lambda of: of["bare"].plot(),
    "a pair in a notebook": lambda of: of["pair"]._repr_html_(),
    "its fans": lambda of: of["pair"].plot(),
    "its effect": lambda of: str(of["pair"].effect(at="2026-01")),
    "where it parts": lambda of: of["pair"].first_divergence(0),
    "its words": lambda of: (answer.answer_of_pair(of["pair"]), doubt.at_length(*of["pair"])),
    "an ablation in a notebook": lambda of: of["ablation"]._repr_html_(),
    "its meter": lambda of: of["ablation"].meter,
    "a hindcast's patterns": lambda of: of["hindcast"].plot(),
    "its fan beside history": lambda of: of["hindcast"].plot("retained"),
}


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_of_a_stored_result_simulates_or_draws(
    view: str, results: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(*_: object, **__: object) -> None:
        raise AssertionError("a view simulates")

    for module, name in (
        (blocks, "simulate"), (blocks, "simulate_with_control"), (blocks, "_prepare"), (choosing, "engine"),
        (agents, "Peninsula"),
        (draws, "uniforms"), (draws, "philox"), (plan, "luck"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, raising)
    turns.cache_clear()
    assert VIEWS[view](results) is not None


def test_the_engines_that_the_views_do_without_would_have_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the test above can fail: asking for what is not held simulates."""
    asked = api.experiment(ENDS, 2, seed=7, jobs=1, defaults=True)
    bare = asked.ensemble()
    monkeypatch.setattr(blocks, "simulate", lambda *_: pytest.fail("simulated"))
    with pytest.raises(pytest.fail.Exception, match="simulated"):
        _ = bare.control
