"""What a function returns as a record cannot be changed by whoever has it."""

import pkgutil
import re
from dataclasses import is_dataclass
from importlib import import_module
from types import ModuleType

import pytest

import sim.report.figures.estimates
from sim.analysis import boxes, consequences, definitions, estimates, pairs
from sim.inference import coding, designs, emulator, filtering, hindcast, matching, measurements, sets_file
from sim.prediction import (
    ablation_study,
    estimands,
    falsification,
    forecasting,
    model_comparison,
    move_forecasters,
    rivals,
    treatments,
    verdict,
    verdict_study,
)
from sim.report import results, showing, style
from sim.report.figures import data, pattern_matrix
from sim.report.folders import crate, study_folders
from sim.report.reference import check_months, influence
from sim.report.text import at_work, chronicle, explanation, turning_points
from sim.scenario import drawing, errors, layers, priors, values, yaml_reading
from sim.storage import folder
from sim.studies import bridges, layout, specification, stopping, store, study, sweep_runner, worker

MODULES = (
    boxes, consequences, definitions, estimates, pairs, coding, designs, emulator, filtering, hindcast, matching,
    measurements, sets_file, ablation_study, estimands, falsification, forecasting, model_comparison, move_forecasters,
    rivals, treatments, verdict, verdict_study, results, showing, style, data, sim.report.figures.estimates,
    pattern_matrix, crate, study_folders, check_months, influence, at_work, chronicle, explanation, turning_points,
    drawing, errors, layers, priors, values, yaml_reading, folder, bridges, layout, specification, stopping, store,
    study, sweep_runner, worker,
)  # fmt: skip
CHANGING = {"Layer", "Document"}  # they are filled while a file is read
TABLES = re.compile("DataFrame|ndarray|NDArray|Series")


def records(module: ModuleType) -> list[type]:
    return [kind for kind in vars(module).values()
            if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__]  # fmt: skip


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_record_cannot_be_changed_and_one_with_tables_is_equal_to_itself_alone(module: ModuleType) -> None:
    for kind in records(module):
        frozen = kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
        assert frozen == (kind.__name__ not in CHANGING), kind
        if any(TABLES.search(said) and "Callable" not in said for said in map(str, kind.__annotations__.values())):
            assert kind.__eq__ is object.__eq__, f"{kind}: whether two tables are equal is no yes or no"


def test_no_module_with_records_is_left_out() -> None:
    for package in sorted({module.__name__.split(".")[1] for module in MODULES}):
        above = import_module(f"sim.{package}")
        names = [listed.name for listed in pkgutil.walk_packages(above.__path__, f"{above.__name__}.")]
        assert [name for name in names if records(import_module(name)) and import_module(name) not in MODULES] == []
