"""The check table is that of the rules, and no rule can change without it."""

import ast
import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from textwrap import dedent
from typing import Any

import pytest

from sim.registers.trace import rules
from sim.report.reference import check_months
from sim.report.reference.influence import rule_named


@cache
def rows() -> dict[str, Any]:
    """Return the check table, made once, before any rule is bent."""
    return {one.name: check_months.month(one) for one in check_months.CHECKS}


def bent(value: Any) -> Any:
    """Return what a rule gives, every number of it a little off."""
    if isinstance(value, tuple | list):
        return type(value)(*map(bent, value)) if hasattr(value, "_fields") else type(value)(map(bent, value))
    if is_dataclass(value):
        return type(value)(**{field.name: bent(getattr(value, field.name)) for field in fields(value)})  # type: ignore[arg-type]
    return 0.99 * value + 0.003


def bent_code(rule: Callable[..., Any]) -> Any:
    """Return the code of a rule that gives :func:`bent` of what it gave, wherever the rule is called from."""
    tree = ast.parse(dedent(inspect.getsource(rule)))
    (function,) = tree.body
    assert isinstance(function, ast.FunctionDef)
    function.decorator_list = []
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value:
            node.value = ast.Call(ast.Name("bent", ast.Load()), [node.value], [])
    names: dict[str, Any] = {}
    exec(compile(ast.fix_missing_locations(tree), "bent", "exec"), rule.__globals__, names)
    return names[function.name].__code__


def shows(one: check_months.Check) -> bool:
    try:
        return check_months.month(one) != rows()[one.name]
    except ValueError:  # a pick that is none of the options
        return True


@pytest.mark.parametrize("name", rules())
def test_no_rule_can_change_without_the_table(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows()
    rule = rule_named(name)
    monkeypatch.setitem(rule.__globals__, "bent", bent)  # type: ignore[attr-defined]
    monkeypatch.setattr(rule, "__code__", bent_code(rule))
    from_inside_first = sorted(check_months.CHECKS, key=lambda one: one.from_run)
    assert any(map(shows, from_inside_first))


def test_the_month_of_the_run_is_that_of_the_run() -> None:
    """It begins as the run's month does, and nothing in it is set by hand."""
    (one,) = (one for one in check_months.CHECKS if one.from_run)
    values = {(what, name): value for what, name, value in rows()[one.name]}
    assert values["month", "since 2019-01"] == 65.0
    assert {name for what, name in values if what == "draw"} == set(check_months.SLOTS)
    assert values["state", "tension"] != values["state before", "tension"]
