"""The check table: some months with every number that goes in and every number that comes out.

Whoever writes the model again from its protocol compares a month with it, line by line. The first month is one of a
run; the others start from a state inside every range with every variant's parameter switched on, so that a change of
any rule shows.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import cycle

import numpy as np

from sim.engine.blocks import REMEMBERED
from sim.engine.draws import SLOTS
from sim.engine.mesa.agents import Peninsula
from sim.engine.mesa.decisions import Deal, Decision
from sim.engine.plan import GIVEN, MEASURES
from sim.model import choice, months
from sim.model.moves import BUNDLES, DEAL, LEVER, LEVERS, Moves
from sim.model.variants import VARIANTS
from sim.model.world import RANGE
from sim.scenario import load

SEED, RUN = 1, 0
Row = tuple[str, str, float]  # of what kind a number is, its name, its value
HEADER = ("month", "what", "name", "value")
# Parameters that only a variant switches on, and a review of every lever.
SWITCHED_ON = {
    name: value
    for variant in ("V6", "V7", "V10", "V14", "V15", "V16", "V17", "V18", "V19", "V20")
    for name, value in VARIANTS[variant].parameters.items()
} | {"review_by_kind": 0.0, "tolerance": 0.1}
_DRIVERS = {"news": 0.3, "alternative_supplier": 0.3, "flood": 0.4, "crisis": 0.2}
# Where a rule has a threshold, the state lies beyond it: support falls short, Beijing turns West, a treaty is near.
_BEYOND = {"world.expected_support": 1.7, "world.accustomed_west": -0.5, "world.pact": 0.05}
_GOLDEN = 0.6180339887498949  # no two inputs lie at the same place of their range


@dataclass(frozen=True, slots=True)
class Check:
    """A month of the table.

    Attributes
    ----------
    name
        What the rows of the month are called.
    says
        What month it is, in words.
    month
        YYYY-MM.
    variant
        The reading of the model.
    from_run
        Whether the month is one of a run from January 2019; else it starts from :func:`state_inside_ranges`.
    script
        Moves that the scenario scripts.
    """

    name: str
    says: str
    month: str
    variant: str = "V0"
    from_run: bool = False
    script: tuple[Mapping[str, str], ...] = ()


_PAYS = {"capital": "deal", "lever": "pay", "option": "good", "from": "2025-09", "to": "2025-09"}
CHECKS = (
    Check("run", "June 2024 of run 0 under seed 1, with the defaults", "2024-06", from_run=True),
    Check("before", "a month before the war, variant V1", "2020-09", "V1"),
    Check("war", "an early month of the war, variant V11", "2022-09", "V11"),
    Check("after", "a month after the war, payment scripted", "2025-09", script=(_PAYS,)),
)


def check_table() -> str:
    """Return the check table as CSV: a row a number, to twelve digits."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADER)
    for check in CHECKS:
        rows.writerows((check.name, what, name, f"{value:.12g}") for what, name, value in month(check))
    return text.getvalue()


def month(check: Check) -> list[Row]:
    """Return what goes into a month and what comes out of it, a row a number."""
    model = _before(check)
    last, drawn = model.moves, {name: model.draw(name) for name in SLOTS}
    return [*_goes_in(model, drawn), *_comes_out(model, last, drawn)]


def _goes_in(model: Peninsula, drawn: Mapping[str, float]) -> Iterator[Row]:
    yield "month", "since 2019-01", float(model.month)
    yield "month", "first of peace", model.war_end
    yield from _rows("first of peace as seen", model.seen)
    yield from _rows("given", dict(zip(GIVEN, model.plan.given[model.month].tolist(), strict=True)))
    yield from _rows("draw", drawn)
    yield from _rows("state before", asdict(model.world))
    yield from _rows("move before", asdict(model.moves))
    for capital in model.capitals:
        yield from _rows(f"belief of {capital.name} before", asdict(capital.belief))
        yield "habitual utility before", capital.name, capital.habitual
    yield "before", "habitual stance", model.stance
    yield "before", "bundle", float(model.bundle)


def _comes_out(model: Peninsula, last: Moves, drawn: Mapping[str, float]) -> Iterator[Row]:
    model.step()
    yield from _rows("driver", asdict(model.drivers))
    for capital in model.capitals:
        yield from _rows(f"belief of {capital.name}", asdict(capital.belief))
        yield from _rows(f"outlook of {capital.name}", asdict(capital.outlook))
    chances = {lever.field: choice.review_chance(lever, model.drivers.border, model.params) for lever in LEVERS}
    yield from _rows("chance of review", chances)
    for decision in model.decisions:
        yield from _options(decision)
        chosen = LEVER[decision.lever].options[decision.chosen].value
        odds = drawn[f"review_{decision.lever}"], chances[decision.lever]
        yield "decided", decision.lever, choice.option_after_review(*odds, chosen, getattr(last, decision.lever))
    for settled in model.deals:
        yield from _bundles(settled)
    yield from _rows("move", asdict(model.moves))
    yield from _rows("state", asdict(model.world))
    yield from _rows("utility that came", {capital.name: capital.had for capital in model.capitals})
    yield from _rows("habitual utility", {capital.name: capital.habitual for capital in model.capitals})
    yield "measure", "habitual_stance", model.stance
    yield from _rows("measure", {name: model.datacollector.model_vars[name][-1] for name in MEASURES})


def _options(decision: Decision) -> Iterator[Row]:
    for option, scored in zip(LEVER[decision.lever].options, decision.options, strict=True):
        what = f"{decision.lever}: {option.name}"
        yield from _rows(what, dict(zip(decision.goals, scored.terms, strict=True)))
        yield what, "utility", scored.utility
        yield what, "chance", scored.chance


def _bundles(settled: Deal) -> Iterator[Row]:
    for bundle in settled.bundles:
        what = f"bundle {bundle.arms:g}/{bundle.pay:g}/{bundle.technology:g}"
        yield what, "utility of Moscow", bundle.moscow.utility
        yield what, "utility of Pyongyang", bundle.pyongyang.utility
        yield what, "score", bundle.score
        yield what, "chance", bundle.chance


def _rows(what: str, numbers: Mapping[str, float]) -> Iterator[Row]:
    for name, value in numbers.items():
        yield what, name, value


def state_inside_ranges() -> dict[str, float]:
    """Return a state inside every range, by the names of what a run remembers."""
    known = {"stance": 0.2, "bundle": 7.0, "chance.crisis": 0.9}
    places = (0.25 + 0.5 * (place * _GOLDEN % 1.0) for place in range(len(REMEMBERED)))
    for name, place in zip(REMEMBERED, places, strict=True):
        group, _, field = name.partition(".")
        if group == "world":
            low, high = RANGE[field]
            known[name] = low + place * (high - low)
        elif group == "belief":
            known[name] = 2.0 * place if field.endswith("ends") else 120.0 * place
        elif group == "habit":
            known[name] = place
    for lever, turn in zip(LEVERS, cycle((1, 2, 0))):
        known[f"moves.{lever.field}"] = lever.options[min(turn, len(lever.options) - 1)].value
    known |= {f"moves.{lever.field}": value for lever, value in zip(DEAL, BUNDLES[7], strict=True)}
    known |= {"moves.pyongyang_provoke": 1.0, "moves.pyongyang_toward_moscow": 1.0}
    return known | _BEYOND


def _before(check: Check) -> Peninsula:
    """Return the model as the month begins."""
    scenario, at = load("war-ends-early"), months.index(check.month)
    if check.from_run:
        model = Peninsula(scenario, seed=SEED, run=RUN)
        for _ in range(at):
            model.step()
        model.decisions.clear()
        model.deals.clear()
        return model
    changed = scenario.with_(variant=check.variant, drivers=_DRIVERS, moves=[dict(move) for move in check.script])
    model = Peninsula(changed, seed=SEED, run=RUN)
    vars(model.params).update(SWITCHED_ON)
    known = state_inside_ranges()
    model.set_out(at, np.array([known[name] for name in REMEMBERED]))
    return model
