"""Why a capital moved as it did in a month, as HTML: the options with their odds, the goals with their sources."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from sim.engine.mesa.decisions import Deal, Decision
from sim.engine.mesa.single_run import Run
from sim.model.moves import CAPITALS, LEVER
from sim.report.style import percent, sentence
from sim.report.text import explanation as explain
from sim.report.text.explanation import Account

_MOST_BUNDLES = 5  # of the arms deal that are shown


def month(run: Run, at: int) -> Markup:
    """Return what every capital did in a month of a world, and why."""
    return Markup("").join(capital(run, name, at) for name in CAPITALS)


def capital(run: Run, name: str, at: int) -> Markup:
    """Return what a capital weighed in a month, and what it left as it was."""
    parts = [decision(run, each) for each in run.decisions if each.month == at and each.capital == name]
    if name in explain.SIDES:
        parts += [deal(run, each, name) for each in run.deals if each.month == at]
    left = explain.unreviewed(run, name, at)
    rest = f"<p>Left as it was: {escape('; '.join(left))}.</p>" if left else ""
    count = f"{len(parts)} choice{'s' if len(parts) != 1 else ''} weighed"
    return Markup(f"<details><summary><b>{name}</b>: {count}</summary>{''.join(parts)}{rest}</details>")


def decision(run: Run, each: Decision) -> Markup:
    """Return one decision with its rejected options."""
    labels = [option.label for option in LEVER[each.lever].options]
    rows = [
        (
            f"<b>{escape(label)}</b> (taken)" if place == each.chosen else escape(label),
            f"{option.utility:.4f}",
            percent(option.chance),
        )
        for place, (label, option) in enumerate(zip(labels, each.options, strict=True))
    ]
    return _account(explain.account_of(run, each), rows)


def deal(run: Run, each: Deal, side: str) -> Markup:
    """Return one settling of the arms deal with the likeliest bundles."""
    order = sorted(range(len(each.bundles)), key=lambda place: -each.bundles[place].chance)[:_MOST_BUNDLES]
    rows = [
        (escape(explain.terms(each.bundles[place])) + (" (taken)" if place == each.chosen else ""),
         f"{each.bundles[place].surplus_moscow:+.4f} Moscow, {each.bundles[place].surplus_pyongyang:+.4f} Pyongyang",
         percent(each.bundles[place].chance))
        for place in order
    ]  # fmt: skip
    return _account(explain.account_of_deal(run, each, side), rows)


def _account(account: Account, options: Iterable[tuple[str, str, str]]) -> Markup:
    chosen = "".join(
        f"<tr><td>{name}</td><td>{utility}</td><td>{chance}</td></tr>" for name, utility, chance in options
    )
    clauses = "".join(
        f"<tr><td>{clause.number:+.4f}</td><td>{escape(clause.text)}</td><td>{', '.join(clause.sources)}</td></tr>"
        for clause in account.clauses
    )
    believed = f"<p>{escape(account.belief.text)}: {account.belief.number:.2f}.</p>" if account.belief else ""
    tips = "".join(f"<li>{escape(tip)}</li>" for tip in account.tips)
    return Markup(
        f"<h3>{escape(sentence(account.title))}</h3><p>{escape(account.did)}.</p>"
        f"<table><thead><tr><th scope=col>option</th><th scope=col>utility</th><th scope=col>chance</th></tr></thead>"
        f"<tbody>{chosen}</tbody></table>"
        f"<p>{escape(account.against)}</p>"
        "<table><thead><tr><th scope=col>for (+) or against (-)</th><th scope=col>what speaks</th><th "
        "scope=col>rests on"
        f"</th></tr></thead><tbody>{clauses}</tbody></table>{believed}<p>{escape(account.chance)}</p><ul>{tips}</ul>"
    )
