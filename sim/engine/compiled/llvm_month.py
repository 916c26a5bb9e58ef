"""The order of a month, which is Python, in the language of LLVM.

What can be known when it is printed (rows, numbers of options, how often most loops turn) is worked out by Python
itself, and such loops are written out. What is left are loops over months, branches, and loads from arrays.
"""

import ast
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim.model.moves import BUNDLES, LEVERS


@dataclass(frozen=True)
class Value:
    """A number that is known only in a run: its type in LLVM, and its name there."""

    kind: str
    name: str


@dataclass(frozen=True)
class Array:
    """An array that is known only in a run.

    Attributes
    ----------
    kind, name
        The type of its numbers in LLVM, and the name of the place where they begin.
    sides
        Its shape without the first side, which nothing depends on.
    """

    kind: str
    name: str
    sides: tuple[int, ...] = ()


Known = Value | Array | Any  # the last: anything of Python's own

_EVIDENCE = len(LEVERS) + 1  # the levers, and the deal as a whole
_ARRAYS = {
    "first_moves": Array("double", "%first_moves"),
    "script": Array("i64", "%script", (len(LEVERS),)),
    "limits": Array("double", "%limits", (len(BUNDLES), 2)),
    "scripted_deal": Array("i8", "%scripted_deal"),
    "run": Array("i64", "%run"),
    "run_high": Array("i64", "%run_high"),
    "told": Array("i8", "%told", (_EVIDENCE,)),
    "support": Array("double", "%support", (_EVIDENCE, len(BUNDLES))),
    "record": Array("i64", "%record"),
    "series": Array("double", "%series"),
    "played": Array("i8", "%played"),
}  # what else the order of a month is given are whole numbers


def llvm_number(value: float) -> str:
    """Return a number as LLVM writes it, to the last bit."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


def table(name: str, values: ArrayLike) -> str:
    """Return numbers that are looked up by a place that is known only in a run."""
    flat = np.asarray(values, np.float64).ravel()
    numbers = ", ".join(f"double {llvm_number(value)}" for value in flat)
    return f"@{name} = internal constant [{flat.size} x double] [{numbers}]"


def function(name: str, asked: list[str], lines: list[str]) -> str:
    """Return a function of the workspace."""
    body = [f"  {line}" if not line.endswith(":") else line for line in lines]
    return "\n".join([f"define void @{name}({', '.join(['ptr noalias %m', *asked])}) #0 {{", *body, "}"])


def in_llvm(python: str, known: Mapping[str, Known], parts: str = "") -> str:
    """Return a function of the order of a month in the language of LLVM.

    Parameters
    ----------
    python
        Its source.
    known
        What it names, see :func:`sim.engine.tracing.month_order.names_of_month`; and arrays whose shape the engine
        knows.
    parts
        Python of functions that are written out where they are called.
    """
    (definition,) = ast.parse(python).body
    assert isinstance(definition, ast.FunctionDef)
    names = [arg.arg for arg in definition.args.args if arg.arg != "m"]
    inlined = {step.name: step for step in ast.parse(parts).body if isinstance(step, ast.FunctionDef)}
    arrays = _ARRAYS | {name: known[name] for name in names if name in known}
    scope = dict(known) | {name: arrays.get(name, Value("i64", f"%{name}")) for name in names}
    printed = _Printed(inlined)
    printed.body(definition.body, scope)
    asked = [f"{'ptr' if name in arrays else 'i64'} %{name}" for name in names]
    return function(definition.name, asked, ["entry:", *printed.lines, "ret void"])


class _Printed:
    """Lines of LLVM, as they are printed."""

    def __init__(self, inlined: Mapping[str, ast.FunctionDef]) -> None:
        self.inlined, self.lines, self._numbers = inlined, list[str](), count()

    def name(self, of: str) -> str:
        """Return a new name."""
        return f"{of}.{next(self._numbers)}"

    def put(self, kind: str, text: str) -> Value:
        """Print an instruction and return what it gives."""
        made = Value(kind, self.name("%x"))
        self.lines.append(f"{made.name} = {text}")
        return made

    def body(self, steps: list[ast.stmt], scope: dict[str, Known]) -> None:
        """Print statements."""
        for step in steps:
            match step:
                case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=bounds)):
                    first, last = [0, *(self.value(bound, scope) for bound in bounds)][-2:]
                    if isinstance(first, int) and isinstance(last, int):
                        for turn in range(first, last):
                            self.body(step.body, scope | {name: turn})
                    else:
                        self.loop(name, first, last, step.body, scope)
                case ast.If(test=test, body=body, orelse=rest):
                    yes, no, after = (self.name(label) for label in ("yes", "no", "after"))
                    self.branch(test, yes, no, scope)
                    for label, inside in ((yes, body), (no, rest)):
                        self.lines.append(f"{label}:")
                        self.body(inside, scope)
                        self.lines.append(f"br label %{after}")
                    self.lines.append(f"{after}:")
                case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=args)):
                    self.call(name, [self.value(arg, scope) for arg in args[1:]], scope)
                case _:
                    raise TypeError(f"nothing in LLVM for {ast.unparse(step)!r}")

    def loop(self, name: str, first: Known, last: Known, body: list[ast.stmt], scope: dict[str, Known]) -> None:
        """Print a loop whose turns are counted in a run."""
        at, head, turn, over = (self.name(label) for label in (f"%{name}", "head", "turn", "over"))
        self.lines += [f"{at} = alloca i64", f"store {_typed(first)}, ptr {at}", f"br label %{head}", f"{head}:"]
        now = self.put("i64", f"load i64, ptr {at}")
        more = self.put("i1", f"icmp slt {_typed(now)}, {_bare(last)}")
        self.lines += [f"br i1 {more.name}, label %{turn}, label %{over}", f"{turn}:"]
        self.body(body, scope | {name: now})
        then = self.put("i64", f"add i64 {now.name}, 1")
        self.lines += [f"store {_typed(then)}, ptr {at}", f"br label %{head}", f"{over}:"]

    def branch(self, test: ast.expr, yes: str, no: str, scope: dict[str, Known]) -> None:
        """Print where to go on; what stands after an ``and`` is read only where it matters."""
        match test:
            case ast.BoolOp(op=ast.And(), values=[*before, last]):
                for part in before:
                    label = self.name("and")
                    self.branch(part, label, no, scope)
                    self.lines.append(f"{label}:")
                self.branch(last, yes, no, scope)
            case ast.UnaryOp(op=ast.Not(), operand=of):
                self.branch(of, no, yes, scope)
            case ast.Compare(left=left, ops=[ast.GtE()], comparators=[right]):
                self.go("sge", self.value(left, scope), self.value(right, scope), yes, no)
            case _:
                self.go("ne", self.value(test, scope), 0, yes, no)

    def go(self, how: str, one: Known, other: Known, yes: str, no: str) -> None:
        """Print a comparison and where it leads."""
        test = self.put("i1", f"icmp {how} {_typed(one)}, {_bare(other)}")
        self.lines.append(f"br i1 {test.name}, label %{yes}, label %{no}")

    def call(self, name: str, args: list[Known], scope: dict[str, Known]) -> None:
        """Print a call, or what is called."""
        if name in self.inlined:
            names = [arg.arg for arg in self.inlined[name].args.args[1:]]
            self.body(self.inlined[name].body, scope | dict(zip(names, args, strict=True)))
        else:
            self.lines.append(f"call void @{name}({', '.join(['ptr %m', *map(_typed, args)])})")

    def value(self, node: ast.expr, scope: dict[str, Known]) -> Known:
        """Return what an expression is worth, or where that stands in a run."""
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        if not any(isinstance(scope.get(name), Value | Array) for name in names):
            return eval(compile(ast.Expression(node), "<month>", "eval"), dict(scope))
        match node:
            case ast.Name(id=name):
                return scope[name]
            case ast.Call(func=ast.Name(id="float"), args=[of]):
                return self.put("double", f"sitofp {_typed(self.value(of, scope))} to double")
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                sign = "add" if isinstance(op, ast.Add) else "sub"
                return self.put("i64", f"{sign} {_typed(self.value(left, scope))}, {_bare(self.value(right, scope))}")
            case ast.Subscript(value=ast.Name(id=name), slice=place):
                places = place.elts if isinstance(place, ast.Tuple) else [place]
                array = scope[name]
                if not isinstance(array, Array):  # numbers that are known, at a place that is not
                    array = Array("double", f"@{name}", np.array(array).shape[1:])
                return self.element(array, [self.value(index, scope) for index in places])
        raise TypeError(f"nothing in LLVM for {ast.unparse(node)!r}")

    def element(self, array: Array, places: list[Known]) -> Known:
        """Return a number of an array, or the part that the places leave."""
        at: Known = 0
        for side, place in enumerate(places):
            far = self.put("i64", f"mul {_typed(place)}, {prod(array.sides[side:])}")
            at = self.put("i64", f"add {_typed(far)}, {_bare(at)}")
        pointer = self.put("ptr", f"getelementptr {array.kind}, ptr {array.name}, {_typed(at)}").name
        if len(places) <= len(array.sides):
            return Array(array.kind, pointer, array.sides[len(places) :])
        read = self.put(array.kind, f"load {array.kind}, ptr {pointer}")
        return self.put("i64", f"zext {_typed(read)} to i64") if array.kind == "i8" else read


def _bare(value: Known) -> str:
    """Return a number as it stands after its type."""
    if isinstance(value, Value | Array):
        return value.name
    return llvm_number(value) if isinstance(value, float) else str(int(value))


def _typed(value: Known) -> str:
    """Return a number with its type."""
    if isinstance(value, Array):
        return f"ptr {value.name}"
    kind = value.kind if isinstance(value, Value) else "double" if isinstance(value, float) else "i64"
    return f"{kind} {_bare(value)}"
