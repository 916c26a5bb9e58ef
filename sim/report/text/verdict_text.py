"""The verdict in words: what a first reader has to know, two questions told apart, and what stands beside the rule."""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence

import pandas as pd

from sim.analysis.definitions import CAUSAL_POINTS, HELD, WITHIN, number_word, period
from sim.prediction.estimands import BY_FILTER, EQUAL, HAZARD, LEFT, LIKELY, TEMPERED
from sim.prediction.thresholds import AGREEING, PAIRS
from sim.prediction.verdict import Verdict
from sim.report.style import percent
from sim.report.text import answer

Tables = Mapping[str, pd.DataFrame]
Row = Mapping[Hashable, float]  # an estimate: mean, low and high
Table = tuple[Sequence[str], Sequence[Sequence[str]]]  # a header and rows of cells

_PAIRED = {
    "least": "no pairing gives less (Makarov's bound)",
    "shared": "same random numbers in both runs (the rule)",
    "alike": "highest with highest, lowest with lowest",
    "independent": "independent random numbers",
    "opposed": "highest with lowest",
    "most": "no pairing gives more (Makarov's bound)",
}
_WEIGHED = {
    EQUAL: "the rule: every set counts equally, the end falls in any month of 2025 to 2030",
    HAZARD: "each set and each of these months as likely as in our forecasts",
    LIKELY: "by the likelihood of the record",
    TEMPERED: f"by this likelihood, tempered until the effective sample size is {percent(LEFT)} of the sets",
    BY_FILTER: "by the particle filter's weights, starting from its states of August 2024",
}
AHEAD = (
    f"For D2, we count the months until the difference first reaches {CAUSAL_POINTS:g} points, whether or not it is as "
    f"large in month {WITHIN}."
)
OUTSIDE = (
    "A group's Shapley value is what it adds to the effect, averaged over all orders in which the ten groups can join. "
    "All but one of the 1,024 combinations behind it lack some claims, and most of these are implausible. The table "
    "describes the model, not the world."
)


def tell_verdict(judged: Verdict, tables: Tables, headline: pd.DataFrame) -> dict[str, str | list[str] | Table | None]:
    """Return all of it by name, as a report and a page show it."""
    tellers: dict[str, Callable[[Tables], str | list[str] | Table | None]] = {
        "returning": tabulate_return, "cause": tell_cause, "pairings": pairings, "weighings": weighings,
        "fitting": fitting, "variants": variants, "groups": groups,
    }  # fmt: skip
    texts = {name: tell(tables) for name, tell in tellers.items()}
    first = {"plainly": plainly(judged, headline), "meaning": answer.headline_meaning(), "asked": rule_in_words(judged)}
    return {**first, "ahead": AHEAD, "outside": OUTSIDE, **texts}


def plainly(judged: Verdict, headline: pd.DataFrame) -> str:
    """Return the answer of a verdict as every page gives an answer.

    Parameters
    ----------
    headline
        The pairs of the study's headline.
    """
    test = judged.tests[1.0]
    ended = headline["end"][headline["judged"].astype(bool)].to_numpy()
    return answer.headline(judged.word, ended, test.pairs.mean, test.effect.mean)


def rule_in_words(judged: Verdict) -> str:
    """Return what comes out by the rule, and what the rule asks for."""
    return (
        f"By our rule, the prediction is {judged.word}. The rule requires that Pyongyang end up clearly closer in at "
        f"least {100 * PAIRS:.0f}% of histories, that at least {100 * AGREEING:.0f}% of the model's variants agree on "
        "the direction, and that the placebos (ends of the war that should do nothing) do nothing. We fixed these "
        "thresholds before we had any result."
    )


def tabulate_return(tables: Tables) -> Table:
    """Return whether Pyongyang comes back, with the war ending and going on: shares of runs, and mean levels."""
    defined, beside = _rows(tables["definitions"]), _headline(tables, EQUAL)
    d1, d4 = ([percent(defined[name][column]) for column in ("mean", "without_an_end")] for name in ("D1", "D4"))
    back = [percent(beside[f"back {name}"]["mean"]) for name in ("ended", "endless")]
    before, then, otherwise = (f"{beside[name]['mean']:.0f}" for name in ("before", "ended", "endless"))
    return ("does Pyongyang come back?", "war ends", "war goes on"), [
        (f"Re-engagement {period()} after the end (it was {before} of 100 in 2023), on average", then, otherwise),
        (f"Back at its level of 2023 for {number_word(HELD)} months (recovery, D1), share of runs", *d1),
        (f"At or above its own level of 2023 {period()} after the end, share of runs", *back),
        ("Observable signs recovered: trade, courting and workers (D4), share of runs", *d4),
    ]


def tell_cause(tables: Tables) -> list[str]:
    """Return in paragraphs whether the end of the war is what brings Pyongyang back."""
    beside, filtered = _headline(tables, EQUAL), _headline(tables, BY_FILTER)
    sets, more = beside["sets"]["mean"], 100.0 * beside["regained"]["mean"]
    answer, of_all = ("yes", "") if sets > 0.5 else ("not", "only ")
    way = "raises" if more >= 0.0 else "lowers"
    said = [
        f"Is it the end of the war that brings Pyongyang back? Mostly {answer}: in {of_all}"
        f"{percent(sets)} of the parameter sets, the end adds at least {CAUSAL_POINTS:g} points on "
        f"average{_within(beside['sets'])}. We trust this share most, because it does not depend on how runs are "
        "paired. But we decided beforehand that the share of histories in which Pyongyang ends up clearly closer (D2) "
        "counts, so we keep to it.",
        f"The end {way} the share of runs at or above their own level of 2023 by {abs(more):.0f} percentage points.",
    ]
    if filtered:
        effect = f"{filtered['effect']['mean']:+.1f} points on average"
        said.append(f"If runs start from the state that the record suggests for August 2024, the effect is {effect}.")
    return said


def pairings(tables: Tables) -> Table:
    """Return the share of pairs with D2's points by how runs are paired."""
    shares = _rows(tables["pairings"])
    return ("how runs are paired", "share of pairs (95% interval)"), [
        (words, _share(shares[name])) for name, words in _PAIRED.items()
    ]


def weighings(tables: Tables) -> Table:
    """Return the headline side by side under several weights."""
    header = (
        "weights", "effective sample size", f"sets with a mean effect of at least {CAUSAL_POINTS:g}", "mean effect",
        "change in the share of runs at or above the level of 2023, percentage points", "D2",
        "D1: war ends, war goes on", "D4: war ends, war goes on", "re-engagement: war ends, war goes on",
    )  # fmt: skip
    rows = []
    for name in dict.fromkeys(tables["weighings"]["weighed"]):
        of = _headline(tables, name)
        mean = {estimand: estimate["mean"] for estimand, estimate in of.items()}
        worth = of["effect"]["worth"]
        count = f"{worth:.0f}" if worth >= 10.0 else f"{worth:.1f}"
        beside = [f"{percent(mean[name])}, {percent(mean[f'{name} without an end'])}" for name in ("D1", "D4")]
        rows.append((
            _WEIGHED[name], count, _share(of["sets"]), _points(of["effect"]), _points(of["regained"], 0, 100.0),
            _share(of["D2"]), *beside, f"{mean['ended']:.0f}, {mean['endless']:.0f}",
        ))  # fmt: skip
    return header, rows


def fitting(tables: Tables) -> list[str]:
    """Return in paragraphs when wars end by the forecasts' prior, and what better fits predict."""
    before, within, later = (percent(share) for share in tables["prior"].iloc[0])
    said = [
        f"Our forecasts give the war a {before} chance of ending before the months studied here, {within} during them "
        f"and {later} later. No row shows what a later end would do."
    ]
    if "fit" in tables:
        rank, low, high = (float(value) for value in tables["fit"].iloc[0])
        said += [
            f"{_larger(low, high)} The rank correlation of fit and effect is {rank:+.2f} ({low:+.2f} to {high:+.2f}).",
            "Weighting by the full likelihood leaves an effective sample size of "
            f"{_headline(tables, LIKELY)['effect']['worth']:.1f} sets, and chance decides which ones carry the weight. "
            "That row is an anecdote. The particle filter, which estimates the state of the world month by month from "
            "the record, weights the same sets by a small power of the likelihood (decision 21). Its runs follow the "
            "recorded moves and figures up to August 2024; all other runs start in 2019 and do not.",
        ]
    return said


def _larger(low: float, high: float) -> str:
    """Return whether sets that fit the record better predict a larger effect, from an interval of the correlation."""
    if low <= 0.0 <= high:
        return "Sets that fit the record better predict neither a clearly larger nor a clearly smaller effect."
    return f"Sets that fit the record better predict a {'larger' if low > 0.0 else 'smaller'} effect."


def variants(tables: Tables) -> Table:
    """Return the variants by the size of their effect, with its error, and by how much they differ from the base."""
    table = tables["variants"]
    table = table[table["times"] == 1.0].sort_values("mean", ascending=False)
    rows = []
    for variant in table.to_dict("records"):
        less = _range(variant["change"], variant["change_low"], variant["change_high"])
        change = "-" if variant["variant"] == "V0" else less
        rows.append((f"{variant['title']} ({variant['variant']})", _points(variant), change, percent(variant["D2"])))
    return ("variant", "effect (95% interval)", "minus the base model's", "D2"), rows


def groups(tables: Tables) -> Table | None:
    """Return the Shapley values of groups of claims; None where there are none."""
    if "shapley" not in tables:
        return None
    by_group = _rows(tables["shapley"].sort_values("mean", ascending=False))
    return ("group of claims", "Shapley value, points (95% interval)"), [
        (name, _points(row)) for name, row in by_group.items()
    ]


def _rows(table: pd.DataFrame) -> dict[str, Row]:
    return {str(name): row for name, row in table.to_dict("index").items()}


def _headline(tables: Tables, name: str) -> dict[str, Row]:
    every = tables["weighings"]
    return _rows(every[every["weighed"] == name].set_index("estimand"))


def _share(row: Row, called: str = "") -> str:
    if math.isnan(row["low"]):
        return percent(row["mean"])
    return f"{percent(row['mean'])} ({called}{percent(row['low'])} to {percent(row['high'])})"


def _within(row: Row) -> str:
    return "" if math.isnan(row["low"]) else f" (95% interval {percent(row['low'])} to {percent(row['high'])})"


def _points(row: Row, digits: int = 1, times: float = 1.0) -> str:
    return _range(times * row["mean"], times * row["low"], times * row["high"], digits)


def _range(mean: float, low: float, high: float, digits: int = 1) -> str:
    said, *ends = (_signed(value, digits) for value in (mean, low, high))
    return said if math.isnan(low) else f"{said} ({' to '.join(ends)})"


def _signed(value: float, digits: int) -> str:
    """Return a number with its sign; what rounds to zero has none."""
    said = f"{value:+.{digits}f}"
    return said if float(said) else said[1:]
