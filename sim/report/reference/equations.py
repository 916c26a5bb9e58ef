"""Rules as equations: the source of a rule, read as a tree and written in TeX.

States, drivers and measures stand upright, moves without serifs, parameters in italics. A state with the index *t* is
its value at the start of the step; without one, as the rules before have just left it. A rule that is no formula (it
loops over options, or picks a rule by name) is shown as its source.
"""

import ast
import inspect
import re
from collections.abc import Callable
from itertools import count
from textwrap import dedent

from sim.model.world import RANGE

_SUM, _PRODUCT, _POWER, _ATOM = range(4)  # how tightly an expression holds together
_OPERATORS = {ast.Add: "+", ast.Sub: "-"}
_WIDE = 3  # a sum of more terms is broken, one term a line
# Records whose fields are named alone; a record passed whole to another rule is not named at all.
_RECORDS = {
    "world", "now", "known", "before", "moves", "params", "drivers", "outlook", "pace", "given", "luck", "belief", "at",
}  # fmt: skip


class Unwritable(Exception):
    """The source is more than a formula."""


def of_rule(rule: Callable[..., object]) -> list[str]:
    """Return a rule as equations in TeX, one for each name that it gives a value, the result last.

    Raises
    ------
    Unwritable
        If the rule is more than a formula.
    """
    lines = []
    for statement in _body(rule):
        match statement:
            case ast.Assign([ast.Name(name)], value):
                lines.append(_equation(_text(name), value))
            case ast.Return(ast.Call(ast.Name("World" | "Pace"))) | ast.Return(None):
                raise Unwritable
            case ast.Return(ast.Call(ast.Name("replace"), [_], keywords)):
                lines += [_equation(_text(str(keyword.arg)), keyword.value) for keyword in keywords]
            case ast.Return(ast.Call(ast.Name("Phase" | "Belief" as record), values)):
                fields = {"Phase": ("before", "during", "after"), "Belief": ("ends", "months")}[record]
                own = "_{\\text{new belief}}" if record == "Belief" else ""
                lines += [_equation(_text(name) + own, value) for name, value in zip(fields, values, strict=True)]
            case ast.Return(value) if value is not None:
                lines.append(_equation(_result(rule), value))
            case _:
                raise Unwritable
    return lines


def source(rule: Callable[..., object]) -> str:
    """Return the body of a rule as it stands, without its docstring."""
    lines = dedent(inspect.getsource(rule)).splitlines()[_body(rule)[0].lineno - 1 :]
    return dedent("\n".join(line.split("  # type:")[0] for line in lines))


def markdown(rule: Callable[..., object]) -> str:
    """Return a rule for a page: display equations, or its source where it is more than a formula."""
    try:
        return "\n\n".join(f"$$\n{line}\n$$" for line in of_rule(rule))
    except Unwritable:
        return f"```python\n{source(rule)}\n```"


def number_equations(text: str) -> str:
    """Return a page whose display equations are numbered, from 1."""
    numbers = count(1)
    return re.sub(
        r"\$\$\n(.*?)\n\$\$", lambda made: f"$$\n{made[1]} \\qquad \\text{{({next(numbers)})}}\n$$", text, flags=re.S
    )


def parameters_of(rule: Callable[..., object]) -> tuple[str, ...]:
    """Return the parameters that a rule's own source reads, in the order of their first reading."""
    read = (
        node.attr
        for node in ast.walk(_function(rule))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "params"
    )
    return tuple(dict.fromkeys(read))


def _body(rule: Callable[..., object]) -> list[ast.stmt]:
    function = _function(rule)
    return function.body[1:] if ast.get_docstring(function) else function.body


def _function(rule: Callable[..., object]) -> ast.FunctionDef:
    (function,) = ast.parse(dedent(inspect.getsource(rule))).body
    assert isinstance(function, ast.FunctionDef)
    return _Numbers(rule.__globals__).visit(function)  # type: ignore[no-any-return]


class _Numbers(ast.NodeTransformer):
    """Write the numbers that a module names in place of their names."""

    def __init__(self, known: dict[str, object]) -> None:
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self.known.get(node.id)
        return ast.Constant(value) if isinstance(value, float) else node


def _result(rule: Callable[..., object]) -> str:
    """Return what stands left of the last equation; a goal has its capital's name, for a state may have its own."""
    package, _, module = rule.__module__.rpartition(".")
    capital = f"{module.capitalize()}: " if package == "sim.model.goals" else ""
    return _text(capital + rule.__name__)


def _equation(left: str, value: ast.expr) -> str:
    terms = _terms(value)
    if len(terms) <= _WIDE:
        return f"{left} = {_tex(value, _SUM)}"
    first, *others = (f"{sign}{_tex(term, _PRODUCT)}" for sign, term in terms)
    rows = [f"{left} &= {first.removeprefix('+')}", *(f"&\\quad {term}" for term in others)]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _terms(value: ast.expr, sign: str = "+") -> list[tuple[str, ast.expr]]:
    """Return the signed terms of a sum; what stands in brackets after a minus stays together."""
    if isinstance(value, ast.BinOp) and type(value.op) in _OPERATORS:
        own = _OPERATORS[type(value.op)]
        right = _terms(value.right) if own == "+" else [("-", value.right)]
        return _terms(value.left, sign) + right
    return [(sign, value)]


def _tex(node: ast.expr, outside: int) -> str:
    """Write an expression; brackets where what stands outside holds tighter."""
    text, own = _written(node)
    return text if own >= outside else _brackets(text)


def _written(node: ast.expr) -> tuple[str, int]:
    match node:
        case ast.Constant(float() | int() as value):
            return f"{int(value)}" if float(value).is_integer() and abs(value) < 1e15 else repr(value), _ATOM
        case ast.Name(name):
            return _text(name), _ATOM
        case ast.Attribute(ast.Name(record), field):
            return _field(record, field), _ATOM
        case ast.UnaryOp(ast.USub(), value):
            return f"-{_tex(value, _PRODUCT)}", _SUM
        case ast.BinOp(left, ast.Add(), right):
            return f"{_tex(left, _SUM)} + {_tex(right, _SUM)}", _SUM
        case ast.BinOp(left, ast.Sub(), right):
            return f"{_tex(left, _SUM)} - {_tex(right, _PRODUCT)}", _SUM
        case ast.BinOp(left, ast.Mult(), right):
            return f"{_tex(left, _PRODUCT)} \\cdot {_tex(right, _PRODUCT)}", _PRODUCT
        case ast.BinOp(left, ast.Div(), right):
            return f"\\frac{{{_tex(left, _SUM)}}}{{{_tex(right, _SUM)}}}", _POWER
        case ast.BinOp(left, ast.Pow(), right):
            return f"{_tex(left, _ATOM)}^{{{_tex(right, _SUM)}}}", _POWER
        case ast.IfExp(ast.Compare(left, [ast.Eq()], [right]), yes, no):
            return _cases(yes, f"{_tex(left, _SUM)} = {_tex(right, _SUM)}", no), _ATOM
        case ast.Constant(str() as value):
            return _text(value), _ATOM
        case ast.Call(called, args, []):
            return _call(ast.unparse(called).split(".")[-1], args)
    raise Unwritable


def _call(name: str, args: list[ast.expr]) -> tuple[str, int]:
    match name, args:
        case "clip", [value, ast.Starred(ast.Subscript(_, ast.Constant(str() as state)))]:
            low, high = RANGE[state]
            return f"\\left[{_tex(value, _SUM)}\\right]_{{{low:g}}}^{{{high:g}}}", _ATOM
        case "clip", [value, low, high]:
            return f"\\left[{_tex(value, _SUM)}\\right]_{{{_tex(low, _SUM)}}}^{{{_tex(high, _SUM)}}}", _ATOM
        case "relax", [value, target, rate]:
            here = _tex(value, _SUM)
            return f"{here} + {_tex(rate, _PRODUCT)} \\cdot {_brackets(f'{_tex(target, _SUM)} - {here}')}", _SUM
        case "if_below", [value, limit, yes, no]:
            return _cases(yes, f"{_tex(value, _SUM)} < {_tex(limit, _SUM)}", no), _ATOM
        case "sqrt", [value]:
            return f"\\sqrt{{{_tex(value, _SUM)}}}", _ATOM
        case (("max" | "min"), _):
            return f"\\{name}{_bracketed(args)}", _ATOM
        case "exponential", [value]:
            return f"\\exp{_bracketed([value])}", _ATOM
        case "logarithm", [value]:
            return f"\\ln{_bracketed([value])}", _ATOM
    named = [arg for arg in args if not (isinstance(arg, ast.Name) and arg.id in _RECORDS)]
    return _text(name) + (_bracketed(named) if named else ""), _ATOM


def _cases(yes: ast.expr, condition: str, no: ast.expr) -> str:
    rows = f"{_tex(yes, _SUM)} & {condition} \\\\ {_tex(no, _SUM)} & \\text{{else}}"
    return f"\\begin{{cases}} {rows} \\end{{cases}}"


def _bracketed(args: list[ast.expr]) -> str:
    return _brackets(", ".join(_tex(arg, _SUM) for arg in args))


def _brackets(text: str) -> str:
    """Return a text in brackets, which grow only where something tall stands inside."""
    tall = any(command in text for command in ("\\frac", "\\begin", "\\sqrt"))
    return f"\\left({text}\\right)" if tall else f"({text})"


def _field(record: str, field: str) -> str:
    match record:
        case "params":
            return f"\\mathit{{{_spaced(field)}}}"
        case "moves":
            return f"\\mathsf{{{_spaced(field)}}}"
        case "before":
            return f"{_text(field)}_{{t}}"
        case "belief":
            return f"{_text(field)}_{{\\text{{belief}}}}"
        case "pace":
            return "\\text{months}" if field == "months" else f"\\kappa_{{{_text(field)}}}"
    return _text(field)


def _text(name: str) -> str:
    return f"\\text{{{name.strip('_').replace('_', ' ')}}}"


def _spaced(name: str) -> str:
    return name.replace("_", "\\ ")
