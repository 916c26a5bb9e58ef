"""How many small errors the tests notice: each is made in a copy of the source, and the tests of its module are run.

``python -m benchmarks.mutation [MODULE ...]`` (extra "mutation"; without words all modules, one after the other) prints
a row a module and every error that went unseen; ``--jobs 2`` tries two at once. The errors are those of cosmic-ray: a
number one more or less, an operator or a comparison turned, a condition negated, a loop left out; and in the answer's
text each piece of a sentence changed. Nothing on disk is touched.

An error that changes nothing is no error: those are listed, each with its reason, in ``equivalent.yaml``, and count
neither way. Nor do those in annotations, and those with which the module cannot be imported.
"""

import argparse
import ast
import importlib
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.exception_replacer import ExceptionReplacer
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).parents[1]
EQUIVALENT = Path(__file__).with_name("equivalent.yaml")
SHARE = 0.9  # of the errors of a module, the least that have to be noticed
# Module -> what pytest runs for it: fast tests on runs and frames made by hand.
TESTS = {
    "sim.analysis.patterns": ["tests/analysis/test_patterns.py"],
    "sim.analysis.definitions": ["tests/analysis/test_definitions.py"],
    "sim.prediction.scoring": ["tests/prediction/test_scores.py"],
    "sim.analysis.pairs": ["tests/analysis/test_pairs.py"],
    "sim.prediction.border": ["tests/prediction/test_forecasts.py"],
    "sim.prediction.forecasting": ["tests/prediction/test_forecasts.py"],
    "sim.prediction.references": ["tests/prediction/test_references.py"],
    "sim.prediction.verdict": ["tests/prediction/test_rule.py"],
    "sim.report.text.answer": ["tests/report/test_answer.py"],
}
# Imported once, before the tests of each error set out; nothing of them imports a module that is tried.
AHEAD = ("ema_workbench.analysis.prim", "hypothesis", "pyarrow.parquet", "pytest", "scoringrules", "scipy.stats",
         "sim.engine.compiled.llvm_engine", "sim.engine.ensemble", "sim.engine.mesa.agents",
         "sim.scenario.values")  # fmt: skip
UNSEEN, NO_MODULE = 0, 99  # how a child ends: all tests pass; the module cannot be imported

_BINARY = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "Mod_Mul", "FloorDiv_Mul", "Pow_Mul", "BitAnd_BitOr",
           "BitOr_BitAnd")  # fmt: skip
_COMPARED = ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt",
             "Is_IsNot", "IsNot_Is")  # fmt: skip
_OTHERS = ("NumberReplacer", "AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse",
           "ReplaceFalseWithTrue", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak",
           "ZeroIterationForLoop",
           "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub",
           "ReplaceUnaryOperator_Delete_Invert")  # fmt: skip
OPERATORS = (*_OTHERS, *(f"ReplaceBinaryOperator_{pair}" for pair in _BINARY),
             *(f"ReplaceComparisonOperator_{pair}" for pair in _COMPARED))  # fmt: skip


class CaughtReplacer(ExceptionReplacer):
    """Catches another exception; cosmic-ray's own operator fails at a dotted name."""

    @staticmethod
    def _name_nodes(node):
        caught = node.children[1]
        inside = caught.children[1] if caught.type == "atom" else caught  # in brackets
        return [name.get_last_leaf() for name in (inside.children[::2] if inside.type == "testlist_comp" else [inside])]


class WordReplacer(Operator):
    """Changes a piece of text; cosmic-ray has no operator for that."""

    def mutation_positions(self, node):
        """Yield the place of a string that is no docstring, or of a piece of one with numbers in it."""
        text = node.type == "fstring_string" or (node.type == "string" and node.parent.type != "simple_stmt")
        if text and node.value.strip("\"' "):
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        """Put a word into it."""
        middle = len(node.value) // 2
        node.value = f"{node.value[:middle]}XX{node.value[middle:]}"
        return node

    @classmethod
    def examples(cls):
        """There are none to be shown."""
        return ()


@dataclass(frozen=True)
class Mutant:
    """A module with one error in it."""

    module: str
    operator: str
    line: int
    source: str

    @property
    def text(self) -> str:
        """The line with the error."""
        return self.source.splitlines()[self.line - 1].strip()


def mutants(module: str) -> Iterator[Mutant]:
    """Return a module with each error in turn."""
    source = _path(module).read_text(encoding="utf-8")
    before, said = source.splitlines(), meaning(source)
    own = [CaughtReplacer(), *([WordReplacer()] if module.startswith("sim.report") else [])]
    operators = [(name, get_operator(f"core/{name}")()) for name in OPERATORS]
    for name, operator in operators + [(type(added).__name__, added) for added in own]:
        occurrence = 0
        while (changed := mutate_code(source, operator, occurrence)) is not None:
            occurrence += 1
            if meaning(changed) != said:
                pairs = zip(before, changed.splitlines(), strict=False)
                yield Mutant(module, name, next(n for n, (a, b) in enumerate(pairs, 1) if a != b), changed)


def meaning(source: str) -> str:
    """Return what a source says apart from its annotations."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def equal_to_none() -> set[tuple[str, str]]:
    """Return the errors that change nothing: module, and the line with the error."""
    return {(entry["module"], entry["line"]) for entry in yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or []}


def _path(module: str) -> Path:
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


class Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a module from another source than its file."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name, path, target=None):
        """Return the module's own spec with this loader."""
        return importlib.util.spec_from_loader(name, self) if name == self.mutant.module else None

    def exec_module(self, module):
        """Run the other source in the module."""
        exec(compile(self.mutant.source, str(_path(self.mutant.module)), "exec"), vars(module))


def begun(mutant: Mutant, limit: int) -> int:
    """Begin the tests of a mutant in a child that is stopped after so many seconds, and return its number."""
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(limit)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    sys.meta_path.insert(0, Instead(mutant))
    try:
        importlib.import_module(mutant.module)
    except BaseException:
        os._exit(NO_MODULE)
    import pytest

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # and plain assertions: whether, not why, a test fails is asked
    plain = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:unraisableexception"]
    os._exit(pytest.main([*plain, *TESTS[mutant.module]]))


def tried(module: str, jobs: int) -> dict[int, list[Mutant]]:
    """Try all mutants of a module and return them by how their tests ended."""
    start = time.monotonic()
    whole = Mutant(module, "", 1, _path(module).read_text(encoding="utf-8"))
    if os.waitpid(begun(whole, 600), 0)[1]:
        raise SystemExit(f"{module}: its tests fail as it is: pytest {' '.join(TESTS[module])}")
    limit = 20 + int(10 * (time.monotonic() - start))
    ended: dict[int, list[Mutant]] = {}
    running: dict[int, Mutant] = {}

    def end_one() -> None:
        child, status = os.wait()
        ended.setdefault(os.waitstatus_to_exitcode(status), []).append(running.pop(child))

    for mutant in mutants(module):
        while len(running) >= jobs:
            end_one()
        running[begun(mutant, limit)] = mutant
    while running:
        end_one()
    return ended


def main() -> int:
    """Print a row a module and the errors that no test noticed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"the last word of one of {', '.join(TESTS)}")
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    wanted = [name for name in TESTS if not asked.modules or name.rpartition(".")[2] in asked.modules]
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    for name in AHEAD:
        importlib.import_module(name)
    assert not set(TESTS) & set(sys.modules), "what is tried must not be imported beforehand"
    same = equal_to_none()
    shares = []
    print(f"{'module':28}{'errors':>8}{'noticed':>9}{'share':>8}{'equal':>7}{'no module':>11}{'seconds':>9}")
    for module in wanted:
        start = time.monotonic()
        ended = tried(module, asked.jobs)
        broken, unseen = ended.pop(NO_MODULE, []), ended.pop(UNSEEN, [])
        equal = [mutant for mutant in unseen if (module, mutant.text) in same]
        seen = sum(map(len, ended.values()))
        count = seen + len(unseen) - len(equal)
        shares.append(seen / count)
        print(f"{module:28}{count:8}{seen:9}{shares[-1]:8.1%}{len(equal):7}{len(broken):11}"
              f"{time.monotonic() - start:9.0f}")  # fmt: skip
        for mutant in (mutant for mutant in unseen if mutant not in equal):
            print(f"    {mutant.line}: {mutant.text}    ({mutant.operator})", flush=True)
    return int(min(shares) < SHARE)  # of each module, so that none hides behind another


if __name__ == "__main__":
    raise SystemExit(main())
