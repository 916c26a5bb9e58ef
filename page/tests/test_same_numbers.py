"""What the page counts and estimates is what Python does: the five definitions and the effect, on a thousand runs."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

import sim
from page.tests.conftest import TAKE
from sim.analysis.definitions import DEFINITIONS, drift
from sim.analysis.estimates import estimate, owners_of
from sim.analysis.intervals import student
from sim.api import Pair
from sim.engine.ensemble import Ensemble

pytestmark = pytest.mark.browser
RUNS = 1000

SIMULATED = (
    f"""async ([moved, runs]) => {{
    {TAKE}"""
    + """
    const [{ pairs, effectOf }, with_] = [await take("jobs/pairs", "ensembles"), await context()];
    const found = pairs(with_, {
        scenario: "war-ends-any-time", moved, seed: 7, runs: Array.from({ length: runs }, (_, n) => n),
        series: "reengagement", lever: "pyongyang_toward_beijing",
    });
    const plain = (times) => times.map((each) => Object.fromEntries(
        Object.entries(each).map(([name, value]) => [name, Number.isNaN(value) ? null : value])));
    const { mean, share, typical } = effectOf(found, true);
    const effect = found.effect.map((each) => Number.isNaN(each) ? null : each);
    return { judged: found.judged, effect, owners: found.owners,
        times: plain(found.times), control: plain(found.controlTimes), mean, share, typical };
}"""
)


@pytest.fixture(scope="module")
def many() -> Ensemble:
    return sim.ensemble("war-ends-any-time", runs=RUNS, seed=7)


@pytest.fixture
def of_page(page: Page) -> dict[str, Any]:
    page.goto("")
    return page.evaluate(SIMULATED, [{}, RUNS])  # type: ignore[no-any-return]


def numbers(values: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def test_definitions_and_estimates_are_those_of_python(many: Ensemble, of_page: dict[str, Any]) -> None:
    wanted = drift(many, many.control)
    assert of_page["judged"] == wanted.judged.tolist()
    assert np.array_equal(numbers(of_page["effect"]), wanted.effect.to_numpy(), equal_nan=True)
    for name in DEFINITIONS:
        here = numbers([times[name] for times in of_page["times"]])
        assert np.array_equal(here, wanted.time[name].to_numpy(), equal_nan=True), name
        if name in wanted.control:
            here = numbers([times[name] for times in of_page["control"]])
            assert np.array_equal(here, wanted.control[name].to_numpy(), equal_nan=True), f"{name} without an end"

    owners = owners_of(many)
    assert len(set(zip(owners, of_page["owners"], strict=True))) == len(set(owners)) == len(set(of_page["owners"]))
    effect = Pair(many, many.control).effect()
    low, high = effect.interval
    assert [of_page["mean"][key] for key in ("mean", "low", "high")] == pytest.approx(
        [effect.mean, low, high], rel=1e-6
    )
    assert of_page["typical"] == pytest.approx(effect.values.median(), rel=1e-12)
    came = (effect.values >= 5.0).astype(float)
    weights = np.bincount(effect.owners) / len(effect.owners)
    share = estimate(came, effect.owners, weights, share=True)
    shown = [of_page["share"][key] for key in ("mean", "low", "high")]
    assert shown == pytest.approx([share.mean, *share.interval()], rel=1e-6)


def test_students_intervals_are_those_of_python(page: Page) -> None:
    """The page looks them up in a table of Python's."""
    page.goto("")
    freedom = [1.0, 1.5, 3.0, 7.25, 30.0, 361.0, 5000.0]
    factors = page.evaluate(
        "async (all) => { const { student } = await import(new URL('statistics.js', document.baseURI));"
        " const { rules } = await (await fetch('facts.json')).json();"
        " return all.map((freedom) => student(rules.student, freedom)); }",
        freedom,
    )
    assert factors == pytest.approx(student(np.array(freedom)).tolist(), rel=1e-5)
