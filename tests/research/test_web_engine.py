"""The modules for browsers belong to the rules, and are made again to the same bytes."""

import pytest

from research.web_engine import making
from research.web_engine.c_source import in_c
from research.web_engine.making import NoCompiler, make, source_fingerprint
from sim.engine.web import modules
from sim.engine.web.modules import MODULES, shipped_fingerprint, shipped_module
from sim.model import outcomes


def test_the_modules_are_made_from_the_rules_as_they_stand() -> None:
    assert shipped_fingerprint() == source_fingerprint(), "make them anew: python -m research.web_engine"


def test_a_rule_that_does_something_else_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "sources", making.sources.__wrapped__)  # which traces anew
    monkeypatch.setattr(outcomes, "reengagement", outcomes.relative_alignment)
    assert shipped_fingerprint() != source_fingerprint()


def test_another_way_of_compiling_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_is = source_fingerprint()
    monkeypatch.setattr(making, "_FLAGS", (*making._FLAGS, "-ffast-math"))
    assert source_fingerprint() != as_it_is


@pytest.mark.parametrize("module", MODULES)
def test_the_compiler_makes_the_same_bytes_again(module: str) -> None:
    assert make(module) == shipped_module(module)


def test_another_compiler_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "COMPILER", "0.0.1")
    with pytest.raises(NoCompiler, match=r"pip install ziglang==0\.0\.1"):
        make("months")


def test_modules_of_two_makings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    carried = {"months": b"a" * 64, "reasons": b"b" * 64}
    monkeypatch.setattr(modules, "shipped_module", lambda module: b"code\0" + carried[module] + b"\0code")
    with pytest.raises(ValueError, match=r"python -m research\.web_engine"):
        shipped_fingerprint()


def test_the_order_of_a_month_is_read_as_it_is_written() -> None:
    python = """
def f(m, first, last):
    for t in range(first, last):
        if not given[t, 1] >= 0:
            g(m, float(t))
"""
    assert "\n".join(in_c(python).splitlines()[1:]) == (
        "void f(int first, int last)\n{\n    for (int t = first; t < last; t++) {\n        if (!given[t][1] >= 0) {\n"
        "            g((double)t);\n        }\n    }\n}"
    )


@pytest.mark.parametrize("step", ["x = 1", "while t:\n        g(m)", "g(m * 2)", "g(m, lambda: 1)"])
def test_what_has_no_c_is_refused(step: str) -> None:
    with pytest.raises(TypeError, match="no C for"):
        in_c(f"def f(m):\n    {step}\n")
