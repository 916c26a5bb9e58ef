"""What the page gives as files, each made anew from the state in its address."""

import asyncio
import json
import tempfile
from asyncio import to_thread
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from nicegui import app

from sim.analysis.definitions import drift
from sim.model import months
from sim.report.figures import single_run as worlds
from sim.report.figures.data import Figure
from sim.report.folders.tables import csv
from sim.scenario.errors import listed
from sim.web import game as games
from sim.web import lines, pictures
from sim.web.lean import TIES, Lives
from sim.web.one_world import key, lived, shown
from sim.web.play import two_lines
from sim.web.state import State, asked

_TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "py": "text/x-python",
    "yaml": "text/yaml",
    "html": "text/html",
    "json": "application/json",
}
_REPORT_RUNS = 200


def serve(lives: Lives) -> None:
    """Add the addresses below /get/ to the server."""
    printing = asyncio.Lock()  # the print renderer sets what holds for a whole process

    @app.get("/get/{name}.{kind}")
    async def get(name: str, kind: str, request: Request) -> Response:
        state, problems = await asked(request.url.query)
        if problems:
            return Response(listed(problems), 400, media_type="text/plain")
        content: Any
        match name, kind:
            case "world", "yaml":
                content = state.world.scenario().to_yaml()
            case "game", "json":
                content = json.dumps({"game": state.query()})
            case "lines", "py":
                content = lines.all_lines(state)
            case "report", "html":
                async with printing:
                    content = await to_thread(_report, state)
            case _, "png" | "svg" | "csv" | "py" if name in lines.NAMES:
                try:
                    missing = _not_there(name, state)
                except ValueError as error:  # this is no game
                    return Response(str(error), 400, media_type="text/plain")
                if missing:
                    return Response(missing, 404, media_type="text/plain")
                if kind == "py":
                    content = lines.of(name, state)
                else:
                    of_many = name in lines.DATA
                    figure = await (_figure(name, state, lives) if of_many else to_thread(_of_one, name, state))
                    if kind == "csv":
                        content = csv(figure.data)
                    else:
                        async with printing:
                            content = await to_thread(_printed, figure, kind)
            case _:
                return Response(f"there is no {name}.{kind} here", 404, media_type="text/plain")
        headers = {"Content-Disposition": f'attachment; filename="driftback-{name}.{kind}"'}
        return Response(content, media_type=_TYPES[kind], headers=headers)


async def _figure(name: str, state: State, lives: Lives) -> Figure:
    many = await lives.whole(state.world, state.seed, lambda: True)
    assert many is not None
    match name:
        case "fan":
            pin = await lives.whole(state.pin, state.seed, lambda: True)
            assert pin is not None
            found, pinned = (pictures.quantiles(each, state.series) for each in (many, pin))
            return pictures.fan(many, found, pin, pinned, state.series, None)
        case "drifted":
            control = await lives.whole(state.world.endless, state.seed, lambda: True)
            assert control is not None
            return pictures.drifted(many, await to_thread(drift, many, control))
        case "options":
            return pictures.options(many, state.lever)
    return pictures.network(many, state.month, TIES)


def _not_there(name: str, state: State) -> str:
    """Return why there is no such picture yet, or nothing."""
    if name == "fork" and not state.fork:
        return "no move has been changed yet"
    if name == "debrief-chart" and not games.of(state).over:
        return "this picture comes when the three years are over"
    return ""


def _of_one(name: str, state: State) -> Figure:
    """Return a picture of one run, or of a game."""
    if name == "debrief-chart":
        game = games.of(state)
        return two_lines(game, *games.ended(game))
    found = lived(key(state))
    if name == "story":
        return worlds.story(found)
    if name == "fork":
        return pictures.two_worlds(found, lived(key(state, fork=True)))
    return worlds.capitals(found, [months.name(shown(found, state.month))])


def _printed(figure: Figure, kind: str) -> bytes | str:
    from sim.report.render.plots import draw
    from sim.report.render.sheet import png, svg

    picture = draw(figure)
    return png(picture) if kind == "png" else svg(picture)


def _report(state: State) -> str:
    """Return the report of the world at hand, as `sim run` writes it."""
    from sim.analysis.definitions import no_end
    from sim.calibration.parameter_sets import of_runs, over, run_of
    from sim.engine.ensemble import simulate
    from sim.report.folders.runs import write_run

    scenario = state.world.scenario()
    sets = over(scenario)
    many = simulate(scenario, _REPORT_RUNS, state.seed, 2, of_runs(sets, range(_REPORT_RUNS), scenario), sets.source)
    command = f"sim run driftback-world.yaml --seed {state.seed} --runs {_REPORT_RUNS} --number 0"
    with tempfile.TemporaryDirectory() as folder:
        write_run(Path(folder), lambda: run_of(scenario, state.seed, 0, sets), many, no_end(many, 2), command)
        return Path(folder, "report.html").read_text(encoding="utf-8")
