"""The page on best responses: ``python -m research.best_response_page docs`` writes it, and its picture, there."""

import sys
from collections.abc import Sequence

import pandas as pd

from research import best_response
from research.best_response import BestResponse
from research.pages import of_frame, publish_page, render
from sim.analysis.definitions import CAUSAL_POINTS, WITHIN
from sim.analysis.estimates import Estimate
from sim.engine.concurrency import default_jobs
from sim.inference.parameter_sets import sets_for
from sim.model.months import index
from sim.model.moves import LEVER
from sim.report.figures.data import Head
from sim.report.figures.estimates import EstimateRow, in_words
from sim.report.render.intervals import ranges
from sim.report.render.sheet import Picture
from sim.report.style import list_names, percent, sentence, spoken_month

PAGE, PICTURE = "best-response.md", "images/best-response.png"
_RULES = "all by the rules"


def page(effect: Estimate, share: Estimate, responses: Sequence[BestResponse]) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    effect, share, responses
        As :func:`research.best_response.best_responses` returns them.
    """
    low, high = effect.interval()
    return render(
        PAGE,
        end=spoken_month(index(str(best_response.played_world().war.ends))), within=WITHIN,
        points=f"{CAUSAL_POINTS:g}", seed=best_response.SEED,
        sets=sentence(str(sets_for(best_response.played_world()))),
        searched=len(best_response.SEARCHED), held_out=len(best_response.HELD_OUT),
        judged=f"{len(best_response.JUDGED):,}", rounds=best_response.ROUNDS, sure=f"{best_response.SURE:g}",
        picture=PICTURE,
        effect=f"{effect.mean:+.1f}", low=f"{low:+.1f}", high=f"{high:+.1f}", share=percent(share.mean),
        told=_answer(responses), held=of_frame(_held(responses)), effects=of_frame(_effects(effect, share, responses)),
    )  # fmt: skip


def picture(effect: Estimate, responses: Sequence[BestResponse]) -> Picture:
    """Return the picture.

    Parameters
    ----------
    effect, responses
        As for :func:`page`.
    """
    rows = [_row(_RULES, effect, strong=True)]
    for response in responses:
        if response.held:
            rows.append(_row(f"{response.capital} answers best", response.effect))
            rows.append(_row(f"{response.capital}, without an end too", response.own))
    moving = [response.capital for response in responses if response.change.clear]
    who = list_names(moving, "or") if moving else "no capital"
    title = f"The best response of {who} changes the effect of the war's end"
    says = (
        f"Re-engagement {WITHIN} months after the end, less that of the same runs without an end: by the rules, or "
        "under the same best response. "
        "Thick: 95% interval of the mean. Thin: 5% to 95% of parameter sets."
    )
    sets, pairs = sets_for(best_response.played_world()), len(best_response.JUDGED)
    source = f"Driftback: {sets}; {pairs:,} paired runs, seed {best_response.SEED}. Uncalibrated."
    return ranges(Head(title, says, source, f"{title}. {in_words(rows)}"), rows, "points of re-engagement")


def _row(label: str, effect: Estimate, strong: bool = False) -> EstimateRow:
    return EstimateRow(label, effect.mean, *effect.interval(), effect.low, effect.high, strong)


def _answer(responses: Sequence[BestResponse]) -> str:
    """Return in words what best responses do to the drift back."""
    says = []
    if idle := [response.capital for response in responses if not response.held]:
        says.append(f"For {list_names(idle, 'or')} the search finds nothing that serves it better than the rules.")
    for response in responses:
        if response.held:
            side = "above" if response.change.mean > 0.0 else "below"
            size = f"clearly {side}" if response.change.clear else "not clearly apart from"
            says.append(
                f"{response.capital} has something better: the effect is then {_interval(response.effect)} points, "
                f"{size} that of the rules. Where it holds the same without an end of the war too, the end itself is "
                f"worth {_interval(response.own)} points."
            )
    return " ".join(says)


def _interval(estimated: Estimate, form: str = "+.1f", more: str = "") -> str:
    low, high = estimated.interval()
    return f"{estimated.mean:{form}} ({low:{form}} to {high:{form}}{more})"


def _held(responses: Sequence[BestResponse]) -> pd.DataFrame:
    rows = []
    for response in responses:
        held = response.held.items()
        options = [f"{LEVER[field].title}: {LEVER[field].options[place].label}" for field, place in held]
        rows.append(
            {"capital": response.capital, "holds": "; ".join(options) or "nothing: the rules serve it as well",
             "ways compared": response.tried,
             "gain in utility": _with_range(response.gain, "+.2f") if response.held else ""}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _effects(effect: Estimate, share: Estimate, responses: Sequence[BestResponse]) -> pd.DataFrame:
    own = f"clearly closer ({CAUSAL_POINTS:g} points)"
    idle = list_names(["nobody", *(response.capital for response in responses if not response.held)], "or")
    rows = [{"who answers best": idle, "effect": _with_range(effect), own: _interval(share, ".0%"),
             "against the rules": "", "the same held without an end too": ""}]  # fmt: skip
    rows += [
        {"who answers best": response.capital, "effect": _with_range(response.effect),
         own: _interval(response.share, ".0%"),
         "against the rules": _with_range(response.change),
         "the same held without an end too": _with_range(response.own)}
        for response in responses if response.held
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _with_range(estimated: Estimate, form: str = "+.1f") -> str:
    return _interval(estimated, form, f"; sets {estimated.low:{form}} to {estimated.high:{form}}")


def main(folder: str) -> None:
    """Search, try, and write page and picture."""
    effect, share, responses = best_response.best_responses(default_jobs())
    publish_page(folder, PAGE, page(effect, share, responses), {PICTURE: picture(effect, responses)})


if __name__ == "__main__":
    main(*sys.argv[1:])
