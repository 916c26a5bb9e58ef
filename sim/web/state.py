"""What a reader has chosen, and the address that says it: everything on the page follows from it."""

import base64
import binascii
import zlib
from asyncio import to_thread
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sim.engine.ensemble import SERIES
from sim.model import months
from sim.model.moves import CAPITALS, LEVER
from sim.scenario import Problem, Scenario, ScenarioError, available, load, loads
from sim.scenario.errors import nearest
from sim.scenario.reading import read as read_document
from sim.scenario.schema import ROOT
from sim.scenario.words import NO_END, named
from sim.web.controls import CONTROL, changes

RUNS = 1000
SHOWN = (  # the series of a world that the page keeps
    "reengagement",
    "relative_alignment",
    "influence",
    "china_flow",
    "workers_in_china",
    "russia_flow",
    "arms_flow",
    "workers_in_russia",
    *(name for name in SERIES if name.startswith("warmth_")),
)
LARGEST_ADDRESS = 12_000  # characters of a packed scenario that an address carries
_LARGEST_TEXT = 64 * 1024  # bytes that a packed scenario may unpack to
_PACKED = "yaml."


@dataclass(frozen=True)
class World:
    """A scenario, by name or packed, and the controls that were moved."""

    base: str = "war-ends-early"
    values: tuple[tuple[str, Any], ...] = ()

    def set(self, name: str, value: Any) -> "World":
        """Return the world with one control moved; None puts it back."""
        kept = {key: old for key, old in self.values if key != name}
        if value is not None and value != "":
            kept[name] = value
        return replace(self, values=tuple((key, kept[key]) for key in CONTROL if key in kept))

    def get(self, name: str) -> Any:
        """Return the value of a control, None where it was not moved."""
        return dict(self.values).get(name)

    @property
    def endless(self) -> "World":
        """The same world without an end of the war."""
        return self.set("how", None).set("end", CONTROL["end"].parse(NO_END))

    def scenario(self) -> Scenario:
        """Return the scenario.

        Raises
        ------
        ScenarioError
            If there is none of that name, or a control does not go with it.
        """
        return _scenario(self)

    def query(self) -> list[tuple[str, str]]:
        """Return the world as pairs of an address."""
        return [("base", self.base), *((name, CONTROL[name].write(value)) for name, value in self.values)]


@lru_cache(maxsize=256)
def _scenario(world: World) -> Scenario:
    base = based_on(world.base)
    changed = changes(base, dict(world.values))
    if not changed:
        return base
    return base.with_(name=named(base.name, ", changed"), **changed)


@lru_cache(maxsize=64)
def based_on(base: str) -> Scenario:
    """Return the scenario that a world starts from: a name, or a packed text.

    Raises
    ------
    ScenarioError
        If there is none, or the text is no scenario.
    ValueError
        If it cannot be unpacked.
    """
    if not base.startswith(_PACKED):
        if base not in {name for name, _ in available()}:
            return load(base.replace("/", " ").replace("\\", " "))  # never a path: the error names the nearest
        return load(base)
    try:
        raw = base64.urlsafe_b64decode(base.removeprefix(_PACKED) + "==")
        machine = zlib.decompressobj()
        text = machine.decompress(raw, _LARGEST_TEXT).decode()
    except (ValueError, binascii.Error, zlib.error):
        raise ValueError("the scenario in this address is damaged; ask for the link again") from None
    if machine.unconsumed_tail or not machine.eof:
        raise ValueError("the scenario in this address is damaged or too large")
    return read_yaml(text, "the scenario in this address")


def read_yaml(text: str, source: str) -> Scenario:
    """Return the scenario that a stranger's text describes; it may extend named scenarios, and no files.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it.
    """
    extends = str(read_document(text, source).data.get("extends", ROOT))
    if extends not in (ROOT, *(name for name, _ in available())):
        why = "only scenarios that come with the program can be extended here"
        fix = "extend one of these, or write the whole scenario"
        raise ScenarioError(
            [Problem(why, source, None, "extends", extends[:60], "baseline and others of `sim list`", fix=fix)]
        )
    return loads(text, source)


def packed(scenario: Scenario) -> str:
    """Return a whole scenario as a word for an address.

    Raises
    ------
    ValueError
        If it is too long for one.
    """
    text = scenario.to_yaml().encode()
    word = _PACKED + base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")
    if len(text) > _LARGEST_TEXT or len(word) > LARGEST_ADDRESS:
        raise ValueError(
            f"this scenario is too long for the page ({len(text):,} bytes, {len(word):,} characters packed); "
            "use `sim run`"
        )
    return word


@dataclass(frozen=True)
class Fork:
    """A lever tied to an option from a month on, for some months."""

    lever: str
    option: str
    first: int
    months: int

    @classmethod
    def read(cls, written: str) -> "Fork":
        """Return the fork of an address.

        Raises
        ------
        ValueError
            If it is none.
        """
        lever, option, first, count = (written.split(":") + [""] * 4)[:4]
        if lever not in LEVER or option not in [each.name for each in LEVER[lever].options] or not count.isdecimal():
            raise ValueError(f"{written[:60]!r} is no change of a move; write lever:option:YYYY-MM:months")
        return cls(lever, option, months.index(first), min(max(int(count), 1), 120))

    def __str__(self) -> str:
        """Return the fork as an address says it."""
        return f"{self.lever}:{self.option}:{months.name(self.first)}:{self.months}"

    def of(self, scenario: Scenario) -> Scenario:
        """Return a scenario with the move changed.

        Raises
        ------
        ScenarioError
            If the scenario ties the lever already.
        """
        return scenario.with_(name=named(scenario.name, ", forked"), moves=[self.move])

    @property
    def move(self) -> dict[str, str]:
        """The scripted move as a scenario file has it."""
        lever = LEVER[self.lever]
        first, last = (months.name(self.first + ahead) for ahead in (0, self.months - 1))
        return {"capital": lever.capital, "lever": lever.name, "option": self.option, "from": first, "to": last}


@dataclass(frozen=True)
class State:
    """Everything that a page shows depends on.

    Attributes
    ----------
    world, pin
        The world at hand, and the one it is compared with.
    seed
        All chance.
    series, lever, month
        What the fan, the options and the capitals show.
    run
        The number of the world that is told in full.
    fork
        A move that is changed in it: lever:option:YYYY-MM:months, or nothing.
    capital, step, played
        The capital that the reader plays, the months of a turn, and the options taken: a digit a lever, turns apart by
        points.
    bets
        What was bet in the lessons: lesson and option, a digit each, apart by points.
    """

    world: World = field(default_factory=World)
    pin: World = World("baseline")
    seed: int = 1
    series: str = "reengagement"
    lever: str = "pyongyang_toward_beijing"
    month: int = months.index("2027-01")
    run: int = 0
    fork: str = ""
    capital: str = "Pyongyang"
    step: int = 3
    played: str = ""
    bets: str = ""

    def query(self) -> str:
        """Return the address's query: what differs from the start, and the world."""
        pairs = self.world.query()
        if self.pin != State.pin:
            pairs.append(("pin", urlencode(self.pin.query())))
        usual = State()
        for name in (each for each in _PARSERS if each != "month"):
            if getattr(self, name) != getattr(usual, name):
                pairs.append((name, str(getattr(self, name))))
        if self.month != usual.month:
            pairs.append(("month", months.name(self.month)))
        return urlencode(pairs)


def read(query: str) -> tuple[State, list[str]]:
    """Return the state of an address, and what of the address could not be used, in words."""
    pairs = dict(parse_qsl(query[: 4 * LARGEST_ADDRESS], keep_blank_values=True))
    problems: list[str] = []
    state = State()
    world = _world(pairs, World(), problems)
    pin = _world(dict(parse_qsl(pairs["pin"])), State.pin, problems) if "pin" in pairs else State.pin
    state = replace(state, world=world, pin=pin)
    for name, parse in _PARSERS.items():
        if name in pairs:
            try:
                state = replace(state, **{name: parse(pairs[name])})
            except (ValueError, KeyError) as error:
                problems.append(f"{name}: {error.args[0]}")
    state = _drawable(state, "month" in pairs, problems)
    for name in set(pairs) - set(CONTROL) - set(_PARSERS) - {"base", "pin"}:
        problems.append(f"{name[:40]!r} means nothing here")
    return state, problems


def _drawable(state: State, month_said: bool, problems: list[str]) -> State:
    """Return the state without a month that its world does not have, and without a move that cannot be changed."""
    scenario = state.world.scenario()
    last = scenario.horizon - 1
    if month_said and state.month > last:
        problems.append(f"month: {months.name(state.month)} lies after {months.name(last)}, where this run ends")
        state = replace(state, month=last)
    if state.fork:
        fork = Fork.read(state.fork)
        try:
            if fork.first > last:
                raise ValueError(f"{months.name(fork.first)} lies after {months.name(last)}, where this run ends")
            fork.of(scenario)
        except (ValueError, ScenarioError) as error:
            problems.append(f"fork: {error}")
            state = replace(state, fork="")
    return state


async def asked(query: str) -> tuple[State, list[str]]:
    """Return what :func:`read` does, in a thread: others are answered while a stranger's scenario is looked through."""
    return await to_thread(read, query)


def _world(pairs: Mapping[str, str], usual: World, problems: list[str]) -> World:
    world = usual
    if "base" in pairs:
        try:
            based_on(pairs["base"])
            world = World(pairs["base"])
        except (ValueError, ScenarioError) as error:
            problems.append(str(error))
    for name, control in CONTROL.items():
        if name in pairs:
            try:
                world = world.set(name, control.parse(pairs[name]))
            except ValueError as error:
                problems.append(str(error))
    try:
        world.scenario()
    except ScenarioError as error:
        problems.append(str(error))
        return World(world.base)
    return world


def _month(written: str) -> int:
    month = months.index(written)
    if month > months.index("2032-12"):
        raise ValueError(f"{written} lies after 2032-12")
    return month


def _one_of(known: Any) -> Any:
    def parse(written: str) -> str:
        if written not in known:
            example = nearest(written, known) or next(iter(known))
            raise ValueError(f"{written[:60]!r} is not known; write {example}, for example")
        return written

    return parse


def _whole(most: int) -> Any:
    def parse(written: str) -> int:
        if not (written.isdecimal() and int(written) <= most):
            raise ValueError(f"{written[:60]!r} is no whole number from 0 to {most}")
        return int(written)

    return parse


def _fork(written: str) -> str:
    if written:
        Fork.read(written)
    return written


def _step(written: str) -> int:
    if written not in ("1", "3"):
        raise ValueError(f"{written[:20]!r} is no length of a turn; write 1 or 3")
    return int(written)


def _digits(written: str) -> str:
    if len(written) > 400 or not all(part.isdecimal() and part.isascii() for part in written.split(".") if written):
        raise ValueError(f"{written[:40]!r} cannot be read; groups of digits, apart by points, are wanted")
    return written


_PARSERS: dict[str, Any] = {
    "seed": _whole(2**32 - 1),
    "series": _one_of(SHOWN),
    "lever": _one_of(LEVER),
    "month": _month,
    "run": _whole(RUNS - 1),
    "fork": _fork,
    "capital": _one_of(CAPITALS),
    "step": _step,
    "played": _digits,
    "bets": _digits,
}
