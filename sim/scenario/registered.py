"""What a scenario takes from the registers: parameters, what is switched off, the variant."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import BeforeValidator, InstanceOf, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.article.register import Parameter, assumptions, claims, neutralised
from sim.article.register import parameters as register
from sim.model.variants import VARIANTS, Variant
from sim.scenario.errors import MOST, Fault, faults_of, nearest, refuse, shown, unknown
from sim.scenario.paths import ScenarioPart
from sim.scenario.values import ORDERINGS, defaults
from sim.scenario.words import number, text


class Between(ScenarioPart):
    """A number drawn for each run, every one from the lowest to the highest as likely."""

    uniform: tuple[float, float]


PRIOR = "prior"  # drawn from the plausible range of the register
_TIED = {name: ordering for ordering in ORDERINGS for name in ordering.weights}


def _parameters(given: object) -> dict[str, float | Between]:
    """Check names, ranges and the orderings that the article states."""
    if not isinstance(given, Mapping):
        refuse(Fault("parameters are names with numbers", value=given, fix="write parameters: {postwar_need: 0.2}"))
    values: dict[str, float | Between] = {}
    faults: list[Fault] = []
    for name, value in given.items():
        try:
            values[name] = _parameter(name, value, len(faults) < MOST)
        except PydanticCustomError as error:
            faults += faults_of(error, name)
    if faults:
        refuse(*faults)
    resolved = defaults({name: value for name, value in values.items() if not isinstance(value, Between)})
    for ordering in ORDERINGS:
        if ordering.margin(resolved) < 0:
            name = next(name for name in ordering.weights if name in values)
            why = f"{ordering.says} (claims {', '.join(ordering.claims)})"
            faults.append(Fault(why, (name,), values[name], fix="change one of these weights"))
    if faults:
        refuse(*faults)
    return values


def _parameter(name: str, written: object, suggesting: bool) -> float | Between:
    """Return the value of a parameter, or what it is drawn from, or refuse; its name is guessed where it is told."""
    known = register().get(name)
    if known is None:
        near = nearest(name, register()) if suggesting else ""
        fix = f"write {near}" if near else "look the name up in the register of parameters"
        if name.isdecimal() and written is None:
            fix = "write decimals with a point: 1.5, not 1,5"
        refuse(Fault("there is no such parameter", value=written, nearest=near, fix=fix))
    if known.low is None or known.high is None:
        why = f"a fixed number of the model ({known.meaning}), not open to scenarios"
        refuse(Fault(why, value=written, allowed=f"{known.default:g}{_unit(known)}", fix="delete the key"))
    if isinstance(written, Mapping | Between) or written == PRIOR:
        return _drawn(known, written, known.low, known.high)
    return _number(known, written, known.low, known.high)


def _drawn(known: Parameter, written: object, low: float, high: float) -> Between:
    """Return what a parameter is drawn from for each run, or refuse."""
    if known.name in _TIED:
        why = f"{_TIED[known.name].says}, and a drawn weight could break it"
        refuse(Fault(why, value=written, fix="write a number, or vary the weight in a sweep"))
    if isinstance(written, Between) or not isinstance(written, Mapping):
        return written if isinstance(written, Between) else Between(uniform=(low, high))
    pair = written.get("uniform")
    if len(written) != 1 or not isinstance(pair, list | tuple) or len(pair) != 2:
        fix = f"write {{uniform: [{low:g}, {high:g}]}} (lowest, highest), or {PRIOR}"
        refuse(Fault("a number is wanted, or what it is drawn from", value=written, fix=fix))
    ends, faults = [], []
    for place, end in enumerate(pair):
        try:
            ends.append(_number(known, end, low, high))
        except PydanticCustomError as error:
            faults += faults_of(error, "uniform", place)
    if not faults and not ends[0] < ends[1]:
        faults = [Fault("the lowest number is not below the highest", ("uniform", 1), pair[1], fix="exchange them")]
    if faults:
        refuse(*faults)
    return Between(uniform=(ends[0], ends[1]))


def _number(known: Parameter, written: object, low: float, high: float) -> float:
    """Return a value within the plausible range of a parameter, or refuse."""
    allowed = f"{low:g} to {high:g}{_unit(known)}"
    try:
        value = number(written)
    except PydanticCustomError as error:
        faults = [replace(fault, allowed=allowed).inside(low, high) for fault in faults_of(error)]
        if isinstance(written, list | tuple) and len(written) == 2:
            span = f"{{uniform: {shown(written)}}}"
            faults = [replace(fault, fix=f"write {span} for a number drawn for each run") for fault in faults]
        refuse(*faults)
    if not low <= value <= high:
        why = f"{value:g} is outside the plausible range ({known.meaning})"
        refuse(Fault(why, value=value, allowed=allowed, fix=f"write {min(max(value, low), high):g} or a value inside"))
    return value


def _unit(known: Parameter) -> str:
    return "" if known.unit == "1" else f" [{known.unit}]"


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
        why, fix = "neither a claim nor an assumption", f"write {near}" if near else "look the id up in docs/claims.md"
        refuse(Fault(why, value=source, allowed="C01 to C63, A1 and on", nearest=near, fix=fix))
    return source


def _variant(given: object) -> Variant:
    if isinstance(given, Variant):
        return given
    name = text(given)
    if name not in VARIANTS:
        refuse(unknown(name, tuple(VARIANTS), "variant"))
    return VARIANTS[name]


Parameters = Annotated[dict[str, float | Between], BeforeValidator(_parameters)]
Without = Annotated[tuple[str, ...], BeforeValidator(_without)]
VariantName = Annotated[
    InstanceOf[Variant],
    BeforeValidator(_variant),
    PlainSerializer(lambda variant: variant.name),
    WithJsonSchema({"type": "string", "enum": list(VARIANTS)}),
]
