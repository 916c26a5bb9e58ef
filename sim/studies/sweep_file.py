"""Sweep files: a question, a scenario, and what to vary; checked with the same care as scenarios."""

import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pandas as pd
from pydantic_core import PydanticCustomError

from sim.inference import designs
from sim.inference.designs import DESIGNS, Factor
from sim.inference.points import bound, problems, telling, unknown_factor, wrong_values
from sim.registers.register import registered_parameters
from sim.registers.text_files import LARGEST_TABLE, UnreadableError, read_text, table_rows
from sim.scenario import Problem, Scenario, ScenarioError, load
from sim.scenario.errors import MOST, Fault, faults_of, nearest_two, nearest_word, show_value, unknown_word
from sim.scenario.layers import Layer, from_document
from sim.scenario.loading import SUFFIXES, find, read_document, refuse_name
from sim.scenario.plain_data import plain_number, plain_value
from sim.scenario.priors import FAMILIES, WITHIN, prior_of
from sim.scenario.yaml_reading import Document, KeyPath
from sim.studies.specification import KEPT, How, Sweep, sweep_by_design, sweep_over_points
from sim.studies.stopping import MEASURES, Until

LAID = ("author", "license", "correlations", "policies")  # keys of scenarios, laid over the scenario that is varied
KEYS = (
    "name", "question", "reading", "scenario", "vary", "design", "points", "runs", "seed", "until", "series", *LAID,
)  # fmt: skip
FORMS = {
    "span": "{span: [0, 1.6, 9]} (from, to, how many)",
    "values": "{values: [2, 5, 12]}",
    "choices": "{choices: [V0, V4]}",
    "months": "{months: [2027-01, 2031-01, 6]} (first, last, months between two)",
    "uniform": "{uniform: [0.1, 0.4]} (lowest, highest; not for factorial)",
    "normal": "{normal: [0.3, 0.1]} (mean, standard deviation; not for factorial)",
    "lognormal": "{lognormal: [0.3, 0.5]} (median, standard deviation of the logarithm; not for factorial)",
    "triangular": "{triangular: [0.1, 0.3, 0.4]} (lowest, likeliest, highest; not for factorial)",
    "beta": "{beta: [2, 5]} (exponents; not for factorial)",
}
PRIOR = "prior"
ALL = "parameters"  # `parameters: prior` varies every uncertain parameter that is not varied otherwise
_LARGEST_SEED = 2**64 - 1


def load_sweep(
    name_or_path: str | Path,
    runs: int | None = None,
    seed: int | None = None,
    otherwise: int | None = None,
    sets: int | None = None,
    defaults: bool = False,
    as_of: str | None = None,
    series: Sequence[str] | None = None,
) -> Sweep:
    """Return the sweep that a file describes.

    Parameters
    ----------
    name_or_path
        See :func:`find_sweep`.
    runs, seed, series
        In place of the file's.
    otherwise
        The seed where nobody says one; drawn where that is not said either.
    sets, defaults, as_of
        See :func:`sim.studies.specification.sweep_by_design`.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it, in one pass.

    Examples
    --------
    >>> import sim
    >>> sim.load_sweep("postwar-dose", runs=10, seed=7).runs
    10
    """
    path = find_sweep(name_or_path)
    over: How = {"sets": sets, "defaults": defaults, "as_of": as_of}
    return _Reader(read_document(path), path).sweep(runs, seed, otherwise, series, over)


def find_sweep(name_or_path: str | Path) -> Path:
    """Return the file of a sweep: a path to a YAML file, or a name in ./scenarios/sweeps or among those shipped.

    Parameters
    ----------
    name_or_path
        What was written.

    Raises
    ------
    ScenarioError
        If there is no such file, with the nearest name.
    """
    path = Path(name_or_path)
    if path.suffix.lower() in SUFFIXES or len(path.parts) > 1:
        return find(path)
    shipped = [find("baseline").parent, Path("scenarios")]
    named = {file.stem: file for folder in shipped for file in sorted((folder / "sweeps").glob("*.yaml"))}
    if path.name in named:
        return named[path.name]
    refuse_name("sweep", path.name, named, nearest_two(path.name, named))


Default = TypeVar("Default", int, None)


class _Reader:
    """Goes through a file key by key and collects what is wrong."""

    def __init__(self, document: Document, path: Path) -> None:
        self.path = path
        self.data = document.data
        self.layer: Layer = from_document(document)
        self.problems = list(document.problems)

    def sweep(
        self, runs: int | None, seed: int | None, otherwise: int | None, series: Sequence[str] | None, over: How
    ) -> Sweep:
        """Return the sweep, or raise everything that is wrong."""
        for key in self.data:
            if key not in KEYS:
                near = nearest_word(key, KEYS)
                self.wrong((key,), "there is no such key here", ", ".join(KEYS), near, f"write {near}" if near else "")
        scenario = self._laid(self._scenario())
        said: How = {
            "name": self._text("name", self.path.stem),
            "question": self._text("question"),
            "reading": self._text("reading"),
        }
        until = self._until()
        runs = self._whole("runs", 100, 1, 10_000_000) if runs is None else runs
        if seed is None:
            seed = self._whole("seed", secrets.randbelow(2**32) if otherwise is None else otherwise, 0, _LARGEST_SEED)
        vary = self.data.get("vary")
        table = isinstance(vary, str) and vary.lower().endswith(".csv")
        design = "given" if table else self._word("design", "factorial", tuple(DESIGNS))
        series = self._series() if series is None else series
        points = self._whole("points", None, 1, 100_000_000)
        frame = self._table(self.path.parent / str(vary), scenario) if table else pd.DataFrame()
        factors = {} if table else self._factors(vary, scenario)
        if self.problems:
            raise ScenarioError(self.problems)
        how: How = {"until": until, "series": series, **over, **said}
        try:
            if table:
                return sweep_over_points(scenario, frame, runs, seed, **how)
            return sweep_by_design(scenario, factors, design, points, runs, seed, **how)
        except ScenarioError as error:
            self._placed(("vary",), list(error.problems))
            raise ScenarioError(self.problems) from None
        except ValueError as error:
            self.wrong(("design",) if "design" in self.data else ("vary",), str(error))
            raise ScenarioError(self.problems) from None

    def wrong(
        self, at: KeyPath, why: str, allowed: str = "", near: str = "", fix: str = "", value: object = None
    ) -> None:
        """Note a problem at the place where something was written."""
        place = self.layer.place(at)
        written: object = self.data
        for part in at:
            written = written[part] if isinstance(written, dict) and part in written else None
        self.problems.append(
            Problem(why, place.file, place.line, place.key, show_value(value or written), allowed, near, fix)
        )

    def faults(self, at: KeyPath, *faults: Fault) -> None:
        """Note what a check of values found at the place where they were written."""
        for fault in faults:
            self.wrong(at, fault.why, fault.allowed, fault.nearest, fault.fix)

    def _scenario(self) -> Scenario:
        """Return the scenario that is varied; the baseline stands in for one that cannot be used."""
        name = self.data.get("scenario")
        if not isinstance(name, str):
            self.wrong(("scenario",), "the scenario that is varied is not named", fix="write scenario: war-ends-early")
            return load("baseline")
        try:
            return load(find(name, beside=self.path.parent) if Path(name).suffix else name)
        except ScenarioError as error:
            for problem in error.problems:
                where = f" ({problem.file}:{problem.line})" if problem.file and problem.line else ""
                why = problem.why + where
                self.wrong(("scenario",), why, problem.allowed, problem.nearest, problem.fix, problem.value)
            return load("baseline")

    def _laid(self, scenario: Scenario) -> Scenario:
        """Return the scenario with what the file lays over it; the scenario's author is not the sweep's."""
        scenario = scenario.model_copy(update={"author": "", "license": ""})
        for key in LAID:
            if key in self.data:
                try:
                    scenario = scenario.with_(**{key: self.data[key]})
                except ScenarioError as error:
                    for problem in error.problems:
                        self.wrong((key,), problem.why, problem.allowed, problem.nearest, problem.fix, problem.value)
        return scenario

    def _factors(self, vary: object, scenario: Scenario) -> dict[str, Factor]:
        if not isinstance(vary, dict) or not vary:
            self.wrong(("vary",), "what to vary is not said", fix="write names with values below vary, or a .csv file")
            return {}
        factors: dict[str, Factor] = {}
        for key, written in vary.items():
            if key == ALL and written == PRIOR:
                factors |= {name: entry for name, entry in designs.priors().items() if name not in vary}
            elif factor := self._factor(key, written):
                factors[key] = factor
                self._placed(("vary", key), problems(scenario, key, factor.telling, len(self.problems) < MOST))
        return factors

    def _factor(self, key: str, written: object) -> Factor | None:
        at: KeyPath = ("vary", key)
        forms = f"{', '.join(FORMS.values())}, or {PRIOR}"
        if written == PRIOR:
            try:
                return designs.prior(key)
            except ValueError as error:
                near = nearest_word(key, registered_parameters())
                self.wrong(at, str(error), near=near, fix=f"write {near}" if near else "say the values")
                return None
        said = written if isinstance(written, dict) else {}
        form = next((key for key in said if key != WITHIN), "")
        ends = said.get(WITHIN) if form in FAMILIES else None
        listed = said[form] if form in FORMS and len(said) == 1 + (ends is not None) else None
        if not isinstance(listed, list) or not isinstance(ends, list | None):
            near = nearest_word(form, FORMS) if form not in FORMS else ""
            fix = f"write {FORMS[near or form]}" if near or form in FORMS else "write one of these forms"
            self.wrong(at, "values to vary over are wanted here", forms, near, fix)
            return None
        words = [plain_value(word) for word in listed]
        try:
            if form in FAMILIES:
                within = None if ends is None else [plain_number(end) for end in ends]
                return bound(key, prior_of(form, [plain_number(word) for word in words], within))
            return _MAKE[form](*words)
        except PydanticCustomError as error:
            self.faults((*at, form), *faults_of(error))
            return None
        except (ValueError, TypeError) as error:
            why = str(error) if isinstance(error, ValueError) else "the values do not fit the form"
            self.wrong((*at, form), why, fix=f"write {FORMS[form]}")
            return None

    def _placed(self, at: KeyPath, problems: list[Problem]) -> None:
        """Note problems of a scenario at the line of the factor that would cause them."""
        place = self.layer.place(at)
        self.problems += [replace(problem, file=place.file, line=place.line, key=place.key) for problem in problems]

    def _table(self, path: Path, scenario: Scenario) -> pd.DataFrame:
        """Return the points of a CSV file: a column a factor, a row a point."""

        def refused(why: str, line: int, fix: str) -> pd.DataFrame:
            self.problems.append(Problem(why, str(path), line, fix=fix))
            return pd.DataFrame()

        try:
            (head, header), *rows = list(table_rows(read_text(path, LARGEST_TABLE))) or [(1, [])]
        except UnreadableError as error:
            if error.line is not None:
                return refused(error.why, error.line, error.fix)
            self.wrong(("vary",), f"the points cannot be read: {error.why}", fix=error.fix)
            return pd.DataFrame()
        except FileNotFoundError:
            self.wrong(("vary",), "the points cannot be read: there is no such file", fix="check the path")
            return pd.DataFrame()
        if not rows:
            return refused("there are no points", head, "write names in the first line, then a line a point")
        columns: dict[str, list[float | str]] = {key.strip(): [] for key in header}
        if len(columns) < len(header):
            return refused("two columns have the same name", head, "delete one of them")
        for line, row in rows:
            if len(row) != len(columns):
                why = f"{len(row)} values for {len(columns)} columns"
                return refused(why, line, "write one value for each column")
            for key, word in zip(columns, row, strict=True):
                columns[key].append(_cell(key, word.strip()))
        for key, cells in columns.items():
            if unknown := unknown_factor(key, len(self.problems) < MOST):
                self.problems.append(replace(unknown, file=str(path), line=head))
                continue
            lines: dict[object, int] = {}
            for (line, _), cell in zip(rows, cells, strict=True):
                lines.setdefault(cell, line)
            for wrong, problem in wrong_values(scenario, key, telling(cells)):
                self.problems.append(replace(problem, file=str(path), line=lines[wrong], key=key))
        return pd.DataFrame(columns)

    def _until(self) -> Until | None:
        if "until" not in self.data:
            return None
        written = self.data["until"]
        if not isinstance(written, dict) or len(written) != 1:
            self.wrong(("until",), "a measure with a width is wanted", fix="write until: {effect_of_the_end: 2}")
            return None
        (measure,) = written
        if measure not in MEASURES:
            self.faults(("until", measure), unknown_word(measure, MEASURES, "measure that a sweep can wait for"))
            return None
        width = self._number(("until", measure), written[measure])
        if width is not None and width <= 0:
            self.wrong(("until", measure), "the width of an interval is above 0", fix="write a width such as 2")
            return None
        return Until(measure, width or 1.0)

    def _series(self) -> list[str]:
        written = self.data.get("series", [])
        if not isinstance(written, list):
            self.wrong(("series",), "a list of series is wanted", fix="write series: [tension, china_flow]")
            return []
        for place, name in enumerate(written):
            if name not in KEPT:
                suggesting = len(self.problems) < MOST
                self.faults(("series", place), unknown_word(name, KEPT, "state, measure or lever", suggesting))
        return [str(name) for name in written]

    def _number(self, at: KeyPath, written: object) -> float | None:
        try:
            return plain_number(written)
        except PydanticCustomError as error:
            self.faults(at, *faults_of(error))
            return None

    def _whole(self, key: str, default: Default, low: int, high: int) -> int | Default:
        if key not in self.data:
            return default
        written = self.data[key]
        if isinstance(written, str) and written.isdecimal() and low <= int(written) <= high:
            return int(written)
        self.wrong((key,), "a whole number is wanted", f"{low} to {high}", fix=f"write {key}: 100")
        return default

    def _text(self, key: str, default: str = "") -> str:
        return str(self.data.get(key) or default)

    def _word(self, key: str, default: str, options: tuple[str, ...]) -> str:
        written = self.data.get(key, default)
        if written in options:
            return str(written)
        self.faults((key,), unknown_word(written, options, key))
        return default


def _cell(key: str, word: str) -> float | str:
    """Return what a cell of a table says: a number where a parameter or a driver is set."""
    try:
        value = float(word) if key in registered_parameters() or key.startswith("drivers.") else word
    except ValueError:
        return word  # the scenario's own check says what is wrong with it
    return value if isinstance(value, str) or math.isfinite(value) else word


def _span(low: float, high: float, count: float) -> designs.Levels:
    return designs.span(low, high, int(count))


def _months(first: str, last: str, every: float = 1) -> designs.Levels:
    return designs.months(str(first), str(last), int(every))


_MAKE: dict[str, Callable[..., Factor]] = {
    "span": _span,
    "values": designs.values,
    "choices": designs.choices,
    "months": _months,
    "uniform": designs.uniform,
}
