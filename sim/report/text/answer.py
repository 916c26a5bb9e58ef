"""The answer to a scenario's question in a few sentences, and the doubt that belongs to it."""

import numpy as np
from numpy.typing import NDArray

from sim.analysis.definitions import Drift, causal_points, describe_definitions, drift, period
from sim.analysis.estimates import Estimate
from sim.analysis.pairs import Effect, paired_effect
from sim.engine.ensemble import Ensemble, Pair, war_ended
from sim.model import months
from sim.prediction.thresholds import CONDITIONAL, NOT_SUPPORTED, PAIRS, SUPPORTED
from sim.report.figures.data import years_of
from sim.report.style import percent, spoken_month

ON_ASSUMPTIONS = "The answer depends on our assumptions:"  # before a line on each
LEADS = {
    SUPPORTED: "Mostly yes, in this model.",
    CONDITIONAL: "Only under some conditions.",
    NOT_SUPPORTED: "Not reliably.",
}


def headline(word: str, war_ends: NDArray[np.int_], share: float, mean: float) -> str:
    """Return the answer that a reader meets first, wherever one is given: a word on it, and the :func:`finding`.

    Parameters
    ----------
    word
        supported, conditional or not supported.
    war_ends, share, mean
        As for :func:`finding`.

    Examples
    --------
    >>> headline("not supported", np.full(200, 72), 0.32, 4.1)[:84]
    'Not reliably. We simulated 200 histories twice, once with the war ending in January '
    """
    return f"{LEADS[word]} {finding(war_ends, share, mean)}"


def finding(war_ends: NDArray[np.int_], share: float, mean: float) -> str:
    """Return what was simulated, the share of D2 and the mean effect.

    Parameters
    ----------
    war_ends
        The month of the war's end in each history that can be judged, counted from 2019-01.
    share
        Of these, in which the end brings Pyongyang clearly closer (D2).
    mean
        Effect on re-engagement with Beijing, in points of 100.
    """
    first, last = spoken_month(int(war_ends.min())), spoken_month(int(war_ends.max()))
    when = f"in {first}" if first == last else f"between {first} and {last}"
    histories = "1 history" if len(war_ends) == 1 else f"{len(war_ends):,} histories"
    moved = "raised" if mean >= 0.0 else "lowered"
    return (
        f"We simulated {histories} twice, once with the war ending {when} and once with it going on. In "
        f"{100 * share:.0f} of every 100, the end left Pyongyang clearly closer to Beijing {period()} later. "
        f"On average it {moved} Pyongyang's re-engagement by {abs(mean):.1f} points."
    )


def levels_after(with_end: float, without: float) -> str:
    """Return the mean levels that the effect is the difference of: a small one of high levels is not a small closeness.

    Parameters
    ----------
    with_end, without
        Mean re-engagement at the time of the effect, 0 to 100, with an end of the war and without.

    Examples
    --------
    >>> levels_after(71.2, 64.4)
    'Two years on, re-engagement is 71 of 100 with peace and 64 without.'
    """
    return f"{period().capitalize()} on, re-engagement is {with_end:.0f} of 100 with peace and {without:.0f} without."


def headline_meaning() -> str:
    """Return what the words of the headline mean."""
    return (
        "Re-engagement is a score from 0 to 100: how much Pyongyang trades with Beijing, seeks its favour and depends "
        f"on it. Clearly closer means at least {causal_points()} more than in the same history with the war going on."
    )


def answer_of_run(many: Ensemble, control: Ensemble) -> str:
    """Return whether Pyongyang drifts back to Beijing in a scenario, as :func:`headline` has it.

    Parameters
    ----------
    control
        The same runs without an end of the war.
    """
    drifted = drift(many, control)
    if not drifted.judged.any():
        return f"{_not_judged(many)} {reengagement_levels(many)}"
    share = float(drifted.share["D2"])
    word = SUPPORTED if share >= PAIRS else NOT_SUPPORTED
    effect = paired_effect(Pair(many, control))
    said = headline(word, many.war_end[drifted.judged], share, effect.mean)
    return f"{said} This is {effect.estimate.caveat}." if effect.estimate.caveat else said


def interval(many: Ensemble, control: Ensemble) -> str:
    """Return the interval of the mean effect, in words; empty where no run can be judged."""
    if not drift(many, control).judged.any():
        return ""
    return how_sure(paired_effect(Pair(many, control)).estimate)


def how_sure(effect: Estimate) -> str:
    """Return the interval of a mean effect, in words."""
    return f"The average effect is uncertain ({effect.interval_words('+.1f')})."


def answer_of_pair(pair: Pair) -> str:
    """Return what difference two scenarios make to Pyongyang's re-engagement with Beijing."""
    effect = effect_of(pair)
    one, other = pair.one.scenario.name, pair.other.scenario.name
    if not effect.values.any():
        return f"None at all: {effect.when}, re-engagement is the same in “{one}” as in “{other}”, run by run."
    sure = "" if effect.estimate.clear else "no clear difference: "
    way = "higher" if effect.mean >= 0.0 else "lower"
    return (
        f"Pyongyang's re-engagement with Beijing, {effect.when}: {sure}on average {abs(effect.mean):.1f} points of 100 "
        f"{way} in “{one}” than in “{other}” with the same random numbers "
        f"({effect.estimate.interval_words('+.1f')}); it is higher in "
        f"{percent((effect.values > 0.0).mean())} of {len(effect.values):,} paired runs."
    )


def effect_of(pair: Pair) -> Effect:
    """Return the effect two years after the war's end, or in the last month where no run can be judged then."""
    try:
        return paired_effect(pair)
    except ValueError:
        return paired_effect(pair, at=months.name(pair.shared_months - 1))


def definition_rows(drifted: Drift) -> list[tuple[str, str, str, str]]:
    """Return a row for each definition of drifting back: name, words, share of runs, share without an end."""
    without = drifted.control[drifted.judged].notna().mean()
    return [
        (name, words, percent(drifted.share[name]), percent(without[name]) if name in without else "-")
        for name, words in describe_definitions().items()
    ]


def _not_judged(many: Ensemble) -> str:
    if not war_ended(many).any():
        return "The war does not end in these runs, so they cannot show whether its end brings Pyongyang back."
    return f"The war ends too late in these runs to judge the {period()} after it."


def reengagement_levels(many: Ensemble) -> str:
    """Return where re-engagement begins and ends."""
    series = many.series("reengagement")
    yearly = series.T.groupby(years_of(series.columns)).mean()
    first, last = yearly.index[0], yearly.index[-1]
    was, now = yearly.loc[first], yearly.loc[last]
    return (
        f"Re-engagement goes from {was.mean():.0f} in {first} to {now.mean():.0f} in {last} "
        f"(8 in 10 of {len(many):,} runs: {now.quantile(0.1):.0f} to {now.quantile(0.9):.0f})."
    )
