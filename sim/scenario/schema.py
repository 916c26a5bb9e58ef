"""A scenario: what a file may say, and what the engines ask of it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Self

import yaml
from pydantic import Field, PrivateAttr, ValidationError
from pydantic_core import ErrorDetails

from sim.model.months import index
from sim.model.variants import VARIANTS
from sim.registers.register import registered_parameters
from sim.scenario.errors import MOST, Fault, Problem, ScenarioError, nearest_word, show_value
from sim.scenario.layers import OWN, Layer, from_data, lay
from sim.scenario.paths import Onset, Pulse, Ramp, ScenarioPart, Shocks, Uniform, driver_by_month
from sim.scenario.plain_data import NO_END, License, Name, Text
from sim.scenario.priors import Drawn
from sim.scenario.registered import Correlated, Parameters, VariantName, Without
from sim.scenario.scripted_moves import Move, Moves, Policies
from sim.scenario.values import resolve
from sim.scenario.war_and_drivers import LAID_ON_BORDER, Drivers, Months, War, driver_bounds, driver_range, role
from sim.scenario.yaml_reading import KeyPath

ROOT = "nothing"  # what the baseline extends
# Keys that scenarios had once, and what replaces them.
_GONE = {
    "administrations": "delete it, and under drivers write by month, each from -1 to 1: "
    + ", ".join(name for name in Drivers.model_fields if name.startswith("line_"))
}
_TAGS = {"<number>", "<line>", "<path>", "<pulse>", "<onset>", "<shocks>", "<month>", "<uniform>", "[key]"}


class Scenario(ScenarioPart):
    """A world to be run: validated, frozen, complete.

    Scenarios are equal when they say the same, wherever they were written.
    """

    name: Name = Field(
        description="What the world is called; the file's name where nothing is said.", json_schema_extra=role("choice")
    )
    question: Text = Field("", description="The question it asks, in one sentence.", json_schema_extra=role("choice"))
    reading: Text = Field("", description="How to read its answer, in plain words.", json_schema_extra=role("choice"))
    author: Text = Field(
        "",
        exclude=True,
        description="Whose results they are: NAME, or NAME, ORGANISATION, or NAME, ORGANISATION, ADDRESS of its page.",
        json_schema_extra=role("choice"),
    )
    license: License = Field(
        "",
        exclude=True,
        description="The licence of the results: an SPDX identifier such as CC-BY-4.0, or its address.",
        json_schema_extra=role("choice"),
    )
    extends: Text = Field(
        "baseline",
        exclude=True,
        description="The scenario that this one changes: a name, a path beside this file, or nothing.",
        json_schema_extra=role("choice"),
    )
    months: Months = Field(Months.model_validate({}), description="The months simulated and reported.")
    war: War = Field(War.model_validate({}), description="Moscow's war.")
    drivers: Drivers = Field(description="What happens from outside, month by month.")
    parameters: Parameters = Field(
        {},
        description="Numbers of the model by register name, or what each run draws them from.",
        json_schema_extra=role("uncertainty"),
    )
    correlations: Correlated = Field(
        {},
        description="Correlations of parameters that each run draws: name, other name, correlation.",
        json_schema_extra=role("uncertainty"),
    )
    without: Without = Field(
        (), description="Claims and assumptions that are switched off.", json_schema_extra=role("choice")
    )
    variant: VariantName = Field(
        VARIANTS["V0"], description="The reading of the model.", json_schema_extra=role("choice")
    )
    moves: Moves = Field(
        (), description="Scripted moves: the capital has no say in these months.", json_schema_extra=role("lever")
    )
    policies: Policies = Field(
        {},
        description="Sets of moves by name, none of them made: a sweep varies policy, and makes those of one name.",
        json_schema_extra=role("lever"),
    )
    _path: str | None = PrivateAttr(None)
    _overrides: dict[str, object] = PrivateAttr(default_factory=dict)

    @classmethod
    def of(cls, layer: Layer, path: str | None = None, overrides: Mapping[str, object] | None = None) -> Self:
        """Return the scenario that merged layers describe.

        Raises
        ------
        ScenarioError
            With everything that is wrong, each at the place where it was written.
        """
        try:
            scenario = cls.model_validate(layer.data)
        except ValidationError as error:
            raise ScenarioError(_problems(error, layer)) from None
        scenario._path = path
        scenario._overrides = dict(overrides or {})
        return scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.model_dump_json() == other.model_dump_json()

    def __hash__(self) -> int:
        return hash(self.model_dump_json())

    @property
    def path(self) -> str | None:
        """The file it was read from; None where it was made in Python."""
        return self._path

    @property
    def overrides(self) -> dict[str, object]:
        """What it says itself, beyond what it extends."""
        return dict(self._overrides)

    @property
    def horizon(self) -> int:
        """Number of months simulated, from 2019-01 on."""
        return index(self.months.last) + 1

    @property
    def first(self) -> int:
        """Number of the first month reported (2019-01 is 0)."""
        return index(self.months.first)

    @property
    def war_start(self) -> int:
        """Number of the first month of war."""
        return index(self.war.starts)

    @property
    def war_end(self) -> int | tuple[int, int] | None:
        """Number of the first month of peace; None for never; a pair for a draw between both, inclusive."""
        if isinstance(self.war.ends, Uniform):
            first, last = self.war.ends.uniform
            return index(first), index(last)
        return None if self.war.ends == NO_END else index(self.war.ends)

    @property
    def fixed(self) -> dict[str, float]:
        """The parameters that it gives a number, the same in every run."""
        return {name: value for name, value in self.parameters.items() if not isinstance(value, Drawn)}

    @property
    def drawn(self) -> dict[str, Drawn]:
        """The parameters that each run draws, with what from."""
        return {name: value for name, value in self.parameters.items() if isinstance(value, Drawn)}

    @property
    def events(self) -> dict[tuple[str, int], Onset | Shocks]:
        """What begins in months that each run draws, by driver and layer."""
        return {
            (name, place): layer
            for name in Drivers.model_fields
            for place, layer in enumerate(getattr(self.drivers, name))
            if isinstance(layer, Onset | Shocks)
        }

    def drawn_as(self, numbers: Mapping[str, float], pulses: Mapping[tuple[str, int], Sequence[Pulse]]) -> "Scenario":
        """Return the scenario as a run has it that drew these numbers and pulses.

        Parameters
        ----------
        numbers, pulses
            By the keys of :attr:`drawn` and :attr:`events`.
        """
        layers = {
            name: tuple(
                part
                for place, layer in enumerate(getattr(self.drivers, name))
                for part in pulses.get((name, place), (layer,))
            )
            for name, _ in pulses
        }
        drivers = self.drivers.model_copy(update=layers)
        return self.model_copy(update={"parameters": {**self.parameters, **numbers}, "drivers": drivers})

    def schedule(self, names: Iterable[str] = tuple(Drivers.model_fields)) -> dict[str, tuple[float, ...]]:
        """Return what is set from outside, a value for each of the ``horizon`` months.

        Parameters
        ----------
        names
            Of drivers; all where not said.

        Returns
        -------
        dict
            The drivers by name, without what begins in a month that each run draws.
        """
        layers = {name: getattr(self.drivers, name) for name in names}
        if LAID_ON_BORDER in layers:
            layers[LAID_ON_BORDER] = (*self.drivers.border, *self.drivers.border_visits)
        columns = {name: driver_by_month(of) for name, of in layers.items()}
        return {name: tuple(column[: self.horizon]) for name, column in columns.items()}

    def values(self) -> dict[str, float]:
        """Return every parameter of the model, resolved (see :func:`sim.scenario.values.resolve`).

        Those that each run draws have the register's default.
        """
        return resolve(self.fixed, self.without, self.variant)

    def scripts(self) -> dict[str, dict[int, float]]:
        """Return the scripted moves: field of the lever, then month, then the option's value."""
        scripts: dict[str, dict[int, float]] = {}
        for move in self.moves:
            months = range(move.months.start, min(move.months.stop, self.horizon))
            scripts.setdefault(move.of.field, {}).update(dict.fromkeys(months, move.option_value))
        return scripts

    def with_(self, **changes: object) -> "Scenario":
        """Return a scenario with changes laid over this one, as a file that extends it would.

        Parameters
        ----------
        **changes
            Keys of a scenario file, or names of parameters: ``war={"ends": "2027-06"}``, ``postwar_need=0.2``.

        Raises
        ------
        ScenarioError
            Naming the keyword, where a scenario file would name the line.
        """
        keys = set(Scenario.model_fields) - {"extends"}
        said = {key: value for key, value in changes.items() if key in keys or key not in registered_parameters()}
        numbers = {key: value for key, value in changes.items() if key not in said}
        source = f"with_({', '.join(f'{key}=...' for key in changes)})"
        if unknown := sorted(set(said) - keys):
            raise ScenarioError([_no_keyword(key, said[key], keys, source) for key in unknown])
        own = {key: getattr(self, key) for key in OWN if key != "extends"}
        said = {key: value for key, value in own.items() if value} | said
        if numbers and isinstance(given := said.setdefault("parameters", {}), Mapping):
            said["parameters"] = {**given, **numbers}
        under = from_data(self.model_dump(mode="json", by_alias=True), self._path or self.name)
        return Scenario.of(lay(from_data(said, source), under), overrides=changes)

    def to_yaml(self) -> str:
        """Return the whole scenario as a file that extends nothing; loading it gives an equal scenario."""
        data = self.model_dump(mode="json", by_alias=True)
        data = {"name": data.pop("name")} | {"extends": ROOT} | {key: value for key, value in data.items() if value}
        said = {name: layers for name, layers in data["drivers"].items() if layers}
        data["drivers"] = {name: layers[0] if len(layers) == 1 else layers for name, layers in said.items()}
        return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)

    def difference(self, other: "Scenario") -> list[tuple[str, str, str]]:
        """Return how this scenario differs from another: rows of key, this, other, in plain words."""
        from sim.scenario.describe import describe_difference

        return describe_difference(self, other)

    def _repr_html_(self) -> str:
        from sim.scenario.describe import html

        return html(self)


def _no_keyword(key: str, value: object, keys: set[str], source: str) -> Problem:
    near = nearest_word(key, sorted(keys | set(registered_parameters())))
    why, allowed = "neither a key of scenarios nor a parameter", ", ".join(sorted(keys))
    fix = _GONE.get(key) or (f"write {near}" if near else "")
    return Problem(why, source, None, key, show_value(value), f"{allowed}, or a parameter of the register", near, fix)


def keys_at(path: KeyPath) -> tuple[str, ...]:
    """Return the keys that a scenario may have below a path."""
    models: dict[KeyPath, type[ScenarioPart]] = {
        (): Scenario, ("months",): Months, ("war",): War, ("war", "ends"): Uniform, ("drivers",): Drivers,
    }  # fmt: skip
    match path:
        case ("policies",) | ("policies", _):
            return ()  # names are free, and lists have none
        case ("drivers", _, _):
            return (*_keys_of(Pulse), "lasts", "hazard")
        case ("drivers", _, _, "from"):
            return _keys_of(Uniform)
        case ("drivers", _, *_):
            return _keys_of(Ramp)
    return _keys_of(models.get(path, Move))


@cache
def _keys_of(model: type[ScenarioPart]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _problems(error: ValidationError, layer: Layer) -> list[Problem]:
    """Turn what pydantic found into problems at the places where things were written."""
    problems: list[Problem] = []
    items = [
        (tuple(part for part in item["loc"] if part not in _TAGS), item) for item in error.errors(include_url=False)
    ]
    strange = [path for path, item in items if item["type"] == "extra_forbidden"]
    strange.sort(key=lambda path: layer.place(path).line or 0)
    near = {path: nearest_word(path[-1], keys_at(path[:-1])) for path in strange[:MOST]}  # of what is told
    # A key that is misspelt is missing too; to say it once is enough.
    meant = {(*path[:-1], key) for path, key in near.items()}
    for path, item in items:
        if item["type"] == "faults":
            problems += [_of_fault(fault, path, layer, item["input"]) for fault in item["ctx"]["faults"]]
        elif not (item["type"] == "missing" and path in meant):
            problems.append(_of_pydantic(item, path, layer, near.get(path, "")))
    return problems


def _of_fault(fault: Fault, path: KeyPath, layer: Layer, written: object) -> Problem:
    place = layer.place((*path, *fault.at))
    value = fault.value if fault.at or fault.value is not None else _as_written(path, written)
    allowed = fault.allowed
    if not allowed and path[0] == "drivers" and len(path) > 1:
        allowed = driver_range(str(path[1]))
        fault = fault.inside(*driver_bounds(str(path[1]))) if allowed else fault
    return Problem(fault.why, place.file, place.line, place.key, show_value(value), allowed, fault.nearest, fault.fix)


def _of_pydantic(item: ErrorDetails, path: KeyPath, layer: Layer, near: str) -> Problem:
    """Say in our words what pydantic says in its own."""
    place, keys = layer.place(path), keys_at(path[:-1])
    value, allowed = "" if item["type"] == "missing" else show_value(_as_written(path, item["input"])), ""
    match item["type"]:
        case "extra_forbidden":
            why, allowed = "there is no such key here", ", ".join(keys)
            fix = f"write {near}" if near else "delete the key"
            if len(path) == 1 and path[0] in _GONE:
                why, near, fix = "there is no such key any more", "", _GONE[str(path[0])]
            elif ":" in str(path[-1]):
                fix = "put a space after the colon"
        case "missing":
            why = "a key is missing"
            whole_driver = path[0] == "drivers" and len(path) <= 2
            fix = "extend the baseline, or give every driver" if whole_driver else f"add {path[-1]}: ..."
        case "model_type" | "model_attributes_type" | "dict_type":
            why, allowed, fix = "keys with values are wanted here", ", ".join(keys_at(path)), "write {key: value}"
        case "tuple_type":
            why, fix = "a list is wanted here", "write one item a line, each after a dash"
        case _:
            why, fix = item["msg"], "see docs/scenarios.md"
    return Problem(why, place.file, place.line, place.key, value, allowed, near, fix)


def _as_written(path: KeyPath, value: object) -> object:
    """Return a value as its author wrote it: a driver's only layer stands in a list for us alone."""
    if path[:1] == ("drivers",) and len(path) == 2 and isinstance(value, list) and len(value) == 1:
        return value[0]
    return value
