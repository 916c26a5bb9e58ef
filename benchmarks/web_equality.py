"""The engine in a browser beside the compiled one: every number of every month must be the same to the last bit.

``python -m benchmarks.web_equality`` asks Chromium for some three hundred drawn cases (some ten minutes of one core):
every scenario and every variant, parameter sets over the whole prior, other ends of the war, drivers and scripts, each
with its control and a fork. ``--pace`` measures instead how fast it is.
"""

import argparse
import base64
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, Route, sync_playwright

from benchmarks.equality import SCENARIOS
from page.tests.driver import ARGUMENTS, chromium
from sim.engine import blocks
from sim.engine.blocks import REMEMBERED, Block, PlannedRuns
from sim.engine.compiled import llvm_engine
from sim.engine.ensemble import SERIES
from sim.engine.experiment import Experiment, workspace_rows
from sim.engine.plan import GIVEN, plan_of
from sim.model import months
from sim.model.moves import LEVERS
from sim.model.variants import VARIANTS
from sim.registers.register import registered_parameters
from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.plain_data import NO_END
from sim.scenario.war_and_drivers import driver_bounds
from sim.web.world_file import write_world

KEPT = SERIES
_SCRIPT = Path(__file__).with_suffix(".js")
_ADDRESS = "http://page.invalid"  # answered from a folder; nothing leaves the machine


@dataclass(frozen=True)
class Case:
    """Runs of a scenario in which something is moved, and of the same scenario in which more is moved from a month on.

    Attributes
    ----------
    moved, forked
        As ``plan.js`` takes it.
    own
        Parameters of the register that differ from run to run.
    fork
        The month before which the runs part.
    """

    scenario: str
    seed: int
    runs: tuple[int, ...]
    moved: dict[str, Any]
    own: dict[str, list[float]]
    fork: int
    forked: dict[str, Any] = field(default_factory=dict)

    def asked(self) -> dict[str, Any]:
        """Return what the page is asked."""
        return {**vars(self), "seed": str(self.seed), "runs": list(self.runs), "keep": list(KEPT)}


def cases(count: int, seed: int = 0, runs: int = 8) -> Iterator[Case]:
    """Return drawn cases; scenarios and variants go round."""
    chance = np.random.default_rng(seed)
    free = {name: (entry.low, entry.high) for name, entry in registered_parameters().items() if entry.low is not None}
    for place in range(count):
        name, variant = SCENARIOS[place % len(SCENARIOS)], list(VARIANTS)[place % len(VARIANTS)]
        horizon = load(name).horizon
        own = {parameter: chance.uniform(*ends, runs) for parameter, ends in free.items()}
        own["beijing_influence_weight"] = np.minimum(own["beijing_west_weight"], own["beijing_influence_weight"])
        moved = {"variant": variant, "ends": _end(chance), **_moved(name, chance, 0)}
        fork = int(chance.integers(12, horizon - 6))
        later = _moved(name, chance, fork)
        yield Case(
            name, int(chance.integers(2**63)), tuple(chance.integers(2**40, size=runs).tolist()), moved,
            {parameter: values.tolist() for parameter, values in own.items()}, fork,
            {**moved, **{key: {**moved[key], **later[key]} if key == "drivers" else moved[key] + later[key]
                         for key in later}},
        )  # fmt: skip


def _end(chance: np.random.Generator) -> tuple[int, int] | None:
    """Return an end of the war: none, on a date, or drawn."""
    first = int(chance.integers(months.index("2022-09"), months.index("2031-01")))
    return ((first, first), (first, first + int(chance.integers(24))), None)[chance.integers(3)]


def _moved(name: str, chance: np.random.Generator, first: int) -> dict[str, Any]:
    """Return a driver that takes another value from a month on, and a scripted move of a lever that is free."""
    driver = GIVEN[chance.integers(len(GIVEN))]
    begin = first + int(chance.integers(6))
    drivers = {driver: [{"from": begin, "to": begin + 20, "value": float(chance.uniform(*driver_bounds(driver)))}]}
    scripted = load(name).scripts()
    free = [lever for lever in LEVERS if lever.field not in scripted]
    lever = free[chance.integers(len(free))]
    option = lever.options[chance.integers(len(lever.options))].name
    return {
        "drivers": drivers,
        "moves": [{"lever": lever.field, "option": option, "from": begin, "to": begin + int(chance.integers(24))}],
    }


def scenario_of(name: str, moved: dict[str, Any]) -> Scenario:
    """Return the scenario that the page is to make of what is moved."""
    base = load(name)
    last = base.horizon - 1

    def span(entry: dict[str, Any]) -> dict[str, str]:
        return {"from": months.name(entry.get("from", 0)), "to": months.name(min(entry.get("to", last), last))}

    fields = {lever.field: lever for lever in LEVERS}
    changes: dict[str, Any] = {
        "drivers": {
            driver: [*base.model_dump(mode="json", by_alias=True)["drivers"][driver],
                     *({"value": entry["value"], **span(entry)} for entry in values)]
            for driver, values in moved.get("drivers", {}).items()
        },
        "moves": [
            {"capital": fields[move["lever"]].capital, "lever": fields[move["lever"]].name, "option": move["option"],
             **span(move)}
            for move in moved.get("moves", [])
        ],
        "parameters": moved.get("parameters", {}),
    }  # fmt: skip
    if "without" in moved:
        changes["without"] = [*base.without, *moved["without"]]
    if "variant" in moved:
        changes["variant"] = moved["variant"]
    if "ends" in moved:
        changes["war"] = {"ends": _written(moved["ends"])}
    return base.with_(**changes)


def _written(end: tuple[int, int] | None) -> Any:
    return NO_END if end is None else {"uniform": [months.name(month) for month in end]}


def compiled_bits(case: Case) -> list[list[bytes]]:
    """Return the bits of runs, controls and forked runs by the compiled engine."""
    runs = np.array(case.runs)
    own = {name: np.array(values) for name, values in case.own.items()}
    one, other = (scenario_of(case.scenario, moved) for moved in (case.moved, case.forked))
    asked, changed = (
        PlannedRuns(
            plan_of(scenario), case.seed, runs, Experiment(scenario, runs=runs, varied=own).values,
            engine=llvm_engine.kernel,
        )
        for scenario in (one, other)
    )  # fmt: skip
    record = workspace_rows(KEPT)
    both = blocks.simulate_with_control(asked, record)
    whole = blocks.simulate(asked, (*record, *REMEMBERED))
    parted = blocks.simulate(replace(changed, start=whole.state_after(case.fork)), record)
    return [_bits(both[0], 0), _bits(both[1], 0), _bits(parted, case.fork)]


def _bits(block: Block, first: int) -> list[bytes]:
    """Return the bits of each series, of what was played, and of the ends, from a month on."""
    series = [block.series[:, first:, place].copy(order="C").tobytes() for place in range(len(KEPT))]
    return [*series, block.played[:, first:].tobytes(), block.war_end.astype("<i4").tobytes()]


def browser_bits(page: Page, case: Case) -> list[list[bytes]]:
    """Return the same by the engine in the browser."""
    return [[base64.b64decode(packed) for packed in part] for part in call(page, "bits", case.asked())]


def differing(one: list[list[bytes]], other: list[list[bytes]]) -> list[str]:
    """Return what differs, in words."""
    parts, names = ("runs", "controls", "forked runs"), (*KEPT, "moves", "ends of the war")
    return [
        f"{name} of the {part}"
        for part, here, there in zip(parts, one, other, strict=True)
        for name, first, second in zip(names, here, there, strict=True)
        if first != second
    ]


@contextmanager
def start_browser() -> Iterator[Browser]:
    """Start Chromium."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser) -> Iterator[Page]:
    """Open a page of Chromium in which the engine is loaded."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_world(folder)
        (folder / _SCRIPT.name).write_bytes(_SCRIPT.read_bytes())
        (folder / "index.html").write_text("<!doctype html><title>engine</title>", encoding="utf-8")
        page = browser.new_page()

        def answer(route: Route) -> None:
            route.fulfill(path=folder / route.request.url.removeprefix(f"{_ADDRESS}/"))

        page.route(f"{_ADDRESS}/**", answer)
        page.goto(f"{_ADDRESS}/index.html")
        yield page
        page.close()


def call(page: Page, function: str, *asked: Any) -> Any:
    """Call a function of the script in the page."""
    return page.evaluate(
        f"([name, asked]) => import('/{_SCRIPT.name}').then((script) => script[name](...asked))",
        [function, list(asked)],
    )


def compare(count: int, seed: int) -> int:
    """Print what differs, and return in how many cases something does."""
    apart = numbers = 0
    with start_browser() as browser, open_page(browser) as page:
        for place, case in enumerate(cases(count, seed)):
            try:
                wanted = compiled_bits(case)
            except ScenarioError as error:  # a drawn fork may script one lever twice
                print(f"{place:4} {case.scenario}: not a scenario ({str(error).splitlines()[0]})")
                continue
            differences = differing(wanted, browser_bits(page, case))
            numbers += sum(len(packed) for part in wanted for packed in part[: len(KEPT)]) // 8
            apart += bool(differences)
            if differences or place % 20 == 0:
                print(f"{place:4} {case.scenario}: {len(differences)} differ {differences[:3]}", flush=True)
    print(f"{count} cases, {numbers:,} numbers; {apart} cases differ")
    return apart


def pace(runs: int = 1024) -> None:
    """Print the rates of both engines side by side, and how long a first picture takes."""
    name = "baseline"
    made = plan_of(load(name))
    llvm_engine.kernel(tuple(made.values))
    with start_browser() as browser, open_page(browser) as page:
        call(page, "says")
        for _ in range(3):
            measured = call(page, "pace", name, "war-ends-early", runs)
            begun = time.perf_counter()
            asked = PlannedRuns(made, 1, np.arange(runs), engine=llvm_engine.kernel)
            blocks.simulate(asked, workspace_rows(["reengagement"]))
            rate = runs / (time.perf_counter() - begun)
            print(f"browser {measured['rate']:,.0f} runs/s, compiled {rate:,.0f}, ratio {measured['rate'] / rate:.2f}; "
                  f"loaded in {measured['load']:.0f} ms, 256 paired runs in {measured['pairs']:.0f} ms",
                  flush=True)  # fmt: skip


def main() -> int:
    """Compare or measure, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pace", action="store_true", help="measure the rates instead")
    asked = parser.parse_args()
    if asked.pace:
        pace()
        return 0
    return int(compare(asked.cases, asked.seed) > 0)


if __name__ == "__main__":
    raise SystemExit(main())
