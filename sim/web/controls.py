"""The controls of the page: what each changes in a scenario, and whether it is an assumption or a policy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sim.article.register import parameters, switches
from sim.model import months
from sim.model.moves import LEVER
from sim.report.style import sentence, spoken
from sim.scenario import Scenario
from sim.scenario.values import defaults
from sim.scenario.words import LAST, NO_END

Kind = Literal["assumption", "policy"]
Changes = dict[str, Any]

FROM = "2024-09"  # policies and borders change from here on: the month after the article
_NEVER = months.index("2031-01")  # the right end of the slider of the war's end
_BEFORE = 12  # months of credible talks before an end that is seen coming


@dataclass(frozen=True)
class Slider:
    """A control on a scale; ``shown`` says a value in words, ``read`` finds it in a scenario."""

    name: str
    label: str
    kind: Kind
    help: str
    low: float
    high: float
    step: float
    shown: Callable[[float], str]
    read: Callable[[Scenario], float]
    changes: Callable[[float], Changes]

    def parse(self, written: str) -> float:
        """Return the value that an address or a slider gives.

        Raises
        ------
        ValueError
            If it is no number on the scale.
        """
        try:
            value = float(written)
        except ValueError:
            raise ValueError(f"{self.label}: {written[:40]!r} is no number") from None
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.label}: {written} is not between {self.low:g} and {self.high:g}")
        return value

    def write(self, value: float) -> str:
        """Return a value as an address says it."""
        return f"{value:g}"


class End(Slider):
    """The slider of the war's end: months, with never at its right end."""

    def parse(self, written: str) -> float:
        """Return the month of "never", of YYYY-MM, or of a place on the slider."""
        if written == NO_END:
            return self.high
        return super().parse(str(months.index(written)) if written[4:5] == "-" else written)

    def write(self, value: float) -> str:
        """Return the month as YYYY-MM, or "never"."""
        return NO_END if value >= self.high else months.name(int(value))


@dataclass(frozen=True)
class Choice:
    """A control with named options; the first leaves the world as it is."""

    name: str
    label: str
    kind: Kind
    help: str
    options: Mapping[str, str]
    changes: Callable[[str], Changes]

    def write(self, value: str) -> str:
        """Return a value as an address says it."""
        return value

    def parse(self, written: str) -> str:
        """Return the option that an address or a list gives.

        Raises
        ------
        ValueError
            If there is no such option.
        """
        if written not in self.options:
            raise ValueError(f"{self.label}: {written!r} is none of {', '.join(self.options)}")
        return written


@dataclass(frozen=True)
class Switches:
    """Claims and assumptions that are switched off, by id."""

    name: str
    label: str
    kind: Kind
    help: str

    def parse(self, written: str) -> str:
        """Return the ids, each once and in order.

        Raises
        ------
        ValueError
            If an id cannot be switched off.
        """
        ids = sorted({part for part in written.split(",") if part}, key=lambda each: (each[0], each[1:].zfill(3)))
        if unknown := [each for each in ids if each not in switches()]:
            raise ValueError(f"{self.label}: {unknown[0]!r} is no claim or assumption that can be switched off")
        return ",".join(ids)

    def write(self, value: str) -> str:
        """Return a value as an address says it."""
        return value

    def changes(self, written: str) -> Changes:
        """Return what is switched off."""
        return {"without": written.split(",")} if written else {}


Control = Slider | Choice | Switches


def _parameter(name: str, label: str, kind: Kind, help: str, step: float, ends: tuple[str, str]) -> Slider:
    known = parameters()[name]
    assert known.low is not None and known.high is not None
    low, high = known.low, known.high

    def shown(value: float) -> str:
        word = ends[0] if value == low else ends[1] if value == high else ""
        return f"{value:g}" + (f", {word}" if word else "")

    return Slider(
        name, label, kind, help, low, high, step, shown,
        lambda scenario: defaults(scenario.parameters)[name], lambda value: {"parameters": {name: value}},
    )  # fmt: skip


def _driver(name: str, label: str, kind: Kind, help: str, high: float, ends: tuple[str, str]) -> Slider:
    def shown(value: float) -> str:
        word = ends[0] if value == 0 else ends[1] if value == high else ""
        return f"{value:g}" + (f", {word}" if word else "")

    return Slider(
        name, label, kind, help, 0.0, high, 0.05, shown,
        lambda scenario: scenario.schedule()[name][min(months.index(FROM), scenario.horizon - 1)],
        lambda value: {"drivers": {name: {FROM: value}}},
    )  # fmt: skip


def _line(field: str, name: str, label: str, help: str) -> Choice:
    """Return a choice that ties a lever to one option from :data:`FROM` on."""
    lever = LEVER[field]
    options = {"": f"{lever.capital} decides"} | {option.name: sentence(option.label) for option in lever.options}

    def changes(option: str) -> Changes:
        move = {"capital": lever.capital, "lever": lever.name, "option": option, "from": FROM, "to": LAST}
        return {"moves": [move]} if option else {}

    return Choice(name, label, "policy", help, options, changes)


def _end_shown(month: float) -> str:
    return "the war does not end" if month >= _NEVER else spoken(int(month))


def _end_read(scenario: Scenario) -> float:
    end = scenario.war_end
    month = _NEVER if end is None else end if isinstance(end, int) else (end[0] + end[1]) // 2
    return float(min(max(month, months.index(FROM)), _NEVER))


def _end(month: float) -> Changes:
    return {"war": {"ends": NO_END if month >= _NEVER else months.name(int(month))}}


CONTROLS: tuple[Control, ...] = (
    End("end", "When the war ends", "assumption", "The first month of peace.",
           float(months.index(FROM)), float(_NEVER), 1.0, _end_shown, _end_read, _end),
    Choice("how", "How it ends", "assumption", "Whether the capitals see the end coming.",
           {"": "As the world has it", "talks": "After a year of credible talks"}, lambda option: {}),
    _parameter("postwar_need", "Moscow's need of arms after the war", "assumption",
               "Twice the need just after the war; in war it is at most 1.", 0.05, ("none", "the most")),
    _parameter("postwar_isolation", "Sanctions on Moscow after the war", "policy",
               "How far Moscow stays cut off from the advanced economies.", 0.05, ("lifted", "all stay")),
    _driver("sanctions_nominal", "Sanctions on the North, on paper", "policy",
            f"The share of all trade that is banned, from {FROM} on.", 1.0, ("none", "all trade banned")),
    _line("washington_toward_beijing", "washington", "Washington's line on Beijing", f"From {FROM} on."),
    _line("seoul_north", "seoul", "Seoul's line on the North", f"From {FROM} on."),
    _driver("border", "Openness of China's border with the North", "policy", f"From {FROM} on; 1 is as in 2019.", 1.2,
            ("shut", "more open than in 2019")),
    Choice("flood", "A great flood in the North", "assumption", "Half a year of flood from July on.",
           {"": "As the world has it"} | {str(year): f"In {year}" for year in range(2025, 2030)},
           lambda year: {"drivers": {"flood": {"from": f"{year}-07", "to": f"{year}-12"}}} if year else {}),
    _parameter("foresight", "How far the capitals look ahead", "assumption", "In months.", 1.0,
               ("short-sighted", "far-sighted")),
    _parameter("patrons_together", "How Kim values two patrons (ξ)", "assumption",
               "-1: either will do. 0: they add up. 1: they count only together.", 0.05,
               ("either will do", "only together")),
    _parameter("grievance", "How much Kim resents a shortfall (φ)", "assumption",
               "How much missing support makes courting Beijing hurt.", 0.1, ("not at all", "the most")),
    Switches("off", "Claims and assumptions switched off", "assumption", "What the model does without."),
)  # fmt: skip
CONTROL = {control.name: control for control in CONTROLS}


def changes(base: Scenario, values: Mapping[str, Any]) -> Changes:
    """Return what some values change in a scenario, in the keys of a scenario file.

    Parameters
    ----------
    values
        By name of the control; a control that is not named changes nothing.
    """
    merged: Changes = {}
    for name, value in values.items():
        for key, change in CONTROL[name].changes(value).items():
            merged[key] = _joined(merged.get(key), change)
    if values.get("how") == "talks":
        end = values.get("end", _end_read(base))
        if end < _NEVER:
            first, last = months.name(max(int(end) - _BEFORE, 0)), months.name(int(end) - 1)
            merged["drivers"] = _joined(merged.get("drivers"), {"news": {"from": first, "to": last}})
    return merged


def _joined(old: Any, new: Any) -> Any:
    if isinstance(new, list):
        return [*(old or []), *new]
    return {**(old or {}), **new}
