"""Forecasts in the layout of the hubverse, schema v6: what is asked (``hub-config``), and who says what.

A hub is a folder that many teams forecast into. Here a forecaster is a model of its own, with a file of metadata and
one of output: quantiles of figures, and of events the chances of ``no`` and ``yes`` (a probability mass function).
``target-data`` holds what was observed: ``time-series``, the figures up to now, and ``oracle-output``, what a
forecaster who knew the facts would have written, which is what scores need.
"""

import json
from pathlib import Path

import pandas as pd
import yaml

from sim.model import months
from sim.prediction.forecasting import FINE, FINELY, MODEL
from sim.prediction.pools import POOL, RECALIBRATED
from sim.prediction.questions import EVENT, UNITS, Question
from sim.prediction.references import AUTOREGRESSION, BASE, BORDER, PERSISTENCE, SEASONAL, facts_of, question_outcomes
from sim.registers import vintage
from sim.report.folders.tables import write_parquet
from sim.report.folders.writing import Writing
from sim.version import __version__

VERSION = "v6.0.0"
SCHEMAS = "https://raw.githubusercontent.com/hubverse-org/schemas/main"
TEAMS = {
    MODEL: ("driftback", "filter"),
    PERSISTENCE: ("naive", "persistence"),
    SEASONAL: ("naive", "seasonal"),
    AUTOREGRESSION: ("naive", "ar1"),
    BORDER: ("naive", "border"),
    BASE: ("naive", "base_rate"),
    POOL: ("driftback", "pool"),
    RECALIBRATED: ("driftback", "recalibrated"),
}
_ANSWERS = ("no", "yes")


def write_hub(folder: Path, table: pd.DataFrame, asked: list[Question], command: str) -> None:
    """Write the folder.

    Parameters
    ----------
    table
        Forecasts, as :func:`sim.prediction.forecasting.forecast_tables` makes them.
    asked
        All that is asked as of a month.
    command
        What makes the folder again.
    """
    as_of, writing = asked[0].as_of, Writing(folder, "forecast")
    config = {"admin.json": admin(), "tasks.json": tasks(asked), "target-data.json": target_data()}
    for name, said in config.items():
        writing.path(f"hub-config/{name}").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    for name, observed in {"time-series": time_series(asked), "oracle-output": oracle_output(asked)}.items():
        write_parquet(observed, writing.path(f"target-data/{name}.parquet"))
    output = outputs(table, asked)
    for forecaster, rows in output.groupby("forecaster"):
        team, model = TEAMS[str(forecaster)]
        name = f"{team}-{model}"
        file = writing.path(f"model-output/{name}/{_last_day(as_of)}-{name}.parquet")
        write_parquet(rows.drop(columns="forecaster"), file)
        about = {"team_abbr": team, "model_abbr": model, "model_name": str(forecaster), "model_version": __version__,
                 "license": "MIT", "designated_model": forecaster == MODEL}  # fmt: skip
        writing.path(f"model-metadata/{name}.yml").write_text(yaml.safe_dump(about, sort_keys=False), encoding="utf-8")
    writing.close(command, {"as_of": months.name(as_of)})


def outputs(table: pd.DataFrame, asked: list[Question]) -> pd.DataFrame:
    """Return forecasts as rows of a hub: a row a task and quantile, or a task and answer, each with its forecaster."""
    tasks = {question.id: _task(question) for question in asked}
    rows = []
    for forecast in table.to_dict("records"):
        if forecast["kind"] == EVENT:
            said = zip(_ANSWERS, (1.0 - forecast["probability"], forecast["probability"]), strict=True)
        else:
            said = zip(map(str, FINE), (forecast[name] for name in FINELY), strict=True)
        head = tasks[forecast["id"]] | {"output_type": "pmf" if forecast["kind"] == EVENT else "quantile"}
        head["forecaster"] = forecast["forecaster"]
        rows += [{**head, "output_type_id": what, "value": value} for what, value in said]
    return pd.DataFrame(rows)


def time_series(asked: list[Question]) -> pd.DataFrame:
    """Return the figures of all that is asked that are known by the last month of the record, in their unit."""
    last, rows = months.index(vintage.last_month()), []
    for about in dict.fromkeys(question.about for question in asked if question.about in UNITS):
        for at, value in facts_of(about, last).items():
            month = at if about == "trade" else (int(str(at)) - months.FIRST_YEAR) * 12 + 11
            rows.append((_last_day(int(str(month))), about, float(value)))
    return _dated(pd.DataFrame(rows, columns=["target_end_date", "target", "observation"]))


def oracle_output(asked: list[Question]) -> pd.DataFrame:
    """Return what came of the questions that have a fact: a row a figure, and one each answer of an event."""
    came, rows = question_outcomes(asked), []
    for question in asked:
        if question.id not in came.index:
            continue
        head, fact = _task(question), float(came[question.id])
        if question.kind == EVENT:
            rows += [(*head.values(), "pmf", answer, float(fact == place)) for place, answer in enumerate(_ANSWERS)]
        else:
            rows.append((*head.values(), "quantile", None, fact))
    columns = ["origin_date", "target", "horizon", "target_end_date", "output_type", "output_type_id", "oracle_value"]
    table = pd.DataFrame(rows, columns=columns).astype({"output_type_id": "string", "oracle_value": "float64"})
    return _dated(table.drop(columns=["origin_date", "horizon"]))


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(target_end_date=pd.to_datetime(table["target_end_date"]).dt.date)


def target_data() -> dict[str, object]:
    """Return what the hub says of its observed data."""
    return {
        "schema_version": f"{SCHEMAS}/{VERSION}/target-data-schema.json",
        "observable_unit": ["target_end_date", "target"],
        "date_col": "target_end_date",
        "versioned": False,
        "oracle-output": {"has_output_type_ids": True},
    }


def admin() -> dict[str, object]:
    """Return the hub's settings."""
    return {
        "schema_version": f"{SCHEMAS}/{VERSION}/admin-schema.json",
        "name": "Driftback: five capitals around the Korean peninsula",
        "maintainer": "the driftback authors",
        "contact": {"name": "the driftback authors"},
        "repository": {"name": "driftback"},
        "file_format": ["parquet"],
        "timezone": "Asia/Seoul",
    }


def tasks(asked: list[Question]) -> dict[str, object]:
    """Return what is asked: one group of tasks a subject."""
    abouts = dict.fromkeys(question.about for question in asked)
    groups = [_group([question for question in asked if question.about == about]) for about in abouts]
    round_ = {
        "round_id_from_variable": True, "round_id": "origin_date", "model_tasks": groups,
        "submissions_due": {"relative_to": "origin_date", "start": -31, "end": 0},
    }  # fmt: skip
    return {
        "schema_version": f"{SCHEMAS}/{VERSION}/tasks-schema.json",
        "rounds": [round_],
        "output_type_id_datatype": "character",
        "derived_task_ids": ["target_end_date"],
    }


def _group(asked: list[Question]) -> dict[str, object]:
    one, event = asked[0], asked[0].kind == EVENT
    task = [_task(question) for question in asked]
    ids = {name: {"required": None, "optional": list(dict.fromkeys(one[name] for one in task))} for name in task[0]}
    output = {
        "output_type_id": {"required": list(_ANSWERS if event else FINE)}, "is_required": True,
        "value": {"type": "double"} | ({"minimum": 0, "maximum": 1} if event else {}),
    }  # fmt: skip
    target = {
        "target_id": one.about, "target_name": one.about, "description": one.says,
        "target_units": one.unit or "yes or no", "target_keys": {"target": one.about},
        "target_type": "binary" if event else "continuous", "is_step_ahead": True, "time_unit": "month",
    }  # fmt: skip
    return {"task_ids": ids, "output_type": {"pmf" if event else "quantile": output}, "target_metadata": [target]}


def _task(question: Question) -> dict[str, object]:
    return {
        "origin_date": _last_day(question.as_of), "target": question.about,
        "horizon": question.last - question.as_of,
        "target_end_date": _last_day(question.last),
    }  # fmt: skip


def _last_day(month: int) -> str:
    return pd.Period(months.name(month), "M").end_time.date().isoformat()
