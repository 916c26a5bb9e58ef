"""Finding and reading scenarios, with the ones that they extend."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from os.path import isdir, isfile  # unlike Path's, these never raise
from pathlib import Path
from typing import NoReturn

from sim.registers.text_files import UnreadableError, other_than_file, read_text
from sim.scenario.errors import Problem, ScenarioError, nearest_two, nearest_word, show_value, stop
from sim.scenario.layers import OWN, Layer, from_document, lay
from sim.scenario.plain_data import plain_value
from sim.scenario.schema import ROOT, Scenario, keys_at
from sim.scenario.yaml_reading import LARGEST, Document, read_scenario

SUFFIXES = (".yaml", ".yml")
_PACKAGE = Path(__file__).parents[1]
_EMPTY = Layer({})
_MOST_NAMES = 40  # that a message lists


def load(name_or_path: str | Path) -> Scenario:
    """Return a scenario.

    Parameters
    ----------
    name_or_path
        A path to a YAML file; or a name in ./scenarios or among the scenarios that come with the package.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it, in one pass.

    Examples
    --------
    >>> import sim
    >>> sim.load("war-ends-early").war.ends
    '2025-01'
    """
    path = find(name_or_path)
    document = read_document(path)
    if document.data and document.data.keys().isdisjoint(keys_at(())):
        _refuse_foreign(document, path)
    return _scenario(document, path)


def loads(text: str, source: str = "<text>") -> Scenario:
    """Return the scenario that a text describes; ``extends`` is looked for from the current folder."""
    return _scenario(read_scenario(text, source), Path(source), read_from_file=False)


def available() -> list[tuple[str, str]]:
    """Return the name and the question of every scenario that can be loaded by name."""
    return [(name, _question(path)) for name, path in sorted(_named(_folders()).items())]


def find(name_or_path: str | Path, beside: Path | None = None) -> Path:
    """Return the file of a scenario.

    Parameters
    ----------
    name_or_path
        A path (it has a folder or ends in .yaml), or a name, whatever its case.
    beside
        A folder that paths start from and where names are looked for first.

    Raises
    ------
    ScenarioError
        If there is no such file, with the nearest name.
    """
    given = Path(name_or_path)
    if given.suffix.lower() in SUFFIXES or len(given.parts) > 1:
        return _existing((beside or Path()) / given)
    named = _named(([beside] if beside else []) + _folders())
    if meant := _whatever_case(str(name_or_path), named):
        return _existing(named[meant])
    here = f"{name_or_path}{SUFFIXES[0]}"
    near = [here] if isfile((beside or Path()) / here) else nearest_two(name_or_path, named)
    refuse_name("scenario", str(name_or_path), named, near)


def refuse_name(what: str, name: str, named: Iterable[str], near: Sequence[str]) -> NoReturn:
    """Refuse a name that no file has, with what was perhaps meant; where nothing comes near, with all names."""
    why = f'no {what} "{show_value(name)}"'
    if near:
        stop(f"{why}. Did you mean {' or '.join(near)}?")
    names = sorted(named)
    stop(
        why,
        allowed=", ".join(names[:_MOST_NAMES]) + ", ..." * (len(names) > _MOST_NAMES),
        fix="write one of these names, or a path that ends in .yaml",
    )


def _folders() -> list[Path]:
    """The folders where names are looked for: the user's, then the package's (or its source checkout's)."""
    shipped = _PACKAGE / "scenarios"
    return [Path("scenarios"), shipped if shipped.is_dir() else _PACKAGE.parent / "scenarios"]


def _named(folders: list[Path]) -> dict[str, Path]:
    """Return the scenario files of some folders by name; an earlier folder wins."""
    return {
        path.stem: path
        for folder in reversed(folders)
        for path in _listing(folder)
        if path.suffix.lower() in SUFFIXES and not isdir(path)
    }


def _listing(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (OSError, ValueError):
        return []


def _existing(path: Path) -> Path:
    """Return the path if a file is there; otherwise say what is, or name the nearest file beside it."""
    if isfile(path):
        return path
    if kind := other_than_file(path):
        stop(f"this is {kind}, not a scenario file", show_value(path), fix="name a file")
    near = _nearest_file(path)
    name = "" if near else _whatever_case(path.stem, _named(_folders()))
    fix = f"write {path.with_name(near)}" if near else f"write {name}" if name else "check the path"
    stop("there is no such file", show_value(path), nearest=near, fix=fix)


def _whatever_case(name: str, named: Iterable[str]) -> str:
    """Return the name among these that is the same but for its case; nothing where there is none."""
    return {one.casefold(): one for one in named}.get(name.casefold(), "")


def _nearest_file(path: Path) -> str:
    beside = {file.stem: file.name for file in _listing(path.parent) if file.suffix in SUFFIXES and isfile(file)}
    return beside.get(nearest_word(path.stem, beside), "")


def read_document(path: Path) -> Document:
    """Return what a scenario file, or one of its like, says.

    A link may lead to what is private: nothing is printed of a file that is no mapping of keys.

    Raises
    ------
    ScenarioError
        If it is no file, or cannot be read as one YAML mapping.
    """
    try:
        return read_scenario(read_text(path, LARGEST), str(path))
    except UnreadableError as error:
        stop(error.why, str(path), error.line, fix=error.fix)
    except ScenarioError as error:
        raise ScenarioError(replace(problem, key="", value="") for problem in error.problems) from None


def _scenario(document: Document, path: Path, read_from_file: bool = True) -> Scenario:
    """Lay over the parents, and validate; what each step finds wrong is reported together."""
    document.data.setdefault("name", path.stem)
    overrides = {key: plain_value(value) for key, value in document.data.items() if key not in OWN}
    problems = list(document.problems)
    layer = lay(from_document(document), _parent(document, path, (), problems))
    try:
        scenario = Scenario.of(layer, str(path) if read_from_file else None, overrides)
    except ScenarioError as error:
        problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return scenario


def _parent(document: Document, path: Path, chain: tuple[Path, ...], problems: list[Problem]) -> Layer:
    """Return what a scenario extends, its own parents included.

    Where the parent cannot be used the baseline stands in, so that the rest is checked all the same.
    """
    extends = document.data.get("extends", "baseline")
    if extends == ROOT:
        return _EMPTY
    chain = (*chain, path.resolve())
    try:
        parent = find(extends if isinstance(extends, str) else "baseline", beside=path.parent)
        if parent.resolve() in chain:
            names = " -> ".join(link.stem for link in (*chain, parent))
            fix = "let one of them extend baseline, or nothing"
            stop(f"scenarios extend each other in a circle: {names}", fix=fix)
        above = _read_parent(parent)
    except ScenarioError as error:
        problems += [_at_extends(problem, document) for problem in error.problems]
        return _EMPTY if "extends" not in document.data else _baseline(chain, problems)
    problems += above.problems
    return lay(from_document(above), _parent(above, parent, chain, problems))


def _read_parent(path: Path) -> Document:
    """Return what a scenario says that is extended.

    Whoever wrote the name of the file may not be allowed to see it: all of its keys have to be those of a scenario.
    """
    document = read_document(path)
    if not document.data.keys() <= set(keys_at(())):
        why = "this is no scenario: it has keys that scenarios do not have"
        stop(why, str(path), fix=f"`sim check {path}` says which")
    return document


def _refuse_foreign(document: Document, path: Path) -> NoReturn:
    """Refuse a file none of whose keys a scenario has, without printing any of it."""
    known = keys_at(())
    key = next(iter(document.data))
    near = nearest_word(key, known)
    stop(
        "this is no scenario: it has none of a scenario's keys",
        str(path),
        document.lines.get((key,)),
        allowed=", ".join(known),
        nearest=near,
        fix=f"write {near}" if near else "name a scenario file",
    )


def _at_extends(problem: Problem, document: Document) -> Problem:
    """Return a problem of finding the parent, placed at the line that names it."""
    if problem.file and problem.line:
        return problem
    why = f"{problem.why} ({problem.file})" if problem.file else problem.why
    value = problem.value or show_value(document.data.get("extends", "baseline"))
    line = document.lines.get(("extends",))
    return replace(problem, why=why, file=document.file, line=line, key="extends", value=value)


def _baseline(chain: tuple[Path, ...], problems: list[Problem]) -> Layer:
    """Return the baseline to check the rest against."""
    path = find("baseline")
    if path.resolve() in chain:
        return _EMPTY
    document = read_document(path)
    return lay(from_document(document), _parent(document, path, chain, problems))


def _question(path: Path) -> str:
    try:
        return str(read_document(_existing(path)).data.get("question") or "")
    except ScenarioError:
        return "(cannot be read; sim check says why)"
