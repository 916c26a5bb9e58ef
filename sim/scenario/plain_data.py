"""What a written word means where a number, a month or a text is wanted; each trap of YAML gets its own message."""

import math
import re
from numbers import Real
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from sim.model import months
from sim.scenario.errors import Fault, refuse
from sim.scenario.yaml_reading import Plain

FIRST, LAST = "2019-01", "2045-12"
LONGEST_NAME = 200  # characters
NO_END = "never"  # what is written, and told, where the war does not end
_NUMBER = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WRITES = re.compile(r"write (?:a number such as )?([-+]?[0-9.]+)")
_LICENCE = re.compile(r"[A-Za-z0-9.+-]+|https?://[^\s<>\"]+")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")


def plain_number(value: object) -> float:
    """Return the number that is written, or refuse with the reason."""
    if isinstance(value, Plain) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            result = float(value)
        except OverflowError:
            result = math.inf
        if math.isfinite(result):
            return result
    why, fix = _no_number(value)
    instead = _WRITES.match(fix)
    refuse(Fault(why, value=value, fix=fix, writes=float(instead[1]) if instead else None))


def plain_whole(value: object) -> int:
    """Return the whole number of months that is written, or refuse with the reason."""
    count, most = plain_number(value), months.index(LAST) + 1
    if count != int(count) or not 1 <= count <= most:
        refuse(Fault("a number of months is wanted", value=value, allowed=f"1 to {most}", fix="write one such as 6"))
    return int(count)


def _no_number(value: object) -> tuple[str, str]:
    """Say why a value is not a number, and what to write instead."""
    why, fix = "a number is wanted", "write a number such as 0.5"
    if value is None:
        return "nothing is written here; a number is wanted", fix
    if isinstance(value, Real) and not isinstance(value, bool):
        return "the number is not finite", fix
    if not isinstance(value, str):
        return why, fix
    text = str(value).strip()
    if not isinstance(value, Plain) and _NUMBER.fullmatch(text):
        return "text in quotes where a number is wanted", f"write {text} without quotes"
    if text.casefold() in ("yes", "true", "on", "no", "false", "off"):
        return "a number is wanted, not yes or no", f"write {int(text.casefold() in ('yes', 'true', 'on'))}"
    if text.casefold().lstrip("-+.") in ("inf", "nan", "infinity"):
        return "the number is not finite", fix
    if re.fullmatch(r"[-+]?[0-9]*,[0-9]+", text):
        return "a comma in a number", f"write {text.replace(',', '.')}"
    if re.fullmatch(r"[-+]?[0-9_.]+", text) and "_" in text:
        return "an underscore in a number", f"write {text.replace('_', '')}"
    if match := re.fullmatch(r"([-+]?[0-9]+(?:\.[0-9]+)?) ?%", text):
        return "a percentage where a share is wanted", f"write {float(match[1]) / 100:g} for {match[1]}%"
    if re.fullmatch(r"[-+]?0[xob]?[0-9a-fA-F]+", text):
        return "some programs read this as octal or hexadecimal", "write the number in decimals, without a leading zero"
    if re.fullmatch(r"[-+]?[0-9]+(:[0-9]+)+", text):
        return "a time of day where a number is wanted (some programs read it in base 60)", fix
    if match := re.fullmatch(r"([-+]?[0-9]+(?:\.[0-9]+)?) ?[A-Za-z]+", text):
        return why, f"write {match[1]} alone, without a unit"
    return why, fix


def plain_value(value: object) -> object:
    """Return what a file says as ordinary Python data: words that are numbers become numbers."""
    if isinstance(value, dict):
        return {key: plain_value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain_value(inner) for inner in value]
    if isinstance(value, Plain):
        return float(value) if _NUMBER.fullmatch(value) else str(value)
    return value


def plain_month(value: object) -> str:
    """Return the month that is written, as YYYY-MM within the model's years, or refuse with the reason."""
    text = value.strftime("%Y-%m-%d") if hasattr(value, "strftime") else str(value).strip()
    allowed = f"YYYY-MM from {FIRST} to {LAST}"
    if value is None:
        refuse(Fault("nothing is written here; a month is wanted", allowed=allowed, fix="write one such as 2027-06"))
    if not isinstance(value, str) or not _MONTH.fullmatch(text):
        refuse(Fault("a month is wanted", value=value, allowed=allowed, fix=f"write {_month_inside(text)}"))
    if not FIRST <= text <= LAST:
        side, edge = ("before the first", FIRST) if text < FIRST else ("after the last", LAST)
        why = f"{text} lies {side} month of the model"
        refuse(Fault(why, value=value, allowed=allowed, fix=f"write {edge} or a month inside"))
    return text


def _month_inside(text: str) -> str:
    """Guess the month behind what is written, and keep to the model's years."""
    guess = _month_meant(text)
    if not guess[:4].isdecimal() or FIRST <= guess[:7] <= LAST:
        return guess
    return f"{FIRST if guess[:7] < FIRST else LAST} or a month inside"


def _month_meant(text: str) -> str:
    """Guess the month behind a date, a year, or another way of writing a month."""
    if match := re.fullmatch(r"([0-9]{4})[-/. ]?(?:Q[1-4])?", text, re.IGNORECASE):
        return f"{match[1]}-01"
    if match := re.fullmatch(r"([0-9]{4})[-/.]?([0-9]{1,2})([-/.T ].*)?", text):
        year, in_year = match[1], int(match[2])
    elif match := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{4})", text):
        year, in_year = match[2], int(match[1])
    else:
        return "a month such as 2027-06"
    return f"{year}-{in_year:02d}" if 1 <= in_year <= 12 else f"{year}-01 to {year}-12"


def printable_text(value: object) -> str:
    """Return the text that is written, or refuse: it has to be printable."""
    if not isinstance(value, str) or not value.strip():
        why = "nothing is written here; text is wanted" if value is None or value == "" else "text is wanted"
        refuse(Fault(why, value=value, fix="write a word or a sentence, or delete the key"))
    if strange := next((sign for word in value.split() for sign in word if not sign.isprintable()), ""):
        refuse(Fault(f"{strange!a} cannot be printed", value=value, fix="delete what cannot be seen"))
    return str(value).strip()


def plain_name(value: object) -> str:
    """Return the name that is written, or refuse: one line of printable text."""
    written = printable_text(value)
    if len(written) > LONGEST_NAME:
        fix = "write a shorter one; the question and the reading have room for more"
        refuse(Fault(f"a name of {len(written):,} characters", allowed=f"at most {LONGEST_NAME}", fix=fix))
    if len(written.splitlines()) > 1:
        refuse(Fault("a name of several lines", value=written, fix="write it in one line"))
    return written


def licence(value: object) -> str:
    """Return the licence that is written, or refuse: an SPDX identifier, or an address."""
    written = printable_text(value)
    if not _LICENCE.fullmatch(written):
        allowed = "an SPDX identifier, or an address that begins with https://"
        refuse(Fault("this is no licence", value=value, allowed=allowed, fix="write one such as CC-BY-4.0"))
    return written


def derived_name(own: str, more: str) -> str:
    """Return the name of a world made from another: its own, cut where need be, and what was done to it."""
    more = more if len(more) < LONGEST_NAME // 2 else more[: LONGEST_NAME // 2 - 4] + " ..."
    room = LONGEST_NAME - len(more)
    return (own if len(own) <= room else own[: room - 4] + " ...") + more


Number = Annotated[float, BeforeValidator(plain_number), WithJsonSchema({"type": "number"})]
Whole = Annotated[int, BeforeValidator(plain_whole), WithJsonSchema({"type": "integer", "minimum": 1})]
Text = Annotated[str, BeforeValidator(printable_text), WithJsonSchema({"type": "string", "minLength": 1})]
_NAME_SCHEMA = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
Name = Annotated[str, BeforeValidator(plain_name), WithJsonSchema(_NAME_SCHEMA)]
_LICENCE_SCHEMA = {"type": "string", "minLength": 1}
License = Annotated[str, BeforeValidator(licence), WithJsonSchema(_LICENCE_SCHEMA)]
MONTH_SCHEMA = {"type": "string", "pattern": "^20(19|2[0-9]|3[0-9]|4[0-5])-(0[1-9]|1[0-2])$"}
Month = Annotated[str, BeforeValidator(plain_month), WithJsonSchema(MONTH_SCHEMA)]
