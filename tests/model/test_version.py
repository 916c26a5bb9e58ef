"""The version of the rules moves when they do; what each version does is kept beside this file as a digest."""

import csv
import hashlib
from pathlib import Path

from sim.article import register
from sim.engine.batch.source import python_source
from sim.engine.tracing.stages import trace
from sim.model import VERSION

KEPT = Path(__file__).with_name("versions.csv")


def test_the_version_moves_when_a_rule_does() -> None:
    """The traced months say what the rules do, in every variant, and nothing of their words, names or layout."""
    with KEPT.open(encoding="utf-8", newline="") as file:
        kept = {row["version"]: row["sha256"] for row in csv.DictReader(file)}
    does = hashlib.sha256(python_source(trace(tuple(register.parameters()))).encode()).hexdigest()
    assert kept.get(VERSION) == does, f"raise VERSION in sim/model/__init__.py and add it to {KEPT.name} with {does}"
