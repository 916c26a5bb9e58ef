"""What the page computes: lean ensembles, pictures, games; the numbers are those of the public API."""

import asyncio
import io
import xml.etree.ElementTree as ET
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.definitions import drift
from sim.engine.ensemble import SERIES, Ensemble
from sim.model import months
from sim.model.moves import LEVERS
from sim.report.figures import single_run as worlds
from sim.report.render import svg
from sim.report.style import percent
from sim.web import game as games
from sim.web import get, lean, lines, pictures
from sim.web.controls import CONTROL
from sim.web.state import SHOWN, State, World

EARLY = World("war-ends-early")
FEW = 48


@pytest.fixture(scope="module")
def many() -> Ensemble:
    return lean.live(EARLY.scenario(), 1, np.arange(FEW))


@pytest.fixture(scope="module")
def pin() -> Ensemble:
    return lean.live(World("baseline").scenario(), 1, np.arange(FEW))


def test_lean_ensembles_are_ensembles(many: Ensemble) -> None:
    whole = sim.ensemble("war-ends-early", runs=FEW, seed=1)
    for name in (*SHOWN, "pyongyang_toward_beijing", "deal_arms"):
        assert np.array_equal(many.array(name), whole.array(name))
    for name in set(SERIES) - set(SHOWN) | {"nothing"}:
        with pytest.raises(KeyError, match=f"no series '{name}'"):
            many.array(name)


def test_pieces_make_the_whole(many: Ensemble) -> None:
    scenario = EARLY.scenario()
    joined = Ensemble.concatenate([lean.live(scenario, 1, part) for part in np.split(np.arange(FEW), [16])])
    assert np.array_equal(joined.states, many.states)
    assert np.array_equal(joined.played, many.played)
    assert np.array_equal(joined.select(slice(16)).runs, np.arange(16))


def awaited(make: Callable[[], Coroutine]) -> object:
    """Return what a coroutine gives, in a thread of its own: the browser's driver has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(make())).result()


def test_whoever_has_moved_on_gives_way_and_what_was_lived_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    lived = []

    def live(scenario, seed, numbers, trunk, remember):  # type: ignore[no-untyped-def]
        lived.append(len(numbers))
        return real(scenario, seed, numbers[:16])

    async def calls(function, *arguments):  # type: ignore[no-untyped-def]
        return function(*arguments)

    real = lean.live
    monkeypatch.setattr(lean, "live", live)
    monkeypatch.setattr(lean, "to_thread", calls)
    monkeypatch.setattr(lean.Turns, "contended", True)
    lives = lean.Lives()
    wanted = iter([True, False, False])
    assert awaited(lambda: lives.whole(EARLY, 1, lambda: next(wanted))) is None
    assert lived == [256]
    assert awaited(lambda: lives.whole(EARLY, 1, lambda: True)) is not None
    assert awaited(lambda: lives.whole(EARLY, 1, lambda: True)) is not None
    assert lived == [256, 256, 744]


def test_a_world_whose_end_is_moved_is_lived_from_there_and_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = []

    def live(scenario, seed, numbers, trunk, remember):  # type: ignore[no-untyped-def]
        shared.append(trunk.months if trunk else 0)
        return real(scenario, seed, numbers, trunk, remember)

    async def moved() -> Ensemble | None:
        await lives.whole(EARLY.endless, 1, lambda: True, later=True)
        other = EARLY.set("grievance", CONTROL["grievance"].parse("1.3"))
        await lives.whole(other, 1, lambda: True)
        return await lives.whole(later, 1, lambda: True)

    real, lives = lean.live, lean.Lives()
    later = EARLY.set("end", CONTROL["end"].parse("2027-02"))
    monkeypatch.setattr(lean, "live", live)
    found = awaited(moved)
    assert shared == [0, 0, 0, 0, 0, 97]  # four pieces of the world without an end, another grievance, the end moved
    assert isinstance(found, Ensemble)
    whole = real(later.scenario(), 1, np.arange(1000))
    assert np.array_equal(found.states, whole.states) and np.array_equal(found.played, whole.played)
    held = lives.held(EARLY.endless, 1)
    assert held is not None and held.states.shape[2] == len(SHOWN)
    assert held.states.base is not None and held.states.base.nbytes == held.states.nbytes  # and holds on to no more


def test_the_most_urgent_comes_next_and_among_equals_the_first() -> None:
    came: list[str] = []

    async def ask(turns: lean.Turns, name: str, rank: int) -> None:
        async with turns.turn(rank):
            came.append(name)
            await asyncio.sleep(0)

    async def all_at_once() -> None:
        turns = lean.Turns()
        asked = [("first", 9), ("below the fold", 3), ("whole", 1), ("gone", 0), ("picture", 0), ("whole too", 1)]
        tasks = {name: asyncio.create_task(ask(turns, name, rank)) for name, rank in asked}
        await asyncio.sleep(0)
        tasks["gone"].cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        async with turns.turn(0):  # nothing is left taken
            came.append("later")

    awaited(all_at_once)
    assert came == ["first", "picture", "whole", "whole too", "below the fold", "later"]


def charts(many: Ensemble, pin: Ensemble, state: State) -> dict:
    found, pinned = (pictures.quantiles(each, state.series) for each in (many, pin))
    return {
        "fan": pictures.fan(many, found, pin, pinned, state.series, pinned),
        "drifted": pictures.drifted(many, drift(many, pin)),
        "options": pictures.options(many, state.lever),
        "capitals": pictures.network(many, state.month, lean.TIES),
    }


@pytest.mark.parametrize("name", lines.DATA)
def test_the_python_lines_make_the_numbers_of_a_picture(name: str, many: Ensemble, pin: Ensemble) -> None:
    state = State(world=EARLY, series="china_flow", lever="beijing_trade")
    code = lines.of(name, state).replace("runs, seed = 1000, 1", f"runs, seed = {FEW}, 1")
    data, shown = both(code, charts(many, pin, state)[name].data)
    assert set(data.columns) == set(shown.columns)
    assert set(data.index) == set(shown.index)
    np.testing.assert_allclose(data.loc[shown.index, shown.columns].to_numpy(float), shown.to_numpy(float), rtol=1e-12)


def both(code: str, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what Python lines make, and the table as a reader gets it."""
    made: dict = {}
    exec(code, made)
    data, shown = made["data"], pd.read_csv(io.StringIO(table.to_csv()), index_col=0)
    data.index, shown.index = (each.index.astype(str) for each in (data, shown))
    return data, shown


PLAYED = ".".join(["0312"] * 12)  # three years, quarter by quarter


@pytest.mark.parametrize("name", lines.OF_ONE)
def test_the_python_lines_make_the_numbers_of_a_picture_of_one_world(name: str) -> None:
    fork = "beijing_trade:squeeze:2024-10:12"
    state = State(world=EARLY, run=2, month=months.index("2026-05"), fork=fork, played=PLAYED)
    data, shown = both(lines.of(name, state), get._of_one(name, state).data)
    assert list(data.columns) == list(shown.columns) and list(data.index) == list(shown.index)
    for column in data:
        if data[column].dtype.kind == "f":
            np.testing.assert_allclose(data[column], shown[column], rtol=1e-12)
        else:
            assert data[column].astype(str).tolist() == shown[column].astype(str).tolist()


@pytest.mark.parametrize("width", [320, 720])
def test_pictures_are_whole_svg_with_their_content_in_words(many: Ensemble, pin: Ensemble, width: int) -> None:
    run = sim.run("war-ends-early", seed=1)
    figures = [*charts(many, pin, State()).values(), worlds.story(run), worlds.capitals(run)]
    for figure in figures:
        drawn = svg.draw(figure, width)
        root = ET.fromstring(drawn)
        assert root.attrib["aria-label"] == figure.head.text
        assert len(figure.head.text) > 40
        assert "NaN" not in drawn and "nan" not in drawn
        box = [float(part) for part in root.attrib["viewBox"].split()]
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            assert -1 <= float(text.attrib["x"]) <= box[2] + 1


def test_every_line_and_band_that_is_named_is_drawn_with_its_name(many: Ensemble, pin: Ensemble) -> None:
    for figure in charts(many, pin, State()).values():
        drawn = svg.draw(figure, 720)
        for panel in getattr(figure, "panels", ()):
            for part in (*panel.lines, *panel.bands):
                if part.label:
                    assert f">{part.label}<" in drawn


def test_the_table_of_definitions_has_each_share_in_its_column(many: Ensemble, pin: Ensemble) -> None:
    found = drift(many, pin)
    table = pictures.definitions(found).set_index("definition")
    assert table.index.tolist() == ["D2", "D1", "D3", "D4", "D5"]
    endless = found.control[found.judged].notna().mean()
    assert (found.share[endless.index] != endless).any()
    assert table["share of runs"].to_dict() == found.share.map(percent).to_dict()
    assert table["share without an end"].to_dict() == {"D2": "not defined"} | endless.map(percent).to_dict()


def test_a_world_without_an_end_has_no_definitions_to_draw(pin: Ensemble) -> None:
    figure = pictures.drifted(pin, drift(pin, pin))
    assert "No world can be judged" in figure.head.text
    ET.fromstring(svg.draw(figure, 720))


def game(*turns: tuple[int, ...], capital: str = "Pyongyang") -> games.Game:
    return games.of(State(capital=capital, played=".".join("".join(map(str, turn)) for turn in turns)))


def test_a_game_begins_in_the_world_that_the_model_lives() -> None:
    run = sim.ensemble(State().world.scenario(), runs=1, seed=1).replay(0)
    lived = games.live(game(), games.START)
    assert lived.world["reengagement"].tolist() == run.series["reengagement"].tolist()[: games.START]


def test_what_a_reader_plays_is_what_the_capital_does() -> None:
    lived = games.live(game((0, 3, 1, 2)), games.START + 3)
    for place, lever in zip((0, 3, 1, 2), game().levers, strict=True):
        assert getattr(lived.model.moves, lever.field) == lever.options[place].value


def test_the_model_chooses_where_a_turn_is_left_to_it() -> None:
    played, last = game((0, 3, 3, 2)), games.START + 3
    freed = games.live(played, last, games.START)
    assert freed.world.equals(games.live(game(), last).world)


def test_regret_is_nothing_for_who_plays_as_the_model_does() -> None:
    run = sim.ensemble(State().world.scenario(), runs=1, seed=1).replay(0)
    moves = run.moves.iloc[games.START : games.START + 12]
    levers = [lever for lever in LEVERS if lever.capital == "Seoul"]
    turns = [
        "".join(str([option.name for option in lever.options].index(row[lever.field])) for lever in levers)
        for _, row in moves.iterrows()
    ]
    mine, model = games.regret(games.of(State(capital="Seoul", step=1, played=".".join(turns))), 1)
    assert mine == model


def test_a_hint_weighs_every_lever_with_chances() -> None:
    weighed = games.hint(game((1, 1, 1, 1)))
    assert [each.lever for each in weighed] == [lever.field for lever in game().levers]
    for each in weighed:
        assert sum(option.chance for option in each.options) == pytest.approx(1.0)


def test_moves_of_another_capital_are_refused() -> None:
    with pytest.raises(ValueError, match="not those of Seoul"):
        game((0, 3, 1, 2), capital="Seoul")
