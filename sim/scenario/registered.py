"""What a scenario takes from the registers: parameters, what is switched off, the variant."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import BeforeValidator, InstanceOf, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.article.register import assumptions, claims, neutralised
from sim.article.register import parameters as register
from sim.model.variants import VARIANTS, Variant
from sim.scenario.errors import MOST, Fault, faults_of, nearest, refuse, unknown
from sim.scenario.values import ORDERINGS, defaults
from sim.scenario.words import number, text


def _parameters(given: object) -> dict[str, float]:
    """Check names, ranges and the orderings that the article states."""
    if not isinstance(given, Mapping):
        refuse(Fault("parameters are names with numbers", value=given, fix="write parameters: {postwar_need: 0.2}"))
    values: dict[str, float] = {}
    faults: list[Fault] = []
    for name, value in given.items():
        try:
            values[name] = _parameter(name, value, len(faults) < MOST)
        except PydanticCustomError as error:
            faults += faults_of(error, name)
    if faults:
        refuse(*faults)
    resolved = defaults(values)
    for ordering in ORDERINGS:
        if ordering.margin(resolved) < 0:
            name = next(name for name in ordering.weights if name in values)
            why = f"{ordering.says} (claims {', '.join(ordering.claims)})"
            faults.append(Fault(why, (name,), values[name], fix="change one of these weights"))
    if faults:
        refuse(*faults)
    return values


def _parameter(name: str, written: object, told: bool) -> float:
    """Return the value of a parameter, or refuse; what its name is likely to mean is looked for where it is told."""
    known = register().get(name)
    if known is None:
        near = nearest(name, register()) if told else ""
        fix = f"write {near}" if near else "look the name up in the register of parameters"
        if name.isdecimal() and written is None:
            fix = "write decimals with a point: 1.5, not 1,5"
        refuse(Fault("there is no such parameter", value=written, nearest=near, fix=fix))
    unit = "" if known.unit == "1" else f" [{known.unit}]"
    if known.low is None or known.high is None:
        why = f"a fixed number of the model ({known.meaning}), not open to scenarios"
        refuse(Fault(why, value=written, allowed=f"{known.default:g}{unit}", fix="delete the key"))
    allowed = f"{known.low:g} to {known.high:g}{unit}"
    try:
        value = number(written)
    except PydanticCustomError as error:
        refuse(*(replace(fault, allowed=allowed).inside(known.low, known.high) for fault in faults_of(error)))
    if not known.low <= value <= known.high:
        why = f"{value:g} is outside the plausible range ({known.meaning})"
        fix = f"write {min(max(value, known.low), known.high):g} or a value inside"
        refuse(Fault(why, value=value, allowed=allowed, fix=fix))
    return value


def _without(given: object) -> tuple[str, ...]:
    """Check that each id exists and that something switches off with it."""
    if not isinstance(given, list | tuple):
        refuse(Fault("a list of ids is wanted", value=given, fix="write without: [C38, A3]"))
    faults: list[Fault] = []
    for place, source in enumerate(given):
        try:
            neutralised({}, [_source(source)])
        except PydanticCustomError as error:
            faults += faults_of(error, place)
        except ValueError as error:
            faults.append(Fault(str(error), (place,), source, fix="name one that can be, or delete the id"))
    if faults:
        refuse(*faults)
    return tuple(dict.fromkeys(text(source) for source in given))


def _source(written: object) -> str:
    """Return the id of a claim or assumption, or refuse; C8 is taken to be meant as C08."""
    source = text(written)
    known = (*claims(), *assumptions())
    if source not in known:
        by_number = {(name[0], int(name[1:])): name for name in known}
        digits = source[1:]
        near = by_number.get((source[0].upper(), int(digits)), "") if digits.isdecimal() and len(digits) < 5 else ""
        fix = f"write {near}" if near else "look the id up in docs/claims.md"
        refuse(
            Fault(
                "neither a claim nor an assumption",
                value=source,
                allowed="C01 to C63, A1 and on",
                nearest=near,
                fix=fix,
            )
        )
    return source


def _variant(given: object) -> Variant:
    if isinstance(given, Variant):
        return given
    name = text(given)
    if name not in VARIANTS:
        refuse(unknown(name, tuple(VARIANTS), "variant"))
    return VARIANTS[name]


Parameters = Annotated[dict[str, float], BeforeValidator(_parameters)]
Without = Annotated[tuple[str, ...], BeforeValidator(_without)]
VariantName = Annotated[
    InstanceOf[Variant],
    BeforeValidator(_variant),
    PlainSerializer(lambda variant: variant.name),
    WithJsonSchema({"type": "string", "enum": list(VARIANTS)}),
]
