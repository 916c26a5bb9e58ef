"""Lessons: bet, simulate the runs, see who was right, and read why. No answer is written here: all are simulated."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from sim.analysis.definitions import drift, nearer, period
from sim.analysis.pairs import Pair
from sim.engine.ensemble import Ensemble
from sim.model import months
from sim.model.moves import LEVER, LEVERS
from sim.report.style import percent, sentence
from sim.report.text import answer
from sim.report.text.at_work import goals_at_work
from sim.web.lean import Lives
from sim.web.one_world import lived
from sim.web.shell import Page, spot, tag
from sim.web.state import State, World

SEED = 1
_SHARES = ("less than a quarter", "a quarter to a half", "a half to three quarters", "more than three quarters")
_BASE = World("baseline")
_EARLY = World("war-ends-early")

Found = tuple[int, str]  # the place of the option that turned out right, and what was seen
Live = Callable[[World], Awaitable[Ensemble]]


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    Attributes
    ----------
    told
        What is explained before the bet.
    find
        Simulates the runs and returns which option was right, with what was seen.
    meaning
        What to make of it, whatever came out.
    explore
        A world to go on with in Explore.
    """

    title: str
    told: str
    question: str
    options: tuple[str, ...]
    find: Callable[[Live], Awaitable[Found]]
    meaning: str
    explore: State


async def _wants(live: Live) -> Found:
    world = await to_thread(lived, (_BASE, SEED, 0, ""))
    share: dict[str, float] = dict.fromkeys(_GOALS, 0.0)
    for each in goals_at_work(world):
        if each.capital == "Pyongyang":
            for option, goals in _GOALS.items():
                share[option] += each.share * (each.goal in goals)
    seen = ", ".join(f"{name}: {percent(value)}" for name, value in share.items())
    return list(share).index(max(share, key=lambda name: share[name])), (
        f"In run 0 of the baseline, what told the options that Pyongyang took from the runners-up: {seen}."
    )


_GOALS = {
    "its livelihood": ("economy",),
    "its safety and its standing as a nuclear state": ("security", "recognition", "stock", "quiet"),
    "not having to bow to anybody": ("autonomy",),
    "having patrons": ("patrons",),
}


async def _keeps_away(live: Live) -> Found:
    many, without = await live(_BASE), await live(_BASE.set("off", "C01"))
    first, last = months.index("2023-09"), months.index("2024-08") + 1
    place = list(LEVER).index("beijing_bloc")
    join = len(LEVERS[place].options) - 1
    share, freed = (float((each.played[:, first:last, place] == join).mean()) for each in (many, without))
    return _quarter(share), (
        f"From September 2023 to August 2024 Beijing joins the three-way bloc in {percent(share)} of the months "
        "of 1,000 runs. "
        f"Where it no longer wants good terms with the West (claim C01 switched off), it does in {percent(freed)}."
    )


async def _ends(live: Live) -> Found:
    many, control = await live(_EARLY), await live(_EARLY.endless)
    found = await to_thread(drift, many, control)
    return _quarter(float(found.share["D2"])), answer.of_run(many, control)


async def _built_in(live: Live) -> Found:
    many, control = await live(_EARLY), await live(_EARLY.endless)
    found = await to_thread(drift, many, control)
    rows = {name: (share, without) for name, _, share, without in answer.definitions(found)}
    without = float(found.control["D1"][found.judged].notna().mean())
    return _quarter(without), (
        f"By D1 (recovery) Pyongyang comes back in {rows['D1'][0]} of the runs in which the war ends, and in "
        f"{rows['D1'][1]} of "
        f"the same runs in which it does not. D2, which asks for the difference, comes true in {rows['D2'][0]}."
    )


async def _breaks(live: Live) -> Found:
    effects = {}
    for option, (name, value) in _BREAKERS.items():
        world = _EARLY.set(name, value)
        effects[option] = Pair(await live(world), await live(world.endless)).effect()
    lowest = min(effects, key=lambda option: effects[option].mean)
    told = "; ".join(
        f"{option}: {effect.mean:+.1f} points ({effect.interval[0]:+.1f} to {effect.interval[1]:+.1f})"
        for option, effect in effects.items()
    )
    return list(effects).index(
        lowest
    ), f"What the war's end does to re-engagement {period()} on, with its 95% interval: {told}."


_BREAKERS: dict[str, tuple[str, Any]] = {
    "Moscow needs as many arms after the war as can be": ("postwar_need", 1.6),
    "Kim resents no shortfall": ("grievance", 0.0),
    "for Kim either patron will do": ("patrons_together", -1.0),
    "all sanctions on Moscow stay": ("postwar_isolation", 1.0),
}


def _quarter(share: float) -> int:
    return min(int(share * 4), 3)


LESSONS = (
    Lesson(
        "What does Pyongyang want?",
        "Every capital weighs its options by what it wants. Pyongyang wants a livelihood, safety, recognition, "
        "patrons, and not to bow.",
        "Over one whole world, which of these moves Pyongyang's choices most?",
        tuple(_GOALS), _wants,
        "A goal can weigh much and still move little, where all options serve it alike. What counts for a choice "
        "is the difference "
        "between the options. Open a world and read the reasons month by month.",
        State(world=_BASE),
    ),
    Lesson(
        "Why does Beijing keep away?",
        "Moscow and Pyongyang trade arms in the war. Beijing could join them in a bloc of three, observe "
        "it, or stay aloof.",
        "In the year up to August 2024, in how many of the months does Beijing join?",
        _SHARES, _keeps_away,
        "The article says that Beijing prizes its terms with the West. Switching that claim off shows how much "
        "of Beijing's distance "
        "hangs on it, and how much other reasons (calm on the peninsula, what a bloc would cost) do by themselves.",
        State(world=_BASE.set("off", "C01"), lever="beijing_bloc"),
    ),
    Lesson(
        "The war ends",
        "The war ends in January 2025. Each run is compared with the same run, same luck, in which it goes "
        "on (definition D2).",
        f"In how many runs is Pyongyang {nearer()} than without the end?",
        _SHARES, _ends,
        "Each run has its own luck and one of the sets of numbers that history to August 2024 has not ruled out, so "
        "the interval holds both. Another reading of the article gives another share: keep the direction and forget "
        "the size.",
        State(world=_EARLY),
    ),
    Lesson(
        "Is the prediction built in?",
        f"Suppose we only asked whether re-engagement is back at its level of 2023 within {period()} of the end "
        "(definition D1).",
        "In how many of the runs in which the war does not end does the same come true, at the same months?",
        _SHARES, _built_in,
        "What comes true without the cause cannot be the work of the cause. Much of a recovery is the border "
        "that opens and grudges "
        "that fade. So the main definition asks for the difference to the same run without an end.",
        State(world=_EARLY),
    ),
    Lesson(
        "Break the prediction",
        "A prediction that nothing can refute says nothing. Each of these is a plausible world in which the war "
        "ends in January 2025.",
        "In which of these runs does the war's end bring Pyongyang back least?",
        tuple(_BREAKERS), _breaks,
        "Now do it yourself: in Explore, find the smallest change that takes the effect's interval across zero, "
        "and say which of your "
        "changes were assumptions and which were policies.",
        State(world=_EARLY.set("grievance", 0.0)),
    ),
)  # fmt: skip


class Lessons:
    """The page of the lessons."""

    def __init__(self, page: Page, lives: Lives) -> None:
        self.page, self.lives = page, lives
        self.score = spot("p", _score({}), role="status", id="score", classes="answer")
        self.right: dict[int, bool] = {}
        self.told: dict[int, Any] = {}
        bets = {int(bet[0]): int(bet[1]) for bet in page.state.bets.split(".") if len(bet) == 2}
        self.bets = {
            number: bet for number, bet in bets.items() if number < len(LESSONS) and bet < len(LESSONS[number].options)
        }
        with tag("div", id="lessons"):
            for number, lesson in enumerate(LESSONS):
                self.build(number, lesson)
        page.begin = self.begin

    async def begin(self) -> None:
        """Reveal what an address says was bet already."""
        for number, bet in list(self.bets.items()):
            if number not in self.right:
                await self.reveal(number, bet)

    def build(self, number: int, lesson: Lesson) -> None:
        """Build one lesson."""
        with tag("section", classes="card", aria_labelledby=f"lesson-{number}"):
            tag("h2", f"{number + 1}. {lesson.title}", id=f"lesson-{number}")
            tag("p", lesson.told)
            with tag("fieldset"):
                tag("legend", lesson.question)
                for place, option in enumerate(lesson.options):
                    with tag("label", classes="check"):
                        radio = tag("input", type="radio", name=f"bet-{number}")
                        radio.props["value"] = str(place)
                        if self.bets.get(number) == place:
                            radio.props["checked"] = True
                        tag("span", sentence(option))
            button = tag(
                "button", "Place the bet and simulate the runs", classes="main", type="button", id=f"bet-{number}"
            )
            chosen = f'document.querySelector("input[name=bet-{number}]:checked")?.value ?? null'
            button.on("click", lambda event: self.bet(number, event.args), js_handler=f"() => emit({chosen})")
            self.told[number] = spot("div", "", role="status", id=f"reveal-{number}")

    async def bet(self, number: int, written: Any) -> None:
        """Take a bet; the first one counts."""
        if number in self.bets:
            return
        if written is None or not str(written).isdecimal() or int(written) >= len(LESSONS[number].options):
            self.told[number].set_content("Choose an answer first: guessing is how one learns here.")
            return
        self.bets[number] = int(written)
        self.page.state = replace(self.page.state, bets=".".join(f"{key}{value}" for key, value in self.bets.items()))
        self.page.address()
        await self.reveal(number, int(written))

    async def reveal(self, number: int, bet: int) -> None:
        """Simulate the runs and tell who was right."""
        self.told[number].set_content("The runs are being lived ...")
        lesson = LESSONS[number]
        right, seen = await lesson.find(self._live)
        self.right[number] = right == bet
        verdict = (
            "Your bet was right."
            if right == bet
            else f"Your bet was “{lesson.options[bet]}”; it is “{lesson.options[right]}”."
        )
        link = Markup('<a href="/?{}">Go on in Explore</a>').format(lesson.explore.query())
        told = Markup("<p class=answer><b>{}</b></p><p>{}</p><p>{}</p><p>{}</p>")
        self.told[number].set_content(told.format(verdict, seen, lesson.meaning, link))
        self.score.set_content(_score(self.right))

    async def _live(self, world: World) -> Ensemble:
        found = await self.lives.whole(world, SEED, lambda: True)
        assert found is not None
        return found


def _score(right: dict[int, bool]) -> str:
    if not right:
        return f"{len(LESSONS)} lessons. Bet first, then see."
    return f"{sum(right.values())} of {len(right)} bets right, {len(LESSONS) - len(right)} lessons to go."
