"""What the record says of the model and of its claims, in sentences."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.engine.move_likelihood import JOINT
from sim.prediction.model_comparison import (
    ALONE,
    ASSUMED,
    CLAIMS,
    COSTS,
    EARNS,
    FAMILIES,
    IDLE,
    INSTEAD,
    NATS,
    REMOVED,
    SEEMS_TO_COST,
    SEEMS_TO_EARN,
    SURE,
    UNSEEN,
    WORDS,
)
from sim.prediction.move_forecasters import ALL, BASE_RATE, LAST_MOVE, MIXED, MODEL, NAIVE
from sim.prediction.rivals import BLIND
from sim.report.style import LANE, list_names, percent, words

PAGE = "record.md"
_SUPPORTS = {
    EARNS: "supports", SEEMS_TO_EARN: "seems to support",
    UNSEEN: "says nothing either way about", IDLE: "says nothing either way about",
    COSTS: "speaks against", SEEMS_TO_COST: "seems to speak against",
}  # fmt: skip
_MEANS = {
    "supports": "what they did is less likely without {}",
    "seems to support": "what they did is less likely without {}, but the difference may be due to chance",
    "speaks against": "what they did is likelier without {}",
    "seems to speak against": "what they did is likelier without {}, but the difference may be due to chance",
    "says nothing either way about": "what they did is about as likely without {}",
}
_PLACES = ("the first", "the second", "the third")


def answer(capitals: pd.DataFrame, compared: pd.DataFrame) -> list[str]:
    """Return the answer in three sentences; where the model knows less than base rates, that comes first.

    Parameters
    ----------
    capitals, compared
        See :func:`sim.prediction.move_forecasters.compare_forecasters` and
        :func:`sim.prediction.model_comparison.compare_contenders`.
    """
    return [_beside_base_rates(capitals), _in_sum(capitals), _of_claims(compared)]


def aims(capitals: pd.DataFrame) -> list[str]:
    """Return what was aimed at, with what was reached."""
    behind, all_ = _behind(capitals), _row(capitals, ALL)
    every = f"missed for {_listed(behind)}" if behind else "reached"
    sums = "reached" if all_[f"over {LAST_MOVE}"] > 0.0 else "missed"
    return [
        f"Ahead of base rates for every capital: {every}.",
        f"Ahead of last month's move in sum: {sums} ({_gap(all_, LAST_MOVE)}).",
    ]


def politics(capitals: pd.DataFrame, compared: pd.DataFrame) -> str:
    """Return how much of what the model knows is why capitals choose, and not only how seldom lines change."""
    gain, error = -float(compared[NATS][BLIND]), float(compared["error"][BLIND])
    likely, a_move = "less likely" if gain > 0.0 else "likelier", abs(gain) / float(capitals["moves"][ALL])
    return (
        f"Where capitals choose blindly among what they can do whenever a lever comes up for review (*{BLIND}*), the "
        f"record is {abs(gain):.0f} nats {likely} (standard error {error:.0f}), {a_move:.2f} a move. So much is "
        "known of why they choose; the rest of what the model knows is how seldom lines change."
    )


def _behind(capitals: pd.DataFrame) -> list[str]:
    gains = capitals[f"over {BASE_RATE}"].drop(index=ALL)
    return [str(name) for name in gains.index[gains <= 0.0]]


def _row(table: pd.DataFrame, name: str) -> dict[str, float]:
    return dict(zip(map(str, table), table.loc[[name]].to_numpy(float)[0].tolist(), strict=True))


def _beside_base_rates(capitals: pd.DataFrame) -> str:
    behind = _behind(capitals)
    if not behind:
        return "For every capital the model predicts next month's moves better than past frequencies do."
    gaps = "; ".join(f"{display_name(name)}: {_gap(_row(capitals, name), BASE_RATE)}" for name in behind)
    others = "for the others better" if len(behind) < len(capitals) - 1 else "for none better"
    worse = "the model predicts next month's moves worse than past frequencies do"
    return f"For {_listed(behind)} {worse} ({gaps}); {others}."


def _in_sum(capitals: pd.DataFrame) -> str:
    every = _row(capitals, ALL)
    own = percent(np.exp(every[MODEL]))
    others = {BASE_RATE: "base rates", LAST_MOVE: "last month's move", MIXED: "both mixed"}
    chances = ", ".join(f"{others[name]} {percent(np.exp(every[name]))}" for name in NAIVE)
    moves = f"{every['moves']:.0f} recorded moves"
    return f"Over all {moves} it gives what happened a chance of {own} a month ahead (geometric mean), {chances}."


def _gap(row: Mapping[str, float], name: str) -> str:
    """Return what the model gains over a forecaster, with its error, and whether it may be chance."""
    gain, error = row[f"over {name}"], row[f"error {name}"]
    chance = "" if row[f"p {name}"] <= SURE else ", which may be chance"
    return f"{abs(gain):.2f} nats a move {'more' if gain > 0.0 else 'less'} (standard error {error:.2f}{chance})"


def _of_claims(compared: pd.DataFrame) -> str:
    claims, assumed = (compared[compared["family"] == family] for family in (CLAIMS, ASSUMED))
    return f"We took out {_counts(claims, 'claims')}. We took out {_counts(assumed, 'assumptions')}."


def _counts(table: pd.DataFrame, what: str) -> str:
    """Return how many the record speaks for and against, counting ids and not what is taken away together."""

    def count(*words: str) -> int:
        return sum(len(str(name).split(", ")) for name in table.index[table["word"].isin(words)])

    def counted(sure: str, perhaps: str) -> str:
        more = count(perhaps)
        return f"{count(sure)}" + f" (perhaps {more} more)" * (more > 0)

    return (
        f"{count(*table['word'].unique())} {what}, one at a time: the record speaks for "
        f"{counted(EARNS, SEEMS_TO_EARN)}, against {counted(COSTS, SEEMS_TO_COST)}, and cannot see "
        f"{count(UNSEEN, IDLE)}"
    )


def display_name(name: str) -> str:
    """Return what a lever or a capital is called; the deal is among both."""
    if name == JOINT:
        return "the arms deal"
    return words(name).title if name in LANE else name


def _listed(names: list[str]) -> str:
    return list_names([display_name(name) for name in names], "and")


def nats_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return nats a move of all forecasters in words, a row a capital or lever."""
    rows = []
    for name, row in table.iterrows():
        said = {str(table.index.name): display_name(str(name)), "moves": f"{row['moves']:.0f}"}
        said |= {forecaster: f"{row[forecaster]:.2f}" for forecaster in (MODEL, *NAIVE)}
        said["over base rate"] = f"{row[f'over {BASE_RATE}']:+.2f} ± {row[f'error {BASE_RATE}']:.2f}"
        said["over last month's move"] = f"{row[f'over {LAST_MOVE}']:+.2f} ± {row[f'error {LAST_MOVE}']:.2f}"
        rows.append(said)
    return pd.DataFrame(rows)


def evidence_table(compared: pd.DataFrame, *families: str) -> pd.DataFrame:
    """Return in words by how much the record is likelier with each thing than without it, or than with a rival.

    Parameters
    ----------
    families
        Which; all where none is named.
    """
    table = compared[compared["family"].isin(families or FAMILIES)].sort_values(["family", NATS])
    return pd.DataFrame([
        {
            "": name, "nats": f"{_worth(row, NATS)} ± {row['error']:.1f}", "seeds alone": f"{row['seeds']:.1f}",
            **{reading: _worth(row, reading) for reading in ALONE},
            "q": "" if np.isnan(row["q"]) else f"{row['q']:.3f}", "says": _word(row), "what it is": row["says"],
        }
        for name, row in table.iterrows()
    ])  # fmt: skip


def _worth(row: "pd.Series[Any]", column: str) -> str:
    return f"{0.0 - row[column]:+.1f}"


def words_on(page: str) -> dict[str, str]:
    """Return what the page on the record says of each claim and assumption that can be taken out, by id.

    >>> words_on("| A5, A6 | +1.0 | costs | Arms leave the store. |")
    {'A5': 'costs', 'A6': 'costs'}
    """
    ids, said = r"[AC]\d+(?:, [AC]\d+)*", "|".join(WORDS)
    rows = re.findall(rf"^\| ({ids}) \|.*\| ({said}) \|", page, re.MULTILINE)
    return {id: word for names, word in rows for id in names.split(", ")}


def of_assumptions(words: list[str]) -> str:
    """Return which of some assumptions the record supports, where the page has just named them.

    Parameters
    ----------
    words
        What the record says of each, as in :func:`words_on`, in their order on the page; three at most.
    """
    groups: dict[str, list[str]] = {}
    for place, word in zip(_PLACES, words, strict=False):
        groups.setdefault(_SUPPORTS[word], []).append(place)
    subject, of_what, sentences = f"The [record]({PAGE}) of what the capitals did up to August 2024", " of these", []
    for verb, why in _MEANS.items():
        if verb in groups:
            without = why.format("it" if len(groups[verb]) == 1 else "them")
            sentences.append(f"{subject} {verb} {list_names(groups[verb], 'and')}{of_what}: {without}.")
            subject, of_what = "It", ""
    return " ".join(sentences)


def _word(row: "pd.Series[Any]") -> str:
    return str(row["word"]) if row["family"] in REMOVED else INSTEAD.get(row["word"], str(row["word"]))
