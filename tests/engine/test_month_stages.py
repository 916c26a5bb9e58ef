"""One list says the order of a month: Mesa steps through it, the traced engines' source and the protocol follow it."""

import ast

import pytest

from sim.engine.mesa.agents import Peninsula
from sim.engine.month_stages import MONTH_STAGES
from sim.engine.tracing import month_order
from sim.report.reference import protocol
from sim.scenario import load

NAMES = [stage.name for stage in MONTH_STAGES]
BRIEF = load("hindcast").with_(months={"to": "2019-02"})
SOLD = BRIEF.with_(moves=[{"capital": "deal", "lever": "arms", "option": "full", "from": "2019-01", "to": "2019-02"}])


def test_mesa_steps_through_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    model, run = Peninsula(BRIEF, seed=3), []
    for name in NAMES:
        whole = getattr(model, name)
        monkeypatch.setattr(model, name, lambda name=name, whole=whole: (run.append(name), whole()))
    model.step()
    model.step()
    assert run == 2 * NAMES


def test_the_list_alone_decides_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Peninsula(SOLD, seed=3)
    usual.step()
    turned = (*MONTH_STAGES[:4], MONTH_STAGES[5], MONTH_STAGES[4], *MONTH_STAGES[6:])  # the world moves before the deal
    monkeypatch.setattr("sim.engine.mesa.agents.MONTH_STAGES", turned)
    other = Peninsula(SOLD, seed=3)
    other.step()
    assert usual.moves == other.moves and usual.world.arms_flow > 0.0 == other.world.arms_flow


def test_the_source_of_the_traced_engines_has_a_part_for_each_in_the_same_order() -> None:
    assert list(month_order._STAGES) == NAMES
    text = month_order.SIMULATE
    ast.parse(text)
    parts = [
        part.format(decisions=month_order._DECISIONS, fill="fill") for part in month_order._STAGES.values() if part
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places) and text.endswith("".join(parts))


def test_the_protocol_numbers_them_and_fails_where_it_tells_them_otherwise() -> None:
    page = protocol.page()
    assert all(f"\n{place}. *{stage.title}.*" in page for place, stage in enumerate(MONTH_STAGES, 1))
    head = protocol._numbered(MONTH_STAGES)
    assert head(NAMES[0]).startswith("1. ")
    with pytest.raises(ValueError, match="put its steps in that order"):
        head(NAMES[4])
