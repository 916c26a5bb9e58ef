import os

import pytest

from sim import api
from sim.report.showing import Pair

SCENARIO, SEED, RUNS = "war-ends-early", 7, 60


@pytest.fixture(scope="session")
def run():
    return api.run(SCENARIO, seed=SEED)


@pytest.fixture(scope="session")
def other_run():
    return api.run("moscow-never-buys", seed=SEED)


@pytest.fixture(scope="session")
def many():
    return api.ensemble(SCENARIO, RUNS, seed=SEED, jobs=os.cpu_count())


@pytest.fixture(scope="session")
def pair(many):
    return Pair(many, api.ensemble("moscow-never-buys", RUNS, seed=SEED, jobs=os.cpu_count()))
