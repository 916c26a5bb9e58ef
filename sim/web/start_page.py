"""The first view, written into ``index.html`` by ``sim site``: it can be read before any script has come.

What can be done there (a tap on a dot, a bet) ``page/views/start.js`` adds.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from sim.analysis.definitions import CAUSAL_POINTS, is_clearly_closer
from sim.registers import register, what_came
from sim.report.style import format_signed
from sim.web import first_pairs, read_from_package, read_from_page, verdict_file

ACROSS, GAP = 25, 3  # dots of a row of a pile; and between piles
PILES = ("less", "little", "clear")
DOORS = ("lessons", "explore", "play")


def view() -> str:
    """Return it as HTML."""
    first, study = read_from_package(first_pairs.FILE), read_from_package(verdict_file.FILE)
    parts = [_answer(first), _dots(first), _three(first), _doors(), _verdict(study, first)]
    return f'<div id="first">{"".join(parts)}</div>'


def _say(key: str, **values: object) -> str:
    """Return a sentence of the page, as HTML."""
    return escape(read_from_page("strings/en.json")[key].format(**values), quote=False)


def _minus(text: str) -> str:
    """Return a text with signs of numbers as the page writes them."""
    return text.replace(" -", " \N{MINUS SIGN}")


def _answer(first: dict[str, Any]) -> str:
    return (
        f'<h1>{_say("start.question")}</h1><div id="bet"></div><div id="answer">'
        f'<p class="word">{escape(first["lead"])}</p>'
        f'<p class="lead">{escape(first["finding"])} {escape(first["levels"])}</p></div>'
    )


def _dots(first: dict[str, Any]) -> str:
    shares = _shares(first)
    piles = _piles(first)
    tall = max(-(-len(pile) // ACROSS) for pile in piles.values())
    wide = 3 * ACROSS + 2 * GAP
    drawn = "".join(
        f'<g class="pile {kind}">{"".join(_rows(pile, place * (ACROSS + GAP), tall))}</g>'
        for place, (kind, pile) in enumerate(piles.items())
    )
    numbers = "".join(f'<li class="{kind}"><b>{shares[kind]}</b> {_say(f"start.pile.{kind}")}</li>' for kind in PILES)
    label = _say("start.dots.words", count=len(first["runs"]), points=f"{CAUSAL_POINTS:g}", **shares)
    return (
        f'<figure id="dots" data-opens="{first["opens"]}" data-clear="{shares["clear"]}" '
        f'aria-label="{escape(_say("start.dots"))}">'
        f'<svg viewBox="0 0 {wide} {tall}" role="img" aria-label="{escape(label)}">{drawn}</svg>'
        f'<ul class="piles" id="piles">{numbers}</ul>'
        f'<figcaption class="muted">{_say("start.dots.caption", points=f"{CAUSAL_POINTS:g}")}</figcaption>'
        f'<details class="more" hidden><summary>{_say("start.dots.table")}</summary><div></div></details></figure>'
    )


def _shares(first: dict[str, Any]) -> dict[str, int]:
    clear, less = round(100 * first["clear"]), round(100 * first["further"])
    return {"less": less, "little": 100 - less - clear, "clear": clear}


def _piles(first: dict[str, Any]) -> dict[str, list[tuple[int, float]]]:
    """Return runs and effects by pile, the smallest effect first."""
    piles: dict[str, list[tuple[int, float]]] = {kind: [] for kind in PILES}
    for effect, run in sorted(zip(first["effects"], first["runs"], strict=True)):
        kind = "clear" if is_clearly_closer(effect) else "less" if is_clearly_closer(-effect) else "little"
        piles[kind].append((run, effect))
    return piles


def _rows(pile: list[tuple[int, float]], left: int, tall: int) -> Iterator[str]:
    """Yield a pile's rows from the ground up."""
    for row in range(-(-len(pile) // ACROSS)):
        circles = "".join(
            f'<circle cx="{left + place + 0.5}" cy="{tall - row - 0.5}" r=".4" '
            f'data-run="{run}" data-points="{effect}"/>'
            for place, (run, effect) in enumerate(pile[ACROSS * row : ACROSS * (row + 1)])
        )
        yield f"<g>{circles}</g>"


def _three(first: dict[str, Any]) -> str:
    values = {name: format_signed(first[name]) for name in ("typical", "mean")} | {
        "share": f"{100 * first['clear']:.0f}%"
    }
    rows = "".join(
        f"<div><dt>{_say(f'three.{name}')}</dt>"
        f"<dd><b>{value}</b> {_say(f'three.{name}.more', points=f'{CAUSAL_POINTS:g}')}</dd></div>"
        for name, value in values.items()
    )
    return f'<dl class="three" id="three">{rows}</dl>'


def _doors() -> str:
    links = "".join(
        f'<li><a class="door" href="#/{view}"><strong>{_say(f"start.door.{view}")}</strong> '
        f"<span>{_say(f'start.door.{view}.more')}</span></a></li>"
        for view in DOORS
    )
    return f'<ul class="doors">{links}</ul>'


def _verdict(study: dict[str, Any], first: dict[str, Any]) -> str:
    same = register.registers_digest().startswith(study["registers"])
    older = "" if same else f'<p class="muted">{_say("start.older", **study)}</p>'
    rule = _say("start.rule", **{**study, "mean": format_signed(study["mean"])})
    since = {**what_came.count_claims(), "claims": len(what_came.came_by_claim())}
    return (
        f'<section class="verdict" aria-labelledby="verdict-title">'
        f'<h2 id="verdict-title">{_say("start.verdict", word=_say("verdict." + study["word"].replace(" ", "-")))}</h2>'
        f"<div><p>{rule}</p><p>{_minus(escape(study[verdict_file.DEPENDS]))}</p>{older}</div>{_rests(study)}"
        f'<p id="since"><strong>{_say("start.since")}</strong> {_say("start.since.more", **since)}</p></section>'
        f'<p class="forecast"><strong>{_say("start.forecast")}</strong> {_say("start.forecast.more")}</p>'
    )


def _rests(study: dict[str, Any]) -> str:
    """Return on which assumptions the effect rests most, each with where to try it."""
    says = {id: assumption.says for id, assumption in register.assumptions().items()}
    if not study["left"]:
        return ""
    rows = "".join(
        f"<li>{_say('start.rests.one', effect=format_signed(study['mean'] * one['percent'] / 100))} "
        f"<q>{escape(says[one['id']])}</q> ({one['id']}) "
        f'<a href="#/explore?off={one["id"]}">{_say("start.try")}</a></li>'
        for one in study["left"]
    )
    return f"<div><p>{_say('start.rests', mean=format_signed(study['mean']))}</p><ul>{rows}</ul></div>"
