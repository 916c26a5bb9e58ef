"""Forecasts as of a month, written down before anything later is known.

Runs set out from the states that the record leaves likely (:mod:`sim.inference.filtering`). What comes from outside
is held as it was, but for two things that are drawn for each run: the end of the war, from its parameter set's own
hazard, given that the war still goes on; and the opening of the border (:mod:`sim.prediction.border`). Figures
are drawn as they would be recorded, with discrepancy and error of observation; of events, the chance that the record
tells of them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.engine.sets import Sets
from sim.inference import coding
from sim.inference.filtering import border_of, known_world, recorded_world
from sim.inference.measurements import SECOND, THIRD, WATCHED, Discrepancy, ErrorModel, Measurements, known_figures
from sim.model import months
from sim.model.moves import LEVERS
from sim.prediction import border, move_forecasts
from sim.prediction.border import Openness
from sim.prediction.questions import EVENT, MONOPOLY, Question, questions_on
from sim.prediction.references import by_forecaster
from sim.scenario.plain_data import NO_END
from sim.scenario.schema import Scenario
from sim.scenario.values import defaults

MODEL = move_forecasts.MODEL
LEVELS = tuple(round(0.05 * step, 2) for step in range(1, 20))  # of a table that is written
FINE = (0.01, 0.025, *LEVELS, 0.975, 0.99)  # and of those that forecast hubs take
_PASSING = ("flood", "crisis", "news")  # what happens, and does not last

Values = NDArray[np.float64]


def column(level: float) -> str:
    """Return the name of a quantile's column: ``q05``, ``q975``."""
    return f"q{f'{level:.3f}'[2:].rstrip('0').ljust(2, '0')}"


QUANTILES, FINELY = (tuple(map(column, levels)) for levels in (LEVELS, FINE))


@dataclass(frozen=True)
class Sitting:
    """What the forecasts of a sitting assume beside the rules.

    Attributes
    ----------
    errors
        Of how figures differ from the model's own.
    recovery
        Paces of a border that has begun to open; see :func:`sim.prediction.border.paths`.
    """

    errors: ErrorModel
    recovery: tuple[float, ...]


SECOND_SITTING, THIRD_SITTING = Sitting(SECOND, border.HELD), Sitting(THIRD, border.RECOVERY)


def forecast_tables(
    experiment: Experiment,
    processes: dict[str, Discrepancy],
    to: int,
    sitting: Sitting = THIRD_SITTING,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the forecasts of figures and events, and those of moves: by the model and by what knows no politics.

    Parameters
    ----------
    experiment
        Runs of the sets in turn, with the states that they set out from; what comes from outside goes on from its
        scenario, which is that of the record (:func:`sim.inference.filtering.recorded_world`).
    processes
        The discrepancies of figures, by series.
    to
        The last month that is asked about.
    sitting
        What is assumed beside the rules.

    Returns
    -------
    figures and events
        A row a question and forecaster: ``id``, ``forecaster``, ``kind``, ``unit``, ``says``; ``probability`` of an
        event; the quantiles of a number, :data:`FINELY`.
    moves
        See :func:`sim.prediction.move_forecasts.move_table`.

    Raises
    ------
    ValueError
        If the last month is not later than the states.
    """
    as_of = last_known_month(experiment.sets)
    asked = questions_on(as_of, to)
    many, openness = futures(experiment, to, sitting.recovery)
    answered = answer_questions(many, openness, asked, processes, np.random.default_rng([experiment.seed, 4]))
    rows = []
    for question in asked:
        values, event = answered[question.id], question.kind == EVENT
        rows.append(forecast_row(question, MODEL, float(values.mean()) if event else np.quantile(values, FINE)))
    rows += [
        forecast_row(question, name, said) for question, name, said in by_forecaster(asked, FINE, sitting.recovery)
    ]
    return pd.DataFrame(rows), move_forecasts.move_table(many.played, as_of)


def forecast_row(question: Question, forecaster: str, said: float | Values) -> dict[str, object]:
    """Return a row of the table: what a forecaster says of a question, a probability or quantiles."""
    event = question.kind == EVENT
    head = {"id": question.id, "forecaster": forecaster, "kind": question.kind, "unit": question.unit,
            "says": question.says, "probability": said if event else np.nan}  # fmt: skip
    return head | dict(zip(FINELY, np.full(len(FINE), np.nan) if event else np.asarray(said), strict=True))


def last_known_month(sets: Sets) -> int:
    """Return the last month that states know."""
    assert sets.states is not None
    return sets.states.months - 1


# --- What comes from outside


def world_after(as_of: int, to: int, peace: int | None, openness: Values, visits: Values) -> Scenario:
    """Return a world that goes on from a month.

    Drivers stay as they are, floods and crises come by chance alone, and a war that has not begun is not foreseen.

    Parameters
    ----------
    as_of, to
        The last month that is known, and the last of the world, since 2019-01.
    peace
        The first month of peace; None where it does not come.
    openness, visits
        Of the border, to goods and to delegations, by month from 2019-01.
    """
    base = recorded_world()
    drivers: dict[str, object] = {
        name: 0.0 if name in _PASSING else values[as_of] for name, values in base.schedule().items()
    }
    for name, path in {"border": openness, "border_visits": visits}.items():
        if name in drivers:  # under the second edition's rules delegations have no border of their own
            drivers[name] = {months.name(month): float(path[month]) for month in range(as_of + 1, to + 1)}
    war = {"starts": months.name(max(base.war_start, to + 1) if base.war_start > as_of else base.war_start)}
    return base.with_(
        name="no peace yet" if peace is None else f"peace from {months.name(peace)}",
        months={"to": months.name(to)},
        war=war | {"ends": NO_END if peace is None else months.name(peace)},
        drivers=drivers,
    )


def chances_of_end(sets: Sets, as_of: int, to: int) -> Values:
    """Return the chance of each first month of peace, and of none until then, for a war that goes on.

    The hazard is Gamma-distributed in every set; each month of war makes a long war likelier (Lomax survival). A war
    that has not begun is not foreseen.

    Parameters
    ----------
    as_of, to
        The last month that is known, and the last in which peace is asked for, since 2019-01.

    Returns
    -------
    array of shape (months to the last one and later, sets); each column sums to 1
    """
    usual = defaults({})
    shape, rate = (
        np.asarray(sets.values.get(name, pd.Series(usual[name], sets.values.index)), dtype=np.float64)
        for name in ("hazard_ends", "hazard_months")
    )
    fought, ahead = as_of - recorded_world().war_start + 1, np.arange(to - as_of + 1)[:, None]
    survival = ((rate + fought) / (rate + fought + ahead)) ** shape if fought > 0 else np.ones((len(ahead), len(sets)))
    return np.vstack([survival[:-1] - survival[1:], survival[-1:]])


# --- Runs


def futures(
    experiment: Experiment, to: int, recovery: tuple[float, ...] = border.RECOVERY
) -> tuple[Ensemble, Openness]:
    """Simulate what may follow each state.

    Parameters
    ----------
    experiment
        As for :func:`forecast_tables`.
    to
        The last month, since 2019-01.
    recovery
        Paces of a border that has begun to open.

    Returns
    -------
    many
        The runs.
    openness
        Of the border in each of them.
    """
    sets, own = experiment.sets, experiment.set_places
    as_of = last_known_month(sets)
    if to <= as_of:
        raise ValueError(f"a forecast as of {months.name(as_of)} is of later months: choose one after it with --to")
    end = recorded_world().war_end
    if isinstance(end, int) and end <= as_of:
        raise ValueError("the war is over by then, and forecasts are of a war that goes on: choose an earlier month")
    chance = np.random.default_rng([experiment.seed, 3])
    goods, visits = border.paths(as_of, to, recovery), border.visit_paths(as_of, to)
    peace = _draw(chances_of_end(sets, as_of, to)[:, own], chance) + as_of + 1
    taken, met = (_draw(np.repeat(likely[:, None], len(own), axis=1), chance) for _, likely in (goods, visits))
    parts, order = [], []
    for month, path, visit in sorted(set(zip(peace.tolist(), taken.tolist(), met.tolist(), strict=True))):
        numbers = np.flatnonzero((peace == month) & (taken == path) & (met == visit))
        scenario = world_after(as_of, to, month if month <= to else None, goods[0][path], visits[0][visit])
        parts.append(experiment.select(numbers).replace(scenario=scenario).ensemble(WATCHED))
        order.append(numbers)
    at = np.concatenate(order)
    return Ensemble.concatenate(parts), Openness(goods[0][taken[at]], visits[0][met[at]])


def _draw(chances: Values, chance: np.random.Generator) -> NDArray[np.int64]:
    """Return an outcome each column, drawn by the chances of its rows."""
    reached = np.cumsum(chances, axis=0)
    return np.asarray(np.minimum((reached <= chance.random(chances.shape[1])).sum(axis=0), len(chances) - 1))


# --- Answers


def answer_questions(
    many: Ensemble,
    openness: Openness,
    asked: list[Question],
    processes: dict[str, Discrepancy],
    chance: np.random.Generator,
) -> dict[str, Values]:
    """Return what each run answers to every question: a figure as recorded, or the chance that an event is recorded."""
    measured = taken_in(many, processes)
    figures = {name: measured.draw_figures(name, many, openness.goods, chance) for name in ("trade", "growth", "share")}
    monthly = acts(many, openness.visits)
    values = {}
    for question in asked:
        span = slice(question.first, question.last + 1)
        if question.about in figures:
            values[question.id] = figures[question.about][question.last]
        elif question.about == "monopoly":
            values[question.id] = (figures["share"][question.last] >= MONOPOLY).astype(float)
        elif question.about == "arms-halved":
            values[question.id] = months_at_half(many.array("arms_flow"))[:, span].any(axis=1).astype(float)
        else:
            values[question.id] = 1.0 - np.prod(1.0 - monthly[question.about][:, span], axis=1)
    return values


def taken_in(many: Ensemble, processes: dict[str, Discrepancy]) -> Measurements:
    """Return what the figures that were known where runs set out say of each run's discrepancies."""
    as_of = last_known_month(many.experiment.sets)
    measurements = Measurements(len(many), border_of(known_world(months.name(as_of))), processes, known_figures(as_of))
    past = {name: many.array(name) for name in WATCHED}
    for month in range(as_of + 1):
        measurements.weigh({name: values[:, month] for name, values in past.items()})
    return measurements


def acts(many: Ensemble, visits: Values) -> dict[str, Values]:
    """Return the chance that a month's record tells of an event, by event: shape (runs, months from 2019-01).

    Leaders do not meet across a border that is shut to delegations.

    Parameters
    ----------
    visits
        1 in the months in which delegations cross, else 0; shape (runs, months from 2019-01).
    """
    learnt, place = coding.estimate_coding(), {lever.field: place for place, lever in enumerate(LEVERS)}

    def chance_of(lever: str, act: str) -> Values:
        return np.asarray(learnt.chance(lever, act)[many.played[..., place[lever]]])

    joint = (many.array("moscow_cover") == 1.0) & (many.array("pyongyang_toward_moscow") >= 0.6)
    courts = many.array("pyongyang_toward_beijing") == 1.0
    return {
        "summit": chance_of("beijing_visits", "leader") * (courts * visits),
        "slight": chance_of("pyongyang_toward_beijing", "slight"),
        "three-way": chance_of("beijing_bloc", "join") * joint,
        "missile": chance_of("pyongyang_provoke", "missile"),
        "veto": chance_of("moscow_cover", "veto"),
        "nuclear-test": chance_of("pyongyang_provoke", "nuclear"),
    }


def months_at_half(arms: Values) -> NDArray[np.bool_]:
    """Return the months in which arms flow at no more than half of their peak so far, of runs in which they ever do."""
    return np.asarray((arms <= 0.5 * np.maximum.accumulate(arms, axis=1)) & (arms.max(axis=1, keepdims=True) > 0.0))
