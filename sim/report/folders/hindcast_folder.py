"""The folder of a hindcast: parameter sets on trial before history, in pictures and tables."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from sim.analysis.patterns import summit
from sim.engine.ensemble import Ensemble
from sim.inference.hindcast import MOST, Scores, conflicts, observed_figures, pattern_shares, target
from sim.model import months
from sim.report.figures import history_figures
from sim.report.figures.data import Chart
from sim.report.figures.pattern_matrix import TITLES, Column, matrix_head
from sim.report.folders.study_folders import write_picture, write_tables
from sim.report.folders.writing import Writing
from sim.report.render.matrix import draw_matrix
from sim.report.render.plots import draw
from sim.report.render.sheet import Picture
from sim.report.style import percent
from sim.report.text import doubt

_OVER = {
    "prior": "draws of the prior. Uncalibrated: only the registers' ranges are known of them.",
    "retained": f"retained sets. {doubt.OPEN}",
}


def write_hindcast(
    writing: Writing,
    trials: Mapping[str, Scores],
    fans: Mapping[str, Ensemble],
    facts: Mapping[str, object],
    command: str,
) -> None:
    """Write the folder.

    Parameters
    ----------
    trials
        What was measured, by the name of the parameter sets: "defaults", "prior", "retained".
    fans
        The runs behind the fans, by the same names.
    facts
        What the manifest says of the study.
    """
    pictures = {f"hindcast-{name}": draw(history_fan(name, many)) for name, many in fans.items()}
    pictures["patterns"] = pattern_picture(trials, fans["defaults"].seed)
    for name, picture in pictures.items():
        write_picture(writing, name, picture)
    write_tables(writing, tables(trials) | {"profile": profile(fans)})
    writing.close(command, facts)


def history_fan(name: str, many: Ensemble) -> Chart:
    """Return the fans of an ensemble beside what was observed."""
    chart = history_figures.beside_history(many)
    if name not in _OVER:
        return chart
    _, observed = chart.head.source.split("Observed to", 1)
    source = f"Driftback: seed {many.seed}, {len(many):,} runs over {_OVER[name]} Observed to{observed}"
    return replace(chart, head=replace(chart.head, source=source))


def matrix_columns(trials: Mapping[str, Scores]) -> list[Column]:
    """Return the columns of the matrix."""
    return [Column(name, len(scores.means), pattern_shares(scores)) for name, scores in trials.items()]


def pattern_picture(trials: Mapping[str, Scores], seed: int) -> Picture:
    """Draw the pattern matrix."""
    columns = matrix_columns(trials)
    last = columns[-1]
    title = f"{percent(last.shares[MOST])} of the {last.name} sets miss at most one pattern of T and one of W"
    source = f"Driftback: free runs from January 2019 to August 2024, seed {seed}. Uncalibrated."
    return draw_matrix(matrix_head(columns, title, source), columns)


def tables(trials: Mapping[str, Scores]) -> dict[str, pd.DataFrame]:
    """Return the tables: the matrix, every number of every set, and which patterns hold together."""
    held = pd.DataFrame({name: pattern_shares(scores) for name, scores in trials.items()})
    frames = {
        "patterns": held.rename_axis("pattern").reset_index(),
        "numbers": pd.concat([_numbers(name, scores) for name, scores in trials.items()], ignore_index=True),
    }
    many = [conflicts(scores).assign(sets=name) for name, scores in trials.items() if len(scores.means) > 1]
    return frames | ({"conflicts": pd.concat(many, ignore_index=True)} if many else {})


def profile(fans: Mapping[str, Ensemble]) -> pd.DataFrame:
    """Return a row a month and trial: the mean stance to Beijing and Moscow, and shares of slights and summit months.

    It shows what no pattern asks: the summits of 2019, and when in 2024 the stance cools.
    """
    parts = []
    for name, many in fans.items():
        stance = many.array("pyongyang_toward_beijing")
        columns = {
            "sets": name,
            "month": [months.name(month) for month in range(stance.shape[1])],
            "stance_to_beijing": stance.mean(axis=0),
            "stance_to_moscow": many.array("pyongyang_toward_moscow").mean(axis=0),
            "slights": (stance == -1.0).mean(axis=0),
            "summit_months": summit(many).mean(axis=0),
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def matrix_rows(trials: Mapping[str, Scores]) -> list[tuple[str, ...]]:
    """Return the matrix as rows of words: pattern, what it says, and the share of each trial's sets."""
    drawn = matrix_columns(trials)
    names = [str(name) for name in drawn[0].shares.index]
    return [(name, TITLES[name], *(column.words[row] for column in drawn)) for row, name in enumerate(names)]


def _numbers(name: str, scores: Scores) -> pd.DataFrame:
    """Return a row a set and number: mean, standard error, where it must lie, implausibility."""
    parts, met, implausibility = [], scores.met, scores.implausibility
    for number in scores.means:
        low, high, _ = target(str(number))
        parts.append(
            pd.DataFrame(
                {
                    "sets": name, "set": scores.means.index, "number": number, "mean": scores.means[number],
                    "error": scores.errors[number], "low": low, "high": high, "observed": number in observed_figures(),
                    "met": met[number], "implausibility": implausibility[number],
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)
