"""The page on what came since August 2024: ``python -m research.since_page docs`` makes ``docs/since.md``.

It reads the second sitting's table, the vintage of August 2025, and ``docs/since-moves.csv``: what the second edition
expected of every lever. That table is a study, made by ``python -m research.since_page docs study`` under the rules of
that edition, and stays as it is when the rules change.
"""

import sys
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from research.move_expectations import expected_moves
from research.pages import of_frame, publish_page, render
from research.sitting_scores import RIVALS, answers, chance_of_war, facts_of_sitting, recorded_and_expected
from sim.engine.experiment import Experiment
from sim.engine.provenance import made_by
from sim.inference.filtering import FilterSettings, filter_states, known_world, recorded_world
from sim.inference.parameter_sets import retained_sets
from sim.model import months
from sim.prediction import scoring
from sim.prediction.forecasting import LEVELS, MODEL
from sim.prediction.questions import EVENT
from sim.registers.record import overall
from sim.registers.register import claims
from sim.registers.vintage import known_to
from sim.registers.what_came import Came, came_by_claim, count_claims
from sim.report.style import percent
from sim.report.text.markdown import markdown_table
from sim.storage import sealed

PAGE, SECOND, MOVES = "since.md", "forecasts-second.csv", "since-moves.csv"
KNOWN, TO = "2024-08", "2025-08"
PARTICLES, FILTER_SEED, RUNS, SEED = 65_536, 3, 8, 20240816  # as for the second sitting
WAR = "war"
Row = dict[Hashable, Any]
MISSED = (("deal_pay", ("good",)), ("pyongyang_toward_moscow", ("treaty",)))  # at these in every month


def page(folder: Path) -> str:
    """Return the page, from the tables of the folder of the docs."""
    second = scoring.read_forecasts(folder / SECOND)
    expected = pd.read_csv(folder / MOVES, comment="#")
    with known_to(TO):
        came = facts_of_sitting(second, KNOWN)
        answered, both = answers(second, came), overall()
        rows = [_claim(what, second, answered, expected, folder) for what in came_by_claim().values()]
        pay, treaty = (recorded_and_expected(expected, *asked)[2] for asked in MISSED)
    number = answered[answered["kind"] != EVENT]
    inside = ((number["low"] <= number["fact"]) & (number["fact"] <= number["high"])).sum()
    header = ("claim", "what it expected", "what came", "says", "what the model expected", "chance of what came")
    return render(
        PAGE, claims=markdown_table(header, rows), counts=count_claims(), many=len(rows),
        answers=of_frame(_answers(answered)),
        scores=of_frame(_means(scoring.score_forecasts(second, came))), inside=inside, figures=len(number),
        asked=len(answered),
        both=f"{both[0]:,}", agree=percent(both[1]), particles=f"{PARTICLES:,}", worst=answered["says"].iloc[0],
        pay=percent(pay), treaty=percent(treaty),
    )  # fmt: skip


def _claim(
    what: Came, second: pd.DataFrame, answered: pd.DataFrame, expected: pd.DataFrame, folder: Path
) -> tuple[str, ...]:
    said, likely = [], []
    known = {str(row["id"]): row for row in answered.to_dict("records")}
    own = second[second["forecaster"] == MODEL].set_index("id")["probability"]
    for name in what.asked:
        about, when = name.split("/")
        if about == WAR:
            chance = chance_of_war(folder / SECOND, when)
            said.append(f"it goes on: {percent(chance)}")
            likely.append(percent(chance))
        elif name in known:
            said.append(f"{name}: {_expected(known[name])}")
            likely.append(_likely(known[name]))
        else:
            said.append(f"{name}: {percent(float(own[name]))}, and its months are not over")
    if what.lever:
        coded, stood, share, chance = recorded_and_expected(expected, what.lever, what.options)
        options = " or ".join(what.options)
        said.append(f"{what.lever} at {options}: {percent(share)} of months; recorded in {stood} of {coded}")
        likely.append(f"{percent(chance)} a month")
    claim = f"{what.claim}: {claims()[what.claim].says}"
    return claim, what.expected, what.came, what.says, "; ".join(said) or "not asked", ", ".join(likely) or "-"


def _expected(row: Row) -> str:
    if row["kind"] == EVENT:
        return percent(row["expected"])
    return f"{row['expected']:.3g} ({row['low']:.3g} to {row['high']:.3g})"


def _likely(row: Row) -> str:
    """Return how likely the model found what came; a table ends at its outermost levels."""
    outermost = row["kind"] != EVENT and row["likely"] < 2.0 * LEVELS[0] + 1e-9
    return f"{'under ' if outermost else ''}{percent(row['likely'])}"


def _answers(answered: pd.DataFrame) -> pd.DataFrame:
    rows = {
        "question": answered["says"], "came": answered["fact"].map("{:g}".format),
        "the model expected": [_expected(row) for row in answered.to_dict("records")],
        "chance of what came": [_likely(row) for row in answered.to_dict("records")],
        "score": [f"{'Brier' if kind == EVENT else 'CRPS'} {score:.3g}"
                  for kind, score in zip(answered["kind"], answered["score"], strict=True)],
    }  # fmt: skip
    rivals = {name: ["" if np.isnan(score) else f"{score:.3g}" for score in answered[name]] for name in RIVALS}
    return pd.DataFrame(rows | rivals)


def _means(scored: pd.DataFrame) -> pd.DataFrame:
    """Return mean scores: of figures by what they are about, of events over all."""
    parts = []
    about_what = scored["id"].str.split("/").str[0].where(scored["kind"] != EVENT, "events")
    for about, some in scored.groupby(about_what, sort=False):
        score = "Brier" if about == "events" else "CRPS"
        means = some.groupby("forecaster")[score].mean()
        cells = {name: f"{means[name]:.3g}" if name in means else "" for name in (MODEL, *RIVALS)}
        parts.append({"of": f"{about} ({some['id'].nunique()})", "score": score, **cells})
    return pd.DataFrame(parts)


def study(folder: Path) -> None:
    """Write what the model expects of every lever, from the states and under the seeds of the second sitting."""
    made = made_by()
    known = filter_states(Experiment(known_world(KNOWN), retained_sets(), FILTER_SEED), FilterSettings(PARTICLES))
    expected = expected_moves(
        Experiment(recorded_world(), known.sets, SEED).runs_of_every_set(RUNS, in_turn=True), months.index(TO)
    )
    head = [
        "made by: python -m research.since_page docs study",
        f"states: sim filter --as-of {KNOWN} --particles {PARTICLES} --seed {FILTER_SEED}",
        f"runs: {RUNS} of each state, seed {SEED}",
        ", ".join(f"{name} {made[name]}" for name in ("driftback", "registers", "rules")),
    ]
    rows = expected.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    sealed.put(folder / MOVES, "".join([*(f"# {line}\n" for line in head), rows]).encode())


def main(words: Sequence[str]) -> None:
    """Write the page, or the study that it reads."""
    folder, *what = words
    if what == ["study"]:
        study(Path(folder))
    else:
        publish_page(folder, PAGE, page(Path(folder)), {})


if __name__ == "__main__":
    main(sys.argv[1:])
