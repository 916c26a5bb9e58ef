"""The parts of a scenario: months, war, drivers, administrations, moves, parameters; and what is checked in each."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    InstanceOf,
    PlainSerializer,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.article.register import neutralised, switches
from sim.article.register import parameters as register
from sim.model.moves import CAPITALS, LEVERS, Lever
from sim.model.variants import VARIANTS, Variant
from sim.scenario.errors import Fault, faults_of, nearest, refuse, unknown
from sim.scenario.paths import Layer, Layers, Part, Pulse, Span, covers_all, numbers_in, path_faults
from sim.scenario.values import ORDERINGS, defaults, weights_of
from sim.scenario.words import FIRST, LAST, Month, Number, Text, number, text

Role = Literal["uncertainty", "lever", "event", "choice"]
ADMINISTRATIONS = ("Washington", "Seoul")
LARGEST_SCALE = 3.0


def role(kind: Role, **more: Any) -> dict[str, Any]:
    """Say what kind of key this is: not known, decided by a capital, happening, or chosen by the reader."""
    return {"role": kind, **more}


class Months(Span):
    """The months that are lived and reported."""

    first: Month = Field(
        FIRST,
        alias="from",
        description="First month reported. The world is always lived from 2019-01 on.",
        json_schema_extra=role("choice"),
    )
    last: Month = Field("2032-12", alias="to", description="Last month lived.", json_schema_extra=role("choice"))


class Uniform(Part):
    """A month drawn for each run, every month from the first to the last as likely."""

    uniform: tuple[Month, Month]

    @field_validator("uniform", mode="before")
    @classmethod
    def _pair(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple) or len(value) != 2:
            refuse(Fault("two months are wanted", value=value, fix="write uniform: [2026-01, 2030-12]"))
        return value

    @model_validator(mode="after")
    def _in_order(self) -> "Uniform":
        first, last = self.uniform
        if last < first:
            refuse(
                Fault(
                    "the last month lies before the first",
                    ("uniform", 1),
                    last,
                    f"{first} or later",
                    fix="exchange them",
                )
            )
        return self


def _never(value: Any) -> str:
    return "<uniform>" if isinstance(value, Mapping | Uniform) else "<never>" if value == "never" else "<month>"


class War(Part):
    """Moscow's war."""

    starts: Month = Field("2022-02", description="First month of war.", json_schema_extra=role("event"))
    ends: Annotated[
        Annotated[Month, Tag("<month>")]
        | Annotated[Literal["never"], Tag("<never>")]
        | Annotated[Uniform, Tag("<uniform>")],
        Discriminator(_never),
    ] = Field(
        "never",
        description="First month of peace: YYYY-MM, never, or {uniform: [YYYY-MM, YYYY-MM]}, drawn each run.",
        json_schema_extra=role("event"),
    )

    @model_validator(mode="after")
    def _ends_after_start(self) -> "War":
        if self.ends == "never":
            return self
        end = self.ends.uniform[0] if isinstance(self.ends, Uniform) else self.ends
        if end <= self.starts:
            refuse(
                Fault(
                    "the war ends before it has begun",
                    ("ends",),
                    end,
                    f"after {self.starts} and up to {LAST}",
                    fix="name a later month, or never",
                )
            )
        return self


def _driver(low: float, high: float, kind: Role, meaning: str, usual: float | None = None) -> Any:
    """Return the field of one driver; ``usual`` is the value of a pulse that names none."""
    return Field(description=meaning, json_schema_extra=role(kind, minimum=low, maximum=high, usual=usual))


class Drivers(Part):
    """What happens to the five capitals from outside, month by month."""

    border: Layers = _driver(0, 1.2, "event", "Openness of the border between China and the North; 1 as in 2019.")
    border_russia: Layers = _driver(0, 1.2, "event", "Openness of the border between Russia and the North.")
    need_for_us: Layers = _driver(0.4, 1.4, "uncertainty", "How much China's economy needs good ties with the West.")
    sanctions_nominal: Layers = _driver(0, 1, "event", "Sanctions on the North as they stand on paper.")
    news: Layers = _driver(0, 1, "event", "Credible news that the war is about to end; 1 as strong as can be.", 1.0)
    alternative_supplier: Layers = _driver(0, 1, "uncertainty", "Share of Moscow's need of arms that others meet.")
    flood: Layers = _driver(0, 1, "event", "Flood in the North; 1 as in summer 2024.", 1.0)
    crisis: Layers = _driver(0, 1, "event", "A crisis on the peninsula that nobody chose.", 1.0)

    @field_validator("*", mode="after")
    @classmethod
    def _check(cls, layers: tuple[Layer, ...], info: ValidationInfo) -> tuple[Layer, ...]:
        extra: Any = cls.model_fields[str(info.field_name)].json_schema_extra
        low, high = extra["minimum"], extra["maximum"]
        faults = []
        for place, layer in enumerate(layers):
            faults += [
                Fault(
                    f"{value:g} is outside the range",
                    (place, *at),
                    value,
                    f"{low:g} to {high:g}",
                    fix=f"write {min(max(value, low), high):g} or a value inside",
                )
                for at, value in numbers_in(layer)
                if not low <= value <= high
            ]
            if isinstance(layer, dict):
                faults += path_faults(layer, (place,))
            if isinstance(layer, Pulse) and "value" not in layer.model_fields_set and extra["usual"] is None:
                faults.append(
                    Fault(
                        "a pulse of this driver needs a value",
                        (place, "value"),
                        allowed=f"{low:g} to {high:g}",
                        fix="add value: 0 (or another)",
                    )
                )
        if faults:
            refuse(*faults)
        seen = max((place for place, layer in enumerate(layers) if covers_all(layer)), default=None)
        if seen is None:
            refuse(
                Fault("the driver is not said for every month", fix=f"begin with a number, or a path from {FIRST} on")
            )
        return layers[seen:]


class Administration(Span):
    """Who governs in Washington or Seoul: a goal counts more, or less, for a time."""

    capital: Literal["Washington", "Seoul"]
    goal: Text
    scale: Number
    first: Month = Field(FIRST, alias="from")
    last: Month = Field(LAST, alias="to")

    @model_validator(mode="before")
    @classmethod
    def _capital(cls, data: Any) -> Any:
        return _check_word(data, "capital", ADMINISTRATIONS, "capital with administrations")

    @model_validator(mode="after")
    def _known(self) -> "Administration":
        goals = tuple(weights_of(self.capital))
        if self.goal not in goals:
            refuse(unknown(self.goal, goals, f"goal of {self.capital}", ("goal",)))
        if not 0 <= self.scale <= LARGEST_SCALE:
            refuse(
                Fault(
                    "the scale is outside the range",
                    ("scale",),
                    self.scale,
                    f"0 to {LARGEST_SCALE:g}; 1 changes nothing",
                    fix="write a factor such as 1.2",
                )
            )
        return self


class Move(Span):
    """A scripted move: the capital has no say over this lever in these months."""

    capital: Text
    lever: Text
    option: Text
    first: Month = Field(alias="from")
    last: Month = Field(alias="to")

    @model_validator(mode="after")
    def _known(self) -> "Move":
        capitals = (*CAPITALS, "deal")
        if self.capital not in capitals:
            refuse(unknown(self.capital, capitals, "capital", ("capital",)))
        levers = {lever.name: lever for lever in LEVERS if lever.capital == self.capital}
        if self.lever not in levers:
            refuse(unknown(self.lever, tuple(levers), f"lever of {self.capital}", ("lever",)))
        options = tuple(option.name for option in levers[self.lever].options)
        if self.option not in options:
            refuse(unknown(self.option, options, f"option of {self.capital}'s {self.lever}", ("option",)))
        return self

    @property
    def of(self) -> Lever:
        """The lever that is moved."""
        return next(lever for lever in LEVERS if (lever.capital, lever.name) == (self.capital, self.lever))

    @property
    def option_value(self) -> float:
        """The value of the option in the equations."""
        return next(option.value for option in self.of.options if option.name == self.option)


def _check_word(data: Any, key: str, words: tuple[str, ...], what: str) -> Any:
    if isinstance(data, Mapping) and isinstance(data.get(key), str) and data[key] not in words:
        refuse(unknown(data[key], words, what, (key,)))
    return data


def _parameters(given: Any) -> dict[str, float]:
    """Check names, ranges and the orderings that the article states."""
    if not isinstance(given, Mapping):
        refuse(Fault("parameters are names with numbers", value=given, fix="write parameters: {postwar_need: 0.2}"))
    values: dict[str, float] = {}
    faults: list[Fault] = []
    for name, value in given.items():
        try:
            values[name] = _parameter(name, number(value))
        except PydanticCustomError as error:
            faults += faults_of(error, name)
    if faults:
        refuse(*faults)
    resolved = defaults(values)
    faults = [
        Fault(f"{ordering.says} (claims {', '.join(ordering.claims)})", fix="change one of the weights")
        for ordering in ORDERINGS
        if ordering.margin(resolved) < 0
    ]
    if faults:
        refuse(*faults)
    return values


def _parameter(name: str, value: float) -> float:
    known = register().get(name)
    if known is None:
        near = nearest(name, register())
        refuse(
            Fault(
                "there is no such parameter in the register",
                value=value,
                nearest=near,
                fix=f"write {near}" if near else "see the names in sim/article/parameters.yaml",
            )
        )
    if known.low is None or known.high is None:
        refuse(
            Fault(
                f"a fixed number of the model ({known.meaning}), not open to scenarios",
                value=value,
                allowed=f"{known.default:g} {known.unit}",
                fix="delete the key",
            )
        )
    if not known.low <= value <= known.high:
        refuse(
            Fault(
                f"{value:g} is outside the plausible range ({known.meaning})",
                value=value,
                allowed=f"{known.low:g} to {known.high:g} [{known.unit}]",
                fix=f"write {min(max(value, known.low), known.high):g} or a value inside",
            )
        )
    return value


def _without(given: Any) -> tuple[str, ...]:
    """Check that each id exists and that something switches off with it."""
    if not isinstance(given, list | tuple):
        refuse(Fault("a list of ids is wanted", value=given, fix="write without: [C38, A3]"))
    faults: list[Fault] = []
    for place, source in enumerate(given):
        try:
            neutralised({}, [text(source)])
        except ValueError as error:
            if isinstance(error, PydanticCustomError):
                faults += faults_of(error, place)
            else:
                faults.append(_not_switched(source, str(error), place))
    if faults:
        refuse(*faults)
    return tuple(dict.fromkeys(text(source) for source in given))


def _not_switched(source: str, why: str, place: int) -> Fault:
    near = nearest(source, switches())
    return Fault(why, (place,), source, nearest=near, fix=f"write {near}" if near else "delete the id")


def _variant(given: Any) -> Variant:
    if isinstance(given, Variant):
        return given
    name = text(given)
    if name not in VARIANTS:
        refuse(unknown(name, tuple(VARIANTS), "variant"))
    return VARIANTS[name]


def _no_clash(moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """Refuse scripts that hold one lever at two options in the same month."""
    faults = []
    for place, move in enumerate(moves):
        for other in moves[:place]:
            same = (move.capital, move.lever) == (other.capital, other.lever)
            if same and move.option != other.option and move.first <= other.last and other.first <= move.last:
                span = f"from {other.first} to {other.last}"
                faults.append(
                    Fault(
                        f"{move.capital}'s {move.lever} is scripted as {other.option} too, {span}",
                        (place,),
                        f"{move.option} from {move.first} to {move.last}",
                        fix="script each month of a lever once",
                    )
                )
    if faults:
        refuse(*faults)
    return moves


Parameters = Annotated[dict[str, float], BeforeValidator(_parameters)]
Without = Annotated[tuple[str, ...], BeforeValidator(_without)]
VariantName = Annotated[
    InstanceOf[Variant],
    BeforeValidator(_variant),
    PlainSerializer(lambda variant: variant.name),
    WithJsonSchema({"type": "string", "enum": list(VARIANTS)}),
]
Moves = Annotated[tuple[Move, ...], AfterValidator(_no_clash)]
