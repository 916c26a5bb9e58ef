"""How many random errors in seven packages the nearest tests notice: a sample; ``benchmarks.mutation`` counts all.

``python -m benchmarks.mutation_sample SEED RECORD`` (extra "mutation") draws 100 errors of cosmic-ray's from the seed,
makes one at a time in a copy of the tree, runs the nearest tests and writes a row each to the CSV file RECORD. Started
again, it goes on after the last row. Then it prints how many were caught, survived, or stayed undecided, because the
processor time ran out.

The nearest tests of a module are its own examples and a few files of tests that import it: those of its package first,
then over the fewest steps, then those that name the function with the error. An error that they do not notice is tried
once more, against the other files of tests that import the module or a module that imports it. A test that fails
without the error too catches nothing.
"""

import argparse
import ast
import contextlib
import csv
import importlib
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

from benchmarks.mutation import NO_MODULE, OPERATORS, ROOT, CaughtReplacer, equal_to_none, meaning

PACKAGES = ("analysis", "inference", "studies", "prediction", "scenario", "report", "storage")
FILES = 6  # of tests, the nearest, are run for an error first
STEPS = 2  # of imports, over which files of tests are run after them
# Where things stand on the paper, which eyes judge.
LAYOUT = ("sim/report/render/", "sim/report/style.py")
# Imported once, before the tests of each error set out; nothing of the project, for the error may be anywhere in it.
AHEAD = ("ema_workbench.analysis.prim", "hypothesis", "llvmlite.binding", "matplotlib.pyplot", "pandas",
         "pyarrow.parquet", "pydantic", "pytest", "scipy.stats", "scoringrules", "typer.testing", "yaml")  # fmt: skip
NOTHING_FAILED = (0, 5)  # pytest's codes: all pass; there are none
CAUGHT, SURVIVED, UNDECIDED = "caught", "survived", "undecided"
COLUMNS = ("tree", "number", "file", "line", "operator", "before", "after", "outcome", "test", "seconds")


@dataclass(frozen=True)
class Place:
    """Where an error can be made: the file, the kind of error, and which of its kind."""

    file: str
    operator: str
    occurrence: int


@dataclass(frozen=True)
class Error:
    """A file with one error in it."""

    file: str
    operator: str
    line: int
    before: str
    after: str
    source: str

    @property
    def function(self) -> str:
        """The name of the function, class or value of the module that has the error."""
        for node in ast.parse(self.source).body:
            if node.lineno <= self.line <= (node.end_lineno or node.lineno):
                names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
                return getattr(node, "name", names[0] if names else "")
        return ""


def operator_of(name: str) -> Operator:
    """Return what makes errors of a kind."""
    return CaughtReplacer() if name == CaughtReplacer.__name__ else get_operator(f"core/{name}")()


def places(tree: Path) -> list[Place]:
    """Return every place of the seven packages where an error can be made."""
    operators = {name: operator_of(name) for name in (*OPERATORS, CaughtReplacer.__name__)}
    every = []
    for path in (path for package in PACKAGES for path in sorted((tree / "sim" / package).rglob("*.py"))):
        nodes = list(ast_nodes(get_ast(path.read_text(encoding="utf-8"))))
        for name, operator in operators.items():
            count = sum(1 for node in nodes for _ in operator.mutation_positions(node))
            every += [Place(path.relative_to(tree).as_posix(), name, occurrence) for occurrence in range(count)]
    return every


def draw(tree: Path, seed: int) -> Iterator[Error]:
    """Yield errors in the order of a seed, without those that only change an annotation or are no Python."""
    every = places(tree)
    random.Random(seed).shuffle(every)
    for place in every:
        source = (tree / place.file).read_text(encoding="utf-8")
        changed = mutate_code(source, operator_of(place.operator), place.occurrence)
        if readable_meaning(changed) not in (None, meaning(source)):
            pairs = enumerate(zip(source.splitlines(), changed.splitlines(), strict=False), 1)
            line, (before, after) = next((number, pair) for number, pair in pairs if pair[0] != pair[1])
            yield Error(place.file, place.operator, line, before.strip(), after.strip(), changed)


def readable_meaning(source: str) -> str | None:
    """Return what a source says apart from its annotations, or None where it is no Python."""
    try:
        return meaning(source)
    except SyntaxError:
        return None


def module_of(file: str) -> str:
    """Return the name of a module from its file."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def imports(tree: Path) -> dict[str, set[str]]:
    """Return what each file of the program and of the tests imports of the two: files, by file."""
    files = {path.relative_to(tree).as_posix() for top in ("sim", "tests") for path in (tree / top).rglob("*.py")}
    by_module = {module_of(file): file for file in files}
    needed: dict[str, set[str]] = {}
    for file in files:
        names = set()
        for node in ast.walk(ast.parse((tree / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                inside = {f"{node.module}.{alias.name}" for alias in node.names}
                names |= (inside & by_module.keys()) or {node.module}
        needed[file] = {by_module[name] for name in names if name in by_module}
    return needed


def steps_to(tree: Path, file: str) -> dict[str, int]:
    """Return over how many imports each file reaches a file."""
    steps, newest = {file: 0}, {file}
    while newest:
        newest = {one for one, others in imports(tree).items() if one not in steps and others & newest}
        steps |= dict.fromkeys(newest, max(steps.values()) + 1)
    return steps


def rounds(tree: Path, error: Error) -> tuple[list[str], list[str]]:
    """Return the files of tests to run for an error, and those to run next; the nearest first."""
    steps, path = steps_to(tree, error.file), Path(error.file)

    def far(test: str) -> tuple[object, ...]:
        text = (tree / test).read_text(encoding="utf-8")
        named = Path(test).stem == f"test_{path.stem}"
        return not named, path.parts[1] not in Path(test).parts, steps[test], error.function not in text, len(text)

    tests = [name for name in steps if name.startswith("tests/") and Path(name).name.startswith("test_")]
    tests = sorted((name for name in tests if "web" not in Path(name).parts), key=far)
    return [error.file, *tests[:FILES]], [test for test in tests[FILES:] if steps[test] <= STEPS]


class FirstFailure:
    """Writes down which test fails first, or which file of tests cannot be read."""

    def __init__(self, to: Path) -> None:
        self.to = to

    def pytest_runtest_logreport(self, report):
        """Keep the name of the first that fails."""
        if report.failed and not self.to.exists():
            self.to.write_text(report.nodeid, encoding="utf-8")

    pytest_collectreport = pytest_runtest_logreport


def run_tests(tree: Path, module: str, tests: list[str], limit: int) -> tuple[int, str, float]:
    """Run tests in a child and return how it ended, the first test that failed, and its seconds of processor time."""
    failure = Path(tempfile.mkdtemp()) / "failure"
    child = os.fork()
    if not child:
        os.setsid()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(20 * limit)  # for one that waits for ever
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(quiet, stream)
        os.chdir(tree)
        sys.path.insert(0, str(tree))
        sys.dont_write_bytecode = True
        os.environ |= {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        try:
            importlib.import_module(module)
        except BaseException:
            os._exit(NO_MODULE)
        import pytest

        plain = ["-x", "-q", "--assert=plain", "-m", "not long and not browser", "-p", "no:cacheprovider"]
        os._exit(pytest.main([*plain, *tests], plugins=[FirstFailure(failure)]))
    _, status, used = os.wait4(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what its tests have left behind
    first = failure.read_text(encoding="utf-8") if failure.exists() else ""
    shutil.rmtree(failure.parent)
    return os.waitstatus_to_exitcode(status), first, used.ru_utime + used.ru_stime


class Trials:
    """A copy of the tree, in which one error at a time is made."""

    def __init__(self, tree: Path, limit: int) -> None:
        self.tree, self.limit = tree, limit
        self.as_is: dict[str, bool] = {}  # by test: it passes without an error

    def _passes(self, module: str, test: str) -> bool:
        if test not in self.as_is:
            self.as_is[test] = run_tests(self.tree, module, [test], 10 * self.limit)[0] == 0
        return self.as_is[test]

    def _run(self, error: Error, tests: list[str]) -> tuple[int, str, float]:
        """Run tests with an error, without those that fail as it is."""
        path, module = self.tree / error.file, module_of(error.file)
        source = path.read_text(encoding="utf-8")
        while True:
            path.write_text(error.source, encoding="utf-8")
            ended, test, seconds = run_tests(self.tree, module, tests, self.limit)
            path.write_text(source, encoding="utf-8")
            if not test or self._passes(module, test):
                return ended, test, seconds
            tests = [name for name in tests if name != test] + ["--deselect", test]

    def try_error(self, error: Error) -> dict[str, object] | None:
        """Return the row of an error, or None where the module cannot be imported with it."""
        near, others = rounds(self.tree, error)
        ended, test, seconds = self._run(error, near)
        if ended == NO_MODULE:
            return None
        outcome = UNDECIDED if ended < 0 else SURVIVED if ended in NOTHING_FAILED else CAUGHT
        if outcome == SURVIVED and others:
            ended, test, more = self._run(error, others)
            seconds += more
            if ended > 0 and ended not in NOTHING_FAILED:  # out of time, it has survived those that were to decide
                outcome = CAUGHT
        row = {name: getattr(error, name) for name in ("file", "line", "operator", "before", "after")}
        return row | {"outcome": outcome, "test": test, "seconds": round(seconds, 1)}


def digest(tree: Path) -> str:
    """Return what tells one state of the program and its tests from another."""
    whole = sha256()
    for path in (path for top in ("sim", "tests") for path in sorted((tree / top).rglob("*.py"))):
        whole.update(path.relative_to(tree).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()[:12]


def read_rows(record: Path, tree: str) -> list[dict[str, str]]:
    """Return the rows of a record; another tree's are refused."""
    rows = list(csv.DictReader(record.open(encoding="utf-8", newline=""))) if record.exists() else []
    if any(row["tree"] != tree for row in rows):
        raise SystemExit(f"{record}: holds errors of another state of the program; name another file")
    return rows


def sample(seed: int, count: int, record: Path, limit: int) -> list[dict[str, str]]:
    """Try errors from a seed until there are so many, and return their rows."""
    state = digest(ROOT)
    done = read_rows(record, state)
    if not done:
        with record.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(COLUMNS)
    with tempfile.TemporaryDirectory() as folder:
        tree = shutil.copytree(ROOT, Path(folder) / "tree", ignore=shutil.ignore_patterns(".*", "__pycache__", "runs"))
        trials, tried = Trials(tree, limit), int(done[-1]["number"]) if done else 0
        for number, error in enumerate(draw(tree, seed), 1):
            if len(done) == count:
                break
            if number <= tried or (row := trials.try_error(error)) is None:
                continue
            with record.open("a", encoding="utf-8", newline="") as file:
                csv.DictWriter(file, COLUMNS).writerow({"tree": state, "number": number} | row)
            done = read_rows(record, state)
    return done


def shares(rows: list[dict[str, str]]) -> str:
    """Return how many errors had each outcome."""
    counts = {name: sum(row["outcome"] == name for row in rows) for name in (CAUGHT, SURVIVED, UNDECIDED)}
    decided = counts[CAUGHT] + counts[SURVIVED]
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{said} of {len(rows)}; {counts[CAUGHT] / max(decided, 1):.0%} of those decided are caught"


def main() -> None:
    """Print the errors that were not caught, and how many of each outcome there are."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("seed", type=int)
    parser.add_argument("record", type=Path, help="a CSV file, a row an error")
    parser.add_argument("--count", type=int, default=100, help="how many errors")
    parser.add_argument("--limit", type=int, default=120, help="seconds of processor time an error and round")
    asked = parser.parse_args()
    for name in AHEAD:
        importlib.import_module(name)
    assert "sim" not in sys.modules, "what is tried must not be imported beforehand"
    every, same = sample(asked.seed, asked.count, asked.record.resolve(), asked.limit), equal_to_none()
    rows = [row for row in every if (module_of(row["file"]), row["after"]) not in same]
    print(f"{len(every) - len(rows)} of {len(every)} change nothing: benchmarks/equivalent.yaml says why")
    for row in rows:
        if row["outcome"] != CAUGHT:
            print(f"{row['outcome']}  {row['file']}:{row['line']}  {row['before']}  ->  {row['after']}")
    print("all:", shares(rows))
    print("without the layout of pictures:", shares([row for row in rows if not row["file"].startswith(LAYOUT)]))


if __name__ == "__main__":
    main()
