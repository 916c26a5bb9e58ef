"""When, what war, and what happens from outside: the parts of a scenario that no capital decides."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, TypedDict, cast

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from sim.scenario.drawing import Bounds, read_drawn, read_number
from sim.scenario.errors import Fault, faults_of, nearest_word, refuse, show_value
from sim.scenario.paths import (
    Layer,
    Layers,
    Onset,
    Period,
    Pulse,
    ScenarioPart,
    Shocks,
    Uniform,
    covers_all,
    numbers_in,
    path_faults,
)
from sim.scenario.plain_data import FIRST, LAST, MONTH_SCHEMA, NO_END, Month, plain_month
from sim.scenario.priors import Drawn

Role = Literal["uncertainty", "lever", "event", "choice"]


class DriverEntry(TypedDict):
    """What a driver's field says of it; ``usual`` is the value of a pulse that names none."""

    role: Role
    minimum: float
    maximum: float
    unit: str
    usual: float | None


def role(kind: Role, **more: float | str | None) -> JsonDict:
    """Say what kind of key this is: not known, decided by a capital, happening, or chosen by the reader."""
    return {"role": kind, **more}


class Months(Period):
    """The months that are simulated and reported."""

    first: Month = Field(
        FIRST,
        alias="from",
        description="First month reported. The world is always simulated from 2019-01 on.",
        json_schema_extra=role("choice"),
    )
    last: Month = Field("2032-12", alias="to", description="Last month simulated.", json_schema_extra=role("choice"))


def _end(value: object) -> str:
    """Return "never" or a month."""
    if value == NO_END:
        return NO_END
    if isinstance(value, list | tuple) and len(value) == 2:
        fix = f"write {{uniform: {show_value(value)}}} for any month from the first to the last"
        refuse(Fault("a month is wanted, not a list", value=value, fix=fix))
    try:
        return plain_month(value)
    except PydanticCustomError as error:
        near = nearest_word(value, (NO_END, "uniform"))
        (fault,) = faults_of(error)
        allowed = f"{fault.allowed}; never; or {{uniform: [2026-01, 2030-12]}}"
        refuse(replace(fault, allowed=allowed, nearest=near, fix=f"write {near}" if near else fault.fix))


def _kind_of_end(value: object) -> str:
    return "<uniform>" if isinstance(value, Mapping | Uniform) else "<month>"


End = Annotated[str, BeforeValidator(_end), WithJsonSchema({"anyOf": [{"const": NO_END}, MONTH_SCHEMA]})]


class War(ScenarioPart):
    """Moscow's war."""

    starts: Month = Field("2022-02", description="First month of war.", json_schema_extra=role("event"))
    ends: Annotated[
        Annotated[End, Tag("<month>")] | Annotated[Uniform, Tag("<uniform>")], Discriminator(_kind_of_end)
    ] = Field(
        NO_END,
        description="First month of peace: YYYY-MM, never, or {uniform: [YYYY-MM, YYYY-MM]}, drawn each run.",
        json_schema_extra=role("event"),
    )

    @model_validator(mode="after")
    def _ends_after_start(self) -> "War":
        if self.ends == NO_END:
            return self
        end = self.ends.uniform[0] if isinstance(self.ends, Uniform) else self.ends
        if end <= self.starts:
            allowed, fix = f"after {self.starts} and up to {LAST}", "name a later month, or never"
            refuse(Fault("the war ends before it has begun", ("ends",), end, allowed, fix=fix))
        return self


def _driver(
    low: float, high: float, unit: str, kind: Role, meaning: str, usual: float | None = None, **default: Any
) -> Any:
    """Return the field of one driver; ``usual`` is the value of a pulse that names none."""
    extra = role(kind, minimum=low, maximum=high, unit=unit, usual=usual)
    return Field(description=meaning, json_schema_extra=extra, **default)


def _line(capital: str, subject: str, low: str, high: str) -> Any:
    """Return the field of the line that a government holds on a subject; its ends are two options of a lever."""
    meaning = f"The line that the government in {capital} holds right on {subject}."
    return _driver(-1, 1, f"-1 = {low}, 1 = {high}", "uncertainty", meaning)


LAID_ON_BORDER = "border_visits"  # delegations cross as goods do, but for what is said of them


class Drivers(ScenarioPart):
    """What happens to the five capitals from outside, month by month."""

    border: Layers = _driver(
        0, 1.2, "1 = open as in 2019", "event", "Openness of the border between China and the North."
    )
    border_visits: Layers = _driver(
        0, 1.2, "1 = open as in 2019", "event",
        "Openness of the border between China and the North for delegations; as for goods where not given.",
        default=(),
    )  # fmt: skip
    border_russia: Layers = _driver(
        0, 1.2, "1 = open as in 2019", "event", "Openness of the border between Russia and the North."
    )
    need_for_us: Layers = _driver(
        0.4, 1.4, "1 = a normal need", "uncertainty", "How much China's economy needs good ties with the West."
    )
    sanctions_nominal: Layers = _driver(
        0, 1, "share of all trade banned", "event", "Sanctions on the North as they stand on paper."
    )
    news: Layers = _driver(
        0, 1, "1 = as credible as can be", "event", "Credible news that the war is about to end.", 1.0
    )
    alternative_supplier: Layers = _driver(
        0, 1, "share of the need", "uncertainty", "How much of Moscow's need of arms others meet."
    )
    flood: Layers = _driver(
        0, 1, "1 = as in summer 2024", "event", "Disaster at home in the North: flood, typhoon or epidemic.", 1.0
    )
    crisis: Layers = _driver(0, 1, "1 = a full crisis", "event", "A crisis on the peninsula that nobody chose.", 1.0)
    rivalry: Layers = _driver(
        0, 1, "1 = as in late 2022", "uncertainty", "Rivalry of Washington and Beijing over what is not modelled."
    )
    line_washington_beijing: Layers = _line("Washington", "Beijing", "confront", "engage")
    line_washington_sanction: Layers = _line("Washington", "sanctions on the North", "ease", "tighten")
    line_washington_posture: Layers = _line("Washington", "its military posture", "lower", "raise")
    line_seoul_north: Layers = _line("Seoul", "the North", "hard", "engage")
    line_seoul_beijing: Layers = _line("Seoul", "Beijing", "distance", "court")

    @field_validator("*", mode="after")
    @classmethod
    def _check(cls, layers: tuple[Layer, ...], info: ValidationInfo) -> tuple[Layer, ...]:
        name = str(info.field_name)
        usual, (low, high), allowed = driver_entry(name)["usual"], driver_bounds(name), driver_range(name)
        faults = []
        for place, layer in enumerate(layers):
            for at, value in numbers_in(layer):
                if not low <= value <= high:
                    fix = f"write {min(max(value, low), high):g} or a value inside"
                    faults.append(Fault(f"{value:g} is outside the range", (place, *at), value, allowed, fix=fix))
            if isinstance(layer, dict):
                faults += path_faults(layer, (place,))
            if isinstance(layer, Pulse | Onset | Shocks) and "value" not in layer.model_fields_set and usual is None:
                why, fix = "a pulse of this driver needs a value", "add value: 0 (or another)"
                faults.append(Fault(why, (place, "value"), allowed=allowed, fix=fix))
        layers, wrong = _sized(name, layers)
        faults += wrong
        if faults:
            refuse(*faults)
        seen = max((place for place, layer in enumerate(layers) if covers_all(layer)), default=None)
        if seen is None and name != LAID_ON_BORDER:
            fix = f"begin with a number, or a path from {FIRST} on"
            refuse(Fault("the driver is not said for every month", fix=fix))
        return layers[seen or 0 :]


def _sized(name: str, layers: tuple[Layer, ...]) -> tuple[tuple[Layer, ...], list[Fault]]:
    """Return the layers of a driver with the sizes of their shocks read, and what is wrong with these."""
    entry = driver_entry(name)
    span = Bounds(f"the size of a shock to {name}", *driver_bounds(name), entry["unit"])
    sized, faults = list(layers), list[Fault]()
    for place, layer in enumerate(layers):
        if isinstance(layer, Shocks):
            read = read_drawn if isinstance(layer.value, Mapping | Drawn) else read_number
            try:
                value = read(span, layer.value)
                update = {"value": value} if "value" in layer.model_fields_set else {}
                sized[place] = layer.model_copy(update=update)
            except PydanticCustomError as error:
                faults += faults_of(error, place, "value")
    return tuple(sized), faults


def driver_range(name: str) -> str:
    """Return the range of a driver with its unit; nothing where there is no such driver."""
    if name not in Drivers.model_fields:
        return ""
    entry = driver_entry(name)
    return f"{entry['minimum']:g} to {entry['maximum']:g} [{entry['unit']}]"


def driver_entry(name: str) -> DriverEntry:
    """Return what the field of a driver says of it."""
    return cast(DriverEntry, Drivers.model_fields[name].json_schema_extra)


def driver_bounds(name: str) -> tuple[float, float]:
    """Return the lowest and the highest value of a driver."""
    entry = driver_entry(name)
    return entry["minimum"], entry["maximum"]
