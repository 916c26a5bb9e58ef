"""Forecasts as of earlier months, scored on what the record says up to the last month of the vintage that is read.

Every six months from July 2021 on: the filter is over draws of the prior ranges, not over the retained sets, for
those know all of the hindcast; they are weighed by what was known then. The rules, the ranges, the border's path to
that month, and how the codings err are those of today, and come from the whole hindcast.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from research.event_calibration import importance, isotonic_split
from research.move_scores import scored_moves
from sim.engine.experiment import Experiment
from sim.engine.provenance import decisive
from sim.engine.same_study import resume_study
from sim.engine.sets import equally_weighted
from sim.inference import filtering
from sim.inference.filtering import FilterSettings
from sim.inference.known_states import record_fingerprint
from sim.inference.matching import draw_prior
from sim.model import months
from sim.prediction import FORECASTS, pools, scoring
from sim.prediction.earlier_forecasts import ORIGINS, known_past, last_asked, study_of_origins
from sim.prediction.forecasting import FINE, FINELY, MODEL, THIRD_SITTING, Sitting, Values, forecast_tables
from sim.prediction.questions import SITTING, Question, questions_on
from sim.prediction.references import BASE, PERSISTENCE, question_outcomes
from sim.registers import vintage
from sim.scenario.source import Source
from sim.storage.folder import encode_table

NEAREST = 3  # months ahead
LATE, EVERY, ALL_EVENTS = "6 to 24", "3 to 24", "events"
HORIZONS = {  # months ahead; of a year's figures there are too few to tell them apart
    "trade": {"3 to 5": (3, 5), "6 to 11": (6, 11), "12 to 24": (12, SITTING), LATE: (6, SITTING)},
    "growth": {EVERY: (NEAREST, SITTING)},
    "share": {EVERY: (NEAREST, SITTING)},
}
BLOCK, RESAMPLED = 6, 2_000  # months of a block of targets; bootstrap samples
INTERVALS = (0.5, 0.8, 0.95)
_LEAD = ["ahead", "low", "high"]
_PRIOR = 4_096  # draws

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Rolling:
    """How forecasts are made at each origin.

    Attributes
    ----------
    particles
        Of the filter.
    runs
        Of each state that it hands on.
    seed
        With the number of a run it fixes all chance.
    jobs
        Threads; the results are the same for any number.
    """

    particles: int = 65_536
    runs: int = 4
    seed: int = 3
    jobs: int = 1


class Rolled(NamedTuple):
    """Scores at all origins: of figures and events (:func:`sim.prediction.scoring.score_forecasts`), and of moves.

    Of figures and events there are further the ``origin``, the ``target`` (the last month that is asked about) and the
    ``horizon`` in months; of moves the ``origin``.
    """

    figures: pd.DataFrame
    moves: pd.DataFrame


def roll_forecasts(folder: Path, asked: Rolling, origins: tuple[str, ...] = ORIGINS, tell: Tell = print) -> Rolled:
    """Forecast at every origin that is not in the folder yet, and score all forecasts for which there is a fact.

    Parameters
    ----------
    folder
        Where forecasts are kept, an origin at a time, so what was stopped goes on.
    tell
        Hears of each origin as it begins.

    Raises
    ------
    StudyError
        If the folder holds another study.
    """
    study = study_of_origins(folder)
    size = {"particles": asked.particles, "runs": asked.runs, "seed": asked.seed}
    tables, moves = {}, []
    with resume_study(study, {**size, "rests_on": _rests_on(), **decisive()}):
        for origin in origins:
            if not study.has(f"{origin}/moves"):
                tell(f"forecasts as of {origin}")
                for name, table in zip(("figures", "moves"), at_origin(origin, asked), strict=True):
                    study.keep(f"{origin}/{name}", encode_table(table))
            tables[origin] = study.rows(f"{origin}/figures")
            pooled = pools.with_pool_of_moves(study.rows(f"{origin}/moves"))
            until = months.index(vintage.last_month())
            moves.append(scored_moves(pooled, months.index(origin), until).assign(origin=origin))
    figures = [_with_pool(tables, origin) for origin in origins]
    return Rolled(pd.concat(figures, ignore_index=True), pd.concat(moves, ignore_index=True))


def at_origin(origin: str, asked: Rolling, sitting: Sitting = THIRD_SITTING) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the forecasts as of a month; see :func:`sim.prediction.forecasting.forecast_tables`."""
    as_of, to = months.index(origin), last_asked(months.index(origin))
    sets = equally_weighted(draw_prior([asked.seed, as_of], _PRIOR), Source.PRIOR)
    settings = FilterSettings(asked.particles, errors=sitting.errors)
    experiment = Experiment(filtering.known_world(origin), sets, asked.seed, jobs=asked.jobs)
    known, learnt = (
        filtering.filter_states(experiment, settings),
        filtering.learn_discrepancies(experiment, sitting.errors),
    )
    futures = experiment.replace(scenario=filtering.recorded_world(), sets=known.sets).runs_of_every_set(
        asked.runs, in_turn=True
    )
    return forecast_tables(futures, learnt, to, sitting)


def _with_pool(tables: Mapping[str, pd.DataFrame], origin: str) -> pd.DataFrame:
    """Return the scores of an origin, the recalibrated model and the pool among them."""
    as_of = months.index(origin)
    asked = [question for question in questions_on(as_of, last_asked(as_of)) if question.last - as_of >= NEAREST]
    return _scored(pools.with_pool(tables[origin], known_past(tables, as_of)), asked)


def _rests_on() -> str:
    """Return a name for all that forecasts as of a month rest on: the record, the filter, and how they are made."""
    return f"{record_fingerprint()} {FORECASTS}"


def _scored(table: pd.DataFrame, asked: list[Question]) -> pd.DataFrame:
    targets = {question.id: question.last for question in asked}
    scored = scoring.score_forecasts(table[table["id"].isin(targets)], question_outcomes(asked))
    whole = scored[["id", "forecaster"]].merge(table[["id", "forecaster", *FINELY]])[list(FINELY)]
    fine, figures = whole.to_numpy(np.float64), scored["fact"].to_numpy(np.float64)
    target, as_of = scored["id"].map(targets), asked[0].as_of
    return scored.assign(**whole).assign(
        origin=months.name(as_of), target=target, horizon=target - as_of, **spread_scores(fine, figures)
    )


def rolling_summary(scored: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return mean scores by subject, horizon and forecaster, and by how much the model is better than each.

    Parameters
    ----------
    scored
        As :func:`roll_forecasts` gives it.
    seed
        Fixes the bootstrap.

    Returns
    -------
    frame
        ``about`` (``events``: all of them together), ``horizon`` (months ahead), ``forecaster``, ``score`` (the one
        that ``mean`` and ``ahead`` are of: CRPS of figures, Brier and log score of events), ``forecasts``, ``mean``;
        ``ahead``, by how much the model's mean is lower, with its 95% interval ``low`` to ``high``: a bootstrap over
        half-years of targets, for their forecasts lean on the same facts; and of figures ``WIS``, ``off``, ``PIT`` and
        intervals.
    """
    rows = []
    table = scored.assign(about=scored["id"].str.split("/").str[0])
    numbers = table[table["kind"] == "number"]
    for about, spans in HORIZONS.items():
        for words, span in spans.items():
            some = numbers[(numbers["about"] == about) & numbers["horizon"].between(*span)]
            rows += _compared(some, about, words, "CRPS", seed)
    events = table[table["kind"] == "event"]
    for score in ("Brier", "log"):
        rows += _compared(events, ALL_EVENTS, EVERY, score, seed)
    for asked, some in events.groupby("about", sort=False):
        rows += _compared(some, str(asked), EVERY, "Brier", seed)
    return pd.DataFrame(rows)


def _compared(some: pd.DataFrame, about: str, horizon: str, score: str, seed: int) -> list[dict[str, object]]:
    own = some[some["forecaster"] == MODEL].set_index(["origin", "id"])
    rows = []
    for name, its in some.groupby("forecaster", sort=False):
        other = its.set_index(["origin", "id"])
        ahead = (other[score] - own.loc[other.index, score]).to_numpy(np.float64)
        low, high = block_bootstrap(ahead, other["target"].to_numpy(np.int64) // BLOCK, seed)
        means = other[["WIS", "off", "PIT", *map(_share, INTERVALS)]].mean().to_dict()
        said = {"about": about, "horizon": horizon, "forecaster": name, "score": score, "forecasts": len(other),
                "mean": other[score].mean(), "ahead": ahead.mean(), "low": low, "high": high}  # fmt: skip
        rows.append(said | {str(column): mean for column, mean in means.items()})
    return rows


def block_bootstrap(values: Values, blocks: NDArray[np.int64], seed: int) -> tuple[float, float]:
    """Return a 95% interval of a mean, from whole blocks drawn again and again."""
    _, place = np.unique(blocks, return_inverse=True)
    sums, counts = np.bincount(place, values), np.bincount(place)
    drawn = np.random.default_rng(seed).integers(len(counts), size=(RESAMPLED, len(counts)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), (0.025, 0.975))
    return float(low), float(high)


def wins(table: pd.DataFrame) -> list[str]:
    """Return a sentence wherever a forecaster that knows no politics is better than the model."""
    said = []
    for (about, horizon, score), some in table.groupby(["about", "horizon", "score"], sort=False):
        means = some.set_index("forecaster")["mean"].to_dict()
        own = means.pop(MODEL)
        best = min(means, key=means.__getitem__)
        if means[best] >= own:
            continue
        ahead, low, high = some.loc[some["forecaster"] == best, _LEAD].to_numpy(np.float64)[0].tolist()
        sure = "" if high < 0.0 else ", so it may be chance"
        when = "" if horizon == EVERY else f", {horizon} months ahead"
        said.append(
            f"{str(about).capitalize()}{when}: {best} is better than the model ({score} {means[best]:.3g} against "
            f"{own:.3g}; difference {-ahead:.3g}, 95% interval {-high:.3g} to {-low:.3g}{sure})."
        )
    return said


def forecast_aims(scored: pd.DataFrame, table: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return what was aimed at, what was reached, and whether that is the aim."""
    own = scored[(scored["forecaster"] == MODEL) & (scored["kind"] == "number")]
    by_subject = own.groupby(own["id"].str.split("/").str[0], sort=False)["80%"].mean()
    held = float(own["80%"].mean())
    by_name = ", ".join(f"{about} {_share(share)}" for about, share in by_subject.items())
    reached = "reached" if 0.7 <= held <= 0.9 else "missed"
    rows = [("80% intervals hold 70 to 90% of figures", f"{_share(held)} of {len(own)} ({by_name})", reached)]
    for says, key in {
        "trade beats persistence from six months on": ("trade", LATE, "CRPS", PERSISTENCE),
        "events beat base rates (Brier score)": (ALL_EVENTS, EVERY, "Brier", BASE),
        "events beat base rates (log score)": (ALL_EVENTS, EVERY, "log", BASE),
    }.items():
        row = table[(table[["about", "horizon", "score", "forecaster"]] == list(key)).all(axis=1)]
        ahead, low, high = row[_LEAD].to_numpy(np.float64)[0].tolist()
        reached = "missed" if ahead <= 0.0 else "reached" if low > 0.0 else "reached, but it may be chance"
        word, sign = ("better", 1.0) if ahead > 0.0 else ("worse", -1.0)
        least, most = sorted((sign * low, sign * high))
        rows.append((says, f"{word} by {abs(ahead):.3g} (95% interval {least:.3g} to {most:.3g})", reached))
    return rows


def member_importance(scored: pd.DataFrame) -> pd.DataFrame:
    """Return what each member is worth in the pool, by subject: trade, growth and share (CRPS), and events (Brier).

    Parameters
    ----------
    scored
        Figures and events, as :func:`roll_forecasts` gives them.
    """
    subjects = scored["id"].str.split("/").str[0].where(scored["kind"] == "number", ALL_EVENTS)
    names = scored.assign(id=scored["origin"] + " " + scored["id"])
    parts = []
    for about in (*HORIZONS, ALL_EVENTS):
        some = names[subjects == about].drop(columns=[*scoring.SCORES])
        if some.empty:
            continue
        known = some.groupby("id")["fact"].first()
        score = "Brier" if about == ALL_EVENTS else "CRPS"

        def mean(rows: pd.DataFrame, known: "pd.Series[float]" = known, score: str = score) -> float:
            return float(scoring.score_forecasts(rows, known)[score].mean())

        worth = importance(some, mean).reset_index()
        parts.append(worth.assign(about=about, score=score))
    return pd.concat(parts, ignore_index=True)


def event_splits(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the isotonic split of the events of each forecaster."""
    events = scored[scored["kind"] == "event"]
    rows = {
        name: isotonic_split(its["probability"].to_numpy(np.float64), its["fact"].to_numpy(np.float64))._asdict()
        for name, its in events.groupby("forecaster", sort=False)
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("forecaster")


def _share(share: float) -> str:
    return f"{100 * share:.0f}%"


def spread_scores(quantiles: Values, facts: Values) -> dict[str, Values]:
    """Return the scores of quantiles (a row a figure, a column a level of :data:`sim.prediction.forecasting.FINE`).

    Rows without quantiles have none.

    Returns
    -------
    dict
        ``WIS``, the weighted interval score, which is twice the mean loss of the quantiles (Bracher et al. 2021);
        ``PIT``, the level at which the fact lies; ``off``, by how much the median is off; and which :data:`INTERVALS`
        hold it.
    """
    import scoringrules

    levels = np.array(FINE)
    inside = {
        "WIS": scoringrules.crps_quantile(facts, quantiles, levels, backend="numpy"),
        "PIT": np.array([np.interp(fact, row, levels, 0.0, 1.0) for fact, row in zip(facts, quantiles, strict=True)]),
        "off": np.abs(facts - quantiles[:, FINE.index(0.5)]),
    }
    for share in INTERVALS:
        low, high = (quantiles[:, FINE.index(round(0.5 + side * share / 2.0, 3))] for side in (-1, 1))
        inside[_share(share)] = ((low <= facts) & (facts <= high)).astype(float)
    known = np.isfinite(quantiles[:, 0])
    return {name: np.where(known, values, np.nan) for name, values in inside.items()}
