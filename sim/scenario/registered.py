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
from sim.scenario.priors import FAMILIES, WITHIN, Drawn, Prior, Range, correlated, fault, matrix, prior_of
from sim.scenario.values import ORDERINGS, defaults
from sim.scenario.words import number, text

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
    if isinstance(written, Mapping | Drawn) or written == PRIOR:
        return _drawn(known, written, known.low, known.high)
    return _number(known, written, known.low, known.high)


def _drawn(known: Parameter, written: object, low: float, high: float) -> Drawn:
    """Return what a parameter is drawn from for each run, or refuse."""
    if known.name in _TIED:
        why = f"{_TIED[known.name].says}, and a drawn weight could break it"
        refuse(Fault(why, value=written, fix="write a number, or vary the weight in a sweep"))
    if isinstance(written, Drawn) or not isinstance(written, Mapping):
        return written if isinstance(written, Drawn) else Range(low, high)
    pair = written.get("uniform")
    if family := next((family for family in FAMILIES if family in written), ""):
        return _prior(known, family, written, low, high)
    if len(written) != 1 or not isinstance(pair, list | tuple) or len(pair) != 2:
        fix = f"write {{uniform: [{low:g}, {high:g}]}} (lowest, highest), {', '.join(FAMILIES)}, or {PRIOR}"
        refuse(Fault("a number is wanted, or what it is drawn from", value=written, fix=fix))
    ends = _numbers(known, pair, (low, high), "uniform")
    if not ends[0] < ends[1]:
        why = "the lowest number is not below the highest"
        refuse(Fault(why, ("uniform", 1), pair[1], fix="exchange them"))
    return Range(ends[0], ends[1])


def _prior(known: Parameter, family: str, written: Mapping[str, object], low: float, high: float) -> Drawn:
    """Return a distribution other than the uniform one, or refuse."""
    form = f"{family}: [{', '.join(FAMILIES[family])}]"
    if strange := [key for key in written if key not in (family, WITHIN)]:
        allowed = f"{family}, {WITHIN}"
        refuse(Fault("there is no such key here", (strange[0],), written[strange[0]], allowed, fix="delete the key"))
    for key, value in written.items():
        if not isinstance(value, list | tuple):
            fix = f"write {form if key == family else f'{WITHIN}: [{low:g}, {high:g}]'}"
            refuse(Fault("a list of numbers is wanted", (key,), value, fix=fix))
    numbers = _numbers(known, written[family], (low, high) if family == "triangular" else None, family)
    within = _numbers(known, written[WITHIN], (low, high), WITHIN) if WITHIN in written else None
    if why := fault(family, numbers, within):
        at = WITHIN if why.startswith(WITHIN) else family
        refuse(Fault(why, (at,), written[at], fix=f"write {form}" if at == family else f"write {WITHIN}: [low, high]"))
    try:
        return prior_of(family, numbers, within).bound(low, high)
    except ValueError as error:
        allowed = f"{low:g} to {high:g}{_unit(known)}"
        refuse(Fault(str(error), (family,), written[family], allowed, fix="change the numbers"))


def _numbers(known: Parameter, listed: object, ends: tuple[float, float] | None, at: str) -> list[float]:
    """Return the numbers of a list, or refuse; where ends are given all lie within the plausible range."""
    assert isinstance(listed, list | tuple)
    numbers, faults = [], []
    for place, item in enumerate(listed):
        try:
            numbers.append(number(item) if ends is None else _number(known, item, *ends))
        except PydanticCustomError as error:
            faults += faults_of(error, at, place)
    if faults:
        refuse(*faults)
    return numbers


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
                value = number(written)
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
            matrix(read)
    except ValueError as error:
        refuse(Fault(str(error), value=", ".join(correlated(read)), fix="bring one of them nearer to 0"))
    return read


def _drawable(name: str, at: tuple[str, ...]) -> list[Fault]:
    """Return why a parameter cannot be drawn; nothing where it can."""
    names = [known for known, entry in register().items() if entry.low is not None and known not in _TIED]
    return [] if name in names else [replace(unknown(name, names, "parameter that can be drawn"), at=at, allowed="")]


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


_AS_WRITTEN = PlainSerializer(lambda drawn: drawn.written())
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
