"""Play a capital: choose its moves for three years, ask for hints, and see what the model would have done."""

from asyncio import to_thread
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup, escape
from nicegui import ui

from sim.model.moves import CAPITALS, LEVERS
from sim.report.figures.data import Chart, Head, Line, Panel, war_of
from sim.report.style import GROUP, sentence, spoken, words
from sim.report.text import doubt
from sim.scenario import ScenarioError
from sim.web import game as games
from sim.web import why
from sim.web.card import Card, drawn
from sim.web.game import LENGTH, START, Game, Lived
from sim.web.panel import choose
from sim.web.shell import Page, spot, table, tag

_RULES = (
    "You decide for one capital, from September 2024 on, for three years. The others follow the model. The world is "
    "the one you chose in Explore; the arms deal is settled between Moscow and Pyongyang by the model."
)
_STEPS = {"3": "three months", "1": "one month"}


class Play:
    """The page of the game."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.chosen: list[int] = []
        self.busy = False
        self.build()

    async def change(self, **parts: Any) -> None:
        """Take in a change and draw the game."""
        self.page.state = replace(self.page.state, **parts)
        self.page.address()
        await self.draw()

    async def draw(self) -> None:
        """Draw the game as it stands."""
        try:
            game = games.of(self.page.state)
        except (ValueError, ScenarioError) as error:
            self.page.say(str(error))
            return
        lived = await to_thread(games.live, game, game.month)
        self.chosen = list(games.places_now(lived, game.levers))
        self._show_turn(game, lived)
        await self._show_years(game)
        self.place.props["data-month"] = game.month
        self.place.update()
        if game.over:
            await self._debrief(game, lived)

    def _show_turn(self, game: Game, lived: Lived) -> None:
        self.hints.set_content("")
        self.situation.set_content(_situation(game, lived))
        self.form.clear()
        with self.form:
            if game.over:
                tag("h2", "Three years are over", id="turn-title")
                return
            last = game.month + game.step - 1
            name = spoken(game.month) if game.step == 1 else f"{spoken(game.month)} to {spoken(last)}"
            tag("h2", f"{name}: what does {game.capital} do?", id="turn-title")
            for place, lever in enumerate(game.levers):
                tag("label", sentence(lever.title), **{"for": f"move-{place}"})
                options = {str(number): sentence(option.label) for number, option in enumerate(lever.options)}
                choose(f"move-{place}", options, str(self.chosen[place]),
                       partial(self._choose, place))  # fmt: skip

    def _choose(self, place: int, written: str) -> None:
        self.chosen[place] = int(written)

    async def play(self) -> None:
        """Play the turn; a second click while it is being lived does nothing."""
        if self.busy or not self.chosen or games.of(self.page.state).over:
            return
        self.busy = True
        try:
            turn = "".join(str(place) for place in self.chosen)
            played = self.page.state.played
            await self.change(played=f"{played}.{turn}" if played else turn)
        finally:
            self.busy = False

    async def take_back(self) -> None:
        """Take the last turn back."""
        await self.change(played=self.page.state.played.rpartition(".")[0])

    async def hint(self) -> None:
        """Say what the model would do, and why."""
        game = games.of(self.page.state)
        if game.over:
            return
        weighed = await to_thread(games.hint, game)
        stand_in = games.as_run(game)
        told = Markup("").join(why.decision(stand_in, each) for each in weighed)
        self.hints.set_content(Markup("<h3>What the model would weigh</h3>{}").format(told))

    async def _show_years(self, game: Game) -> None:
        rows = []
        for year in range(1, game.year_over + 1):
            mine, model = await to_thread(games.regret, game, year)
            rows.append((f"year {year}", mine, model, model - mine))
        if not rows:
            self.regret.set_content("")
            return
        frame = pd.DataFrame(rows, columns=["", "your mean utility", "the model's", "regret"]).set_index("")
        said = (
            "After each year: how well your capital did by its own goals, and how well it would have done had "
            "the model chosen in "
            "that year, after your years before, with the same luck. Regret below 0: you did better."
        )
        self.regret.set_content(Markup("<h3>Regret</h3><p>{}</p>{}").format(said, table(frame, "Regret by year")))

    async def _debrief(self, game: Game, lived: Lived) -> None:
        free = await to_thread(games.live, game, game.month, START)
        mine, model = (each.mean_utility(START, START + LENGTH) for each in (lived, free))
        gap = lived.world["reengagement"].iloc[-1] - free.world["reengagement"].iloc[-1]
        better = "better" if mine > model else "worse" if mine < model else "just as well"
        said = (
            f"By its own goals {game.capital} fared {better} in your hands: mean utility {mine:.4f}, in the "
            f"model's {model:.4f}. "
            f"Pyongyang's re-engagement with Beijing ends {gap:+.1f} points from where the model would have left it."
        )
        self.debrief.set_content(Markup("<p class=answer>{}</p>").format(said))
        self.card.show(*await to_thread(lambda: drawn(two_lines(game, lived, free), self.card.width)), over=1)

    # ---- what the page is made of

    def build(self) -> None:
        """Build the page."""
        state = self.page.state
        tag("p", _RULES)
        with ui.element("div").classes("two"):
            with ui.element("div"):
                tag("label", "Your capital", **{"for": "capital"})
                choose(
                    "capital",
                    {name: name for name in CAPITALS},
                    state.capital,
                    lambda name: self.change(capital=name, played=""),
                )
            with ui.element("div"):
                tag("label", "A turn lasts", **{"for": "step"})
                choose("step", _STEPS, str(state.step), lambda step: self.change(step=int(step), played=""))
        with tag("section", classes="card", id="play", aria_labelledby="turn-title") as self.place:
            self.situation = spot(
                "div", "The world is being lived up to September 2024 ...", role="status", id="situation"
            )
            self.form = ui.element("div")
            with ui.element("div").classes("buttons"):
                acts = {
                    "Play this turn": self.play,
                    "Hint: what would the model do?": self.hint,
                    "Take the last turn back": self.take_back,
                    "Start again": lambda: self.change(played=""),
                }
                for name, act in acts.items():
                    button = tag("button", name, classes="main" if act == self.play else "", type="button")
                    button.on("click", act, js_handler="() => emit()")
            self.hints = spot("div", "", id="hints", aria_live="polite")
            self.regret = spot("div", "", id="regret")
        self.debrief = spot("div", "", role="status", id="debrief")
        self.card = Card(self.page, "debrief-chart", "Your world and the model's")
        self.card.drawing.set_content("Comes when the three years are over.")
        self._keep()

    def _keep(self) -> None:
        with tag("section", classes="card", aria_labelledby="keep-title"):
            tag("h2", "Save and load", id="keep-title")
            tag("p", "The address of this page is the game: keep it, or save it as a file.", classes="muted")
            tag("a", "Save the game", classes="button", href="/get/game.json", data_to="/get/game.json", download="")
            tag("label", "Load a game", **{"for": "load"})
            chosen = spot("input", "", type="file", id="load", accept=".json")
            chosen.on("change", js_handler="(e) => driftback.load(e.target)")


def _situation(game: Game, lived: Lived) -> Markup:
    """Return how the world stands before the turn."""
    now, before = lived.world.iloc[-1], lived.world.iloc[-1 - game.step]
    rows = "".join(
        f"<tr><td>{escape(words(name).title)}</td><td>{now[name]:.2f}</td><td>{now[name] - before[name]:+.2f}</td></tr>"
        for name in lived.world.columns.astype(str)
    )
    moves = games.moves_now(lived)
    others = "".join(
        f"<li>{GROUP[lever.capital].split(':')[0]}: {escape(moves[lever.field])}</li>"
        for lever in LEVERS
        if lever.capital != game.capital
    )
    war = "at war" if lived.model.month < lived.model.war_end else "at peace"
    return Markup(
        f"<p class=answer>{spoken(game.month - 1)} is over; Moscow is {war}.</p><div class=scroll tabindex=0 "
        "role=region "
        "aria-label='How the world stands'><table><thead><tr><th scope=col>how the world stands</th><th "
        "scope=col>now</th>"
        f"<th scope=col>since the last turn</th></tr></thead><tbody>{rows}</tbody></table></div>"
        f"<details><summary>What the others did last month</summary><ul>{others}</ul></details>"
    )


def two_lines(game: Game, mine: Lived, free: Lived) -> Chart:
    """Return re-engagement in the reader's world and in the model's."""
    data, said = games.debrief(mine, free), words("reengagement")
    first, last = START - 24, START + LENGTH
    at = np.arange(first, last, dtype=float)
    one, other = data["yours"].to_numpy(), data["the model's"].to_numpy()
    lines = (Line("the model's", at, other, "control", broken=True), Line("yours", at, one, "main"))
    panel = Panel(said.title, said.unit, (first, last), lines, spans=war_of(game.scenario, [mine.model.war_end]))
    text = f"{said.title} at the end: yours {one[-1]:.0f}, the model's {other[-1]:.0f}."
    played = f"scenario {game.scenario.name!r}, run {game.run}, seed {game.seed}, {game.capital} played by hand"
    source = f"Driftback: {played}. {doubt.of_world(games.as_run(game))}"
    return Chart(Head("Your world and the model's", "", source, text), (panel,), data)
