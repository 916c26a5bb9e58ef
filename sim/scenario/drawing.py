"""What a file says that a number is drawn from, read and checked against the range of what it is a number of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic_core import PydanticCustomError

from sim.scenario.errors import Fault, faults_of, refuse, show_value
from sim.scenario.plain_data import plain_number
from sim.scenario.priors import AT_LOW, FAMILIES, WITHIN, Drawn, Prior, Range, fault, prior_of


@dataclass(frozen=True)
class Bounds:
    """What numbers something may have.

    Attributes
    ----------
    meaning
        What they are numbers of.
    low, high
        The lowest and the highest.
    unit
        Empty where they have none.
    words
        Words that may stand in place of a distribution.
    """

    meaning: str
    low: float
    high: float
    unit: str = ""
    words: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """The range with its unit."""
        return f"{self.low:g} to {self.high:g}{f' [{self.unit}]' if self.unit else ''}"


def as_written(value: object) -> object:
    """Return a number, or what it is drawn from, as a file writes it."""
    return value.written() if isinstance(value, Drawn) else value


def read_drawn(span: Bounds, written: Mapping[str, object] | Drawn) -> Drawn:
    """Return what a number is drawn from, or refuse."""
    said = written.written() if isinstance(written, Drawn) else written
    pair = said.get("uniform")
    if family := next((family for family in FAMILIES if family in said), ""):
        return _prior(span, family, said)
    if not set(said) <= {"uniform", AT_LOW} or not isinstance(pair, list | tuple) or len(pair) != 2:
        *others, last = (*FAMILIES, *span.words)
        fix = f"write {{uniform: [{span.low:g}, {span.high:g}]}} (lowest, highest), {', '.join(others)}, or {last}"
        refuse(Fault("a number is wanted, or what it is drawn from", value=written, fix=fix))
    ends = _numbers(span, pair, "uniform", inside=True)
    if not ends[0] < ends[1]:
        why = "the lowest number is not below the highest"
        refuse(Fault(why, ("uniform", 1), pair[1], fix="exchange them"))
    return Range(ends[0], ends[1], _share_at_low(said))


def read_number(span: Bounds, written: object) -> float:
    """Return a number within a range, or refuse."""
    try:
        value = plain_number(written)
    except PydanticCustomError as error:
        faults = [replace(fault, allowed=span.allowed).inside(span.low, span.high) for fault in faults_of(error)]
        if isinstance(written, list | tuple) and len(written) == 2:
            pair = f"{{uniform: {show_value(written)}}}"
            faults = [replace(fault, fix=f"write {pair} for a number drawn for each run") for fault in faults]
        refuse(*faults)
    if not span.low <= value <= span.high:
        why = f"{value:g} is outside the plausible range ({span.meaning})"
        fix = f"write {min(max(value, span.low), span.high):g} or a value inside"
        refuse(Fault(why, value=value, allowed=span.allowed, fix=fix))
    return value


def _share_at_low(written: Mapping[str, object]) -> float:
    """Return what share of the draws a uniform distribution has at its lowest number, or refuse."""
    try:
        share = plain_number(written.get(AT_LOW, 0.0))
    except PydanticCustomError as error:
        refuse(*faults_of(error, AT_LOW))
    if not 0.0 <= share < 1.0:
        why = "a share is from 0 to below 1"
        refuse(Fault(why, (AT_LOW,), written[AT_LOW], fix=f"write {AT_LOW}: 0.1, or the number alone for all draws"))
    return share


def _prior(span: Bounds, family: str, written: Mapping[str, object]) -> Prior:
    """Return a distribution other than the uniform one, or refuse."""
    form = f"{family}: [{', '.join(FAMILIES[family])}]"
    for key, value in written.items():
        if key not in (family, WITHIN):
            refuse(Fault("there is no such key here", (key,), value, f"{family}, {WITHIN}", fix="delete the key"))
        if not isinstance(value, list | tuple):
            fix = f"write {form if key == family else f'{WITHIN}: [{span.low:g}, {span.high:g}]'}"
            refuse(Fault("a list of numbers is wanted", (key,), value, fix=fix))
    numbers = _numbers(span, written[family], family, inside=family == "triangular")
    within = _numbers(span, written[WITHIN], WITHIN, inside=True) if WITHIN in written else None
    if why := fault(family, numbers, within):
        at = WITHIN if why.startswith(WITHIN) else family
        refuse(Fault(why, (at,), written[at], fix=f"write {form}" if at == family else f"write {WITHIN}: [low, high]"))
    try:
        return prior_of(family, numbers, within).bound(span.low, span.high)
    except ValueError as error:
        refuse(Fault(str(error), (family,), written[family], span.allowed, fix="change the numbers"))


def _numbers(span: Bounds, listed: object, at: str, inside: bool) -> list[float]:
    """Return the numbers of a list, or refuse; where it is said all lie inside the range."""
    assert isinstance(listed, list | tuple)
    numbers, faults = [], []
    for place, item in enumerate(listed):
        try:
            numbers.append(read_number(span, item) if inside else plain_number(item))
        except PydanticCustomError as error:
            faults += faults_of(error, at, place)
    if faults:
        refuse(*faults)
    return numbers
