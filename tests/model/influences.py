"""Which number of the model reads which: found by moving one input after the other and looking at what else moves."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from types import SimpleNamespace

from sim.engine.plan import GIVEN, LUCK
from sim.model import beliefs, outcomes
from sim.model.beliefs import Belief
from sim.model.capitals import CAPITALS
from sim.model.drivers import drivers_of, phase
from sim.model.foresight import look_ahead
from sim.model.goals import GOALS, utility, weights
from sim.model.moves import LEVERS, Moves
from sim.model.pace import pace_over
from sim.model.transition import expectations, next_world
from sim.model.variants import VARIANTS
from sim.model.world import RANGE, World, start
from sim.registers.register import registered_parameters
from sim.scenario.values import resolve

WAR_START, WAR_END = 37.0, 72.0
MONTHS = {"before": 20.0, "early": 45.0, "late": 68.0, "after": 80.0}

Inputs = dict[str, float]

# Where each input rests: nobody at a bound, and no two at the same place, for a mean of equals reads no weight.
_GOLDEN = 0.6180339887498949


def _ranges() -> dict[str, tuple[float, float]]:
    """Return how far each input is moved."""
    ranges = {f"world.{name}": ends for name, ends in RANGE.items()}
    for lever in LEVERS:
        ranges[f"moves.{lever.field}"] = (lever.options[0].value, lever.options[-1].value)
    ranges |= {f"given.{name}": (0.0, 1.0) for name in GIVEN}
    ranges |= {f"luck.{name}": (-2.0, 2.0) if name.startswith("noise_") else (0.0, 1.0) for name in LUCK}
    ranges |= {"luck.crisis_before": (0.0, 1.0), "belief.ends": (0.5, 3.0), "belief.months": (12.0, 120.0)}
    for name, entry in registered_parameters().items():
        bounds = (entry.low, entry.high) if entry.low is not None else (0.9 * entry.default, 1.1 * entry.default + 0.01)
        ranges[f"params.{name}"] = bounds
    return ranges


MOVED = _ranges()


def usual(variant: str = "V0", **changes: float) -> Inputs:
    """Return every input: parameters as a variant has them but for the changes, all else well inside its range."""
    values = {
        name: low + (0.25 + 0.5 * (place * _GOLDEN % 1.0)) * (high - low)
        for place, (name, (low, high)) in enumerate(MOVED.items())
    }
    values |= {"world.expected_support": 1.7, "world.accustomed_west": -0.5}
    values |= {"given.flood": 0.3, "given.crisis": 0.3, "luck.crisis_before": 0.99}
    # a grave test, a treaty about to be signed, and nearly as many workers coming to Russia as can
    values |= {"moves.pyongyang_provoke": 0.9, "moves.pyongyang_toward_moscow": 0.9, "world.pact": 0.05}
    values["world.workers_in_russia"] = values["given.border_russia"] * values["moves.moscow_labour"] - 0.08
    values |= {f"luck.{event}": 1.01 * resolve({})[f"{event}_chance"] for event in ("flood", "crisis")}
    changes = {**VARIANTS[variant].parameters, **changes}
    return values | {f"params.{name}": value for name, value in resolve(changes).items()}


def _group(inputs: Inputs, group: str) -> dict[str, float]:
    return {name.removeprefix(f"{group}."): value for name, value in inputs.items() if name.startswith(f"{group}.")}


def outputs(inputs: Inputs) -> Inputs:
    """Return every number that the rules of a month give: before, early and late in, and after the war."""
    world, moves = World(**_group(inputs, "world")), Moves(**_group(inputs, "moves"))
    belief = Belief(**_group(inputs, "belief"))
    given, luck, params = (SimpleNamespace(**_group(inputs, group)) for group in ("given", "luck", "params"))
    month_ahead, far_ahead = pace_over(params, 1.0), pace_over(params, params.foresight)
    values: Inputs = {}

    def note(name: str, record: object) -> None:
        numbers = asdict(record) if not isinstance(record, Mapping) else record
        values.update({f"{name}.{field}": value for field, value in numbers.items()})

    for when, month in MONTHS.items():
        at = phase(month, WAR_START, WAR_END)
        now = drivers_of(month, WAR_START, WAR_END, given, luck, params)
        note(f"{when} drivers", now)
        note(f"{when} world", next_world(world, world, moves, params, now, month_ahead))
        learnt = beliefs.learn(belief, at.during, given.news, params)
        note(f"{when} belief", learnt)
        for capital in CAPITALS:
            expected = beliefs.outlook(capital, month, WAR_START, WAR_END, WAR_END, given, now, learnt, world, params)
            note(f"{when} outlook of {capital}", expected)
            ahead = look_ahead(world, moves, params, expected, far_ahead)
            note(f"{when} ahead of {capital}", ahead)
            goals = {goal.__name__: goal(ahead, moves, params, expected) for goal in GOALS[capital]}
            note(f"{when} goals of {capital}", goals)
            note(f"{when} utility", {capital: utility(list(goals.values()), weights(capital, params))})
    note("expected", expectations(world, moves, params))
    for capital in CAPITALS:
        note(f"prior of {capital}", beliefs.first_belief(capital, params))
    stance = outcomes.habitual_stance(30.0, 0.9, moves.pyongyang_toward_beijing, params)
    note("start", start(params))
    note("measures", {
        "stance": stance,
        "reengagement": outcomes.reengagement(world, stance, params),
        "relative_alignment": outcomes.relative_alignment(world, stance, params),
        "influence": outcomes.influence(world, params),
        "resources": outcomes.resources(world, params),
    })  # fmt: skip
    return values


def read_by(name: str, inputs: Inputs, at_rest: Inputs) -> set[str]:
    """Return the outputs that move when one input does."""
    moved = (outputs(inputs | {name: value}) for value in MOVED[name])
    return {output for now in moved for output, value in now.items() if value != at_rest[output]}


@cache
def links(variant: str = "V0") -> frozenset[tuple[str, str]]:
    """Return all pairs of an input and an output that reads it, at the parameters of a variant."""
    inputs = usual(variant)
    at_rest = outputs(inputs)
    return frozenset((name, output) for name in inputs for output in read_by(name, inputs, at_rest))


def reads(output: str) -> set[str]:
    """Return the inputs that an output is read from."""
    return {source for source, target in links() if target == output}


def read_in(*groups: str, variant: str = "V0") -> set[str]:
    """Return the inputs that move something in one of these groups of outputs."""
    return {source for source, target in links(variant) if any(group in target for group in groups)}


def moved_by(parameter: str, variant: str = "V0") -> set[str]:
    """Return the outputs that a parameter moves."""
    return {target for source, target in links(variant) if source == f"params.{parameter}"}
