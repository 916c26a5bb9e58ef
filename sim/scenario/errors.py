"""What is wrong with a scenario, said so that it can be mended: where, what, why, and how."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import NoReturn

from pydantic_core import PydanticCustomError

_LONGEST = 60  # characters of a value or list that a message shows
MOST = 20  # problems that are told


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, with what helps to put it right. What does not apply is left empty."""

    why: str
    file: str = ""
    line: int | None = None
    key: str = ""
    value: str = ""
    allowed: str = ""
    nearest: str = ""
    fix: str = ""

    def __str__(self) -> str:
        """Return the readable block: where and why first, then a line for each help."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        lines = [": ".join(part for part in (where, self.key, self.why) if part)]
        lines += [
            f"    {label:<8} {text}"
            for label, text in (
                ("written", self.value),
                ("allowed", self.allowed),
                ("nearest", self.nearest),
                ("fix", self.fix),
            )
            if text
        ]
        return "\n".join(lines)


class ScenarioError(Exception):
    """A scenario cannot be used. ``problems`` holds everything found in one pass, in the order of the lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line or 0)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return the problems, one block each."""
        return list_problems(self.problems)


def stop(why: str, file: str = "", line: int | None = None, **help: str) -> NoReturn:
    """Refuse a scenario for one problem; ``help`` is what helps to put it right, as :class:`Problem` has it."""
    raise ScenarioError([Problem(why, file, line, **help)]) from None


def list_problems(problems: Sequence[Problem | str]) -> str:
    """Return the first problems, one below the other, and how many more there are.

    What is allowed in several is written out once.
    """
    blocks: list[str] = []
    before = ""
    for problem in problems[:MOST]:
        if isinstance(problem, Problem) and problem.allowed:
            before, same = problem.allowed, problem.allowed == before
            problem = replace(problem, allowed="as above") if same else problem
        blocks.append(str(problem))
    if len(problems) > MOST:
        blocks.append(f"and {len(problems) - MOST:,} more")
    return "\n".join(blocks)


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem as a check sees it: below which key it lies (``at``), not yet in which file and line."""

    why: str
    at: tuple[str | int, ...] = ()
    value: object = None
    allowed: str = ""
    nearest: str = ""
    fix: str = ""
    writes: float | None = None  # the number that the fix says to write, if it does

    def inside(self, low: float, high: float) -> "Fault":
        """Return the fault with a fix that stands inside a range."""
        if self.writes is None or low <= self.writes <= high:
            return self
        return replace(self, fix=f"write a number such as {min(max(self.writes, low), high):g}")


def refuse(*faults: Fault) -> NoReturn:
    """Tell pydantic what is wrong; the schema turns it into problems with file and line."""
    raise refusal(*faults)


def refusal(*faults: Fault) -> PydanticCustomError:
    """Return faults as an error of pydantic."""
    return PydanticCustomError("faults", "not a valid scenario", {"faults": faults})


def faults_of(error: PydanticCustomError, *at: str | int) -> list[Fault]:
    """Return the faults that :func:`refuse` raised, moved below the key ``at``."""
    context = error.context or {}
    return [replace(fault, at=(*at, *fault.at)) for fault in context["faults"]]


def nearest_word(word: object, options: Iterable[str]) -> str:
    """Return the option that looks most like the word, or nothing."""
    return next(iter(nearest_two(word, options)), "")


def nearest_two(word: object, options: Iterable[str]) -> list[str]:
    """Return the two options that look most like the word, the nearest first; fewer where fewer do."""
    by_folded = {option.casefold(): option for option in options}
    matches = get_close_matches(str(word)[:_LONGEST].casefold(), by_folded, n=2, cutoff=0.55)
    return [by_folded[match] for match in matches]


def suggest(word: object, options: Iterable[str]) -> str:
    """Return "; did you mean ...?" with the option that looks most like the word, or nothing where none does."""
    near = nearest_word(word, options)
    return f"; did you mean {near}?" if near else ""


def unknown_word(word: object, options: Sequence[str], what: str, suggesting: bool = True) -> Fault:
    """Return the fault that a word is not among the options; the one that is meant is looked for where it is told."""
    near = nearest_word(word, options) if suggesting else ""
    fix = f"write {near}" if near else "write one of those allowed"
    return Fault(f"{show_value(word)} is no {what}", (), word, ", ".join(options), near, fix)


def show_value(value: object) -> str:
    """Return a value as a scenario file would write it, cut where it is long."""
    text = _written(value)
    text = text if text.isprintable() else repr(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_written(inner) for inner in value) + "]"
    return "" if value is None else str(value)
