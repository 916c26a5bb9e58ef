"""Explore: move a control and see a thousand runs change."""

import time
from asyncio import to_thread
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nicegui import background_tasks, ui

from sim.analysis.definitions import Drift, drift
from sim.engine.ensemble import Ensemble
from sim.model.moves import LEVER
from sim.report.render import svg
from sim.report.style import GROUP, LANE, words
from sim.scenario import ScenarioError, available
from sim.web import pictures
from sim.web.assumed import PAUSE, assumed
from sim.web.card import Card, drawn
from sim.web.controls import CONTROL
from sim.web.lean import TIES, Lives
from sim.web.one_world import scrubber
from sim.web.panel import choose, panel
from sim.web.pictures import Quantiles
from sim.web.share import share
from sim.web.shell import Page, spot, table, tag
from sim.web.state import RUNS, SHOWN, State, World, based_on

MEASURING = "How much of this was assumed is being measured; the last control switches claims and assumptions off."
FIRST_TIME = f"{RUNS:,} runs are being lived; the first time on a machine takes half a minute."


class Explorer:
    """The page: what the reader moves marks the picture as old; one loop draws the newest state until it is shown."""

    def __init__(self, page: Page, lives: Lives) -> None:
        self.page, self.lives = page, lives
        self.asked, self.shown, self.busy = 1, 0, False
        self.fan: Quantiles | None = None
        self.ghost: Quantiles | None = None
        self.pinned: tuple[Any, Quantiles] | None = None
        self.found: tuple[Any, Drift] | None = None
        self.since = 0.0
        self.build()

    @property
    def state(self) -> State:
        """What the reader has chosen."""
        return self.page.state

    # ---- what the reader does

    async def change(self, **parts: Any) -> None:
        """Take in a change of the state and draw it."""
        changes_fan = {"world", "seed", "series"} & set(parts)
        stood = time.monotonic() - self.since > PAUSE
        if changes_fan and self.fan is not None and stood:
            self.ghost = None if "series" in parts else self.fan
        self.page.state = replace(self.state, **parts)
        self.asked += 1
        await self.draw()

    async def moved(self, name: str, written: str) -> None:
        """Take in a control."""
        control = CONTROL[name]
        try:
            world = self.state.world.set(name, control.parse(written))
            world.scenario()
        except (ValueError, ScenarioError) as error:
            self.page.say(str(error))
            return
        self.page.say()
        await self.change(world=world)

    async def choose_world(self, world: World, pin: World | None = None) -> None:
        """Take another run, and put all controls where it has them."""
        self.controls.clear()
        with self.controls:
            self.build_controls(world)
        await self.change(world=world, pin=pin or self.state.pin)

    # ---- what the page does

    async def draw(self) -> None:
        """Draw the newest state; whoever comes while it is being drawn only marks it as old."""
        if self.busy:
            return
        self.busy = True
        try:
            while self.shown != self.asked and not self.page.gone:
                await self._draw(self.asked)
        except Exception as error:
            self.shown = self.asked
            self.page.say(f"This run could not be drawn; that is a defect: {type(error).__name__}: {error}")
            raise
        finally:
            self.busy = False

    async def _draw(self, asked: int) -> None:
        state = self.state

        def wanted() -> bool:
            return self.asked == asked and not self.page.gone

        pin = await self.lives.whole(state.pin, state.seed, wanted)
        if pin is None:
            return
        many = await self.lives.whole(state.world, state.seed, wanted, lambda part: self._first(part, pin, state))
        if many is None:
            return
        self.fan, *made = await to_thread(self._fan, many, pin, state)
        self._show_fan(state, *made)
        control = await self.lives.whole(state.world.endless, state.seed, wanted, later=True)
        if control is None:
            return
        async with self.lives.last():
            rest = await to_thread(self._rest, many, control, state)
        self._show_rest(state, *rest)
        self.page.address()
        self.shown, self.since = asked, time.monotonic()
        background_tasks.create(self._tell_assumed(state, wanted))

    async def _tell_assumed(self, state: State, wanted: Callable[[], bool]) -> None:
        if (said := await assumed(state.world, state.seed, self.lives, wanted)) is not None:
            self.assumed.set_content(said)

    def _fan(self, many: Ensemble, pin: Ensemble, state: State) -> tuple[Any, ...]:
        found = pictures.quantiles(many, state.series)
        chart = pictures.fan(many, found, pin, self._pinned(pin, state), state.series, self.ghost)
        return found, chart, svg.draw(chart, self.page.width), pictures.effect(many, pin), len(many)

    def _pinned(self, pin: Ensemble, state: State) -> Quantiles:
        """Return the fan of the pinned world, worked out once."""
        key = (state.pin, state.seed, state.series, len(pin))
        if self.pinned is None or self.pinned[0] != key:
            self.pinned = key, pictures.quantiles(pin, state.series)
        return self.pinned[1]

    def _drift(self, many: Ensemble, control: Ensemble, state: State) -> Drift:
        """Return the definitions of the world at hand, worked out once."""
        key = (state.world, state.seed)
        if self.found is None or self.found[0] != key:
            self.found = key, drift(many, control)
        return self.found[1]

    def _show_fan(self, state: State, chart: Any, picture: str, effect: str, runs: int) -> None:
        self.card_fan.show(chart, picture, "", runs=runs, state=state.query())
        self.effect.set_content(effect)

    def _first(self, part: Ensemble, pin: Ensemble, state: State) -> None:
        """Show a first picture of fewer runs."""
        found, *made = self._fan(part, pin.select(slice(len(part))), state)
        self.fan = found
        self._show_fan(state, *made)

    def _rest(self, many: Ensemble, control: Ensemble, state: State) -> tuple[Any, ...]:
        found, width = self._drift(many, control, state), self.page.width
        return (
            pictures.end_effect(many, control),
            table(pictures.definitions(found).set_index("definition"), "Five definitions of drifting back"),
            drawn(pictures.drifted(many, found), width),
            drawn(pictures.options(many, state.lever), width),
            drawn(pictures.network(many, state.month, TIES), self.card_capitals.width),
            table(self.card_fan.figure.data, "The fan") if self.card_fan.figure is not None else "",
        )

    def _show_rest(
        self, state: State, ended: str, rows: str, drifted: Any, options: Any, capitals: Any, fan: str
    ) -> None:
        mark = state.query()
        self.ended.set_content(ended)
        self.assumed.set_content(MEASURING)
        self.rows.set_content(rows)
        self.card_fan.numbers.set_content(fan)
        for card, made in ((self.card_drifted, drifted), (self.card_options, options), (self.card_capitals, capitals)):
            card.show(*made, state=mark)

    # ---- what the page is made of

    def build(self) -> None:
        """Build the page."""
        with ui.element("div").classes("columns"):
            with tag("section", classes="first", aria_label="What happens"):
                with ui.element("div").props('role="status" aria-live="polite"'):
                    self.effect = spot("p", FIRST_TIME, classes="answer", id="effect")
                self.ended = spot("p", id="ended")
                self.assumed = spot("p", MEASURING, classes="muted", id="assumed")
                self.build_fan()
            with tag("section", classes="side", aria_label="Controls"):
                self.controls = ui.element("div").classes("controls")
                with self.controls:
                    self.build_controls(self.state.world)
                share(self)
            with tag("section", classes="rest", aria_label="More pictures"):
                self.build_cards()

    def build_controls(self, world: World) -> None:
        """Build the controls of a world."""
        names = {name: name for name, _ in available()}
        if world.base not in names:
            names = {world.base: f"{based_on(world.base).name} (opened)"} | names
        tag("label", "Start from the scenario", **{"for": "base"})
        choose("base", names, world.base, lambda name: self.choose_world(World(name)))
        with ui.element("div").classes("buttons"):
            _button("Pin this run", lambda: self.change(pin=self.state.world), "compare all others with it")
            _button("Pin the baseline", lambda: self.change(pin=World("baseline")))
            _button("Put controls back", lambda: self.choose_world(World(self.state.world.base)))
            _button("Other chance", lambda: self.change(seed=(self.state.seed + 1) % 2**32), "the next seed")
        panel(world, self.moved)

    def build_fan(self) -> None:
        """Build the place of the fan."""
        shown = {name: words(name).title for name in SHOWN}
        self.card_fan = Card(self.page, "fan", "A thousand runs, month by month")
        with self.card_fan.above:
            tag("label", "Shown", **{"for": "series"})
            choose("series", shown, self.state.series, lambda name: self.change(series=name))

    def build_cards(self) -> None:
        """Build the places of the other pictures."""
        levers = {field: f"{GROUP[lever.capital].split(':')[0]}: {LANE[field]}" for field, lever in LEVER.items()}
        self.card_drifted = Card(self.page, "drifted", "Drifted back")
        with self.card_drifted.above:
            self.rows = spot("div", classes="scroll", tabindex="0", role="region", aria_label="Definitions")
        self.card_options = Card(self.page, "options", "What they choose")
        with self.card_options.above:
            tag("label", "Lever", **{"for": "lever"})
            choose("lever", levers, self.state.lever, lambda name: self.change(lever=name))
        self.card_capitals = Card(self.page, "capitals", "The five capitals in a month", widest=520)
        with self.card_capitals.above:
            scrubber(self.state.month, lambda month: self.change(month=month))


def _button(words_: str, on_click: Any, note: str = "") -> None:
    button = tag("button", words_, type="button")
    if note:
        button.props["aria-label"] = f"{words_}: {note}"
    button.on("click", on_click, js_handler="() => emit()")
