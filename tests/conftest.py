"""What all tests share: how many examples a property gets, and the model's numbers."""

import os
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings

from sim.scenario.values import resolve

# One engine for all tests, and those that it starts: nothing is compiled in the background.
os.environ.setdefault("DRIFTBACK_ENGINE", "compiled")

# No deadline: two engines compile, and machines differ. A failure prints the blob that reproduces it.
settings.register_profile(
    "driftback", max_examples=100, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("driftback")


@pytest.fixture(scope="session")
def params() -> SimpleNamespace:
    """The default value of every parameter, weights normalised, as the rules read them."""
    return SimpleNamespace(**resolve({}))
