"""What a class needs on paper: ``python -m research.teaching docs`` writes the answer key, the handouts and the slides.

Every number in them is simulated, or read from the record and the verdict, so new rules only need the command again.
The lessons' words are those of the page. It takes some seconds.
"""

import re
import sys
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, select_autoescape
from numpy.typing import NDArray

import sim
from research import lesson_data, verdict_page
from sim.analysis.definitions import CAUSAL_POINTS
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.model.goals import GOALS
from sim.model.moves import LEVERS, Lever, decider
from sim.registers import register
from sim.report.showing import ShownEnsemble
from sim.report.style import format_signed, spoken_month
from sim.report.templating import templates
from sim.report.text.answer import answer_of_run
from sim.scenario import Scenario
from sim.storage import sealed
from sim.web import read_from_package, read_from_page, verdict_file

SEED, RUNS = 1, 256  # as the page simulates its lessons
WORDS: Mapping[str, str] = read_from_page("strings/en.json")
YEARS = range(2019, 2024)
WARTIME = ("2023-09", "2024-08")
PEACE = "2025-01"  # in the scenario war-ends-early
MONTHS_AFTER = (6, 12, 24, 36, 48)
UNITS = {"money": "{:.0f} million dollars", "percent": "{:.0f}%", "points": "{:+.1f} points", "count": "{:.0f}"}
PICTURE = "images/verdict/no-end-control.png"
PAGES = ("answer-key.md", "handouts.md", "slides.html")

Effects = NDArray[np.float64]


@dataclass(frozen=True)
class Card:
    """A role card: a capital, its goals in short and as the rules say them, and the levers that it decides."""

    capital: str
    goals: tuple[tuple[str, str], ...]
    levers: tuple[Lever, ...]


@dataclass(frozen=True)
class Lesson:
    """A lesson of the page with its answers: what is guessed, the number of each, and the words that hold them."""

    name: str
    unit: str
    guesses: tuple[str, ...]
    values: tuple[float, ...]
    said: Mapping[str, object]

    def word(self, key: str) -> str:
        """Return the page's words for a part of the lesson, such as ``title``, ``question``, ``answer`` or ``why``."""
        return WORDS[f"lessons.{self.name}.{key}"].format(**self.said)

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Each guess with its answer in the lesson's unit."""
        texts = [UNITS[self.unit].format(value).replace("-", "\N{MINUS SIGN}") for value in self.values]
        return list(zip(self.guesses, texts, strict=True))


def lessons(seed: int = SEED) -> list[Lesson]:
    """Return the eight lessons with their answers, as the page simulates them under this seed."""
    ends = sim.ensemble("war-ends-early", runs=RUNS, seed=seed)
    return [_trade(), _bloc(seed), _end(ends), _gap(ends), _anecdote(ends), _built(ends), _policy(seed), _good()]


def _trade() -> Lesson:
    table = register.observed_table("annual")
    trade = table[table["series"] == "china_dprk_trade_total"].set_index("year")["value"]
    values = [float(trade[year]) for year in YEARS]
    return Lesson(
        "trade", "money", tuple(map(str, YEARS)), tuple(values),
        {"low": round(min(values)), "high": round(max(values))},
    )  # fmt: skip


def _bloc(seed: int) -> Lesson:
    first, last = WARTIME
    values = []
    for without in ((), ("C01",)):
        many = sim.ensemble(sim.load("baseline").with_(without=list(without)), runs=RUNS, seed=seed)
        joined = many.series("beijing_bloc").loc[:, first:last] == 1.0
        values.append(100 * float(joined.to_numpy().mean()))
    return Lesson(
        "bloc", "percent", _words("bloc", ("with", "without")), tuple(values),
        {"one": f"{values[0]:.0f}%", "other": f"{values[1]:.0f}%"},
    )  # fmt: skip


def _end(ends: ShownEnsemble) -> Lesson:
    share = 100 * float(np.mean(_effects(ends) >= CAUSAL_POINTS))
    study = read_from_package(verdict_file.FILE)
    said = {"share": f"{share:.0f}%", "study": f"{study['share']}%", "asked": f"{study['asked']}%"}
    return Lesson("end", "percent", _words("end", ("share",)), (share,), said | {"word": study["word"]})


def _gap(ends: ShownEnsemble) -> Lesson:
    after = [months.name(months.index(PEACE) + later) for later in MONTHS_AFTER]
    gaps = ends.series("reengagement")[after] - ends.control.series("reengagement")[after]
    values = tuple(map(float, gaps.mean()))
    guesses = tuple(WORDS["lessons.gap.months"].format(months=later) for later in MONTHS_AFTER)
    said = {"year": format_signed(values[1]), "two": format_signed(values[2]), "four": format_signed(values[4])}
    return Lesson("gap", "points", guesses, values, said)


def _anecdote(ends: ShownEnsemble) -> Lesson:
    effects = _effects(ends)
    values = tuple(map(float, np.quantile(effects, (0.1, 0.5, 0.9))))
    parts = ("low", "middle", "high")
    said = {
        "one": format_signed(effects[0]),
        "other": format_signed(effects[1]),
        "below": f"{100 * np.mean(effects < 0):.0f}%",
    }
    return Lesson("anecdote", "points", _words("anecdote", parts), values, said | dict(_signs(parts, values)))


def _built(ends: ShownEnsemble) -> Lesson:
    judged = ends.drift.judged
    values = (100 * float(ends.drift.share["D1"]), 100 * float(ends.drift.control[judged]["D1"].notna().mean()))
    said = {"one": f"{values[0]:.0f}%", "control": f"{values[1]:.0f}%"}
    return Lesson("built", "percent", _words("built", ("with", "without")), values, said)


def _policy(seed: int) -> Lesson:
    ends = sim.load("war-ends-early")
    moved: dict[str, Scenario] = {
        "reads": ends.with_(patrons_together=0.9),
        "grudge": ends.with_(grievance=2.0),
        "trade": _holding(ends, "Beijing", "trade", "generous"),
        "border": ends.with_(drivers={"border": {PEACE: 1.2}}),
    }

    def mean(world: Scenario) -> float:
        return float(np.mean(_effects(sim.ensemble(world, runs=RUNS, seed=seed))))

    values = tuple(map(mean, moved.values()))
    said = {"usual": format_signed(mean(ends))} | dict(_signs(moved, values))
    return Lesson("policy", "points", _words("policy", moved), values, said)


def _good() -> Lesson:
    counted = read_from_page(lesson_data.FILE)
    pictures = "; ".join(
        WORDS["lessons.good.picture"].format(title=title, inside=inside, figures=figures)
        for title, inside, figures in counted["pictures"]
    )
    return Lesson("good", "count", _words("good", ("inside",)), (counted["inside"],), {**counted, "pictures": pictures})


def _effects(many: ShownEnsemble) -> Effects:
    """Return what the end of the war does to re-engagement in each run, two years on, in points."""
    return many.outcomes["effect_of_the_end"].to_numpy(dtype=float)


def _holding(world: Scenario, capital: str, lever: str, option: str) -> Scenario:
    """Return a world in which a capital takes one option from the first month of peace on."""
    move = {"capital": capital, "lever": lever, "option": option, "from": PEACE, "to": "2032-12"}
    return world.with_(moves=[move])


def _words(name: str, parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(WORDS[f"lessons.{name}.{part}"] for part in parts)


def _signs(names: Iterable[str], values: Iterable[float]) -> Iterable[tuple[str, str]]:
    return zip(names, map(format_signed, values), strict=True)


def answer() -> str:
    """Return the answer as every page has it, of the histories that the lessons are about."""
    ended = sim.ensemble("war-ends-early", runs=RUNS, seed=SEED, control=True)
    return answer_of_run(ended, ended.control)


def leaning() -> list[str]:
    """Return the assumptions without which the end of the war pushes Pyongyang away, in words."""
    register_of = register.assumptions()
    return [register_of[one["id"]].says for one in read_from_package(verdict_file.FILE)["left"] if one["percent"] < 0]


def cards() -> list[Card]:
    """Return the role cards of all capitals."""
    return [
        Card(
            capital,
            tuple((WORDS[f"play.goal.{capital}.{goal.__name__}"], _first_line(goal)) for goal in GOALS[capital]),
            tuple(lever for lever in LEVERS if decider(lever) == capital),
        )
        for capital in CAPITALS
    ]


def _first_line(goal: Callable[..., float]) -> str:
    return (goal.__doc__ or "").splitlines()[0].rstrip(".")


def turns() -> list[str]:
    """Return the months at which the game's turns begin, in words.

    >>> turns()[:2]
    ['January 2019', 'January 2020']
    """
    return [spoken_month(turn["month"]) for turn in read_from_package("play.json")["turning"]]


def pages(docs: Path) -> dict[str, str]:
    """Return the three pages by the names of their files; the picture is one of the page of the verdict."""
    title = re.search(rf"!\[([^\]]+)\]\({PICTURE}\)", (docs / verdict_page.PAGE).read_text(encoding="utf-8"))
    if not title:
        raise ValueError(
            f"{docs / verdict_page.PAGE} has no picture {PICTURE}; python -m research.verdict_page puts it there"
        )
    said = {
        "seed": SEED, "runs": RUNS, "lessons": {one.name: one for one in lessons()}, "answer": answer(),
        "study": read_from_package(verdict_file.FILE), "points": CAUSAL_POINTS, "leaning": leaning(), "cards": cards(),
        "turns": turns(), "picture": b64encode((docs / PICTURE).read_bytes()).decode(), "title": title[1],
    }  # fmt: skip
    return {name: _templates().get_template(name).render(said) + "\n" for name in PAGES}


def _templates() -> Environment:
    folder = Path(__file__).parent / "templates"
    return templates().overlay(loader=FileSystemLoader(folder), autoescape=select_autoescape())


def main(docs: Path) -> None:
    """Write the pages."""
    for name, text in pages(docs).items():
        sealed.put(docs / name, text.encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
