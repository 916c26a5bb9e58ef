"""Pictures of what the record says: log evidence by month, what each claim is worth, and moves beside base rates."""

import textwrap
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import NORMAL
from sim.prediction import model_comparison, move_forecasters
from sim.prediction.model_comparison import (
    ALONE,
    ASSUMED,
    CLAIMS,
    COSTS,
    EARNS,
    IDLE,
    NATS,
    RIVALS,
    VARIED,
    RecordStudy,
)
from sim.prediction.move_forecasters import ALL, BASE_RATE, NAIVE
from sim.report.figures.data import Chart, Head, Line, Panel, war_until
from sim.report.figures.estimates import EstimateRow, in_words
from sim.report.render.intervals import ranges
from sim.report.render.plots import draw
from sim.report.render.sheet import Picture
from sim.report.text.on_record import display_name

_LABELLED, _NEAR = 3, 3.0  # lines with names at either end of a panel; nats below which none has one
_TITLES = {
    RIVALS: "Rival theories",
    VARIED: "Variants of the model",
    CLAIMS: "The model without a claim",
    ASSUMED: "The model without an assumption",
}


def pictures(record_study: RecordStudy, compared: pd.DataFrame, levers: pd.DataFrame) -> dict[str, Picture]:
    """Return every picture by the name of its file.

    Parameters
    ----------
    compared, levers
        See :func:`sim.prediction.model_comparison.compare_contenders` and
        :func:`sim.prediction.move_forecasters.compare_forecasters`.
    """
    drawn = {"cumulative": cumulative(record_study, compared), "levers": levers_picture(record_study, levers)}
    at_work = set(compared["family"][compared["word"] != IDLE])
    there = [family for family in (CLAIMS, ASSUMED) if family in at_work]
    return drawn | {family: evidence_picture(record_study, compared, family) for family in there}


def cumulative(record_study: RecordStudy, compared: pd.DataFrame) -> Picture:
    """Draw by how much the log evidence of each contender lies above the model's, month by month."""
    naive = move_forecasters.score_gap_by_month(record_study.scores())
    panels, data = [_naive(record_study, naive)], [naive.add_prefix("moves: ")]
    for family, title in _TITLES.items():
        table = compared[compared["family"] == family].sort_values(NATS)
        if len(table):
            lines = {str(name): model_comparison.evidence_gap_by_month(record_study, str(name)) for name in table.index}
            panels.append(_panel(record_study, title, lines))
            data.append(pd.DataFrame(lines))
    words = compared["word"]
    title = (
        f"Without {(words == EARNS).sum()} of {len(words)} things the record is less likely, without "
        f"{(words == COSTS).sum()} it is likelier"
    )
    title = title if (words == EARNS).any() or (words == COSTS).any() else "The record tells none of them apart"
    says = "Log evidence so far, less the model's: below zero the model knows more."
    text = " ".join(f"{name}: {row[NATS]:+.0f} nats." for name, row in compared.iterrows())
    return draw(Chart(_head(record_study, title, says, text), tuple(panels), pd.concat(data, axis=1)))


def _naive(record_study: RecordStudy, table: pd.DataFrame) -> Panel:
    at = np.arange(len(table), dtype=float)
    roles = dict(zip(NAIVE, ("control", "deal", "Pyongyang"), strict=True))
    lines = tuple(Line(name, at, table[name].to_numpy(float), roles[name]) for name in NAIVE)
    return Panel(
        "Forecasters that know no politics", "nats, moves alone", (0, len(at)), lines, (), (), war_until(len(at)), True
    )


def _panel(record_study: RecordStudy, title: str, lines: dict[str, np.ndarray]) -> Panel:
    """Return the lines of a family, in order of their ends: the outermost have their names."""
    names, horizon = list(lines), len(next(iter(lines.values())))
    far = {name for name in (*names[:_LABELLED], *names[-_LABELLED:]) if abs(lines[name][-1]) > _NEAR}
    at = np.arange(horizon, dtype=float)
    drawn = tuple(
        Line(name if name in far else "", at, values, "control" if values[-1] > 0.0 else "main", thin=name not in far)
        for name, values in lines.items()
    )
    return Panel(title, "nats", (0, horizon), drawn, (), (), war_until(horizon), True)


def evidence_picture(record_study: RecordStudy, compared: pd.DataFrame, family: str) -> Picture:
    """Draw how much likelier the record is with each claim, or assumption, than without it."""
    table = compared[(compared["family"] == family) & (compared["word"] != IDLE)].sort_values(NATS)
    rows = [_row(str(name), row) for name, row in table.iterrows()]
    first = rows[0]
    likely = "less likely" if first.mean > 0.0 else "likelier"
    title = f"Without {table.index[0]} the record is {abs(first.mean):.0f} nats {likely}"
    says = (
        "Log evidence with it less that without it. Thick: 95%, from seed to seed and month to month. Thin: either "
        "coding alone, and draws of the plausible ranges. Red: beyond chance. What is not at work is left out."
    )
    return ranges(_head(record_study, title, says, in_words(rows)), rows, "nats; above zero the record speaks for it")


def _row(name: str, row: "pd.Series[Any]") -> EstimateRow:
    gain, wide, alone = 0.0 - float(row[NATS]), NORMAL * float(row["error"]), [-float(row[one]) for one in ALONE]
    said = textwrap.shorten(f"{name}: {row['says']}", 52, placeholder=" ...")
    strong = row["word"] in (EARNS, COSTS)
    return EstimateRow(said, gain, gain - wide, gain + wide, min(alone), max(alone), strong)


def levers_picture(record_study: RecordStudy, levers: pd.DataFrame) -> Picture:
    """Draw what the model knows of each lever beyond the base rate."""
    table = levers.drop(index=ALL)
    table = table.assign(nats=table[f"over {BASE_RATE}"] * table["moves"]).sort_values(NATS, ascending=False)
    rows = []
    for name, row in table.iterrows():
        wide = NORMAL * row[f"error {BASE_RATE}"] * row["moves"]
        low, high = row[NATS] - wide, row[NATS] + wide
        rows.append(EstimateRow(display_name(str(name)), row[NATS], low, high, low, high, bool(row[NATS] < 0.0)))
    less = int((table[NATS] < 0.0).sum())
    title = f"Of {less} of {len(table)} levers the model knows less than the base rate"
    says = "Log score of the recorded moves a month ahead, less that of the base rate so far, with 95% interval."
    return ranges(_head(record_study, title, says, in_words(rows)), rows, "nats in all; below zero it knows less")


def _head(record_study: RecordStudy, title: str, says: str, text: str) -> Head:
    asked = record_study.asked
    source = (
        f"Driftback: {asked['particles']:,} particles, {asked['seeds']} seeds from {asked['seed']}, the record to "
        f"{asked['as_of']}. Uncalibrated."
    )
    return Head(title, says, source, text)
