"""The version of the rules moves when they do; what each version does is kept beside this file."""

import csv
import hashlib
from pathlib import Path

import pytest

from sim.engine.experiment import Experiment
from sim.engine.tracing.stages import Stages, trace
from sim.model import VERSION
from sim.registers import register
from sim.scenario import load

KEPT = Path(__file__).with_name("versions.csv")
SERIES = ("reengagement", "tension", "china_flow", "arms_flow")


def does(traced: Stages) -> str:
    """Return a digest of what is computed from what: no function, stage or file is named in it."""
    own = {stage.name for stage in traced.stages}  # rows that a stage keeps for the next are nobody's result
    outputs = [output for stage in traced.stages for output in stage.outputs.items()]
    rows = [(row, node) for row, node in outputs if row.split(".")[0] not in own]
    known: dict[int, str] = {}
    for node in traced.graph.sort_nodes((node for _, node in rows), ()):
        parts = [known[arg.place] if hasattr(arg, "place") else arg for arg in node.args]
        again = node.op == "as"  # the same number, computed at another time
        known[node.place] = parts[0] if again else hashlib.sha256(repr((node.op, parts)).encode()).hexdigest()
    return hashlib.sha256(repr(sorted((row, known[node.place]) for row, node in rows)).encode()).hexdigest()


def come_to() -> list[str]:
    """Return means over all months of some runs: the order of a month and all chance are in them too."""
    world = load("baseline").with_(months={"to": "2026-12"}, war={"ends": {"uniform": ["2023-01", "2025-12"]}})
    runs = Experiment(world, seed=7, runs=range(64)).ensemble()
    return [f"{runs.array(name).mean():.9g}" for name in SERIES]


def test_the_version_moves_when_a_rule_does() -> None:
    with KEPT.open(encoding="utf-8", newline="") as file:
        kept = {version: row for version, *row in csv.reader(file)}
    digest, *numbers = row = [does(trace(tuple(register.registered_parameters()))), *come_to()]
    fix = f"raise VERSION in sim/model/__init__.py and add it to {KEPT.name} with {','.join(row)}"
    known, *recorded = kept.get(VERSION, [""])
    assert digest == known, fix
    assert list(map(float, numbers)) == pytest.approx(list(map(float, recorded)), rel=1e-6), fix
