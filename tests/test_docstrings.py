"""Whoever calls a public function reads what each argument is: a Parameters section names them all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What `sim` gives and what its results are made of; a pattern takes an ensemble's months alone, and its module says so.
WHERE = (
    "api/*.py",
    "report/showing.py",
    "report/results.py",
    "analysis/*.py",
    "engine/*.py",
    "engine/mesa/single_run.py",
)
APART = {"sim/engine/provenance.py", "sim/api/shared.py"}
SOURCES = [path for where in WHERE for path in sorted((ROOT / "sim").glob(where))]
WANTED = [path for path in SOURCES if path.relative_to(ROOT).as_posix() not in APART]


def functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """Yield public functions, and the public methods of public classes."""
    for node in body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from functions(node.body)


def arguments(function: ast.FunctionDef) -> list[ast.arg]:
    given = function.args
    every = [*given.posonlyargs, *given.args, *filter(None, [given.vararg]), *given.kwonlyargs]
    return [argument for argument in every if argument.arg not in ("self", "cls")]


def named(docstring: str) -> set[str]:
    """Return the arguments that a Parameters section names, each on a line of its own or some on one."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w+\n-+\n|\Z)", docstring, re.MULTILINE | re.DOTALL)
    lines = re.findall(r"^\S.*$", section[1], re.MULTILINE) if section else []
    return {name.strip() for line in lines for name in line.split(",")}


def lacking(source: str) -> dict[str, set[str]]:
    undescribed = {}
    for function in functions(ast.parse(source).body):
        asked = arguments(function)
        pattern = all(argument.annotation and ast.unparse(argument.annotation) == "HasSeries" for argument in asked)
        if missing := {argument.arg for argument in asked} - named(ast.get_docstring(function) or ""):
            undescribed |= {} if pattern else {function.name: missing}
    return undescribed


@pytest.mark.parametrize("path", WANTED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_argument_of_a_public_function_is_said_what_it_is(path: Path) -> None:
    assert lacking(path.read_text(encoding="utf-8")) == {}


def test_what_is_missing_is_seen() -> None:
    head = "Do.\n\n    Parameters\n    ----------\n    a\n        Not b.\n\n    Returns\n    -------\n    b\n    "
    said = f'def f(a, b):\n    """{head}"""'
    assert lacking(said) == {"f": {"b"}}
    assert lacking(said.replace("    a\n", "    a, b\n")) == {}
    assert lacking("class C:\n    def f(self, a): ...\n    def _g(self, a): ...") == {"f": {"a"}}
    assert len(WANTED) > 20
