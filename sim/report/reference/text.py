"""Small pieces of Markdown that the reference and the protocol share."""

import inspect
import re
from collections.abc import Callable

from sim.registers.trace import rules
from sim.report.pages import part
from sim.report.reference import equations
from sim.report.reference.influence import rule_named


def anchor(kind: str, name: str) -> str:
    """Return the name of a place that a link can lead to."""
    return f"{kind}-{name.removeprefix('transition.').replace('.', '-').replace('_', '-')}"


def anchor_html(kind: str, name: str) -> str:
    """Return such a place, on a forge and on the site alike."""
    return part("anchor", anchor(kind, name))


def link(page: str, place: str, words: str, code: bool = True) -> str:
    """Return a link to a place on a page of the reference ("" for this page)."""
    return part("link", f"{page}.html" if page else "", place, words, code)


def source_link(source: str, page: str = "claims") -> str:
    """Return the link of a claim or an assumption."""
    return link(page, anchor("claim", source.lower()), source, code=False)


def rule_link(name: str, page: str = "rules") -> str:
    """Return the link of a rule."""
    return link(page, anchor("rule", name), name.removeprefix("transition."))


def docstring(thing: Callable[..., object]) -> str:
    """Return a docstring as Markdown: sections of numpy's style as lists, code as code."""
    text = inspect.getdoc(thing) or ""
    text = re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", text).replace("``", "`")
    body, *sections = re.split(r"^(\w+)\n-+\n", text, flags=re.MULTILINE)
    for title, section in zip(sections[::2], sections[1::2], strict=True):
        items = re.sub(r"^(\S.*)\n((?:    .*\n?)+)", _item, section.rstrip() + "\n", flags=re.MULTILINE)
        body += f"*{title}*\n\n{items}\n"
    return body.strip()


def _item(match: re.Match[str]) -> str:
    return f"* `{match[1]}`: {' '.join(match[2].split())}\n"


def rule(name: str, level: str = "###", page: str = "claims") -> str:
    """Return a rule: its words, its equations, and what it rests on."""
    function = rule_named(name)
    rests = ", ".join(source_link(source, page) for source in rules()[name])
    head = f"{anchor_html('rule', name)}\n\n{level} `{name.removeprefix('transition.')}`"
    return f"{head}\n\n{docstring(function)}\n\n{equations.markdown(function)}\n\nRests on {rests}."


def number(value: float | None) -> str:
    """Return a number as it stands in the register; nothing where there is none."""
    return "" if value is None else f"{value:g}"
