"""One run: any run of the ensemble, month by month, with the reason for every move, and a fork."""

from asyncio import to_thread
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from markupsafe import Markup, escape
from nicegui import ui

from sim.analysis.definitions import drift
from sim.calibration.parameter_sets import over, run_of
from sim.engine.mesa.single_run import Run
from sim.model import months
from sim.model.moves import LEVER
from sim.report.figures import single_run as worlds
from sim.report.style import GROUP, LANE, sentence, spoken
from sim.report.text.chronicle import war, years
from sim.scenario import ScenarioError
from sim.web import pictures, why
from sim.web.card import Card, drawn
from sim.web.lean import Lives
from sim.web.panel import choose, range_fields
from sim.web.shell import Page, spot, tag
from sim.web.state import RUNS, Fork, State

_KEPT_FOR = 12  # months for which a changed move is kept


@lru_cache(maxsize=12)
def lived(state_key: tuple[Any, int, int, str]) -> Run:
    """Simulate one run in the Mesa engine: a world, a seed, a number, a fork."""
    world, seed, number, fork = state_key
    scenario, sets = world.scenario(), over(world.scenario())
    return run_of(Fork.read(fork).of(scenario) if fork else scenario, seed, number, sets)


def key(state: State, fork: bool = False) -> tuple[Any, int, int, str]:
    """Return what one run depends on, for :func:`lived`; with its fork where asked."""
    return state.world, state.seed, state.run, state.fork if fork else ""


def shown(found: Run, month: int) -> int:
    """Return a month, or the nearest that the world shows."""
    return min(max(month, found.scenario.first), found.scenario.horizon - 1)


class OneWorld:
    """The page of one run."""

    def __init__(self, page: Page, lives: Lives) -> None:
        self.page, self.lives = page, lives
        self.busy = self.again = False
        self.told: tuple[Any, ...] = ()
        self.build()

    async def change(self, **parts: Any) -> None:
        """Take in a change of the state and draw it."""
        self.page.state = replace(self.page.state, **parts)
        self.page.address()
        await self.draw()

    async def draw(self) -> None:
        """Draw the newest state; the newest wins."""
        self.again = True
        if self.busy:
            return
        self.busy = True
        try:
            while self.again and not self.page.gone:
                self.again = False
                await self._draw(self.page.state)
        finally:
            self.busy = False

    async def _draw(self, state: State) -> None:
        try:
            found = await to_thread(lived, key(state))
            if self.told != key(state):
                self._show_world(state, *await to_thread(_pictures, found, self.page.width))
                self.told = key(state)
            at = shown(found, state.month)
            self._show_month(at, *await to_thread(_month, found, at, self.card_capitals.width))
            await self._show_fork(state, found)
        except ScenarioError as error:
            self.page.say(str(error))

    def _show_world(self, state: State, head: str, chronicle: str, story: Any) -> None:
        self.head.set_content(head)
        self.chronicle.set_content(chronicle)
        self.number.props["defaultValue"] = state.run
        self.card_story.show(*story, state=state.query())

    def _show_month(self, at: int, network: Any, reasons: str) -> None:
        self.month_title.set_content(f"{spoken(at)}: what each capital weighed")
        self.reasons.set_content(reasons)
        self.card_capitals.show(*network, month=months.name(at))

    async def _show_fork(self, state: State, found: Run) -> None:
        if not state.fork:
            self.forked.set_content("")
            return
        other = await to_thread(lived, key(state, fork=True))
        fork = Fork.read(state.fork)
        label = next(each.label for each in LEVER[fork.lever].options if each.name == fork.option)
        said = (
            f"{_who(fork.lever)} {label} for {fork.months} months from {spoken(fork.first)} on; the chance is the same."
        )
        self.forked.set_content(Markup("<p>{}</p><p>{}</p>").format(said, _parting(found, other)))
        self.card_fork.show(*drawn(pictures.two_worlds(found, other), self.page.width), fork=state.fork)

    # ---- choosing a run

    async def pick(self, which: str) -> None:
        """Go to the run in the middle, or to the first that did or did not drift back by D2."""
        state = self.page.state
        many = await self.lives.whole(state.world, state.seed, lambda: not self.page.gone)
        control = await self.lives.whole(state.world.endless, state.seed, lambda: not self.page.gone)
        if many is None or control is None:
            return
        found = await to_thread(drift, many, control)
        if not found.judged.any():
            last = many.array("reengagement")[:, -1]
            middle = int(np.argsort(last)[len(last) // 2])
            if which != "median":
                self.page.say("In this run the war's end cannot be judged, so none drifts back or fails to.")
            await self.change(run=middle, fork="")
            return
        if which == "median":
            number = int(found.effect[found.judged].sort_values().index[int(found.judged.sum()) // 2])
        else:
            wanted = found.came_true["D2"] if which == "drifted" else ~found.came_true["D2"]
            if not wanted.any():
                self.page.say(
                    f"None of the {int(found.judged.sum()):,} runs {'did' if which == 'drifted' else 'failed to'}."
                )
                return
            number = int(wanted[wanted].index[0])
        await self.change(run=number, fork="")

    # ---- what the page is made of

    def build(self) -> None:
        """Build the page."""
        state = self.page.state
        self.head = spot("div", "This run is being lived ...", role="status", id="world-head")
        with ui.element("div").classes("buttons"):
            tag("label", "World number", **{"for": "number"})
            self.number = ui.element("input")
            for key, value in (
                ("type", "number"),
                ("min", 0),
                ("max", RUNS - 1),
                ("id", "number"),
                ("defaultValue", state.run),
            ):
                self.number.props[key] = value

            async def numbered(event: Any) -> None:
                written = str(event.args)
                if not (written.isdecimal() and int(written) < RUNS):
                    self.page.say(f"{written[:20]!r} is no world: they are numbered 0 to {RUNS - 1}")
                    return
                self.page.say()
                await self.change(run=int(written), fork="")

            self.number.on("change", numbered, js_handler="(e) => emit(e.target.value)")
            for words, which in (
                ("The median one", "median"),
                ("One that drifted back", "drifted"),
                ("One that did not", "stayed"),
            ):
                button = tag("button", words, type="button")
                button.on("click", lambda _, which=which: self.pick(which), js_handler="() => emit()")
        self.card_story = Card(self.page, "story", "Who moved what")
        self._build_month(state)
        self._build_fork(state)
        with tag("section", classes="card", aria_labelledby="chronicle-title"):
            tag("h2", "The chronicle", id="chronicle-title")
            self.chronicle = spot("div", "", id="chronicle")

    def _build_month(self, state: State) -> None:
        with tag("section", classes="card", aria_labelledby="month-title"):
            self.month_title = spot("h2", "The month", id="month-title", aria_live="polite")
            self.scrubber = scrubber(state.month, lambda month: self.change(month=month))
            self.reasons = spot("div", "", id="why")
        self.card_capitals = Card(self.page, "capitals-of-one", "The capitals in this month", widest=520)

    def _build_fork(self, state: State) -> None:
        chosen = {"lever": "pyongyang_toward_beijing"}
        self.card_fork = Card(self.page, "fork", "Fork: change a move in this month")
        with self.card_fork.above:
            levers = {field: f"{_who(field)}: {LANE[field]}" for field in LEVER}
            tag("label", "Lever", **{"for": "fork-lever"})
            place = ui.element("div")

            def options(lever: str) -> None:
                chosen["lever"] = lever
                chosen["option"] = LEVER[lever].options[0].name
                place.clear()
                with place:
                    tag("label", "What it does instead", **{"for": "fork-option"})
                    labels = {each.name: sentence(each.label) for each in LEVER[lever].options}
                    choose("fork-option", labels, chosen["option"],
                           lambda option: chosen.update(option=option))  # fmt: skip

            choose("fork-lever", levers, chosen["lever"], options).move(self.card_fork.above, 1)
            options(chosen["lever"])

            async def fork() -> None:
                first = min(self.page.state.month, self.page.state.world.scenario().horizon - 1)
                self.page.say()
                await self.change(fork=str(Fork(chosen["lever"], chosen["option"], first, _KEPT_FOR)))

            button = tag("button", f"Simulate it again with this for {_KEPT_FOR} months", classes="main", type="button")
            button.on("click", fork, js_handler="() => emit()")
            self.forked = spot("div", "", role="status", id="forked")
        self.card_fork.drawing.set_content("")


def scrubber(start: int, moved: Any) -> Any:
    """Return a slider of months."""
    tag("label", "Month", **{"for": "month"})
    said = spot("div", spoken(start), classes="value", aria_hidden="true")
    slider = ui.element("input")
    last = months.index("2032-12")
    range_fields(slider, 0, last, 1, start, spoken(start))
    slider.props["id"] = "month"

    async def scrub(event: Any) -> None:
        month = min(max(int(float(event.args)), 0), last)
        said.set_content(spoken(month))
        slider.props["aria-valuetext"] = spoken(month)
        await moved(month)

    slider.on("input", scrub, js_handler="(e) => emit(e.target.value)", throttle=0.05)
    return slider


def _who(lever: str) -> str:
    return GROUP[LEVER[lever].capital].split(":")[0]


def _pictures(found: Run, width: int) -> tuple[str, str, Any]:
    head = (
        f"<p class=answer>Run {found.number} of “{escape(found.scenario.name)}”, seed {found.seed}: "
        f"{escape(war(found))}. "
        f"Re-engagement ends at {found.series['reengagement'].iloc[-1]:.0f} of 100.</p>"
    )
    return Markup(head), chronicle(found), drawn(worlds.story(found), width)


def chronicle(found: Run) -> Markup:
    """Return the chronicle of a world as HTML, a part a year."""
    parts = []
    for year in years(found):
        turns = "".join(f"<li><b>{spoken(turn.month)}</b>: {escape(turn.text)}.</li>" for turn in year.turns)
        habits = f"<p>{escape(year.lead)}: {escape('; '.join(year.habits))}.</p>" if year.habits else ""
        parts.append(
            f"<h3>{year.year}</h3>{f'<ul>{turns}</ul>' if turns else ''}{habits}<p "
            f"class=muted>{escape(year.figures)}</p>"
        )
    return Markup("".join(parts))


def _month(found: Run, at: int, width: int) -> tuple[Any, str]:
    return drawn(worlds.capitals(found, [months.name(at)]), width), why.month(found, at)


def _parting(found: Run, other: Run) -> str:
    """Return what came of a fork, in words."""
    differ = (found.moves != other.moves).any(axis=1)
    gap = other.series["reengagement"] - found.series["reengagement"]
    if not differ.any():
        return "Nothing changes: it had made this move anyway."
    first = months.index(str(differ.idxmax()))
    return (
        f"The runs part in {spoken(first)}. Re-engagement then differs by {gap[differ.idxmax() :].mean():+.1f} "
        "points on average, "
        f"and by {gap.iloc[-1]:+.1f} at the end."
    )
