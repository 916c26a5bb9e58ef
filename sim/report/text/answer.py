"""The answer to a scenario's question in a sentence, and the doubt that belongs to it."""

from sim.analysis.definitions import Drift, drift, nearer, period, says
from sim.analysis.pairs import Effect, paired_effect
from sim.engine.ensemble import Ensemble, Pair, ends
from sim.model import months
from sim.report.figures.data import years_of
from sim.report.style import percent


def of_run(many: Ensemble, control: Ensemble) -> str:
    """Return whether Pyongyang drifts back to Beijing in a scenario, in a sentence or two.

    Parameters
    ----------
    control
        The same runs without an end of the war.
    """
    drifted = drift(many, control)
    judged = int(drifted.judged.sum())
    if not judged:
        return f"{_not_judged(many)} {levels(many)}"
    effect = paired_effect(Pair(many, control))
    return (
        f"In {percent(drifted.share['D2'])} of {judged:,} runs the war's end brings Pyongyang {nearer()}, "
        f"against the same runs without an end. On average it is "
        f"{effect.mean:+.1f} points ({effect.estimate.interval_words('+.1f')}). {levels(many)}"
    )


def of_pair(pair: Pair) -> str:
    """Return what difference two scenarios make to Pyongyang's re-engagement with Beijing."""
    effect = effect_of(pair)
    one, other = pair.one.scenario.name, pair.other.scenario.name
    if not effect.values.any():
        return f"None at all: {effect.when}, re-engagement is the same in “{one}” as in “{other}”, run by run."
    sure = "" if effect.estimate.clear else "no clear difference: "
    way = "higher" if effect.mean >= 0.0 else "lower"
    return (
        f"Pyongyang's re-engagement with Beijing, {effect.when}: {sure}on average {abs(effect.mean):.1f} points of 100 "
        f"{way} in “{one}” than in “{other}” under the same chance "
        f"({effect.estimate.interval_words('+.1f')}); it is higher in "
        f"{percent((effect.values > 0.0).mean())} of {len(effect.values):,} paired runs."
    )


def effect_of(pair: Pair) -> Effect:
    """Return the effect two years after the war's end, or in the last month where no run can be judged then."""
    try:
        return paired_effect(pair)
    except ValueError:
        return paired_effect(pair, at=months.name(pair.shared_months - 1))


def definitions(drifted: Drift) -> list[tuple[str, str, str, str]]:
    """Return a row for each definition of drifting back: name, words, share of runs, share without an end."""
    without = drifted.control[drifted.judged].notna().mean()
    return [
        (name, words, percent(drifted.share[name]), percent(without[name]) if name in without else "not defined")
        for name, words in says().items()
    ]


def _not_judged(many: Ensemble) -> str:
    if not ends(many).any():
        return "The war does not end in these runs, so whether its end brings Pyongyang back cannot be asked of them."
    return f"The war ends too late in these runs for the {period()} after it to be judged."


def levels(many: Ensemble) -> str:
    """Return where re-engagement begins and ends."""
    series = many.series("reengagement")
    yearly = series.T.groupby(years_of(series.columns)).mean()
    first, last = yearly.index[0], yearly.index[-1]
    was, now = yearly.loc[first], yearly.loc[last]
    return (
        f"Re-engagement goes from {was.mean():.0f} in {first} to {now.mean():.0f} in {last} "
        f"(8 in 10 of {len(many):,} runs: {now.quantile(0.1):.0f} to {now.quantile(0.9):.0f})."
    )
