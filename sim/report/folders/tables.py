"""Tables for files: one level each, months as YYYY-MM."""

import re
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from sim.engine.ensemble import Divergence, Pair
from sim.engine.mesa.single_run import Run
from sim.model import months
from sim.model.moves import LEVER
from sim.report.style import SERIES, spoken_month
from sim.report.text.turning_points import did, turns, words_of
from sim.storage.folder import arrow_table

_FORMULA = re.compile(r"[=+\-@\t\r]")  # how a cell begins that a spreadsheet computes


def run_tables(run: Run) -> dict[str, pd.DataFrame]:
    """Return the tables of one run: states and moves (a row a month), decisions, deals and turning points."""
    return {
        "states": tidy(run.series),
        "moves": tidy(run.moves),
        "decisions": _decisions(run),
        "deals": _deals(run),
        "turns": pd.DataFrame(
            [(months.name(turn.month), turn.kind, turn.text) for turn in turns(run)], columns=["month", "kind", "what"]
        ),
    }


def write_parquet(frame: pd.DataFrame, path: Path, index: bool | None = False) -> None:
    """Write a frame as parquet, as pandas does; its index where asked, or as little of it as says it (None)."""
    pq.write_table(arrow_table(frame, preserve_index=index), path)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its months, where they are its index, as a column of text."""
    if not isinstance(frame.index, pd.PeriodIndex):
        return frame
    return frame.set_axis(pd.Index(frame.index.astype(str), name="month"), axis="index").reset_index()


def csv(frame: pd.DataFrame) -> str:
    """Return a table as CSV; words that a spreadsheet would take for a formula get an apostrophe before them."""
    shown = frame.rename(columns=_word)
    for place, kind in enumerate(frame.dtypes):
        if pd.api.types.is_string_dtype(kind):
            shown.isetitem(place, frame.iloc[:, place].map(_word).to_numpy())
    return str(shown.to_csv(index=False))


def _word(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def where_runs_part(pair: Pair, one: Run, other: Run) -> str:
    """Return in words where one run of two scenarios parts from the other."""
    divergence = pair.first_divergence(one.number)
    if divergence is None:
        return f"Run {one.number} never parts: it is the same run in both scenarios."
    when = spoken_month(months.index(divergence.month))
    return f"In run {one.number} the scenarios diverge in {when}: {_what(divergence, one, other)}."


def _what(divergence: Divergence, one: Run, other: Run) -> str:
    if not divergence.levers:
        return "the same moves, but a different " + ", ".join(SERIES[name].short for name in divergence.states[:3])
    sentences = []
    for field in divergence.levers:
        first, second = (str(run.moves[field].loc[divergence.month]) for run in (one, other))
        (who, does), beside = did(LEVER[field], first), words_of(LEVER[field], second)
        sentences.append(f"{who} {does} in “{one.scenario.name}”, {beside} in “{other.scenario.name}”")
    return "; ".join(sentences)


def _decisions(run: Run) -> pd.DataFrame:
    rows = []
    for decision in run.decisions:
        options, runner_up = LEVER[decision.lever].options, decision.runner_up
        taken, rival = decision.options[decision.chosen], decision.options[runner_up]
        rows.append(
            (months.name(decision.month), decision.capital, decision.lever, options[decision.last].name,
             options[decision.chosen].name, options[runner_up].name,
             taken.utility, rival.utility, taken.utility - rival.utility, taken.chance,
             decision.draw, decision.survives)
        )  # fmt: skip
    return pd.DataFrame(
        rows,
        columns=["month", "capital", "lever", "before", "chosen", "runner_up", "utility", "utility_runner_up", "margin",
                 "chance", "draw", "need_expected_to_last"],
    )  # fmt: skip


def _deals(run: Run) -> pd.DataFrame:
    rows = []
    for deal in run.deals:
        taken = deal.bundles[deal.chosen]
        rows.append((months.name(deal.month), taken.arms, taken.pay, taken.technology, taken.surplus_moscow,
                     taken.surplus_pyongyang, taken.score, taken.chance, deal.draw, deal.imposed))  # fmt: skip
    return pd.DataFrame(
        rows,
        columns=["month", "arms", "pay", "technology", "surplus_moscow", "surplus_pyongyang", "score", "chance", "draw",
                 "imposed"],
    )  # fmt: skip
