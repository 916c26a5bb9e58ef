"""A hub takes what is written: its settings keep the schema, and every row is one that they ask for."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
import yaml

from sim.model import months
from sim.prediction.forecasting import FINE, MODEL, forecast_row
from sim.prediction.questions import EVENT, UNITS, questions_on
from sim.prediction.references import PERSISTENCE
from sim.report.folders.hub import write_hub

SCHEMA = json.loads(Path(__file__).with_name("hub-schema.json").read_text(encoding="utf-8"))
# Of schema v6's target-data-schema.json, what a hub without further columns has to keep.
TARGET_DATA = {
    "type": "object", "additionalProperties": False,
    "required": ["schema_version", "observable_unit", "date_col", "versioned"],
    "properties": {
        "schema_version": {"type": "string", "pattern": r"/v6\.0\.0/target-data-schema\.json$"},
        "observable_unit": {"type": "array", "uniqueItems": True, "items": {"type": "string"},
                            "contains": {"const": "target"}},
        "date_col": {"const": "target_end_date"}, "versioned": {"type": "boolean"},
        "oracle-output": {"type": "object", "properties": {"has_output_type_ids": {"type": "boolean"}}},
        "time-series": {"type": "object"},
    },
}  # fmt: skip
AS_OF, TO = months.index("2024-08"), months.index("2025-12")


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    asked = questions_on(AS_OF, TO)
    says = {EVENT: 0.25, "number": np.linspace(1.0, 2.0, len(FINE))}
    rows = [forecast_row(question, name, says[question.kind]) for question in asked for name in (MODEL, PERSISTENCE)]
    write_hub(tmp_path / "hub", pd.DataFrame(rows), asked, "sim forecast")
    return tmp_path / "hub"


def read(hub: Path, name: str) -> dict[str, Any]:
    configuration: dict[str, Any] = json.loads((hub / "hub-config" / f"{name}.json").read_text(encoding="utf-8"))
    return configuration


@pytest.mark.parametrize("name", ["admin", "tasks"])
def test_the_settings_keep_the_schema(hub: Path, name: str) -> None:
    schema = {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(read(hub, name), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read(hub, name) | {"further": 1}, schema)


def test_every_row_is_one_that_is_asked_for_and_all_of_its_kind_are_there(hub: Path) -> None:
    (only,) = read(hub, "tasks")["rounds"]
    output = pd.read_parquet(hub / "model-output/driftback-filter/2024-08-31-driftback-filter.parquet")
    assert list(output) == [
        "origin_date", "target", "horizon", "target_end_date", "output_type", "output_type_id", "value",
    ]  # fmt: skip
    seen = 0
    for task in only["model_tasks"]:
        (about,), ((kind, said),) = task["task_ids"]["target"]["optional"], task["output_type"].items()
        rows = output[output["target"] == about]
        ids = [list(map(str, said["output_type_id"]["required"])), task["task_ids"]["horizon"]["optional"]]
        assert set(zip(rows["output_type_id"], rows["horizon"], strict=True)) == set(product(*ids))
        assert set(rows["output_type"]) == {kind} and len(rows) == len(ids[0]) * len(ids[1])
        assert set(rows["target_end_date"]) == set(task["task_ids"]["target_end_date"]["optional"])
        assert task["target_metadata"][0]["target_keys"] == {"target": about}
        seen += len(rows)
    assert seen == len(output) and set(output["origin_date"]) == {"2024-08-31"}
    chances = output[output["output_type"] == "pmf"].pivot(
        index=["target", "horizon"], columns="output_type_id", values="value"
    )
    assert (chances["yes"] == 0.25).all() and (chances["no"] == 0.75).all()
    trade = output[(output["target"] == "trade") & (output["horizon"] == 4)]
    assert set(trade["target_end_date"]) == {"2024-12-31"} and trade["value"].is_monotonic_increasing


def test_each_forecaster_is_a_model_with_its_own_metadata(hub: Path) -> None:
    assert {file.name for file in (hub / "model-output").iterdir()} == {"driftback-filter", "naive-persistence"}
    for file in (hub / "model-metadata").iterdir():
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert f"{said['team_abbr']}-{said['model_abbr']}" == file.stem
        assert said["designated_model"] == (file.stem == "driftback-filter")


def test_all_of_a_round_is_asked_for_within_the_month_before_its_origin(hub: Path) -> None:
    (only,) = read(hub, "tasks")["rounds"]
    assert only["round_id"] in only["model_tasks"][0]["task_ids"] and only["round_id_from_variable"] is True
    assert only["submissions_due"] == {"relative_to": "origin_date", "start": -31, "end": 0}
    events = {question.about for question in questions_on(AS_OF, TO) if question.kind == EVENT}
    for task in only["model_tasks"]:
        ((kind, said),), (about,) = task["output_type"].items(), task["target_metadata"]
        event = about["target_id"] in events
        assert kind == ("pmf" if event else "quantile") and said["is_required"] is True
        assert said["value"] == {"type": "double"} | ({"minimum": 0, "maximum": 1} if event else {})
        assert about["target_type"] == ("binary" if event else "continuous") and about["is_step_ahead"] is True
        assert about["target_units"] == ("yes or no" if event else UNITS[about["target_id"]])
        assert all(values["required"] is None and values["optional"] for values in task["task_ids"].values())
    data = read(hub, "target-data")
    assert data["versioned"] is False and data["oracle-output"] == {"has_output_type_ids": True}


# --- What was observed

EARLIER = months.index("2023-02")


@pytest.fixture
def observed_hub(tmp_path: Path) -> Path:
    """Return a hub of an earlier origin, of which facts are known."""
    asked = questions_on(EARLIER, EARLIER + 24)
    says = {EVENT: 0.25, "number": np.linspace(1.0, 2.0, len(FINE))}
    table = pd.DataFrame([forecast_row(question, MODEL, says[question.kind]) for question in asked])
    write_hub(tmp_path / "hub", table, asked, "sim forecast")
    return tmp_path / "hub"


def test_what_is_said_of_observed_data_keeps_the_schema(hub: Path) -> None:
    jsonschema.validate(read(hub, "target-data"), TARGET_DATA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read(hub, "target-data") | {"further": 1}, TARGET_DATA)


def test_the_oracle_knows_each_fact_and_answers_events_with_certainty(observed_hub: Path) -> None:
    oracle = pd.read_parquet(observed_hub / "target-data/oracle-output.parquet")
    assert list(oracle) == ["target", "target_end_date", "output_type", "output_type_id", "oracle_value"]
    by_target = oracle.assign(day=oracle["target_end_date"].astype(str)).set_index(["target", "day"])
    trade = by_target.loc[[("trade", "2023-07-31")]]
    assert trade["oracle_value"].tolist() == [181.6] and trade["output_type_id"].isna().all()
    slight = by_target.loc[("slight", "2024-08-31")].set_index("output_type_id")["oracle_value"]
    assert slight.to_dict() == {"no": 0.0, "yes": 1.0}
    events = oracle[oracle["output_type"] == "pmf"]
    assert (events.groupby(["target", "target_end_date"])["oracle_value"].sum() == 1.0).all()
    assert oracle["target_end_date"].astype(str).max() <= "2024-08-31", "of later months there is no fact"
    output = pd.read_parquet(next((observed_hub / "model-output").rglob("*.parquet")))
    keys = ["target", "target_end_date"]
    asked_for = output[keys].drop_duplicates()
    joined = oracle[keys].astype(str).drop_duplicates().merge(asked_for, how="left", indicator=True)
    assert (joined["_merge"] == "both").all(), "every fact is one that was asked for"


def test_the_time_series_are_the_figures_of_what_is_asked(hub: Path) -> None:
    series = pd.read_parquet(hub / "target-data/time-series.parquet")
    assert set(series["target"]) == {"trade", "growth", "share"}
    assert not series.duplicated(["target", "target_end_date"]).any()
    seen = series.assign(day=series["target_end_date"].astype(str)).set_index(["target", "day"])["observation"]
    assert seen["growth", "2023-12-31"] == 3.1 and seen["trade", "2023-07-31"] == 181.6
    assert pd.read_parquet(hub / "target-data/oracle-output.parquet").empty, "nothing of it is known"
