"""Scenarios, written as YAML files, checked before anything is computed."""

from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.loading import available, find, load, loads
from sim.scenario.schema import Scenario

__all__ = ["Problem", "Scenario", "ScenarioError", "available", "find", "load", "loads"]
