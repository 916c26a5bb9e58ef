"""What a scenario takes from the registers: parameters, what is switched off, the variant."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import BeforeValidator, InstanceOf, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.model.variants import VARIANTS, Variant
from sim.registers.register import assumptions, claims, neutralise, registered_parameters
from sim.scenario.drawing import Bounds, as_written, read_drawn, read_number
from sim.scenario.errors import MOST, Fault, faults_of, nearest_word, refuse, unknown_word
from sim.scenario.plain_data import plain_number, printable_text
from sim.scenario.priors import Drawn, Prior, Range, cholesky_factor, correlated_names
from sim.scenario.values import ORDERINGS, defaults

_CORRELATIONS = "correlations: {postwar_need: {postwar_isolation: 0.5}}"
PRIOR = "prior"  # drawn from the plausible range of the register
_TIED = {name: ordering for ordering in ORDERINGS for name in ordering.weights}


def _parameters(given: object) -> dict[str, float | Drawn]:
    """Check names, ranges and the orderings that the article states."""
    if not isinstance(given, Mapping):
        refuse(Fault("parameters are names with numbers", value=given, fix="write parameters: {postwar_need: 0.2}"))
    values: dict[str, float | Drawn] = {}
    faults: list[Fault] = []
    for name, value in given.items():
        try:
            values[name] = _parameter(name, value, len(faults) < MOST)
        except PydanticCustomError as error:
            faults += faults_of(error, name)
    if faults:
        refuse(*faults)
    resolved = defaults({name: value for name, value in values.items() if not isinstance(value, Drawn)})
    for ordering in ORDERINGS:
        if ordering.margin(resolved) < 0:
            name = next(name for name in ordering.weights if name in values)
            why = f"{ordering.says} (claims {', '.join(ordering.claims)})"
            faults.append(Fault(why, (name,), values[name], fix="change one of these weights"))
    if faults:
        refuse(*faults)
    return values


def _parameter(name: str, written: object, suggesting: bool) -> float | Drawn:
    """Return the value of a parameter, or what it is drawn from, or refuse; its name is guessed where it is told."""
    known = registered_parameters().get(name)
    if known is None:
        near = nearest_word(name, registered_parameters()) if suggesting else ""
        fix = f"write {near}" if near else "look the name up in the register of parameters"
        if name.isdecimal() and written is None:
            fix = "write decimals with a point: 1.5, not 1,5"
        refuse(Fault("there is no such parameter", value=written, nearest=near, fix=fix))
    if known.low is None or known.high is None:
        why = f"a fixed number of the model ({known.meaning}), not open to scenarios"
        unit = "" if known.unit == "1" else f" [{known.unit}]"
        refuse(Fault(why, value=written, allowed=f"{known.default:g}{unit}", fix="delete the key"))
    span = Bounds(known.meaning, known.low, known.high, "" if known.unit == "1" else known.unit, (PRIOR,))
    if not isinstance(written, Mapping | Drawn) and written != PRIOR:
        return read_number(span, written)
    if name in _TIED:
        why = f"{_TIED[name].says}, and a drawn weight could break it"
        refuse(Fault(why, value=written, fix="write a number, or vary the weight in a sweep"))
    if isinstance(written, Mapping):
        return read_drawn(span, written)
    return written if isinstance(written, Drawn) else Range(known.low, known.high, known.at_low)


def _correlations(given: object) -> dict[str, dict[str, float]]:
    """Check that each pair is one of parameters that can be drawn, said once, and that all can hold together."""
    if not isinstance(given, Mapping):
        refuse(Fault("names with correlations are wanted", value=given, fix=f"write {_CORRELATIONS}"))
    read: dict[str, dict[str, float]] = {}
    faults: list[Fault] = []
    for one, others in given.items():
        faults += _drawable(one, (one,))
        if not isinstance(others, Mapping):
            faults.append(Fault("names with correlations are wanted", (one,), others, fix=f"write {_CORRELATIONS}"))
            continue
        for other, written in others.items():
            faults += _drawable(other, (one, other))
            if other == one or one in read.get(other, {}):
                why = "a parameter has no correlation with itself" if other == one else "this pair is said twice"
                faults.append(Fault(why, (one, other), fix="delete the key"))
            try:
                value = plain_number(written)
                if not -1 < value < 1:
                    why, fix = f"{value:g} is no correlation of two numbers that differ", "write one such as 0.5"
                    faults.append(Fault(why, (one, other), value, "above -1 and below 1", fix=fix))
                read.setdefault(one, {})[other] = value
            except PydanticCustomError as error:
                faults += faults_of(error, one, other)
    if faults:
        refuse(*faults[:MOST])
    try:
        if read:
            cholesky_factor(read)
    except ValueError as error:
        refuse(Fault(str(error), value=", ".join(correlated_names(read)), fix="bring one of them nearer to 0"))
    return read


def _drawable(name: str, at: tuple[str, ...]) -> list[Fault]:
    """Return why a parameter cannot be drawn; nothing where it can."""
    names = [known for known, entry in registered_parameters().items() if entry.low is not None and known not in _TIED]
    return (
        [] if name in names else [replace(unknown_word(name, names, "parameter that can be drawn"), at=at, allowed="")]
    )


def _without(given: object) -> tuple[str, ...]:
    """Check that each id exists and that something switches off with it."""
    if not isinstance(given, list | tuple):
        refuse(Fault("a list of ids is wanted", value=given, fix="write without: [C38, A3]"))
    faults: list[Fault] = []
    for place, source in enumerate(given):
        try:
            neutralise({}, [_source(source)])
        except PydanticCustomError as error:
            faults += faults_of(error, place)
        except ValueError as error:
            faults.append(Fault(str(error), (place,), source, fix="name one that can be, or delete the id"))
    if faults:
        refuse(*faults)
    return tuple(dict.fromkeys(printable_text(source) for source in given))


def _source(written: object) -> str:
    """Return the id of a claim or assumption, or refuse; C8 is taken to be meant as C08."""
    source = printable_text(written)
    known = (*claims(), *assumptions())
    if source not in known:
        by_number = {(name[0], int(name[1:])): name for name in known}
        digits = source[1:]
        near = by_number.get((source[0].upper(), int(digits)), "") if digits.isdecimal() and len(digits) < 5 else ""
        why, fix = "neither a claim nor an assumption", f"write {near}" if near else "look the id up in docs/claims.md"
        refuse(Fault(why, value=source, allowed="C01 to C63, A1 and on", nearest=near, fix=fix))
    return source


def _variant(given: object) -> Variant:
    if isinstance(given, Variant):
        return given
    name = printable_text(given)
    if name not in VARIANTS:
        refuse(unknown_word(name, tuple(VARIANTS), "variant"))
    return VARIANTS[name]


_AS_WRITTEN = PlainSerializer(as_written)
_Given = float | Annotated[InstanceOf[Range], _AS_WRITTEN] | Annotated[InstanceOf[Prior], _AS_WRITTEN]
Parameters = Annotated[dict[str, _Given], BeforeValidator(_parameters), WithJsonSchema({})]
Correlated = Annotated[dict[str, dict[str, float]], BeforeValidator(_correlations)]
Without = Annotated[tuple[str, ...], BeforeValidator(_without)]
VariantName = Annotated[
    InstanceOf[Variant],
    BeforeValidator(_variant),
    PlainSerializer(lambda variant: variant.name),
    WithJsonSchema({"type": "string", "enum": list(VARIANTS)}),
]
