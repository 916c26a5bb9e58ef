"""What all tests share: how many examples a property gets, and the model's numbers."""

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings

from sim.scenario.values import resolve

# No deadline: two engines compile, and machines differ. A failure prints the blob that reproduces it.
settings.register_profile(
    "driftback", max_examples=100, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("driftback")


@pytest.fixture(scope="session")
def params() -> SimpleNamespace:
    """The default value of every parameter, weights normalised, as the rules read them."""
    return SimpleNamespace(**resolve({}))
