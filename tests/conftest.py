"""What all tests share: how many examples a property gets, and the model's numbers."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings

from sim.scenario.values import resolve

# One engine for all tests, and those that they start.
os.environ.setdefault("DRIFTBACK_ENGINE", "compiled")

# What the tests of a folder or a file need beside Python; `scripts/test fast` runs those that need none of it.
NEEDS = {
    "inference": "study",
    "playthroughs": "study",
    "studies": "study",
    "prediction": "study",
    "report": "study",
    "research": "study",
    "test_anywhere.py": "study",
    "test_api.py": "study",
    "test_damage.py": "study",
    "test_manual.py": "study",
    "test_notebooks.py": "study",
    "cli": "compiled",
    "engine": "compiled",
    "test_properties_of_runs.py": "compiled",
    "test_properties_are_complete.py": "study",  # asks for a hundred examples, which a fast run does not take
}

# No deadline: two engines compile, and machines differ. A failure prints the blob that reproduces it.
settings.register_profile(
    "driftback", max_examples=100, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("fast", settings.get_profile("driftback"), max_examples=10)
settings.load_profile("driftback")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test by what it needs; a file's own entry goes before its folder's."""
    here = Path(__file__).parent
    for item in items:
        place = item.path.relative_to(here).parts if item.path.is_relative_to(here) else ()
        for need in [NEEDS[part] for part in reversed(place) if part in NEEDS][:1]:
            item.add_marker(need)


@pytest.fixture(scope="session")
def params() -> SimpleNamespace:
    """The default value of every parameter, weights normalised, as the rules read them."""
    return SimpleNamespace(**resolve({}))


@pytest.fixture(scope="session")
def third(params: SimpleNamespace) -> SimpleNamespace:
    """The same with the tolerance and the pulse of the third edition."""
    return SimpleNamespace(**{**vars(params), "tolerance": 0.03, "visits_pulse": 1.0})
